// ProseMirror JSON. Sections are of no interest to others: a document is written as a list of blocks, and read with or without them.
// Reading checks everything that it takes and names the place of what is wrong.

import { Fragment, Mark, type MarkType, type Node, type NodeType } from 'prosemirror-model'
import { blocksOf, cutSections } from '../blocks.ts'
import { isBlockId } from '../ids.ts'
import { readAtom, readMark, readShape, wellFormed } from '../kinds.ts'
import { schema } from '../schema.ts'
import { FormatError } from './errors.ts'
import { readTable } from './json-table.ts'
import { type JsonObject, list, object, own, string } from './json-values.ts'
import { atomKinds, normalizeBlock } from './normalize.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

const { nodes } = schema

/** The document as ProseMirror JSON: `{type: 'doc', content: [blocks]}`, ids included. */
export function serializeJson(doc: Node): Json {
  return { type: 'doc', content: blocksOf(doc).map(block => block.toJSON() as Json) }
}

/**
 * Reads ProseMirror JSON, given as a value or as text. A block of a kind that this version does not know is kept as one that needs a
 * newer Sheaf; so is a mark. Ids are kept where they are well-formed and stand once.
 * @throws FormatError where it is not a document of this schema.
 */
export function parseJson(json: unknown): Node {
  const doc = object(typeof json === 'string' ? parseValue(json) : json, '')
  if (doc.type !== 'doc') throw new FormatError('type', 'must be "doc"')
  const blocks: Node[] = []
  const ids = new Set<string>()
  const add = (value: unknown, path: string) => {
    blocks.push(readBlock(value, path, ids))
  }
  list(doc.content, 'content').forEach((value, index) => {
    const path = `content[${index}]`
    const child = object(value, path)
    if (child.type !== 'section') add(child, path)
    else {
      list(child.content, `${path}.content`).forEach((inner, at) => {
        add(inner, `${path}.content[${at}]`)
      })
    }
  })
  return cutSections(blocks.length === 0 ? [nodes.paragraph.create()] : blocks)
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new FormatError('', `is not JSON (${(cause as Error).message})`)
  }
}

function readBlock(value: unknown, path: string, ids: Set<string>): Node {
  const json = object(value, path)
  const name = string(json.type, `${path}.type`)
  const known = blockType(name, path)
  const attrs = json.attrs === undefined ? {} : object(json.attrs, `${path}.attrs`)
  const type = known ?? nodes.opaque
  const given = known === null ? { kind: name, indent: attrs.indent ?? 0 } : attrs
  const values = readAttributes(type, given, `${path}.attrs`)
  const block =
    type === nodes.table_block
      ? readTable(json, values, path, { block: readFlow, line: readLine })
      : normalizeBlock(type.create(values, readLine(json, path)))
  const { id } = attrs
  if (id === undefined || id === null) return block
  if (!isBlockId(id)) throw new FormatError(`${path}.attrs.id`, 'is not a block id')
  if (ids.has(id)) throw new FormatError(`${path}.attrs.id`, 'stands twice')
  ids.add(id)
  return type.create({ ...block.attrs, id }, block.content)
}

/** A block in the cell of a table. */
function readFlow(value: unknown, path: string, ids: Set<string>): Node {
  const { type } = object(value, path)
  if (type === nodes.table_block.name) throw new FormatError(`${path}.type`, 'no table stands in a table')
  return readBlock(value, path, ids)
}

function readLine(json: JsonObject, path: string): Fragment {
  const content = list(json.content ?? [], `${path}.content`)
  return Fragment.fromArray(content.map((child, index) => readInline(child, `${path}.content[${index}]`)))
}

/** Null for a kind that this version does not know. */
function blockType(name: string, path: string): NodeType | null {
  const type = own(schema.nodes, name)
  if (type === undefined || type.isInGroup('block')) return type ?? null
  throw new FormatError(`${path}.type`, `"${name}" is no block`)
}

/** The attributes of a type, each as the layout keeps it: a value that would be read as another one is refused. */
function readAttributes(type: NodeType, given: JsonObject, path: string): Record<string, unknown> {
  const kind = type === nodes.heading ? `h${String(given.level ?? 1)}` : type.name.replace('_block', '')
  const wanted: Record<string, unknown> = { ...type.create().attrs }
  for (const [name, value] of Object.entries(given)) {
    if (name === 'id' || !Object.hasOwn(wanted, name)) continue
    wanted[name] = value
  }
  if (type === nodes.opaque) {
    wanted.kind = string(wanted.kind, `${path}.kind`)
    if (readShape(register => (register === 'kind' ? wanted.kind : undefined)).type !== nodes.opaque) {
      throw new FormatError(`${path}.kind`, 'is a kind that has a type of its own')
    }
  }
  const register = type === nodes.opaque ? wanted.kind : kind
  const shape = readShape(name => (name === 'kind' ? register : (wanted[name] ?? undefined)))
  if (shape.type !== type) throw new FormatError(`${path}.level`, 'must be 1, 2, 3 or 4')
  for (const [name, value] of Object.entries(shape.attrs)) {
    expectSame(value, wanted[name], `${path}.${name}`)
  }
  return type === nodes.table_block ? { ...shape.attrs, id: null, table: wanted.table } : { ...shape.attrs, id: null }
}

function readInline(value: unknown, path: string): Node {
  const json = object(value, path)
  const name = string(json.type, `${path}.type`)
  const marks = readMarks(json.marks ?? [], `${path}.marks`)
  if (name === 'text') {
    const text = string(json.text, `${path}.text`)
    if (text === '') throw new FormatError(`${path}.text`, 'must not be empty')
    return schema.text(text, marks)
  }
  const attrs = json.attrs === undefined ? {} : object(json.attrs, `${path}.attrs`)
  if (name === 'hard_break') return nodes.hard_break.create(null, null, marks)
  if (name === 'opaque_atom') {
    const size = attrs.size ?? 1
    if (!Number.isInteger(size) || (size as number) < 1)
      throw new FormatError(`${path}.attrs.size`, 'must be a positive integer')
    return nodes.opaque_atom.create({ size }, null, marks)
  }
  const kind = atomKinds.get(name)
  if (kind === undefined) throw new FormatError(`${path}.type`, `"${name}" is no inline content of this version`)
  const atom = readAtom({ ...attrs, kind })!
  for (const [attribute, value] of Object.entries(atom.attrs)) {
    if (Object.hasOwn(attrs, attribute)) expectSame(value, attrs[attribute], `${path}.attrs.${attribute}`)
  }
  return atom.mark(marks)
}

function readMarks(value: unknown, path: string): readonly Mark[] {
  let marks: readonly Mark[] = Mark.none
  list(value, path).forEach((entry, index) => {
    const at = `${path}[${index}]`
    const json = object(entry, at)
    const name = string(json.type, `${at}.type`)
    const attrs = json.attrs === undefined ? {} : object(json.attrs, `${at}.attrs`)
    marks = readOneMark(name, attrs, at).addToSet(marks)
  })
  return marks
}

function readOneMark(name: string, attrs: JsonObject, path: string): Mark {
  const type: MarkType | undefined = own(schema.marks, name)
  if (type === schema.marks.opaque_mark) {
    const unknown = string(attrs.name, `${path}.attrs.name`)
    if (own(schema.marks, unknown) !== undefined) throw new FormatError(`${path}.attrs.name`, 'is a mark of its own')
    return type.create({ name: unknown, value: attrs.value ?? true })
  }
  // A mark of a newer version: its attributes are its value.
  if (type === undefined) return schema.marks.opaque_mark.create({ name, value: json(attrs) })
  const mark = readMark(name, name === 'link' || name === 'highlight' ? attrs : true)
  if (!mark) throw new FormatError(`${path}.attrs.href`, 'must be a string')
  for (const [attribute, value] of Object.entries(mark.attrs)) {
    if (Object.hasOwn(attrs, attribute)) expectSame(value, attrs[attribute], `${path}.attrs.${attribute}`)
  }
  return mark
}

/** What was read is what was given; an empty string may stand for nothing, and strings lose what is no character. */
function expectSame(read: unknown, given: unknown, path: string): void {
  const isSame =
    typeof given === 'string' ? read === wellFormed(given) || (given === '' && read === null) : read === (given ?? null)
  if (!isSame) throw new FormatError(path, `${JSON.stringify(given) ?? 'undefined'} is not a value of it`)
}

function json(attrs: JsonObject): unknown {
  return Object.keys(attrs).length === 0 ? true : attrs
}

// The part of a document that every format can say. What a format writes and reads back is `normalize` of what was written;
// docs/formats.md lists what it changes.

import { Fragment, Mark, type Node } from 'prosemirror-model'
import { blocksOf, cutSections } from '../blocks.ts'
import { hidesMarks, isTable, kindOf, readAtom, readMark, readShape, textOf, writeMark } from '../kinds.ts'
import { safeHref, safeSource, schema } from '../schema.ts'
import { cleanText, codeContent, textNodes, withMark } from './inline.ts'
import { append } from './lists.ts'
import { makeTables, sourceOfTable } from './table-nodes.ts'

/** The same document without ids, unsafe addresses, control characters, and values that the layout cannot hold. */
export function normalize(doc: Node): Node {
  const blocks = normalizeBlocks(blocksOf(doc))
  return cutSections(blocks.length === 0 ? [schema.nodes.paragraph.create()] : blocks)
}

/** Embedded value of each atom that the formats can write, by node name. */
export const atomKinds = new Map([
  ['mention', 'mention'],
  ['inline_math', 'math'],
  ['inline_image', 'image'],
  ['footnote', 'footnote'],
])

/** Block by block; of a table that is more than a body can hold several are made. */
export function normalizeBlocks(blocks: readonly Node[]): Node[] {
  return blocks.flatMap(block => (isTable(block) ? normalizeTable(block) : [normalizeBlock(block)]))
}

function normalizeTable(block: Node): Node[] {
  const tables = makeTables(sourceOfTable(block, cell => cell.children.map(normalizeBlock)))
  const caption = normalizeInline(textOf(block))
  return tables.map(({ header, table }, index) => {
    const shape = readShape(name => (name === 'kind' ? 'table' : name === 'header' ? header : block.attrs[name]))
    const isLast = index === tables.length - 1
    const content = isLast && caption.size > 0 ? [table, schema.nodes.table_caption.create(null, caption)] : table
    return shape.type.create({ ...shape.attrs, id: null }, content)
  })
}

/** A block that is no table. */
export function normalizeBlock(block: Node): Node {
  const attrs = clean(block.attrs)
  const kind = kindOf(block)
  if ('src' in attrs) attrs.src = safeAddress(kind, attrs.src)
  // There is no table without cells.
  const shape = readShape(name => (name !== 'kind' ? attrs[name] : kind === 'table' ? undefined : cleanText(kind)))
  const content = normalizeInline(block.content)
  return shape.type.create({ ...shape.attrs, id: null }, hidesMarks(shape.type) ? codeContent(content) : content)
}

/** The address of an image or an embed; an embed is a link. */
export function safeAddress(kind: string, src: unknown): string {
  return kind === 'embed' ? safeLink(src) : safeSource(String(src))
}

/** No address at all is no danger. */
export function safeLink(href: unknown): string {
  return safeHref(String(href))
}

export function normalizeInline(content: Fragment): Fragment {
  const nodes: Node[] = []
  content.forEach(node => {
    const marks = normalizeMarks(node.marks)
    if (node.isText) append(nodes, textNodes(node.text!, marks))
    else if (node.type === schema.nodes.hard_break || node.type === schema.nodes.opaque_atom)
      nodes.push(node.mark(marks))
    else {
      const attrs = clean(node.attrs)
      if ('src' in attrs) attrs.src = safeSource(String(attrs.src))
      const atom = readAtom({ ...attrs, kind: atomKinds.get(node.type.name) })
      if (atom !== null) nodes.push(atom.mark(marks))
    }
  })
  return Fragment.fromArray(nodes)
}

export function normalizeMarks(marks: readonly Mark[]): readonly Mark[] {
  let normal: readonly Mark[] = Mark.none
  for (const mark of marks) {
    const written = writeMark(
      mark.type === schema.marks.link
        ? mark.type.create({ ...clean(mark.attrs), href: safeLink(cleanText(mark.attrs.href)) })
        : mark,
    )
    if (written === null) continue
    let { value } = written
    if (mark.type === schema.marks.link && mark.attrs.title === '')
      value = { href: safeLink(cleanText(mark.attrs.href)) }
    const read = readMark(mark.type === schema.marks.opaque_mark ? cleanText(written.name) : written.name, value)
    if (read) normal = withMark(read, normal)
  }
  return normal
}

function clean(attrs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attrs).map(([name, value]) => [name, typeof value === 'string' ? cleanText(value) : value]),
  )
}

// What stands in registers, atoms and format values, and what ProseMirror shows for it. Reading is total: whatever the type or
// range of a value, it reads as something valid, judged by `typeof`, never by coercion. Writing returns null where a value
// cannot be kept.

import { Fragment, type Mark, type Node, type NodeType } from 'prosemirror-model'
import { alignments, calloutTones, imageAlignments, maxIndent, schema, tableHeaders } from './schema.ts'

/** A register, atom or format value longer than this as JSON is not written: the server would refuse the update. */
export const maxValueBytes = 4_000

/** Reads one register of a marker; undefined where it is absent. */
export type ReadRegister = (name: string) => unknown

export interface BlockShape {
  readonly type: NodeType
  /** All attributes but `id`. */
  readonly attrs: Readonly<Record<string, unknown>>
}

interface Attribute {
  readonly name: string
  /** The value of a register as an attribute; the default for anything unexpected, undefined included. */
  read(value: unknown): unknown
}

interface Kind {
  readonly type: NodeType
  readonly attributes: readonly Attribute[]
}

const { nodes } = schema

const indent: Attribute = {
  name: 'indent',
  read: value => (isInteger(value) ? Math.min(Math.max(value, 0), maxIndent) : 0),
}
const align: Attribute = { name: 'align', read: value => oneOf(alignments, value) ?? null }
const width: Attribute = { name: 'width', read: value => (isInteger(value) && value > 0 ? value : null) }
const text = (name: string): Attribute => ({
  name,
  read: value => (typeof value === 'string' ? wellFormed(value) : ''),
})

const kinds = new Map<string, Kind>([
  ['paragraph', { type: nodes.paragraph, attributes: [indent, align] }],
  ...['h1', 'h2', 'h3', 'h4'].map((name, index): [string, Kind] => [
    name,
    { type: nodes.heading, attributes: [indent, align, { name: 'level', read: () => index + 1 }] },
  ]),
  ['bullet', { type: nodes.bullet, attributes: [indent] }],
  [
    'ordered',
    { type: nodes.ordered, attributes: [indent, { name: 'start', read: value => (isInteger(value) ? value : null) }] },
  ],
  ['task', { type: nodes.task, attributes: [indent, { name: 'checked', read: value => value === true }] }],
  ['quote', { type: nodes.quote, attributes: [indent] }],
  [
    'callout',
    {
      type: nodes.callout,
      attributes: [indent, { name: 'tone', read: value => oneOf(calloutTones, value) ?? 'note' }],
    },
  ],
  ['toggle', { type: nodes.toggle, attributes: [indent, { name: 'open', read: value => value !== false }] }],
  [
    'code',
    {
      type: nodes.code_block,
      attributes: [
        indent,
        { name: 'language', read: value => (typeof value === 'string' && value !== '' ? wellFormed(value) : null) },
      ],
    },
  ],
  ['math', { type: nodes.math_block, attributes: [indent] }],
  [
    'image',
    {
      type: nodes.image,
      attributes: [
        indent,
        text('src'),
        text('alt'),
        width,
        { name: 'align', read: value => oneOf(imageAlignments, value) ?? null },
      ],
    },
  ],
  ['divider', { type: nodes.divider, attributes: [indent] }],
  ['embed', { type: nodes.embed, attributes: [indent, text('src')] }],
  [
    'table',
    {
      type: nodes.table_block,
      attributes: [indent, { name: 'header', read: readTableHeader }],
    },
  ],
])

const plain = kinds.get('paragraph')!

/** Node type and attributes of a block, from the registers of its marker. */
export function readShape(register: ReadRegister): BlockShape {
  const value = register('kind')
  const kind = typeof value === 'string' ? kinds.get(value) : plain
  if (kind === undefined) {
    return { type: nodes.opaque, attrs: { indent: indent.read(register('indent')), kind: wellFormed(value as string) } }
  }
  const attrs: Record<string, unknown> = {}
  for (const { name, read } of kind.attributes) attrs[name] = read(register(name))
  return { type: kind.type, attrs }
}

/** Which cells of a table are headers, from the register. */
export function readTableHeader(value: unknown): string | null {
  return oneOf(tableHeaders, value) ?? null
}

/** The `scope` of a cell, from where it stands in its table and what is a header there; null for a plain cell. */
export function scopeAt(header: string | null, { top, left }: { top: number; left: number }): 'col' | 'row' | null {
  if (top === 0 && (header === 'row' || header === 'both')) return 'col'
  return left === 0 && (header === 'column' || header === 'both') ? 'row' : null
}

/** What a ghost with text behind it, and a first block without a marker, read as. */
export const plainShape: BlockShape = readShape(() => undefined)

/** The kind of a block as its marker names it; `paragraph` stands for the absent register. */
export function kindOf(node: Node): string {
  if (node.type === nodes.opaque) return node.attrs.kind
  if (node.type === nodes.heading) return `h${Math.min(Math.max(Number(node.attrs.level) || 1, 1), 4)}`
  return node.type.name.replace('_block', '')
}

export interface RegisterChange {
  readonly name: string
  /** Undefined removes the register, so that it reads as its default. */
  readonly value: string | number | boolean | undefined
}

/** The registers to write so that a marker that reads `register` reads as `node`; only those that differ. */
export function registerChanges(node: Node, register: ReadRegister): RegisterChange[] {
  const changes: RegisterChange[] = []
  const name = kindOf(node)
  const before = readShape(register)
  // The level of a heading and the name of an unknown kind are in it.
  if (before.type !== node.type || before.attrs.level !== node.attrs.level || before.attrs.kind !== node.attrs.kind) {
    changes.push({ name: 'kind', value: name === 'paragraph' ? undefined : name })
  }
  for (const attribute of (kinds.get(name) ?? { attributes: [indent] }).attributes) {
    if (attribute.name === 'level') continue
    const wanted = attribute.read(node.attrs[attribute.name])
    if (attribute.read(register(attribute.name)) === wanted) continue
    const isDefault = wanted === attribute.read(undefined) || byteLength(wanted) > maxValueBytes
    changes.push({ name: attribute.name, value: isDefault ? undefined : (wanted as string | number | boolean) })
  }
  return changes
}

/** Whether a register of this block's marker is one that this version reads or writes. */
export function isKnownRegister(block: Node, name: string): boolean {
  if (['kind', 'table', 'gone', 'was'].includes(name)) return true
  return (kinds.get(kindOf(block)) ?? { attributes: [indent] }).attributes.some(attribute => attribute.name === name)
}

/** The text of a block that stands behind its marker; that of a table is its caption. */
export function textOf(block: Node): Fragment {
  if (block.type !== nodes.table_block) return block.content
  return block.childCount > 1 ? block.lastChild!.content : Fragment.empty
}

/** How far behind the position before a block its text begins. A table without a caption has none: the end of it. */
export function textStart(block: Node): number {
  if (block.type !== nodes.table_block) return 1
  return 1 + block.firstChild!.nodeSize + (block.childCount > 1 ? 1 : 0)
}

export function isTable(block: Node): boolean {
  return block.type === nodes.table_block
}

/** Code hides marks and shows breaks as characters. */
export function hidesMarks(type: NodeType): boolean {
  return type.spec.code === true
}

/** The atom that an embedded value stands for; null where this version does not know it. */
export function readAtom(value: unknown): Node | null {
  if (!isRecord(value)) return null
  switch (own(value, 'kind')) {
    case 'mention':
      return nodes.mention.create({
        target: readText(own(value, 'target')) || 'person',
        ref: readText(own(value, 'ref')),
        label: readText(own(value, 'label')),
      })
    case 'math':
      return nodes.inline_math.create({ tex: readText(own(value, 'tex')) })
    case 'image':
      return nodes.inline_image.create({
        src: readText(own(value, 'src')),
        alt: readText(own(value, 'alt')),
        width: width.read(own(value, 'width')),
      })
    case 'footnote':
      return nodes.footnote.create({ text: readText(own(value, 'text')) })
    default:
      return null
  }
}

const atomKinds = new Map<string, string>([
  ['mention', 'mention'],
  ['inline_math', 'math'],
  ['inline_image', 'image'],
  ['footnote', 'footnote'],
])

/** The value to embed for an atom; null where it cannot be written (opaque, or too long). */
export function writeAtom(node: Node): Record<string, unknown> | null {
  const kind = atomKinds.get(node.type.name)
  if (kind === undefined) return null
  const value: Record<string, unknown> = { kind }
  for (const [name, attribute] of Object.entries(node.attrs)) {
    if (attribute !== null) value[name] = typeof attribute === 'string' ? wellFormed(attribute) : attribute
  }
  return byteLength(value) > maxValueBytes ? null : value
}

const knownMarks = new Map(
  Object.values(schema.marks)
    .filter(type => type !== schema.marks.opaque_mark)
    .map(type => [type.name, type]),
)

/** The mark that an open span stands for; null is "not marked" (`false`), undefined a malformed value. */
export function readMark(name: string, value: unknown): Mark | null | undefined {
  if (value === false) return null
  const type = knownMarks.get(name)
  // As JSON, which is how it travels: a replica that was given something else locally must not show more than the others.
  if (type === undefined) return schema.marks.opaque_mark.create({ name, value: JSON.parse(JSON.stringify(value)) })
  switch (name) {
    case 'link': {
      const href = isRecord(value) ? own(value, 'href') : undefined
      if (typeof href !== 'string') return undefined
      const title = own(value as Record<string, unknown>, 'title')
      return type.create({ href: wellFormed(href), title: typeof title === 'string' ? wellFormed(title) : null })
    }
    case 'highlight': {
      const color = isRecord(value) ? own(value, 'color') : undefined
      if (value !== true && !isRecord(value)) return undefined
      return type.create({ color: isInteger(color) && color >= 1 && color <= 12 ? color : null })
    }
    default:
      return value === true ? type.create() : undefined
  }
}

/** Name and value of the span that makes text read as marked with `mark`; null where it cannot be written. */
export function writeMark(mark: Mark): { name: string; value: unknown } | null {
  const value = markValue(mark)
  return byteLength(value) > maxValueBytes ? null : { name: markName(mark), value }
}

/** The name that spans of this mark carry in their keys. */
export function markName(mark: Mark): string {
  return mark.type === schema.marks.opaque_mark ? (mark.attrs.name as string) : mark.type.name
}

function markValue(mark: Mark): unknown {
  switch (mark.type) {
    case schema.marks.link: {
      const href = wellFormed(String(mark.attrs.href))
      return mark.attrs.title === null ? { href } : { href, title: wellFormed(String(mark.attrs.title)) }
    }
    case schema.marks.highlight:
      return mark.attrs.color === null ? true : { color: mark.attrs.color }
    case schema.marks.opaque_mark:
      return mark.attrs.value
    default:
      return true
  }
}

/** Lone surrogates become U+FFFD, as they do for everybody who receives them. */
export function wellFormed(value: string): string {
  return /[\ud800-\udfff]/.test(value) ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value
}

function byteLength(value: unknown): number {
  const json = JSON.stringify(value) ?? ''
  let bytes = json.length
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1
  }
  return bytes
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A property of the value itself: `__proto__` and `constructor` in a document are data like any other. */
function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}

function readText(value: unknown): string {
  return typeof value === 'string' ? wellFormed(value) : ''
}

function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 1_000_000_000
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find(candidate => candidate === value)
}

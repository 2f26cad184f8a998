// Reading a sequence: pure, total, and the same on every replica. Whatever stands in it reads as schema-valid blocks.

import { Fragment, type Mark, type Node } from 'prosemirror-model'
import { isTableId } from './grid.ts'
import { isBlockId } from './ids.ts'
import { type BlockShape, hidesMarks, plainShape, readAtom, readShape, textOf, wellFormed } from './kinds.ts'
import { contentOf, firstItem, type Item, isMarker, itemId, readRegister, type Sequence } from './layout.ts'
import { schema } from './schema.ts'
import { OpenSpans } from './spans.ts'

/** One block as it stands in the sequence, before its id is resolved. */
export interface Draft {
  /** Null for what stands before the first marker. */
  readonly marker: Item | null
  readonly own: string | null
  readonly was: string | null
  readonly gone: boolean
  /** Whether any unit stands behind the marker. */
  readonly hasUnits: boolean
  /** Whether its kind is `table`, and the table that it names; null where it names none that can be. */
  readonly isTable: boolean
  readonly tid: string | null
  /** The node of that table where this block shows it. */
  readonly table: Node | null
  readonly shape: BlockShape
  readonly content: Fragment
  /** Spans open at the start and at the end: marks flow over markers. */
  readonly open: OpenSpans
  readonly after: OpenSpans
  readonly next: Item | null
}

/** Reads the block of a live marker, or what stands before the first one. */
export function readDraft(sequence: Sequence, marker: Item | null, open: OpenSpans): Draft {
  const gone = marker !== null && readRegister(marker, 'gone') === true
  const was = marker === null ? null : readRegister(marker, 'was')
  const isTable = marker !== null && readRegister(marker, 'kind') === 'table'
  const table = isTable ? readRegister(marker, 'table') : null
  // Whether a table is shown is decided by who knows all tables; until then it is what stands behind its marker.
  const isPlain = marker === null || gone || isTable
  const shape = isPlain ? plainShape : readShape(name => readRegister(marker, name))
  const builder = new InlineBuilder(hidesMarks(shape.type))
  let spans = open
  let item = marker === null ? firstItem(sequence) : marker.right
  for (; item !== null; item = item.right) {
    if (item.deleted) continue
    const content = contentOf(item)
    if (content.kind === 'text') builder.text(content.text, spans)
    else if (content.kind === 'format') spans = spans.after(content.key, content.value)
    else if (isMarker(item)) break
    else if (item.countable) {
      const atom = content.kind === 'value' ? readAtom(content.value) : null
      if (atom === null) builder.opaque(item.length, spans)
      else builder.atom(atom, spans)
    }
  }
  return {
    marker,
    own: marker === null ? null : itemId(marker),
    was: isBlockId(was) ? was : null,
    gone,
    hasUnits: builder.hasUnits,
    isTable,
    tid: isTableId(table) ? table : null,
    table: null,
    shape,
    content: builder.finish(),
    open,
    after: spans,
    next: item,
  }
}

/** Every block of a sequence, what stands before the first marker included. */
export function readDrafts(sequence: Sequence): Draft[] {
  const drafts = [readDraft(sequence, null, OpenSpans.none)]
  for (let last = drafts[0]!; last.next !== null; ) {
    last = readDraft(sequence, last.next, last.after)
    drafts.push(last)
  }
  return drafts
}

/** The draft of a block that shows a table: what stands behind its marker is the caption. */
export function withTable(draft: Draft, table: Node): Draft {
  return { ...draft, table, shape: readShape(name => readRegister(draft.marker!, name)) }
}

export function draftNode({ shape, table, tid, content }: Draft, id: string | null): Node {
  if (table === null) return shape.type.create({ ...shape.attrs, id }, content)
  const caption = content.size === 0 ? [] : [schema.nodes.table_caption.create(null, content)]
  return shape.type.create({ ...shape.attrs, id, table: tid }, [table, ...caption])
}

/** Whether a node, its id apart, is what the draft says. */
export function showsDraft(node: Node, draft: Draft): boolean {
  const { type, attrs } = draft.shape
  if (node.type !== type) return false
  for (const name in attrs) {
    if (node.attrs[name] !== attrs[name]) return false
  }
  if (draft.table !== null && (node.firstChild !== draft.table || node.attrs.table !== draft.tid)) return false
  return textOf(node).eq(draft.content)
}

class InlineBuilder {
  hasUnits = false
  readonly #code: boolean
  readonly #nodes: Node[] = []
  #text = ''
  #marks: readonly Mark[] = []
  #opaqueSize = 0
  #opaqueMarks: readonly Mark[] = []

  constructor(code: boolean) {
    this.#code = code
  }

  text(text: string, spans: OpenSpans): void {
    this.#begin(spans)
    const clean = wellFormed(text)
    if (this.#code || !clean.includes('\n')) {
      this.#text += clean
      return
    }
    const lines = clean.split('\n')
    for (let i = 0; i < lines.length; i++) {
      if (i > 0) {
        this.#flushText()
        this.#nodes.push(schema.nodes.hard_break.create(null, null, this.#marks))
      }
      this.#text += lines[i]!
    }
  }

  atom(atom: Node, spans: OpenSpans): void {
    this.#begin(spans)
    this.#flushText()
    this.#nodes.push(atom.mark(this.#marks))
  }

  /** Neighbouring units of unknown content are one atom, with the marks of the first. */
  opaque(units: number, spans: OpenSpans): void {
    if (this.#opaqueSize === 0) {
      this.#begin(spans)
      this.#opaqueMarks = this.#marks
    }
    this.#opaqueSize += units
  }

  finish(): Fragment {
    this.#flushOpaque()
    this.#flushText()
    return Fragment.fromArray(this.#nodes)
  }

  #begin(spans: OpenSpans): void {
    this.hasUnits = true
    this.#flushOpaque()
    const marks = this.#code ? [] : spans.marks
    if (marks === this.#marks || (marks.length === 0 && this.#marks.length === 0)) return
    this.#flushText()
    this.#marks = marks
  }

  #flushText(): void {
    if (this.#text !== '') this.#nodes.push(schema.text(this.#text, this.#marks))
    this.#text = ''
  }

  #flushOpaque(): void {
    if (this.#opaqueSize === 0) return
    const size = this.#opaqueSize
    this.#opaqueSize = 0
    this.#flushText()
    this.#nodes.push(schema.nodes.opaque_atom.create({ size }, null, this.#opaqueMarks))
  }
}

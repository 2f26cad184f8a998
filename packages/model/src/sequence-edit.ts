// What is written into one sequence: planned from what its index holds and a new document says, carried out inside of transactions that the
// caller opens, and read again.

import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import type { Blocks, Entry, Region } from './blocks.ts'
import { applyMarks } from './format.ts'
import {
  blocksAt,
  cutSegments,
  findHole,
  type Hole,
  type Place,
  type PlacedBlock,
  type Segment,
  stepBack,
} from './hole.ts'
import type { Ledger } from './ledger.ts'
import { Pen } from './pen.ts'

export interface EditOptions {
  /** Position up to which the new document is known to be the old one: where the user began to edit. */
  readonly unchangedBefore: number
  /** Ids of blocks that a move command took from one place to another. */
  readonly moved: ReadonlySet<string>
  /** Blocks on the screen that wait for a composition to end, with what they stand for. */
  readonly waiting: Map<Entry, Ledger>
}

export interface Written {
  readonly region: Region
  /** Where the region stands in the document, and its blocks there, to be brought to what was read. */
  readonly place: Place
  readonly shown: readonly PlacedBlock[]
}

export class SequenceEdit {
  readonly blocks: Blocks
  readonly segments: readonly Segment[]
  /** The tables that inserted blocks show; to be filled in before anything is written. */
  readonly tables = new Map<PlacedBlock, string>()
  /** The one waiting block in which text changed and nothing else. */
  readonly composed: Entry | null
  readonly #doc: Node
  readonly #hole: Hole
  readonly #pen: Pen
  readonly #waiting: Map<Entry, Ledger>

  private constructor(blocks: Blocks, doc: Node, hole: Hole, options: EditOptions) {
    this.blocks = blocks
    this.#doc = doc
    this.#hole = hole
    this.#waiting = options.waiting
    this.segments = cutSegments(hole, options.unchangedBefore, options.moved)
    this.#pen = new Pen(blocks, hole, { moved: options.moved, tables: this.tables, ledgers: options.waiting })
    this.composed = composedEntry(hole, this.segments, options.waiting)
  }

  /** Null where index and document hold the same blocks, sections apart. */
  static plan(blocks: Blocks, doc: Node, options: EditOptions): SequenceEdit | null {
    const hole = findHole(blocks, doc)
    return hole === null ? null : new SequenceEdit(blocks, doc, hole, options)
  }

  /** Whether blocks are inserted that are to be born gone. */
  get bears(): boolean {
    return this.segments.some(segment => this.#pen.bears(segment))
  }

  /** To be called in a transaction that undo does not see, before the one of `write`. */
  bear(tr: Y.Transaction): void {
    for (const segment of this.segments) this.#pen.bear(tr, segment)
  }

  write(tr: Y.Transaction): void {
    for (const segment of this.segments) this.#pen.write(tr, segment)
    if (this.composed !== null) this.#waiting.set(this.composed, this.#pen.ledger)
  }

  /** Reads what was written, and adds the spans that are missing from what the document shows. */
  settle(tr: Y.Transaction): Written {
    const { blocks } = this
    // Ghosts at the edges of the hole may be gone for good by now.
    let { before, after } = this.#hole
    while (before?.marker?.deleted) before = blocks.previous(before)
    while (after?.marker?.deleted) after = blocks.next(after)
    const region = blocks.reread(before ?? blocks.head, after)
    const written = { region, ...this.#shownBlocks(region) }
    const fresh = region.fresh.filter(entry => entry.node !== null)
    if (fresh.length !== written.shown.length || !applyMarks(tr, blocks.sequence, fresh, written.shown)) return written
    const again = blocks.reread(region.fresh[0]!, blocks.next(region.fresh.at(-1)!))
    const whole: Region = {
      olds: [...region.olds, ...again.olds.slice(region.fresh.length)],
      fresh: again.fresh,
      renamed: new Map([...region.renamed, ...again.renamed]),
    }
    return { region: whole, ...this.#shownBlocks(whole) }
  }

  /** The blocks of the new document that stand where a region was read: those of the hole and unchanged ones around it. */
  #shownBlocks({ olds }: Region): { place: Place; shown: PlacedBlock[] } {
    const { before, news, place } = this.#hole
    const first = before === null ? 0 : olds.indexOf(before) + 1
    const count = (from: number, to: number): number =>
      olds.slice(from, to).reduce((sum, entry) => sum + (entry.node === null ? 0 : 1), 0)
    const rest = count(first + this.#hole.olds.length, olds.length)
    const ahead = count(0, first)
    const start = stepBack(this.#doc, place, ahead)
    return { place: start, shown: blocksAt(this.#doc, start, ahead + news.length + rest) }
  }
}

function composedEntry(hole: Hole, segments: readonly Segment[], waiting: ReadonlyMap<Entry, Ledger>): Entry | null {
  const [segment] = segments
  const head = segment?.head ?? null
  if (head === null || segments.length !== 1 || hole.news.length !== 1 || !waiting.has(head.entry)) return null
  if (segment!.removed.length > 0 || segment!.added.length > 0) return null
  return head.block.node.sameMarkup(head.entry.node!) ? head.entry : null
}

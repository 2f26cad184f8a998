// Writing a new ProseMirror document into a sequence: the one way in for the browser, the API, import and restore. It touches
// nothing that did not change, and each act is the one that keeps what others write meanwhile where they meant it: a split inserts
// a marker, a join deletes one, whole blocks become ghosts, replacement text goes before what it replaces.

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

export interface WriteOptions {
  /** Position up to which the new document is known to be the old one: where the user began to edit. */
  readonly unchangedBefore?: number
  /** Ids of blocks that a move command took from one place to another. */
  readonly moved?: ReadonlySet<string>
  /**
   * Runs a function in a transaction that undo does not see. Inserted blocks are then born `gone` in it and shown by the write
   * itself, so that undo hides them and never glues what others wrote into them to the block above.
   */
  readonly untracked?: Transact
  /** Blocks on the screen that wait for a composition to end, with what they stand for. */
  readonly waiting?: Map<Entry, Ledger>
}

/** Runs a function in one Yjs transaction. */
export type Transact = (write: (tr: Y.Transaction) => void) => void

export interface Written {
  readonly region: Region
  /** Where the region stands in the document, and its blocks there, to be brought to what was read. */
  readonly place: Place
  readonly shown: readonly PlacedBlock[]
}

/**
 * Writes what differs between the index and a document, in one transaction (and an untracked one before it where blocks are
 * inserted). Returns null where only sections differ, or where only a waiting block was written, whose ledger is then brought up to
 * date; `blocks.adopt` must follow in any case.
 */
export function write(blocks: Blocks, doc: Node, transact: Transact, options: WriteOptions = {}): Written | null {
  const hole = findHole(blocks, doc)
  if (hole === null) return null
  const { unchangedBefore = Number.NEGATIVE_INFINITY, moved = new Set(), untracked, waiting = new Map() } = options
  const segments = cutSegments(hole, unchangedBefore, moved)
  const pen = new Pen(blocks, hole, moved, waiting)
  const composed = composedEntry(hole, segments, waiting)
  if (composed !== null) {
    transact(tr => pen.write(tr, segments[0]!))
    waiting.set(composed, pen.ledger)
    return null
  }
  if (untracked !== undefined && segments.some(segment => pen.bears(segment))) {
    untracked(tr => {
      for (const segment of segments) pen.bear(tr, segment)
    })
  }
  let written: Written | undefined
  transact(tr => {
    for (const segment of segments) pen.write(tr, segment)
    written = settle(tr, blocks, hole, doc)
  })
  return written!
}

/** The one waiting block in which text changed and nothing else. */
function composedEntry(hole: Hole, segments: readonly Segment[], waiting: ReadonlyMap<Entry, Ledger>): Entry | null {
  const [segment] = segments
  const head = segment?.head ?? null
  if (head === null || segments.length !== 1 || hole.news.length !== 1 || !waiting.has(head.entry)) return null
  if (segment!.removed.length > 0 || segment!.added.length > 0) return null
  return head.block.node.sameMarkup(head.entry.node!) ? head.entry : null
}

/** Reads what was written, and adds the spans that are missing from what the document shows. */
function settle(tr: Y.Transaction, blocks: Blocks, hole: Hole, doc: Node): Written {
  // Ghosts at the edges of the hole may be gone for good by now.
  let { before, after } = hole
  while (before?.marker?.deleted) before = blocks.previous(before)
  while (after?.marker?.deleted) after = blocks.next(after)
  const region = blocks.reread(before ?? blocks.head, after)
  const written = { region, ...shownBlocks(doc, hole, region) }
  const fresh = region.fresh.filter(entry => entry.node !== null)
  if (fresh.length !== written.shown.length || !applyMarks(tr, blocks.sequence, fresh, written.shown)) return written
  const again = blocks.reread(region.fresh[0]!, blocks.next(region.fresh.at(-1)!))
  const whole: Region = {
    olds: [...region.olds, ...again.olds.slice(region.fresh.length)],
    fresh: again.fresh,
    renamed: new Map([...region.renamed, ...again.renamed]),
  }
  return { region: whole, ...shownBlocks(doc, hole, whole) }
}

/** The blocks of the new document that stand where a region was read: those of the hole and unchanged ones around it. */
function shownBlocks(doc: Node, hole: Hole, { olds }: Region): { place: Place; shown: PlacedBlock[] } {
  const first = hole.before === null ? 0 : olds.indexOf(hole.before) + 1
  const count = (from: number, to: number): number =>
    olds.slice(from, to).reduce((sum, entry) => sum + (entry.node === null ? 0 : 1), 0)
  const rest = count(first + hole.olds.length, olds.length)
  const before = count(0, first)
  const place = stepBack(doc, hole.place, before)
  return { place, shown: blocksAt(doc, place, before + hole.news.length + rest) }
}

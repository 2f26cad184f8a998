// What one Yjs transaction did to a stretch of blocks, told from its items: which places were kept, deleted and inserted. Read while
// the transaction's observers run, before deleted content is collected. This is what keeps carets exactly where they are: comparing
// texts could not tell which of two equal letters was typed.

import type * as Y from 'yjs'
import type { Blocks, Entry, Region } from './blocks.ts'
import type { Body } from './body.ts'
import { isTableId } from './grid.ts'
import { readAtom } from './kinds.ts'
import {
  contentOf,
  eachTouchedItem,
  firstItem,
  homeOf,
  type Item,
  isLiveMarker,
  isMarker,
  readRegister,
  type Sequence,
  wasLive,
} from './layout.ts'

export type Fate = 'kept' | 'deleted' | 'inserted'

export interface Change {
  readonly fate: Fate
  /** What it happened to: the opening of a shown block, or so many places inside of one as ProseMirror counts them. */
  readonly of: 'block' | 'inline'
  readonly size: number
}

/** The shown blocks of a region with their contents, in order, as kept, deleted and inserted places. */
export function traceChanges(tr: Y.Transaction, sequence: Sequence, region: Region): Change[] {
  const oldOf = entriesByMarker(region.olds)
  const freshOf = entriesByMarker(region.fresh)
  const trace = new Trace()
  const { marker } = region.fresh[0]!
  if (marker === null) trace.block(oldOf.has(null), freshOf.has(null))
  const last = region.fresh.at(-1)!.marker
  let isInLast = last === null
  let item = marker === null ? firstItem(sequence) : marker
  for (; item !== null; item = item.right) {
    if (isMarker(item)) {
      // The region ends with the block of its last fresh marker, and with deleted blocks behind it.
      if (isInLast && !item.deleted) break
      trace.block(oldOf.has(item), freshOf.has(item))
      if (item === last) isInLast = true
    } else if (item.countable) {
      const isLive = !item.deleted
      const was = wasLive(tr, item)
      if (isLive || was) trace.units(item, was, isLive)
    }
  }
  return trace.finish()
}

/** Whether ProseMirror shows the unit together with its unknown neighbours as one atom. */
export function isOpaque(item: Item): boolean {
  const content = contentOf(item)
  return content.kind === 'unknown' || (content.kind === 'value' && readAtom(content.value) === null)
}

function entriesByMarker(entries: readonly Entry[]): Set<Item | null> {
  return new Set(entries.filter(entry => entry.node !== null).map(entry => entry.marker))
}

class Trace {
  readonly #changes: { fate: Fate; of: 'block' | 'inline'; size: number }[] = []
  // Unknown units are shown as one atom on each side; it is kept only where nothing happened to it.
  #opaqueBefore = 0
  #opaqueAfter = 0
  #isOpaqueSame = true

  block(was: boolean, is: boolean): void {
    this.#flushOpaque()
    if (was || is) this.#add(fateOf(was, is), 'block', 1)
  }

  units(item: Item, was: boolean, is: boolean): void {
    if (isOpaque(item)) {
      if (was) this.#opaqueBefore += item.length
      if (is) this.#opaqueAfter += item.length
      if (!was || !is) this.#isOpaqueSame = false
      return
    }
    this.#flushOpaque()
    this.#add(fateOf(was, is), 'inline', item.length)
  }

  finish(): Change[] {
    this.#flushOpaque()
    return this.#changes
  }

  #flushOpaque(): void {
    if (this.#opaqueBefore + this.#opaqueAfter > 0) {
      if (this.#isOpaqueSame) this.#add('kept', 'inline', 1)
      else {
        if (this.#opaqueBefore > 0) this.#add('deleted', 'inline', 1)
        if (this.#opaqueAfter > 0) this.#add('inserted', 'inline', 1)
      }
    }
    this.#opaqueBefore = 0
    this.#opaqueAfter = 0
    this.#isOpaqueSame = true
  }

  #add(fate: Fate, of: 'block' | 'inline', size: number): void {
    const last = this.#changes.at(-1)
    if (of === 'inline' && last?.of === 'inline' && last.fate === fate) last.size += size
    else this.#changes.push({ fate, of, size })
  }
}

function fateOf(was: boolean, is: boolean): Fate {
  return was ? (is ? 'kept' : 'deleted') : 'inserted'
}

/**
 * The entries whose blocks a transaction may have changed, by index: each item that came or went leads left to a marker that the index
 * knows, and what changed in a table to all blocks that name it.
 */
export function touchedEntries(tr: Y.Transaction, body: Body): Map<Blocks, Set<Entry>> {
  const { tables } = body
  const touched = new Map<Blocks, Set<Entry>>()
  const visited = new Set<Item>()
  const tids = tables.sync()
  const touch = (touchedItem: Item): void => {
    const { root, item } = homeOf(touchedItem)
    const blocks = body.indexOf(root)
    if (item === null) touchTable(root)
    else if (blocks !== null) {
      if (blocks === body.blocks && isLiveMarker(item) && readRegister(item, 'kind') === 'table') noteTable(item)
      touchBlock(blocks, item)
    }
  }
  const touchTable = (root: unknown): void => {
    const table = tables.tableOf(root)
    if (table === null) return
    table.invalidate()
    tids.add(table.tid)
  }
  const noteTable = (marker: Item): void => {
    const tid = readRegister(marker, 'table')
    if (!isTableId(tid)) return
    tables.note(tid, marker)
    tids.add(tid)
  }
  const touchBlock = (blocks: Blocks, start: Item): void => {
    for (let item: Item | null = start; item !== null; item = item.left) {
      if (visited.has(item)) return
      visited.add(item)
      const entry = blocks.entryOf(item)
      if (entry === undefined) continue
      add(blocks, entry)
      return
    }
    add(blocks, blocks.head)
  }
  const add = (blocks: Blocks, entry: Entry): void => {
    const entries = touched.get(blocks)
    if (entries === undefined) touched.set(blocks, new Set([entry]))
    else entries.add(entry)
    if (blocks !== body.blocks) tids.add(tables.cellOf(blocks.sequence)!.tid)
    else if (entry.tid !== null) tids.add(entry.tid)
  }
  eachTouchedItem(tr, touch)
  for (const tid of tids) {
    for (const marker of tables.claimants(tid)) {
      const entry = body.blocks.entryOf(marker)
      if (entry !== undefined) add(body.blocks, entry)
    }
  }
  return touched
}

/** A stretch of the index: from an entry that is still alive up to, not including, another; null is the end. */
export interface Stretch {
  readonly from: Entry
  readonly until: Entry | null
}

/** More touched blocks than this are read as one stretch. */
const maxTouched = 300

/** The stretches to read again so that all touched entries are covered, in document order, none next to another. */
export function stretchesOf(blocks: Blocks, touched: ReadonlySet<Entry>): Stretch[] {
  const ordered: Entry[] = []
  const sections = new Set([...touched].map(entry => entry.section))
  for (const section of blocks.sections) {
    if (sections.has(section)) ordered.push(...section.entries.filter(entry => touched.has(entry)))
  }
  const stretches: { from: Entry; until: Entry | null }[] = []
  const inside = new Set<Entry>()
  for (const entry of ordered) {
    if (inside.has(entry)) continue
    const isBulk = touched.size > maxTouched && stretches.length > 0
    let from = entry
    while (from.marker?.deleted) from = blocks.previous(from)!
    let until = blocks.next(entry)
    while (until !== null && (touched.has(until) || until.marker?.deleted)) {
      inside.add(until)
      until = blocks.next(until)
    }
    const last = stretches.at(-1)
    if (last !== undefined && (isBulk || last.until === from || inside.has(from))) last.until = until
    else stretches.push({ from, until })
    inside.add(entry).add(from)
  }
  return stretches
}

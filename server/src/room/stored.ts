// A document as the store has given it: what can be told of it, and sent to who opens it, without reading it into a replica.
// It is sent as it is stored, the snapshot first and then the rows behind it, so that what a reader gets is what the log holds.
// Only a document without damage is served like this, and only if its rows are whole and follow each other.

import type { Layout, Limits } from '@sheaf/protocol'
import * as Y from 'yjs'
import { type Snapshot, updateOf } from '../store/snapshot.ts'
import type { LoadedDocument } from '../store/store.ts'
import { layoutRules } from './gate-layout.ts'
import { forEachDelete, type Prescan, prescan } from './prescan.ts'

/** Of a longer log every reader would have to take in each row; then one encoded state is better for all of them. */
const maxRows = 64
const maxRowBytes = 128 * 1024

/** A client's own answer is compared with what is stored up to this size. */
const maxComparedBytes = 64 * 1024

interface Row {
  readonly update: Uint8Array
  readonly scan: Prescan
}

/** For each client, deleted ranges of clocks: flat pairs start, end, ascending. */
type DeletedRanges = ReadonlyMap<number, readonly number[]>

export class StoredDocument {
  /** Of snapshot and rows; Yjs v1. */
  readonly stateVector: Uint8Array
  readonly #snapshot: Snapshot | null
  readonly #rows: readonly Row[]
  readonly #scan: (update: Uint8Array) => Prescan
  #deleted: readonly DeletedRanges[] | undefined

  /** @returns undefined when only a replica can serve it. */
  static of(loaded: LoadedDocument, layout: Layout, limits: Limits): StoredDocument | undefined {
    const { rows, snapshot, damage } = loaded
    if (damage.length > 0 || rows.length > maxRows) return undefined
    if (rows.reduce((sum, { update }) => sum + update.length, 0) > maxRowBytes) return undefined
    const { shape } = layoutRules(layout, limits)
    const scan = (update: Uint8Array) => prescan(update, shape, limits.maxStructs)
    try {
      const clocks = snapshot === null ? new Map<number, number>() : Y.decodeStateVector(snapshot.stateVector)
      const scanned = rows.map(({ update }) => ({ update, scan: scan(update) }))
      for (const row of scanned) if (!follows(row, clocks)) return undefined
      return new StoredDocument(snapshot, scanned, clocks, scan)
    } catch {
      // The replica finds out what is wrong, and says so.
      return undefined
    }
  }

  private constructor(
    snapshot: Snapshot | null,
    rows: readonly Row[],
    clocks: Map<number, number>,
    scan: (update: Uint8Array) => Prescan,
  ) {
    this.#snapshot = snapshot
    this.#rows = rows
    this.#scan = scan
    this.stateVector = Y.encodeStateVector(clocks)
  }

  /** Bytes that a replica would be made from. */
  get bytes(): number {
    return this.#rows.reduce((sum, { update }) => sum + update.length, this.#snapshot?.updateBytes ?? 0)
  }

  /** Everything: Yjs v1 updates to be applied in this order. */
  everything(): Uint8Array[] {
    const rows = this.#rows.map(({ update }) => update)
    return this.#snapshot === null ? rows : [updateOf(this.#snapshot), ...rows]
  }

  /**
   * What somebody with these clocks lacks, as {@link everything}; undefined when that cannot be told without a replica,
   * because they lack a part of the snapshot.
   */
  since(clocks: ReadonlyMap<number, number>): Uint8Array[] | undefined {
    if (clocks.size === 0) return this.everything()
    const has = (client: number, end: number) => (clocks.get(client) ?? 0) >= end
    const lacks = ({ scan }: Row) => scan.deleteRanges > 0 || scan.blocks.some(({ client, end }) => !has(client, end))
    const rows = this.#rows.filter(lacks).map(({ update }) => update)
    if (this.#snapshot === null) return rows
    for (const [client, end] of Y.decodeStateVector(this.#snapshot.stateVector)) {
      if (!has(client, end)) return undefined
    }
    return [deletionsOf(this.#snapshot), ...rows]
  }

  /** True when it is certain that an update brings nothing: no structs, and no deletion that is not there. */
  holds(update: Uint8Array): boolean {
    // No structs: the first byte is their number of clients.
    if (update[0] !== 0 || update.length > maxComparedBytes) return false
    try {
      const scan = this.#scan(update)
      let isHeld = true
      forEachDelete(update, scan, (client, clock, end) => {
        isHeld &&= this.#isDeleted(client, clock, end)
      })
      return isHeld
    } catch {
      // The gate says what is wrong with it.
      return false
    }
  }

  #isDeleted(client: number, clock: number, end: number): boolean {
    this.#deleted ??= this.#readDeletions()
    return this.#deleted.some(deleted => covers(deleted.get(client), clock, end))
  }

  #readDeletions(): DeletedRanges[] {
    const updates = this.#rows.map(({ update }) => update)
    if (this.#snapshot !== null) updates.unshift(deletionsOf(this.#snapshot))
    return updates.map(update => {
      const deleted = new Map<number, number[]>()
      forEachDelete(update, this.#scan(update), (client, clock, end) => {
        const ranges = deleted.get(client)
        if (ranges === undefined) deleted.set(client, [clock, end])
        else ranges.push(clock, end)
      })
      return deleted
    })
  }
}

/** Notes the clocks of a row. @returns false when clocks are missing before it. */
function follows({ scan }: Row, clocks: Map<number, number>): boolean {
  if (scan.hasSkips) return false
  for (const { client, clock, end } of scan.blocks) {
    const known = clocks.get(client) ?? 0
    if (clock > known) return false
    if (end > known) clocks.set(client, end)
  }
  return true
}

/** An update without structs that deletes all that is deleted. */
function deletionsOf(snapshot: Snapshot): Uint8Array {
  const update = updateOf(snapshot)
  const deletions = new Uint8Array(1 + update.length - snapshot.deletesAt)
  deletions.set(update.subarray(snapshot.deletesAt), 1)
  return deletions
}

/** @param ranges ascending, as gate and Yjs write them. */
function covers(ranges: readonly number[] | undefined, clock: number, end: number): boolean {
  if (ranges === undefined) return false
  let low = 0
  let high = ranges.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ranges[2 * middle]! <= clock) low = middle + 1
    else high = middle
  }
  return low > 0 && ranges[2 * low - 1]! >= end
}

// Compaction: one merged update in the place of a snapshot and the rows after it. The merge goes through a Y.Doc, because
// one large `Y.mergeUpdates` is super-linear and keeps every tombstone's content; and it is believed only after a second
// Y.Doc, made from the result alone, has the same state vector and the same deletions.

import * as Y from 'yjs'
import { type Snapshot, takeSnapshot, updateOf } from './snapshot.ts'
import type { Compactor } from './store.ts'

const KiB = 1024

/** What decides whether compaction is worth it. */
export interface LogSize {
  /** Rows after the snapshot. */
  readonly rows: number
  /** Bytes of those rows' updates. */
  readonly bytes: number
  /** Bytes of the snapshot, 0 while there is none. */
  readonly snapshotBytes: number
}

/**
 * True when the log is as large as half the snapshot (and 256 KiB), has 1,000 rows, or the document is idle and its log is
 * long enough to be worth a new snapshot: 16 rows, or a 64th of the snapshot.
 */
export function compactionDue(log: LogSize, idle: boolean): boolean {
  if (log.rows === 0) return false
  if (log.rows >= 1_000 || log.bytes >= Math.max(256 * KiB, log.snapshotBytes / 2)) return true
  return idle && (log.rows >= 16 || log.bytes * 64 >= log.snapshotBytes)
}

/**
 * Merges a snapshot and the Yjs v1 updates that follow it into one snapshot of the same state. Deleted content is collected.
 * @throws Error when the updates do not follow each other, or when the result would not be the same document.
 */
export function mergeInline(snapshot: Snapshot | null, updates: readonly Uint8Array[]): Snapshot {
  const input = snapshot === null ? updates : [updateOf(snapshot), ...updates]
  const source = new Y.Doc({ gc: true })
  // One transaction, so that clean-up and garbage collection run once and not once per row.
  source.transact(() => {
    for (const update of input) Y.applyUpdate(source, update)
  })
  if (source.store.pendingStructs !== null || source.store.pendingDs !== null) {
    throw new Error('the rows build on changes that are not among them')
  }
  checkAgainstInput(source, input)
  const merged = takeSnapshot(source)
  const replica = new Y.Doc({ gc: true })
  Y.applyUpdate(replica, updateOf(merged))
  const same = Y.equalSnapshots(Y.snapshot(source), Y.snapshot(replica))
  source.destroy()
  replica.destroy()
  if (!same) throw new Error('the merged update does not have the state vector and deletions of its input')
  return merged
}

/** Compacts on the calling thread; for tests and for tools that have nothing else to do. */
export const inlineCompactor: Compactor = {
  merge: async (snapshot, updates) => mergeInline(snapshot, updates),
  close: async () => undefined,
}

/** Every clock that the input bears is in the document, and everything that the input deletes is deleted there. */
function checkAgainstInput(source: Y.Doc, input: readonly Uint8Array[]): void {
  const ends = new Map<number, number>()
  const deletions: { client: number; clock: number; len: number }[] = []
  for (const update of input) {
    const decoded = Y.decodeUpdate(update)
    for (const struct of decoded.structs) {
      const end = struct.id.clock + struct.length
      if (end > (ends.get(struct.id.client) ?? 0)) ends.set(struct.id.client, end)
    }
    decoded.ds.clients.forEach((ranges, client) => {
      for (const { clock, len } of ranges) deletions.push({ client, clock, len })
    })
  }

  const { sv, ds } = Y.snapshot(source)
  if (sv.size !== ends.size) throw new Error('the merged document has other clients than its input')
  for (const [client, clock] of ends) {
    if (sv.get(client) !== clock) throw new Error('the merged document has another state vector than its input')
  }
  for (const { client, clock, len } of deletions) {
    if (len > 0 && !covers(ds.clients.get(client) ?? [], clock, len)) {
      throw new Error('the merged document has not all deletions of its input')
    }
  }
}

/** @param ranges sorted and merged, as a document's own delete set is. */
function covers(
  ranges: readonly { readonly clock: number; readonly len: number }[],
  clock: number,
  len: number,
): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ranges[middle]!.clock <= clock) low = middle + 1
    else high = middle
  }
  const range = ranges[low - 1]
  return range !== undefined && clock + len <= range.clock + range.len
}

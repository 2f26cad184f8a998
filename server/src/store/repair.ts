// Repair of one damaged document, when somebody has decided to go on from what is left: never by itself. What is there is
// exported as it is, sound or not; then the last good state becomes the document, in a new epoch, so that clients with more
// than that keep their copies apart. What came after the last good state is in the export alone.

import { randomId, SheafError } from '@sheaf/protocol'
import * as Y from 'yjs'
import type { DiskReader } from './disk.ts'
import { historyEntries, putAll, type Submit, snapshotEntries } from './folding.ts'
import {
  allChunksRange,
  authorRange,
  clientOfAuthorKey,
  clockOfAuthorKey,
  damageKey,
  historyRange,
  nameKey,
  snapshotIdOfChunkKey,
  sweepKey,
  updateRange,
} from './keys.ts'
import { lastSeq, logPages, type ReadDocument, readDocument } from './loading.ts'
import { decodeClaim, encodeNumber, type StoredRow } from './rows.ts'
import type { Snapshot } from './snapshot.ts'
import type { Compactor, Damage } from './store.ts'

export interface RepairJob {
  readonly number: number
  readonly documentId: string
  /** The document as it is at one moment; nothing writes to it meanwhile. */
  readonly disk: DiskReader
  readonly compactor: Compactor
  readonly submit: Submit
}

export interface Repaired {
  /** The revision that the document has now: that of its last good state. */
  readonly revision: number
  /** How far it once reached, as far as is known. */
  readonly reached: number
  readonly epoch: string
  /** Rows below this one can be read no more; 1 when all can. */
  readonly historyStart: number
  readonly damage: readonly Damage[]
}

/** @throws SheafError `damaged` when there is no good state to go on from; nothing is changed then. */
export async function repairDocument(job: RepairJob): Promise<Repaired> {
  const { number, documentId, disk, compactor, submit } = job
  const read = await readDocument(disk, number, documentId)
  const { merged, revision } = await mergeGood(read, compactor)
  const { rows, historyStart } = await readableRows(disk, read, number, revision)
  const doomed = await keysOf(disk, number, merged)
  const snapshotId = doomed.lastSnapshotId + 1
  const epoch = randomId(8)
  await putAll(submit, snapshotEntries(number, snapshotId, { epoch, seq: revision }, merged))
  const history = await historyEntries(number, rows)
  await submit(draft => {
    // All of it in one batch: it is as it was, or it is repaired.
    for (const key of doomed.keys) draft.del(key)
    for (const [key, value] of history) draft.put(key, value)
    draft.put(nameKey(documentId), encodeNumber(nameKey(documentId), number))
    draft.del(damageKey(number))
    draft.put(sweepKey(number), encodeNumber(sweepKey(number), number))
    draft.setState(number, {
      identity: read.identity,
      head: {
        epoch,
        revision,
        updatedMs: read.head.updatedMs,
        floor: revision,
        snapshotId,
        snapshotSeq: revision,
        snapshotBytes: merged.deflated.length,
        previousId: 0,
        previousSeq: 0,
        logBytes: 0,
        historyBytes: history.reduce((sum, [, value]) => sum + value.length, 0),
        historyStart,
      },
    })
  })
  return { revision, reached: read.head.revision, epoch, historyStart, damage: read.damage }
}

/** The longest run of rows that makes a document: rows may be whole on disk and not apply. */
async function mergeGood(read: ReadDocument, compactor: Compactor): Promise<{ merged: Snapshot; revision: number }> {
  const updates = read.rows.map(({ row }) => row.update)
  const attempt = (count: number) => compactor.merge(read.snapshot, updates.slice(0, count)).catch(() => undefined)
  const whole = await attempt(updates.length)
  if (whole !== undefined) return { merged: whole, revision: read.revision }
  let good = 0
  let merged = await attempt(0)
  if (merged === undefined)
    throw new SheafError('damaged', 'The snapshot of the document is whole, and does not apply.')
  for (let bad = updates.length; bad - good > 1; ) {
    const middle = (good + bad) >> 1
    const state = await attempt(middle)
    if (state === undefined) bad = middle
    else {
      good = middle
      merged = state
    }
  }
  return { merged, revision: read.snapshotSeq + good }
}

/** The rows up to `revision` behind the last one that cannot be read. */
async function readableRows(
  disk: DiskReader,
  { head }: ReadDocument,
  number: number,
  revision: number,
): Promise<{ rows: StoredRow[]; historyStart: number }> {
  let historyStart = head.historyStart
  let rows: StoredRow[] = []
  while (historyStart <= revision) {
    let lost: Damage | undefined
    for await (const page of logPages(disk, number, head.floor, historyStart, revision)) {
      if ('detail' in page) lost = page
      else for (const row of page) rows.push(row)
    }
    if (lost === undefined) break
    const lostTo = Math.max(historyStart + rows.length, lost.fromSeq ?? 0, lost.toSeq ?? 0)
    historyStart = Math.min(lostTo, revision) + 1
    rows = []
  }
  return { rows, historyStart }
}

/** What the repaired state takes the place of, and claims on what is not in it. */
async function keysOf(
  disk: DiskReader,
  number: number,
  { stateVector }: Snapshot,
): Promise<{ keys: Uint8Array[]; lastSnapshotId: number }> {
  const keys: Uint8Array[] = []
  let lastSnapshotId = 0
  for (const range of [updateRange(number, 0, lastSeq), historyRange(number, 0, lastSeq), allChunksRange(number)]) {
    for await (const page of disk.pages(range, { keysOnly: true })) for (const [key] of page) keys.push(key)
  }
  for await (const page of disk.pages(allChunksRange(number), { keysOnly: true })) {
    for (const [key] of page) lastSnapshotId = Math.max(lastSnapshotId, snapshotIdOfChunkKey(key))
  }
  const clocks = Y.decodeStateVector(stateVector)
  for await (const page of disk.pages(authorRange(number))) {
    for (const [key, value] of page) {
      const [client, clock] = [clientOfAuthorKey(key), clockOfAuthorKey(key)]
      const isSound = decodeClaim(key, value, client, clock) !== undefined
      if (!isSound || clock >= (clocks.get(client) ?? 0)) keys.push(key)
    }
  }
  return { keys, lastSnapshotId }
}

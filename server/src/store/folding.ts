// Compaction of one document on disk. Its steps, in the order in which a crash may fall between them:
//
// 1. read the newest sound snapshot and the rows after it, and merge them (compaction.ts);
// 2. write the new snapshot's chunks and the history segments of the rows; nothing refers to them yet;
// 3. flip the head to them in one batch: the only commit point;
// 4. sweep: delete the rows below the floor and the snapshots that are neither current nor previous. Idempotent, and
//    repeated at start-up when a sweep row says that it was not finished.
//
// A crash before 3 leaves chunks and segments that nobody reads, under keys that the next compaction clears first.
// Every write goes through the committer, piece by piece: writes must not pass each other where one of them may fail.

import { SheafError } from '@sheaf/protocol'
import type { Draft } from './committer.ts'
import type { DiskReader } from './disk.ts'
import { foldRows } from './history.ts'
import {
  allChunksRange,
  chunkKey,
  chunkRange,
  historyKey,
  historyRange,
  type KeyRange,
  snapshotIdOfChunkKey,
  sweepKey,
  updateRange,
} from './keys.ts'
import { lastSeq, readDocument } from './loading.ts'
import type { ReopeningDisk } from './reopening.ts'
import { encodeChunk, encodeNumber, encodeSegment, type Head, hashOf, type StoredRow } from './rows.ts'
import type { Snapshot } from './snapshot.ts'
import type { Compactor } from './store.ts'

/** Makes what `write` adds durable; see Committer.submit. */
export type Submit = (write: (draft: Draft) => void) => Promise<void>

export interface CompactionJob {
  readonly number: number
  readonly documentId: string
  readonly disk: ReopeningDisk
  readonly compactor: Compactor
  readonly submit: Submit
}

const chunkBytes = 256 * 1024
/** Bytes that one piece adds to a batch of the committer, and keys that one piece deletes. */
const pieceBytes = 1024 * 1024
const pieceKeys = 5_000

/**
 * @returns the rows that were folded away, and the bytes of their updates; undefined when there is nothing new to compact.
 * @throws SheafError `damaged` for a document that is not whole: its bytes are kept as they are.
 */
export async function compactDocument(job: CompactionJob): Promise<{ rows: number; bytes: number } | undefined> {
  const { number, documentId, compactor, submit } = job
  const disk = await job.disk.reader()
  const view = disk.view()
  const read = await readDocument(view, number, documentId).finally(() => view.close())
  const { head, damage, revision, overcome, rows } = read
  if (damage.length > 0) throw new SheafError('damaged', damage.map(({ detail }) => detail).join(' '))
  if (rows.length === 0 && overcome.length === 0) return undefined

  const merged = await compactor.merge(
    read.snapshot,
    rows.map(({ row }) => row.update),
  )
  const snapshotId = head.snapshotId + 1
  await deleteRange(disk, submit, chunkRange(number, snapshotId))
  await deleteRange(disk, submit, historyRange(number, head.floor + 1, lastSeq))
  const unfolded = rows.filter(({ row }) => row.seq > head.floor)
  const history = await historyEntries(number, unfolded)
  await putAll(submit, snapshotEntries(number, snapshotId, { epoch: head.epoch, seq: revision }, merged))
  await putAll(submit, history)

  const counted = rows.filter(({ row }) => row.seq > head.snapshotSeq)
  const foldedBytes = counted.reduce((sum, { row }) => sum + row.update.length, 0)
  const historyBytes = history.reduce((sum, [, value]) => sum + value.length, 0)
  await submit(draft => {
    const { identity, head: current } = draft.state(number)
    draft.setState(number, {
      identity,
      head: {
        ...current,
        floor: revision,
        snapshotId,
        snapshotSeq: revision,
        snapshotBytes: merged.deflated.length,
        // The one that was read, which is sound; a damaged one is not worth keeping.
        previousId: read.snapshotId,
        previousSeq: read.snapshotSeq,
        logBytes: current.logBytes - foldedBytes,
        historyBytes: current.historyBytes + historyBytes,
      },
    })
    draft.put(sweepKey(number), encodeNumber(sweepKey(number), number))
  })
  await sweep(await job.disk.reader(), submit, number, { floor: revision, snapshotId, previousId: read.snapshotId })
  return { rows: counted.length, bytes: foldedBytes }
}

/** Deletes what the head does not refer to any more. */
export async function sweep(
  disk: DiskReader,
  submit: Submit,
  number: number,
  head: Pick<Head, 'floor' | 'snapshotId' | 'previousId'>,
): Promise<void> {
  const { floor, snapshotId, previousId } = head
  await deleteRange(disk, submit, updateRange(number, 0, floor))
  await deleteRange(disk, submit, allChunksRange(number), key => {
    const id = snapshotIdOfChunkKey(key)
    return id < snapshotId && id !== previousId
  })
  await submit(draft => draft.del(sweepKey(number)))
}

export type Entry = readonly [key: Uint8Array, value: Uint8Array]

export function* snapshotEntries(
  number: number,
  id: number,
  { epoch, seq }: { epoch: string; seq: number },
  { deflated: bytes, ...packed }: Snapshot,
): Generator<Entry> {
  const trailer = { epoch, seq, length: bytes.length, hash: hashOf(bytes), packed }
  const chunks = Math.max(1, Math.ceil(bytes.length / chunkBytes))
  for (let index = 0; index < chunks; index++) {
    const key = chunkKey(number, id, index)
    const piece = bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)
    yield [key, encodeChunk(key, index === chunks - 1 ? { bytes: piece, trailer } : { bytes: piece })]
  }
}

export async function historyEntries(number: number, rows: readonly StoredRow[]): Promise<Entry[]> {
  return (await foldRows(rows)).map(({ fromSeq, count, deflated }) => {
    const key = historyKey(number, fromSeq)
    return [key, encodeSegment(key, count, deflated)]
  })
}

export async function putAll(submit: Submit, entries: Iterable<Entry>): Promise<void> {
  let piece: Entry[] = []
  let bytes = 0
  const put = async () => {
    const written = piece
    piece = []
    bytes = 0
    await submit(draft => {
      for (const [key, value] of written) draft.put(key, value)
    })
  }
  for (const entry of entries) {
    piece.push(entry)
    bytes += entry[1].length
    if (bytes >= pieceBytes) await put()
  }
  if (piece.length > 0) await put()
}

/** Piece by piece, each durable before the next. */
export async function deleteRange(
  disk: DiskReader,
  submit: Submit,
  range: KeyRange,
  doomed: (key: Uint8Array) => boolean = () => true,
): Promise<void> {
  let piece: Uint8Array[] = []
  const remove = async () => {
    const keys = piece
    piece = []
    await submit(draft => {
      for (const key of keys) draft.del(key)
    })
  }
  for await (const page of disk.pages(range, { keysOnly: true })) {
    for (const [key] of page) if (doomed(key)) piece.push(key)
    if (piece.length >= pieceKeys) await remove()
  }
  if (piece.length > 0) await remove()
}

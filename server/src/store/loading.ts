// Reading one document back: head, snapshot, rows, and what is to be done when one of them is not what was written. The
// answer is always the longest state that can be proved: a bad snapshot gives way to the previous one or to the first row,
// with a longer log; a bad or missing row ends the document at the row before it, and the document says so. Never an empty
// document instead of a broken one.

import { SheafError } from '@sheaf/protocol'
import type { DiskReader } from './disk.ts'
import { unfoldRows } from './history.ts'
import {
  allChunksRange,
  chunkRange,
  damageKey,
  headKey,
  historyRange,
  identityKey,
  seqOfKey,
  snapshotIdOfChunkKey,
  summaryKey,
  updateKey,
  updateRange,
} from './keys.ts'
import {
  type ChunkTrailer,
  decodeChunk,
  decodeDamage,
  decodeHead,
  decodeIdentity,
  decodeRow,
  decodeSegment,
  decodeSummary,
  type Head,
  hashOf,
  type Identity,
  type StoredRow,
} from './rows.ts'
import { type Snapshot, snapshotOfV2 } from './snapshot.ts'
import type { Damage, Summary } from './store.ts'

/** Of a document whose summary is lost, or was never written. */
export const noSummary: Summary = { title: '', snippet: '', revision: 0 }

/** What a document is and where it stands: the two small rows that nearly everything begins with. */
export interface DocumentState {
  readonly identity: Identity
  readonly head: Head
}

export interface ReadState extends DocumentState {
  readonly summary: Summary
  /** Not empty when a row was lost and what is here was put together from the others. */
  readonly damage: readonly Damage[]
}

export interface ReadDocument extends ReadState {
  /** Seq of the last row that is sound and follows without a gap. */
  readonly revision: number
  readonly snapshot: Snapshot | null
  readonly snapshotId: number
  readonly snapshotSeq: number
  /** snapshotSeq+1 .. revision */
  readonly rows: readonly StoredRow[]
  /** Damage that cost nothing: everything could be read from elsewhere. */
  readonly overcome: readonly Damage[]
}

/** @throws SheafError `damaged` when nothing sound is left. */
export async function readDocument(disk: DiskReader, number: number, documentId: string): Promise<ReadDocument> {
  const state = await readState(disk, number, documentId)
  const { head } = state
  const bases = [
    { id: head.snapshotId, seq: head.snapshotSeq },
    { id: head.previousId, seq: head.previousSeq },
    { id: 0, seq: 0 },
  ].filter((base, index) => base.id !== 0 || (index === 2 && head.historyStart === 1))

  const overcome: Damage[] = []
  let best: ReadDocument | undefined
  for (const base of bases) {
    const snapshot = base.id === 0 ? null : await readSnapshot(disk, number, base.id)
    if (snapshot !== null && (!('snapshot' in snapshot) || snapshot.trailer.seq !== base.seq)) {
      const detail = 'snapshot' in snapshot ? 'it covers other rows than the head says' : snapshot.detail
      overcome.push({ what: 'snapshot', toSeq: base.seq, detail: `Snapshot ${base.id}: ${detail}.` })
      continue
    }
    const log = await readLog(disk, number, head.floor, base.seq + 1, head.revision)
    const read: ReadDocument = {
      ...state,
      damage: log.damage === undefined ? state.damage : [...state.damage, log.damage],
      revision: base.seq + log.rows.length,
      snapshot: snapshot?.snapshot ?? null,
      snapshotId: base.id,
      snapshotSeq: base.seq,
      rows: log.rows,
      overcome,
    }
    if (log.damage === undefined) return read
    if (best === undefined || read.revision > best.revision) best = read
  }
  if (best === undefined || best.revision === 0) {
    const details = [...overcome, ...(best?.damage ?? [])].map(damage => damage.detail)
    throw new SheafError('damaged', `Nothing of the document can be read. ${details.join(' ')}`)
  }
  return { ...best, damage: [...overcome, ...best.damage] }
}

/** @throws SheafError `damaged` when head and everything that it could be put together from are lost. */
export async function readState(disk: DiskReader, number: number, documentId: string): Promise<ReadState> {
  const keys = [identityKey(number), headKey(number), damageKey(number), summaryKey(number)] as const
  const [identityBytes, headBytes, damageBytes, summaryBytes] = await getEach(disk, keys)
  const damage: Damage[] = damageBytes ? decodeDamage(keys[2], damageBytes) : []
  let identity = identityBytes && decodeIdentity(keys[0], identityBytes)
  if (identity === undefined) {
    damage.push({ what: 'head', detail: 'What kind of document this is was lost; it is taken for a Sheaf document.' })
    identity = { documentId, layout: 'sheaf', createdMs: 0 }
  }
  let head = headBytes && decodeHead(keys[1], headBytes)
  if (head === undefined) {
    head = await rebuildHead(disk, number)
    damage.push({
      what: 'head',
      toSeq: head.revision,
      detail: 'The head was lost and was put together from the rows found.',
    })
  }
  const summary = (summaryBytes && decodeSummary(keys[3], summaryBytes)) ?? noSummary
  return { identity, head, damage, summary }
}

/**
 * Sound rows from `fromSeq` on, without a gap, at most to `toSeq`.
 * @param floor rows up to here are looked for in history segments.
 */
export async function readLog(
  disk: DiskReader,
  number: number,
  floor: number,
  fromSeq: number,
  toSeq: number,
): Promise<{ rows: StoredRow[]; damage?: Damage }> {
  const rows: StoredRow[] = []
  for await (const page of logPages(disk, number, floor, fromSeq, toSeq)) {
    if ('detail' in page) return { rows, damage: page }
    for (const row of page) rows.push(row)
  }
  return { rows }
}

/** The same page by page; damage comes last, in the place of the rows that cannot be given. */
export async function* logPages(
  disk: DiskReader,
  number: number,
  floor: number,
  fromSeq: number,
  toSeq: number,
): AsyncGenerator<readonly StoredRow[] | Damage> {
  let next = fromSeq
  while (next <= Math.min(floor, toSeq)) {
    const segment = await readSegment(disk, number, next)
    if ('detail' in segment) {
      yield segment
      return
    }
    const wanted = segment.rows.filter(({ row }) => row.seq >= next && row.seq <= toSeq)
    next = segment.nextSeq
    yield wanted
  }
  for await (const page of rowPages(disk, number, next, toSeq)) {
    yield page
    if ('detail' in page) return
  }
}

/** The rows of the log proper, above the floor. */
async function* rowPages(
  disk: DiskReader,
  number: number,
  fromSeq: number,
  toSeq: number,
): AsyncGenerator<readonly StoredRow[] | Damage> {
  if (fromSeq > toSeq) return
  let next = fromSeq
  try {
    for await (const page of disk.pages(updateRange(number, fromSeq, toSeq))) {
      const rows: StoredRow[] = []
      let damage: Damage | undefined
      for (const [key, value] of page) {
        const seq = seqOfKey(key)
        if (seq !== next) damage = missing(next, seq - 1)
        const row = damage === undefined ? decodeRow(key, value, seq) : undefined
        if (row === undefined) {
          damage ??= unsound(seq)
          break
        }
        rows.push(row)
        next++
      }
      yield rows
      if (damage !== undefined) {
        yield damage
        return
      }
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    // The engine cannot read a block of the range: take the rows before it one at a time.
    for (; next <= toSeq; next++) {
      const key = updateKey(number, next)
      const value = await orUndefined(disk.get(key))
      const row = value && decodeRow(key, value, next)
      if (row === undefined) {
        yield { what: 'row', fromSeq: next, detail: `Row ${next} cannot be read: ${messageOf(error)}` }
        return
      }
      yield [row]
    }
    return
  }
  if (next <= toSeq) yield missing(next, toSeq)
}

/** The segment that holds row `seq`. */
async function readSegment(
  disk: DiskReader,
  number: number,
  seq: number,
): Promise<{ rows: StoredRow[]; nextSeq: number } | Damage> {
  const lost = (detail: string): Damage => ({
    what: 'row',
    fromSeq: seq,
    detail: `The history that holds row ${seq} ${detail}.`,
  })
  try {
    for await (const page of disk.pages(historyRange(number, 0, seq), { reverse: true, limit: 1 })) {
      for (const [key, value] of page) {
        const segment = decodeSegment(key, value)
        if (segment === undefined) return lost('fails its checksum')
        const fromSeq = seqOfKey(key)
        const nextSeq = fromSeq + segment.count
        if (nextSeq <= seq) return lost('is missing')
        return { rows: await unfoldRows({ fromSeq, ...segment }), nextSeq }
      }
    }
    return lost('is missing')
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return lost(`cannot be read: ${messageOf(error)}`)
  }
}

/** Chunks in order, then length and hash. */
export async function readSnapshot(
  disk: DiskReader,
  number: number,
  id: number,
): Promise<{ snapshot: Snapshot; trailer: ChunkTrailer } | { detail: string }> {
  const pieces: Uint8Array[] = []
  try {
    for await (const page of disk.pages(chunkRange(number, id))) {
      for (const [key, value] of page) {
        const chunk = decodeChunk(key, value)
        if (chunk === undefined) return { detail: `piece ${pieces.length} fails its checksum` }
        pieces.push(chunk.bytes)
        if (chunk.trailer === undefined) continue
        const bytes = pieces.length === 1 ? chunk.bytes : Buffer.concat(pieces)
        if (bytes.length !== chunk.trailer.length) return { detail: 'a piece is missing' }
        if (Buffer.compare(hashOf(bytes), chunk.trailer.hash) !== 0) return { detail: 'its hash is another' }
        return snapshotOf(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), chunk.trailer)
      }
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return { detail: `it cannot be read: ${messageOf(error)}` }
  }
  return { detail: pieces.length === 0 ? 'it is missing' : 'its last piece is missing' }
}

function snapshotOf(
  bytes: Uint8Array,
  trailer: ChunkTrailer,
): { snapshot: Snapshot; trailer: ChunkTrailer } | { detail: string } {
  if (trailer.packed !== undefined) return { snapshot: { ...trailer.packed, deflated: bytes }, trailer }
  try {
    return { snapshot: snapshotOfV2(bytes), trailer }
  } catch (error) {
    // Nothing is lost: the caller goes on with the snapshot before, and reports this one.
    return { detail: `it is no update: ${messageOf(error)}` }
  }
}

/** A head from what the document's other rows say. How far it once reached cannot be known. */
async function rebuildHead(disk: DiskReader, number: number): Promise<Head> {
  const ids = new Set<number>()
  await readable(disk.pages(allChunksRange(number), { keysOnly: true }), key => void ids.add(snapshotIdOfChunkKey(key)))
  const snapshots: { id: number; trailer: ChunkTrailer; length: number }[] = []
  for (const id of [...ids].sort((a, b) => b - a)) {
    const snapshot = await readSnapshot(disk, number, id)
    if ('snapshot' in snapshot) snapshots.push({ id, trailer: snapshot.trailer, length: snapshot.trailer.length })
  }
  let floor = 0
  let historyBytes = 0
  let firstSegment: number | undefined
  await readable(disk.pages(historyRange(number, 0, lastSeq)), (key, value) => {
    const segment = decodeSegment(key, value)
    if (segment === undefined) return
    firstSegment ??= seqOfKey(key)
    floor = seqOfKey(key) + segment.count - 1
    historyBytes += value.length
  })
  let last: StoredRow | undefined
  await readable(disk.pages(updateRange(number, 0, lastSeq)), (key, value) => {
    last = decodeRow(key, value, seqOfKey(key)) ?? last
  })
  const [snapshot, previous] = snapshots
  const epoch = last?.epoch ?? snapshot?.trailer.epoch
  if (epoch === undefined) throw new SheafError('damaged', 'The head is lost, and no sound row or snapshot was found.')
  return {
    epoch,
    revision: Math.max(last?.row.seq ?? 0, snapshot?.trailer.seq ?? 0, floor),
    updatedMs: last?.row.wallTimeMs ?? 0,
    floor,
    snapshotId: snapshot?.id ?? 0,
    snapshotSeq: snapshot?.trailer.seq ?? 0,
    snapshotBytes: snapshot?.length ?? 0,
    previousId: previous?.id ?? 0,
    previousSeq: previous?.trailer.seq ?? 0,
    logBytes: 0,
    historyBytes,
    historyStart: firstSegment ?? 1,
  }
}

/** Above every seq. */
export const lastSeq = Number.MAX_SAFE_INTEGER - 1

/** Every entry up to the first that the engine cannot read: in a rebuild that is what there is to go on. */
async function readable(
  pages: AsyncIterable<readonly (readonly [Uint8Array, Uint8Array])[]>,
  visit: (key: Uint8Array, value: Uint8Array) => void,
): Promise<void> {
  try {
    for await (const page of pages) for (const [key, value] of page) visit(key, value)
  } catch (error) {
    // What could be read before is used; that the head is rebuilt is reported as damage in any case.
    if (!isUnreadable(error)) throw error
  }
}

/** Like getMany, but one unreadable block costs only its own keys. */
async function getEach(disk: DiskReader, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
  try {
    return await disk.getMany(keys)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return Promise.all(keys.map(key => orUndefined(disk.get(key))))
  }
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return undefined
  }
}

/** The engine says that the bytes on disk cannot be read; and not, say, that it is being closed. */
export function isUnreadable(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  // zlib's codes are those of a history segment whose checksum holds and whose content does not.
  return code === 'LEVEL_CORRUPTION' || code === 'LEVEL_IO_ERROR' || (code?.startsWith('Z_') ?? false)
}

function missing(fromSeq: number, toSeq: number): Damage {
  return {
    what: 'gap',
    fromSeq,
    toSeq,
    detail: fromSeq === toSeq ? `Row ${fromSeq} is missing.` : `Rows ${fromSeq} to ${toSeq} are missing.`,
  }
}

function unsound(seq: number): Damage {
  return { what: 'row', fromSeq: seq, toSeq: seq, detail: `Row ${seq} fails its checksum.` }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

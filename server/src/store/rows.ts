// The values of the store. Every value is sealed: a format byte, the CRC-32C of its key and of all its other bytes, and then
// the content. So a value that was changed on the disk, cut, or put under another key is noticed wherever it is read;
// a value that is not sound reads as undefined, and it is the caller's to say what is lost with it.

import { createHash } from 'node:crypto'
import type { Layout } from '@sheaf/protocol'
import { ByteReader, ByteWriter } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import { isRecencyKey } from './keys.ts'
import type { Snapshot } from './snapshot.ts'
import type { Claim, Damage, Summary, UpdateRow } from './store.ts'

const format = 1
const sealBytes = 5
const origins = ['socket', 'api', 'server'] as const
const layouts: readonly Layout[] = ['sheaf', 'raw']

/** What a document is called and is. */
export interface Identity {
  readonly documentId: string
  readonly layout: Layout
  readonly createdMs: number
  readonly deletedMs?: number
}

/** Where a document's log and snapshots stand. Written in the same batch as the rows that it speaks of. */
export interface Head {
  readonly epoch: string
  /** The high-water mark: seq of the newest row. */
  readonly revision: number
  /** Wall time of the newest row. */
  readonly updatedMs: number
  /** Rows up to here are in history segments, rows above in the log. */
  readonly floor: number
  /** 0 while there is no snapshot. */
  readonly snapshotId: number
  readonly snapshotSeq: number
  readonly snapshotBytes: number
  /** The snapshot before, kept in case this one is damaged; 0 while there is none. */
  readonly previousId: number
  readonly previousSeq: number
  /** Bytes of the updates after the snapshot. */
  readonly logBytes: number
  /** Bytes of all history segments. */
  readonly historyBytes: number
  /** Seq of the first row that history still has: 1, but where a repair found rows that nobody can read. */
  readonly historyStart: number
}

/** The numbers of a document that has no row yet. */
export const newHead = {
  revision: 0,
  floor: 0,
  snapshotId: 0,
  snapshotSeq: 0,
  snapshotBytes: 0,
  previousId: 0,
  previousSeq: 0,
  logBytes: 0,
  historyBytes: 0,
  historyStart: 1,
} satisfies Omit<Head, 'epoch' | 'updatedMs'>

export interface StoredRow {
  readonly epoch: string
  readonly row: UpdateRow
}

/** The end of a snapshot, on its last chunk. */
export interface ChunkTrailer {
  readonly epoch: string
  readonly seq: number
  readonly length: number
  /** SHA-256 of the whole snapshot. */
  readonly hash: Uint8Array
  /** What the bytes are; absent: a Yjs v2 update, as data format 1 stored it. */
  readonly packed?: Omit<Snapshot, 'deflated'>
}

export interface Chunk {
  readonly bytes: Uint8Array
  readonly trailer?: ChunkTrailer
}

/** Begins a value; {@link seal} ends it. */
function begin(capacity: number): ByteWriter {
  return new ByteWriter(sealBytes + capacity).u8(format).u32(0)
}

function seal(key: Uint8Array, writer: ByteWriter): Buffer {
  const value = writer.finish()
  value.writeUInt32LE(sealOf(key, value), 1)
  return value
}

/** True when the value is what was written under this key. */
export function isSealed(key: Uint8Array, value: Uint8Array): boolean {
  return isRecencyKey(key) ? value.length === 0 : unseal(key, value) !== undefined
}

/** A reader of the content, or undefined when the value is not what was written under this key. */
function unseal(key: Uint8Array, value: Uint8Array): ByteReader | undefined {
  if (value.length < sealBytes || value[0] !== format) return undefined
  const expected = (value[1]! | (value[2]! << 8) | (value[3]! << 16) | (value[4]! << 24)) >>> 0
  return expected === sealOf(key, value) ? new ByteReader(value, sealBytes) : undefined
}

function sealOf(key: Uint8Array, value: Uint8Array): number {
  return crc32c(value, sealBytes, value.length, crc32c(value, 0, 1, crc32c(key)))
}

export function encodeRow(key: Uint8Array, epoch: string, row: UpdateRow): Buffer {
  const { principal, session, update } = row
  const writer = begin(64 + 3 * (principal.length + session.length) + update.length)
  writer.string(epoch)
  writeRowFields(writer, row)
  return seal(key, writer.bytes(update))
}

export function decodeRow(key: Uint8Array, value: Uint8Array, seq: number): StoredRow | undefined {
  const reader = unseal(key, value)
  if (reader === undefined) return undefined
  const epoch = reader.string()
  const wallTimeMs = reader.varInt()
  const principal = reader.string()
  const session = reader.string()
  const clientSeq = reader.varUint()
  const origin = origins[reader.u8()]
  if (origin === undefined) return undefined
  return { epoch, row: { seq, wallTimeMs, principal, session, clientSeq, origin, update: reader.rest() } }
}

function writeRowFields(writer: ByteWriter, row: UpdateRow): void {
  writer
    .varInt(row.wallTimeMs)
    .string(row.principal)
    .string(row.session)
    .varUint(row.clientSeq)
    .u8(origins.indexOf(row.origin))
}

export function encodeHead(key: Uint8Array, head: Head): Buffer {
  return seal(
    key,
    begin(96)
      .string(head.epoch)
      .varUint(head.revision)
      .varInt(head.updatedMs)
      .varUint(head.floor)
      .varUint(head.snapshotId)
      .varUint(head.snapshotSeq)
      .varUint(head.snapshotBytes)
      .varUint(head.previousId)
      .varUint(head.previousSeq)
      .varUint(head.logBytes)
      .varUint(head.historyBytes)
      .varUint(head.historyStart),
  )
}

export function decodeHead(key: Uint8Array, value: Uint8Array): Head | undefined {
  const reader = unseal(key, value)
  if (reader === undefined) return undefined
  return {
    epoch: reader.string(),
    revision: reader.varUint(),
    updatedMs: reader.varInt(),
    floor: reader.varUint(),
    snapshotId: reader.varUint(),
    snapshotSeq: reader.varUint(),
    snapshotBytes: reader.varUint(),
    previousId: reader.varUint(),
    previousSeq: reader.varUint(),
    logBytes: reader.varUint(),
    historyBytes: reader.varUint(),
    // Heads of the first versions end here.
    historyStart: reader.ended ? 1 : reader.varUint(),
  }
}

export function encodeIdentity(key: Uint8Array, identity: Identity): Buffer {
  const writer = begin(160).string(identity.documentId).u8(layouts.indexOf(identity.layout)).varInt(identity.createdMs)
  return seal(key, identity.deletedMs === undefined ? writer.u8(0) : writer.u8(1).varInt(identity.deletedMs))
}

export function decodeIdentity(key: Uint8Array, value: Uint8Array): Identity | undefined {
  const reader = unseal(key, value)
  if (reader === undefined) return undefined
  const documentId = reader.string()
  const layout = layouts[reader.u8()]
  const createdMs = reader.varInt()
  if (layout === undefined) return undefined
  return reader.u8() === 0
    ? { documentId, layout, createdMs }
    : { documentId, layout, createdMs, deletedMs: reader.varInt() }
}

export function encodeNumber(key: Uint8Array, number: number): Buffer {
  return seal(key, begin(8).varUint(number))
}

export function decodeNumber(key: Uint8Array, value: Uint8Array): number | undefined {
  return unseal(key, value)?.varUint()
}

export function encodeSummary(key: Uint8Array, { title, snippet, revision }: Summary): Buffer {
  return seal(key, begin(256).string(title).string(snippet).varUint(revision))
}

export function decodeSummary(key: Uint8Array, value: Uint8Array): Summary | undefined {
  const reader = unseal(key, value)
  return reader && { title: reader.string(), snippet: reader.string(), revision: reader.varUint() }
}

export function encodeClaim(key: Uint8Array, { principal, origin, wallTimeMs }: Claim): Buffer {
  return seal(key, begin(80).string(principal).u8(origins.indexOf(origin)).varInt(wallTimeMs))
}

export function decodeClaim(key: Uint8Array, value: Uint8Array, client: number, clock: number): Claim | undefined {
  const reader = unseal(key, value)
  if (reader === undefined) return undefined
  const principal = reader.string()
  const origin = origins[reader.u8()]
  return origin && { client, clock, principal, origin, wallTimeMs: reader.varInt() }
}

/** For values that are read rarely and may grow fields: JSON. */
export function encodeJson(key: Uint8Array, value: unknown): Buffer {
  return seal(key, begin(256).string(JSON.stringify(value)))
}

/** Undefined for unsound bytes; the caller says what the JSON is. */
export function decodeJson(key: Uint8Array, value: Uint8Array): unknown {
  const reader = unseal(key, value)
  return reader && JSON.parse(reader.string())
}

export function decodeDamage(key: Uint8Array, value: Uint8Array): Damage[] {
  const known = decodeJson(key, value) as Damage[] | undefined
  return known ?? [{ what: 'row', detail: 'The note of what is damaged here is itself damaged.' }]
}

/** Of a piece of a snapshot: more come, or it is the last one of a snapshot of data format 1, or of this one. */
const chunkKind = { inner: 0, lastV2: 1, last: 2 } as const

export function encodeChunk(key: Uint8Array, chunk: Chunk): Buffer {
  const { bytes, trailer } = chunk
  const packed = trailer?.packed
  const writer = begin(bytes.length + 64 + (packed?.stateVector.length ?? 0))
  if (trailer === undefined) writer.u8(chunkKind.inner)
  else {
    writer.u8(packed === undefined ? chunkKind.lastV2 : chunkKind.last)
    writer.string(trailer.epoch).varUint(trailer.seq).varUint(trailer.length).bytes(trailer.hash)
    if (packed !== undefined) {
      const { updateBytes, deletesAt, stateVector } = packed
      writer.varUint(updateBytes).varUint(deletesAt).varUint(stateVector.length).bytes(stateVector)
    }
  }
  return seal(key, writer.bytes(bytes))
}

export function decodeChunk(key: Uint8Array, value: Uint8Array): Chunk | undefined {
  const reader = unseal(key, value)
  if (reader === undefined) return undefined
  const kind = reader.u8()
  if (kind === chunkKind.inner) return { bytes: reader.rest() }
  const trailer = {
    epoch: reader.string(),
    seq: reader.varUint(),
    length: reader.varUint(),
    hash: reader.view(hashBytes),
  }
  if (kind === chunkKind.lastV2) return { trailer, bytes: reader.rest() }
  const packed = {
    updateBytes: reader.varUint(),
    deletesAt: reader.varUint(),
    stateVector: reader.view(reader.varUint()),
  }
  return { trailer: { ...trailer, packed }, bytes: reader.rest() }
}

/** A history segment: `count` rows from the seq in its key, deflated. */
export function encodeSegment(key: Uint8Array, count: number, deflated: Uint8Array): Buffer {
  return seal(
    key,
    begin(deflated.length + 16)
      .varUint(count)
      .bytes(deflated),
  )
}

export function decodeSegment(key: Uint8Array, value: Uint8Array): { count: number; deflated: Uint8Array } | undefined {
  const reader = unseal(key, value)
  return reader && { count: reader.varUint(), deflated: reader.rest() }
}

const hashBytes = 32

export function hashOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

// LevelDB's write batches (db/write_batch.cc), which are the records of its write-ahead files: a sequence number, a count, and
// for each change its kind, key and value. Of one that is damaged, every entry that its own seal proves can be saved: a
// flipped byte costs the entry that it is in.

import { isStoreKey } from './keys.ts'

/** A put or a deletion. */
export interface BatchEntry {
  readonly key: Uint8Array
  /** Empty for a deletion. */
  readonly value: Uint8Array
  readonly isPut: boolean
}

const headerBytes = 12

/** A batch of these entries, the first of which has this place in the order of all writes. */
export function writeBatch(sequence: bigint, entries: readonly BatchEntry[]): Uint8Array {
  const head = Buffer.alloc(headerBytes)
  head.writeBigUInt64LE(sequence, 0)
  head.writeUInt32LE(entries.length, 8)
  const parts: Uint8Array[] = [head]
  for (const { key, value, isPut } of entries) {
    parts.push(Uint8Array.of(isPut ? 1 : 0), varint32(key.length), key)
    if (isPut) parts.push(varint32(value.length), value)
  }
  return Buffer.concat(parts)
}

/** The place in the order of all writes that the batch after this one has. */
export function sequenceAfter(batch: Uint8Array): bigint {
  const view = Buffer.from(batch.buffer, batch.byteOffset, batch.length)
  return batch.length < headerBytes ? 1n : view.readBigUInt64LE(0) + BigInt(view.readUInt32LE(8))
}

/** The place of the batch's first change. */
export function sequenceOf(batch: Uint8Array): bigint {
  return batch.length < headerBytes ? 1n : Buffer.from(batch.buffer, batch.byteOffset, batch.length).readBigUInt64LE(0)
}

/** A sequence number without the high bits that only damage sets; above 2^56 LevelDB ends the process. */
export function plausible(sequence: bigint): bigint {
  return sequence % 2n ** 48n
}

/** The same batch at another place in the order of all writes. */
export function renumbered(batch: Uint8Array, sequence: bigint): Uint8Array {
  const copy = Buffer.from(batch)
  copy.writeBigUInt64LE(sequence, 0)
  return copy
}

/**
 * The puts of a damaged batch that are as they were written, in their order.
 * @param isSealed proves a single entry, by itself.
 */
export function salvageBatch(
  bytes: Uint8Array,
  isSealed: (key: Uint8Array, value: Uint8Array) => boolean,
): BatchEntry[] {
  const entries: BatchEntry[] = []
  for (let at = 0; at < bytes.length; ) {
    const found = entryAt(bytes, at)
    if (found !== undefined && isSealed(found.key, found.value)) {
      entries.push({ key: found.key, value: found.value, isPut: true })
      at = found.end
    } else {
      // Lengths may be what is damaged, so none that proves nothing is followed.
      at++
    }
  }
  return entries
}

/** True when every change of the batch is as it was written, whatever became of the record around it. */
export function isWholeBatch(bytes: Uint8Array, isSealed: (key: Uint8Array, value: Uint8Array) => boolean): boolean {
  if (bytes.length < headerBytes) return false
  const count = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(8)
  let at = headerBytes
  for (let i = 0; i < count; i++) {
    const put = entryAt(bytes, at)
    if (put !== undefined && !isSealed(put.key, put.value)) return false
    const end = put?.end ?? deletionAt(bytes, at)
    if (end === undefined) return false
    at = end
  }
  return at === bytes.length
}

/** @returns where it ends. */
function deletionAt(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== 0) return undefined
  const length = readVarint32(bytes, at + 1)
  const end = length && length.end + length.value
  return end === undefined || end > bytes.length || !isStoreKey(bytes.subarray(length!.end, end)) ? undefined : end
}

function entryAt(bytes: Uint8Array, at: number): { key: Uint8Array; value: Uint8Array; end: number } | undefined {
  if (bytes[at] !== 1) return undefined
  const keyLength = readVarint32(bytes, at + 1)
  if (keyLength === undefined) return undefined
  const keyEnd = keyLength.end + keyLength.value
  const key = bytes.subarray(keyLength.end, keyEnd)
  if (keyEnd >= bytes.length || !isStoreKey(key)) return undefined
  const valueLength = readVarint32(bytes, keyEnd)
  if (valueLength === undefined) return undefined
  const end = valueLength.end + valueLength.value
  return end > bytes.length ? undefined : { key, value: bytes.subarray(valueLength.end, end), end }
}

function readVarint32(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  let value = 0
  for (let unit = 1; unit < 2 ** 35; unit *= 128) {
    const byte = bytes[at++]
    if (byte === undefined) return undefined
    value += (byte & 127) * unit
    if (byte < 128) return { value, end: at }
  }
  return undefined
}

function varint32(value: number): Uint8Array {
  const bytes: number[] = []
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128)
  bytes.push(value)
  return Uint8Array.from(bytes)
}

// The keys of the store, and the only file that builds or takes apart one. A key is the byte of its keyspace and then fields
// that sort as their bytes do: integers big-endian, the document id last. Documents have numbers, so that no string that a
// user chose stands in a hot key, and nothing of a deleted document comes back under its name.

/** The first byte of a key. Spaces without a function below are reserved for what is to come. */
const space = {
  meta: 0x01,
  name: 0x10,
  identity: 0x11,
  recency: 0x12,
  summary: 0x13,
  head: 0x20,
  update: 0x21,
  snapshot: 0x22,
  history: 0x23,
  version: 0x24,
  session: 0x25,
  sweep: 0x26,
  damage: 0x27,
  author: 0x28,
  purge: 0x29,
  outbox: 0x31,
  record: 0x36,
} as const

const spaces: ReadonlySet<number> = new Set(Object.values(space))

/** The longest have a name in them. */
export const maxKeyBytes = 1_024

/** Channel 0 is the document; others are reserved (comments). */
const documentChannel = 0

/** From `gte`, included, to `lt`, not included. */
export interface KeyRange {
  readonly gte: Uint8Array
  readonly lt: Uint8Array
}

/** What a name leads to whose document was deleted for good: it never leads anywhere again. Documents count from 1. */
export const burntName = 0

export const metaKey = (name: 'format' | 'last-number' | 'probe'): Uint8Array => stringKey(space.meta, name)

/** documentId → number */
export const nameKey = (documentId: string): Uint8Array => stringKey(space.name, documentId)
export const nameRange = (after?: string): KeyRange => ({
  gte: after === undefined ? Buffer.of(space.name) : stringKey(space.name, `${after}\0`),
  lt: Buffer.of(space.name + 1),
})
export const documentIdOfNameKey = (key: Uint8Array): string => Buffer.from(key.subarray(1)).toString()

/** number → what a document is called and is, which changes rarely */
export const identityKey = (number: number): Uint8Array => numberKey(space.identity, number)
export const identityRange: KeyRange = spaceRange(space.identity)

/** (in the trash, newest edit first, youngest first) → nothing */
export function recencyKey(trashed: boolean, updatedMs: number, number: number): Uint8Array {
  const key = Buffer.allocUnsafe(18)
  key[0] = space.recency
  key[1] = trashed ? 1 : 0
  writeU64(key, 2, Number.MAX_SAFE_INTEGER - Math.max(0, updatedMs))
  writeU64(key, 10, Number.MAX_SAFE_INTEGER - number)
  return key
}
export function recencyRange(trashed: boolean, after?: { updatedMs: number; number: number }): KeyRange {
  return {
    // The key's successor: what comes after the document that ended the last page.
    gte: after
      ? Buffer.concat([recencyKey(trashed, after.updatedMs, after.number), Buffer.of(0)])
      : recencyStart(trashed),
    lt: trashed ? Buffer.of(space.recency + 1) : recencyStart(true),
  }
}
export const isRecencyKey = (key: Uint8Array): boolean => key[0] === space.recency && key.length === 18
export const numberOfRecencyKey = (key: Uint8Array): number => Number.MAX_SAFE_INTEGER - readU64(key, 10)

/** number → title and first words */
export const summaryKey = (number: number): Uint8Array => numberKey(space.summary, number)

/** number → where the document's log and snapshots stand */
export const headKey = (number: number): Uint8Array => numberKey(space.head, number)
export const headRange: KeyRange = spaceRange(space.head)

/** (number, seq) → one row */
export const updateKey = (number: number, seq: number): Uint8Array => channelKey(space.update, number, seq)
export const updateRange = (number: number, fromSeq: number, toSeq: number): KeyRange => ({
  gte: updateKey(number, fromSeq),
  lt: updateKey(number, toSeq + 1),
})
/** Of an update key, and of a history key the seq that its segment begins with. */
export const seqOfKey = (key: Uint8Array): number => readU64(key, 10)

/** (number, snapshot id, chunk) → a piece of a snapshot */
export function chunkKey(number: number, snapshotId: number, chunk: number): Uint8Array {
  const key = Buffer.allocUnsafe(22)
  key.set(channelKey(space.snapshot, number, snapshotId))
  key.writeUInt32BE(chunk, 18)
  return key
}
export const chunkRange = (number: number, snapshotId: number): KeyRange => ({
  gte: chunkKey(number, snapshotId, 0),
  lt: chunkKey(number, snapshotId + 1, 0),
})
export const allChunksRange = (number: number): KeyRange => ({
  gte: chunkKey(number, 0, 0),
  lt: chunkKey(number + 1, 0, 0),
})
export const snapshotIdOfChunkKey = (key: Uint8Array): number => readU64(key, 10)

/** (number, first seq) → rows folded away by compaction */
export const historyKey = (number: number, fromSeq: number): Uint8Array => channelKey(space.history, number, fromSeq)
export const historyRange = (number: number, fromSeq: number, toSeq: number): KeyRange => ({
  gte: historyKey(number, fromSeq),
  lt: historyKey(number, toSeq + 1),
})

/** number → compaction has flipped the head and what it replaced may still be here */
export const sweepKey = (number: number): Uint8Array => numberKey(space.sweep, number)
export const sweepRange: KeyRange = spaceRange(space.sweep)

/** number → rows that are known to be lost though nothing in the log shows it */
export const damageKey = (number: number): Uint8Array => numberKey(space.damage, number)
export const damageRange: KeyRange = spaceRange(space.damage)

/** number → the document is gone for good, and what is left of it is being deleted */
export const purgeKey = (number: number): Uint8Array => numberKey(space.purge, number)
export const purgeRange: KeyRange = spaceRange(space.purge)

/** (number, client, clock) → whose the client's structs are from this clock on */
export function authorKey(number: number, client: number, clock: number): Uint8Array {
  const key = Buffer.allocUnsafe(25)
  key[0] = space.author
  writeU64(key, 1, number)
  writeU64(key, 9, client)
  writeU64(key, 17, clock)
  return key
}
export const authorRange = (number: number): KeyRange => ({
  gte: numberKey(space.author, number),
  lt: numberKey(space.author, number + 1),
})
export const clientOfAuthorKey = (key: Uint8Array): number => readU64(key, 9)
export const clockOfAuthorKey = (key: Uint8Array): number => readU64(key, 17)

/** (collection, key) → a small JSON record */
export const recordKey = (collection: string, key: string): Uint8Array =>
  stringKey(space.record, `${collection}\0${key}`)
/** Of the records whose keys begin with `prefix` those behind `after`; in reverse, those before it. */
export function recordRange(
  collection: string,
  { prefix = '', after, reverse = false }: { prefix?: string; after?: string; reverse?: boolean },
): KeyRange {
  const first = recordKey(collection, prefix)
  // Behind every key that begins so: UTF-8 has no byte 0xff.
  const end = Buffer.concat([first, Buffer.of(0xff)])
  if (after === undefined) return { gte: first, lt: end }
  return reverse
    ? { gte: first, lt: recordKey(collection, after) }
    : { gte: Buffer.concat([recordKey(collection, after), Buffer.of(0)]), lt: end }
}
export const recordKeyOf = (key: Uint8Array): string => Buffer.from(key.subarray(key.indexOf(0) + 1)).toString()

/** The document number in the key of a keyspace that has it first. */
export const numberOfKey = (key: Uint8Array): number => readU64(key, 1)

/** The keyspaces whose keys begin with a document's number, and so tell which numbers are in use. */
export const numberedRanges: readonly KeyRange[] = [
  spaceRange(space.identity),
  spaceRange(space.head),
  spaceRange(space.update),
  spaceRange(space.snapshot),
  spaceRange(space.history),
  spaceRange(space.author),
]

/** Everything in the store. */
export const everythingRange: KeyRange = { gte: Buffer.of(0), lt: Buffer.of(255) }

/** Everything of one document that has its number in its key. */
export function documentRanges(number: number): KeyRange[] {
  return [...numberedRanges, spaceRange(space.summary), damageRange, sweepRange].map(({ gte }) => ({
    gte: numberKey(gte[0] as number, number),
    lt: numberKey(gte[0] as number, number + 1),
  }))
}

export const isHeadKey = (key: Uint8Array): boolean => key[0] === space.head && key.length === 9
export const isIdentityKey = (key: Uint8Array): boolean => key[0] === space.identity && key.length === 9

/** Of a numbered range, what lies after all keys of this document. */
export function afterNumber(range: KeyRange, number: number): KeyRange {
  return { gte: numberKey(range.gte[0] as number, number + 1), lt: range.lt }
}

/**
 * Rows whose keys stand anywhere in bytes of a write batch: a put (1), the key's length (18), the key. Bytes between them may be
 * damaged, and one of these three as well, so nothing is followed; what happens to look like a key is the caller's to doubt.
 */
export function rowsSeenIn(bytes: Uint8Array): { number: number; seq: number }[] {
  const rows: { number: number; seq: number }[] = []
  for (let at = 0; at + 20 <= bytes.length; at++) {
    const marks = Number(bytes[at] === 1) + Number(bytes[at + 1] === 18) + Number(bytes[at + 2] === space.update)
    if (marks < 2 || bytes[at + 11] !== documentChannel) continue
    const row = { number: readU64(bytes, at + 3), seq: readU64(bytes, at + 12) }
    if (Number.isSafeInteger(row.number) && Number.isSafeInteger(row.seq)) rows.push(row)
  }
  return rows
}

/** (number, seq) of an update key; undefined for any other key. */
export function rowOfKey(key: Uint8Array): { number: number; seq: number } | undefined {
  return key.length === 18 && key[0] === space.update ? { number: readU64(key, 1), seq: readU64(key, 10) } : undefined
}

/** True for what has the shape of a key of the store. */
export function isStoreKey(key: Uint8Array): boolean {
  return spaces.has(key[0] ?? 0) && key.length > 1 && key.length <= maxKeyBytes
}

function spaceRange(first: number): KeyRange {
  return { gte: Buffer.of(first), lt: Buffer.of(first + 1) }
}

function stringKey(first: number, text: string): Uint8Array {
  const key = Buffer.allocUnsafe(1 + Buffer.byteLength(text))
  key[0] = first
  key.write(text, 1)
  return key
}

function numberKey(first: number, number: number): Uint8Array {
  const key = Buffer.allocUnsafe(9)
  key[0] = first
  writeU64(key, 1, number)
  return key
}

function channelKey(first: number, number: number, position: number): Uint8Array {
  const key = Buffer.allocUnsafe(18)
  key[0] = first
  writeU64(key, 1, number)
  key[9] = documentChannel
  writeU64(key, 10, position)
  return key
}

function recencyStart(trashed: boolean): Uint8Array {
  return Buffer.of(space.recency, trashed ? 1 : 0)
}

const two32 = 2 ** 32

function writeU64(target: Buffer, at: number, value: number): void {
  target.writeUInt32BE(Math.floor(value / two32), at)
  target.writeUInt32BE(value >>> 0, at + 4)
}

function readU64(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  const low = ((bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!) >>> 0
  return high * two32 + low
}

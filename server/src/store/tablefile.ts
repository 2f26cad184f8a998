// LevelDB's tables (doc/table_format.md of LevelDB): sorted entries in blocks, each with a checksum, an index of the blocks
// and a footer. When a table is damaged LevelDB gives up the whole block or the whole file; here everything is taken out of
// it that can still be proved: entries of sound blocks, and single entries whose own seal holds.

import type { BatchEntry } from './batches.ts'
import { crc32c, maskCrc } from './crc32c.ts'
import { uncompress } from './snappy.ts'

/** One entry as LevelDB keeps it, at its place in the order of all writes. */
export interface TableEntry extends BatchEntry {
  /** The eight bytes that LevelDB has after the key: sequence number and kind. */
  readonly sequence: bigint
}

export interface SalvagedTable {
  /** As `isTableSound` has it; nothing need be done. */
  readonly sound: boolean
  readonly entries: readonly TableEntry[]
}

/**
 * True when every block is as it was written: entries, index, filter and the place of each. LevelDB reads them without looking
 * at their checksums, and a key that makes no sense to it ends the process.
 */
export function isTableSound(file: Uint8Array): boolean {
  const view = Buffer.from(file.buffer, file.byteOffset, file.length)
  const blocks = readFooter(view)
  if (blocks === undefined) return false
  const meta = readBlock(view, blocks.meta)
  const index = readBlock(view, blocks.index)
  if (!meta.sound || !index.sound) return false
  return [...handlesIn(meta), ...handlesIn(index)].every(handle => hasChecksum(view, handle))
}

/** @param isSealed proves a single entry, by itself. */
export function salvageTable(
  file: Uint8Array,
  isSealed: (key: Uint8Array, value: Uint8Array) => boolean,
): SalvagedTable {
  const view = Buffer.from(file.buffer, file.byteOffset, file.length)
  const entries: TableEntry[] = []
  const isProved = ({ key, value, isPut }: TableEntry) => isPut && isSealed(key, value)
  const handles = readIndex(view)
  if (handles === undefined) {
    for (const { sound, contents } of scanBlocks(view)) {
      for (const entry of entriesOf(contents)) {
        // One of the blocks is the index, whose values are places in the file and no values of ours.
        const isDeletion = sound && !entry.isPut && entry.value.length === 0
        if (isDeletion || isProved(entry)) entries.push(entry)
      }
    }
    return { sound: false, entries }
  }
  for (const handle of handles) {
    const block = readBlock(view, handle)
    for (const entry of entriesOf(block.contents)) {
      if (block.sound || isProved(entry)) entries.push(entry)
    }
  }
  return { sound: isTableSound(file), entries }
}

interface Block {
  readonly sound: boolean
  readonly contents: Uint8Array
}

interface Handle {
  readonly offset: number
  readonly size: number
}

const footerBytes = 48
const trailerBytes = 5
const magic = 0xdb4775248b80fb57n

/** The places of the data blocks; undefined when footer or index are not sound. */
function readIndex(file: Buffer): Handle[] | undefined {
  const blocks = readFooter(file)
  const index = blocks && readBlock(file, blocks.index)
  return index?.sound ? handlesIn(index) : undefined
}

/** The last bytes of the file: where the list of filters and the index are. No checksum covers them. */
function readFooter(file: Buffer): { readonly meta: Handle; readonly index: Handle } | undefined {
  if (file.length < footerBytes || file.readBigUInt64LE(file.length - 8) !== magic) return undefined
  const footer = new Cursor(file.subarray(file.length - footerBytes))
  return { meta: readHandle(footer), index: readHandle(footer) }
}

/** The places that the values of a block name. */
function handlesIn({ contents }: Block): Handle[] {
  return entriesOf(contents).map(({ value }) => readHandle(new Cursor(value)))
}

function readHandle(cursor: Cursor): Handle {
  return { offset: cursor.varint(), size: cursor.varint() }
}

function readBlock(file: Buffer, handle: Handle): Block {
  const end = handle.offset + handle.size
  if (end + trailerBytes > file.length) return { sound: false, contents: noBytes }
  const contents = uncompressed(file.subarray(handle.offset, end), file[end]!)
  return { sound: hasChecksum(file, handle) && contents.whole, contents: contents.bytes }
}

function hasChecksum(file: Buffer, { offset, size }: Handle): boolean {
  const end = offset + size
  return end + trailerBytes <= file.length && maskCrc(crc32c(file, offset, end + 1)) === file.readUInt32LE(end + 1)
}

/** Blocks one after the other without the index: a block ends where its checksum says so. */
function* scanBlocks(file: Buffer): Generator<Block> {
  let start = 0
  let crc = 0
  for (let end = start; end + trailerBytes <= file.length; end++) {
    const kind = file[end]!
    if (kind <= 1 && end > start && maskCrc(crc32c(file, end, end + 1, crc)) === file.readUInt32LE(end + 1)) {
      const contents = uncompressed(file.subarray(start, end), kind)
      yield { sound: contents.whole, contents: contents.bytes }
      start = end + trailerBytes
      end = start - 1
      crc = 0
      continue
    }
    crc = crc32c(file, end, end + 1, crc)
  }
  // What is left had no end: its entries count one by one.
  const rest = file.subarray(start)
  yield { sound: false, contents: rest }
  yield { sound: false, contents: uncompressed(rest, 1).bytes }
}

function uncompressed(bytes: Uint8Array, kind: number): { whole: boolean; bytes: Uint8Array } {
  return kind === 1 ? uncompress(bytes) : { whole: kind === 0, bytes }
}

/** The entries of a block, interval by interval: what cannot be followed costs the rest of its interval. */
function entriesOf(block: Uint8Array): TableEntry[] {
  const entries: TableEntry[] = []
  const starts = restartsOf(block)
  const limit = starts.limit
  for (const [index, start] of starts.offsets.entries()) {
    const cursor = new Cursor(block.subarray(0, Math.min(limit, starts.offsets[index + 1] ?? limit)), start)
    let before: Uint8Array = noBytes
    while (!cursor.ended) {
      const shared = cursor.varint()
      const rest = cursor.varint()
      const valueLength = cursor.varint()
      const suffix = cursor.take(rest)
      const value = cursor.take(valueLength)
      if (suffix === undefined || value === undefined || shared > before.length || shared + rest < 8) break
      const internal = Buffer.concat([before.subarray(0, shared), suffix])
      const tag = internal.readBigUInt64LE(internal.length - 8)
      entries.push({
        key: internal.subarray(0, internal.length - 8),
        value,
        isPut: (tag & 255n) === 1n,
        sequence: tag >> 8n,
      })
      before = internal
    }
  }
  return entries
}

/** Where the block's intervals begin, from its last bytes; one interval where those make no sense. */
function restartsOf(block: Uint8Array): { offsets: number[]; limit: number } {
  const view = Buffer.from(block.buffer, block.byteOffset, block.length)
  const count = view.length < 4 ? 0 : view.readUInt32LE(view.length - 4)
  const limit = view.length - 4 - count * 4
  const offsets: number[] = []
  for (let i = 0; i < count && limit >= 0; i++) offsets.push(view.readUInt32LE(limit + i * 4))
  const isSane = offsets.length > 0 && offsets.every((offset, i) => offset <= limit && offset >= (offsets[i - 1] ?? 0))
  return isSane ? { offsets, limit } : { offsets: [0], limit: view.length }
}

class Cursor {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** Zeros behind the end, which the caller notices by what they lead to. */
  varint(): number {
    let value = 0
    for (let unit = 1; unit < 2 ** 49; unit *= 128) {
      const byte = this.#bytes[this.#at++] ?? 0
      value += (byte & 127) * unit
      if (byte < 128) break
    }
    return value
  }

  take(length: number): Uint8Array | undefined {
    const end = this.#at + length
    if (end > this.#bytes.length) return undefined
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }
}

const noBytes = new Uint8Array(0)

// A backup: everything in the store at one moment, as one stream of bytes that proves itself. It may be written while the
// server runs; what is acknowledged before it begins is in it.
//
//   "SHEAFBK1"  frame*      frame = length (u32), CRC-32C of the content (u32), content; little-endian
//   content     'H' JSON    first: when, and of which format
//               'D' entries key and value, each after its length; in the order of keys
//               'E' JSON    last: how many entries, and the SHA-256 of all 'D' contents
//
// A stream that ends without its last frame is no backup, so one that was interrupted cannot be taken for whole.

import { createHash } from 'node:crypto'
import { SheafError } from '@sheaf/protocol'
import { ByteReader, ByteWriter } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import type { DiskReader } from './disk.ts'
import { everythingRange, isIdentityKey, type KeyRange } from './keys.ts'
import { isSealed } from './rows.ts'

export interface BackupSummary {
  readonly createdMs: number
  readonly documents: number
  readonly entries: number
  /** Entries that are not what was written: the backup is of a store that was damaged already. */
  readonly damaged: number
}

type Entry = readonly [key: Uint8Array, value: Uint8Array]

const magic = 'SHEAFBK1'
const format = 1
const frameBytes = 256 * 1024
/** A longer frame than this was never written. */
const maxFrameBytes = 64 * 1024 * 1024

/** @param ranges what goes into it. Default: everything. */
export async function* writeBackup(
  disk: DiskReader,
  nowMs: number,
  ranges: readonly KeyRange[] = [everythingRange],
): AsyncGenerator<Uint8Array, BackupSummary> {
  yield Buffer.from(magic)
  yield frame('H', Buffer.from(JSON.stringify({ format, createdMs: nowMs })))
  const count = new Count(nowMs)
  const hash = createHash('sha256')
  let writer = new ByteWriter(frameBytes)
  for (const range of ranges) {
    for await (const page of disk.pages(range)) {
      for (const [key, value] of page) {
        count.add(key, value)
        writer.varUint(key.length).bytes(key).varUint(value.length).bytes(value)
        if (writer.length < frameBytes) continue
        const content = writer.finish()
        hash.update(content)
        yield frame('D', content)
        writer = new ByteWriter(frameBytes)
      }
    }
  }
  const content = writer.finish()
  hash.update(content)
  if (content.length > 0) yield frame('D', content)
  const { summary } = count
  yield frame('E', Buffer.from(JSON.stringify({ entries: summary.entries, sha256: hash.digest('hex') })))
  return summary
}

/**
 * Reads a backup and checks all of it. Until it resolves nothing that `visit` has got is proved to be complete.
 * @throws SheafError `damaged` with a sentence that says what is wrong.
 */
export async function readBackup(
  source: AsyncIterable<Uint8Array>,
  visit: (entries: readonly Entry[]) => Promise<void> | void = () => undefined,
): Promise<BackupSummary> {
  const hash = createHash('sha256')
  let count: Count | undefined
  let isWhole = false
  for await (const { kind, content } of frames(source)) {
    if (isWhole) throw broken('something follows its end')
    if (kind === 'H' && count === undefined) {
      const head = JSON.parse(textOf(content)) as { format: number; createdMs: number }
      if (head.format !== format) throw broken(`its format is ${head.format}, and this Sheaf reads ${format}`)
      count = new Count(head.createdMs)
    } else if (kind === 'D' && count !== undefined) {
      hash.update(content)
      const entries = entriesOf(content)
      for (const [key, value] of entries) count.add(key, value)
      await visit(entries)
    } else if (kind === 'E' && count !== undefined) {
      const end = JSON.parse(textOf(content)) as { entries: number; sha256: string }
      if (end.entries !== count.summary.entries || end.sha256 !== hash.digest('hex'))
        throw broken('parts of it are missing')
      isWhole = true
    } else throw broken('its parts are not in order')
  }
  if (count === undefined || !isWhole) throw broken('it ends too early')
  return count.summary
}

class Count {
  readonly #createdMs: number
  #documents = 0
  #entries = 0
  #damaged = 0

  constructor(createdMs: number) {
    this.#createdMs = createdMs
  }

  add(key: Uint8Array, value: Uint8Array): void {
    this.#entries += 1
    if (isIdentityKey(key)) this.#documents += 1
    if (!isSealed(key, value)) this.#damaged += 1
  }

  get summary(): BackupSummary {
    return { createdMs: this.#createdMs, documents: this.#documents, entries: this.#entries, damaged: this.#damaged }
  }
}

function frame(kind: 'H' | 'D' | 'E', content: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(9 + content.length)
  bytes.write(kind, 8, 'latin1')
  bytes.set(content, 9)
  bytes.writeUInt32LE(content.length + 1, 0)
  bytes.writeUInt32LE(crc32c(bytes, 8), 4)
  return bytes
}

async function* frames(source: AsyncIterable<Uint8Array>): AsyncGenerator<{ kind: string; content: Uint8Array }> {
  let rest = Buffer.alloc(0)
  let isBegun = false
  for await (const chunk of source) {
    rest = Buffer.concat([rest, chunk])
    if (!isBegun) {
      if (rest.length < magic.length) continue
      if (rest.toString('latin1', 0, magic.length) !== magic) throw broken('it is no backup of Sheaf')
      rest = rest.subarray(magic.length)
      isBegun = true
    }
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt32LE(0)
      if (end > maxFrameBytes || end < 9) throw broken('a length in it makes no sense')
      if (rest.length < end) break
      if (crc32c(rest, 8, end) !== rest.readUInt32LE(4)) throw broken('a checksum in it does not hold')
      yield { kind: rest.toString('latin1', 8, 9), content: rest.subarray(9, end) }
      rest = rest.subarray(end)
    }
  }
  if (rest.length > 0 || !isBegun) throw broken('it ends too early')
}

function entriesOf(content: Uint8Array): Entry[] {
  const entries: Entry[] = []
  const reader = new ByteReader(content)
  while (!reader.ended) entries.push([reader.view(reader.varUint()), reader.view(reader.varUint())])
  return entries
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}

function broken(what: string): SheafError {
  return new SheafError('damaged', `The backup cannot be used: ${what}.`)
}

// A backup: everything in the store at one moment, as one stream of bytes that proves itself. It may be written while the
// server runs; what is acknowledged before it begins is in it.
//
//   "SHEAFBK1"  frame*      frame = length (u32), CRC-32C of the content (u32), content; little-endian
//   content     'H' JSON    first: when, and of which format
//               'D' entries key and value, each after its length; in the order of keys
//               'B' blob    an uploaded file after its SHA-256 (32 bytes); in order, behind all entries
//               'E' JSON    last: how many entries and blobs, and the SHA-256 of all 'D' contents
//
// A stream that ends without its last frame is no backup, so one that was interrupted cannot be taken for whole.

import { createHash } from 'node:crypto'
import { SheafError } from '@sheaf/protocol'
import type { BlobStore } from './blobs.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import type { DiskReader } from './disk.ts'
import { everythingRange, isIdentityKey, type KeyRange } from './keys.ts'
import { isSealed } from './rows.ts'

export interface BackupSummary {
  readonly createdMs: number
  readonly documents: number
  readonly entries: number
  /** Uploaded files. */
  readonly blobs: number
  /** Entries and files that are not what was written: the backup is of a store that was damaged already. */
  readonly damaged: number
}

type Entry = readonly [key: Uint8Array, value: Uint8Array]

const magic = 'SHEAFBK1'
/** 2 has uploaded files, which 1 had not. */
const format = 2
const frameBytes = 256 * 1024
/** A longer frame than this was never written. */
const maxFrameBytes = 64 * 1024 * 1024
const hashBytes = 32

export interface BackupContents {
  /** Default: everything. */
  readonly ranges?: readonly KeyRange[]
  /** Read behind the entries, so that whatever they name is there. Default: none. */
  readonly blobs?: BlobStore
}

export async function* writeBackup(
  disk: DiskReader,
  nowMs: number,
  { ranges = [everythingRange], blobs }: BackupContents = {},
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
  if (blobs !== undefined) {
    for await (const blob of blobs.list()) {
      const parts = [Buffer.from(blob, 'hex')]
      for await (const part of blobs.read(blob)) parts.push(Buffer.from(part))
      const content = Buffer.concat(parts)
      count.addBlob(content)
      yield frame('B', content)
    }
  }
  const { summary } = count
  const end = { entries: summary.entries, blobs: summary.blobs, sha256: hash.digest('hex') }
  yield frame('E', Buffer.from(JSON.stringify(end)))
  return summary
}

export interface BackupVisitor {
  entries(entries: readonly Entry[]): Promise<void> | void
  /** An uploaded file. Not called for one that was damaged already when the backup was made. */
  blob(bytes: Uint8Array): Promise<void> | void
}

/**
 * Reads a backup and checks all of it. Until it resolves nothing that `visitor` has got is proved to be complete.
 * @throws SheafError `damaged` with a sentence that says what is wrong.
 */
export async function readBackup(source: AsyncIterable<Uint8Array>, visitor?: BackupVisitor): Promise<BackupSummary> {
  const hash = createHash('sha256')
  let count: Count | undefined
  let isWhole = false
  for await (const { kind, content } of frames(source)) {
    if (isWhole) throw broken('something follows its end')
    if (kind === 'H' && count === undefined) {
      const head = JSON.parse(textOf(content)) as { format: number; createdMs: number }
      if (head.format !== 1 && head.format !== format)
        throw broken(`its format is ${head.format}, and this Sheaf reads ${format}`)
      count = new Count(head.createdMs)
    } else if (kind === 'D' && count !== undefined) {
      hash.update(content)
      const entries = entriesOf(content)
      for (const [key, value] of entries) count.add(key, value)
      await visitor?.entries(entries)
    } else if (kind === 'B' && count !== undefined && content.length >= hashBytes) {
      if (count.addBlob(content)) await visitor?.blob(content.subarray(hashBytes))
    } else if (kind === 'E' && count !== undefined) {
      const end = JSON.parse(textOf(content)) as { entries: number; blobs?: number; sha256: string }
      const { entries, blobs } = count.summary
      if (end.entries !== entries || (end.blobs ?? 0) !== blobs || end.sha256 !== hash.digest('hex'))
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
  #blobs = 0
  #damaged = 0

  constructor(createdMs: number) {
    this.#createdMs = createdMs
  }

  add(key: Uint8Array, value: Uint8Array): void {
    this.#entries += 1
    if (isIdentityKey(key)) this.#documents += 1
    if (!isSealed(key, value)) this.#damaged += 1
  }

  /** @param content of a frame. @returns whether its bytes are those that its name says. */
  addBlob(content: Uint8Array): boolean {
    this.#blobs += 1
    const name = Buffer.from(content.subarray(0, hashBytes))
    const isSound = createHash('sha256').update(content.subarray(hashBytes)).digest().equals(name)
    if (!isSound) this.#damaged += 1
    return isSound
  }

  get summary(): BackupSummary {
    return {
      createdMs: this.#createdMs,
      documents: this.#documents,
      entries: this.#entries,
      blobs: this.#blobs,
      damaged: this.#damaged,
    }
  }
}

function frame(kind: 'H' | 'D' | 'B' | 'E', content: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(9 + content.length)
  bytes.write(kind, 8, 'latin1')
  bytes.set(content, 9)
  bytes.writeUInt32LE(content.length + 1, 0)
  bytes.writeUInt32LE(crc32c(bytes, 8), 4)
  return bytes
}

async function* frames(source: AsyncIterable<Uint8Array>): AsyncGenerator<{ kind: string; content: Uint8Array }> {
  const parts: Uint8Array[] = []
  let length = 0
  /** So many bytes must be here before it is worth looking again. */
  let wanted = magic.length
  let isBegun = false
  for await (const chunk of source) {
    parts.push(chunk)
    length += chunk.length
    if (length < wanted) continue
    let rest = Buffer.concat(parts)
    if (!isBegun) {
      if (rest.toString('latin1', 0, magic.length) !== magic) throw broken('it is no backup of Sheaf')
      rest = rest.subarray(magic.length)
      isBegun = true
    }
    wanted = 8
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt32LE(0)
      if (end > maxFrameBytes || end < 9) throw broken('a length in it makes no sense')
      wanted = end
      if (rest.length < end) break
      if (crc32c(rest, 8, end) !== rest.readUInt32LE(4)) throw broken('a checksum in it does not hold')
      yield { kind: rest.toString('latin1', 8, 9), content: rest.subarray(9, end) }
      rest = rest.subarray(end)
      wanted = 8
    }
    parts.splice(0, parts.length, rest)
    length = rest.length
  }
  if (length > 0 || !isBegun) throw broken('it ends too early')
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

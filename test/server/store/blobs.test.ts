// The contract of BlobStore, for every engine, and what files are left after a disk that fails or a power loss.

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BlobFiles } from '../../../server/src/store/blob-files.ts'
import { type BlobStore, memoryBlobs } from '../../../server/src/store/blobs.ts'
import { systemFiles } from '../../../server/src/store/disk-files.ts'
import { seededRandom } from '../../helpers/random.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { FaultDisk } from '../../simulation/fault-disk.ts'

const engines: readonly [string, () => Promise<BlobStore>][] = [
  ['memory', async () => memoryBlobs(() => undefined)],
  ['files', async () => new BlobFiles(join(await tempDirectory(), 'assets'), systemFiles)],
]

describe.each(engines)('the contract of blobs on %s', (_name, open) => {
  test('S48: bytes come back by the SHA-256 of what they are, however they came', async () => {
    const blobs = await open()
    const bytes = bytesOf(20_000)
    const stored = await blobs.put(inPieces(bytes, 701), { maxBytes: 20_000 })
    expect(stored).toEqual({ hash: hashOf(bytes), size: 20_000, head: Buffer.from(bytes.subarray(0, 64)) })
    expect(await blobs.put(inPieces(bytes, 20_000), { maxBytes: 20_000 })).toEqual(stored)
    expect(await blobs.size(stored.hash)).toBe(20_000)
    expect((await all(blobs.read(stored.hash))).equals(bytes)).toBe(true)
    expect([...(await all(blobs.read(stored.hash, { first: 10, last: 19 })))]).toEqual([...bytes.subarray(10, 20)])
  })

  test('S48: what is too long or breaks off leaves nothing behind', async () => {
    const blobs = await open()
    await expect(blobs.put(inPieces(bytesOf(101), 50), { maxBytes: 100 })).rejects.toMatchObject({ code: 'too-large' })
    await expect(blobs.put(breaking(), { maxBytes: 100 })).rejects.toThrow('the sender left')
    expect(await listed(blobs)).toEqual([])
  })

  test('S48: a name that is no hash, or of nothing, is not there', async () => {
    const blobs = await open()
    for (const name of ['0'.repeat(64), '../../../etc/passwd', '', 'A'.repeat(64)]) {
      expect(await blobs.size(name)).toBeUndefined()
      await expect(all(blobs.read(name))).rejects.toMatchObject({ code: 'not-found' })
    }
  })

  test('S48: all are listed, in order', async () => {
    const blobs = await open()
    expect(await listed(blobs)).toEqual([])
    const hashes = []
    for (const size of [0, 1, 2, 3]) hashes.push((await blobs.put(inPieces(bytesOf(size), 9), { maxBytes: 9 })).hash)
    expect(await listed(blobs)).toEqual(hashes.sort())
  })
})

describe('blobs as files', () => {
  test('S49: what is half written is swept away at the next start, and nothing else', async () => {
    const directory = join(await tempDirectory(), 'assets')
    const blobs = new BlobFiles(directory, systemFiles)
    const { hash } = await blobs.put(inPieces(bytesOf(5), 5), { maxBytes: 5 })
    await mkdir(join(directory, 'incoming'), { recursive: true })
    await writeFile(join(directory, 'incoming', 'half'), 'x')
    const next = new BlobFiles(directory, systemFiles)
    await next.sweep()
    expect((await readdir(directory)).sort()).toEqual([hash.slice(0, 2)])
    expect(await readFile(join(directory, hash.slice(0, 2), hash))).toEqual(Buffer.from(bytesOf(5)))
  })

  test.each([
    ['ENOSPC', 'write', /disk of the server is full/],
    ['EIO', 'sync', /did not take the upload/],
  ] as const)('S49: %s at a %s: said clearly, nothing kept, and the next upload works', async (code, at, words) => {
    const disk = faultDisk(1)
    const blobs = new BlobFiles('/data/assets', disk)
    await disk.makeDirectory('/data/assets/incoming')
    await disk.makeDirectory('/data/assets/')
    disk.fault = { code, at }
    const failed = blobs.put(inPieces(bytesOf(3_000), 1_000), { maxBytes: 3_000 })
    await expect(failed).rejects.toMatchObject({ code: 'storage-failed', message: expect.stringMatching(words) })
    disk.fault = undefined
    expect(await listed(blobs)).toEqual([])
    expect(await disk.list('/data/assets/incoming')).toEqual([])
    const { hash } = await blobs.put(inPieces(bytesOf(3_000), 1_000), { maxBytes: 3_000 })
    expect(await all(blobs.read(hash))).toEqual(Buffer.from(bytesOf(3_000)))
  })

  test('S49: after a power loss an upload that was answered is whole, and one that was not is whole or not there', async () => {
    const bytes = bytesOf(2_000)
    for (let seed = 1; seed <= 300; seed++) {
      const disk = faultDisk(seed)
      const blobs = new BlobFiles('/data/assets', disk)
      const answered = await blobs.put(inPieces(bytes, 700), { maxBytes: 2_000 })
      // Cut off somewhere in the second upload.
      const second = blobs.put(pausing(bytesOf(2_000, 1), 700, seed % 4), { maxBytes: 2_000 }).catch(() => undefined)
      for (let turn = 0; turn < seed % 40; turn++) await Promise.resolve()
      const image = disk.image({ random: seededRandom(seed + 1), wait: async () => undefined })
      const after = new BlobFiles('/data/assets', image)
      await after.sweep()
      const there = await listed(after)
      expect(there, `seed ${seed}`).toContain(answered.hash)
      for (const hash of there) expect(hashOf(await all(after.read(hash))), `seed ${seed}`).toBe(hash)
      disk.die()
      void second
    }
  })
})

function faultDisk(seed: number): FaultDisk {
  return new FaultDisk({ random: seededRandom(seed), wait: async () => undefined })
}

function bytesOf(size: number, start = 0): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + start) % 251)
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Stops for ever before the piece of this number. */
async function* pausing(bytes: Uint8Array, size: number, stop: number): AsyncGenerator<Uint8Array> {
  let piece = 0
  for await (const part of inPieces(bytes, size)) {
    if (piece++ === stop) await new Promise(() => undefined)
    yield part
  }
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield bytesOf(10)
  throw new Error('the sender left')
}

async function all(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = []
  for await (const part of parts) read.push(part)
  return Buffer.concat(read)
}

async function listed(blobs: BlobStore): Promise<string[]> {
  const hashes: string[] = []
  for await (const hash of blobs.list()) hashes.push(hash)
  return hashes
}

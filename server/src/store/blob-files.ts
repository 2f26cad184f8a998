// Blobs as files: `assets/<first two digits>/<hash>`. Bytes come into a file of their own in `assets/incoming`, are synced, and get their
// name by one rename, which is synced too: after a crash there is the whole file or none, and what was incoming is swept away.

import { join } from 'node:path'
import { randomId, SheafError } from '@sheaf/protocol'
import {
  type BlobHash,
  BlobMeter,
  type BlobStore,
  type ByteRange,
  isBlobHash,
  noSuchBlob,
  type StoredBlob,
} from './blobs.ts'
import type { DiskFiles } from './disk-files.ts'

export class BlobFiles implements BlobStore {
  readonly #directory: string
  readonly #files: DiskFiles
  /** Directories of ours that are known to be there, their names on disk. */
  readonly #made = new Set<string>()

  /** @param directory made, with the first blob, inside one that is there. */
  constructor(directory: string, files: DiskFiles) {
    this.#directory = directory
    this.#files = files
  }

  /** Takes away what a crash left half written. Before anything is put. */
  async sweep(): Promise<void> {
    if (await this.#files.exists(this.#incoming)) await this.#files.removeDirectory(this.#incoming)
  }

  async put(source: AsyncIterable<Uint8Array>, { maxBytes }: { readonly maxBytes: number }): Promise<StoredBlob> {
    const path = join(this.#incoming, randomId(16))
    try {
      await onDisk(() => this.#make(this.#incoming))
      const stored = await this.#receive(path, source, new BlobMeter(maxBytes))
      await onDisk(() => this.#name(path, stored.hash))
      return stored
    } catch (error) {
      // Room is made at once where that is possible; where it is not, the next start sweeps.
      await this.#files.remove(path).catch(() => undefined)
      throw error
    }
  }

  async size(hash: BlobHash): Promise<number | undefined> {
    if (!isBlobHash(hash)) return undefined
    const path = this.#path(hash)
    return (await this.#files.exists(path)) ? this.#files.size(path) : undefined
  }

  async *read(hash: BlobHash, range?: ByteRange): AsyncIterable<Uint8Array> {
    const size = await this.size(hash)
    if (size === undefined) throw noSuchBlob()
    if (size === 0) return
    try {
      yield* this.#files.stream(this.#path(hash), range ?? { first: 0, last: size - 1 })
    } catch (cause) {
      throw new SheafError('storage-failed', 'The disk does not give the bytes of this asset.', { cause })
    }
  }

  async *list(): AsyncIterable<BlobHash> {
    if (!(await this.#files.exists(this.#directory))) return
    for (const shard of (await this.#files.list(this.#directory)).sort()) {
      if (!/^[0-9a-f]{2}$/.test(shard)) continue
      yield* (await this.#files.list(join(this.#directory, shard))).filter(isBlobHash).sort()
    }
  }

  get #incoming(): string {
    return join(this.#directory, 'incoming')
  }

  #path(hash: BlobHash): string {
    return join(this.#directory, hash.slice(0, 2), hash)
  }

  async #receive(path: string, source: AsyncIterable<Uint8Array>, meter: BlobMeter): Promise<StoredBlob> {
    const file = await onDisk(() => this.#files.grow(path))
    try {
      for await (const part of source) {
        meter.add(part)
        await onDisk(() => file.append(part))
      }
      await onDisk(() => file.sync())
    } finally {
      await file.close()
    }
    return meter.finish()
  }

  /** The same bytes have the same name, so it does not matter whether there is a file already. */
  async #name(path: string, hash: BlobHash): Promise<void> {
    const directory = join(this.#directory, hash.slice(0, 2))
    await this.#make(directory)
    await this.#files.rename(path, this.#path(hash))
    await this.#files.syncDirectory(directory)
  }

  async #make(directory: string): Promise<void> {
    if (this.#made.has(directory)) return
    await this.#files.makeDirectory(directory)
    await this.#files.syncDirectory(this.#directory)
    await this.#files.syncDirectory(join(this.#directory, '..'))
    this.#made.add(directory)
  }
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const isFull = ['ENOSPC', 'EDQUOT'].includes(String((cause as NodeJS.ErrnoException).code))
    const detail = isFull
      ? 'The disk of the server is full; nothing of this upload was kept.'
      : 'The disk did not take the upload; nothing of it was kept.'
    throw new SheafError('storage-failed', detail, { cause })
  }
}

// Uploaded bytes beside the documents: images and other files, each under the SHA-256 of what is in it. What is known of them (whose, of
// which type, by which name) is in the records. Every engine runs the contract in test/server/store/blobs.test.ts.
//
// Nothing here is ever collected: a version, a backup or another document may show what the newest text does not.

import { createHash } from 'node:crypto'
import { SheafError } from '@sheaf/protocol'

/** 64 lower-case hexadecimal digits. */
export type BlobHash = string

export interface StoredBlob {
  readonly hash: BlobHash
  readonly size: number
  /** The first bytes, at most {@link headBytes}: enough to see what it is. */
  readonly head: Uint8Array
}

/** Inclusive, as in HTTP. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

export interface BlobStore {
  /**
   * Takes the bytes as they come. Resolves when all of them, and their name, are on disk; what is there already stays as it is.
   * @throws what `source` throws; SheafError `too-large` as soon as there are more than `maxBytes`, `storage-failed` when the disk does
   * not take them. Nothing is left behind then.
   */
  put(source: AsyncIterable<Uint8Array>, options: { readonly maxBytes: number }): Promise<StoredBlob>
  /** Undefined when there is none. */
  size(hash: BlobHash): Promise<number | undefined>
  /** @param range inside the blob. @throws SheafError `not-found`; `storage-failed` when the disk does not give them. */
  read(hash: BlobHash, range?: ByteRange): AsyncIterable<Uint8Array>
  /** In order. */
  list(): AsyncIterable<BlobHash>
}

export const headBytes = 64

export function isBlobHash(value: string): boolean {
  return /^[0-9a-f]{64}$/.test(value)
}

/** Counts, hashes and keeps the head of what goes through. */
export class BlobMeter {
  readonly #hash = createHash('sha256')
  readonly #maxBytes: number
  #head = Buffer.alloc(0)
  #size = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** @throws SheafError `too-large`. */
  add(bytes: Uint8Array): void {
    this.#size += bytes.byteLength
    if (this.#size > this.#maxBytes) {
      const limit = this.#maxBytes
      throw new SheafError('too-large', `The upload is larger than ${limit} bytes.`, { details: { limit } })
    }
    this.#hash.update(bytes)
    if (this.#head.length < headBytes) this.#head = Buffer.concat([this.#head, bytes]).subarray(0, headBytes)
  }

  /** Once. */
  finish(): StoredBlob {
    return { hash: this.#hash.digest('hex'), size: this.#size, head: this.#head }
  }
}

export function noSuchBlob(): SheafError {
  return new SheafError('not-found', 'There is no such asset.')
}

/** Blobs that last as long as the process. @param check throws when nothing can be written. */
export function memoryBlobs(check: () => void): BlobStore {
  const kept = new Map<BlobHash, Uint8Array>()
  return {
    async put(source, { maxBytes }) {
      const meter = new BlobMeter(maxBytes)
      const parts: Uint8Array[] = []
      for await (const part of source) {
        meter.add(part)
        // The giver may use its buffer again.
        parts.push(Buffer.from(part))
      }
      check()
      const stored = meter.finish()
      kept.set(stored.hash, Buffer.concat(parts))
      return stored
    },
    size: async hash => kept.get(hash)?.byteLength,
    async *read(hash, range) {
      const bytes = kept.get(hash)
      if (bytes === undefined) throw noSuchBlob()
      yield range === undefined ? bytes : bytes.subarray(range.first, range.last + 1)
    },
    async *list() {
      yield* [...kept.keys()].sort()
    },
  }
}

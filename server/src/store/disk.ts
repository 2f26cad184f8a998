// What the store asks of an ordered key-value engine. Everything that touches the disk between opening and closing goes
// through here, so that a failing, slow or crashing disk can be put between.

import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { type DiskFiles, systemFiles } from './disk-files.ts'
import type { KeyRange } from './keys.ts'

export interface DiskReader {
  /** @throws Error (code `LEVEL_CORRUPTION`, `LEVEL_IO_ERROR`) when the engine cannot read. */
  get(key: Uint8Array): Promise<Uint8Array | undefined>
  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]>
  /** Entries in the order of their keys, some at a time. */
  pages(
    range: KeyRange,
    options?: PageOptions,
  ): AsyncIterable<readonly (readonly [key: Uint8Array, value: Uint8Array])[]>
}

export interface PageOptions {
  readonly reverse?: boolean
  /** Most entries in all. */
  readonly limit?: number
  /** Values come out empty. */
  readonly keysOnly?: boolean
}

/** The disk as it was at one moment. */
export interface DiskView extends DiskReader {
  close(): Promise<void>
}

/** Puts and deletions that become visible, and durable, all or none. Copies what it is given. */
export interface DiskBatch {
  put(key: Uint8Array, value: Uint8Array): void
  del(key: Uint8Array): void
  readonly length: number
  /** Resolves when it is written; with `sync`, when it is on disk. Once. */
  write(sync: boolean): Promise<void>
}

export interface Disk extends DiskReader {
  getSync(key: Uint8Array): Uint8Array | undefined
  view(): DiskView
  batch(): DiskBatch
  /** Takes what was deleted in a range out of the engine's files. Nothing may be written meanwhile. */
  merge(range: KeyRange): Promise<void>
  close(): Promise<void>
}

export interface DiskDriver {
  /** The file system that the engine's files are on. */
  readonly files: DiskFiles
  /** @throws Error (code `LEVEL_LOCKED` when another process has it open). */
  open(directory: string, options: { readonly create: boolean }): Promise<Disk>
  /** Takes the directory for this process; the result gives it back. @throws Error (code `LEVEL_LOCKED`) when it is taken. */
  lock(directory: string): Promise<() => Promise<void>>
  /** Makes the engine's files readable again, at the price of what cannot be read. */
  repair(directory: string): Promise<void>
  /** Writes and syncs so many bytes beside the engine's files and takes them away again; rejects when the disk does not. */
  probe(directory: string, bytes: number): Promise<void>
}

type Db = ClassicLevel<Uint8Array, Uint8Array>
type Snapshot = ReturnType<Db['snapshot']>

const pageEntries = 1_000
const pageBytes = 256 * 1024

export const levelDriver: DiskDriver = {
  files: systemFiles,

  async open(directory, { create }) {
    return levelDisk(await openDb(directory, { createIfMissing: create, writeBufferSize: 8 * 1024 * 1024 }))
  },

  async lock(directory) {
    try {
      const db = await openDb(directory, {})
      return () => db.close()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'LEVEL_CORRUPTION') throw error
      // There is nothing in it but the lock, so there is nothing to lose.
      await rm(directory, { recursive: true })
      const db = await openDb(directory, {})
      return () => db.close()
    }
  },

  async repair(directory) {
    await ClassicLevel.repair(directory)
    // LevelDB's repair leaves all tables side by side, where the one with the highest number would win and not the newest
    // entry; merging them all puts that right.
    const db = await openDb(directory, {})
    try {
      await db.compactRange(Buffer.of(0), Buffer.of(255))
    } finally {
      await db.close()
    }
  },

  async probe(directory, bytes) {
    const path = join(directory, 'probe')
    const file = await open(path, 'w')
    try {
      await file.write(Buffer.alloc(bytes))
      await file.sync()
    } finally {
      await file.close()
      await rm(path, { force: true })
    }
  },
}

async function openDb(directory: string, options: ConstructorParameters<typeof ClassicLevel>[1]): Promise<Db> {
  const db: Db = new ClassicLevel<Uint8Array, Uint8Array>(directory, {
    ...options,
    keyEncoding: 'view',
    valueEncoding: 'view',
  })
  try {
    await db.open()
    return db
  } catch (error) {
    // abstract-level says only that opening failed; why is in the cause.
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error
  }
}

function levelDisk(db: Db): Disk {
  return {
    ...levelReader(db),
    getSync: key => db.getSync(key),
    view() {
      const snapshot = db.snapshot()
      return { ...levelReader(db, snapshot), close: () => snapshot.close() }
    },
    batch() {
      const batch = db.batch()
      return {
        put: (key, value) => void batch.put(key, value),
        del: key => void batch.del(key),
        get length() {
          return batch.length
        },
        write: sync => batch.write({ sync }),
      }
    },
    async merge({ gte, lt }) {
      // First what is in memory becomes a table; where it meets no other, that table is merged with none and keeps what was
      // deleted. Two deletions of nothing reach over the whole range, and make another one above it, which is.
      await db.compactRange(gte, lt)
      await db.batch([
        { type: 'del', key: gte },
        { type: 'del', key: lt },
      ])
      await db.compactRange(gte, lt)
    },
    close: () => db.close(),
  }
}

function levelReader(db: Db, snapshot?: Snapshot): DiskReader {
  const at = snapshot === undefined ? {} : { snapshot }
  return {
    get: key => db.get(key, at),
    getMany: keys => db.getMany(keys as Uint8Array[], at),
    async *pages(range, { reverse = false, limit = -1, keysOnly = false } = {}) {
      const iterator = db.iterator({
        ...at,
        gte: range.gte,
        lt: range.lt,
        reverse,
        limit,
        values: !keysOnly,
        fillCache: false,
        highWaterMarkBytes: pageBytes,
      })
      try {
        for (;;) {
          const page = await iterator.nextv(pageEntries)
          if (page.length === 0) return
          yield page
        }
      } finally {
        await iterator.close()
      }
    },
  }
}

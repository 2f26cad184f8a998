// Small records beside the documents: folders, stars, accounts, links, tokens, what is known of uploads. A record is JSON under a key in
// a collection; every value is sealed, and every write goes through the one committer, so that what was answered is on disk.
//
// Changes run one after another: what a change has read cannot be changed by another one before it writes.

import { SheafError } from '@sheaf/protocol'
import { type KeyRange, maxKeyBytes, recordKey, recordKeyOf, recordRange } from './keys.ts'
import { decodeJson, encodeJson } from './rows.ts'

/** What there are records of. A name here is written to disk: it is never given to something else. */
export type Collection =
  | 'account'
  | 'account-name'
  | 'asset'
  | 'audit'
  | 'folder'
  | 'grant'
  | 'idempotency'
  | 'invite'
  | 'link'
  | 'placement'
  | 'request'
  | 'reset'
  | 'session'
  | 'setting'
  | 'star'
  | 'token'
  | 'visit'

export interface StoredRecord<T> {
  readonly key: string
  readonly value: T
}

export interface RecordQuery {
  /** Of the key. */
  readonly prefix?: string
  /** The key that the page before ended with. */
  readonly after?: string
  /** Default: all. */
  readonly limit?: number
  /** Last key first. */
  readonly reverse?: boolean
}

export interface RecordReader {
  /** Undefined when there is none, and when its bytes are damaged: who reads a right must take that for none. */
  get<T>(collection: Collection, key: string): Promise<T | undefined>
  /** In the byte order of the keys. Damaged ones are left out. */
  list<T>(collection: Collection, query?: RecordQuery): Promise<StoredRecord<T>[]>
}

/** Reads see what this change has written so far; `list` only what is on disk. */
export interface RecordChange extends RecordReader {
  put(collection: Collection, key: string, value: unknown): void
  delete(collection: Collection, key: string): void
}

export interface Records extends RecordReader {
  /**
   * Runs `write` when all changes before it are done; what it puts and deletes is written all or none.
   * @returns what `write` returned, when it is on disk. @throws what `write` throws, and nothing is written then; SheafError
   * `storage-failed` when the disk does not take it.
   */
  change<T>(write: (change: RecordChange) => Promise<T> | T): Promise<T>
}

/** What records ask of an engine. */
export interface RecordsPort {
  get(key: Uint8Array): Promise<Uint8Array | undefined>
  pages(
    range: KeyRange,
    options: { readonly limit?: number; readonly reverse?: boolean },
  ): AsyncIterable<readonly (readonly [key: Uint8Array, value: Uint8Array])[]>
  /** All or none; resolves when it is on disk. */
  commit(writes: ReadonlyMap<string, RecordWrite>): Promise<void>
  /** Bytes that are not what was written. */
  damaged(collection: Collection, key: string): void
}

export interface RecordWrite {
  readonly key: Uint8Array
  /** Null takes the record away. */
  readonly value: Uint8Array | null
}

export function openRecords(port: RecordsPort): Records {
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...readerOf(port),
    change(write) {
      const mine = last.then(() => changeOnce(port, write))
      // The next one waits for this one's end, whatever that is.
      last = mine.catch(() => undefined)
      return mine
    },
  }
}

/** Records that last as long as the process. @param check throws when nothing can be written. */
export function memoryRecords(check: () => void): Records {
  const kept = new Map<string, { readonly key: Buffer; readonly value: Uint8Array }>()
  return openRecords({
    get: async key => kept.get(Buffer.from(key).toString('latin1'))?.value,
    async *pages({ gte, lt }, { limit, reverse = false }) {
      const inside = [...kept.values()].filter(
        ({ key }) => Buffer.compare(key, gte) >= 0 && Buffer.compare(key, lt) < 0,
      )
      inside.sort((a, b) => Buffer.compare(a.key, b.key) * (reverse ? -1 : 1))
      yield inside.slice(0, limit).map(({ key, value }) => [key, value] as const)
    },
    commit: async writes => {
      check()
      for (const { key, value } of writes.values()) {
        const name = Buffer.from(key).toString('latin1')
        if (value === null) kept.delete(name)
        else kept.set(name, { key: Buffer.from(key), value })
      }
    },
    damaged: () => undefined,
  })
}

async function changeOnce<T>(port: RecordsPort, write: (change: RecordChange) => Promise<T> | T): Promise<T> {
  const reader = readerOf(port)
  const writes = new Map<string, RecordWrite>()
  const note = (collection: Collection, key: string, value: unknown): void => {
    const bytes = checkedKey(collection, key)
    writes.set(`${collection}\0${key}`, { key: bytes, value: value === undefined ? null : encodeJson(bytes, value) })
  }
  const result = await write({
    ...reader,
    async get<T>(collection: Collection, key: string) {
      const own = writes.get(`${collection}\0${key}`)
      if (own === undefined) return reader.get<T>(collection, key)
      return own.value === null ? undefined : (decodeJson(own.key, own.value) as T)
    },
    put: note,
    delete: (collection, key) => note(collection, key, undefined),
  })
  if (writes.size > 0) await port.commit(writes)
  return result
}

function readerOf(port: RecordsPort): RecordReader {
  const decoded = <T>(collection: Collection, key: Uint8Array, value: Uint8Array): T | undefined => {
    const record = decodeJson(key, value)
    if (record === undefined) port.damaged(collection, recordKeyOf(key))
    return record as T | undefined
  }
  return {
    async get<T>(collection: Collection, key: string) {
      const bytes = checkedKey(collection, key)
      const value = await port.get(bytes)
      return value && decoded<T>(collection, bytes, value)
    },
    async list<T>(collection: Collection, query: RecordQuery = {}) {
      const records: StoredRecord<T>[] = []
      const { limit, reverse = false } = query
      const options = { reverse, ...(limit !== undefined && { limit }) }
      for await (const page of port.pages(recordRange(collection, query), options)) {
        for (const [key, bytes] of page) {
          const value = decoded<T>(collection, key, bytes)
          if (value !== undefined) records.push({ key: recordKeyOf(key), value })
        }
      }
      return records
    },
  }
}

function checkedKey(collection: Collection, key: string): Uint8Array {
  const bytes = recordKey(collection, key)
  if (bytes.length <= maxKeyBytes && !key.includes('\0')) return bytes
  throw new SheafError('malformed', 'The key of a record is too long, or has a zero byte in it.')
}

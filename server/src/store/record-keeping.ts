// How records are kept on an engine: every value sealed, every write through the one committer, so that what was answered is on
// disk. Changes run one after another: what a change has read cannot be changed by another one before it writes.

import { SheafError } from '@sheaf/protocol'
import { type KeyRange, maxKeyBytes, recordKey, recordKeyOf, recordRange } from './keys.ts'
import type {
  Collection,
  RecordChange,
  RecordPut,
  RecordQuery,
  RecordReader,
  Records,
  StoredRecord,
} from './records.ts'
import { decodeJson, encodeJson } from './rows.ts'

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

/** The write of a record. @throws SheafError `malformed` for a key that cannot be. */
export function recordWrite({ collection, key, value }: RecordPut): {
  readonly key: Uint8Array
  readonly value: Uint8Array
} {
  const bytes = checkedKey(collection, key)
  return { key: bytes, value: encodeJson(bytes, value) }
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
export function memoryRecords(check: () => void): Records & { put(record: RecordPut): void } {
  const kept = new Map<string, { readonly key: Buffer; readonly value: Uint8Array }>()
  const records = openRecords({
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
  return {
    ...records,
    put(record) {
      const { key, value } = recordWrite(record)
      kept.set(Buffer.from(key).toString('latin1'), { key: Buffer.from(key), value })
    },
  }
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

// Small records beside the documents: folders, stars, accounts, links, tokens, what is known of uploads. A record is JSON under a key in
// a collection. Every engine keeps them by record-keeping.ts.

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
  | 'provided'
  | 'request'
  | 'reset'
  | 'session'
  | 'setting'
  | 'star'
  | 'text'
  | 'token'
  | 'visit'

export interface StoredRecord<T> {
  readonly key: string
  readonly value: T
}

/** A record to be written. */
export interface RecordPut {
  readonly collection: Collection
  readonly key: string
  readonly value: unknown
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

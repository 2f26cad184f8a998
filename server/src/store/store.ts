// The seam between documents and disks. The log is the truth: a document is its rows in order; a snapshot replaces rows
// 1..n and is derived from bytes read back from the log. Every engine runs the numbered contract in
// test/server/store/contract.ts.

import type { Layout } from '@sheaf/protocol'
import type { BlobStore } from './blobs.ts'
import type { RecordPut, Records } from './records.ts'
import type { Snapshot } from './snapshot.ts'

/** What lists show without opening a document. Derived from the body; refreshed some time after edits. */
export interface Summary {
  readonly title: string
  /** The first words of the body, at most 160 characters. */
  readonly snippet: string
  /** The revision that this summary was made from. */
  readonly revision: number
}

export interface DocumentRecord {
  readonly documentId: string
  /** Given at creation, never reused: a deleted name never comes back to life. 1 .. 2^53-1. */
  readonly number: number
  readonly layout: Layout
  readonly createdMs: number
  /** Wall time of the newest row. */
  readonly updatedMs: number
  /** When it was moved to the trash; absent while it is alive. */
  readonly deletedMs?: number
  readonly revision: number
  readonly summary: Summary
}

/** One accepted update: one row of the log, one revision. */
export interface UpdateRow {
  /** 1, 2, 3 … without gaps: the revision of the document after this row. */
  readonly seq: number
  readonly wallTimeMs: number
  /** Who asked for it; empty where nobody did but the server. */
  readonly principal: string
  /** The session that sent it; empty for the server's own. */
  readonly session: string
  readonly clientSeq: number
  /** By which door it came. */
  readonly origin: 'socket' | 'api' | 'server'
  /** A Yjs v1 update. */
  readonly update: Uint8Array
}

/**
 * From `clock` on the structs of a Yjs client id are this principal's, until the next claim of the same client. A client id
 * is neither a person nor a session: the server's own ids write for whoever asked it to.
 */
export interface Claim {
  readonly client: number
  readonly clock: number
  readonly principal: string
  readonly origin: UpdateRow['origin']
  /** Of the first row that it covers. */
  readonly wallTimeMs: number
}

/** Where a document's bytes are not what was written. */
export interface Damage {
  readonly what: 'row' | 'gap' | 'snapshot' | 'head' | 'log-file' | 'record' | 'blob'
  /** First and last seq concerned, where that is known. */
  readonly fromSeq?: number
  readonly toSeq?: number
  readonly detail: string
}

export interface LoadedDocument {
  readonly record: DocumentRecord
  /** 8 characters; another epoch is another timeline. */
  readonly epoch: string
  /** Seq of the newest row. */
  readonly revision: number
  /** Rows 1..snapshotSeq; null while there is none. */
  readonly snapshot: Snapshot | null
  readonly snapshotSeq: number
  /** Rows snapshotSeq+1 .. the end, or .. the last good one where there is damage. */
  readonly rows: readonly UpdateRow[]
  /** By client and clock. */
  readonly claims: readonly Claim[]
  /** Not empty: what is here is the last good state; it must be opened read-only, and its bytes are kept for repair. */
  readonly damage: readonly Damage[]
}

/** A row on its way to the disk. */
export interface PendingRow {
  /** {@link DocumentRecord.number} */
  readonly number: number
  readonly row: UpdateRow
  /** Durable with the row. */
  readonly claims?: readonly Claim[]
  /** Written in the batch of the row: there is never one without the other. */
  readonly records?: readonly RecordPut[]
  readonly sink: DurableSink
}

/** Told once per commit and document, in seq order, when its rows are on disk. Must not throw. */
export interface DurableSink {
  durable(rows: readonly UpdateRow[]): void
}

export type StoreState =
  | { readonly state: 'ok' }
  /**
   * What waits is not acknowledged. `full` and `error`: a write has failed; rows wait in memory and are tried again. `slow`: a
   * write has taken more than a second and is still under way.
   */
  | {
      readonly state: 'failing'
      readonly cause: 'full' | 'error' | 'slow'
      readonly sinceMs: number
      readonly pendingRows: number
    }
  | { readonly state: 'closed' }

export interface ListOptions {
  readonly trashed?: boolean
  /** Newest edit first, or document id ascending. Default `updated`. */
  readonly sort?: 'updated' | 'id'
  /** 1..200, default 50. */
  readonly limit?: number
  /** Opaque; from {@link ListPage.next}. */
  readonly cursor?: string
  /** Case-insensitive substring of the title. */
  readonly titleContains?: string
}

export interface ListPage {
  readonly items: readonly DocumentRecord[]
  readonly next?: string
}

export interface CreateOptions {
  readonly layout: Layout
  readonly nowMs: number
  readonly summary?: { readonly title: string; readonly snippet: string }
  /** Rows 1..n of the new document (Yjs v1 updates), written in the same synced batch as its name. */
  readonly updates: readonly Uint8Array[]
  /** Durable with the document. */
  readonly claims?: readonly Claim[]
  /** Written in the batch of the name: there is never one without the other. */
  readonly records?: readonly RecordPut[]
}

/** Merges a snapshot and rows; runs in a worker thread in the server, inline in unit tests. Pure. */
export interface Compactor {
  /**
   * @param updates Yjs v1 updates that follow the snapshot.
   * @returns a snapshot of the same state; throws when state vector or deletions would differ.
   */
  merge(snapshot: Snapshot | null, updates: readonly Uint8Array[]): Promise<Snapshot>
  close(): Promise<void>
}

export interface DocumentStore {
  /** What an acknowledgement of this store means. */
  readonly durability: 'fsync' | 'os' | 'memory'
  /** What is kept beside the documents. */
  readonly records: Records
  /** Uploaded bytes. */
  readonly blobs: BlobStore

  /** Resolves when name and first rows are on disk. @throws SheafError `already-exists`, also for a deleted name. */
  create(documentId: string, options: CreateOptions): Promise<DocumentRecord>
  find(documentId: string): Promise<DocumentRecord | undefined>
  /** Those that exist, in the order of the ids. */
  findMany(documentIds: readonly string[]): Promise<DocumentRecord[]>
  list(options?: ListOptions): Promise<ListPage>
  /** @throws SheafError `not-found`; `damaged` when not even a last good state exists. Never an empty document instead. */
  load(documentId: string): Promise<LoadedDocument>
  /** Rows of one document in order, also those that a snapshot covers while they are kept. */
  readRows(number: number, fromSeq: number, toSeq: number): AsyncIterable<UpdateRow>

  /** False when the bounded ring of rows that wait for the disk has no room; then no seq may be assigned. */
  hasRoom(bytes: number): boolean
  /**
   * Hands a row to the one committer. Rows of one document must come in seq order without gaps. Returns at once;
   * `row.sink.durable` is called when the row is on disk. A row is never dropped: while the disk fails it is tried again.
   */
  append(pending: PendingRow): void
  /** Resolves when everything handed over before the call is durable. */
  flush(): Promise<void>

  /** Writes the summary; not synced on its own, it is derived data. */
  putSummary(documentId: string, summary: Summary): Promise<void>
  /** Moves to the trash and back; durable. @throws SheafError `not-found`. */
  setDeleted(documentId: string, deletedMs: number | undefined): Promise<DocumentRecord>

  /**
   * Deletes a document from the trash for good: rows, snapshots, history, authors, summary. Its name stays taken. Nobody may have it
   * open. Safe to crash at any point: what was begun is finished at the next start.
   * @throws SheafError `not-found`; `precondition-failed` when it is not in the trash.
   */
  purge(documentId: string): Promise<void>

  /** True when compaction is worth it (store.md: bytes, rows or idleness). */
  isCompactionDue(number: number, idle: boolean): boolean
  /** Resolves when the head points to the new snapshot and the old rows are gone. Safe to crash at any point. */
  compact(documentId: string): Promise<void>

  readonly state: StoreState
  /** Called on every change of `state`; returns the way to stop listening. */
  onState(listener: (state: StoreState) => void): () => void
  /** What start-up found: documents and files that are damaged. */
  readonly report: readonly { readonly documentId?: string; readonly damage: Damage }[]
  /** One synced write; resolves when it is on disk, rejects when it is not. For readiness. */
  probe(): Promise<void>
  /** Flushes and marks a clean stop. */
  close(): Promise<void>
}

// The seam between a document and the storage of the device. What is kept is a sequence of rows, in the order in which the
// replica took them: every update, our own and everybody else's, so that a row never builds on something that is missing.
// Our own rows are the outbox until the server acknowledged them. A compaction replaces rows by one that holds the state of
// the replica, except those that are unsent.

import type { Layout } from '@sheaf/protocol'

/** What is remembered of a document beside its rows. */
export interface KeptMeta {
  /** The timeline that the rows belong to; absent until a server told it. */
  readonly epoch?: string
  readonly layout?: Layout
  /** True once a full sync is among the rows: from then on the copy may be shown as the document. */
  readonly synced?: boolean
  /** True while no server is known to have the document: it was made on this device. */
  readonly made?: boolean
  readonly title?: string
  readonly openedMs?: number
}

export interface KeptRow {
  /** Sequence number in this session for our own update, null for everybody else's. */
  readonly seq: number | null
  /** How many changes of the user the row stands for. */
  readonly changes: number
  /** A Yjs v1 update. */
  readonly update: Uint8Array
}

/** What one transaction writes; all of it or nothing. */
export interface KeptBatch {
  readonly rows: readonly KeptRow[]
  /** Ids of orphaned rows for which `rows` stand in. */
  readonly replaces?: readonly number[]
  /** Own rows up to this seq are acknowledged. */
  readonly acknowledged?: number
  readonly meta?: KeptMeta
  /** `strict`: the promise waits for the disk itself; for rows that exist nowhere else. */
  readonly durability: 'strict' | 'relaxed'
}

/** Unsent rows of a session that is gone. */
export interface Orphans {
  readonly ids: readonly number[]
  readonly changes: number
  /** All of them as one Yjs v1 update. */
  readonly update: Uint8Array
}

/** The kept copy of one document, as one session of it sees it. */
export interface KeptCopy {
  /** Everything that is kept; the updates are to be applied in their order. Called once, before anything is written. */
  read(): Promise<{ meta: KeptMeta; updates: readonly Uint8Array[] }>
  /** Resolves when the batch is written. */
  write(batch: KeptBatch): Promise<void>
  /**
   * The unsent rows of sessions that are gone (a closed tab, a crash); undefined when there are none. Whoever sends them
   * writes a row of its own that `replaces` them. Rows that another living session is sending are not among them.
   */
  orphans(): Promise<Orphans | undefined>
  /**
   * Replaces the rows by `state()`, which is called inside the transaction; unsent rows stay.
   * @param unsent stands in for all unsent rows of this session, where some of them may never have been written.
   */
  compact(state: () => Uint8Array, unsent?: KeptRow): Promise<void>
  /** Ends the session: what it did not get acknowledged is an orphan now. */
  close(): Promise<void>
}

/** A line of the list of documents on this device. */
export interface KeptDocument {
  readonly documentId: string
  readonly title: string
  readonly openedMs: number
  /** Changes that no server has acknowledged. */
  readonly pending: number
  readonly layout?: Layout
  /** True for one that was made on this device, and that no server has yet. */
  readonly made: boolean
  /** False when the copy never was complete and cannot be shown without the server. */
  readonly complete: boolean
}

/** A copy that cannot go on: of another timeline, or with changes that were refused. */
export interface CopyAside {
  readonly id: number
  readonly documentId: string
  readonly title: string
  readonly asideMs: number
  /** The whole copy as one Yjs v1 update. */
  readonly update: Uint8Array
}

export interface OfflineStore {
  /** Begins a session on the kept copy of a document, an empty one if there is none. */
  open(documentId: string): Promise<KeptCopy>
  /** Newest first. */
  list(): Promise<KeptDocument[]>
  /** Moves the copy out of the way, for export; the next `open` begins empty. */
  setAside(documentId: string, nowMs: number): Promise<void>
  listAside(): Promise<CopyAside[]>
  /** Forgets a copy that was set aside. */
  discardAside(id: number): Promise<void>
  /** Asks the browser not to throw the storage away when space is short. */
  persist(): Promise<boolean>
}

// The store in memory: for tests, simulation and demonstrations. It keeps the whole contract but surviving the process:
// a row becomes durable in a microtask, never inside `append`, and a disk that fails can be played with `breakDisk`.

import { randomId, SheafError } from '@sheaf/protocol'
import { type Clock, systemClock } from '../clock.ts'
import { type Log, silentLog } from '../log.ts'
import { type BlobStore, memoryBlobs } from './blobs.ts'
import { compactionDue, inlineCompactor } from './compaction.ts'
import { deliver } from './delivery.ts'
import { comparePositions, encodeCursor, listQuery, matchesQuery, positionOf } from './list.ts'
import { memoryRecords } from './record-keeping.ts'
import type { Snapshot } from './snapshot.ts'
import type {
  Claim,
  Compactor,
  CreateOptions,
  DocumentRecord,
  DocumentStore,
  ListOptions,
  ListPage,
  LoadedDocument,
  PendingRow,
  StoreState,
  Summary,
  UpdateRow,
} from './store.ts'

export interface MemoryStoreOptions {
  readonly clock?: Clock
  readonly compactor?: Compactor
  readonly log?: Log
  /** Bytes of rows that may wait for the disk. Default 64 MiB. */
  readonly ringBytes?: number
}

interface Entry {
  record: DocumentRecord
  readonly epoch: string
  readonly rows: UpdateRow[]
  readonly claims: Claim[]
  /** Seq of the newest row handed over, durable or not. */
  handedSeq: number
  snapshot: Snapshot | null
  snapshotSeq: number
  logBytes: number
}

export class MemoryStore implements DocumentStore {
  readonly durability = 'memory'
  readonly report = []
  readonly records: ReturnType<typeof memoryRecords> = memoryRecords(() => this.#assertWritable())
  readonly blobs: BlobStore = memoryBlobs(() => this.#assertWritable())
  readonly #clock: Clock
  readonly #compactor: Compactor
  readonly #log: Log
  readonly #ringBytes: number
  readonly #entries = new Map<string, Entry>()
  readonly #byNumber = new Map<number, Entry>()
  readonly #listeners = new Set<(state: StoreState) => void>()
  /** Names of documents that were deleted for good. */
  readonly #burnt = new Set<string>()
  #lastNumber = 0
  #pending: PendingRow[] = []
  #pendingBytes = 0
  #commitScheduled = false
  #waitingForFlush: (() => void)[] = []
  #state: StoreState = { state: 'ok' }

  constructor(options: MemoryStoreOptions = {}) {
    this.#clock = options.clock ?? systemClock
    this.#compactor = options.compactor ?? inlineCompactor
    this.#log = options.log ?? silentLog
    this.#ringBytes = options.ringBytes ?? 64 * 1024 * 1024
  }

  async create(documentId: string, options: CreateOptions): Promise<DocumentRecord> {
    this.#assertWritable()
    if (this.#entries.has(documentId) || this.#burnt.has(documentId)) throw new SheafError('already-exists')
    const number = ++this.#lastNumber
    const rows = options.updates.map((update, index) => createdRow(index + 1, options.nowMs, update))
    const entry: Entry = {
      record: {
        documentId,
        number,
        layout: options.layout,
        createdMs: options.nowMs,
        updatedMs: options.nowMs,
        revision: rows.length,
        summary: { title: '', snippet: '', ...options.summary, revision: rows.length },
      },
      epoch: randomId(8),
      rows,
      claims: [...(options.claims ?? [])],
      handedSeq: rows.length,
      snapshot: null,
      snapshotSeq: 0,
      logBytes: rows.reduce((sum, row) => sum + row.update.length, 0),
    }
    for (const record of options.records ?? []) this.records.put(record)
    this.#entries.set(documentId, entry)
    this.#byNumber.set(number, entry)
    return entry.record
  }

  async find(documentId: string): Promise<DocumentRecord | undefined> {
    this.#assertOpen()
    return this.#entries.get(documentId)?.record
  }

  async findMany(documentIds: readonly string[]): Promise<DocumentRecord[]> {
    this.#assertOpen()
    return documentIds.flatMap(documentId => this.#entries.get(documentId)?.record ?? [])
  }

  async list(options?: ListOptions): Promise<ListPage> {
    this.#assertOpen()
    const query = listQuery(options)
    const found: DocumentRecord[] = []
    for (const { record } of this.#entries.values()) {
      if (!matchesQuery(record, query)) continue
      if (query.after === undefined || comparePositions(positionOf(record, query.sort), query.after) > 0)
        found.push(record)
    }
    found.sort((a, b) => comparePositions(positionOf(a, query.sort), positionOf(b, query.sort)))
    const items = found.slice(0, query.limit)
    const last = items.at(-1)
    return found.length > items.length && last ? { items, next: encodeCursor(positionOf(last, query.sort)) } : { items }
  }

  async load(documentId: string): Promise<LoadedDocument> {
    this.#assertOpen()
    const entry = this.#entry(documentId)
    return {
      record: entry.record,
      epoch: entry.epoch,
      revision: entry.record.revision,
      snapshot: entry.snapshot,
      snapshotSeq: entry.snapshotSeq,
      rows: entry.rows.slice(entry.snapshotSeq),
      claims: entry.claims.toSorted((a, b) => a.client - b.client || a.clock - b.clock),
      damage: [],
    }
  }

  async *readRows(number: number, fromSeq: number, toSeq: number): AsyncIterable<UpdateRow> {
    this.#assertOpen()
    const rows = this.#byNumber.get(number)?.rows ?? []
    yield* rows.slice(Math.max(0, fromSeq - 1), toSeq)
  }

  hasRoom(bytes: number): boolean {
    return this.#pending.length === 0 || this.#pendingBytes + bytes <= this.#ringBytes
  }

  append(pending: PendingRow): void {
    this.#assertOpen()
    const entry = this.#byNumber.get(pending.number)
    if (entry === undefined) throw new RangeError(`there is no document number ${pending.number}`)
    if (pending.row.seq !== entry.handedSeq + 1) {
      throw new RangeError(`row ${pending.row.seq} cannot follow row ${entry.handedSeq}`)
    }
    entry.handedSeq = pending.row.seq
    this.#pending.push(pending)
    this.#pendingBytes += pending.row.update.length
    this.#scheduleCommit()
  }

  flush(): Promise<void> {
    if (this.#pending.length === 0) return Promise.resolve()
    return new Promise(resolve => this.#waitingForFlush.push(resolve))
  }

  async putSummary(documentId: string, summary: Summary): Promise<void> {
    this.#assertWritable()
    const entry = this.#entry(documentId)
    entry.record = { ...entry.record, summary }
  }

  async setDeleted(documentId: string, deletedMs: number | undefined): Promise<DocumentRecord> {
    this.#assertWritable()
    const entry = this.#entry(documentId)
    const { deletedMs: _, ...alive } = entry.record
    entry.record = deletedMs === undefined ? alive : { ...alive, deletedMs }
    return entry.record
  }

  async purge(documentId: string): Promise<void> {
    this.#assertWritable()
    const { record } = this.#entry(documentId)
    if (record.deletedMs === undefined) {
      throw new SheafError('precondition-failed', 'Only what is in the trash can be deleted for good.')
    }
    this.#entries.delete(documentId)
    this.#byNumber.delete(record.number)
    this.#burnt.add(documentId)
  }

  isCompactionDue(number: number, idle: boolean): boolean {
    const entry = this.#byNumber.get(number)
    if (entry === undefined) return false
    const rows = entry.rows.length - entry.snapshotSeq
    return compactionDue({ rows, bytes: entry.logBytes, snapshotBytes: entry.snapshot?.deflated.length ?? 0 }, idle)
  }

  async compact(documentId: string): Promise<void> {
    this.#assertWritable()
    const entry = this.#entry(documentId)
    const { snapshot, snapshotSeq } = entry
    const rows = entry.rows.slice(snapshotSeq)
    if (rows.length === 0) return
    const merged = await this.#compactor.merge(
      snapshot,
      rows.map(row => row.update),
    )
    if (entry.snapshotSeq !== snapshotSeq) return
    entry.snapshot = merged
    entry.snapshotSeq = snapshotSeq + rows.length
    entry.logBytes = entry.rows.slice(entry.snapshotSeq).reduce((sum, row) => sum + row.update.length, 0)
  }

  get state(): StoreState {
    return this.#state
  }

  onState(listener: (state: StoreState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async probe(): Promise<void> {
    this.#assertWritable()
  }

  async close(): Promise<void> {
    if (this.#state.state === 'closed') return
    const lost = this.#state.state === 'failing' ? this.#pending.length : 0
    if (lost === 0) await this.flush()
    this.#setState({ state: 'closed' })
    await this.#compactor.close()
    if (lost > 0) throw new SheafError('storage-failed', `${lost} rows were not durable when the store was closed.`)
  }

  /** From now on nothing becomes durable, as with a disk that is full or broken. */
  breakDisk(cause: 'full' | 'error'): void {
    this.#assertOpen()
    this.#setState({ state: 'failing', cause, sinceMs: this.#clock.nowMs(), pendingRows: this.#pending.length })
  }

  /** The disk takes writes again; everything that waited becomes durable. */
  mendDisk(): void {
    this.#assertOpen()
    this.#setState({ state: 'ok' })
    this.#scheduleCommit()
  }

  #scheduleCommit(): void {
    if (this.#commitScheduled) return
    this.#commitScheduled = true
    queueMicrotask(() => {
      this.#commitScheduled = false
      this.#commit()
    })
  }

  #commit(): void {
    if (this.#state.state === 'failing') {
      this.#state = { ...this.#state, pendingRows: this.#pending.length }
    }
    if (this.#state.state !== 'ok') return
    const batch = this.#pending
    this.#pending = []
    this.#pendingBytes = 0
    for (const { number, row, claims = [], records = [] } of batch) {
      const entry = this.#byNumber.get(number) as Entry
      entry.rows.push(row)
      entry.claims.push(...claims)
      for (const record of records) this.records.put(record)
      entry.logBytes += row.update.length
      entry.record = { ...entry.record, revision: row.seq, updatedMs: row.wallTimeMs }
    }
    deliver(batch, error => this.#log.error('a sink threw', { error }))
    const waiting = this.#waitingForFlush
    this.#waitingForFlush = []
    for (const resolve of waiting) resolve()
  }

  #entry(documentId: string): Entry {
    const entry = this.#entries.get(documentId)
    if (entry === undefined) throw new SheafError('not-found')
    return entry
  }

  #setState(state: StoreState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }

  #assertOpen(): void {
    if (this.#state.state === 'closed') throw new SheafError('going-away', 'The store is closed.')
  }

  #assertWritable(): void {
    this.#assertOpen()
    if (this.#state.state === 'failing') throw new SheafError('storage-failed')
  }
}

function createdRow(seq: number, wallTimeMs: number, update: Uint8Array): UpdateRow {
  return { seq, wallTimeMs, principal: '', session: '', clientSeq: 0, origin: 'server', update }
}

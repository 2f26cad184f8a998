// The one committer: everything that must be durable passes through here. While one batch is being synced the next one
// gathers, over all documents, so that an idle server answers after one sync and a busy one makes larger batches; no knob.
//
// Invariants: rows reach the disk in the order in which they were handed over; a sink hears of a row only after the sync
// that covers it; a row is never dropped; the head of a document and the rows that it speaks of are in one batch.
//
// A batch that fails is a state of the store and no event: nothing is acknowledged, rows wait, and the disk is opened again
// and asked what it holds, with growing pauses, until a batch is written. Changes other than rows are refused meanwhile,
// because whoever asked for them is waiting for an answer.

import { SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { deliver } from './delivery.ts'
import type { Disk, DiskBatch } from './disk.ts'
import type { OpenDocument, OpenDocuments } from './documents.ts'
import { authorKey, headKey, identityKey, metaKey, recencyKey, updateKey } from './keys.ts'
import type { DocumentState } from './loading.ts'
import { recordWrite } from './record-keeping.ts'
import type { ReopeningDisk } from './reopening.ts'
import { encodeClaim, encodeHead, encodeIdentity, encodeNumber, encodeRow } from './rows.ts'
import type { Claim, PendingRow, StoreState, UpdateRow } from './store.ts'

export interface CommitterOptions {
  readonly disk: ReopeningDisk
  readonly documents: OpenDocuments
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Bytes of rows that may wait for the disk. */
  readonly ringBytes: number
  /** False: a batch counts as durable when the operating system has it. */
  readonly sync: boolean
  /** Rejects when the disk does not take so many bytes. */
  readonly probe: (bytes: number) => Promise<void>
  /** Called when the disk was opened again and acknowledged rows of a document were not there. */
  readonly lost: (lost: { number: number; documentId: string; revision: number; expected: number }) => void
}

/** One batch while it is being put together. */
export interface Draft {
  put(key: Uint8Array, value: Uint8Array): void
  del(key: Uint8Array): void
  /** Where the document stands after what is in the batch so far. @throws RangeError when there is no such document. */
  state(number: number): DocumentState
  /** The batch writes head, identity and place in the list; memory follows when it is on disk. */
  setState(number: number, state: DocumentState): void
  row(number: number, row: UpdateRow): void
  claims(number: number, claims: readonly Claim[]): void
}

interface Change {
  readonly write: (draft: Draft) => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Bytes of rows in one batch; a larger row goes alone. */
const batchBytes = 4 * 1024 * 1024
/** What a row costs in memory beside its update. */
const rowOverhead = 128
/** A batch that takes longer is told: people wait for it. */
const slowMs = 1_000
const firstRetryMs = 50
const maxRetryMs = 5_000

export class Committer {
  readonly #options: CommitterOptions
  #rows: PendingRow[] = []
  #changes: Change[] = []
  #waitingBytes = 0
  /** Rows handed over, and rows durable, since the start. */
  #handed = 0
  #done = 0
  #flushes: { readonly upTo: number; readonly resolve: () => void }[] = []
  /** A batch is being written, or the disk is being opened again; what comes meanwhile waits for the next batch. */
  #busy = false
  #running: Promise<void> = Promise.resolve()
  #failure: { readonly cause: 'full' | 'error'; readonly sinceMs: number; readonly error: unknown } | undefined
  /** Since when the batch that is being written takes longer than it should. */
  #slowSinceMs: number | undefined
  #retries = 0
  #cancelRetry: (() => void) | undefined
  #closed = false
  readonly #listeners = new Set<(state: StoreState) => void>()

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  get state(): StoreState {
    if (this.#closed) return { state: 'closed' }
    const pendingRows = this.#handed - this.#done
    if (this.#failure !== undefined) {
      const { cause, sinceMs } = this.#failure
      return { state: 'failing', cause, sinceMs, pendingRows }
    }
    if (this.#slowSinceMs === undefined) return { state: 'ok' }
    return { state: 'failing', cause: 'slow', sinceMs: this.#slowSinceMs, pendingRows }
  }

  onState(listener: (state: StoreState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** True when the last write has failed, and its remains may be in the files. */
  get hasFailed(): boolean {
    return this.#failure !== undefined
  }

  hasRoom(bytes: number): boolean {
    return this.#waitingBytes === 0 || this.#waitingBytes + bytes + rowOverhead <= this.#options.ringBytes
  }

  /** @throws RangeError for a row that does not follow the one before; nothing is taken then. */
  append(pending: PendingRow): void {
    this.#assertOpen()
    const { row, number } = pending
    const open = this.#options.documents.need(number, () => this.#options.disk.now())
    if (row.seq !== open.handedSeq + 1) throw new RangeError(`row ${row.seq} cannot follow row ${open.handedSeq}`)
    open.handedSeq = row.seq
    this.#rows.push(pending)
    this.#handed++
    this.#waitingBytes += row.update.length + rowOverhead
    this.#wake()
  }

  /** Resolves when what `write` puts into the next batch is durable; rejects `storage-failed` when that batch fails. */
  submit(write: (draft: Draft) => void): Promise<void> {
    this.#assertOpen()
    if (this.#failure !== undefined) return Promise.reject(storageFailed(this.#failure.error))
    return new Promise((resolve, reject) => {
      this.#changes.push({ write, resolve, reject })
      this.#wake()
    })
  }

  flush(): Promise<void> {
    if (this.#done === this.#handed) return Promise.resolve()
    return new Promise(resolve => this.#flushes.push({ upTo: this.#handed, resolve }))
  }

  /** Commits what waits, with one last try on a failing disk. @returns rows that are not durable. */
  async close(): Promise<number> {
    if (this.#failure !== undefined) {
      this.#cancelRetry?.()
      await this.#running
    }
    if (this.#failure !== undefined) {
      this.#cancelRetry?.()
      await this.#recover(this.#failure.error)
    }
    if (this.#failure === undefined) await Promise.race([this.flush(), this.#firstFailure()])
    this.#cancelRetry?.()
    await this.#running
    this.#closed = true
    this.#tell()
    return this.#handed - this.#done
  }

  #wake(): void {
    if (this.#busy || this.#failure !== undefined) return
    this.#busy = true
    queueMicrotask(() => {
      this.#running = this.#run()
    })
  }

  async #run(): Promise<void> {
    while (this.#failure === undefined && (this.#rows.length > 0 || this.#changes.length > 0)) {
      await this.#commit()
    }
    this.#busy = false
  }

  /** Writes one batch; after a failure rows are where they were, and the changes have been refused. */
  async #commit(): Promise<void> {
    const { disk, metrics, clock, sync } = this.#options
    const rows = this.#takeRows()
    const changes = this.#changes
    this.#changes = []
    const startedMs = clock.monotonicMs()
    const accepted: Change[] = []
    const cancelSlow = clock.after(slowMs, () => this.#setSlow(clock.nowMs() - slowMs))
    let draft: BatchDraft
    try {
      draft = new BatchDraft(disk.now(), this.#options.documents)
      for (const { number, row, claims, records } of rows) {
        draft.row(number, row)
        if (claims !== undefined) draft.claims(number, claims)
        for (const record of records ?? []) {
          const { key, value } = recordWrite(record)
          draft.put(key, value)
        }
      }
      for (const change of changes) {
        try {
          change.write(draft)
          accepted.push(change)
        } catch (error) {
          change.reject(error)
        }
      }
      await draft.write(sync)
    } catch (error) {
      cancelSlow()
      this.#rows = rows.concat(this.#rows)
      for (const change of accepted) change.reject(storageFailed(error))
      this.#fail(error)
      return
    }
    cancelSlow()
    draft.settle()
    this.#done += rows.length
    for (const { row } of rows) this.#waitingBytes -= row.update.length + rowOverhead
    metrics.observe('sheaf_store_commit_seconds', (clock.monotonicMs() - startedMs) / 1_000)
    metrics.observe('sheaf_store_commit_rows', rows.length)
    metrics.count('sheaf_store_rows_total', rows.length)
    metrics.gauge('sheaf_store_pending_rows', this.#handed - this.#done)
    if (this.#failure !== undefined) this.#mended()
    else if (this.#slowSinceMs !== undefined) this.#setSlow(undefined)
    deliver(rows, error => this.#options.log.error('a room failed to take its durable rows', { error }))
    for (const change of accepted) change.resolve()
    const isDone = (flush: { upTo: number }) => flush.upTo <= this.#done
    const flushed = this.#flushes.filter(isDone)
    if (flushed.length > 0) this.#flushes = this.#flushes.filter(flush => !isDone(flush))
    for (const { resolve } of flushed) resolve()
  }

  #takeRows(): PendingRow[] {
    let bytes = 0
    let end = 0
    while (end < this.#rows.length) {
      bytes += this.#rows[end]!.row.update.length
      if (bytes > batchBytes && end > 0) break
      end++
    }
    if (end === this.#rows.length) {
      const all = this.#rows
      this.#rows = []
      return all
    }
    return this.#rows.splice(0, end)
  }

  #setSlow(sinceMs: number | undefined): void {
    const { log, metrics } = this.#options
    this.#slowSinceMs = sinceMs
    if (this.#failure !== undefined) return
    if (sinceMs === undefined) log.info('the disk is as quick again as it should be')
    else
      log.warn('the disk takes long; what waits for it is not acknowledged', { pendingRows: this.#handed - this.#done })
    metrics.gauge('sheaf_store_failing', sinceMs === undefined ? 0 : 1)
    this.#tell()
  }

  #fail(error: unknown): void {
    const { clock, log, metrics } = this.#options
    const cause = isDiskFull(error) ? 'full' : 'error'
    const isNews = this.#failure?.cause !== cause
    this.#failure = { cause, sinceMs: this.#failure?.sinceMs ?? clock.nowMs(), error }
    this.#slowSinceMs = undefined
    for (const change of this.#changes.splice(0)) change.reject(storageFailed(error))
    metrics.gauge('sheaf_store_failing', 1)
    metrics.gauge('sheaf_store_pending_rows', this.#handed - this.#done)
    if (isNews) {
      log.error('the disk does not take writes; nothing is acknowledged', { cause, error })
      this.#tell()
    }
    if (this.#closed) return
    const waitMs = Math.min(maxRetryMs, firstRetryMs * 2 ** this.#retries++)
    this.#cancelRetry = clock.after(waitMs, () => {
      this.#running = this.#recover(error)
    })
  }

  /** Opens the disk again, compares it with what was acknowledged, and writes the first batch that waits. */
  async #recover(failure: unknown): Promise<void> {
    const { disk, documents, probe, lost } = this.#options
    this.#busy = true
    try {
      // Before the open disk, which can still be read, is given up.
      await probe(Math.min(this.#waitingBytes, batchBytes) + 64 * 1024)
      await disk.reopen(failure)
      for (const found of await documents.recheck(disk.now())) lost(found)
    } catch (error) {
      this.#busy = false
      this.#fail(error)
      return
    }
    this.#changes.push({ write: writeProbe, resolve: () => undefined, reject: () => undefined })
    await this.#commit()
    await this.#run()
  }

  #mended(): void {
    this.#failure = undefined
    this.#slowSinceMs = undefined
    this.#retries = 0
    this.#options.metrics.gauge('sheaf_store_failing', 0)
    this.#options.log.info('the disk takes writes again')
    this.#tell()
  }

  #firstFailure(): Promise<void> {
    return new Promise(resolve => {
      const leave = this.onState(() => {
        if (this.#failure === undefined) return
        leave()
        resolve()
      })
    })
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener(this.state)
  }

  #assertOpen(): void {
    if (this.#closed) throw new SheafError('going-away', 'The store is closed.')
  }
}

/** Something to sync, for a disk that is asked whether it works. */
export function writeProbe(draft: Draft): void {
  const key = metaKey('probe')
  draft.put(key, encodeNumber(key, 1))
}

/** The batch, and the states of the documents in it as they will be when it is on disk. */
class BatchDraft implements Draft {
  readonly #disk: Disk
  readonly #batch: DiskBatch
  readonly #documents: OpenDocuments
  readonly #states = new Map<number, { readonly open: OpenDocument | undefined; state: DocumentState }>()

  constructor(disk: Disk, documents: OpenDocuments) {
    this.#disk = disk
    this.#batch = disk.batch()
    this.#documents = documents
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#batch.put(key, value)
  }

  del(key: Uint8Array): void {
    this.#batch.del(key)
  }

  state(number: number): DocumentState {
    return this.#drafted(number).state
  }

  setState(number: number, state: DocumentState): void {
    const drafted = this.#states.get(number)
    if (drafted !== undefined) drafted.state = state
    else this.#states.set(number, { open: this.#documents.get(number), state })
  }

  row(number: number, row: UpdateRow): void {
    const drafted = this.#drafted(number)
    const { identity, head } = drafted.state
    const key = updateKey(number, row.seq)
    this.#batch.put(key, encodeRow(key, head.epoch, row))
    // After a failed batch the disk may hold rows that wait to be written again; they are counted already.
    if (row.seq <= head.revision) return
    const logBytes = head.logBytes + row.update.length
    drafted.state = { identity, head: { ...head, revision: row.seq, updatedMs: row.wallTimeMs, logBytes } }
  }

  claims(number: number, claims: readonly Claim[]): void {
    for (const claim of claims) {
      const key = authorKey(number, claim.client, claim.clock)
      this.#batch.put(key, encodeClaim(key, claim))
    }
  }

  async write(sync: boolean): Promise<void> {
    for (const [number, { open, state }] of this.#states) this.#writeState(number, open?.state, state)
    await this.#batch.write(sync)
  }

  /** The batch is on disk: from now on its states are the documents' states. */
  settle(): void {
    for (const [number, { state }] of this.#states) {
      const open = this.#documents.get(number)
      if (open !== undefined) open.state = state
      else this.#documents.put(number, state)
    }
  }

  #writeState(number: number, before: DocumentState | undefined, after: DocumentState): void {
    const key = headKey(number)
    if (before?.head !== after.head) this.#batch.put(key, encodeHead(key, after.head))
    if (before?.identity !== after.identity) {
      const identity = identityKey(number)
      this.#batch.put(identity, encodeIdentity(identity, after.identity))
    }
    const wasTrashed = before?.identity.deletedMs !== undefined
    const isTrashed = after.identity.deletedMs !== undefined
    if (before && wasTrashed === isTrashed && before.head.updatedMs === after.head.updatedMs) return
    if (before) this.#batch.del(recencyKey(wasTrashed, before.head.updatedMs, number))
    this.#batch.put(recencyKey(isTrashed, after.head.updatedMs, number), empty)
  }

  #drafted(number: number): { readonly open: OpenDocument | undefined; state: DocumentState } {
    const known = this.#states.get(number)
    if (known !== undefined) return known
    const open = this.#documents.need(number, () => this.#disk)
    const drafted = { open, state: open.state }
    this.#states.set(number, drafted)
    return drafted
  }
}

const empty = new Uint8Array(0)

function storageFailed(cause: unknown): SheafError {
  return new SheafError('storage-failed', undefined, { cause })
}

function isDiskFull(error: unknown): boolean {
  const text =
    error instanceof Error ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}` : String(error)
  return /ENOSPC|EDQUOT|No space left|quota exceeded/i.test(text)
}

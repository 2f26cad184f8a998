// Writes one document's changes to the storage of the device, in order, one transaction at a time; while one runs, the next
// batch gathers. A write that fails is not the end: the batch is dropped and a row with the whole state takes its place, so
// that after trouble (a full disk, storage cleared under the page) the copy is complete again and nothing hangs in the air.

import type { KeptBatch, KeptCopy, KeptMeta, KeptRow, OfflineStore, Orphans } from './offline.ts'

/** The document, seen from its keeper. */
export interface Kept {
  /** The replica as one Yjs v1 update. */
  state(): Uint8Array
  /** The highest seq assigned. */
  lastSeq(): number
  /** The highest seq acknowledged. */
  acknowledgedSeq(): number
  /** Own changes that are not acknowledged. */
  pending(): number
  /** Everything that is known beside the rows. */
  meta(): KeptMeta
  /** `healthy` changed. */
  keptChanged(): void
}

/** A storage that does not open within this time is done without. */
const openTimeoutMs = 5_000
/** A storage that hangs does not hold up who wants to leave. */
const closeTimeoutMs = 5_000
/** A write that takes longer is trouble the user should see. */
const slowMs = 1_000
const idleMs = 10_000
const rowsBeforeIdleCompaction = 20
const rowsBeforeCompaction = 500
/** However large the document: so many rows make it slow to open. */
const maxRows = 5_000
/** A state of this size is written as readily as a row. */
const smallStateBytes = 256 * 1024
const minRetryMs = 1_000
const maxRetryMs = 30_000

export class Keeper {
  readonly #kept: Kept
  #copy: KeptCopy | undefined
  #rows: KeptRow[] = []
  #replaces: number[] = []
  /** What the storage is known to hold of the meta. */
  #metaWritten: KeptMeta = {}
  #metaTouched = false
  #acknowledged: number | undefined
  #strict = false
  /** Rows handed over, and rows written, since the beginning: what `kept()` compares. */
  #handed = 0
  #written = 0
  #waiters: { upTo: number; resolve: () => void; reject: (cause: unknown) => void }[] = []
  #running: Promise<void> | undefined
  #failure: unknown
  #slow = false
  #retryMs = minRetryMs
  #rowsSinceCompaction = 0
  #bytesSinceCompaction = 0
  #stateBytes = 0
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #idleTimer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(kept: Kept) {
    this.#kept = kept
  }

  /** True while what is pending is in the storage, or on its way there without trouble. */
  get healthy(): boolean {
    return this.#copy !== undefined && this.#failure === undefined && !this.#slow
  }

  /** Reads the kept copy; undefined where there is none to be had, and then nothing will be kept. */
  async open(
    store: OfflineStore,
    documentId: string,
  ): Promise<{ meta: KeptMeta; updates: readonly Uint8Array[]; orphans: Orphans | undefined } | undefined> {
    const opening = openCopy(store, documentId)
    try {
      const opened = await withTimeout(opening, openTimeoutMs)
      if (this.#closed) {
        await opened.copy.close()
        return undefined
      }
      this.#copy = opened.copy
      this.#rowsSinceCompaction = opened.updates.length
      this.#stateBytes = Math.max(0, ...opened.updates.map(update => update.byteLength))
      return opened
    } catch (cause) {
      this.#failure = cause
      // One that opens after all is not used: rows have gone by that it did not see.
      void opening.then(({ copy }) => copy.close()).catch(() => undefined)
      return undefined
    } finally {
      this.#kept.keptChanged()
    }
  }

  /** While online the server has the rows a moment later; offline they exist nowhere else, and the disk itself is awaited. */
  set strict(strict: boolean) {
    this.#strict = strict
  }

  append(row: KeptRow, replaces: readonly number[] = []): void {
    this.#handed += 1
    if (this.#copy === undefined) return
    this.#rows.push(row)
    this.#replaces.push(...replaces)
    this.#kick()
  }

  acknowledge(seq: number): void {
    this.#acknowledged = seq
    this.#kick()
  }

  /** What is known beside the rows may have changed. Any write brings it along; this makes sure of one. */
  touch(): void {
    this.#metaTouched = true
    this.#kick()
  }

  /** Unsent rows of sessions that are gone. */
  async orphans(): Promise<Orphans | undefined> {
    if (this.#failure !== undefined) return undefined
    try {
      return await this.#copy?.orphans()
    } catch {
      // They stay where they are and are asked for again before the next attempt to connect.
      return undefined
    }
  }

  /** Resolves when everything handed over before the call is in the storage; rejects when it cannot be. */
  async written(): Promise<void> {
    if (this.#copy === undefined || this.#failure !== undefined)
      throw this.#failure ?? new Error('Nothing is kept here.')
    const upTo = this.#handed
    if (this.#written >= upTo) return
    await new Promise<void>((resolve, reject) => this.#waiters.push({ upTo, resolve, reject }))
  }

  /** Writes what there is and ends the session. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#idleTimer)
    this.#kick()
    if (this.#running) await withTimeout(this.#running, closeTimeoutMs).catch(() => undefined)
    clearTimeout(this.#retryTimer)
    this.#settle(new Error('The document was closed.'))
    await this.#copy?.close()
  }

  #kick(): void {
    if (this.#failure !== undefined && !this.#closed) return
    this.#start(copy => this.#run(copy))
  }

  async #run(copy: KeptCopy): Promise<void> {
    let failed = this.#failure !== undefined
    while (failed || this.#rows.length > 0 || this.#metaTouched || this.#acknowledged !== undefined) {
      const upTo = this.#handed
      const meta = this.#kept.meta()
      const slowTimer = setTimeout(() => this.#setHealth(this.#failure, true), slowMs)
      try {
        if (failed) await this.#rebuild(copy, meta)
        else await copy.write(this.#take(meta))
      } catch (cause) {
        this.#fail(cause)
        return
      } finally {
        clearTimeout(slowTimer)
      }
      failed = false
      this.#written = upTo
      this.#metaWritten = meta
      this.#retryMs = minRetryMs
      this.#setHealth(undefined, false)
      this.#settle()
      if (this.#isLong(rowsBeforeCompaction)) await this.#compact(copy)
    }
  }

  #take(meta: KeptMeta): KeptBatch {
    const own = this.#rows.some(row => row.seq !== null)
    const batch: KeptBatch = {
      rows: this.#rows,
      durability: own && this.#strict ? 'strict' : 'relaxed',
      ...(this.#replaces.length > 0 && { replaces: this.#replaces }),
      ...(this.#acknowledged !== undefined && { acknowledged: this.#acknowledged }),
      ...(!sameMeta(meta, this.#metaWritten) && { meta }),
    }
    this.#rowsSinceCompaction += batch.rows.length
    for (const row of batch.rows) this.#bytesSinceCompaction += row.update.byteLength
    this.#clear()
    return batch
  }

  /** After a failure: everything anew, whatever the storage lost; first what frees space. */
  async #rebuild(copy: KeptCopy, meta: KeptMeta): Promise<void> {
    this.#clear()
    const changes = this.#kept.pending()
    const unsent = changes > 0 ? { seq: this.#kept.lastSeq(), changes, update: emptyUpdate } : undefined
    const acknowledged = this.#kept.acknowledgedSeq()
    await copy.compact(() => this.#measuredState(), unsent)
    await copy.write({ rows: [], acknowledged, meta, durability: 'strict' })
  }

  #clear(): void {
    this.#rows = []
    this.#replaces = []
    this.#acknowledged = undefined
    this.#metaTouched = false
  }

  #fail(cause: unknown): void {
    this.#clear()
    this.#setHealth(cause ?? new Error('The storage failed.'), false)
    this.#settle(cause)
    if (this.#closed) return
    this.#retryTimer = setTimeout(() => this.#start(copy => this.#run(copy)), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, maxRetryMs)
  }

  #idle(): void {
    clearTimeout(this.#idleTimer)
    if (!this.#isLong(rowsBeforeIdleCompaction) || this.#failure !== undefined) return
    this.#idleTimer = setTimeout(() => this.#start(copy => this.#compact(copy)), idleMs)
  }

  /** True when compacting is worth writing the whole state: for a large document only once the rows weigh something too. */
  #isLong(rows: number): boolean {
    if (this.#rowsSinceCompaction < rows) return false
    if (this.#stateBytes < smallStateBytes || this.#rowsSinceCompaction >= maxRows) return true
    return this.#bytesSinceCompaction * 4 >= this.#stateBytes
  }

  #measuredState(): Uint8Array {
    const state = this.#kept.state()
    this.#stateBytes = state.byteLength
    this.#rowsSinceCompaction = 0
    this.#bytesSinceCompaction = 0
    return state
  }

  /** One thing at a time. */
  #start(work: (copy: KeptCopy) => Promise<void>): void {
    if (this.#running !== undefined || this.#copy === undefined) return
    this.#running = work(this.#copy).finally(() => {
      this.#running = undefined
      if (this.#closed) return
      if (this.#rows.length > 0 || this.#acknowledged !== undefined || this.#metaTouched) this.#kick()
      else this.#idle()
    })
  }

  async #compact(copy: KeptCopy): Promise<void> {
    try {
      await copy.compact(() => this.#measuredState())
    } catch {
      // The rows are still there; after as many again it is tried again.
      this.#rowsSinceCompaction = 0
    }
  }

  #setHealth(failure: unknown, slow: boolean): void {
    const before = this.healthy
    this.#failure = failure
    this.#slow = slow
    if (this.healthy !== before) this.#kept.keptChanged()
  }

  #settle(failure?: unknown): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) {
      if (waiter.upTo <= this.#written) waiter.resolve()
      else if (failure !== undefined) waiter.reject(failure)
      else this.#waiters.push(waiter)
    }
  }
}

/** A Yjs v1 update without structs and deletions: marks a row whose content is in the state beside it. */
const emptyUpdate = Uint8Array.of(0, 0)

function sameMeta(a: KeptMeta, b: KeptMeta): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

async function openCopy(store: OfflineStore, documentId: string) {
  const copy = await store.open(documentId)
  try {
    const orphans = await copy.orphans()
    return { copy, orphans, ...(await copy.read()) }
  } catch (cause) {
    await copy.close()
    throw cause
  }
}

function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The storage does not answer.')), timeoutMs)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

// Writes one document's changes to the storage of the device, in order. What was typed here is handed over at once, whatever is on
// its way already: a tab may close at any moment, and what still waits in it is lost. What others wrote gathers meanwhile. A write
// that fails is not the end: the batch is dropped and a row with the whole state takes its place, so that after trouble (a full
// disk, storage cleared under the page) the copy is complete again and nothing hangs in the air.

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
/** Batches with own rows on their way at once; more gather. */
const maxInFlight = 16
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
  /** What the storage holds of the meta, or will when all that is on its way has arrived. */
  #metaHanded: KeptMeta = {}
  #metaTouched = false
  #acknowledged: number | undefined
  #strict = false
  /** True while rows were handed over that exist nowhere else, and the disk was not asked for yet. */
  #unsynced = false
  /** Rows handed over, and rows written, since the beginning: what `kept()` compares. */
  #handed = 0
  #written = 0
  #waiters: { upTo: number; resolve: () => void; reject: (cause: unknown) => void }[] = []
  /** Batches on their way. */
  readonly #inFlight = new Set<Promise<void>>()
  #recovering: Promise<void> | undefined
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

  /** True when all that was handed over is in the storage. */
  get isWritten(): boolean {
    return this.healthy && this.#written >= this.#handed
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
    this.#pump()
  }

  acknowledge(seq: number): void {
    this.#acknowledged = seq
    this.#pump()
  }

  /** What is known beside the rows may have changed. Any write brings it along; this makes sure of one. */
  touch(): void {
    this.#metaTouched = true
    this.#pump()
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
    this.#pump()
    if (this.#failure !== undefined) this.#recover()
    await withTimeout(this.#drained(), closeTimeoutMs).catch(() => undefined)
    clearTimeout(this.#retryTimer)
    this.#settle(new Error('The document was closed.'))
    await this.#copy?.close()
  }

  async #drained(): Promise<void> {
    while (this.#recovering !== undefined || this.#inFlight.size > 0)
      await Promise.allSettled([this.#recovering, ...this.#inFlight])
  }

  /** Hands over what there is. The storage does one thing after the other, in this order. */
  #pump(): void {
    while (
      this.#copy !== undefined &&
      this.#recovering === undefined &&
      this.#failure === undefined &&
      this.#isWaiting
    ) {
      const most = this.#rows.some(row => row.seq !== null) ? maxInFlight : 1
      if (this.#inFlight.size >= most) return
      this.#write(this.#copy)
    }
  }

  get #isWaiting(): boolean {
    return this.#rows.length > 0 || this.#metaTouched || this.#acknowledged !== undefined || this.#unsynced
  }

  #write(copy: KeptCopy): void {
    const upTo = this.#handed
    const batch = this.#take(this.#kept.meta())
    // These rows count as written when the disk has them: with the next batch.
    const isForDisk = this.#unsynced
    const slowTimer = setTimeout(() => this.#setHealth(undefined, true), slowMs)
    const writing = copy
      .write(batch)
      .finally(() => clearTimeout(slowTimer))
      .then(
        () => {
          // Of those that were on their way when one failed, none says that all is well.
          if (this.#failure !== undefined) return
          if (!isForDisk) this.#written = Math.max(this.#written, upTo)
          this.#retryMs = minRetryMs
          this.#setHealth(undefined, false)
          this.#settle()
          if (!this.#closed && this.#isLong(rowsBeforeCompaction)) this.#compact(copy)
        },
        cause => this.#fail(cause),
      )
    this.#track(writing)
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.#inFlight.delete(tracked)
      this.#pump()
      this.#idle()
    })
    this.#inFlight.add(tracked)
  }

  #take(meta: KeptMeta): KeptBatch {
    const own = this.#rows.some(row => row.seq !== null)
    // Meta has to be read before it is written. What was typed does not wait for that, unless both are of a new timeline.
    const isMetaLater = own && meta.epoch === this.#metaHanded.epoch && !sameMeta(meta, this.#metaHanded)
    // The disk takes its time, and what comes behind waits for it: it is asked once nothing that was typed is on its way.
    const isStrict = this.#unsynced && !own
    const acknowledged = this.#acknowledged ?? (isStrict ? this.#kept.acknowledgedSeq() : undefined)
    const batch: KeptBatch = {
      rows: this.#rows,
      durability: isStrict ? 'strict' : 'relaxed',
      ...(this.#replaces.length > 0 && { replaces: this.#replaces }),
      ...(acknowledged !== undefined && { acknowledged }),
      ...(!isMetaLater && !sameMeta(meta, this.#metaHanded) && { meta }),
    }
    if (batch.meta !== undefined) this.#metaHanded = batch.meta
    this.#rowsSinceCompaction += batch.rows.length
    for (const row of batch.rows) this.#bytesSinceCompaction += row.update.byteLength
    this.#clear()
    this.#metaTouched = isMetaLater
    this.#unsynced = own && (this.#strict || this.#unsynced)
    return batch
  }

  /** After a failure: everything anew, whatever the storage lost; first what frees space. */
  async #rebuild(copy: KeptCopy): Promise<void> {
    const upTo = this.#handed
    const meta = this.#kept.meta()
    try {
      this.#clear()
      const changes = this.#kept.pending()
      const unsent = changes > 0 ? { seq: this.#kept.lastSeq(), changes, update: emptyUpdate } : undefined
      const acknowledged = this.#kept.acknowledgedSeq()
      await copy.compact(() => this.#measuredState(), unsent)
      await copy.write({ rows: [], acknowledged, meta, durability: 'strict' })
    } catch (cause) {
      return this.#fail(cause)
    }
    this.#written = upTo
    this.#unsynced = false
    this.#metaHanded = meta
    this.#retryMs = minRetryMs
    this.#setHealth(undefined, false)
    this.#settle()
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
    clearTimeout(this.#retryTimer)
    if (this.#closed) return
    this.#retryTimer = setTimeout(() => this.#recover(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, maxRetryMs)
  }

  #idle(): void {
    clearTimeout(this.#idleTimer)
    const copy = this.#copy
    if (this.#closed || this.#failure !== undefined || copy === undefined) return
    if (this.#inFlight.size > 0 || !this.#isLong(rowsBeforeIdleCompaction)) return
    this.#idleTimer = setTimeout(() => this.#compact(copy), idleMs)
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

  /** Begins when what is on its way has arrived or failed; nothing is handed over meanwhile. */
  #recover(): void {
    const copy = this.#copy
    if (this.#recovering !== undefined || copy === undefined) return
    this.#recovering = Promise.allSettled(this.#inFlight)
      .then(() => this.#rebuild(copy))
      .finally(() => {
        this.#recovering = undefined
        this.#pump()
      })
  }

  #compact(copy: KeptCopy): void {
    // Where it fails the rows are still there; after as many again it is tried again.
    this.#rowsSinceCompaction = 0
    this.#track(copy.compact(() => this.#measuredState()).catch(() => undefined))
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

// All documents of this process: one map from id to a slot that holds the promise of its room. A slot is in the map before
// the first await, so a document is loaded once however many come for it, and a lease is taken before the first await too,
// so nothing is unloaded under somebody. A load that failed leaves the map at once: the next one tries again, and nobody
// is ever served an empty document instead.
//
//   absent → loading → open → draining → closed,  or  loading → failed,  open → failed
//
// Unloading is legal only when nobody holds a lease and every row is durable.

import { isDocumentId, type Layout, type Limits, randomId, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { RecordPut } from '../store/records.ts'
import type { Claim, DocumentRecord, DocumentStore, StoreState } from '../store/store.ts'
import { Assembling } from './assembling.ts'
import { type AuthorRange, Authorship, claimsOfSeed } from './authorship.ts'
import { Gate, rangesOf } from './gate.ts'
import { type Cutter, inlineCutter } from './gate-cutter.ts'
import type { Channel, Grant, Member, Summarize } from './ports.ts'
import { applyUpdates, newReplica } from './replica.ts'
import { Room } from './room.ts'
import { Turns } from './turns.ts'
import { Turnstile } from './turnstile.ts'
import { Upkeep } from './upkeep.ts'

export interface RegistryOptions {
  readonly store: DocumentStore
  readonly clock: Clock
  readonly limits: Limits
  readonly log: Log
  readonly metrics: Metrics
  /** True while a stock client that opens an unknown id makes a `raw` document. */
  readonly makesUnknown: () => boolean
  /** Time without a session after which a document is unloaded. Default 60 s. */
  readonly idleUnloadMs?: number
  /** Cuts large updates; the caller closes it. Default: it is done in this thread. */
  readonly cutter?: Cutter
  /** Makes the summary of a `sheaf` document. */
  readonly summarize?: Summarize
  /** Called some time after edits, with every new summary. */
  readonly onSummary?: (documentId: string) => void
  /** Version of the body layout, told in `hello`. Default 1. */
  readonly format?: number
}

/** First content of a new document. */
export interface Seed {
  /** Default `sheaf`. */
  readonly layout?: Layout
  /** Yjs v1 updates. */
  readonly updates: readonly Uint8Array[]
  readonly title: string
  readonly snippet: string
  /** Whose the client ids of the updates are. Default: the server's. */
  readonly claims?: readonly Claim[]
}

type SlotState = 'loading' | 'open' | 'draining' | 'closed' | 'failed'

class Slot {
  readonly documentId: string
  /** Rejects with the SheafError of a load that failed. */
  readonly ready: Promise<Loaded>
  state: SlotState = 'loading'
  leases = 0
  /** Set when the document goes to the trash: nobody new is let in. */
  isTrashed = false
  cancelUnload: (() => void) | undefined

  constructor(documentId: string, load: (slot: Slot) => Promise<Loaded>) {
    this.documentId = documentId
    this.ready = load(this)
  }
}

interface Loaded {
  readonly room: Room
  readonly upkeep: Upkeep
}

/** A slot that is open, with a lease of the caller's. */
interface Lease extends Loaded {
  readonly slot: Slot
}

const defaultIdleUnloadMs = 60_000

/** How often keepalives, summaries and compaction are looked at. */
const sweepMs = 2_000

/** How long the end waits for the disk. */
const defaultDrainMs = 10_000

export class Registry {
  readonly #options: RegistryOptions
  readonly #slots = new Map<string, Slot>()
  readonly #open = new Map<Slot, Loaded>()
  readonly #turns: Turns
  readonly #turnstile = new Turnstile()
  readonly #assembling: Assembling
  readonly #stopSweep: () => void
  readonly #stopListening: () => void
  #sessions = 0
  #toldStorage: string
  #drained: Promise<void> | undefined

  constructor(options: RegistryOptions) {
    this.#options = options
    this.#turns = new Turns(options.clock)
    this.#assembling = new Assembling(options.limits.maxAssemblingBytes)
    this.#toldStorage = options.store.state.state
    this.#stopSweep = options.clock.every(sweepMs, () => this.#sweep())
    this.#stopListening = options.store.onState(state => this.#tellStorage(state))
  }

  get openDocuments(): number {
    return this.#open.size
  }

  /**
   * Lets a socket into a document. In open mode a stock client makes an unknown one (`raw`).
   * @throws SheafError `malformed`, `not-found`, `document-deleted`, `damaged`, `overloaded`, `restarting`, `storage-failed`:
   * the caller closes the socket with it.
   */
  async join(documentId: string, channel: Channel, grant: Grant): Promise<Member> {
    const lease = await this.#leaseOrMake(documentId, this.#options.makesUnknown() && !grant.extension)
    const { limits } = this.#options
    // From here to the join there is no await, so that the counts are true.
    if (lease.room.sessionCount >= limits.socketsPerDocument || this.#sessions >= limits.socketsPerProcess) {
      this.#release(lease.slot)
      throw new SheafError('overloaded', 'There are as many connections as there may be.')
    }
    this.#sessions += 1
    return lease.room.join(randomId(12), channel, grant, () => {
      this.#sessions -= 1
      this.#release(lease.slot)
    })
  }

  /**
   * Keeps a document loaded while `f` runs, which begins when the replica holds whole updates only.
   * @throws SheafError as {@link join}, and what `f` throws.
   */
  async withRoom<T>(documentId: string, f: (room: Room) => Promise<T> | T): Promise<T> {
    const lease = await this.#lease(documentId)
    try {
      await lease.room.whole()
      return await f(lease.room)
    } finally {
      this.#release(lease.slot)
    }
  }

  isOpen(documentId: string): boolean {
    const slot = this.#slots.get(documentId)
    return slot !== undefined && this.#open.has(slot)
  }

  /** The documents that somebody has open now. */
  occupied(): { documentId: string; sockets: number }[] {
    return [...this.#open].flatMap(([{ documentId }, { room }]) =>
      room.sessionCount === 0 ? [] : [{ documentId, sockets: room.sessionCount }],
    )
  }

  /** What those show who have the document open now (awareness states, JSON); nothing for one that is not open. */
  presenceIn(documentId: string): string[] {
    const slot = this.#slots.get(documentId)
    return (slot && this.#open.get(slot)?.room.presence.states) ?? []
  }

  /** Who wrote which clocks of a document, by client and clock. @throws SheafError as {@link join}. */
  authorshipOf(documentId: string): Promise<AuthorRange[]> {
    return this.withRoom(documentId, room => room.authorship())
  }

  /**
   * Makes a document; resolves when it is on disk. @param records written in the same batch.
   * @throws SheafError `already-exists`.
   */
  create(documentId: string, seed: Seed, records: readonly RecordPut[] = []): Promise<DocumentRecord> {
    const { layout = 'sheaf', updates, title, snippet, claims } = seed
    const summary = { title, snippet }
    return this.#create(documentId, { layout, updates, summary, records, ...(claims !== undefined && { claims }) })
  }

  /**
   * The first content of a `sheaf` document that is an update somebody else has made; its client ids are theirs.
   * @throws SheafError what the gate says of it.
   */
  seedOf(update: Uint8Array, principal: string): Seed {
    const { clock, limits, summarize } = this.#options
    const ydoc = newReplica()
    const verdict = new Gate({ ydoc, layout: 'sheaf', limits }).examine(update, 'step2')
    if (verdict.kind === 'gap') throw new SheafError('gap', 'The update builds on others that are not in it.')
    if (verdict.kind === 'nothing') throw new SheafError('invalid-update', 'There is nothing in the update.')
    applyUpdates(ydoc, [verdict.update])
    const summary = summarize?.(ydoc) ?? { title: '', snippet: '' }
    ydoc.destroy()
    const author = { principal, origin: 'socket', wallTimeMs: clock.nowMs() } as const
    return { updates: [verdict.update], ...summary, claims: new Authorship([]).note(verdict.ranges, author) }
  }

  /** Moves a document to the trash; its sockets are closed with `document-deleted`. @throws SheafError `not-found`. */
  async trash(documentId: string): Promise<DocumentRecord> {
    const record = await this.#options.store.setDeleted(documentId, this.#options.clock.nowMs())
    const slot = this.#slots.get(documentId)
    if (slot === undefined) return record
    slot.isTrashed = true
    const loaded = await slot.ready.catch(() => undefined)
    if (slot.isTrashed) loaded?.room.closeSessions(new SheafError('document-deleted'))
    return record
  }

  /** Takes a document out of the trash. @throws SheafError `not-found`. */
  async restore(documentId: string): Promise<DocumentRecord> {
    const record = await this.#options.store.setDeleted(documentId, undefined)
    const slot = this.#slots.get(documentId)
    if (slot !== undefined) slot.isTrashed = false
    return record
  }

  /**
   * Deletes a document from the trash for good. @throws SheafError `not-found`; `precondition-failed` when it is not in the trash;
   * `overloaded` while something still works on it: ask again.
   */
  async purge(documentId: string): Promise<void> {
    this.#assertServes(documentId)
    const { store } = this.#options
    const record = await store.find(documentId)
    if (record === undefined) throw new SheafError('not-found')
    const slot = this.#slots.get(documentId)
    if (slot?.isTrashed) {
      await slot.ready.catch(() => undefined)
      await store.flush()
      await this.#unload(slot)
      if (this.#slots.has(documentId)) throw new SheafError('overloaded', 'The document is still in use; ask again.')
    }
    await store.purge(documentId)
  }

  /** Tells all sessions that the server is about to stop; they go on as before. */
  announceDrain(): void {
    for (const { room } of this.#open.values()) room.notify({ kind: 'draining' })
  }

  /**
   * Ends everything: tells the sessions, waits until all rows are durable (so long as `drainMs` lets it), closes the
   * sessions with `restarting`, unloads. Nobody is let in any more. Nothing of it is left behind. Idempotent.
   */
  drain(drainMs = defaultDrainMs): Promise<void> {
    this.#drained ??= this.#drain(drainMs)
    return this.#drained
  }

  async #leaseOrMake(documentId: string, makes: boolean): Promise<Lease> {
    try {
      return await this.#lease(documentId)
    } catch (error) {
      if (!makes || !(error instanceof SheafError) || error.code !== 'not-found') throw error
    }
    // Damage that nobody could place may have taken this very name: better none than a blank one in its stead.
    if (this.#options.store.report.some(({ documentId: known }) => known === undefined)) {
      throw new SheafError('damaged', 'The store is damaged; a document of this name may have been lost. See the log.')
    }
    try {
      await this.#create(documentId, { layout: 'raw', updates: [], summary: { title: documentId, snippet: '' } })
    } catch (error) {
      // Somebody else was quicker; if it was deleted meanwhile, the lease says so.
      if (!(error instanceof SheafError) || error.code !== 'already-exists') throw error
    }
    return this.#leaseMade(documentId)
  }

  /** A load that was under way when the document was made may have looked too early; the next one has not. */
  async #leaseMade(documentId: string): Promise<Lease> {
    const mayBeEarly = this.#slots.has(documentId)
    try {
      return await this.#lease(documentId)
    } catch (error) {
      if (!mayBeEarly || !(error instanceof SheafError) || error.code !== 'not-found') throw error
    }
    return this.#lease(documentId)
  }

  #create(
    documentId: string,
    options: {
      layout: Layout
      updates: readonly Uint8Array[]
      summary: { title: string; snippet: string }
      claims?: readonly Claim[]
      records?: readonly RecordPut[]
    },
  ): Promise<DocumentRecord> {
    this.#assertServes(documentId)
    const { store, clock, limits } = this.#options
    const nowMs = clock.nowMs()
    const ranges = () => options.updates.flatMap(update => rangesOf(update, options.layout, limits))
    return store.create(documentId, { ...options, claims: options.claims ?? claimsOfSeed(ranges(), nowMs), nowMs })
  }

  async #lease(documentId: string): Promise<Lease> {
    this.#assertServes(documentId)
    const slot = this.#slots.get(documentId) ?? this.#load(documentId)
    slot.leases += 1
    slot.cancelUnload?.()
    slot.cancelUnload = undefined
    try {
      const { room, upkeep } = await slot.ready
      if (slot.isTrashed) throw new SheafError('document-deleted')
      if (room.end !== undefined) throw room.end
      if (this.#drained !== undefined) throw new SheafError('restarting')
      return { slot, room, upkeep }
    } catch (cause) {
      this.#release(slot)
      throw cause
    }
  }

  #release(slot: Slot): void {
    slot.leases -= 1
    if (slot.leases === 0 && slot.state === 'open') this.#unloadLater(slot)
  }

  #load(documentId: string): Slot {
    return new Slot(documentId, async slot => {
      this.#slots.set(documentId, slot)
      try {
        return await this.#build(slot)
      } catch (cause) {
        this.#move(slot, 'failed')
        throw cause
      }
    })
  }

  async #build(slot: Slot): Promise<Loaded> {
    const {
      store,
      clock,
      log,
      limits,
      metrics,
      summarize,
      onSummary,
      format = 1,
      cutter = inlineCutter,
    } = this.#options
    const { documentId } = slot
    const startMs = clock.monotonicMs()
    const loaded = await store.load(documentId)
    const { record } = loaded
    if (record.deletedMs !== undefined) throw new SheafError('document-deleted')
    const onBroken = () => this.#giveUp(slot)
    const [turns, turnstile, assembling] = [this.#turns, this.#turnstile, this.#assembling]
    const shared = { store, clock, limits, log, metrics, cutter, turns, turnstile, assembling, format }
    const room = new Room({ loaded, onBroken, ...shared })
    const upkeep = new Upkeep({ room, record, store, clock, log, summarize, onSummary })
    metrics.observe('sheaf_document_load_seconds', (clock.monotonicMs() - startMs) / 1000, { kind: 'cold' })
    if (room.damage.length > 0) log.error('A damaged document is open for reading', { documentId, damage: room.damage })
    this.#open.set(slot, { room, upkeep })
    this.#move(slot, 'open')
    return { room, upkeep }
  }

  /** The one place where the state of a slot changes. */
  #move(slot: Slot, state: SlotState): void {
    slot.state = state
    if (state === 'closed' || state === 'failed') {
      slot.cancelUnload?.()
      slot.cancelUnload = undefined
      this.#open.delete(slot)
      if (this.#slots.get(slot.documentId) === slot) this.#slots.delete(slot.documentId)
    }
    this.#options.metrics.gauge('sheaf_documents_open', this.#open.size)
  }

  #unloadLater(slot: Slot): void {
    const { clock, idleUnloadMs = defaultIdleUnloadMs } = this.#options
    slot.cancelUnload?.()
    slot.cancelUnload = clock.after(slot.isTrashed ? 0 : idleUnloadMs, () => {
      slot.cancelUnload = undefined
      this.#unload(slot)
    })
  }

  async #unload(slot: Slot): Promise<void> {
    const loaded = this.#open.get(slot)
    if (loaded === undefined) return
    // Upkeep holds a lease of its own; who comes meanwhile finds the document open.
    slot.leases += 1
    await loaded.upkeep.finish()
    slot.leases -= 1
    if (slot.leases > 0 || slot.state !== 'open') return
    if (!loaded.room.isDurable) return this.#unloadLater(slot)
    this.#close(slot, loaded, new SheafError('restarting'))
  }

  #close(slot: Slot, loaded: Loaded, error: SheafError): void {
    this.#move(slot, 'closed')
    loaded.room.dispose(error)
  }

  /** A room has met a bug. The document may be loaded again when the rows that it has handed over are on disk. */
  async #giveUp(slot: Slot): Promise<void> {
    await this.#options.store.flush()
    this.#move(slot, 'failed')
  }

  async #drain(drainMs: number): Promise<void> {
    const { store, clock, log } = this.#options
    const deadline = withDeadline(clock, drainMs)
    this.#stopSweep()
    this.announceDrain()
    for (const slot of this.#open.keys()) this.#move(slot, 'draining')
    // Loads that were under way end with `restarting` for those who wait for them.
    await Promise.race([Promise.allSettled([...this.#slots.values()].map(slot => slot.ready)), deadline.passed])
    for (const { room } of this.#open.values()) room.handOver()
    await Promise.race([store.flush(), deadline.passed])
    for (const { room } of this.#open.values()) room.closeSessions(new SheafError('restarting'))
    for (const { room } of this.#open.values()) room.handOver()
    await Promise.race([store.flush(), deadline.passed])
    await Promise.race([Promise.all([...this.#open.values()].map(({ upkeep }) => upkeep.finish())), deadline.passed])
    deadline.cancel()
    for (const [slot, loaded] of [...this.#open]) {
      if (!loaded.room.isDurable) log.error('A document was closed with rows that are not on disk')
      this.#close(slot, loaded, new SheafError('restarting'))
    }
    this.#stopListening()
  }

  #sweep(): void {
    for (const { room, upkeep } of this.#open.values()) {
      room.sweep(sweepMs)
      upkeep.look()
    }
  }

  #tellStorage(state: StoreState): void {
    // Its other fields change while it fails; nobody needs to be told of those.
    const told = state.state === 'failing' ? state.cause : state.state
    if (state.state === 'closed' || told === this.#toldStorage) return
    this.#toldStorage = told
    for (const { room } of this.#open.values()) {
      if (state.state === 'ok') room.storageRecovered()
      else room.notify({ kind: 'storage-failed', cause: state.cause })
    }
  }

  #assertServes(documentId: string): void {
    if (!isDocumentId(documentId)) throw new SheafError('malformed', 'The document id is not valid.')
    if (this.#drained !== undefined) throw new SheafError('restarting')
  }
}

function withDeadline(clock: Clock, ms: number): { passed: Promise<void>; cancel: () => void } {
  let cancel: () => void = () => undefined
  const passed = new Promise<void>(resolve => {
    cancel = clock.after(ms, resolve)
  })
  return { passed, cancel }
}

// A room: the one live replica of a document in this process, and the one funnel through which it changes:
//
//   decode → gate → seq → log → (durable) → replica, one turn for each commit → the others → acknowledgement
//
// A large update takes several turns at the gate (passages.ts) and again into the replica: it is one row, and what reads the
// replica meanwhile waits for {@link Room.whole}, or sees a state that is sound and on its way.
//
// The replica is made when something needs it (contents.ts); who only opens the document gets what is stored.
//
// Invariants: the replica holds exactly the rows that are durable, in order; nothing is shown, relayed or acknowledged
// before it is durable; a row that was given a seq is never taken back. Edits of the server itself are made on a scratch
// replica (scratch.ts) that runs ahead by the rows in flight, and enter the same funnel.

import {
  encodeMessage,
  type Hello,
  type Layout,
  type Limits,
  type Notice,
  RequestError,
  SheafError,
} from '@sheaf/protocol'
import * as Y from 'yjs'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { RecordPut } from '../store/records.ts'
import type { Claim, Damage, DocumentStore, DurableSink, LoadedDocument, UpdateRow } from '../store/store.ts'
import type { Assembling } from './assembling.ts'
import { type Author, type AuthorRange, Authorship } from './authorship.ts'
import { Contents } from './contents.ts'
import { Answers, Commit } from './frames.ts'
import { Gate } from './gate.ts'
import type { Cutter } from './gate-cutter.ts'
import { gateLimits } from './gate-rules.ts'
import type { Admission, Piece, Verdict } from './gate-verdict.ts'
import { Landing } from './landing.ts'
import { Passages } from './passages.ts'
import { type Channel, canWrite, type Grant } from './ports.ts'
import { Presence } from './presence.ts'
import { applyUpdates, hasPending, newReplica } from './replica.ts'
import { Scratch } from './scratch.ts'
import { type Floor, type Offer, type Offered, RoomSession } from './session.ts'
import { TurnShare, type Turns } from './turns.ts'
import type { Turnstile } from './turnstile.ts'
import { CommitWindow } from './window.ts'

export interface RoomOptions {
  readonly loaded: LoadedDocument
  readonly store: DocumentStore
  readonly clock: Clock
  readonly limits: Limits
  readonly log: Log
  readonly metrics: Metrics
  readonly cutter: Cutter
  readonly turns: Turns
  readonly turnstile: Turnstile
  readonly assembling: Assembling
  /** Version of the body layout that this server writes. */
  readonly format: number
  /** Called once when a bug has left the replica in doubt: the room serves nobody any more. */
  readonly onBroken: () => void
}

interface InFlight {
  readonly row: UpdateRow
  readonly receivedMs: number
}

/** Somebody who is told of rows and is no session. */
export interface Watcher {
  /** They are durable, and in the replica. */
  committed(rows: readonly UpdateRow[]): void
  /** The room serves nobody any more. */
  ended(error: SheafError): void
}

interface Waiter {
  readonly seq: number
  readonly resolve: (result: { revision: number }) => void
  readonly reject: (error: SheafError) => void
}

/** For whom an edit in process is made. */
export interface OnBehalf {
  /** Stands in the log; empty for the server itself. */
  readonly principal: string
  /** What the log says of the way it came: of a program its token and its run. */
  readonly session?: string
  /** What is written in the batch of the row that it makes: there is never one without the other. */
  readonly records?: (revision: number) => readonly RecordPut[]
}

const nobody: OnBehalf = { principal: '' }

/** Rows that are applied in one turn, to make an older state. */
const rowsPerTurn = 256

/** Updates of one document that one turn of the event loop takes, about 10 ms of them; a crowd of more takes several. */
const updatesPerTurn = 128

/** A document of this size is read some time after somebody has come who may write; a smaller one takes no time. */
const warmBytes = 32 * 1024
const warmMs = 500

/** How often a session that is behind is looked at. */
const pumpMs = 100

/** How long the scratch replica is kept after an edit. */
const scratchMs = 10_000

const metricSource = { socket: 'ws', api: 'api', server: 'server' } as const

export class Room implements Floor, DurableSink {
  readonly documentId: string
  readonly layout: Layout
  /** 8 characters; another epoch is another timeline of the document. */
  readonly epoch: string
  readonly answers: Answers
  readonly presence: Presence
  readonly share = new TurnShare(updatesPerTurn)
  readonly #options: RoomOptions
  readonly #number: number
  /**
   * The Yjs client id of edits that are made here: the document's own over all loads, so that its state vector does not grow with them. Every row
   * under it is durable before the document is loaded again. Not that of the replica, whose rows all come from outside.
   */
  readonly #editorId: number
  readonly #contents: Contents
  #gateOfReplica: Gate | undefined
  readonly #authorship: Authorship
  /** Claims of rows that the store has not got yet, by seq. */
  readonly #claims = new Map<number, readonly Claim[]>()
  /** Records that are written with a row that the store has not got yet, by seq. */
  readonly #records = new Map<number, readonly RecordPut[]>()
  #passages: Passages | undefined
  readonly #window: CommitWindow
  readonly #sessions = new Set<RoomSession>()
  readonly #onLeave = new Map<RoomSession, () => void>()
  readonly #behind = new Set<RoomSession>()
  readonly #watchers = new Set<Watcher>()
  #cancelPump: (() => void) | undefined
  #cancelWarming: (() => void) | undefined
  #revision: number
  #assigned: number
  #inFlight: InFlight[] = []
  readonly #landing: Landing
  /** Of the large rows in flight, by seq. */
  readonly #pieces = new Map<number, readonly Piece[]>()
  #waiters: Waiter[] = []
  #scratch: { readonly replica: Scratch; usedMs: number } | undefined
  /** The older state that was asked for last. */
  #older: { readonly revision: number; readonly state: Uint8Array; readonly usedMs: number } | undefined
  #ownOffers: Promise<unknown> = Promise.resolve()
  #isDraining = false
  #end: SheafError | undefined

  /** @throws SheafError `damaged` when the document has no good state. */
  constructor(options: RoomOptions) {
    const { loaded, clock, limits } = options
    this.#options = options
    this.documentId = loaded.record.documentId
    this.layout = loaded.record.layout
    this.epoch = loaded.epoch
    const { layout } = this
    this.#contents = new Contents({ loaded, layout, limits, onDamage: revision => this.#foundDamage(revision) })
    this.answers = new Answers(this.#contents)
    const authorship = new Authorship(loaded.claims)
    this.#authorship = authorship
    this.presence = new Presence({ limits, clock, mayShow: (id, principal) => authorship.mayShow(id, principal) })
    this.#editorId = authorship.serverId() ?? crypto.getRandomValues(new Uint32Array(1))[0]!
    this.#number = loaded.record.number
    this.#landing = new Landing({
      turns: options.turns,
      piecesOf: row => this.#pieces.get(row.seq),
      take: (rows, updates, isWhole) => this.#commit(rows, updates, isWhole),
      isOver: () => this.#end !== undefined,
      onError: cause => this.#break(cause),
    })
    this.#window = new CommitWindow({
      clock,
      people: () => this.#sessions.size,
      leave: row => this.#leave(row),
      onError: cause => this.#break(cause),
    })
    this.#revision = this.#contents.loadedRevision
    this.#assigned = this.#revision
  }

  /** Holds the durable rows and nothing else. For reading; change it with {@link edit}. @throws SheafError `damaged`. */
  get ydoc(): Y.Doc {
    return this.#contents.ydoc
  }

  /** Not empty: this is the last good state, and takes no changes. */
  get damage(): readonly Damage[] {
    return this.#contents.damage
  }

  /** Seq of the newest durable row. */
  get revision(): number {
    return this.#revision
  }

  get assigned(): number {
    return this.#assigned
  }

  /** True when no row is on its way to the disk. */
  get isDurable(): boolean {
    return this.#assigned === this.#revision
  }

  get sessionCount(): number {
    return this.#sessions.size
  }

  /** Why this room serves nobody any more; undefined while it does. */
  get end(): SheafError | undefined {
    return this.#end
  }

  /** Lets a socket in: it is greeted, and followed until it leaves. @param onLeave called once, when it has left. */
  join(sessionId: string, channel: Channel, grant: Grant, onLeave: () => void): RoomSession {
    const { limits, clock, log, metrics } = this.#options
    const { assembling } = this.#options
    const session = new RoomSession({
      id: sessionId,
      floor: this,
      channel,
      grant,
      assembling,
      limits,
      clock,
      log,
      metrics,
    })
    this.#sessions.add(session)
    this.#onLeave.set(session, onLeave)
    if (canWrite(grant.role)) this.#warmLater()
    session.greet()
    return session
  }

  /** Tells of every row from now on. @returns stops telling. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /**
   * Edits in process: `f` changes a scratch replica in one transaction. Nobody, the caller included, can see the change in
   * `ydoc` before it is durable. Resolves then, with the revision that holds it; an edit that changes nothing makes no row.
   * @throws SheafError `read-only` for a damaged document, what the gate says, `storage-failed` when nothing more can wait
   * for the disk; what `f` throws, with nothing changed.
   */
  async edit(
    origin: 'api' | 'server',
    f: (ydoc: Y.Doc) => void,
    by: OnBehalf = nobody,
  ): Promise<{ revision: number; isChanged: boolean }> {
    this.#assertWritable()
    this.#scratch ??= { replica: this.#newScratch(), usedMs: 0 }
    const { replica } = this.#scratch
    this.#scratch.usedMs = this.#options.clock.monotonicMs()
    try {
      const update = replica.run(f)
      const isChanged = update !== null
      const seq = isChanged ? await this.#offerOwn(update, { origin, by, madeOn: replica }) : this.#assigned
      return { ...(await this.#durableAt(seq)), isChanged }
    } catch (cause) {
      this.#dropScratch()
      throw cause
    }
  }

  /**
   * Puts an update that was made elsewhere through the funnel. Resolves when it is durable.
   * @throws SheafError as {@link edit}, and `gap` when it builds on updates that are not here.
   */
  async submit(update: Uint8Array, origin: 'api' | 'server', by: OnBehalf = nobody): Promise<{ revision: number }> {
    this.#assertWritable()
    return this.#durableAt(await this.#offerOwn(update, { origin, by, madeOn: undefined }))
  }

  /**
   * The document as it was at a revision, as a replica of the caller's own, with the same ids.
   * @throws RequestError `unknown-revision`; `revision-expired` where its rows are not kept from the first one on.
   */
  async at(revision: number): Promise<Y.Doc> {
    if (revision > this.#revision || revision < 1) throw new RequestError('unknown-revision')
    const copy = newReplica()
    if (revision === this.#revision) {
      applyUpdates(copy, [Y.encodeStateAsUpdate(this.ydoc)])
      return copy
    }
    // Who has asked for a state will ask for a later one.
    const known = this.#older !== undefined && this.#older.revision <= revision ? this.#older : undefined
    if (known !== undefined) applyUpdates(copy, [known.state])
    try {
      const take = (rows: readonly UpdateRow[]) =>
        void applyUpdates(
          copy,
          rows.map(({ update }) => update),
        )
      await this.rows(revision, take, known?.revision)
    } catch (cause) {
      copy.destroy()
      throw cause
    }
    this.#older = { revision, state: Y.encodeStateAsUpdate(copy), usedMs: this.#options.clock.monotonicMs() }
    return copy
  }

  /**
   * Reads the log behind `after` up to a revision, some rows at a time, while others go on.
   * @throws RequestError `unknown-revision`; `revision-expired` where not all of them are kept.
   */
  async rows(revision: number, visit: (rows: readonly UpdateRow[]) => void, after = 0): Promise<void> {
    if (revision > this.#revision || revision < 1) throw new RequestError('unknown-revision')
    const { store, turns } = this.#options
    let seq = after
    let waiting: UpdateRow[] = []
    for await (const row of store.readRows(this.#number, after + 1, revision)) {
      if (row.seq !== ++seq) break
      waiting.push(row)
      if (waiting.length < rowsPerTurn) continue
      visit(waiting)
      waiting = []
      await turns.next()
    }
    if (seq !== revision) throw new RequestError('revision-expired')
    visit(waiting)
  }

  /** The funnel up to the log. Takes effect in one turn or not at all; never throws what the update is to blame for. */
  offer(offered: Offered): Offer | Promise<Offer> {
    return this.#offer(offered, undefined)
  }

  /** Resolves when the replica holds whole rows only: at once, but for a large one that is just landing. */
  whole(): Promise<void> {
    return this.#landing.whole()
  }

  /** Told by the store: these rows, the oldest in flight, are on disk. */
  durable(rows: readonly UpdateRow[]): void {
    if (this.#end !== undefined) return
    this.#landing.add(rows)
  }

  hello(grant: Grant): Hello {
    const { clock, limits, format } = this.#options
    const { revision, epoch, layout } = this
    return { revision, epoch, role: grant.role, layout, format, serverTimeMs: clock.nowMs(), limits }
  }

  notices(): readonly Notice[] {
    const notices: Notice[] = []
    const { state } = this.#options.store
    if (this.damage.length > 0) notices.push({ kind: 'read-only' })
    if (state.state === 'failing') notices.push({ kind: 'storage-failed', cause: state.cause })
    if (this.#isDraining) notices.push({ kind: 'draining' })
    return notices
  }

  fellBehind(session: RoomSession): void {
    this.#behind.add(session)
    this.#cancelPump ??= this.#options.clock.every(pumpMs, () => this.#pump())
  }

  left(session: RoomSession): void {
    this.#sessions.delete(session)
    this.#behind.delete(session)
    const onLeave = this.#onLeave.get(session)
    this.#onLeave.delete(session)
    if (this.#sessions.size === 0) this.#stopWarming()
    onLeave?.()
  }

  /** Who wrote what, in flight included. */
  authorship(): AuthorRange[] {
    return this.#authorship.ranges(this.#gate.clocks())
  }

  /** Tells every `sheaf.v1` session. */
  notify(notice: Notice): void {
    if (notice.kind === 'draining') this.#isDraining = true
    const frame = encodeMessage({ type: 'notice', notice })
    for (const session of this.#sessions) session.notify(frame)
  }

  /** The disk takes writes again: says so, and fetches what had to be refused meanwhile. */
  storageRecovered(): void {
    this.notify({ kind: 'storage-ok' })
    for (const session of this.#sessions) session.fetchRefused()
  }

  /** Hands over what waits for more to be committed with it. */
  handOver(): void {
    this.#window.flush()
  }

  /** Closes every session, and ends what watches. */
  closeSessions(error: SheafError): void {
    for (const session of [...this.#sessions]) session.close(error.code, error.message)
    for (const watcher of [...this.#watchers]) watcher.ended(error)
  }

  /** What is due from time to time. @param nextCallMs when this is called again. */
  sweep(nextCallMs: number): void {
    for (const session of this.#sessions) session.sweep(nextCallMs)
    this.answers.forgetUnused()
    const nowMs = this.#options.clock.monotonicMs()
    if (this.#scratch !== undefined && nowMs - this.#scratch.usedMs >= scratchMs) this.#dropScratch()
    if (this.#older !== undefined && nowMs - this.#older.usedMs >= scratchMs) this.#older = undefined
  }

  /** Ends the room for good: sessions are closed, callers that wait for the disk are refused, no timer is left. */
  dispose(error: SheafError): void {
    this.#window.flush()
    this.#end ??= error
    this.#passages?.stop(error)
    this.closeSessions(error)
    this.#stopWarming()
    this.#cancelPump?.()
    this.#cancelPump = undefined
    this.presence.stop()
    this.#dropScratch()
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
    for (const watcher of [...this.#watchers]) watcher.ended(error)
    this.#contents.destroy()
  }

  #offer(offered: Offered, madeOn: Scratch | undefined): Offer | Promise<Offer> {
    if (this.#end !== undefined) return { kind: 'refused', error: this.#end }
    const held = this.#passages?.held
    if (held !== undefined) {
      const kept = offered.isOwned ? offered : { ...offered, update: offered.update.slice(), isOwned: true }
      return held.then(() => this.#offer(kept, madeOn))
    }
    const { update, kind } = offered
    if (this.#contents.stored?.holds(update)) return { kind: 'taken', seq: this.#assigned, work: 0 }
    if (update.byteLength > gateLimits.turnBytes) return this.#pass(offered, madeOn)
    try {
      return this.#take(this.#gate.examine(update, kind, gateLimits.work.turn), offered, madeOn)
    } catch (error) {
      if (!(error instanceof SheafError)) throw error
      // Too dear for one turn, for all that is known.
      return error.details.rule === 'U14' ? this.#pass(offered, madeOn) : { kind: 'refused', error }
    }
  }

  /** A large update, or a dear one, judged over several turns. */
  async #pass(offered: Offered, madeOn: Scratch | undefined): Promise<Offer> {
    try {
      // It may have to wait for others first; the bytes of a frame are good for this turn only.
      const update = offered.isOwned ? offered.update : offered.update.slice()
      return await this.#needPassages().judge(update, offered.kind, verdict => this.#take(verdict, offered, madeOn))
    } catch (error) {
      if (!(error instanceof SheafError)) throw error
      return { kind: 'refused', error }
    }
  }

  /** What becomes of an update that was judged, in the turn of its verdict. */
  #take(verdict: Verdict, offered: Offered, madeOn: Scratch | undefined): Offer {
    if (this.#end !== undefined) return { kind: 'refused', error: this.#end }
    if (verdict.kind === 'nothing') return { kind: 'taken', seq: this.#assigned, work: 0 }
    if (!offered.mayWrite() || this.damage.length > 0) return { kind: 'refused', error: new SheafError('read-only') }
    if (verdict.kind === 'gap') return { kind: 'gap' }
    if (!this.#options.store.hasRoom(this.#window.bytes + verdict.update.byteLength)) {
      return { kind: 'refused', error: new SheafError('storage-failed') }
    }
    return { kind: 'taken', seq: this.#append(verdict, offered, madeOn), work: verdict.work }
  }

  #append(verdict: Admission, offered: Offered, madeOn: Scratch | undefined): number {
    const { clock } = this.#options
    const { principal, session, clientSeq, origin } = offered
    // An update that was made elsewhere is its principal's, whichever way it came; only what the room makes itself is the server's.
    const by = origin === 'api' && madeOn === undefined ? 'socket' : origin
    const author: Author = { principal, origin: by, wallTimeMs: clock.nowMs() }
    this.#authorship.check(verdict.ranges, author)
    const seq = this.#assigned + 1
    const claims = this.#authorship.note(verdict.ranges, author)
    if (claims.length > 0) this.#claims.set(seq, claims)
    if (offered.records !== undefined) this.#records.set(seq, offered.records(seq))
    const row: UpdateRow = {
      seq,
      wallTimeMs: author.wallTimeMs,
      principal,
      session,
      clientSeq,
      origin,
      // The frame belongs to the socket, which may use its memory again; what came in pieces was copied on the way.
      update: offered.isOwned || verdict.pieces !== undefined ? verdict.update : verdict.update.slice(),
    }
    // First, because it is the only step that may fail.
    this.#window.add(row, offered.updates)
    this.#assigned = row.seq
    this.#gate.admitted(verdict)
    if (verdict.pieces !== undefined) this.#pieces.set(seq, verdict.pieces)
    this.#inFlight.push({ row, receivedMs: clock.monotonicMs() })
    if (this.#scratch !== undefined && this.#scratch.replica !== madeOn) this.#scratch.replica.apply(row.update)
    return row.seq
  }

  /** Hands a row to the store, with what it says of who wrote it. */
  #leave(row: UpdateRow): void {
    const claims = this.#claims.get(row.seq) ?? []
    this.#claims.delete(row.seq)
    const records = this.#records.get(row.seq) ?? []
    this.#records.delete(row.seq)
    this.#options.store.append({ number: this.#number, row, claims, records, sink: this })
  }

  /** Edits of the server build on each other, so each waits for the one before. @returns the seq that holds it. */
  #offerOwn(
    update: Uint8Array,
    { origin, by, madeOn }: { origin: 'api' | 'server'; by: OnBehalf; madeOn: Scratch | undefined },
  ): Promise<number> {
    const { principal, session = '', records } = by
    const own = { updates: 1, isOwned: false, principal, session, clientSeq: 0, mayWrite: () => true, records }
    const offering = this.#ownOffers.then(async () => {
      const offer = await this.#offer({ update, kind: 'step2', origin, ...own }, madeOn)
      if (offer.kind === 'taken') return offer.seq
      const error = offer.kind === 'gap' ? new SheafError('gap') : offer.error
      this.#options.metrics.count('sheaf_update_rejected_total', 1, { reason: error.code })
      throw error
    })
    this.#ownOffers = offering.catch(() => undefined)
    return offering
  }

  /** Applies updates that are durable, and shows them to the others; with `isWhole` the rows are in the replica by now. */
  #commit(rows: readonly UpdateRow[], updates: readonly Uint8Array[], isWhole: boolean): void {
    const added = applyUpdates(this.ydoc, updates)
    if (added !== null) this.#contents.changed()
    if (hasPending(this.ydoc)) throw new Error('The replica has met a gap that the gate did not see.')
    const [oldest] = this.#inFlight
    if (isWhole) {
      this.#inFlight.splice(0, rows.length)
      for (const { seq } of rows) this.#pieces.delete(seq)
      this.#revision = rows.at(-1)!.seq
      this.#gate.applied(rows.length)
    }
    this.answers.follow(added)
    const commit = new Commit(rows, added)
    const { clock } = this.#options
    const startMs = clock.monotonicMs()
    for (const session of this.#sessions) session.committed(commit)
    this.#window.relayed(clock.monotonicMs() - startMs)
    if (isWhole) this.#committed(rows, oldest)
  }

  #committed(rows: readonly UpdateRow[], oldest: InFlight | undefined): void {
    const { clock, metrics } = this.#options
    if (oldest !== undefined) {
      metrics.observe('sheaf_edit_broadcast_seconds', (clock.monotonicMs() - oldest.receivedMs) / 1000)
    }
    for (const origin of ['socket', 'api', 'server'] as const) {
      const count = rows.reduce((sum, row) => (row.origin === origin ? sum + 1 : sum), 0)
      if (count > 0) metrics.count('sheaf_updates_applied_total', count, { source: metricSource[origin] })
    }
    for (const watcher of [...this.#watchers]) watcher.committed(rows)
    while (this.#waiters[0] !== undefined && this.#waiters[0].seq <= this.#revision) {
      const waiter = this.#waiters.shift()!
      waiter.resolve({ revision: waiter.seq })
    }
  }

  /** Resolves when the row is on disk. Rows get their seq in order, so waiters stand in order too. */
  #durableAt(seq: number): Promise<{ revision: number }> {
    if (seq <= this.#revision) return Promise.resolve({ revision: seq })
    return new Promise((resolve, reject) => this.#waiters.push({ seq, resolve, reject }))
  }

  /** Made with the replica, and like it when it is needed. @throws SheafError `damaged`. */
  get #gate(): Gate {
    if (this.#gateOfReplica === undefined) {
      const { layout, ydoc } = this
      this.#gateOfReplica = new Gate({ ydoc, layout, limits: this.#options.limits })
    }
    return this.#gateOfReplica
  }

  #needPassages(): Passages {
    if (this.#passages === undefined) {
      const { documentId, layout } = this
      const { cutter, limits, turns, turnstile } = this.#options
      this.#passages = new Passages({ documentId, layout, gate: this.#gate, limits, cutter, turns, turnstile })
    }
    return this.#passages
  }

  /** Somebody who may write has come: a large document is read before the first key, and not on the way of whoever comes. */
  #warmLater(): void {
    const { stored, isRead } = this.#contents
    if (isRead || stored === undefined || stored.bytes < warmBytes || this.#cancelWarming !== undefined) return
    this.#cancelWarming = this.#options.clock.after(warmMs, () => {
      this.#cancelWarming = undefined
      try {
        void this.#gate
      } catch (cause) {
        // Whoever needs the replica is told the same.
        this.#options.log.error('A document could not be read', { documentId: this.documentId, cause })
      }
    })
  }

  #stopWarming(): void {
    this.#cancelWarming?.()
    this.#cancelWarming = undefined
  }

  /** Rows that are whole do not apply: the document ends before them, and who is here is told. */
  #foundDamage(revision: number): void {
    this.#revision = revision
    this.#assigned = revision
    this.#options.log.error('A damaged document is open for reading', {
      documentId: this.documentId,
      damage: this.damage,
    })
    this.notify({ kind: 'read-only' })
  }

  #newScratch(): Scratch {
    return new Scratch(
      this.ydoc,
      this.#inFlight.map(({ row }) => row.update),
      this.#editorId,
    )
  }

  #dropScratch(): void {
    this.#scratch?.replica.destroy()
    this.#scratch = undefined
  }

  #pump(): void {
    for (const session of [...this.#behind]) if (session.pump()) this.#behind.delete(session)
    if (this.#behind.size > 0) return
    this.#cancelPump?.()
    this.#cancelPump = undefined
  }

  #assertWritable(): void {
    if (this.#end !== undefined) throw this.#end
    if (this.damage.length > 0) {
      throw new SheafError('read-only', 'The document is damaged on disk, and open for reading only.')
    }
  }

  /** A durable row did not apply, or something behind it failed: what is in memory is in doubt, what is on disk is not. */
  #break(cause: unknown): void {
    this.#options.log.error('A durable row could not be applied; the room is given up', {
      documentId: this.documentId,
      revision: this.#revision,
      cause,
    })
    this.dispose(new SheafError('internal'))
    this.#options.onBroken()
  }
}

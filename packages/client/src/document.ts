// One opened document: a replica, its connection, its kept copy, and one honest status.
//
// The order of listeners on the replica is what makes it work: ours is registered before the provider's, so when the
// provider sends an update, the update already has its sequence number and its bytes are on their way to the storage.
// An update of ours is pending from that moment until the server acknowledges it as on its disk, whatever happens to the
// socket, the tab or the machine in between.

import {
  type ErrorCode,
  errorKinds,
  type Hello,
  isDocumentId,
  type Notice,
  type Role,
  SheafError,
} from '@sheaf/protocol'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { runtimeWebSocket } from '#runtime'
import { Connection, type Participant, type Problem } from './connection.ts'
import { DocumentClosedError, NotSupportedError } from './errors.ts'
import { defaultStore } from './indexeddb.ts'
import { Keeper, type Kept } from './keeper.ts'
import { Milestone } from './milestone.ts'
import type { KeptMeta, OfflineStore, Orphans } from './offline.ts'
import { Outbox } from './outbox.ts'
import { type Identity, Presence } from './presence.ts'
import type { SocketConstructor } from './runtime.ts'
import { type DocumentStatus, sameStatus } from './status.ts'

export interface OpenOptions {
  /** Base address of the server, `http(s)` or `ws(s)`, with port and path if it has them; in a page it may be relative. */
  readonly url: string
  readonly documentId: string
  readonly identity: Identity
  /** Bearer token, or what fetches a fresh one: called before each attempt to connect and when the server asks. */
  readonly token?: string | (() => string | Promise<string>)
  /** Where changes are kept on this device. Default: IndexedDB where there is one; null: nowhere. */
  readonly offline?: OfflineStore | null
  /** Default: that of the runtime, and plain HTTP where WebSockets are blocked. With one of your own there is no other way. */
  readonly WebSocket?: SocketConstructor
  /** A replica of your own; what is in it is sent. Default: a new one. */
  readonly ydoc?: Y.Doc
  /**
   * True for a document that is made here and now, on this device, with an id of its own (`newDocumentId`): it can be written in at
   * once, and is made on the server, once, as soon as there is one. Remembered with the kept copy until then.
   */
  readonly made?: boolean
  /**
   * The newest version of the layout `sheaf` that the program reads (`bodyFormat` of @sheaf/model). Where the server writes a newer
   * one nothing of it is applied, and the problem is `upgrade-required`. Default: any, for a program that reads bytes only.
   */
  readonly format?: number
  /** Asks for no more than this role, whatever one may: to see what others see. */
  readonly as?: Exclude<Role, 'none' | 'owner' | 'suggester'>
}

export interface SheafDocument extends AsyncDisposable {
  readonly documentId: string
  readonly ydoc: Y.Doc
  readonly awareness: Awareness
  readonly presence: Presence
  /**
   * There is something true to show: the kept copy, or the first sync. Until then the replica is empty because it is not
   * loaded, not because the document is. Rejects with a SheafError when the server says no for good.
   */
  readonly ready: Promise<void>
  /** The first full sync with the server. Rejects like `ready`. */
  readonly synced: Promise<void>
  /**
   * Resolves when every change made before the call is on the server's disk, with a revision that holds them; waits while
   * there is no connection. Rejects with a SheafError when a change was refused or the server says no for good, with
   * NotSupportedError against a plain y-websocket server, and with DocumentClosedError after `close`.
   */
  saved(): Promise<{ revision: number }>
  /** Resolves when every change made before the call is in this device's storage; rejects when there is none or it fails. */
  kept(): Promise<void>
  /** True while that is so of every change; false for the moment that a write takes, and where nothing is kept. */
  readonly isKept: boolean
  readonly status: DocumentStatus
  /** Called with every new status, in the same turn as what caused it. @returns stops listening. */
  onStatus(listener: (status: DocumentStatus) => void): () => void
  /** Connects now, also after a permanent close; sends changes again that were refused. */
  retry(): void
  /**
   * Closes the document and moves its kept copy out of the way, so that it can be opened anew from the server.
   * @returns the whole copy as one Yjs v1 update, for export; the store lists it under `listAside` too.
   */
  setAside(): Promise<Uint8Array>
  /** Leaves. What is pending stays kept for the next time. @param options.drainMs how long to wait for it to be sent first; default 0. */
  close(options?: { readonly drainMs?: number }): Promise<void>
}

/** Opens a document and keeps it connected until it is closed. Returns at once; see `ready`. */
export function openDocument(options: OpenOptions): SheafDocument {
  return new OpenedDocument(options)
}

/** How long `await using` waits for pending changes. */
const disposeDrainMs = 10_000
/** Gaps without an acknowledgement between them before the changes count as refused. */
const maxGaps = 8
const gapMs = 2_000
const refusedLaterMs = 2_000

/** Origin of transactions that bring what was kept. */
const keptOrigin = Symbol('kept')

class OpenedDocument implements SheafDocument, Participant, Kept {
  readonly documentId: string
  readonly ydoc: Y.Doc
  readonly awareness: Awareness
  readonly presence: Presence
  readonly ready: Promise<void>
  readonly synced: Promise<void>
  readonly #store: OfflineStore | null
  readonly #keeper: Keeper
  readonly #connection: Connection
  readonly #outbox = new Outbox()
  readonly #ready = new Milestone()
  readonly #synced = new Milestone()
  readonly #loaded = new Milestone()
  readonly #listeners = new Set<(status: DocumentStatus) => void>()
  readonly #openedMs = Date.now()
  readonly #onUpdate: (update: Uint8Array, origin: unknown) => void
  /** Own updates from before the kept copy was read; undefined afterwards. */
  #early: Uint8Array[] | undefined = []
  #epoch: string | undefined
  #layout: Hello['layout'] | undefined
  #role: Role | undefined
  #revision: number | undefined
  #acknowledgedSeq = 0
  #gaps = 0
  /** The lowest seq that the server could not place yet. */
  #gapSeq = Number.POSITIVE_INFINITY
  #gapTimer: ReturnType<typeof setTimeout> | undefined
  #everSynced = false
  /** Made on this device, and on no server yet, as far as is known. */
  #made: boolean
  #wasMade = false
  readonly #server: Pick<OpenOptions, 'url' | 'token'>
  #draining = false
  #serverReadOnly = false
  #storageCause: string | undefined
  #refusal: Problem | undefined
  #persistAsked = false
  #savers: { seq: number; resolve: (saved: { revision: number }) => void; reject: (cause: unknown) => void }[] = []
  #status: DocumentStatus
  #closing: Promise<void> | undefined

  constructor(options: OpenOptions) {
    const WebSocket = options.WebSocket ?? runtimeWebSocket()
    if (WebSocket === undefined) throw new TypeError('There is no WebSocket here; pass one.')
    this.documentId = options.documentId
    this.ydoc = options.ydoc ?? new Y.Doc()
    this.ready = this.#ready.reached
    this.synced = this.#synced.reached
    this.#store = options.offline === undefined ? defaultStore() : options.offline
    this.#keeper = new Keeper(this)
    this.#made = options.made === true
    this.#server = options
    if (Y.encodeStateVector(this.ydoc).byteLength > 1) this.#early?.push(this.state())
    this.#onUpdate = (update, origin) => this.#take(update, origin)
    this.ydoc.on('update', this.#onUpdate)
    this.awareness = new Awareness(this.ydoc)
    this.presence = new Presence(this.awareness, options.identity)
    this.#connection = new Connection({
      serverUrl: socketUrl(options.url),
      documentId: options.documentId,
      ydoc: this.ydoc,
      awareness: this.awareness,
      WebSocket,
      token: options.token,
      format: options.format ?? Number.POSITIVE_INFINITY,
      as: options.as,
      participant: this,
    })
    this.#status = this.#readStatus()
    void this.#begin()
  }

  get status(): DocumentStatus {
    return this.#status
  }

  onStatus(listener: (status: DocumentStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async saved(): Promise<{ revision: number }> {
    if (this.#closing) throw new DocumentClosedError()
    if (this.#early) await this.#loaded.reached
    const seq = this.#outbox.lastSeq
    return new Promise((resolve, reject) => {
      this.#savers.push({ seq, resolve, reject })
      this.#settle()
    })
  }

  get isKept(): boolean {
    return !this.#early && this.#keeper.isWritten
  }

  async kept(): Promise<void> {
    if (this.#early) await this.#loaded.reached
    return this.#keeper.written()
  }

  retry(): void {
    this.#outbox.thaw()
    this.#refusal = undefined
    this.#forgetGap()
    this.#connection.retry()
  }

  async setAside(): Promise<Uint8Array> {
    const copy = this.state()
    await this.close()
    await this.#store?.setAside(this.documentId, Date.now())
    return copy
  }

  close(options: { readonly drainMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.drainMs ?? 0)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close({ drainMs: disposeDrainMs })
  }

  // What the connection asks and tells.

  lastSeq(): number {
    return this.#outbox.lastSeq
  }

  frozen(): boolean {
    return this.#outbox.frozen
  }

  epoch(): string | undefined {
    return this.#epoch
  }

  async prepare(): Promise<void> {
    if (this.#made) await this.#makeOnServer()
    const orphans = await this.#keeper.orphans()
    if (orphans === undefined || this.#closing) return
    this.#adopt(orphans)
    Y.applyUpdate(this.ydoc, orphans.update, keptOrigin)
  }

  /**
   * However often this is tried, and by however many tabs, there is one document: the server makes it, with its first marker, unless it
   * is there already. What was written meanwhile comes the way of all updates, which are the same ones however often they are sent.
   */
  async #makeOnServer(): Promise<void> {
    const { url, token } = this.#server
    try {
      // Rarely wanted, and so not among what every document loads first.
      const { DocumentsApi } = await import('./api.ts')
      await new DocumentsApi({ url, ...(token !== undefined && { token }) }).createAt(this.documentId)
    } catch (error) {
      const isThere = error instanceof SheafError && error.code === 'already-exists'
      if (!isThere)
        throw error instanceof SheafError ? error : new SheafError('going-away', undefined, { cause: error })
    }
    this.#made = false
    this.#keeper.touch()
  }

  greeted(hello: Hello): void {
    this.#epoch = hello.epoch
    this.#layout = hello.layout
    this.#role = hello.role
    this.#revision = Math.max(this.#revision ?? 0, hello.revision)
    this.#draining = false
    this.#serverReadOnly = false
    this.#storageCause = undefined
    this.#keeper.touch()
  }

  acknowledged(clientSeq: number, revision: number): void {
    this.#revision = Math.max(this.#revision ?? 0, revision)
    if (clientSeq >= this.#gapSeq) this.#forgetGap()
    const through = this.#outbox.acknowledge(clientSeq)
    if (through === undefined) return
    this.#acknowledgedSeq = through
    this.#keeper.acknowledge(through)
    this.#changed()
  }

  refused(clientSeq: number, code: string, reason: string): void {
    const known: ErrorCode = code in errorKinds ? (code as ErrorCode) : 'invalid-update'
    const detail = reason || errorKinds[known].meaning
    if (known === 'gap' && ++this.#gaps <= maxGaps) return this.#waitForGap(clientSeq)
    if (known === 'storage-failed') this.#storageCause ??= 'error'
    if (known !== 'gap' && errorKinds[known].retry === 'later') {
      return this.#connection.reconnect({ code: known, detail, permanent: false }, refusedLaterMs * (1 + Math.random()))
    }
    this.#outbox.refuse(clientSeq)
    this.#refusal = { code: known, detail, permanent: true }
    this.#changed()
  }

  noticed(notice: Notice): void {
    if (notice.kind === 'draining') this.#draining = true
    else if (notice.kind === 'storage-failed') this.#storageCause = notice.cause ?? 'error'
    else if (notice.kind === 'storage-ok') this.#storageCause = undefined
    else if (notice.kind === 'read-only') this.#serverReadOnly = true
    else if (notice.role !== undefined) this.#role = notice.role
    this.#changed()
  }

  // The provider's `sync` event.
  becameSynced(): void {
    this.#everSynced = true
    this.#keeper.touch()
    this.#ready.reach()
    this.#synced.reach()
    this.#changed()
  }

  connectionChanged(): void {
    this.#keeper.strict = this.#connection.state !== 'online'
    this.#changed()
  }

  // What the keeper asks and tells.

  state(): Uint8Array {
    return Y.encodeStateAsUpdate(this.ydoc)
  }

  acknowledgedSeq(): number {
    return this.#acknowledgedSeq
  }

  pending(): number {
    return this.#outbox.pending
  }

  meta(): KeptMeta {
    return {
      ...(this.#epoch !== undefined && { epoch: this.#epoch }),
      ...(this.#layout !== undefined && { layout: this.#layout }),
      ...(this.#layout === 'sheaf' && { title: this.ydoc.getText('title').toString() }),
      synced: this.#everSynced,
      ...((this.#made || this.#wasMade) && { made: this.#made }),
      openedMs: this.#openedMs,
    }
  }

  keptChanged(): void {
    this.#changed()
  }

  /** Reads the kept copy, then connects. */
  async #begin(): Promise<void> {
    if (!isDocumentId(this.documentId)) {
      this.#finishLoading(undefined)
      return this.#connection.fail('malformed')
    }
    const opened = this.#store === null ? undefined : await this.#keeper.open(this.#store, this.documentId)
    if (this.#closing) return
    if (opened) {
      this.#epoch = opened.meta.epoch
      this.#layout = opened.meta.layout
      this.#everSynced = opened.meta.synced === true
      this.#made ||= opened.meta.made === true
      Y.transact(this.ydoc, () => applyAll(this.ydoc, opened.updates), keptOrigin)
    }
    this.#finishLoading(opened?.orphans)
    this.#wasMade = this.#made
    if (this.#made) this.#layout = 'sheaf'
    // What was made here is empty because nobody has written in it yet.
    if (this.#everSynced || this.#made) {
      this.#ready.reach()
      this.#keeper.touch()
    }
    this.#changed()
    this.#connection.start()
  }

  #finishLoading(orphans: Orphans | undefined): void {
    const early = this.#early ?? []
    this.#early = undefined
    if (orphans) this.#adopt(orphans)
    for (const update of early) this.#keeper.append({ seq: this.#outbox.add(), changes: 1, update })
    this.#loaded.reach()
  }

  /** What a session left unsent that is gone is ours now. */
  #adopt(orphans: Orphans): void {
    const seq = this.#outbox.add(orphans.changes)
    this.#keeper.append({ seq, changes: orphans.changes, update: orphans.update }, orphans.ids)
    this.#changed()
  }

  /** The server asks for what it lacks with a step 1 of its own, as a rule; a fresh connection begins with one for certain. */
  #waitForGap(clientSeq: number): void {
    this.#gapSeq = Math.min(this.#gapSeq, clientSeq)
    this.#gapTimer ??= setTimeout(() => {
      this.#gapTimer = undefined
      this.#connection.reconnect(undefined, 0)
    }, gapMs)
  }

  #forgetGap(): void {
    clearTimeout(this.#gapTimer)
    this.#gapTimer = undefined
    this.#gapSeq = Number.POSITIVE_INFINITY
    this.#gaps = 0
  }

  #take(update: Uint8Array, origin: unknown): void {
    if (origin === keptOrigin) return
    if (origin === this.#connection.provider) return this.#keeper.append({ seq: null, changes: 0, update })
    if (this.#early) this.#early.push(update)
    else {
      this.#keeper.append({ seq: this.#outbox.add(), changes: 1, update })
      this.#connection.resume()
    }
    this.#changed()
  }

  async #close(drainMs: number): Promise<void> {
    if (drainMs > 0 && this.#status.pending > 0) await this.#drained(drainMs)
    this.#connection.stop()
    this.#forgetGap()
    this.#changed()
    this.ydoc.off('update', this.#onUpdate)
    this.presence.close()
    this.awareness.destroy()
    const closed = new DocumentClosedError()
    this.#ready.fail(closed)
    this.#synced.fail(closed)
    this.#loaded.fail(closed)
    for (const saver of this.#savers.splice(0)) saver.reject(closed)
    this.#listeners.clear()
    await this.#keeper.close()
  }

  /** Resolves when nothing is pending, when it is certain that waiting is in vain, or after `drainMs`. */
  #drained(drainMs: number): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        stop()
        resolve()
      }
      const timer = setTimeout(done, drainMs)
      const stop = this.onStatus(status => {
        if (status.pending === 0 || status.problem?.permanent) done()
      })
      if (this.#status.problem?.permanent) done()
    })
  }

  #readStatus(): DocumentStatus {
    // Whoever is out altogether is not told of a change that was refused before.
    const lost = this.#connection.problem
    const problem = lost?.permanent === true ? lost : (this.#refusal ?? lost)
    const mayWrite = this.#role === undefined || this.#role === 'owner' || this.#role === 'editor'
    return {
      connection: this.#connection.state,
      ready: this.#ready.isReached,
      synced: this.#connection.state === 'online' && this.#connection.provider.synced,
      pending: this.#outbox.pending + (this.#early?.length ?? 0),
      kept: this.#keeper.healthy,
      draining: this.#draining,
      storage: this.#storageCause === undefined ? 'ok' : 'failing',
      ...(this.#storageCause !== undefined && { storageCause: this.#storageCause }),
      readOnly: !mayWrite || this.#serverReadOnly || problem?.permanent === true,
      ...(this.#role !== undefined && { role: this.#role }),
      ...(this.#layout !== undefined && { layout: this.#layout }),
      ...(problem !== undefined && { problem }),
    }
  }

  #changed(): void {
    const status = this.#readStatus()
    this.#settle(status.problem)
    if (sameStatus(status, this.#status)) return
    this.#status = status
    this.#askForPersistence(status)
    for (const listener of [...this.#listeners]) listener(status)
  }

  #settle(problem: Problem | undefined = this.#status.problem): void {
    const refusal = problem?.permanent ? new SheafError(problem.code, problem.detail) : undefined
    if (refusal) {
      this.#ready.fail(refusal)
      this.#synced.fail(refusal)
    }
    const savers = this.#savers.splice(0)
    for (const saver of savers) {
      if (this.#connection.dialect === 'base') saver.reject(new NotSupportedError())
      else if (this.#revision !== undefined && this.#outbox.holds(saver.seq))
        saver.resolve({ revision: this.#revision })
      else if (refusal) saver.reject(refusal)
      else this.#savers.push(saver)
    }
  }

  #askForPersistence(status: DocumentStatus): void {
    if (this.#persistAsked || status.pending === 0 || status.connection !== 'offline' || !status.kept) return
    this.#persistAsked = true
    // A browser that says no keeps the copy all the same while there is space.
    void this.#store?.persist().catch(() => false)
  }
}

function applyAll(ydoc: Y.Doc, updates: readonly Uint8Array[]): void {
  for (const update of updates) Y.applyUpdate(ydoc, update, keptOrigin)
}

/** `https://host:port/path` → `wss://host:port/path/ws` */
function socketUrl(base: string): string {
  const url = new URL(base, globalThis.location?.href)
  url.protocol = url.protocol.replace(/^http/, 'ws')
  if (!/^wss?:$/.test(url.protocol))
    throw new TypeError(`An address of a server begins with http or ws, not ${url.protocol}`)
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}/ws`
}

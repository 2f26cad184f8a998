// Keeps one document connected: y-websocket's provider, and around it what the provider leaves open — when to connect
// again and when never, tokens, the epoch, and the messages of `sheaf.v1`.
//
// The provider is composed through its own seams: `WebSocketPolyfill` (socket.ts), `protocols` and `params` (set anew
// before each attempt), `messageHandlers` (100-105), and `shouldReconnect`, which always says no: reconnecting is decided
// here, with jitter and with what the server asked for, by a timer that `stop` can clear.

import {
  decodeMessage,
  type ErrorCode,
  encodeMessage,
  errorCodeOfClose,
  errorKinds,
  type Hello,
  isPermanentClose,
  type Limits,
  messageType,
  type Notice,
  SheafError,
  sheafSubprotocol,
} from '@sheaf/protocol'
import type { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { forgetExitListener, runtimeWebSocket, watchNetwork } from '#runtime'
import { reconnectDelayMs } from './backoff.ts'
import type { Way } from './http-socket.ts'
import type { NetworkListener, SocketConstructor } from './runtime.ts'
import { type Dialect, documentSocket } from './socket.ts'

export type ConnectionState = 'connecting' | 'online' | 'offline' | 'closed'

/** Why something does not work, for the person at the screen. */
export interface Problem {
  readonly code: ErrorCode
  readonly detail: string
  /** True when nothing more is tried until `retry()`. */
  readonly permanent: boolean
}

/** The document, seen from its connection. */
export interface Participant {
  lastSeq(): number
  frozen(): boolean
  /** Own changes that no server has acknowledged. */
  pending(): number
  /** The timeline that the replica belongs to; undefined while it is new. */
  epoch(): string | undefined
  /** Called before each attempt. */
  prepare(): Promise<void>
  /** Greeted by a Sheaf server on the right timeline. */
  greeted(hello: Hello): void
  acknowledged(clientSeq: number, revision: number): void
  refused(clientSeq: number, code: string, reason: string): void
  noticed(notice: Notice): void
  /** The first full sync of a connection is done. */
  becameSynced(): void
  /** State, dialect or problem changed. */
  connectionChanged(): void
}

export interface ConnectionOptions {
  readonly serverUrl: string
  readonly documentId: string
  readonly ydoc: Y.Doc
  readonly awareness: Awareness
  readonly WebSocket: SocketConstructor
  readonly token: string | (() => string | Promise<string>) | undefined
  /** The newest version of the layout `sheaf` that the program reads. */
  readonly format: number
  /** The role to be had at most. */
  readonly as?: string | undefined
  readonly participant: Participant
}

/** How long a socket that may be dead has to prove that it is not. */
const probeMs = 3_000
/** Nobody has looked for so long: the socket is left until somebody does. */
const unwatchedMs = 5 * 60_000

export class Connection implements NetworkListener {
  readonly provider: WebsocketProvider
  readonly #options: ConnectionOptions
  readonly #way: Way
  readonly #participant: Participant
  readonly #forgetNetwork: () => void
  #state: ConnectionState = 'connecting'
  #dialect: Dialect | undefined
  #problem: Problem | undefined
  #limits: Partial<Limits> = {}
  /** Why the server says no, said just before it closes. */
  #denial = ''
  #attempt = 0
  /** No word of the server has come in this attempt. */
  #silent = true
  /** False while the kept copy is being read: what is in it has to be in the first step 2. */
  #started = false
  #preparing = false
  /** True while the provider closes the socket because we said so. */
  #leaving = false
  #stopped = false
  #freshTokenTried = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #probeTimer: ReturnType<typeof setTimeout> | undefined
  #unwatchedTimer: ReturnType<typeof setTimeout> | undefined
  /** Without a socket because nobody looks. */
  #resting = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#participant = options.participant
    const participant = options.participant
    this.#way = { Socket: options.WebSocket, url: options.serverUrl }
    const socket = documentSocket(this.#way, {
      clientId: options.awareness.clientID,
      lastSeq: () => participant.lastSeq(),
      frozen: () => participant.frozen(),
      limits: () => this.#limits,
      recognized: dialect => this.#recognized(dialect),
    })
    this.provider = new WebsocketProvider(options.serverUrl, options.documentId, options.ydoc, {
      connect: false,
      disableBc: true,
      awareness: options.awareness,
      WebSocketPolyfill: socket as unknown as typeof WebSocket,
      // The provider's own timer after a close finds nothing to do; it shall not outlive the document.
      maxBackoffTime: 0,
      shouldReconnect: () => false,
    })
    forgetExitListener(this.provider)
    this.#listen()
    this.#forgetNetwork = watchNetwork(this)
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Undefined until a server has been recognized. */
  get dialect(): Dialect | undefined {
    return this.#dialect
  }

  get problem(): Problem | undefined {
    return this.#problem
  }

  /** Begins to connect, and goes on until `stop` or a permanent close. */
  start(): void {
    this.#started = true
    this.#schedule(0)
  }

  /** Connects now: at once instead of after the wait, again after a permanent close, anew if it is open. */
  retry(): void {
    if (this.#stopped) return
    this.#attempt = 0
    this.#freshTokenTried = false
    this.#leave()
    this.#set(this.#state === 'offline' ? 'offline' : 'connecting', undefined)
    this.#schedule(0)
  }

  /** Leaves the socket and comes back some time later. */
  reconnect(problem: Problem | undefined, delayMs: number): void {
    if (this.#stopped) return
    this.#leave()
    this.#set('offline', problem)
    this.#schedule(delayMs)
  }

  /** Stops for a reason that trying again does not mend. */
  fail(code: ErrorCode, detail: string = errorKinds[code].meaning): void {
    if (this.#stopped) return
    clearTimeout(this.#timer)
    this.#leave()
    this.#set('closed', { code, detail, permanent: true })
  }

  /** A network came back: the wait that is left is cut short. */
  available(): void {
    if (this.#state === 'offline') this.#schedule(0)
  }

  watched(isWatched: boolean): void {
    clearTimeout(this.#unwatchedTimer)
    if (isWatched) this.resume()
    else this.#unwatchedTimer = setTimeout(() => this.#rest(), unwatchedMs)
  }

  /** Ends a rest, for there is something to be sent or somebody to look. */
  resume(): void {
    if (this.#resting) this.#schedule(0)
  }

  /** Asks the server for a word; one that stays silent is taken for gone long before the watchdog would. */
  doubtful(): void {
    const { ws, wsLastMessageReceived } = this.provider
    if (this.#probeTimer !== undefined || !this.provider.wsconnected || ws === null) return
    ws.send(encodeMessage({ type: 'query-awareness' }) as Uint8Array<ArrayBuffer>)
    this.#probeTimer = setTimeout(() => {
      this.#probeTimer = undefined
      if (this.provider.ws !== ws || this.provider.wsLastMessageReceived > wsLastMessageReceived) return
      this.#leave()
      this.#set('offline', undefined)
      this.#schedule(0)
    }, probeMs)
  }

  /** For good: no timer, listener or socket remains. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    clearTimeout(this.#timer)
    clearTimeout(this.#probeTimer)
    clearTimeout(this.#unwatchedTimer)
    this.#forgetNetwork()
    this.provider.destroy()
    this.#state = 'closed'
  }

  #listen(): void {
    const { provider } = this
    const receive = (decoderBytes: Uint8Array) => this.#receive(decoderBytes)
    for (const type of [messageType.hello, messageType.ack, messageType.token, messageType.notice, messageType.nack]) {
      provider.messageHandlers[type] = (_encoder, decoder) => receive(decoder.arr)
    }
    provider.messageHandlers[messageType.auth] = (_encoder, decoder) => receive(decoder.arr)
    provider.on('sync', synced => {
      if (!synced) return
      this.#attempt = 0
      this.#participant.becameSynced()
    })
    provider.on('connection-close', event => this.#closed(event))
  }

  #receive(frame: Uint8Array): void {
    const message = decodeMessage(frame)
    switch (message.type) {
      case 'hello':
        return this.#greet(message.hello)
      case 'ack':
        return this.#participant.acknowledged(message.clientSeq, message.revision)
      case 'nack':
        return this.#participant.refused(message.clientSeq, message.code, message.reason)
      case 'notice':
        return this.#participant.noticed(message.notice)
      case 'token':
        return void this.#handOverToken()
      case 'denied':
        this.#denial = message.reason
        return
    }
  }

  #recognized(dialect: Dialect): void {
    this.#silent = false
    this.#dialect = dialect
    if (dialect === 'base') this.#set('online', undefined)
  }

  #greet(hello: Hello): void {
    const epoch = this.#participant.epoch()
    // Nothing of the other timeline has been applied yet: `hello` comes before any sync message.
    if (epoch !== undefined && epoch !== hello.epoch) return this.fail('epoch')
    // Nor of a layout that would be read as something else.
    if (hello.layout === 'sheaf' && hello.format > this.#options.format) return this.fail('upgrade-required')
    this.#limits = hello.limits
    this.#freshTokenTried = false
    this.#state = 'online'
    this.#problem = undefined
    this.#participant.greeted(hello)
    this.#participant.connectionChanged()
  }

  /** @param event null when the provider itself closed: after its watchdog heard nothing for 30 s, or on `#leave`. */
  #closed(event: CloseEvent | null): void {
    // The provider would reconnect after its watchdog's close by itself, without token, epoch and wait.
    this.provider.shouldConnect = false
    clearTimeout(this.#probeTimer)
    this.#probeTimer = undefined
    const denial = this.#denial
    this.#denial = ''
    if (this.#stopped || this.#leaving) return
    const { code, reason } = event ?? { code: 1006, reason: '' }
    const known = errorCodeOfClose(code, reason)
    if (!isPermanentClose(code)) {
      this.#attempt += 1
      this.#set('offline', known && { code: known, detail: denial || errorKinds[known].meaning, permanent: false })
      this.#schedule(reconnectDelayMs(this.#attempt - 1, code, reason, Math.random()))
      // Rarely wanted, and so not among what every document loads first; not to be had without a network. Whoever brought a socket
      // of their own has chosen the way.
      if (this.#silent && !known && this.#options.WebSocket === runtimeWebSocket())
        import('./http-socket.ts').then(({ takeDetour }) => takeDetour(this.#way, this, reason)).catch(() => undefined)
    } else if (known === 'unauthorized' && typeof this.#options.token === 'function' && !this.#freshTokenTried) {
      this.#freshTokenTried = true
      this.#set('offline', undefined)
      this.#schedule(0)
    } else {
      const named = known ?? 'forbidden'
      this.#set('closed', { code: named, detail: denial || errorKinds[named].meaning, permanent: true })
    }
  }

  /** What is not acknowledged is never left to wait for somebody to look again. */
  #rest(): void {
    if (this.#state !== 'online' || this.#participant.pending() > 0) return this.watched(false)
    this.#resting = true
    this.#leave()
    this.#set('connecting', undefined)
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#resting = false
    if (this.#stopped || !this.#started) return
    this.#timer = setTimeout(() => void this.#connect(), delayMs)
  }

  async #connect(): Promise<void> {
    if (this.#preparing || this.provider.ws !== null) return
    this.#preparing = true
    try {
      await this.#participant.prepare()
      const token = await this.#token()
      if (this.#stopped || this.#state === 'closed') return
      const epoch = this.#participant.epoch()
      const { as } = this.#options
      this.provider.params = { ...(epoch !== undefined && { epoch }), ...(as && { as }) }
      this.provider.protocols = token ? [sheafSubprotocol, `sheaf.bearer.${token}`] : [sheafSubprotocol]
      // Others dropped our presence when the last socket closed; only a newer clock brings it back.
      const { awareness } = this.#options
      awareness.setLocalState(awareness.getLocalState())
      // And we dropped theirs: who has not changed meanwhile comes with the clock that we remember, and would be ignored.
      for (const clientId of awareness.meta.keys()) if (!awareness.states.has(clientId)) awareness.meta.delete(clientId)
      this.#silent = true
      this.provider.connect()
    } catch (cause) {
      if (this.#stopped) return
      // A constructor that throws (an address that cannot be, a token that is none) will throw again.
      if (cause instanceof SheafError)
        this.reconnect(problemOf(cause), reconnectDelayMs(this.#attempt++, 1013, '', Math.random()))
      else this.fail('internal', String(cause))
    } finally {
      this.#preparing = false
    }
  }

  async #token(): Promise<string | undefined> {
    const { token } = this.#options
    if (typeof token !== 'function') return token
    try {
      return await token()
    } catch (cause) {
      throw new SheafError('auth-unavailable', 'No token could be fetched.', { cause })
    }
  }

  async #handOverToken(): Promise<void> {
    const { ws } = this.provider
    try {
      const token = await this.#token()
      if (token && ws === this.provider.ws) ws?.send(encodeMessage({ type: 'token', token }) as Uint8Array<ArrayBuffer>)
    } catch {
      // The server closes a session whose token runs out, and the next attempt asks again.
    }
  }

  #leave(): void {
    this.#leaving = true
    this.provider.disconnect()
    this.#leaving = false
  }

  #set(state: ConnectionState, problem: Problem | undefined): void {
    this.#state = state
    this.#problem = problem
    this.#participant.connectionChanged()
  }
}

function problemOf(error: SheafError): Problem {
  return { code: error.code, detail: error.message, permanent: false }
}

// The socket of one document: a WebSocket in shape, so that y-websocket's provider can drive it, around a real one.
//
// It offers nothing of its own to the provider; it translates. Under `sheaf.v1` every outgoing sync update and step 2 is
// wrapped in `sequenced`, long messages leave as chunks, bursts wait until `bufferedAmount` has drained, and chunks that
// come in are put together, and frames of several messages taken apart, before the provider sees them. Against any other server the bytes pass as they are.
//
// Invariants
// - Under `sheaf.v1` no update leaves before the first step 2 of this socket: that step 2 holds everything, so the
//   server never meets a gap, and an acknowledgement of seq n covers every seq up to n.
// - Sync messages leave in order. Presence may overtake them, and only its newest state waits.
// - A server's dialect is known from its first message: `hello`, or not. The subprotocol alone proves nothing, for a
//   plain `ws` server agrees to whatever is offered first.

import {
  ChunkAssembly,
  chunked,
  decodeAwareness,
  decodeMessage,
  defaultMaxUpdateBytes,
  encodeAwareness,
  encodeMessage,
  type Limits,
  messageType,
  SheafError,
  sheafSubprotocol,
  splitFrame,
} from '@sheaf/protocol'
import { mergeUpdates } from 'yjs'
import { Pace } from './pace.ts'
import type { Socket, SocketConstructor } from './runtime.ts'

export type Dialect = 'sheaf' | 'base'

/** The document, seen from its socket. */
export interface SocketPort {
  /** The client id whose presence is ours to send. */
  readonly clientId: number
  /** The highest sequence number assigned so far; 0 if none. */
  lastSeq(): number
  /** True while changes must not leave, because one of them was refused. */
  frozen(): boolean
  /** What the server announced; empty until its `hello`. */
  limits(): Partial<Limits>
  /** The first message of the server came. */
  recognized(dialect: Dialect): void
}

/** Bytes in the socket above which sync messages wait. */
export const maxBufferedBytes = 512 * 1024
/** A socket that takes bytes and moves none of them for this long is given up. */
export const stallMs = 15_000
/** A handshake that takes longer is given up. */
export const openTimeoutMs = 10_000

const drainPollMs = 20
const watchMs = 1_000
const maxIncomingBytes = 64 * 1024 * 1024
const maxWaitingUpdates = 256

/** An empty awareness update: shows the provider's watchdog that the server lives. */
const keepalive = encodeMessage({ type: 'awareness', update: Uint8Array.of(0) })

/** A WebSocket class whose instances belong to one document. */
export function documentSocket(way: { readonly Socket: SocketConstructor }, port: SocketPort): SocketConstructor {
  function Socket(url: string, protocols?: string | string[]): DocumentSocket {
    return new DocumentSocket(new way.Socket(url, protocols), port)
  }
  return Socket as unknown as SocketConstructor
}

export class DocumentSocket implements Socket {
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSING = 2
  readonly CLOSED = 3
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null

  readonly #real: Socket
  readonly #port: SocketPort
  readonly #assembly = new ChunkAssembly(maxIncomingBytes)
  readonly #pace = new Pace()
  #dialect: Dialect | undefined
  /** True once a step 2 left: from here on updates may. */
  #covered = false
  /** Updates that came before the dialect was known. */
  #early: Uint8Array[] = []
  /** Encoded sync frames in order; updates that wait for room are kept apart, so that they can leave as one. */
  #frames: Uint8Array[] = []
  #waiting: Uint8Array[] = []
  #presence: Uint8Array | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #dueMs = 0
  #openTimer: ReturnType<typeof setTimeout> | undefined
  #sentBytes = 0
  #movedBytes = 0
  #progressMs = 0
  #ended = false

  constructor(real: Socket, port: SocketPort) {
    this.#real = real
    this.#port = port
    real.binaryType = 'arraybuffer'
    this.#openTimer = setTimeout(() => this.abort('The handshake took too long.'), openTimeoutMs)
    real.onopen = event => {
      clearTimeout(this.#openTimer)
      this.onopen?.(event)
    }
    real.onerror = event => this.onerror?.(event)
    real.onclose = event => this.#end(event)
    real.onmessage = event => this.#receive(event)
  }

  get binaryType(): BinaryType {
    return this.#real.binaryType
  }

  set binaryType(type: BinaryType) {
    this.#real.binaryType = type
  }

  get readyState(): number {
    return this.#ended ? this.CLOSED : this.#real.readyState
  }

  get protocol(): string {
    return this.#real.protocol
  }

  get bufferedAmount(): number {
    return this.#real.bufferedAmount
  }

  /** Takes one frame of the base dialect, or one of the extension that needs no sequence number. */
  send(frame: Uint8Array): void {
    if (this.#ended) return
    if (this.#dialect === 'base') return this.#put(frame)
    if (frame[0] === messageType.sync) return this.#sendSync(frame)
    if (frame[0] === messageType.awareness) return this.#sendPresence(frame)
    this.#put(frame)
  }

  close(code?: number, reason?: string): void {
    this.#stop()
    this.#real.close(code, reason)
  }

  /** Gives up a socket that does not work, without waiting for the other end to agree. */
  abort(reason: string): void {
    if (this.#ended) return
    this.#end({ code: 1006, reason, wasClean: false } as CloseEvent)
    this.#real.close()
  }

  #end(event: CloseEvent): void {
    if (this.#ended) return
    this.#stop()
    this.onclose?.(event)
  }

  #stop(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    clearTimeout(this.#openTimer)
    this.#frames = []
    this.#waiting = []
    this.#early = []
    this.#presence = undefined
  }

  #receive(event: MessageEvent): void {
    if (this.#ended) return
    if (typeof event.data === 'string') return this.abort('A text frame came.')
    const frame = new Uint8Array(event.data)
    try {
      if (this.#dialect === undefined) this.#recognize(frame)
      if (this.#dialect !== 'sheaf') return this.onmessage?.(event)
      for (const message of splitFrame(frame)) {
        // Whoever got the message before may have closed us.
        if (this.#ended) return
        const isWhole = message === frame && frame[0] !== messageType.chunk
        this.onmessage?.(isWhole ? event : this.#eventOf(message))
      }
    } catch (cause) {
      if (!(cause instanceof SheafError)) throw cause
      this.abort(cause.message)
    }
  }

  /** The provider reads one message from an event, and none of the extension's chunks. */
  #eventOf(bytes: Uint8Array): MessageEvent {
    if (bytes[0] !== messageType.chunk) return { data: bytes.slice().buffer } as MessageEvent
    const chunk = decodeMessage(bytes)
    if (chunk.type !== 'chunk') throw new TypeError(chunk.type)
    return { data: (this.#assembly.add(chunk) ?? keepalive).buffer } as MessageEvent
  }

  #recognize(first: Uint8Array): void {
    this.#dialect = first[0] === messageType.hello && this.#real.protocol === sheafSubprotocol ? 'sheaf' : 'base'
    const early = this.#early
    this.#early = []
    // Under `sheaf.v1` the step 2 that is to come holds the early updates; a plain server gets them as they were made.
    if (this.#dialect === 'base') for (const frame of early) this.#put(frame)
    this.#port.recognized(this.#dialect)
  }

  #sendSync(frame: Uint8Array): void {
    const message = decodeMessage(frame)
    if (message.type === 'step1') {
      this.#frames.push(frame)
    } else if (this.#dialect === undefined) {
      this.#early.push(frame)
      return
    } else if (this.#port.frozen()) {
      return
    } else if (message.type === 'step2') {
      this.#covered = true
      this.#waiting = []
      this.#frames.push(...chunked(this.#sequenced('step2', message.update)))
    } else if (message.type === 'update' && this.#covered) {
      this.#waiting.push(message.update)
      if (this.#waiting.length >= maxWaitingUpdates) this.#waiting = [mergeUpdates(this.#waiting)]
    }
    this.#pump()
  }

  /** The provider repeats to the server what it hears from it about other people; only our own state is ours to send. */
  #sendPresence(frame: Uint8Array): void {
    const message = decodeMessage(frame)
    if (message.type !== 'awareness') return
    const own = decodeAwareness(message.update).filter(entry => entry.clientId === this.#port.clientId)
    if (own.length === 0) return
    this.#presence = encodeMessage({ type: 'awareness', update: encodeAwareness(own) })
    this.#pump()
  }

  #pump(): void {
    if (this.#ended) return
    let waitMs = 0
    while (this.#real.bufferedAmount < maxBufferedBytes) {
      if (this.#presence) {
        this.#put(this.#presence)
        this.#presence = undefined
      }
      const frame = this.#frames.shift()
      if (frame) {
        this.#put(frame)
        continue
      }
      if (this.#waiting.length === 0) break
      const update = this.#waiting.length === 1 ? this.#waiting[0]! : mergeUpdates(this.#waiting)
      this.#waiting = [update]
      waitMs = this.#pace.take(update.byteLength, this.#port.limits(), performance.now())
      if (waitMs > 0) break
      this.#waiting = []
      // What is longer than a live update may be (a paste) travels as a step 2, which may be as long as a document.
      const maxBytes = this.#port.limits().maxUpdateBytes ?? defaultMaxUpdateBytes
      this.#frames.push(...chunked(this.#sequenced(update.byteLength > maxBytes ? 'step2' : 'update', update)))
    }
    this.#watch(waitMs)
  }

  #sequenced(type: 'step2' | 'update', update: Uint8Array): Uint8Array {
    return encodeMessage({ type: 'sequenced', clientSeq: this.#port.lastSeq(), message: { type, update } })
  }

  #put(frame: Uint8Array): void {
    this.#sentBytes += frame.byteLength
    this.#real.send(frame as Uint8Array<ArrayBuffer>)
  }

  /** Looks again while something waits here or in the socket, and gives up when nothing moves. */
  #watch(waitMs: number): void {
    const work = this.#frames.length > 0 || this.#waiting.length > 0 || this.#presence !== undefined
    if (!work && this.#real.bufferedAmount === 0) return
    const nowMs = performance.now()
    const dueMs = nowMs + (work ? Math.max(waitMs, drainPollMs) : watchMs)
    if (this.#timer === undefined) {
      this.#movedBytes = this.#sentBytes - this.#real.bufferedAmount
      this.#progressMs = nowMs
    } else {
      if (this.#dueMs <= dueMs) return
      clearTimeout(this.#timer)
    }
    this.#dueMs = dueMs
    this.#timer = setTimeout(() => this.#look(), dueMs - nowMs)
  }

  #look(): void {
    const nowMs = performance.now()
    const buffered = this.#real.bufferedAmount
    const moved = this.#sentBytes - buffered
    if (buffered === 0 || moved > this.#movedBytes) this.#progressMs = nowMs
    if (nowMs - this.#progressMs >= stallMs) return this.abort('The socket takes no bytes.')
    const progressMs = this.#progressMs
    this.#timer = undefined
    this.#pump()
    this.#progressMs = progressMs
  }
}

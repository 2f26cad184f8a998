// One WebSocket, as the Channel that a room writes to. Frames leave in one write to the connection below it, header and payload
// together, and what many sockets get is put together once for all of them: `ws` would make a header for each socket and hand
// header and payload to the system as two. That is sound because `ws` compresses nothing here, so that it never holds a frame back
// which ours could overtake. Invariants: every frame to the peer leaves through `#write`; nothing
// reaches the session after the socket was closed by either side; frames that come before the room has let the socket in
// wait in order, and when too many wait the peer is not read any more, so that memory stays bounded by one read.

import type { Duplex } from 'node:stream'
import { type ErrorCode, errorKinds, SheafError } from '@sheaf/protocol'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Channel, Session } from '../room/ports.ts'
import type { Asking } from './addresses.ts'

/** What moved through sockets; one object is shared by all of them, so that counting costs an addition. */
export interface Traffic {
  framesIn: number
  framesOut: number
  bytesIn: number
  bytesOut: number
}

/** What all sockets of a process share. */
export interface SocketHost {
  readonly total: Traffic
  /** A longer frame is never handed on and closes the socket with 4413. */
  readonly maxFrameBytes: number
  readonly clock: Clock
  readonly log: Log
  /** Told how much was read. @returns milliseconds for which the peer is not to be read. */
  read(address: string, bytes: number): number
  ended(socket: Socket, closeCode: number): void
}

/** Kept for as long as the socket lives, so there is nothing of the request in it that is not needed. */
export interface SocketOptions {
  readonly host: SocketHost
  readonly socket: WebSocket
  /** The connection below `socket`. */
  readonly connection: Duplex
  readonly asking: Asking
  /** Goes into the one line that is logged when the socket has ended. */
  readonly about: Readonly<Record<string, unknown>>
}

/** Bytes that may wait for the room before the peer is not read any more. */
const maxWaitingBytes = 256 * 1024

/** Pings that a peer may leave unanswered. */
const maxMissedPings = 2

export class Socket implements Channel {
  readonly #socket: WebSocket
  readonly #options: SocketOptions
  readonly #openedMs: number
  readonly #own: Traffic = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 }
  #session: Session | undefined
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #missedPings = 0
  #cancelRest: (() => void) | undefined
  /** True once either side has begun to close: nothing is read or written any more. */
  #closing = false
  #closedWith: { code: ErrorCode; detail: string } | undefined

  /** @param join lets the socket into its room; rejects with the SheafError that the socket is to be closed with. */
  constructor(options: SocketOptions, join: (channel: Channel) => Promise<Session>) {
    this.#options = options
    this.#socket = options.socket
    this.#openedMs = options.host.clock.monotonicMs()
    this.#listen()
    this.#enter(join)
  }

  /** Who has opened it. */
  get asking(): Asking {
    return this.#options.asking
  }

  send(frame: Uint8Array): void {
    if (!this.#closing) this.#write(frame)
  }

  close(code: ErrorCode, detail = ''): void {
    if (this.#closing) return
    this.#closedWith = { code, detail }
    this.#socket.close(errorKinds[code].close, code)
    this.#leave()
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** Called every 25 s (wire.md rule 6): ends a peer that has left two pings unanswered, and asks the others again. */
  ping(): void {
    if (this.#missedPings >= maxMissedPings) return this.terminate()
    this.#missedPings += 1
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }

  /** Ends the connection without a word; for peers that do not answer. */
  terminate(): void {
    this.#socket.terminate()
    this.#leave()
  }

  #listen(): void {
    const socket = this.#socket
    const { host, about } = this.#options
    socket.on('message', (data, isBinary) => {
      this.#missedPings = 0
      if (this.#closing) return
      if (!isBinary) return this.close('text-frame')
      this.#receive(view(data as Buffer))
    })
    socket.on('pong', () => {
      this.#missedPings = 0
    })
    // A socket without this listener ends the process on a malformed frame. `close` follows with the code.
    socket.on('error', error => host.log.debug('A socket failed', { ...about, error }))
    socket.on('close', (closeCode, reason) => {
      this.#leave()
      this.#report(closeCode, reason.toString())
      host.ended(this, closeCode)
    })
  }

  async #enter(join: (channel: Channel) => Promise<Session>): Promise<void> {
    try {
      const session = await join(this)
      if (this.#closing) return session.leave()
      this.#session = session
      for (const frame of this.#waiting) if (!this.#closing) session.receive(frame)
      if (this.#socket.isPaused && this.#cancelRest === undefined) this.#socket.resume()
    } catch (cause) {
      this.#fail(cause)
    } finally {
      this.#waiting = []
      this.#waitingBytes = 0
    }
  }

  #receive(frame: Uint8Array): void {
    const { host, asking } = this.#options
    this.#own.framesIn += 1
    this.#own.bytesIn += frame.byteLength
    host.total.framesIn += 1
    host.total.bytesIn += frame.byteLength
    this.#restMs(host.read(asking.address, frame.byteLength))
    if (frame.byteLength > host.maxFrameBytes) return this.close('too-large')
    if (this.#session === undefined) {
      this.#waiting.push(frame)
      this.#waitingBytes += frame.byteLength
      if (this.#waitingBytes > maxWaitingBytes) this.#socket.pause()
      return
    }
    try {
      this.#session.receive(frame)
    } catch (cause) {
      this.#fail(cause)
    }
  }

  /** Leaves the peer unread for a while; what it sends waits on its own side. */
  #restMs(ms: number): void {
    if (ms === 0 || this.#cancelRest !== undefined || this.#closing) return
    this.#socket.pause()
    this.#cancelRest = this.#options.host.clock.after(ms, () => {
      this.#cancelRest = undefined
      // Its pongs were not read either.
      this.#missedPings = 0
      if (!this.#closing && this.#session !== undefined) this.#socket.resume()
    })
  }

  /** The one place that writes frames. */
  #write(frame: Uint8Array): void {
    this.#own.framesOut += 1
    this.#own.bytesOut += frame.byteLength
    const { host, connection } = this.#options
    host.total.framesOut += 1
    host.total.bytesOut += frame.byteLength
    // Bytes behind a close frame would be an error of the stream.
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (frame.byteLength <= maxJoinedBytes) {
      connection.write(joinedFrame(frame))
      return
    }
    connection.cork()
    connection.write(frameHeader(frame.byteLength))
    connection.write(frame)
    connection.uncork()
  }

  #fail(cause: unknown): void {
    if (cause instanceof SheafError) return this.close(cause.code, cause.message)
    this.#options.host.log.error('A bug was met while serving a socket', { ...this.#options.about, cause })
    this.close('internal')
  }

  #leave(): void {
    this.#closing = true
    this.#cancelRest?.()
    this.#cancelRest = undefined
    // A peer that is not read is never seen to go.
    if (this.#socket.isPaused) this.#socket.resume()
    this.#session?.leave()
  }

  #report(closeCode: number, reason: string): void {
    const { host, about } = this.#options
    host.log.info('Socket closed', {
      ...about,
      code: closeCode,
      reason: this.#closedWith?.code ?? reason,
      ...(this.#closedWith?.detail ? { detail: this.#closedWith.detail } : {}),
      ms: Math.round(host.clock.monotonicMs() - this.#openedMs),
      ...this.#own,
    })
  }
}

/** A frame of at most this size is copied behind its header; for a longer one two pieces cost less than the copy. */
const maxJoinedBytes = 16 * 1024

/** Header and payload of the frames that rooms hold at present. */
const joinedFrames = new WeakMap<Uint8Array, Buffer>()

function joinedFrame(payload: Uint8Array): Buffer {
  const known = joinedFrames.get(payload)
  if (known !== undefined) return known
  const header = frameHeader(payload.byteLength)
  const frame = Buffer.allocUnsafe(header.length + payload.byteLength)
  frame.set(header)
  frame.set(payload, header.length)
  joinedFrames.set(payload, frame)
  return frame
}

/** Of a whole binary message that is not masked (RFC 6455, section 5.2). */
function frameHeader(length: number): Uint8Array {
  if (length < 126) return Uint8Array.of(0x82, length)
  if (length < 65_536) return Uint8Array.of(0x82, 126, length >> 8, length & 0xff)
  const header = new Uint8Array(10)
  const view = new DataView(header.buffer)
  view.setUint16(0, 0x827f)
  view.setUint32(6, length)
  return header
}

/** `ws` gives a Buffer, whose `slice` is not that of Uint8Array; what reads frames must not meet it. */
function view(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

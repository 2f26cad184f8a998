// All sockets of this process: how many there may be, their heartbeat, and how they end when the server stops.

import type { Duplex } from 'node:stream'
import { type ErrorCode, encodeMessage, errorKinds, type Limits, SheafError } from '@sheaf/protocol'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MetricsRegistry } from '../metrics.ts'
import type { Channel, Session } from '../room/ports.ts'
import { Addresses, type Asking } from './addresses.ts'
import { Socket, type SocketHost, type Traffic } from './socket.ts'

/** A WebSocket after its handshake, and the connection below it. */
export interface OpenedSocket {
  readonly socket: WebSocket
  readonly connection: Duplex
}

export interface SocketsOptions {
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Log
  readonly metrics: MetricsRegistry
  /** Time between two protocol pings. */
  readonly pingMs: number
}

/** So many sockets are closed at once; more are spread, so that their clients do not all come back in one moment. */
const closedAtOnce = 50

/** Of more sockets, one leaves in this time, until the time for draining is used up. */
const drainMsPerSocket = 10

/** How long a peer may take to answer a close frame when the server stops. */
const goodbyeMs = 2_000

export class Sockets {
  readonly addresses: Addresses
  readonly #options: SocketsOptions
  readonly #open = new Set<Socket>()
  /** Sockets that were let in only to be told why they may not stay. */
  readonly #denied = new Set<WebSocket>()
  readonly #byUser = new Map<string, number>()
  readonly #host: SocketHost
  readonly #total: Traffic = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 }
  #counted: Traffic = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 }
  readonly #stopPings: () => void
  #draining: { readonly done: Promise<void>; readonly hurry: () => void } | undefined
  #isHurried = false
  #onEmpty: () => void = () => undefined

  constructor(options: SocketsOptions) {
    this.#options = options
    this.addresses = new Addresses(options)
    const { limits, clock, log } = options
    this.#host = {
      total: this.#total,
      maxFrameBytes: limits.maxFrameBytes,
      clock,
      log,
      read: (address, bytes) => this.addresses.read(address, bytes),
      ended: (socket, closeCode) => this.#ended(socket, closeCode),
    }
    this.#stopPings = options.clock.every(options.pingMs, () => {
      for (const socket of this.#open) socket.ping()
    })
    options.metrics.beforeRender(() => this.#publish())
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size
  }

  /** True when they are to be closed one after the other and not all at once. */
  get isMany(): boolean {
    return this.#open.size > closedAtOnce && !this.#isHurried
  }

  /**
   * @throws SheafError `overloaded` when whoever asks, or the process, has as many sockets as they may have: an account where
   * there is one, the address otherwise.
   */
  checkRoomFor({ address, user }: Asking): void {
    const { limits } = this.#options
    if (this.#open.size >= limits.socketsPerProcess) {
      throw new SheafError('overloaded', `This server has ${limits.socketsPerProcess} sockets open, and takes no more.`)
    }
    if (user !== undefined) {
      if ((this.#byUser.get(user) ?? 0) < limits.socketsPerUser) return
      throw new SheafError('overloaded', `You have ${limits.socketsPerUser} sockets open, and get no more.`)
    }
    if (this.addresses.sockets(address) >= limits.socketsPerAddress) {
      throw new SheafError('overloaded', `Your address has ${limits.socketsPerAddress} sockets open, and gets no more.`)
    }
  }

  /** Takes an open WebSocket in: from here on this process closes it, and nobody else. */
  add(opened: OpenedSocket, asking: Asking, join: (channel: Channel) => Promise<Session>, about: object): void {
    const { address, user } = asking
    this.addresses.opened(address)
    if (user !== undefined) this.#byUser.set(user, (this.#byUser.get(user) ?? 0) + 1)
    this.#options.metrics.count('sheaf_ws_opened_total')
    const { socket, connection } = opened
    const options = { host: this.#host, socket, connection, asking, about: { ...about, ip: truncatedAddress(address) } }
    this.#open.add(new Socket(options, join))
  }

  /** Tells an open WebSocket why it may not stay, and closes it. */
  deny(socket: WebSocket, code: ErrorCode): void {
    this.#denied.add(socket)
    socket.on('error', error => this.#options.log.debug('A refused socket failed', { error }))
    socket.on('close', () => this.#denied.delete(socket))
    const isDenial = code === 'unauthorized' || code === 'forbidden'
    if (isDenial) socket.send(encodeMessage({ type: 'denied', reason: code }))
    socket.close(errorKinds[code].close, code)
  }

  /**
   * Closes all sockets with 1012, spread over at most `spreadMs` when they are many (stock clients come back without jitter,
   * so the server must provide it). Resolves when they have ended; a peer that does not answer is cut off.
   */
  drain(spreadMs: number): Promise<void> {
    this.#draining ??= this.#beginDrain(spreadMs)
    return this.#draining.done
  }

  /** Nothing is spread any more: what a drain has left for later, or will find, is closed at once. */
  hurry(): void {
    this.#isHurried = true
    this.#draining?.hurry()
  }

  #beginDrain(spreadMs: number): { done: Promise<void>; hurry: () => void } {
    const { clock } = this.#options
    this.#stopPings()
    for (const socket of this.#denied) socket.terminate()
    const sockets = [...this.#open]
    const window = this.isMany ? Math.min(spreadMs, sockets.length * drainMsPerSocket) : 0
    const hurry = () => {
      for (const socket of this.#open) socket.close('restarting')
      clock.after(goodbyeMs, () => {
        for (const socket of this.#open) socket.terminate()
      })
    }
    const done = new Promise<void>(resolve => {
      this.#onEmpty = resolve
      if (sockets.length === 0) return resolve()
      if (window === 0) return hurry()
      sockets.forEach((socket, i) => {
        clock.after((window * i) / sockets.length, () => socket.close('restarting'))
      })
      clock.after(window, hurry)
    })
    return { done, hurry }
  }

  #ended(socket: Socket, closeCode: number): void {
    const { address, user } = socket.asking
    this.#open.delete(socket)
    this.addresses.closed(address)
    if (user !== undefined) this.#userLeft(user)
    this.#options.metrics.count('sheaf_ws_closed_total', 1, { code: String(closeCode) })
    if (this.#open.size === 0) this.#onEmpty()
  }

  #userLeft(user: string): void {
    const left = (this.#byUser.get(user) ?? 1) - 1
    if (left > 0) this.#byUser.set(user, left)
    else this.#byUser.delete(user)
  }

  #publish(): void {
    const { metrics } = this.#options
    const now = { ...this.#total }
    const before = this.#counted
    this.#counted = now
    metrics.gauge('sheaf_ws_connections', this.#open.size)
    let buffered = 0
    for (const socket of this.#open) buffered += socket.bufferedBytes
    metrics.gauge('sheaf_ws_send_buffer_bytes', buffered)
    metrics.count('sheaf_ws_messages_total', now.framesIn - before.framesIn, { direction: 'in' })
    metrics.count('sheaf_ws_messages_total', now.framesOut - before.framesOut, { direction: 'out' })
    metrics.count('sheaf_ws_bytes_total', now.bytesIn - before.bytesIn, { direction: 'in' })
    metrics.count('sheaf_ws_bytes_total', now.bytesOut - before.bytesOut, { direction: 'out' })
  }
}

/** An address as the log keeps it: without the last part, which points to one household. */
export function truncatedAddress(address: string): string {
  const plain = address.replace(/^::ffff:/, '')
  if (plain.includes('.')) return plain.replace(/\.\d+$/, '.0')
  return `${plain.split(':').slice(0, 3).join(':')}::`
}

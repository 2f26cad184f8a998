// A bare WebSocket on a document, for tests that speak the wire themselves: sends any frame, remembers what came.

import { once } from 'node:events'
import type { ConnectionOptions } from 'node:tls'
import { decodeMessage, encodeMessage, type Message, sheafSubprotocol, splitFrame } from '@sheaf/protocol'
import WebSocket from 'ws'

export interface Closed {
  readonly code: number
  readonly reason: string
}

export interface WireClientOptions {
  /** Speak the extension `sheaf.v1`. Default: the base dialect. */
  readonly extension?: boolean
  readonly origin?: string
  readonly cookie?: string
  readonly authorization?: string
  readonly query?: string
  /** How the connection below it is made: certificates, names, addresses. */
  readonly connect?: ConnectionOptions
}

type Of<T extends Message['type']> = Extract<Message, { type: T }>

export class WireClient {
  /** Every message so far, oldest first. Chunks stand as they came. */
  readonly received: Message[] = []
  /** Resolves when the socket is closed by either side. */
  readonly closed: Promise<Closed>
  readonly #socket: WebSocket
  readonly #listeners = new Set<() => void>()
  #end: Closed | undefined

  private constructor(socket: WebSocket, options: WireClientOptions) {
    this.#socket = socket
    this.closed = new Promise(resolve => {
      socket.once('close', (code, reason) => {
        this.#end = { code, reason: reason.toString() }
        resolve(this.#end)
        this.#wake()
      })
    })
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) throw new Error('The server sent a text frame.')
      // Only `sheaf.v1` may get several messages in a frame (W21).
      const frame = new Uint8Array(data)
      const messages = options.extension === true ? splitFrame(frame) : [frame]
      for (const message of messages) this.received.push(decodeMessage(message))
      this.#wake()
    })
    // What is wrong with a socket is told by `closed`.
    socket.on('error', () => undefined)
  }

  /** @throws Error with the HTTP status when the upgrade is refused. */
  static open(url: string, documentId: string, options: WireClientOptions = {}): Promise<WireClient> {
    const address = `${url.replace(/^http/, 'ws')}/ws/${documentId}${options.query ?? ''}`
    const { origin, cookie, authorization } = options
    const headers = {
      ...(origin !== undefined && { origin }),
      ...(cookie !== undefined && { cookie }),
      ...(authorization !== undefined && { authorization }),
    }
    const socket = new WebSocket(address, options.extension === true ? [sheafSubprotocol] : [], {
      ...options.connect,
      perMessageDeflate: false,
      headers,
    })
    const client = new WireClient(socket, options)
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client))
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(`The upgrade was refused with ${response.statusCode}.`))
        socket.terminate()
      })
      socket.once('error', reject)
    })
  }

  get isOpen(): boolean {
    return this.#end === undefined
  }

  send(message: Message): void {
    this.sendBytes(encodeMessage(message))
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes, { binary: true })
  }

  sendText(text: string): void {
    this.#socket.send(text)
  }

  /** The next message of the type that is not yet taken by an earlier call; waits for it. @throws when the socket closes. */
  async next<T extends Message['type']>(type: T, matches: (message: Of<T>) => boolean = () => true): Promise<Of<T>> {
    for (;;) {
      const index = this.received.findIndex(message => message.type === type && matches(message as Of<T>))
      if (index >= 0) return this.received.splice(index, 1)[0] as Of<T>
      if (this.#end !== undefined) {
        throw new Error(`Closed with ${this.#end.code} ${this.#end.reason} before a message of type ${type}.`)
      }
      await new Promise<void>(resolve => this.#listeners.add(resolve))
    }
  }

  /** Resolves when the server has read everything that was sent so far, pongs included. */
  async roundTrip(): Promise<void> {
    const ponged = once(this.#socket, 'pong')
    this.#socket.ping()
    await ponged
  }

  async close(): Promise<void> {
    this.#socket.close()
    await this.closed
  }

  /** Ends the TCP connection without a close frame. */
  async drop(): Promise<void> {
    this.#socket.terminate()
    await this.closed
  }

  #wake(): void {
    const woken = [...this.#listeners]
    this.#listeners.clear()
    for (const wake of woken) wake()
  }
}

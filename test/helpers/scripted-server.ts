// A small server whose every word the test decides: real sockets, one document, its truth in `ydoc`. It speaks `sheaf.v1`,
// or plain y-websocket, and by default does what a good server does; the test may hold its acknowledgements, refuse
// updates, say anything, and close with any code.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import {
  ChunkAssembly,
  chunked,
  decodeMessage,
  type ErrorCode,
  encodeMessage,
  type Hello,
  type Message,
  type Notice,
  sheafSubprotocol,
} from '@sheaf/protocol'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import * as Y from 'yjs'

export interface ScriptedServerOptions {
  /** `plain`: a y-websocket server, which agrees to whatever subprotocol is offered first and says no hello. */
  readonly dialect?: 'sheaf' | 'plain'
  readonly hello?: Partial<Hello>
}

/** One socket, from the server's side. */
interface Party {
  readonly socket: WebSocket
  readonly url: string
  readonly protocols: string
  readonly assembly: ChunkAssembly
}

export class ScriptedServer {
  /** What the server has; every update that was taken is in it. */
  readonly ydoc = new Y.Doc()
  /** Every message so far, oldest first, chunks put together. */
  readonly received: Message[] = []
  /** Sizes of all frames that came. */
  readonly frameBytes: number[] = []
  revision = 0
  /** While true, acknowledgements are not sent. */
  holdAcks = false
  /** Decides about each numbered update; a code refuses it. */
  refuse: (update: Uint8Array, clientSeq: number) => ErrorCode | undefined = () => undefined
  /** Decides about each new socket; false: it is accepted and nothing is said. */
  greets = true
  hello: Partial<Hello>
  readonly #dialect: 'sheaf' | 'plain'
  readonly #parties = new Set<Party>()
  readonly #watchers = new Set<() => void>()
  #server: WebSocketServer | undefined
  #port = 0
  #connections = 0

  private constructor(options: ScriptedServerOptions) {
    this.#dialect = options.dialect ?? 'sheaf'
    this.hello = options.hello ?? {}
  }

  static async start(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
    const server = new ScriptedServer(options)
    await server.listen()
    onTestFinished(() => server.stop())
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Sockets that are open. */
  get sockets(): number {
    return this.#parties.size
  }

  /** Sockets that were ever opened. */
  get connections(): number {
    return this.#connections
  }

  /** Path and query of the newest socket. */
  get requested(): string {
    return [...this.#parties].at(-1)?.url ?? ''
  }

  /** What the newest socket offered as subprotocols. */
  get offered(): string {
    return [...this.#parties].at(-1)?.protocols ?? ''
  }

  async listen(): Promise<void> {
    const handleProtocols = (offered: Set<string>) => (offered.has(sheafSubprotocol) ? sheafSubprotocol : false)
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: this.#port,
      ...(this.#dialect === 'sheaf' && { handleProtocols }),
    })
    await once(server, 'listening')
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    server.on('connection', (socket, request) =>
      this.#join({
        socket,
        url: request.url ?? '',
        protocols: request.headers['sec-websocket-protocol'] ?? '',
        assembly: new ChunkAssembly(64 * 1024 * 1024),
      }),
    )
  }

  /** Ends every connection and stops listening; `listen` takes the same port again. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    this.cut()
    if (server) await new Promise(resolve => server.close(resolve))
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const { socket } of this.#parties) socket.terminate()
  }

  /** Closes every socket with this code and reason. */
  close(code: number, reason: string): void {
    for (const { socket } of this.#parties) socket.close(code, reason)
  }

  say(message: Message): void {
    for (const party of this.#parties) this.#send(party, message)
  }

  notice(notice: Notice): void {
    this.say({ type: 'notice', notice })
  }

  /** Sends raw bytes, or text. */
  sayBytes(data: Uint8Array | string): void {
    for (const { socket } of this.#parties) socket.send(data)
  }

  /** Changes the document as somebody else would. */
  edit(f: (ydoc: Y.Doc) => void): void {
    const before = Y.encodeStateVector(this.ydoc)
    this.ydoc.transact(() => f(this.ydoc))
    this.revision += 1
    this.say({ type: 'update', update: Y.encodeStateAsUpdate(this.ydoc, before) })
  }

  /** Resolves when `isSo`; looked at after each message and each socket that comes or goes. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>(resolve => this.#watchers.add(resolve))
  }

  #join(party: Party): void {
    this.#parties.add(party)
    this.#connections += 1
    party.socket.on('close', () => {
      this.#parties.delete(party)
      this.#wake()
    })
    party.socket.on('message', (data: Buffer) => {
      this.frameBytes.push(data.byteLength)
      this.#take(party, decodeMessage(new Uint8Array(data)))
      this.#wake()
    })
    if (this.greets) {
      if (this.#dialect === 'sheaf') this.#send(party, { type: 'hello', hello: this.#greeting() })
      this.#send(party, { type: 'step1', stateVector: Y.encodeStateVector(this.ydoc) })
    }
    this.#wake()
  }

  #greeting(): Hello {
    const defaults = {
      epoch: 'epoch-01',
      role: 'editor',
      layout: 'sheaf',
      format: 1,
      serverTimeMs: 0,
      limits: {},
    } as const
    return { revision: this.revision, ...defaults, ...this.hello }
  }

  #take(party: Party, message: Message): void {
    if (message.type === 'chunk') {
      const whole = party.assembly.add(message)
      if (whole) this.#take(party, decodeMessage(whole))
      return
    }
    this.received.push(message)
    if (message.type === 'step1') {
      this.#send(party, { type: 'step2', update: Y.encodeStateAsUpdate(this.ydoc, message.stateVector) })
    } else if (message.type === 'step2' || message.type === 'update') {
      this.#apply(party, message.update)
    } else if (message.type === 'sequenced') {
      this.#takeSequenced(party, message.clientSeq, message.message)
    } else if (message.type === 'query-awareness') {
      this.#send(party, { type: 'awareness', update: Uint8Array.of(0) })
    } else if (message.type === 'awareness') {
      for (const other of this.#parties) if (other !== party) this.#send(other, message)
    }
  }

  #takeSequenced(party: Party, clientSeq: number, message: Message): void {
    if (message.type !== 'step2' && message.type !== 'update') throw new TypeError(`${message.type} is not numbered.`)
    const code = this.refuse(message.update, clientSeq)
    if (code) return this.#send(party, { type: 'nack', clientSeq, code, reason: '' })
    this.#apply(party, message.update)
    if (!this.holdAcks) this.#send(party, { type: 'ack', clientSeq, revision: this.revision })
  }

  #apply(party: Party, update: Uint8Array): void {
    const before = Y.encodeStateAsUpdate(this.ydoc)
    Y.applyUpdate(this.ydoc, update)
    if (Buffer.compare(before, Y.encodeStateAsUpdate(this.ydoc)) === 0) return
    this.revision += 1
    for (const other of this.#parties) if (other !== party) this.#send(other, { type: 'update', update })
  }

  #send(party: Party, message: Message): void {
    const frame = encodeMessage(message)
    const frames = this.#dialect === 'sheaf' ? chunked(frame) : [frame]
    for (const bytes of frames) party.socket.send(bytes)
  }

  #wake(): void {
    const watchers = [...this.#watchers]
    this.#watchers.clear()
    for (const wake of watchers) wake()
  }
}

// A front door before a real server: passes pages, requests and WebSocket frames on, and does on command what networks, proxies
// and other servers do: refuses upgrades, closes sockets with any code, keeps frames back. It keeps no state of documents.

import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import WebSocket, { WebSocketServer } from 'ws'

/** One attempt of a page to open a WebSocket. */
export interface Attempt {
  /** Path and query. */
  readonly target: string
  readonly protocols: readonly string[]
  readonly origin: string | undefined
  readonly atMs: number
}

interface Pair {
  readonly near: WebSocket
  readonly far: WebSocket
}

export class FrontDoor {
  /** Every attempt so far. */
  readonly attempts: Attempt[] = []
  readonly #http: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #pairs = new Set<Pair>()
  readonly #connections = new Set<Socket>()
  readonly #listeners = new Set<() => void>()
  #target: () => string
  /** Frames of the server that are kept from the pages; null when they pass. */
  #heldBack: (() => void)[] | null = null
  #answer: 'pass' | { readonly status: number } | { readonly code: number; readonly reason: string } = 'pass'

  private constructor(target: () => string) {
    this.#target = target
    this.#http = createServer((incoming, outgoing) => this.#pass(incoming, outgoing))
    this.#http.on('upgrade', (incoming, socket, head) => this.#upgrade(incoming, socket as Socket, head))
    this.#http.on('connection', socket => {
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
    })
  }

  /** @param target base address of the server behind it; asked anew for each request. */
  static async start(target: () => string): Promise<FrontDoor> {
    const door = new FrontDoor(target)
    door.#http.listen(0, '127.0.0.1')
    await once(door.#http, 'listening')
    return door
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  get openSockets(): number {
    return this.#pairs.size
  }

  /** New sockets are refused with an HTTP status from now on, and so is the question whether the server is well: there is no way around. */
  refuseUpgrades(status: number): void {
    this.#answer = { status }
  }

  /** New sockets are accepted and closed at once from now on. */
  closeNew(code: number, reason: string): void {
    this.#answer = { code, reason }
  }

  /** New sockets pass again, and what was kept back goes on its way. */
  pass(): void {
    this.#answer = 'pass'
    const held = this.#heldBack ?? []
    this.#heldBack = null
    for (const send of held) send()
  }

  /** From now on the pages hear nothing from the server; what they say goes through. */
  keepBack(): void {
    this.#heldBack ??= []
  }

  /** Says this to every page, in the server's name. */
  say(frame: Uint8Array): void {
    for (const { near } of this.#pairs) near.send(frame)
  }

  /** As at the start: new sockets pass, and there has been no attempt. */
  reset(): void {
    this.pass()
    this.attempts.length = 0
  }

  /** Closes every socket towards the pages; the server behind sees them leave. */
  closeAll(code: number, reason: string): void {
    for (const { near } of this.#pairs) near.close(code, reason)
  }

  /** Ends every socket towards the pages without a close frame. */
  dropAll(): void {
    for (const { near } of this.#pairs) near.terminate()
  }

  /** Resolves when there have been `count` attempts in all. */
  async attempted(count: number): Promise<void> {
    while (this.attempts.length < count) await new Promise<void>(resolve => this.#listeners.add(resolve))
  }

  async close(): Promise<void> {
    for (const { near, far } of this.#pairs) {
      near.terminate()
      far.terminate()
    }
    const closed = once(this.#http, 'close')
    this.#http.close()
    for (const socket of this.#connections) socket.destroy()
    await closed
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers } = incoming
    if (incoming.url === '/healthz' && this.#answer !== 'pass' && 'status' in this.#answer) {
      return void outgoing.writeHead(this.#answer.status).end()
    }
    const onward = request(
      this.#target() + incoming.url,
      { method: method ?? 'GET', headers, setHost: false },
      answer => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }

  #upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const { origin, host } = incoming.headers
    const offered = (incoming.headers['sec-websocket-protocol'] ?? '').split(/,\s*/).filter(name => name !== '')
    const target = incoming.url ?? '/'
    this.attempts.push({ target, protocols: offered, origin, atMs: performance.now() })
    const woken = [...this.#listeners]
    this.#listeners.clear()
    for (const wake of woken) wake()
    const answer = this.#answer
    if (answer !== 'pass' && 'status' in answer) {
      return void socket.end(`HTTP/1.1 ${answer.status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    }
    if (answer !== 'pass') {
      return this.#sockets.handleUpgrade(incoming, socket, head, near => near.close(answer.code, answer.reason))
    }
    const headers = { ...(origin === undefined ? {} : { origin }), ...(host === undefined ? {} : { host }) }
    const far = new WebSocket(this.#target().replace(/^http/, 'ws') + target, offered, {
      headers,
      perMessageDeflate: false,
    })
    far.on('error', () => socket.destroy())
    far.once('open', () => this.#sockets.handleUpgrade(incoming, socket, head, near => this.#join(near, far)))
  }

  #join(near: WebSocket, far: WebSocket): void {
    const pair = { near, far }
    this.#pairs.add(pair)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined)
      from.on('message', (data, isBinary) => {
        const send = (): void => {
          if (to.readyState === to.OPEN) to.send(data, { binary: isBinary })
        }
        if (to === near && this.#heldBack !== null) this.#heldBack.push(send)
        else send()
      })
      from.on('close', (code, reason) => {
        this.#pairs.delete(pair)
        if (to.readyState !== to.OPEN) return
        if (code === 1005 || code === 1006) to.terminate()
        else to.close(code, reason)
      })
    }
  }
}

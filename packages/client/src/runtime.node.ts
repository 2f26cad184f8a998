// The runtime of Node 20 and later: the WebSocket of the `ws` package, which only this file knows. A server answers a
// program that is no browser with a plain HTTP refusal; it is turned into the close that a browser would have got.

import process from 'node:process'
import { type ErrorCode, errorKinds } from '@sheaf/protocol'
import WebSocket from 'ws'
import type { WebsocketProvider } from 'y-websocket'
import type { NetworkListener, Socket, SocketConstructor } from './runtime.ts'

export function runtimeWebSocket(): SocketConstructor | undefined {
  return NodeSocket
}

/** Node has no network events; a socket finds out by itself. */
export function watchNetwork(_listener: NetworkListener): () => void {
  return () => undefined
}

/** The provider listens for the exit of the process, once per document, to say goodbye. A library must not. */
export function forgetExitListener(provider: WebsocketProvider): void {
  process.off('exit', provider._exitHandler)
}

const maxRefusalBytes = 16 * 1024

const refusalCodes: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'epoch',
  413: 'too-large',
  421: 'wrong-host',
  426: 'upgrade-required',
  429: 'rate-limited',
  503: 'overloaded',
}

class NodeSocket implements Socket {
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  readonly #socket: WebSocket
  #refusal: ErrorCode | undefined

  constructor(url: string, protocols: string | string[] = []) {
    const socket = new WebSocket(url, protocols, { perMessageDeflate: false })
    this.#socket = socket
    socket.on('open', () => this.onopen?.(new Event('open')))
    socket.on('message', (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean) => {
      this.onmessage?.({ data: isBinary ? data : String(data) } as MessageEvent)
    })
    socket.on('error', () => this.onerror?.(new Event('error')))
    socket.on('close', (code, reason) => {
      const refusal = this.#refusal
      const event = { code, reason: reason.toString(), wasClean: code !== 1006 }
      this.onclose?.((refusal ? { ...event, code: errorKinds[refusal].close, reason: refusal } : event) as CloseEvent)
    })
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      const finish = () => {
        this.#refusal = refusalOf(response.statusCode ?? 0, body)
        socket.terminate()
      }
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        if (body.length < maxRefusalBytes) body += text
      })
      response.once('end', finish)
      response.once('error', finish)
    })
  }

  get binaryType(): BinaryType {
    return 'arraybuffer'
  }

  set binaryType(type: BinaryType) {
    if (type === 'arraybuffer') this.#socket.binaryType = type
  }

  get readyState(): number {
    return this.#socket.readyState
  }

  get protocol(): string {
    return this.#socket.protocol
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  send(data: Uint8Array): void {
    this.#socket.send(data)
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason)
  }
}

function refusalOf(status: number, body: string): ErrorCode | undefined {
  try {
    const problem: unknown = JSON.parse(body)
    if (typeof problem === 'object' && problem !== null && 'code' in problem) {
      const code = String(problem.code)
      if (code in errorKinds) return code as ErrorCode
    }
  } catch {
    // Not a problem document: the status alone says what can be said.
  }
  return refusalCodes[status]
}

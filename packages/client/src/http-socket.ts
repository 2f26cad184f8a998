// The way around where WebSockets are blocked: a socket in shape, over an event stream for what comes and posts for what goes. Everything above it
// (sync, acknowledgements, presence, the status) is as over a WebSocket. It looks from time to time whether that is possible again.

import { type ErrorCode, errorKinds, sheafSubprotocol } from '@sheaf/protocol'
import { eventsOf, type ServerEvent } from './event-stream.ts'
import type { NetworkListener, Socket, SocketConstructor } from './runtime.ts'

/** What a connection opens its sockets with. */
export interface Way {
  Socket: SocketConstructor
  readonly url: string
}

const healthTimeoutMs = 3_000
/** A post at least so often, so that the server knows that somebody is there. */
const wordMs = 20_000
/** How often a WebSocket is tried. */
const probeMs = 10_000
const probeTimeoutMs = 5_000
const maxPostBytes = 512 * 1024

/** Attempts that ended without a word of the server, each soon after the one before. */
const silences = new WeakMap<Way, { count: number; atMs: number }>()
const soonMs = 60_000

/**
 * Told of an attempt that ended without a word of the server. The second one goes by HTTP from then on, if the server answers there, and by the
 * WebSocket again as soon as that works.
 * @param reason of the close; an attempt that we gave up ourselves has taken its time, and counts for two
 */
export async function takeDetour(way: Way, connection: NetworkListener, reason: string): Promise<void> {
  const usual = way.Socket
  const before = silences.get(way)
  const isSoon = before !== undefined && Date.now() - before.atMs < soonMs
  const count = (isSoon ? before.count : 0) + (reason === '' ? 1 : 2)
  silences.set(way, { count, atMs: Date.now() })
  if (count < 2) return
  silences.delete(way)
  try {
    const health = await fetch(new URL('../healthz', `${httpUrl(way.url)}/`), {
      signal: AbortSignal.timeout(healthTimeoutMs),
    })
    if (!health.ok) return
  } catch {
    // There is no way to the server at all.
    return
  }
  const back = () => {
    way.Socket = usual
  }
  function Detour(url: string, protocols?: string | string[]): HttpSocket {
    return new HttpSocket(url, protocols, usual, back)
  }
  way.Socket = Detour as unknown as SocketConstructor
  connection.available()
}

class HttpSocket implements Socket {
  binaryType: BinaryType = 'arraybuffer'
  readyState = 0
  protocol = ''
  bufferedAmount = 0
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  readonly #url: string
  readonly #protocols: string | string[] | undefined
  readonly #Usual: SocketConstructor
  readonly #back: () => void
  readonly #abort = new AbortController()
  readonly #base: string
  readonly #headers: Record<string, string>
  #stream = ''
  #queue: Uint8Array[] = []
  #isPosting = false
  #wordTimer: ReturnType<typeof setInterval> | undefined
  #probeTimer: ReturnType<typeof setTimeout> | undefined

  constructor(url: string, protocols: string | string[] | undefined, Usual: SocketConstructor, back: () => void) {
    this.#url = url
    this.#protocols = protocols
    this.#Usual = Usual
    this.#back = back
    const { search, href } = new URL(httpUrl(url))
    const [, root = '', id = ''] = /^(.*)\/ws\/([^/?#]+)/.exec(href) ?? []
    this.#base = `${root}/api/v1/documents/${id}/sync`
    const token = [protocols ?? []].flat().find(one => one.startsWith('sheaf.bearer.'))
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token.slice('sheaf.bearer.'.length)}` }
    void this.#read(`${this.#base}/stream${search}`)
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 1) return
    this.#queue.push(data)
    this.bufferedAmount += data.byteLength
    void this.#post()
  }

  close(code = 1000, reason = ''): void {
    this.#end(code, reason)
  }

  async #read(address: string): Promise<void> {
    try {
      const { signal } = this.#abort
      const response = await fetch(address, { headers: { ...this.#headers, accept: 'text/event-stream' }, signal })
      if (!response.ok || response.body === null) return this.#refused(await response.text())
      for await (const event of eventsOf(response.body)) this.#take(event)
    } catch {
      // Told below, as a socket tells it.
    }
    this.#end(1006, '')
  }

  #take({ event, data }: ServerEvent): void {
    if (this.readyState > 1) return
    if (event === 'message') {
      const binary = atob(data)
      const bytes = Uint8Array.from(binary, character => character.charCodeAt(0))
      this.onmessage?.({ data: bytes.buffer } as MessageEvent)
      return
    }
    const fields = JSON.parse(data) as { stream?: string; code?: number; reason?: string }
    if (event === 'open') this.#opened(fields.stream ?? '')
    else if (event === 'close') this.#end(fields.code ?? 1006, fields.reason ?? '')
  }

  #opened(stream: string): void {
    this.#stream = stream
    this.protocol = sheafSubprotocol
    this.readyState = 1
    this.#wordTimer = setInterval(() => void this.#post(true), wordMs)
    this.#probeLater()
    this.onopen?.(new Event('open'))
  }

  /** One post at a time, so that frames come in order. */
  async #post(isWord = false): Promise<void> {
    if (this.#isPosting || this.readyState !== 1) return
    this.#isPosting = true
    try {
      for (
        let isFirst = true;
        this.readyState === 1 && (this.#queue.length > 0 || (isFirst && isWord));
        isFirst = false
      ) {
        const frames = this.#nextFrames()
        const response = await fetch(`${this.#base}?stream=${this.#stream}`, {
          method: 'POST',
          headers: { ...this.#headers, 'content-type': 'application/octet-stream' },
          body: joined(frames),
          signal: this.#abort.signal,
        })
        if (!response.ok) return this.#end(1006, '')
        for (const frame of frames) this.bufferedAmount -= frame.byteLength
      }
    } catch {
      this.#end(1006, '')
    } finally {
      this.#isPosting = false
    }
  }

  #nextFrames(): Uint8Array[] {
    let bytes = 0
    let count = 0
    for (; count < this.#queue.length; count++) {
      bytes += this.#queue[count]!.byteLength + 4
      if (count > 0 && bytes > maxPostBytes) break
    }
    return this.#queue.splice(0, count)
  }

  #probeLater(): void {
    this.#probeTimer = setTimeout(() => {
      const probe = new this.#Usual(this.#url, this.#protocols)
      const done = (works: boolean) => {
        clearTimeout(timer)
        probe.onopen = probe.onerror = probe.onclose = null
        probe.close()
        if (this.readyState !== 1) return
        if (!works) return this.#probeLater()
        this.#back()
        this.#end(1012, 'restarting')
      }
      const timer = setTimeout(() => done(false), probeTimeoutMs)
      probe.onopen = () => done(true)
      probe.onerror = () => done(false)
      probe.onclose = () => done(false)
    }, probeMs)
  }

  #refused(text: string): void {
    let code: ErrorCode | undefined
    try {
      const known = (JSON.parse(text) as { code?: string }).code ?? ''
      if (known in errorKinds) code = known as ErrorCode
    } catch {
      // No problem document: a proxy has answered.
    }
    this.#end(code === undefined ? 1006 : errorKinds[code].close, code ?? '')
  }

  #end(code: number, reason: string): void {
    if (this.readyState === 3) return
    // What has never opened is no way either.
    if (this.readyState === 0) this.#back()
    this.readyState = 3
    clearInterval(this.#wordTimer)
    clearTimeout(this.#probeTimer)
    this.#abort.abort()
    this.onclose?.({ code, reason, wasClean: code !== 1006 } as CloseEvent)
  }
}

function joined(frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(frames.reduce((sum, frame) => sum + 4 + frame.byteLength, 0))
  const view = new DataView(body.buffer)
  let at = 0
  for (const frame of frames) {
    view.setUint32(at, frame.byteLength)
    body.set(frame, at + 4)
    at += 4 + frame.byteLength
  }
  return body
}

function httpUrl(url: string): string {
  return url.replace(/^ws/, 'http')
}

// People who type in documents of a running server while something happens to it: pairs of a writer and a reader, each on a
// socket of its own. Every character is timed from the writer's send to the reader's receipt, and to its acknowledgement.

import {
  ChunkAssembly,
  decodeMessage,
  encodeMessage,
  type Message,
  sheafSubprotocol,
  splitFrame,
} from '@sheaf/protocol'
import WebSocket from 'ws'
import * as Y from 'yjs'

export interface Latencies {
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface Sightings {
  /** Characters that were typed, acknowledged, and seen by the reader. */
  readonly typed: number
  readonly acknowledged: number
  readonly seen: number
  /** Sockets that were closed by the server. */
  readonly dropped: number
  readonly toReader: Latencies
}

export interface BystandersOptions {
  readonly url: string
  readonly documentIds: readonly string[]
  /** Between two characters of one writer. */
  readonly everyMs: number
}

export class Bystanders {
  readonly #pairs: Pair[]
  readonly #timer: ReturnType<typeof setInterval>
  #next = 0

  /** Resolves when everybody is connected, and typing. */
  static async start(options: BystandersOptions): Promise<Bystanders> {
    const pairs = await Promise.all(options.documentIds.map(documentId => Pair.open(options.url, documentId)))
    return new Bystanders(pairs, options.everyMs)
  }

  private constructor(pairs: Pair[], everyMs: number) {
    this.#pairs = pairs
    // One after the other, as people do not type in step.
    this.#timer = setInterval(() => pairs[this.#next++ % pairs.length]!.type(), everyMs / pairs.length)
  }

  /** What is typed from now on is counted and timed; what was before is forgotten. */
  reset(): void {
    for (const pair of this.#pairs) pair.reset()
  }

  /** Stops typing, and waits until everything was seen, or for `patienceMs`. */
  async stop(patienceMs = 10_000): Promise<void> {
    clearInterval(this.#timer)
    const untilMs = performance.now() + patienceMs
    while (this.#pairs.some(pair => !pair.isQuiet) && performance.now() < untilMs) await pause(20)
  }

  get sightings(): Sightings {
    const sum = (of: (pair: Pair) => number) => this.#pairs.reduce((total, pair) => total + of(pair), 0)
    return {
      typed: sum(pair => pair.typed),
      acknowledged: sum(pair => pair.acknowledged),
      seen: sum(pair => pair.latencies.length),
      dropped: sum(pair => pair.dropped),
      toReader: summary(this.#pairs.flatMap(pair => pair.latencies)),
    }
  }

  /** Messages that the writers and readers have sent. */
  get sent(): number {
    return this.#pairs.reduce((total, pair) => total + pair.sent, 0)
  }

  /** For each document the client id of its writer, and the characters that were acknowledged since the beginning. */
  acknowledgedIn(): { documentId: string; clientId: number; characters: number }[] {
    return this.#pairs.map(({ documentId, clientId, ackedSeq }) => ({ documentId, clientId, characters: ackedSeq }))
  }

  close(): void {
    clearInterval(this.#timer)
    for (const pair of this.#pairs) pair.close()
  }
}

export function summary(milliseconds: readonly number[]): Latencies {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN) * 10) / 10
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** A writer and a reader of one document. */
class Pair {
  readonly documentId: string
  readonly clientId: number
  latencies: number[] = []
  ackedSeq = 0
  sent = 0
  dropped = 0
  readonly #writer: WebSocket
  readonly #reader: WebSocket
  readonly #ydoc = new Y.Doc()
  readonly #chunks = new ChunkAssembly(32 << 20)
  /** When each character was sent; the clock of the writer's client is the index. */
  readonly #sentMs: number[] = []
  #seenClock = 0
  #from = 0
  #closing = false

  static async open(url: string, documentId: string): Promise<Pair> {
    const address = `${url.replace(/^http/, 'ws')}/ws/${documentId}`
    const sockets = [0, 1].map(() => new WebSocket(address, [sheafSubprotocol], { perMessageDeflate: false }))
    await Promise.all(
      sockets.map(socket => new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))),
    )
    const pair = new Pair(documentId, sockets[0]!, sockets[1]!)
    await pair.#greet()
    return pair
  }

  private constructor(documentId: string, writer: WebSocket, reader: WebSocket) {
    this.documentId = documentId
    this.clientId = this.#ydoc.clientID
    this.#writer = writer
    this.#reader = reader
    for (const socket of [writer, reader]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        if (!this.#closing) this.dropped += 1
      })
    }
    writer.on('message', (data: Buffer) => {
      for (const message of messagesOf(data))
        if (message.type === 'ack') this.ackedSeq = Math.max(this.ackedSeq, message.clientSeq)
    })
    reader.on('message', (data: Buffer) => {
      for (const message of messagesOf(data)) this.#read(message)
    })
  }

  get typed(): number {
    return this.#sentMs.length - this.#from
  }

  get acknowledged(): number {
    return Math.max(0, this.ackedSeq - this.#from)
  }

  get isQuiet(): boolean {
    return this.dropped > 0 || (this.ackedSeq === this.#sentMs.length && this.#seenClock === this.#sentMs.length)
  }

  type(): void {
    if (this.#writer.readyState !== WebSocket.OPEN) return
    let made: Uint8Array | undefined
    this.#ydoc.once('update', (update: Uint8Array) => {
      made = update
    })
    // Always at the end of what the writer has typed: nobody else is between.
    const text = this.#ydoc.getText('body')
    text.insert(text.length, 'x')
    this.#sentMs.push(performance.now())
    this.#send(this.#writer, {
      type: 'sequenced',
      clientSeq: this.#sentMs.length,
      message: { type: 'update', update: made! },
    })
  }

  reset(): void {
    this.latencies = []
    this.#from = this.#sentMs.length
  }

  close(): void {
    this.#closing = true
    this.#writer.terminate()
    this.#reader.terminate()
  }

  async #greet(): Promise<void> {
    const nothing = Uint8Array.of(0, 0)
    const stateVector = Uint8Array.of(0)
    for (const socket of [this.#writer, this.#reader]) this.#send(socket, { type: 'step1', stateVector })
    this.#send(this.#writer, { type: 'sequenced', clientSeq: 0, message: { type: 'step2', update: nothing } })
    this.#send(this.#reader, { type: 'sequenced', clientSeq: 0, message: { type: 'step2', update: nothing } })
    await pause(50)
  }

  #read(message: Message): void {
    if (message.type === 'chunk') {
      const whole = this.#chunks.add(message)
      if (whole !== undefined) this.#read(decodeMessage(whole))
    } else if (message.type === 'update' || message.type === 'step2') {
      const end = Y.parseUpdateMeta(message.update).to.get(this.clientId) ?? 0
      const nowMs = performance.now()
      for (; this.#seenClock < end; this.#seenClock++) {
        if (this.#seenClock >= this.#from) this.latencies.push(nowMs - this.#sentMs[this.#seenClock]!)
      }
    }
  }

  #send(socket: WebSocket, message: Message): void {
    this.sent += 1
    socket.send(encodeMessage(message))
  }
}

function messagesOf(data: Buffer): Message[] {
  return splitFrame(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).map(decodeMessage)
}

// Many people in one document who type one character each in turn, and one who only watches and measures how long each character
// takes to arrive. At the end everybody must have been sent everything, or what was measured would mean nothing.

import * as Y from 'yjs'
import type { Dialect } from './dialects.ts'
import { joinMany, type LoadClient } from './load-client.ts'
import type { MeasuredProcess } from './process.ts'
import { Typist } from './typist.ts'

const deadlineMs = 60_000

export interface TypingOptions {
  readonly server: MeasuredProcess
  readonly dialect: Dialect
  readonly clients: number
  /** Default `bench`. */
  readonly documentId?: string
}

export class Typing {
  /** From sent to received by the one who watches, one entry for each character. */
  readonly latenciesMs: number[] = []
  readonly #clients: readonly LoadClient[]
  readonly #typists: readonly Typist[]
  readonly #sentMs: number[][]
  readonly #seen: number[]
  readonly #indexOf = new Map<number, number>()
  readonly #marker: Typist
  #next = 0
  #sent = 0
  #seenTotal = 0
  #marks = 0

  private constructor(clients: readonly LoadClient[]) {
    this.#clients = clients
    // The first one watches and does not type.
    this.#typists = clients.slice(1).map((_, i) => new Typist(1_000_000 + i * 7_919))
    this.#marker = new Typist(900_000)
    this.#sentMs = this.#typists.map(() => [])
    this.#seen = this.#typists.map(() => 0)
    for (const [i, typist] of this.#typists.entries()) this.#indexOf.set(typist.clientId, i)
    clients[0]!.onMessage = message => {
      if (message.kind === 'update' || message.kind === 'step2') this.#watch(message.bytes)
    }
  }

  static async open({ server, dialect, clients, documentId = 'bench' }: TypingOptions): Promise<Typing> {
    return new Typing(await joinMany(clients, server.port, dialect, () => documentId))
  }

  /** Updates that are sent, times the people each of them is for. */
  get delivered(): number {
    return this.#sent * (this.#clients.length - 1)
  }

  /** Characters that are on their way to the one who watches. */
  get underWay(): number {
    return this.#sent - this.#seenTotal
  }

  /** The next person types a character. */
  next(): void {
    const i = this.#next
    this.#next = (i + 1) % this.#typists.length
    this.#sentMs[i]!.push(performance.now())
    this.#sent += 1
    this.#clients[i + 1]!.update(this.#typists[i]!.type('x'))
  }

  /** Everybody types `count` characters at once. */
  burst(count: number): void {
    for (const [i, typist] of this.#typists.entries()) {
      const nowMs = performance.now()
      const updates: Uint8Array[] = []
      for (let n = 0; n < count; n++) {
        this.#sentMs[i]!.push(nowMs)
        updates.push(typist.type('x'))
      }
      this.#sent += count
      this.#clients[i + 1]!.updates(updates)
    }
  }

  /** Resolves when everybody has got everything that was sent so far. @throws Error when somebody was hung up on. */
  async everybodyHasEverything(): Promise<void> {
    const startMs = performance.now()
    const isLate = () => performance.now() - startMs > deadlineMs
    while (this.underWay > 0) {
      if (isLate()) throw new Error(`${this.underWay} updates did not arrive. ${this.#closes()}`)
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    // One socket keeps its order, so who has got this mark has got all that came before. It is sent by the one who watches.
    const mark = `<mark ${++this.#marks}>`
    const bytes = Buffer.from(mark)
    const waiting = new Set(this.#clients.slice(1))
    for (const client of waiting) {
      client.onFrame = frame => {
        if (!frame.includes(bytes)) return
        client.onFrame = undefined
        waiting.delete(client)
      }
    }
    this.#clients[0]!.update(this.#marker.type(mark))
    while (waiting.size > 0) {
      if (isLate()) throw new Error(`${waiting.size} people were not sent everything. ${this.#closes()}`)
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    const closes = this.#closes()
    if (closes !== '') throw new Error(closes)
  }

  close(): void {
    for (const client of this.#clients) client.leave()
  }

  #watch(update: Uint8Array): void {
    const nowMs = performance.now()
    for (const struct of Y.decodeUpdate(update).structs) {
      const i = this.#indexOf.get(struct.id.client)
      if (i === undefined) continue
      const end = struct.id.clock + struct.length
      const sentMs = this.#sentMs[i]!
      for (let clock = this.#seen[i]!; clock < end; clock++) {
        this.latenciesMs.push(nowMs - sentMs[clock]!)
        this.#seen[i]! += 1
        this.#seenTotal += 1
      }
    }
  }

  #closes(): string {
    const codes = this.#clients.flatMap(client => (client.closedWith === undefined ? [] : [client.closedWith]))
    return codes.length === 0 ? '' : `${codes.length} sockets were closed: ${[...new Set(codes)].join(', ')}.`
  }
}

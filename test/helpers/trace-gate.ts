// What stands between a real client and the server while recorded typing is replayed. Each agent of a recording is a client of
// its own, and all of them type at once over real sockets; but a transaction's positions hold at one version only: that of its
// parents. So what arrives over an agent's socket waits in its gate, and is let through, transaction by transaction, when the
// recording says that this agent had seen it. The server may put many transactions into one frame; therefore a frame is
// read for what it brings, and what the client gets are the transactions themselves, as their makers sent them. The frames
// follow at the end, when everything they hold is known.

import { decodeMessage, encodeMessage, splitFrame } from '@sheaf/protocol'
import WebSocket from 'ws'
import * as Y from 'yjs'

interface Transaction {
  readonly agent: number
  /** The agent's clock after it; undefined for a transaction that only deletes. */
  readonly endClock: number | undefined
  readonly deletes: readonly (readonly [clientId: number, clock: number, length: number])[]
  readonly update: Uint8Array
}

/** The Yjs client id of an agent; the end texts of the recordings assume it. */
export function clientIdOf(agent: number): number {
  return agent + 1
}

/** All transactions of one replay, as their makers made them. */
export class TraceExchange {
  readonly agents: number
  /** In the order in which they were made, which is a causal one. */
  readonly #made: Transaction[] = []
  readonly #byAgent: Transaction[][]

  constructor(agents: number) {
    this.agents = agents
    this.#byAgent = Array.from({ length: agents }, () => [])
  }

  get made(): readonly Transaction[] {
    return this.#made
  }

  /** To be called with every local update of an agent, before it is sent. */
  record(agent: number, update: Uint8Array): void {
    const { structs, ds } = Y.decodeUpdate(update)
    const last = structs.at(-1)
    const transaction: Transaction = {
      agent,
      endClock: last === undefined ? undefined : last.id.clock + last.length,
      deletes: [...ds.clients].flatMap(([clientId, items]) =>
        items.map(({ clock, len }) => [clientId, clock, len] as const),
      ),
      update,
    }
    this.#made.push(transaction)
    this.#byAgent[agent]!.push(transaction)
  }

  /** How many transactions of each agent a replica holds that held `counts` of them, and gets `update`. */
  countsWith(counts: readonly number[], update: Uint8Array): number[] {
    const { structs, ds } = Y.decodeUpdate(update)
    const ends = new Map<number, number>()
    for (const { id, length } of structs) ends.set(id.client, Math.max(ends.get(id.client) ?? 0, id.clock + length))
    const isIn = ({ agent, endClock, deletes }: Transaction) =>
      (endClock === undefined || (ends.get(clientIdOf(agent)) ?? 0) >= endClock) &&
      deletes.every(([of, clock, length]) =>
        (ds.clients.get(of) ?? []).some(item => item.clock <= clock && item.clock + item.len >= clock + length),
      )
    return this.#byAgent.map((made, agent) => {
      let count = counts[agent]!
      while (count < made.length && isIn(made[count]!)) count++
      return count
    })
  }
}

/** The gate of one agent. */
export class TraceGate {
  readonly #exchange: TraceExchange
  readonly #agent: number
  /** How many transactions of each agent have come over the socket; and how many the client was given. */
  #arrived: readonly number[]
  readonly #given: number[]
  #goal: readonly number[]
  /** Transactions of others that the client was not given yet, in causal order; and how far the exchange was read. */
  #waiting: Transaction[] = []
  #read = 0
  #give: (frame: Uint8Array) => void = () => undefined
  #buffered: () => number = () => 0
  #frames: Uint8Array[] = []
  #wake: (() => void) | undefined
  #fail: ((error: Error) => void) | undefined
  #broken: Error | undefined

  constructor(exchange: TraceExchange, agent: number) {
    this.#exchange = exchange
    this.#agent = agent
    this.#arrived = new Array<number>(exchange.agents).fill(0)
    this.#given = [...this.#arrived]
    this.#goal = this.#arrived
  }

  /** The class to hand to the agent's client as its WebSocket. */
  get WebSocket(): typeof globalThis.WebSocket {
    return gatedWebSocket({
      open: (give, buffered) => {
        this.#give = give
        this.#buffered = buffered
      },
      arrive: (frame, update) => this.#arrive(frame, update),
      close: reason => {
        this.#broken = new Error(`The socket of agent ${this.#agent} closed: ${reason}`)
        this.#fail?.(this.#broken)
      },
    })
  }

  /** Bytes that the socket has not sent yet. */
  get bufferedAmount(): number {
    return this.#buffered()
  }

  /**
   * Resolves when the client holds exactly `version` of the other agents' transactions; undefined when it does already.
   * Rejects when the socket closed.
   */
  reach(version: readonly number[]): Promise<void> | undefined {
    if (this.#others((agent, given) => given === version[agent], this.#given)) return undefined
    this.#goal = version
    if (this.#isGoalHere()) {
      this.#pass()
      return undefined
    }
    return new Promise<void>((resolve, reject) => {
      if (this.#broken !== undefined) return reject(this.#broken)
      this.#fail = reject
      this.#wake = () => {
        this.#wake = undefined
        this.#pass()
        resolve()
      }
    })
  }

  /** Hands over the frames as they came; for the end, when the client holds everything. */
  releaseFrames(): void {
    for (const frame of this.#frames) this.#give(frame)
    this.#frames = []
  }

  #arrive(frame: Uint8Array, update: Uint8Array): void {
    this.#frames.push(frame)
    this.#arrived = this.#exchange.countsWith(this.#arrived, update)
    if (this.#isGoalHere()) this.#wake?.()
  }

  #pass(): void {
    const { made } = this.#exchange
    for (; this.#read < made.length; this.#read++) {
      if (made[this.#read]!.agent !== this.#agent) this.#waiting.push(made[this.#read]!)
    }
    this.#waiting = this.#waiting.filter(transaction => {
      const { agent, update } = transaction
      if (this.#given[agent]! >= this.#goal[agent]!) return true
      this.#given[agent]!++
      this.#give(encodeMessage({ type: 'update', update }))
      return false
    })
  }

  #isGoalHere(): boolean {
    return this.#others((agent, arrived) => arrived >= this.#goal[agent]!, this.#arrived)
  }

  #others(holds: (agent: number, count: number) => boolean, counts: readonly number[]): boolean {
    return counts.every((count, agent) => agent === this.#agent || holds(agent, count))
  }
}

interface SocketEvents {
  open(give: (frame: Uint8Array) => void, bufferedAmount: () => number): void
  arrive(frame: Uint8Array, update: Uint8Array): void
  close(reason: string): void
}

type Listener<E> = ((event: E) => void) | null

/** The part of a browser's WebSocket that providers use, over one of `ws`; updates that come in go to `events.arrive`. */
function gatedWebSocket(events: SocketEvents): typeof globalThis.WebSocket {
  class GatedWebSocket {
    static readonly CONNECTING = WebSocket.CONNECTING
    static readonly OPEN = WebSocket.OPEN
    static readonly CLOSING = WebSocket.CLOSING
    static readonly CLOSED = WebSocket.CLOSED
    readonly CONNECTING = WebSocket.CONNECTING
    readonly OPEN = WebSocket.OPEN
    readonly CLOSING = WebSocket.CLOSING
    readonly CLOSED = WebSocket.CLOSED
    binaryType = 'arraybuffer'
    onopen: Listener<unknown> = null
    onmessage: Listener<{ data: ArrayBuffer | Uint8Array }> = null
    onclose: Listener<{ code: number; reason: string; wasClean: boolean }> = null
    onerror: Listener<unknown> = null
    readonly #socket: WebSocket

    constructor(url: string | URL, protocols: string | string[] = []) {
      const socket = new WebSocket(url, protocols, { perMessageDeflate: false })
      this.#socket = socket
      socket.binaryType = 'arraybuffer'
      socket.on('open', () => {
        events.open(
          frame => this.onmessage?.({ data: frame.slice().buffer }),
          () => socket.bufferedAmount,
        )
        this.onopen?.({})
      })
      socket.on('error', error => this.onerror?.(error))
      socket.on('close', (code, reason) => {
        events.close(`${code} ${reason}`)
        this.onclose?.({ code, reason: reason.toString(), wasClean: code !== 1006 })
      })
      socket.on('message', (data: ArrayBuffer) => {
        for (const frame of splitFrame(new Uint8Array(data))) {
          const message = decodeMessage(frame)
          if (message.type === 'update') events.arrive(frame, message.update)
          else this.onmessage?.({ data: frame.slice().buffer })
        }
      })
    }

    get url() {
      return this.#socket.url
    }
    get protocol() {
      return this.#socket.protocol
    }
    get readyState() {
      return this.#socket.readyState
    }
    get bufferedAmount() {
      return this.#socket.bufferedAmount
    }
    send(data: Uint8Array) {
      this.#socket.send(data)
    }
    close(code?: number, reason?: string) {
      this.#socket.close(code, reason)
    }
  }
  return GatedWebSocket as unknown as typeof globalThis.WebSocket
}

// A network in simulated time. A socket has the shape of a WebSocket at the client's end and is a Channel at the server's.
// Frames keep their order and take a while each; a connection that breaks loses what is under way, and its two ends learn of
// it at different times.

import type { Socket, SocketConstructor } from '@sheaf/client'
import { type ErrorCode, errorKinds, SheafError, sheafSubprotocol } from '@sheaf/protocol'
import type { Channel, Session } from '../../server/src/room/ports.ts'
import type { Random } from '../helpers/random.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What accepts sockets: a server that runs. */
export interface Door {
  enter(
    documentId: string,
    channel: Channel,
    options: { readonly extension: boolean; readonly principal: string },
  ): Promise<Session>
}

/** One device's connection to the network. */
export interface Link {
  readonly principal: string
  isUp: boolean
}

export interface NetworkOptions {
  readonly time: VirtualTime
  readonly random: Random
  /** Told of every close that a server decided. */
  readonly onServerClose: (code: ErrorCode, detail: string | undefined) => void
}

export class Network {
  readonly options: NetworkOptions
  readonly #sockets = new Set<{ readonly link: Link; readonly socket: SimulatedSocket }>()
  /** Undefined while there is no server. */
  door: Door | undefined

  constructor(options: NetworkOptions) {
    this.options = options
  }

  /** The WebSocket class of one device. */
  socketsOf(link: Link): SocketConstructor {
    const open = (url: string, protocols: string | string[] = []) => {
      const socket = new SimulatedSocket(this, link, url, [protocols].flat())
      this.#sockets.add({ link, socket })
      return socket
    }
    function DeviceSocket(url: string, protocols?: string | string[]): Socket {
      return open(url, protocols)
    }
    return DeviceSocket as unknown as SocketConstructor
  }

  /** Breaks the connections of a device, or of all of them. */
  cut(link?: Link): void {
    for (const entry of this.#sockets) if (link === undefined || entry.link === link) entry.socket.break()
  }

  /** The server process is gone: its ends of the sockets hear nothing any more. */
  loseServer(): void {
    this.door = undefined
    for (const { socket } of this.#sockets) socket.loseServer()
  }

  forget(socket: SimulatedSocket): void {
    for (const entry of this.#sockets) if (entry.socket === socket) this.#sockets.delete(entry)
  }
}

class SimulatedSocket implements Socket {
  binaryType: BinaryType = 'arraybuffer'
  readyState = 0
  protocol = ''
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  readonly #network: Network
  readonly #link: Link
  readonly #up: Lane
  readonly #down: Lane
  #session: Session | undefined
  #early: Uint8Array[] | undefined = []
  /** The server's end has closed, or does not know yet that it should. */
  #serverEnded = false

  constructor(network: Network, link: Link, url: string, protocols: readonly string[]) {
    const { time, random } = network.options
    this.#network = network
    this.#link = link
    this.#up = new Lane(time, random)
    this.#down = new Lane(time, random)
    this.#up.send(0, () => this.#open(url, protocols))
  }

  get bufferedAmount(): number {
    return this.#up.bytes
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 1) return
    const frame = data.slice()
    this.#up.send(frame.byteLength, () => {
      if (this.#serverEnded) return
      if (this.#early !== undefined) this.#early.push(frame)
      else this.#session?.receive(frame)
    })
  }

  close(): void {
    if (this.readyState >= 2) return
    this.readyState = 2
    this.#up.send(0, () => this.#endServer())
    this.#down.send(0, () => this.#endClient(1000, ''))
  }

  /** Both ends learn of it at some time; what is under way is lost. */
  break(): void {
    const { time, random } = this.#network.options
    this.#up.cut()
    this.#down.cut()
    const patience = random.pick([1, 50, 4_000])
    time.after(random.below(patience), () => this.#endClient(1006, ''))
    time.after(random.below(patience), () => this.#endServer())
  }

  loseServer(): void {
    this.#serverEnded = true
    this.#session = undefined
    this.#up.cut()
    this.#down.cut()
    this.#network.options.time.after(this.#network.options.random.below(50), () => this.#endClient(1006, ''))
  }

  async #open(url: string, protocols: readonly string[]): Promise<void> {
    const { door } = this.#network
    if (this.readyState !== 0) return
    if (door === undefined || !this.#link.isUp) return this.#endClient(1006, '')
    this.readyState = 1
    const extension = protocols.includes(sheafSubprotocol)
    this.protocol = extension ? sheafSubprotocol : ''
    this.onopen?.(new Event('open'))
    const documentId = new URL(url).pathname.split('/').at(-1)!
    const { principal } = this.#link
    door.enter(documentId, this.#channel(), { extension, principal }).then(
      session => {
        if (this.#serverEnded) return session.leave()
        this.#session = session
        for (const frame of this.#early ?? []) session.receive(frame)
        this.#early = undefined
      },
      (error: unknown) => this.#closeFromServer(error instanceof SheafError ? error.code : 'internal', String(error)),
    )
  }

  #channel(): Channel {
    const down = this.#down
    return {
      send: frame => {
        if (this.#serverEnded) return
        const { buffer } = frame.slice()
        down.send(frame.byteLength, () => this.onmessage?.({ data: buffer } as MessageEvent))
      },
      close: (code, detail) => this.#closeFromServer(code, detail),
      get bufferedBytes() {
        return down.bytes
      },
    }
  }

  #closeFromServer(code: ErrorCode, detail: string | undefined): void {
    if (this.#serverEnded) return
    this.#network.options.onServerClose(code, detail)
    this.#endServer()
    this.#down.send(0, () => this.#endClient(errorKinds[code].close, code))
  }

  #endServer(): void {
    if (this.#serverEnded) return
    this.#serverEnded = true
    this.#session?.leave()
  }

  #endClient(code: number, reason: string): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.#network.forget(this)
    this.onclose?.({ code, reason, wasClean: code !== 1006 } as CloseEvent)
  }
}

/** One way of a connection. */
class Lane {
  readonly #time: VirtualTime
  readonly #random: Random
  readonly #latencyMs: number
  #lastMs = 0
  #isCut = false
  /** Sent and not arrived. */
  bytes = 0

  constructor(time: VirtualTime, random: Random) {
    this.#time = time
    this.#random = random
    this.#latencyMs = random.pick([2, 20, 100])
  }

  send(bytes: number, arrive: () => unknown): void {
    if (this.#isCut) return
    this.bytes += bytes
    this.#lastMs = Math.max(this.#lastMs, this.#time.elapsedMs + this.#random.below(this.#latencyMs))
    this.#time.after(this.#lastMs - this.#time.elapsedMs, () => {
      if (this.#isCut) return
      this.bytes -= bytes
      arrive()
    })
  }

  cut(): void {
    this.#isCut = true
    this.bytes = 0
  }
}

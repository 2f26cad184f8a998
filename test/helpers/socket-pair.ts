// A socket without a network: the server's end is the Channel that a room writes to, the client's end is in the test's
// hand. Frames keep their order. Each way is a lane that delivers by itself, or is held until the test says how many frames
// go on; a held frame can be dropped or doubled. What is held towards the client is what `bufferedBytes` reports.

import { type ErrorCode, messageType } from '@sheaf/protocol'
import type { Channel } from '../../server/src/room/ports.ts'

export class Lane {
  readonly #receive: (frame: Uint8Array) => unknown
  #waiting: Uint8Array[] = []
  #isHeld = false
  #isScheduled = false

  constructor(receive: (frame: Uint8Array) => unknown) {
    this.#receive = receive
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get waitingBytes(): number {
    return this.#waiting.reduce((sum, frame) => sum + frame.byteLength, 0)
  }

  push(frame: Uint8Array): void {
    this.#waiting.push(frame)
    this.#schedule()
  }

  hold(): void {
    this.#isHeld = true
  }

  /** Delivers by itself again, also what was held. */
  release(): void {
    this.#isHeld = false
    this.#schedule()
  }

  /** Delivers the oldest frames now. */
  deliver(count = this.#waiting.length): void {
    for (const frame of this.#waiting.splice(0, count)) this.#receive(frame)
  }

  /** Loses the oldest frames. Only a socket that closes does that, so close the pair soon. */
  drop(count = this.#waiting.length): void {
    this.#waiting.splice(0, count)
  }

  /** The oldest frame will be delivered twice; not a chunk, whose order is what gives it sense. */
  duplicate(): void {
    const first = this.#waiting[0]
    if (first !== undefined && first[0] !== messageType.chunk) this.#waiting.unshift(first)
  }

  #schedule(): void {
    if (this.#isHeld || this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      if (!this.#isHeld) this.deliver()
    })
  }
}

/** The client's end, as a client sees it. */
export interface ClientEnd {
  receive(frame: Uint8Array): unknown
  /** `code` is undefined when the client itself, or the network, has closed. */
  closed(code: ErrorCode | undefined, detail: string | undefined): unknown
}

export class SocketPair {
  readonly toClient: Lane
  readonly toServer: Lane
  /** Give this to `registry.join`. */
  readonly channel: Channel
  readonly #client: ClientEnd
  #server: { receive(frame: Uint8Array): void; leave(): void } | undefined
  #early: Uint8Array[] = []
  #isOpen = true

  constructor(client: ClientEnd) {
    this.#client = client
    this.toClient = new Lane(frame => this.#client.receive(frame))
    this.toServer = new Lane(frame => {
      if (!this.#isOpen) return
      if (this.#server === undefined) this.#early.push(frame)
      else this.#server.receive(frame)
    })
    const lane = this.toClient
    this.channel = {
      send: frame => {
        if (this.#isOpen) lane.push(frame)
      },
      close: (code, detail) => this.#closeFromServer(code, detail),
      get bufferedBytes() {
        return lane.waitingBytes
      },
    }
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The session that `registry.join` has made; frames that came before are handed over. */
  attach(session: { receive(frame: Uint8Array): void; leave(): void }): void {
    if (!this.#isOpen) return session.leave()
    this.#server = session
    for (const frame of this.#early.splice(0)) session.receive(frame)
  }

  /** The client sends a frame. */
  send(frame: Uint8Array): void {
    if (this.#isOpen) this.toServer.push(frame)
  }

  /** The connection breaks: frames that wait are lost, both ends learn of it. */
  cut(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.toServer.drop()
    this.toClient.drop()
    this.#server?.leave()
    this.#client.closed(undefined, undefined)
  }

  /** Frames that were sent before the close still arrive, as with a real socket. */
  #closeFromServer(code: ErrorCode, detail: string | undefined): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.toServer.drop()
    this.#server?.leave()
    queueMicrotask(() => {
      this.toClient.deliver()
      this.#client.closed(code, detail)
    })
  }
}

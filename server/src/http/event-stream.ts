// Answers that go on: server-sent events (WHATWG HTML, section 9.2). Each is counted like a socket, ends when its asker's right does, and is kept
// alive by a comment where nothing else is said.

import type { ErrorCode } from '@sheaf/protocol'
import type { Context } from 'hono'
import type { Clock } from '../clock.ts'
import type { Asking } from './addresses.ts'
import type { AppEnv } from './routes.ts'
import type { Sockets } from './sockets.ts'

export interface StreamEvent {
  /** What `Last-Event-ID` says when the client comes again. */
  readonly id?: string
  /** Absent: `message`. */
  readonly event?: string
  /** One line. */
  readonly data: string
}

/** Proxies and the watchdogs of clients take what is silent for dead. */
const commentMs = 15_000

/** Bytes that wait for the network before the stream counts as slow. */
const bufferBytes = 64 * 1024

const encoder = new TextEncoder()

export class EventStreams {
  readonly #sockets: Sockets
  readonly #clock: Clock
  readonly #open = new Set<EventStream>()

  constructor({ sockets, clock }: { sockets: Sockets; clock: Clock }) {
    this.#sockets = sockets
    this.#clock = clock
  }

  /** @throws SheafError `overloaded`. @param onEnd called once, whoever ends it. */
  open(c: Context<AppEnv>, onEnd: () => void): EventStream {
    const { user } = c.get('identity')
    const asking: Asking = { address: c.get('address'), ...(user !== undefined && { user: user.userId }) }
    this.#sockets.checkRoomFor(asking)
    this.#sockets.addresses.opened(asking.address)
    const stream = new EventStream(this.#clock, () => {
      this.#open.delete(stream)
      this.#sockets.addresses.closed(asking.address)
      onEnd()
    })
    this.#open.add(stream)
    return stream
  }

  /** Ends all of them; for the end of the server. */
  close(): void {
    for (const stream of [...this.#open]) stream.fail('restarting')
  }
}

export class EventStream {
  readonly #body: ReadableStream<Uint8Array>
  readonly #onEnd: () => void
  readonly #stopComments: () => void
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined

  constructor(clock: Clock, onEnd: () => void) {
    this.#onEnd = onEnd
    this.#body = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#controller = controller
        },
        cancel: () => this.#ended(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: bufferBytes }),
    )
    this.#stopComments = clock.every(commentMs, () => this.#write(':\n\n'))
    this.#write('retry: 2000\n\n')
  }

  /** Bytes that the network has not taken yet. */
  get bufferedBytes(): number {
    const free = this.#controller?.desiredSize ?? bufferBytes
    return Math.max(0, bufferBytes - free)
  }

  send({ id, event, data }: StreamEvent): void {
    this.#write(
      `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`,
    )
  }

  /** Says why, and ends. */
  fail(code: ErrorCode): void {
    this.send({ event: 'close', data: JSON.stringify({ code }) })
    this.end()
  }

  end(): void {
    const controller = this.#controller
    if (controller === undefined) return
    this.#ended()
    controller.close()
  }

  answer(c: Context<AppEnv>): Response {
    c.header('content-type', 'text/event-stream')
    // nginx would hold it back until a buffer is full.
    c.header('x-accel-buffering', 'no')
    return c.body(this.#body)
  }

  #write(text: string): void {
    this.#controller?.enqueue(encoder.encode(text))
  }

  #ended(): void {
    if (this.#controller === undefined) return
    this.#controller = undefined
    this.#stopComments()
    this.#onEnd()
  }
}

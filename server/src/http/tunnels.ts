// The wire over plain HTTP, for who cannot have a WebSocket: `GET /documents/:id/sync/stream` opens a session in the room and gives its frames as
// events, `POST /documents/:id/sync` brings frames to it. It is the same session, with the same messages, acknowledgements, limits and rights.

import { type ErrorCode, errorKinds, randomId, SheafError } from '@sheaf/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Channel, Session } from '../room/ports.ts'
import type { Registry } from '../room/registry.ts'
import { check, expectMediaType, readBytes } from './body.ts'
import { documentIdOf } from './documents.ts'
import type { EventStream, EventStreams } from './event-stream.ts'
import type { LiveGrants } from './live.ts'
import { type AppEnv, methods } from './routes.ts'

export interface TunnelsOptions {
  readonly registry: Registry
  readonly live: LiveGrants
  readonly streams: EventStreams
  readonly clock: Clock
  readonly maxRequestBytes: number
}

/** Who has not been heard of for so long is gone; clients post at least every 20 s, be it nothing. */
const silenceMs = 60_000
const sweepMs = 10_000

export const openQuery = z.strictObject({ epoch: z.string().max(32).optional() })
export const postQuery = z.strictObject({ stream: z.string().max(64) })

export function tunnelRoutes({ registry, live, streams, clock, maxRequestBytes }: TunnelsOptions): Hono<AppEnv> {
  const tunnels = new Map<string, Tunnel>()
  const stopSweeping = { current: undefined as (() => void) | undefined }
  const sweep = () => {
    for (const tunnel of tunnels.values()) {
      if (clock.monotonicMs() - tunnel.heardMs > silenceMs) tunnel.close('going-away')
    }
  }
  const app = new Hono<AppEnv>()

  methods(app, '/documents/:id/sync/stream', {
    GET: async c => {
      const documentId = documentIdOf(c)
      const { epoch } = check(openQuery, c.req.query())
      const own = await registry.withRoom(documentId, room => room.epoch)
      if (epoch !== undefined && epoch !== own) throw new SheafError('epoch')
      const identity = c.get('identity')
      const isOpen = c.get('access').isOpen
      // Followed from here on, so that a right that is taken away meanwhile is taken away.
      const grant = live.begin({ identity, documentId, extension: true }, isOpen ? 'editor' : 'none')
      let stream: EventStream | undefined
      try {
        await live.judge(grant)
        const { role } = grant
        if (role === 'none') throw new SheafError('not-found')
        const id = randomId(24)
        stream = streams.open(c, () => {
          tunnels.delete(id)
          if (tunnels.size === 0) {
            stopSweeping.current?.()
            stopSweeping.current = undefined
          }
          tunnel.leave()
        })
        const tunnel = new Tunnel({ stream, documentId, principal: identity.principal, clock })
        // Before anything is waited for: the room may close it at any time from here on.
        tunnels.set(id, tunnel)
        stopSweeping.current ??= clock.every(sweepMs, sweep)
        stream.send({ event: 'open', data: JSON.stringify({ stream: id }) })
        tunnel.enter(grant.attach(await registry.join(documentId, tunnel, grant), role))
        return stream.answer(c)
      } catch (cause) {
        grant.end()
        stream?.end()
        throw cause
      }
    },
  })

  methods(app, '/documents/:id/sync', {
    POST: async c => {
      const documentId = documentIdOf(c)
      expectMediaType(c.req.raw, ['application/octet-stream'])
      const { stream } = check(postQuery, c.req.query())
      const bytes = await readBytes(c.req.raw, maxRequestBytes)
      const tunnel = tunnels.get(stream)
      const { principal } = c.get('identity')
      if (tunnel === undefined || tunnel.documentId !== documentId || tunnel.principal !== principal) {
        throw new SheafError('precondition-failed', 'There is no such stream any more; open another one.')
      }
      tunnel.receive(framesIn(bytes))
      return c.body(null, 204)
    },
  })

  return app
}

interface TunnelOptions {
  readonly stream: EventStream
  readonly documentId: string
  readonly principal: string
  readonly clock: Clock
}

class Tunnel implements Channel {
  readonly documentId: string
  readonly principal: string
  readonly #stream: EventStream
  readonly #clock: Clock
  #session: Session | undefined
  #hasLeft = false
  heardMs: number

  constructor({ stream, documentId, principal, clock }: TunnelOptions) {
    this.documentId = documentId
    this.principal = principal
    this.#stream = stream
    this.#clock = clock
    this.heardMs = clock.monotonicMs()
  }

  get bufferedBytes(): number {
    return this.#stream.bufferedBytes
  }

  send(frame: Uint8Array): void {
    this.#stream.send({ data: Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64') })
  }

  close(code: ErrorCode): void {
    this.#stream.send({ event: 'close', data: JSON.stringify({ code: errorKinds[code].close, reason: code }) })
    this.#stream.end()
  }

  enter(session: Session): void {
    this.#session = session
    if (this.#hasLeft) session.leave()
  }

  leave(): void {
    this.#hasLeft = true
    this.#session?.leave()
  }

  receive(frames: readonly Uint8Array[]): void {
    this.heardMs = this.#clock.monotonicMs()
    for (const frame of frames) if (!this.#hasLeft) this.#session?.receive(frame)
  }
}

/** Frames with the length of each before it, 4 bytes, big-endian. @throws SheafError `malformed`. */
function framesIn(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const frames: Uint8Array[] = []
  for (let at = 0; at < bytes.byteLength; ) {
    const end = at + 4 <= bytes.byteLength ? at + 4 + view.getUint32(at) : Number.POSITIVE_INFINITY
    if (end > bytes.byteLength) throw new SheafError('malformed', 'The frames of the body are not whole.')
    frames.push(new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, end - at - 4))
    at = end
  }
  return frames
}

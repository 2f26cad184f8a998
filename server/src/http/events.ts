// `GET /documents/:id/events`: what happens to a document, as it happens, and resumable: each event says the revision behind it, and who comes
// again with that gets what they have missed. The stream ends when the right to read does.

import { SheafError } from '@sheaf/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Member } from '../room/ports.ts'
import type { Registry } from '../room/registry.ts'
import type { Room } from '../room/room.ts'
import type { DocumentStore, UpdateRow } from '../store/store.ts'
import { check } from './body.ts'
import { type ChangeResource, toChange } from './changes.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { revisionIn, revisionText } from './edit-fields.ts'
import type { EventStream, EventStreams } from './event-stream.ts'
import type { LiveGrant, LiveGrants } from './live.ts'
import { type AppEnv, methods } from './routes.ts'

export interface EventsOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly live: LiveGrants
  readonly streams: EventStreams
  readonly clock: Clock
}

/** The data of an event `change`. */
export interface ChangeEvent {
  /** The revision behind the last of them, and the `id` of the event. */
  readonly rev: string
  readonly changes: readonly ChangeResource[]
}

export const eventsQuery = z.strictObject({
  /** The revision that is known; the header `Last-Event-ID` says the same. Absent: from now on. */
  after: revisionText.optional(),
})

/** Keystrokes are told together. */
const gatherMs = 100
const maxChanges = 200

/** Who does not read so much comes again, and gets it then. */
const maxBufferedBytes = 1024 * 1024

export function eventRoutes({ store, registry, live, streams, clock }: EventsOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  methods(app, '/documents/:id/events', {
    GET: async c => {
      const documentId = documentIdOf(c)
      const { after } = check(eventsQuery, { ...lastEventId(c.req.header('last-event-id')), ...c.req.query() })
      await requireRecord(store, documentId)
      // Followed from here on, so that a right that is taken away meanwhile is taken away.
      const grant = live.begin({ identity: c.get('identity'), documentId, extension: true }, 'viewer')
      let stream: EventStream | undefined
      try {
        await live.judge(grant)
        if (grant.role === 'none') throw new SheafError('not-found')
        let end: () => void = () => undefined
        const ended = new Promise<void>(resolve => {
          end = resolve
        })
        stream = streams.open(c, end)
        const reading = { grant, stream, clock, ended }
        await new Promise<void>((begun, refused) => {
          registry
            .withRoom(documentId, room => follow(room, after, begun, reading))
            .then(
              () => stream!.end(),
              cause => {
                refused(cause)
                stream!.fail(cause instanceof SheafError ? cause.code : 'internal')
              },
            )
        })
        return stream.answer(c)
      } catch (cause) {
        grant.end()
        stream?.end()
        throw cause
      }
    },
  })
  return app
}

interface Reading {
  readonly grant: LiveGrant
  readonly stream: EventStream
  readonly clock: Clock
  readonly ended: Promise<void>
}

/** Tells what happens until the stream ends; holds the room so long. @throws RequestError for a revision that cannot be gone on from. */
async function follow(
  room: Room,
  after: string | undefined,
  begun: () => void,
  { grant, stream, clock, ended }: Reading,
): Promise<void> {
  let waiting: UpdateRow[] = []
  let cancelTelling: (() => void) | undefined
  let isCaughtUp = false
  const tell = () => {
    cancelTelling = undefined
    while (waiting.length > 0) {
      const rows = waiting.splice(0, maxChanges)
      const rev = `${room.epoch}.${rows.at(-1)!.seq}`
      const data: ChangeEvent = { rev, changes: rows.map(row => toChange(row, room.epoch)) }
      stream.send({ id: rev, event: 'change', data: JSON.stringify(data) })
    }
    if (stream.bufferedBytes > maxBufferedBytes) stream.fail('slow-consumer')
  }
  const tellLater = () => {
    if (isCaughtUp && waiting.length > 0) cancelTelling ??= clock.after(gatherMs, tell)
  }
  const from = after === undefined ? room.revision : revisionIn(room, after)
  const stop = room.watch({
    committed: rows => {
      waiting.push(...rows.map(withoutBytes))
      tellLater()
    },
    ended: error => stream.fail(error.code),
  })
  const until = room.revision
  const member: Member = {
    id: 'events',
    receive: () => undefined,
    leave: () => undefined,
    close: code => stream.fail(code),
    notify: () => undefined,
  }
  const follower = grant.attach(member, grant.role)
  try {
    const missed: UpdateRow[] = []
    if (from < until) await room.rows(until, rows => void missed.push(...rows.map(withoutBytes)), from)
    begun()
    stream.send({ event: 'open', data: JSON.stringify({ rev: `${room.epoch}.${from}` }) })
    waiting = [...missed, ...waiting]
    isCaughtUp = true
    tell()
    await ended
  } finally {
    cancelTelling?.()
    follower.leave()
    stop()
  }
}

/** What is told of a row; its bytes would wait for nothing. */
function withoutBytes(row: UpdateRow): UpdateRow {
  return { ...row, update: new Uint8Array() }
}

function lastEventId(header: string | undefined): { after?: string } {
  return header === undefined || header === '' ? {} : { after: header }
}

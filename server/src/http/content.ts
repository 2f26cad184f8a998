// What a document says, in the formats that exist, and the Yjs way in and out over plain HTTP. Reading changes nothing; a write
// goes through the gate of the room and is on disk before the answer.

import { plainText, readBody, readTitle } from '@sheaf/model'
import { SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import * as Y from 'yjs'
import type { Registry } from '../room/registry.ts'
import type { Room } from '../room/room.ts'
import type { DocumentStore } from '../store/store.ts'
import { expectMediaType, readBytes } from './body.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { negotiate } from './negotiate.ts'
import { type AppEnv, authorize, methods } from './routes.ts'

export interface ContentOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  /** Encoded bytes of an update that is posted. */
  readonly maxUpdateBytes: number
}

interface Format {
  readonly type: string
  /** Tail of the entity tag: one state of a document has one tag per format. */
  readonly tag: string
  readonly write: (room: Room) => string | Uint8Array
}

const yjs: readonly Format[] = ['application/octet-stream', 'application/vnd.yjs.update'].map(type => ({
  type,
  tag: 'yjs',
  write: room => Y.encodeStateAsUpdate(room.ydoc),
}))

/** Every format of a `sheaf` document, the preferred one first. Of a `raw` one only its bytes can be told. */
const formats: readonly Format[] = [
  {
    type: 'application/json',
    tag: 'json',
    write: room =>
      JSON.stringify({
        revision: revisionOf(room),
        title: readTitle(room.ydoc),
        doc: readBody(room.ydoc).toJSON(),
      }),
  },
  { type: 'text/plain', tag: 'txt', write: room => plainText(room.ydoc) },
  ...yjs,
]

export function contentRoutes(options: ContentOptions): Hono<AppEnv> {
  const { store, registry } = options
  const app = new Hono<AppEnv>()

  methods(app, '/documents/:id/content', {
    GET: async c => {
      const documentId = documentIdOf(c)
      const record = await requireRecord(store, documentId)
      const available = record.layout === 'raw' ? yjs : formats
      const type = negotiate(
        c.req.header('accept'),
        available.map(format => format.type),
      )
      const format = available.find(candidate => candidate.type === type)
      if (format === undefined) {
        throw new SheafError('not-acceptable', `There are ${available.map(f => f.type).join(', ')}.`)
      }
      return registry.withRoom(documentId, room => answer(c, room, format))
    },
  })

  methods(app, '/documents/:id/update', {
    GET: async c => {
      const documentId = documentIdOf(c)
      await requireRecord(store, documentId)
      const since = stateVector(c.req.query('since'))
      return registry.withRoom(documentId, room => {
        const update = Y.encodeStateAsUpdate(room.ydoc, since)
        return bytes(c, room, update, 'application/octet-stream')
      })
    },
    POST: async c => {
      const documentId = documentIdOf(c)
      expectMediaType(c.req.raw, ['application/octet-stream', 'application/vnd.yjs.update'])
      await requireRecord(store, documentId)
      const update = await readBytes(c.req.raw, options.maxUpdateBytes)
      // A body may take its time; meanwhile the right may have gone.
      await authorize(c, 'POST /documents/:id/update')
      return registry.withRoom(documentId, async room => {
        await room.submit(update, 'api')
        c.header('document-revision', revisionOf(room))
        return c.json({ revision: revisionOf(room) })
      })
    },
  })

  return app
}

/** `<epoch>.<rev>`: which state, in which timeline; the form that knows of no format. */
function revisionOf(room: Room): string {
  return `${room.epoch}.${room.revision}`
}

function answer(c: Context<AppEnv>, room: Room, format: Format): Response {
  const etag = `"${revisionOf(room)}.${format.tag}"`
  c.header('etag', etag)
  c.header('vary', 'accept')
  c.header('cache-control', 'no-cache')
  if (matches(c.req.header('if-none-match'), etag)) {
    c.header('document-revision', revisionOf(room))
    return c.body(null, 304)
  }
  const content = format.write(room)
  const encoded = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return bytes(c, room, encoded, format.type.startsWith('text/') ? `${format.type}; charset=utf-8` : format.type)
}

function bytes(c: Context<AppEnv>, room: Room, content: Uint8Array, type: string): Response {
  c.header('document-revision', revisionOf(room))
  c.header('content-type', type)
  c.header('content-length', String(content.byteLength))
  // What is here is the last good state, and not all that was written.
  if (room.damage.length > 0) c.header('document-damage', room.damage.map(damage => damage.what).join(', '))
  return c.body(content as Uint8Array<ArrayBuffer>)
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch?.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag) ?? false
}

/** @throws SheafError `invalid-field` for what is no state vector in base64url. */
function stateVector(since: string | undefined): Uint8Array | undefined {
  if (since === undefined || since === '') return undefined
  const vector = new Uint8Array(Buffer.from(since, 'base64url'))
  try {
    Y.decodeStateVector(vector)
  } catch (cause) {
    const detail = '/since: a Yjs state vector in base64url is expected.'
    throw new SheafError('invalid-field', detail, { cause, details: { field: '/since' } })
  }
  return vector
}

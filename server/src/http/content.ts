// What a document says, in the formats that exist, and the Yjs way in and out over plain HTTP. Reading changes nothing; a write
// goes through the gate of the room and is on disk before the answer.

import { readBody, readTitle } from '@sheaf/model'
import type { Edit } from '@sheaf/model/edits'
import { serializeHtml, serializeJson, serializeMarkdown, serializeText } from '@sheaf/model/formats'
import { SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import * as Y from 'yjs'
import { z } from 'zod'
import type { Registry } from '../room/registry.ts'
import type { Room } from '../room/room.ts'
import type { DocumentStore } from '../store/store.ts'
import { check, expectMediaType, parseJson, readBytes } from './body.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { revisionIn, revisionText } from './edit-fields.ts'
import type { Editing, EditOrder } from './editing.ts'
import type { Remembered } from './idempotency.ts'
import { negotiate } from './negotiate.ts'
import { type AppEnv, authorize, methods } from './routes.ts'

export interface ContentOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly editing: Editing
  /** Encoded bytes of an update that is posted, and of a body that is put. */
  readonly maxUpdateBytes: number
}

interface Format {
  readonly type: string
  /** Tail of the entity tag: one state of a document has one tag per format. */
  readonly tag: string
  readonly write: (ydoc: Y.Doc, options: { readonly revision: string; readonly ids: boolean }) => string | Uint8Array
}

const yjs: readonly Format[] = ['application/octet-stream', 'application/vnd.yjs.update'].map(type => ({
  type,
  tag: 'yjs',
  write: ydoc => Y.encodeStateAsUpdate(ydoc),
}))

/** Every format of a `sheaf` document, the preferred one first. Of a `raw` one only its bytes can be told. */
const formats: readonly Format[] = [
  {
    type: 'application/json',
    tag: 'json',
    write: (ydoc, { revision }) =>
      JSON.stringify({ revision, title: readTitle(ydoc), doc: serializeJson(readBody(ydoc)) }),
  },
  { type: 'text/markdown', tag: 'md', write: (ydoc, { ids }) => serializeMarkdown(readBody(ydoc), { ids }) },
  { type: 'text/html', tag: 'html', write: ydoc => serializeHtml(readBody(ydoc)) },
  { type: 'text/plain', tag: 'txt', write: ydoc => serializeText(readBody(ydoc)) },
  ...yjs,
]

/** Formats in which a whole body can be put. */
const putTypes = ['text/markdown', 'text/html', 'application/json']

export const contentQuery = z.strictObject({
  /** Of which revision; absent: the newest. */
  rev: revisionText.optional(),
  /** Of Markdown: the id of each block in a comment before it. */
  ids: z.enum(['0', '1']).default('0'),
})
export const jsonBody = z.strictObject({
  revision: z.string().optional(),
  title: z.string().max(500).optional(),
  doc: z.unknown(),
})

export function contentRoutes(options: ContentOptions): Hono<AppEnv> {
  const { store, registry, editing } = options
  const app = new Hono<AppEnv>()

  methods(app, '/documents/:id/content', {
    GET: c => answerContent(c, options),
    PUT: async c => {
      const documentId = documentIdOf(c)
      expectMediaType(c.req.raw, putTypes)
      await requireRecord(store, documentId)
      const order = preconditionsOf(c)
      const body = await readBytes(c.req.raw, options.maxUpdateBytes)
      // A body may take its time; meanwhile the right may have gone.
      await authorize(c, 'PUT /documents/:id/content')
      const ask = {
        documentId,
        identity: c.get('identity'),
        key: c.req.header('idempotency-key'),
        fingerprint: ['PUT content', documentId, c.req.header('content-type') ?? '', body],
      }
      const edits = editsOf(c.req.header('content-type') ?? '', body)
      return answerEdit(c, await editing.run(ask, { ...order, edits }))
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
        await room.submit(update, 'api', { principal: c.get('identity').principal })
        c.header('document-revision', revisionOf(room))
        return c.json({ revision: revisionOf(room) })
      })
    },
  })

  return app
}

/** The document in the format that the request wants. @throws SheafError `not-found`, `not-acceptable`; RequestError for a revision. */
export async function answerContent(
  c: Context<AppEnv>,
  { store, registry }: Pick<ContentOptions, 'store' | 'registry'>,
): Promise<Response> {
  const documentId = documentIdOf(c)
  const { rev, ids } = check(contentQuery, c.req.query())
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
  return registry.withRoom(documentId, async room => {
    if (rev === undefined)
      return answer(c, { room, ydoc: room.ydoc, revision: revisionOf(room), format, ids: ids === '1' })
    const ydoc = await room.at(revisionIn(room, rev))
    try {
      return answer(c, { room, ydoc, revision: rev, format, ids: ids === '1', isPinned: true })
    } finally {
      ydoc.destroy()
    }
  })
}

/** The answer to an edit, which says its revision in the header, too. */
export function answerEdit(
  c: Context<AppEnv>,
  { body, rev, isReplayed }: Remembered & { isReplayed: boolean },
): Response {
  if (rev !== undefined) c.header('document-revision', rev)
  if (isReplayed) c.header('idempotency-replayed', 'true')
  c.header('content-type', 'application/json')
  return c.body(body)
}

/** `<epoch>.<rev>`: which state, in which timeline; the form that knows of no format. */
export function revisionOf(room: Room): string {
  return `${room.epoch}.${room.revision}`
}

/**
 * What a PUT expects of the document: `If-Match` with an entity tag or a revision, or `*` for whatever is there; or `Merge-Base` with the
 * revision that the body was made from.
 * @throws SheafError `precondition-required`, `invalid-field`.
 */
function preconditionsOf(c: Context<AppEnv>): Omit<EditOrder, 'edits'> {
  const ifMatch = c.req.header('if-match')?.trim()
  const mergeBase = c.req.header('merge-base')?.trim()
  const order = { mode: 'apply', onStale: 'merge', ifBusy: 'apply' } as const
  if (mergeBase !== undefined) {
    const detail = 'Merge-Base: a revision, as Document-Revision says it.'
    if (!revisionText.safeParse(mergeBase).success) {
      throw new SheafError('invalid-field', detail, { details: { field: 'Merge-Base' } })
    }
    return { ...order, base: mergeBase }
  }
  if (ifMatch === undefined) {
    throw new SheafError(
      'precondition-required',
      'Say which revision the body was made from: Merge-Base: <Document-Revision> merges it with what was written since, If-Match: <ETag> refuses it then.',
    )
  }
  if (ifMatch === '*') return order
  const revision = /^"?([0-9A-Za-z]{8}\.\d{1,15})(?:\.\w+)?"?$/.exec(ifMatch)?.[1]
  if (revision === undefined)
    throw new SheafError('precondition-failed', 'If-Match names no state of this document; read it again.')
  return { ...order, only: revision }
}

function editsOf(contentType: string, body: Uint8Array): Edit[] {
  const target = { document: 'all' } as const
  const text = new TextDecoder().decode(body)
  if (contentType.startsWith('text/markdown')) return [{ op: 'replaceBlock', target, markdown: text }]
  if (contentType.startsWith('text/html')) return [{ op: 'replaceBlock', target, html: text }]
  const { title, doc } = parseJson(body, jsonBody)
  const edit: Edit = { op: 'replaceBlock', target, json: doc }
  return title === undefined ? [edit] : [edit, { op: 'setTitle', text: title }]
}

interface Answered {
  readonly room: Room
  readonly ydoc: Y.Doc
  readonly revision: string
  readonly format: Format
  readonly ids: boolean
  /** What was asked for can never be another one. */
  readonly isPinned?: boolean
}

function answer(c: Context<AppEnv>, { room, ydoc, revision, format, ids, isPinned = false }: Answered): Response {
  const etag = `"${revision}.${format.tag}${ids ? '-ids' : ''}"`
  c.header('etag', etag)
  c.header('vary', 'accept, authorization, cookie')
  c.header('cache-control', isPinned ? 'private, max-age=31536000, immutable' : 'no-cache')
  c.header('content-location', `/api/v1/documents/${room.documentId}/content?rev=${revision}`)
  c.header('document-revision', revision)
  if (matches(c.req.header('if-none-match'), etag)) return c.body(null, 304)
  const content = format.write(ydoc, { revision, ids })
  const encoded = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const type = format.type.startsWith('text/') ? `${format.type}; charset=utf-8` : format.type
  const response = bytes(c, room, encoded, type)
  response.headers.set('document-revision', revision)
  return response
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

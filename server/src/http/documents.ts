// The documents of /api/v1: list, make, look at, name, throw away, take back. Every change enters through the registry and its
// rooms, the same doors that sockets use, and is on disk before a 2xx is sent. Content is in content.ts.

import { readTitle, seedUpdate, summarize } from '@sheaf/model'
import { isDocumentId, newDocumentId, SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import * as Y from 'yjs'
import { z } from 'zod'
import type { Registry } from '../room/registry.ts'
import type { DocumentRecord, DocumentStore } from '../store/store.ts'
import { check, readJson } from './body.ts'
import { type AppEnv, methods } from './routes.ts'

export interface DocumentsOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly maxRequestBytes: number
}

/** A document as the API shows it. Times are RFC 3339, UTC. */
export interface DocumentResource {
  readonly id: string
  readonly title: string
  readonly snippet: string
  readonly layout: string
  readonly createdAt: string
  readonly updatedAt: string
  /** Present while it is in the trash. */
  readonly deletedAt?: string
  /** Updates accepted so far. */
  readonly revision: number
  /** Where people open it. */
  readonly url: string
}

/** Every line becomes a block; more of them at once would hold up everybody else. */
const maxLines = 10_000

const title = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'A title is one line without control characters')
const text = z.string().refine(value => value.split('\n', maxLines + 1).length <= maxLines, `At most ${maxLines} lines`)
const createFields = z.strictObject({ title: title.optional(), text: text.optional() })
const patchFields = z.strictObject({ title: title.optional() })
const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
  sort: z.enum(['updated', 'id']).default('updated'),
  q: z.string().max(500).optional(),
  trashed: z.enum(['true', 'false']).default('false'),
})

export function documentRoutes(options: DocumentsOptions): Hono<AppEnv> {
  const { store, registry, maxRequestBytes } = options
  const app = new Hono<AppEnv>()

  methods(app, '/documents', {
    GET: async c => {
      const query = check(listQuery, c.req.query())
      const page = await store.list({
        limit: query.limit,
        sort: query.sort,
        trashed: query.trashed === 'true',
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
        ...(query.q === undefined || query.q === '' ? {} : { titleContains: query.q }),
      })
      if (page.next !== undefined) c.header('link', `<${nextUrl(c, page.next)}>; rel="next"`)
      const items = page.items.map(record => toResource(record, c))
      return c.json(page.next === undefined ? { items } : { items, next: page.next })
    },
    POST: async c => {
      const fields = await readJson(c.req.raw, { schema: createFields, maxBytes: maxRequestBytes })
      return created(c, await create(registry, newDocumentId(), fields))
    },
  })

  methods(app, '/documents/:id', {
    GET: async c => c.json(toResource(await requireRecord(store, documentIdOf(c)), c)),
    PUT: async c => {
      const documentId = documentIdOf(c)
      if (c.req.header('if-none-match')?.trim() !== '*') {
        throw new SheafError(
          'precondition-required',
          'A PUT creates a document that does not exist; say so with the header If-None-Match: *.',
        )
      }
      const hasBody = c.req.header('content-type') !== undefined
      const fields = hasBody ? await readJson(c.req.raw, { schema: createFields, maxBytes: maxRequestBytes }) : {}
      return created(c, await create(registry, documentId, fields))
    },
    PATCH: async c => {
      const documentId = documentIdOf(c)
      const mediaTypes = ['application/merge-patch+json', 'application/json']
      const fields = await readJson(c.req.raw, { schema: patchFields, maxBytes: maxRequestBytes, mediaTypes })
      const record = await requireRecord(store, documentId)
      if (fields.title === undefined) return c.json(toResource(record, c))
      if (record.layout === 'raw') {
        throw new SheafError(
          'invalid-field',
          '/title: another editor wrote this document, and only it knows its title.',
          {
            details: { field: '/title' },
          },
        )
      }
      await rename(options, documentId, fields.title)
      return c.json(toResource(await requireRecord(store, documentId), c))
    },
    DELETE: async c => {
      const documentId = documentIdOf(c)
      await requireRecord(store, documentId)
      await registry.trash(documentId)
      return c.body(null, 204)
    },
  })

  methods(app, '/documents/:id/restore', {
    POST: async c => {
      const documentId = documentIdOf(c)
      if ((await store.find(documentId)) === undefined) throw new SheafError('not-found')
      await registry.restore(documentId)
      return c.json(toResource(await requireRecord(store, documentId), c))
    },
  })

  return app
}

/** @throws SheafError `not-found` for what can be no document id. */
export function documentIdOf(c: Context<AppEnv>): string {
  const documentId = c.req.param('id') ?? ''
  if (!isDocumentId(documentId)) {
    throw new SheafError(
      'malformed',
      'A document id is 1 to 128 of A-Z a-z 0-9 . _ ~ - and begins with a letter or digit.',
    )
  }
  return documentId
}

/** @throws SheafError `not-found`, or `document-deleted` while it is in the trash. */
export async function requireRecord(store: DocumentStore, documentId: string): Promise<DocumentRecord> {
  const record = await store.find(documentId)
  if (record === undefined) throw new SheafError('not-found')
  if (record.deletedMs !== undefined) {
    throw new SheafError('document-deleted', 'The document is in the trash; POST to its /restore takes it back.')
  }
  return record
}

/** Makes a `sheaf` document that has its first marker from its first row on, so that no client ever has to make one. */
function create(registry: Registry, documentId: string, fields: z.infer<typeof createFields>): Promise<DocumentRecord> {
  const seed = seedUpdate({
    ...(fields.title === undefined ? {} : { title: fields.title }),
    ...(fields.text === undefined ? {} : { text: fields.text }),
  })
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, seed)
  const summary = summarize(ydoc)
  ydoc.destroy()
  return registry.create(documentId, { updates: [seed], ...summary })
}

async function rename({ store, registry }: DocumentsOptions, documentId: string, newTitle: string): Promise<void> {
  await registry.withRoom(documentId, async room => {
    if (readTitle(room.ydoc) === newTitle) return
    const { revision } = await room.edit('api', ydoc => writeTitle(ydoc, newTitle))
    // Lists follow edits after a while; who has just named a document sees the name at once.
    await store.putSummary(documentId, { ...summarize(room.ydoc), revision })
  })
}

/** Replaces what differs between the common beginning and the common end, so that what somebody else types stays. */
function writeTitle(ydoc: Y.Doc, newTitle: string): void {
  const text = ydoc.getText('title')
  const before = [...text.toString()]
  const after = [...newTitle]
  let start = 0
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start += 1
  let end = 0
  const limit = Math.min(before.length, after.length) - start
  while (end < limit && before.at(-1 - end) === after.at(-1 - end)) end += 1
  const at = before.slice(0, start).join('').length
  text.delete(at, before.slice(start, before.length - end).join('').length)
  text.insert(at, after.slice(start, after.length - end).join(''))
}

function created(c: Context<AppEnv>, record: DocumentRecord): Response {
  return c.json(toResource(record, c), 201, { location: `/api/v1/documents/${record.documentId}` })
}

function toResource(record: DocumentRecord, c: Context<AppEnv>): DocumentResource {
  return {
    id: record.documentId,
    title: record.summary.title,
    snippet: record.summary.snippet,
    layout: record.layout,
    createdAt: new Date(record.createdMs).toISOString(),
    updatedAt: new Date(record.updatedMs).toISOString(),
    ...(record.deletedMs === undefined ? {} : { deletedAt: new Date(record.deletedMs).toISOString() }),
    revision: record.revision,
    url: `http://${c.get('host')}/d/${record.documentId}`,
  }
}

function nextUrl(c: Context<AppEnv>, cursor: string): string {
  const query = new URLSearchParams(c.req.query())
  query.set('cursor', cursor)
  return `/api/v1/documents?${query}`
}

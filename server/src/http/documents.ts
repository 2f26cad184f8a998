// The documents of /api/v1: list, make, look at, name, put into folders, star, throw away, take back. Every change enters through the registry and its
// rooms, the same doors that sockets use, and is on disk before a 2xx is sent. Content is in content.ts.

import { readTitle, summarize } from '@sheaf/model'
import { writeTitle } from '@sheaf/model/edits'
import { isDocumentId, newDocumentId, presenceColor, SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import * as Y from 'yjs'
import { z } from 'zod'
import type { Identity } from '../accounts/authority.ts'
import type { Folders } from '../accounts/folders.ts'
import type { Personal } from '../accounts/personal.ts'
import type { Search } from '../accounts/search.ts'
import { goneMs, type Trash } from '../accounts/trash.ts'
import type { Convert } from '../exchange/converter.ts'
import type { Registry } from '../room/registry.ts'
import type { Room } from '../room/room.ts'
import { addAsset, listAssets } from '../store/assets.ts'
import type { RecordPut } from '../store/records.ts'
import type { DocumentRecord, DocumentStore } from '../store/store.ts'
import { type Beginning, copyOf, emptyBeginning, folder, readBeginning, title } from './beginnings.ts'
import { check, expectMediaType, parseJson, readBytes, readJson } from './body.ts'
import { revisionIn, revisionText } from './edit-fields.ts'
import type { Idempotency, Remembered } from './idempotency.ts'
import { type Asker, listFields, listPage } from './listing.ts'
import { type AppEnv, authorize, methods } from './routes.ts'

export interface DocumentsOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly folders: Folders
  readonly personal: Personal
  readonly trash: Trash
  readonly search: Search
  readonly idempotency: Idempotency
  readonly convert: Convert
  readonly asker: (c: Context<AppEnv>) => Asker
  readonly maxRequestBytes: number
  readonly maxContentBytes: number
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
  /** When it will be gone for good; present while it is in the trash. */
  readonly goneAt?: string
  /** The folder that it lies in; null: in none. */
  readonly folder: string | null
  /** By who asks. */
  readonly starred: boolean
  /** Who has it open now, at most eight; absent when nobody has. */
  readonly people?: readonly Person[]
  /** Updates accepted so far. */
  readonly revision: number
  /** Where people open it. */
  readonly url: string
}

/** As they say themselves. */
export interface Person {
  readonly name: string
  /** 1..12 */
  readonly color: number
}

const maxPeople = 8

export const duplicateFields = z.strictObject({
  title: title.optional(),
  folder,
  /** Of which revision; absent: the newest. */
  rev: revisionText.optional(),
})
export const patchFields = z.strictObject({ title: title.optional(), folder })
export const deleteQuery = z.strictObject({ permanent: z.enum(['true', 'false']).default('false') })

export function documentRoutes(options: DocumentsOptions): Hono<AppEnv> {
  const { store, registry, folders, personal, trash, idempotency, asker, maxRequestBytes } = options
  const app = new Hono<AppEnv>()
  const resource = async (c: Context<AppEnv>, record: DocumentRecord): Promise<DocumentResource> => {
    const { folder } = await folders.placementOf(record.documentId)
    const starred = await personal.isStarred(asker(c).id, record.documentId)
    return toResource(record, c, { folder, starred, people: peopleIn(options.registry, record.documentId) })
  }
  const created = async (c: Context<AppEnv>, record: DocumentRecord): Promise<Response> =>
    c.json(await resource(c, record), 201, { location: `/api/v1/documents/${record.documentId}` })
  /** Under the caller's key it is made once; who asks again is told of that one, as it is by then. */
  const createOnce = async (
    c: Context<AppEnv>,
    fingerprint: readonly (string | Uint8Array)[],
    documentId: string,
    make: (records: readonly RecordPut[]) => Promise<DocumentRecord>,
  ): Promise<Response> => {
    const request = { principal: c.get('identity').principal, key: c.req.header('idempotency-key'), fingerprint }
    const answer: Remembered = { status: 201, body: JSON.stringify({ id: documentId }) }
    const { body, isReplayed } = await idempotency.run(request, async remember => {
      await make(remember(answer))
      return { answer, isKept: true }
    })
    if (isReplayed) c.header('idempotency-replayed', 'true')
    const { id } = JSON.parse(body) as { id: string }
    return created(c, await requireRecord(store, id))
  }

  methods(app, '/documents', {
    GET: async c => {
      const page = await listPage(options, check(listFields, c.req.query()), asker(c))
      if (page.next !== undefined) c.header('link', `<${nextUrl(c, page.next)}>; rel="next"`)
      const items = await Promise.all(page.items.map(record => resource(c, record)))
      return c.json(page.next === undefined ? { items } : { items, next: page.next })
    },
    POST: async c => {
      const documentId = newDocumentId()
      const beginning = await readBeginning(c, documentId, options)
      // A body may take its time; meanwhile the right may have gone.
      await authorize(c, 'POST /documents')
      const type = c.req.header('content-type') ?? ''
      const query = new URL(c.req.url).search
      return createOnce(c, ['POST documents', type, query, beginning.bytes], documentId, records =>
        create(c, options, documentId, beginning, records),
      )
    },
  })

  methods(app, '/documents/:id', {
    GET: async c => c.json(await resource(c, await requireRecord(store, documentIdOf(c)))),
    PUT: async c => {
      const documentId = documentIdOf(c)
      if (c.req.header('if-none-match')?.trim() !== '*') {
        throw new SheafError(
          'precondition-required',
          'A PUT creates a document that does not exist; say so with the header If-None-Match: *.',
        )
      }
      const hasBody = c.req.header('content-type') !== undefined
      const beginning = hasBody ? await readBeginning(c, documentId, options) : emptyBeginning()
      await authorize(c, 'PUT /documents/:id')
      return created(c, await create(c, options, documentId, beginning))
    },
    PATCH: async c => {
      const documentId = documentIdOf(c)
      const mediaTypes = ['application/merge-patch+json', 'application/json']
      const fields = await readJson(c.req.raw, { schema: patchFields, maxBytes: maxRequestBytes, mediaTypes })
      const record = await requireRecord(store, documentId)
      const access = c.get('access')
      // In another folder other people may see it.
      if (fields.folder !== undefined) await access.authorize(c.get('identity'), 'manage', documentId)
      if (fields.title !== undefined) await rename(options, record, fields.title, c.get('identity'))
      if (fields.folder !== undefined) {
        await folders.put(documentId, fields.folder)
        access.authority.changed({ target: documentId })
      }
      return c.json(await resource(c, await requireRecord(store, documentId)))
    },
    DELETE: async c => {
      const documentId = documentIdOf(c)
      if (check(deleteQuery, c.req.query()).permanent === 'true') {
        c.set('audit', { fields: { forGood: true } })
        await trash.deleteForGood(documentId)
      } else {
        await requireRecord(store, documentId)
        await trash.throwAway(documentId)
      }
      return c.body(null, 204)
    },
  })

  methods(app, '/documents/:id/restore', {
    POST: async c => {
      const documentId = documentIdOf(c)
      if ((await store.find(documentId)) === undefined) throw new SheafError('not-found')
      await trash.takeBack(documentId)
      options.search.changed(documentId)
      return c.json(await resource(c, await requireRecord(store, documentId)))
    },
  })

  methods(app, '/documents/:id/duplicate', {
    POST: async c => {
      const from = documentIdOf(c)
      const hasBody = c.req.header('content-type') !== undefined
      if (hasBody) expectMediaType(c.req.raw, ['application/json'])
      const bytes = await readBytes(c.req.raw, maxRequestBytes)
      const fields = bytes.byteLength === 0 ? {} : parseJson(bytes, duplicateFields)
      // A copy is a new document, and whoever reads the old one may not be somebody who makes some.
      await authorize(c, 'POST /documents/:id/duplicate')
      await authorize(c, 'POST /documents')
      const { layout } = await requireRecord(store, from)
      const to = newDocumentId()
      return createOnce(c, ['POST duplicate', from, bytes], to, async records => {
        const state = await registry.withRoom(from, room => stateAt(room, fields.rev))
        for (const asset of await listAssets(store.records, from)) await addAsset(store.records, to, asset)
        const content = copyOf(state, { from, to, title: fields.title, isRaw: layout === 'raw' })
        return create(c, options, to, { folder: fields.folder ?? null, content }, records)
      })
    },
  })

  methods(app, '/documents/:id/star', {
    PUT: async c => {
      const { documentId } = await requireRecord(store, documentIdOf(c))
      await personal.star(asker(c).id, documentId)
      return c.body(null, 204)
    },
    DELETE: async c => {
      await personal.unstar(asker(c).id, documentIdOf(c))
      return c.body(null, 204)
    },
  })

  methods(app, '/documents/:id/visit', {
    PUT: async c => {
      const { documentId } = await requireRecord(store, documentIdOf(c))
      await personal.visit(asker(c).id, documentId)
      return c.body(null, 204)
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

/**
 * Makes a document. What the server writes has its first marker from its first row on, so that no client ever has to make one.
 * @throws SheafError `already-exists`; `not-found` when there is no such folder.
 */
async function create(
  c: Context<AppEnv>,
  { store, registry, folders, search }: DocumentsOptions,
  documentId: string,
  { folder, content }: Omit<Beginning, 'bytes'>,
  records: readonly RecordPut[] = [],
): Promise<DocumentRecord> {
  // Refused before there is a document; one whose folder goes at this very moment lies in none.
  if (folder !== null) await folders.below(folder)
  const identity = c.get('identity')
  await c.get('access').claim(identity, documentId, async () => (await store.find(documentId)) !== undefined)
  const record = await registry.create(documentId, content, records)
  await folders.adopt(documentId, { folder, owner: identity.principal })
  search.changed(documentId)
  return record
}

async function rename(
  { store, registry, search }: DocumentsOptions,
  record: DocumentRecord,
  newTitle: string,
  { principal }: Identity,
): Promise<void> {
  const { documentId } = record
  if (record.layout === 'raw') {
    const detail = '/title: another editor wrote this document, and only it knows its title.'
    throw new SheafError('invalid-field', detail, { details: { field: '/title' } })
  }
  await registry.withRoom(documentId, async room => {
    if (readTitle(room.ydoc) === newTitle) return
    const { revision } = await room.edit('api', ydoc => writeTitle(ydoc, newTitle), { principal })
    // Lists follow edits after a while; who has just named a document sees the name at once.
    await store.putSummary(documentId, { ...summarize(room.ydoc), revision })
    search.changed(documentId)
  })
}

/** All that a document holds, as one Yjs update. @throws RequestError `epoch-mismatch`, and as {@link Room.at}. */
async function stateAt(room: Room, rev: string | undefined): Promise<Uint8Array> {
  if (rev === undefined) return Y.encodeStateAsUpdate(room.ydoc)
  const ydoc = await room.at(revisionIn(room, rev))
  const state = Y.encodeStateAsUpdate(ydoc)
  ydoc.destroy()
  return state
}

/** What a document is to who asks. */
interface Standing {
  readonly folder: string | null
  readonly starred: boolean
  readonly people: readonly Person[]
}

function toResource(
  record: DocumentRecord,
  c: Context<AppEnv>,
  { folder, starred, people }: Standing,
): DocumentResource {
  const gone = goneMs(record)
  return {
    id: record.documentId,
    title: record.summary.title,
    snippet: record.summary.snippet,
    layout: record.layout,
    createdAt: timeOf(record.createdMs),
    updatedAt: timeOf(record.updatedMs),
    ...(record.deletedMs === undefined ? {} : { deletedAt: timeOf(record.deletedMs) }),
    ...(gone === undefined ? {} : { goneAt: timeOf(gone) }),
    folder,
    starred,
    ...(people.length === 0 ? {} : { people }),
    revision: record.revision,
    url: `${c.get('origin')}/d/${record.documentId}`,
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

/** Who shows themself in a document; two tabs of one person are one. Anybody may have written it, so it is read with care. */
export function peopleIn(registry: Registry, documentId: string): Person[] {
  const people = new Map<string, Person>()
  for (const state of registry.presenceIn(documentId)) {
    const { user } = (JSON.parse(state) ?? {}) as { user?: unknown }
    if (typeof user !== 'object' || user === null || people.size === maxPeople) continue
    const { id, name, color } = user as Record<string, unknown>
    if (typeof id !== 'string' || typeof name !== 'string' || name === '') continue
    people.set(id, { name: name.slice(0, 64), color: presenceColor(typeof color === 'number' ? color : undefined, id) })
  }
  return [...people.values()]
}

function nextUrl(c: Context<AppEnv>, cursor: string): string {
  const query = new URLSearchParams(c.req.query())
  query.set('cursor', cursor)
  return `/api/v1/documents?${query}`
}

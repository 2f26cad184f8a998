// `GET /documents/:id/changes`: who changed the document, when, and by which way; a row of the log each. What a row says is told by reading
// the revisions before and behind it.

import { Hono } from 'hono'
import { z } from 'zod'
import type { Registry } from '../room/registry.ts'
import type { DocumentStore, UpdateRow } from '../store/store.ts'
import { check } from './body.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { type AppEnv, methods } from './routes.ts'

export interface ChangesOptions {
  readonly store: DocumentStore
  readonly registry: Registry
}

/** One row of the log. */
export interface ChangeResource {
  /** `<epoch>.<revision>` behind it. */
  readonly rev: string
  /** RFC 3339, UTC. */
  readonly at: string
  /** Who; empty for the server itself. */
  readonly by: string
  readonly origin: UpdateRow['origin']
  /** Of a program: the id of its token, and its run. */
  readonly token?: string
  readonly run?: string
}

export const changesQuery = z.strictObject({
  /** The number of a revision: those behind it. */
  after: z.coerce.number().int().min(0).default(0),
  by: z.string().max(200).optional(),
  run: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
})

export function changeRoutes({ store, registry }: ChangesOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  methods(app, '/documents/:id/changes', {
    GET: async c => {
      const documentId = documentIdOf(c)
      const { after, by, run, limit } = check(changesQuery, c.req.query())
      const { number, revision } = await requireRecord(store, documentId)
      const epoch = await registry.withRoom(documentId, room => room.epoch)
      const items: ChangeResource[] = []
      let last = after
      for await (const row of store.readRows(number, after + 1, revision)) {
        if (items.length === limit) break
        last = row.seq
        const change = toChange(row, epoch)
        if ((by === undefined || change.by === by) && (run === undefined || change.run === run)) items.push(change)
      }
      return c.json(last < revision ? { items, next: String(last) } : { items })
    },
  })
  return app
}

export function toChange({ seq, wallTimeMs, principal, session, origin }: UpdateRow, epoch: string): ChangeResource {
  const [token = '', run = ''] = origin === 'api' ? session.split('/') : []
  return {
    rev: `${epoch}.${seq}`,
    at: new Date(wallTimeMs).toISOString(),
    by: principal,
    origin,
    ...(token !== '' && { token }),
    ...(run !== '' && { run }),
  }
}

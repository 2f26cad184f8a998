// `GET /search?q=`: full text over the documents that who asks may see.

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Folders } from '../accounts/folders.ts'
import type { Marked, Search, SearchResult } from '../accounts/search.ts'
import { check } from './body.ts'
import type { Asker } from './listing.ts'
import { type AppEnv, methods } from './routes.ts'

export interface SearchRoutesOptions {
  readonly search: Search
  readonly folders: Folders
  readonly asker: (c: Context<AppEnv>) => Asker
}

/** One document that says it. */
export interface SearchHit {
  readonly id: string
  readonly title: Marked
  /** Where the body says it: the words around, and the id of the block. Null when only the title does. */
  readonly snippet: (Marked & { readonly block: string | null }) | null
  readonly folder: string | null
  readonly updatedAt: string
}

export const searchQuery = z.strictObject({
  q: z.string().trim().min(1).max(500),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** The id of a folder; with those below it. */
  folder: z.string().max(100).optional(),
})

export function searchRoutes({ search, folders, asker }: SearchRoutesOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  methods(app, '/search', {
    GET: async c => {
      const { q: words, limit, folder } = check(searchQuery, c.req.query())
      const inside = folder === undefined ? undefined : new Set((await folders.below(folder)).map(({ id }) => id))
      const results = await search.find({
        words,
        limit,
        sees: asker(c).sees,
        matches: async ({ documentId }) => {
          if (inside === undefined) return true
          const place = await folders.placementOf(documentId)
          return place.folder !== null && inside.has(place.folder)
        },
      })
      return c.json({ items: await Promise.all(results.map(result => toHit(result, folders))) })
    },
  })
  return app
}

async function toHit({ record, title, snippet }: SearchResult, folders: Folders): Promise<SearchHit> {
  const { folder } = await folders.placementOf(record.documentId)
  const updatedAt = new Date(record.updatedMs).toISOString()
  return { id: record.documentId, title, snippet: snippet ?? null, folder, updatedAt }
}

// `GET /documents/:id/authors`: who wrote what came under some Yjs client ids, by their clocks. Names are told to those who have an account;
// a guest learns that two changes are by one person, and not by whom.

import { Hono } from 'hono'
import { z } from 'zod'
import type { Users } from '../accounts/users.ts'
import type { Registry } from '../room/registry.ts'
import { check } from './body.ts'
import { documentIdOf } from './documents.ts'
import { type AppEnv, methods } from './routes.ts'

export interface AuthorsOptions {
  readonly registry: Registry
  readonly users: Users
}

/** The clocks `clock` .. `end`-1 of a client. */
export interface AuthorResource {
  readonly client: number
  readonly clock: number
  readonly end: number
  /** The principal; empty for the server itself. */
  readonly by: string
  /** When the first of it came: RFC 3339, UTC. */
  readonly at: string
}

interface KnownAuthor {
  readonly name: string
  readonly color: number
}

const maxClients = 200
const clientId = /^\d{1,10}$/

export const authorsQuery = z.strictObject({
  /** Client ids, with commas between them. */
  clients: z
    .string()
    .transform(text => text.split(','))
    .pipe(z.array(z.string().regex(clientId, 'is not a client id').transform(Number)).max(maxClients)),
})

export function authorRoutes({ registry, users }: AuthorsOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  methods(app, '/documents/:id/authors', {
    GET: async c => {
      const { clients } = check(authorsQuery, c.req.query())
      const asked = new Set(clients)
      const ranges = (await registry.authorshipOf(documentIdOf(c))).filter(({ client }) => asked.has(client))
      const items: AuthorResource[] = ranges.map(({ client, clock, end, principal, wallTimeMs }) => ({
        client,
        clock,
        end,
        by: principal,
        at: new Date(wallTimeMs).toISOString(),
      }))
      const principals = new Set(c.get('identity').user === undefined ? [] : items.map(({ by }) => by))
      const people: Record<string, KnownAuthor> = {}
      for (const principal of principals) {
        const user = principal.startsWith('user:') ? await users.find(principal.slice('user:'.length)) : undefined
        if (user !== undefined) people[principal] = { name: user.name, color: user.color }
      }
      return c.json({ items, people })
    },
  })
  return app
}

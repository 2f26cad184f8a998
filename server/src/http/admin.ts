// What the owners of a server see of it: how it does, who writes now, every link that anyone could open, and the audit log. Titles of
// documents that an owner has no part in are not told, unless anyone with a link could read them anyway.

import type { Limits } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { AuditEntry } from '../accounts/audit.ts'
import type { Clock } from '../clock.ts'
import type { Registry } from '../room/registry.ts'
import type { DiskUse } from '../store/disk-use.ts'
import type { DocumentStore } from '../store/store.ts'
import type { Access } from './access.ts'
import { check } from './body.ts'
import { peopleIn } from './documents.ts'
import type { Health } from './health.ts'
import type { Asker } from './listing.ts'
import { type AppEnv, methods } from './routes.ts'
import type { Sockets } from './sockets.ts'

export interface AdminOptions {
  readonly access: Access
  readonly store: DocumentStore
  readonly registry: Registry
  readonly sockets: Sockets
  readonly health: Health
  readonly limits: Limits
  readonly clock: Clock
  readonly version: string
  /** Undefined where nothing is on a disk. */
  readonly diskUse: () => Promise<DiskUse | undefined>
  readonly asker: (c: Context<AppEnv>) => Asker
}

const weekMs = 7 * 24 * 60 * 60_000
/** Walking a large directory takes a while, and its size changes slowly. */
const diskUseFreshMs = 60_000
const pageLength = 200
export const auditFields = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** The id of an entry: those before it. */
  before: z.string().max(40).optional(),
})

export function adminRoutes(options: AdminOptions): Hono<AppEnv> {
  const { access, store, registry, sockets, health, limits, clock, version, asker } = options
  const { users, sharing, audit } = access.authority
  const app = new Hono<AppEnv>()
  const startedMs = clock.nowMs()
  let disk: { readonly atMs: number; readonly use: Promise<DiskUse | undefined> } | undefined

  function diskUse(): Promise<DiskUse | undefined> {
    const nowMs = clock.monotonicMs()
    if (disk === undefined || nowMs - disk.atMs > diskUseFreshMs) disk = { atMs: nowMs, use: options.diskUse() }
    return disk.use
  }

  async function documentCounts() {
    const sinceMs = clock.nowMs() - weekMs
    let [all, lately] = [0, 0]
    for (let cursor: string | undefined; ; ) {
      const page = await store.list({ sort: 'id', limit: pageLength, ...(cursor !== undefined && { cursor }) })
      all += page.items.length
      lately += page.items.filter(({ createdMs }) => createdMs > sinceMs).length
      cursor = page.next
      if (cursor === undefined) return { all, lately }
    }
  }

  /** By id; those that are gone are left out. */
  async function titlesOf(documentIds: readonly string[]): Promise<Map<string, string>> {
    const records = await store.findMany([...new Set(documentIds)].sort())
    return new Map(records.map(({ documentId, summary }) => [documentId, summary.title]))
  }

  /** Who stands behind principals and ids, as far as they have an account. */
  async function namesOf(userIds: readonly (string | undefined)[]): Promise<Map<string, string>> {
    const wanted = [...new Set(userIds.filter(userId => userId !== undefined))]
    const known = await Promise.all(wanted.map(userId => users.find(userId)))
    return new Map(known.flatMap(user => (user === undefined ? [] : [[user.userId, user.name] as const])))
  }

  methods(app, '/admin/overview', {
    GET: async c => {
      const [readiness, everybody, documents, use] = await Promise.all([
        health.readiness(),
        users.list(),
        documentCounts(),
        diskUse(),
      ])
      return c.json({
        version,
        startedAt: timeOf(startedMs),
        health: readiness,
        people: { all: everybody.length, disabled: everybody.filter(user => user.disabledMs !== undefined).length },
        documents: { ...documents, open: registry.openDocuments },
        sockets: sockets.size,
        ...(use !== undefined && { storage: use }),
        limits,
      })
    },
  })

  methods(app, '/admin/live', {
    GET: async c => {
      const { sees } = asker(c)
      const open = registry.occupied()
      const titles = await titlesOf(open.map(({ documentId }) => documentId))
      const items = open.map(async ({ documentId, sockets }) => ({
        id: documentId,
        title: (await sees(documentId)) ? (titles.get(documentId) ?? '') : null,
        sockets,
        people: peopleIn(registry, documentId),
      }))
      return c.json({ items: await Promise.all(items) })
    },
  })

  methods(app, '/admin/links', {
    GET: async c => {
      const links = await sharing.openLinks()
      const titles = await titlesOf(links.map(({ target }) => target))
      return c.json({
        items: links.flatMap(({ target, share: { reachRole, link } }) => {
          const title = titles.get(target)
          if (title === undefined || link === undefined) return []
          const { passwordHash, untilMs } = link
          return [
            {
              id: target,
              title,
              role: reachRole,
              hasPassword: passwordHash !== undefined,
              ...(untilMs !== undefined && { untilAt: timeOf(untilMs) }),
            },
          ]
        }),
      })
    },
  })

  methods(app, '/admin/audit', {
    GET: async c => {
      const { limit, before } = check(auditFields, c.req.query())
      const entries = await audit.list({ limit, ...(before !== undefined && { before }) })
      const { sees } = asker(c)
      const titles = await titlesOf(entries.flatMap(({ target }) => target ?? []))
      const names = await namesOf(entries.flatMap(({ principal, userId }) => [userIdOf(principal), userId]))
      const shown = entries.map(async (entry: AuditEntry) => {
        const { auditId, atMs, act, principal, address, target, userId, fields } = entry
        const by = names.get(userIdOf(principal) ?? '')
        const whom = names.get(userId ?? '')
        const title = target !== undefined && (await sees(target)) ? titles.get(target) : undefined
        return {
          id: auditId,
          at: timeOf(atMs),
          act,
          principal,
          ...(by !== undefined && { by }),
          address,
          ...(target !== undefined && { target }),
          ...(title !== undefined && { title }),
          ...(userId !== undefined && { userId }),
          ...(whom !== undefined && { whom }),
          ...(fields !== undefined && { fields }),
        }
      })
      const isLast = entries.length < limit
      return c.json({ items: await Promise.all(shown), ...(!isLast && { next: entries.at(-1)!.auditId }) })
    },
  })

  return app
}

function userIdOf(principal: string): string | undefined {
  return principal.startsWith('user:') ? principal.slice('user:'.length) : undefined
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

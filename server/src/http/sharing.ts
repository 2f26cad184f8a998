// Who may what with a document, over HTTP: people with roles, how far it reaches, its link, and requests for access. The secret of a link
// comes in a body, once, and becomes a note in a session: it is in no address and in no log.

import { SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Folders } from '../accounts/folders.ts'
import { folderTarget, maxMessageLength, type Share } from '../accounts/sharing.ts'
import type { User } from '../accounts/users.ts'
import { maxPasswordLength } from '../auth/passwords.ts'
import { Throttle } from '../auth/throttle.ts'
import type { Clock } from '../clock.ts'
import type { DocumentStore } from '../store/store.ts'
import type { Access } from './access.ts'
import { addressOf, toPerson, userOf } from './accounts.ts'
import { readJson } from './body.ts'
import { sessionCookie } from './cookies.ts'
import { documentIdOf } from './documents.ts'
import { type AppEnv, methods } from './routes.ts'

export interface SharingOptions {
  readonly access: Access
  readonly store: DocumentStore
  readonly folders: Folders
  readonly clock: Clock
  /** People reach the server through TLS only. */
  readonly isSecure: boolean
}

const reachRole = z.enum(['viewer', 'commenter', 'editor'])
export const reachFields = z.strictObject({
  reach: z.enum(['restricted', 'members', 'anyone']).optional(),
  role: reachRole.optional(),
  password: z.string().min(4).max(maxPasswordLength).nullable().optional(),
  /** RFC 3339; null: it does not end. */
  untilAt: z.iso.datetime({ offset: true }).nullable().optional(),
})
export const personFields = z.strictObject({ role: z.enum(['viewer', 'commenter', 'editor', 'owner']) })
/** A folder has no link, and nobody who owns it. */
export const folderReachFields = z.strictObject({
  reach: z.enum(['restricted', 'members']).optional(),
  role: reachRole.optional(),
})
export const folderPersonFields = z.strictObject({ role: reachRole })
export const linkFields = z.strictObject({
  secret: z.string().max(100),
  password: z.string().max(maxPasswordLength).optional(),
})
export const requestFields = z.strictObject({
  role: reachRole.default('editor'),
  message: z.string().max(maxMessageLength).default(''),
})

export function sharingRoutes({ access, store, folders, clock, isSecure }: SharingOptions): Hono<AppEnv> {
  const { sharing, sessions, users } = access.authority
  const guesses = new Throttle({ clock })
  const links = new Throttle({ clock, attempts: 60 })
  const app = new Hono<AppEnv>()
  const read = <S extends z.ZodType>(c: Context<AppEnv>, schema: S) =>
    readJson(c.req.raw, { schema, maxBytes: 16 * 1024 })

  async function shown(c: Context<AppEnv>, share: Share) {
    const documentId = documentIdOf(c)
    const people = await peopleOf(share)
    const role = await access.authority.roleOf(c.get('identity'), documentId)
    const requests = role === 'owner' ? await requestsOf(documentId) : []
    const { link } = share
    return {
      role,
      people,
      requests,
      reach: share.reach,
      reachRole: share.reachRole,
      hasPassword: link?.passwordHash !== undefined,
      ...(link?.untilMs !== undefined && { untilAt: new Date(link.untilMs).toISOString() }),
      inherited: await inheritedIn((await folders.placementOf(documentId)).folder),
    }
  }

  /** What a folder and those around it give to all that lies in them, the nearest first. */
  async function inheritedIn(folderId: string | null) {
    const path = [...(await folders.pathOf(folderId))].reverse()
    const given = await Promise.all(
      path.map(async ({ id, name }) => {
        const { people, reach, reachRole } = await sharing.find(folderTarget(id))
        return { folder: { id, name }, people: await peopleOf({ people }), reach, reachRole }
      }),
    )
    return given.filter(({ people, reach }) => people.length > 0 || reach !== 'restricted')
  }

  async function peopleOf(share: Pick<Share, 'people'>) {
    const known = await Promise.all(Object.keys(share.people).map(userId => users.find(userId)))
    return known.flatMap(user => (user === undefined ? [] : [{ ...toPerson(user), role: share.people[user.userId]! }]))
  }

  /** What everything in a folder inherits: people with roles, and what everybody with an account may do. */
  async function shownOfFolder(c: Context<AppEnv>, share: Share) {
    const path = await folders.pathOf(c.req.param('id') ?? '')
    const inherited = await inheritedIn(path.at(-2)?.id ?? null)
    return { people: await peopleOf(share), reach: share.reach, reachRole: share.reachRole, inherited }
  }

  /** @throws SheafError `not-found`. */
  async function folderOf(c: Context<AppEnv>): Promise<string> {
    const folderId = c.req.param('id') ?? ''
    if ((await folders.pathOf(folderId)).length === 0) throw new SheafError('not-found', 'There is no such folder.')
    return folderTarget(folderId)
  }

  async function requestsOf(documentId: string) {
    const asked = await sharing.requests(documentId)
    const known = await Promise.all(asked.map(({ userId }) => users.find(userId)))
    return asked.flatMap(({ role, message }, i) => {
      const user: User | undefined = known[i]
      return user === undefined || user.disabledMs !== undefined ? [] : [{ person: toPerson(user), role, message }]
    })
  }

  methods(app, '/documents/:id/sharing', {
    GET: async c => c.json(await shown(c, await sharing.find(documentIdOf(c)))),
    PATCH: async c => {
      const { reach, role, password, untilAt } = await read(c, reachFields)
      c.set('audit', {
        fields: {
          ...(reach !== undefined && { reach }),
          ...(role !== undefined && { role }),
          ...(password !== undefined && { hasPassword: password !== null }),
          ...(untilAt !== undefined && { untilAt }),
        },
      })
      const share = await sharing.changeReach(documentIdOf(c), {
        ...(reach !== undefined && { reach }),
        ...(role !== undefined && { reachRole: role }),
        ...(password !== undefined && { password }),
        ...(untilAt !== undefined && { untilMs: untilAt === null ? null : Date.parse(untilAt) }),
      })
      return c.json(await shown(c, share))
    },
  })

  methods(app, '/documents/:id/sharing/people/:user', {
    PUT: async c => {
      const { role } = await read(c, personFields)
      c.set('audit', { fields: { role } })
      const user = await users.find(c.req.param('user') ?? '')
      if (user === undefined) throw new SheafError('not-found', 'There is no such account.')
      return c.json(await shown(c, await sharing.give(documentIdOf(c), user.userId, role)))
    },
    DELETE: async c => c.json(await shown(c, await sharing.give(documentIdOf(c), c.req.param('user') ?? '', 'none'))),
  })

  methods(app, '/folders/:id/sharing', {
    GET: async c => c.json(await shownOfFolder(c, await sharing.find(await folderOf(c)))),
    PATCH: async c => {
      const { reach, role } = await read(c, folderReachFields)
      c.set('audit', { fields: { ...(reach !== undefined && { reach }), ...(role !== undefined && { role }) } })
      const fields = { ...(reach !== undefined && { reach }), ...(role !== undefined && { reachRole: role }) }
      return c.json(await shownOfFolder(c, await sharing.changeReach(await folderOf(c), fields)))
    },
  })

  methods(app, '/folders/:id/sharing/people/:user', {
    PUT: async c => {
      const { role } = await read(c, folderPersonFields)
      c.set('audit', { fields: { role } })
      const user = await users.find(c.req.param('user') ?? '')
      if (user === undefined) throw new SheafError('not-found', 'There is no such account.')
      return c.json(await shownOfFolder(c, await sharing.give(await folderOf(c), user.userId, role)))
    },
    DELETE: async c =>
      c.json(await shownOfFolder(c, await sharing.give(await folderOf(c), c.req.param('user') ?? '', 'none'))),
  })

  methods(app, '/documents/:id/sharing/secrets', {
    POST: async c => {
      const documentId = documentIdOf(c)
      const secret = await sharing.newLinkSecret(documentId)
      return c.json({ url: `${c.get('origin')}/d/${documentId}#key=${secret}` }, 201)
    },
  })

  methods(app, '/documents/:id/link', {
    POST: async c => {
      const documentId = documentIdOf(c)
      const { secret, password } = await read(c, linkFields)
      links.take([addressOf(c)])
      c.set('audit', { isTried: password !== undefined })
      if (password !== undefined) guesses.take([`address ${addressOf(c)}`, `document ${documentId}`])
      const opened = await sharing.openLink(documentId, secret, password)
      let { signedIn } = c.get('identity')
      if (signedIn === undefined) {
        const begun = await sessions.begin({ agent: c.req.header('user-agent') ?? '' })
        signedIn = begun.signedIn
        c.set('audit', { principal: `guest:${signedIn.sessionId}` })
        c.header('set-cookie', sessionCookie(begun.token, isSecure), { append: true })
      }
      await sessions.open(signedIn, documentId, opened)
      return c.body(null, 204)
    },
  })

  methods(app, '/documents/:id/requests', {
    POST: async c => {
      const documentId = documentIdOf(c)
      const { role, message } = await read(c, requestFields)
      const { userId } = userOf(c)
      c.set('audit', { fields: { role } })
      guesses.take([`request ${userId}`])
      const exists = async () => (await store.find(documentId)) !== undefined
      await sharing.request(documentId, { userId, role, message: message.replace(/\p{Cc}/gu, ' ') }, exists)
      return c.body(null, 202)
    },
  })

  methods(app, '/documents/:id/requests/:user', {
    DELETE: async c => {
      await sharing.decline(documentIdOf(c), c.req.param('user') ?? '')
      return c.body(null, 204)
    },
  })

  return app
}

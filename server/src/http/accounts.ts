// Accounts over HTTP: who I am, set-up, signing in and out, sessions, invitations, resets, people. Secrets come in bodies, never in
// addresses; no answer tells whether there is an account of a name.

import { type Limits, SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Identity } from '../accounts/authority.ts'
import type { Mailer } from '../accounts/mail.ts'
import { resetMail } from '../accounts/mail-words.ts'
import type { Sessions, SignedIn } from '../accounts/sessions.ts'
import { loginKey, type User } from '../accounts/users.ts'
import type { OpenIdProvider } from '../auth/oidc.ts'
import { Throttle } from '../auth/throttle.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Access } from './access.ts'
import { readJson } from './body.ts'
import { sessionCookie, sessionTokenOf } from './cookies.ts'
import { openPrincipal } from './device.ts'
import { type AppEnv, methods } from './routes.ts'
import { toToken } from './tokens.ts'

export interface AccountsOptions {
  readonly access: Access
  readonly clock: Clock
  readonly log: Log
  readonly limits: Limits
  /** People reach the server through TLS only. */
  readonly isSecure: boolean
  /** With whose accounts people sign in, too; undefined: with their own passwords only. */
  readonly provider: OpenIdProvider | undefined
  /** Undefined: the server sends no mail. */
  readonly mailer: Mailer | undefined
  /** Where people reach the server, when that is known. */
  readonly publicUrl: URL | undefined
}

const maxTextLength = 1_000
const text = z.string().max(maxTextLength)
const newUser = { name: text, login: text, password: text }
export const setUpFields = z.strictObject({ secret: text, ...newUser, site: z.string().trim().min(1).max(80) })
export const signInFields = z.strictObject({ login: text, password: text })
export const secretFields = z.strictObject({ secret: text })
export const acceptFields = z.strictObject({ secret: text, ...newUser })
export const resetFields = z.strictObject({ secret: text, password: text })
export const loginFields = z.strictObject({ login: text })
export const passwordFields = z.strictObject({ current: text, password: text })
export const inviteFields = z.strictObject({ note: z.string().max(200).default(''), owner: z.boolean().default(false) })
export const profileFields = z.strictObject({
  name: text.optional(),
  color: z.number().int().min(1).max(12).optional(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'A language tag such as en or pt-BR')
    .optional(),
  theme: z.enum(['auto', 'light', 'dark']).optional(),
})
export const userFields = z.strictObject({ disabled: z.boolean() })

export function accountRoutes(options: AccountsOptions): Hono<AppEnv> {
  const { access, clock, limits, isSecure, provider, mailer, publicUrl, log } = options
  const { authority } = access
  const { users, sessions, invitations } = authority
  const guesses = new Throttle({ clock })
  // Links are not guessed; this is for what their answers cost.
  const links = new Throttle({ clock, attempts: 60 })
  // Each may be a mail to somebody who has not asked for it.
  const mails = new Throttle({ clock, attempts: 5, windowMs: 60 * 60_000 })
  const app = new Hono<AppEnv>()
  const read = <S extends z.ZodType>(c: Context<AppEnv>, schema: S) =>
    readJson(c.req.raw, { schema, maxBytes: 16 * 1024 })
  const limitGuess = (c: Context<AppEnv>, login: string) =>
    guesses.take([`address ${addressOf(c)}`, `account ${loginKey(login).slice(0, maxTextLength)}`])
  const limitLink = (c: Context<AppEnv>) => links.take([addressOf(c)])

  const begin = (c: Context<AppEnv>, user: User) => beginSession(c, user, { sessions, isSecure })

  /** Sends a link for a new password to who has this login, if it is a mail address. */
  async function mailReset(asked: { login: string; base: string; address: string }): Promise<void> {
    try {
      const user = await users.findByLogin(asked.login)
      if (user === undefined || user.disabledMs !== undefined || !user.login.includes('@')) return
      const { userId, login, language } = user
      const link = `${asked.base}/reset#${await invitations.beginReset(userId)}`
      const { audit } = authority
      await audit.note({
        act: 'reset-link-made',
        principal: '',
        address: asked.address,
        userId,
        fields: { mailed: true },
      })
      const facts = { site: invitations.site?.name ?? 'Sheaf', login, link }
      await mailer?.send({ to: login, ...resetMail(facts, language) })
    } catch (cause) {
      log.error('A link for a new password could not be made', { cause })
    }
  }

  methods(app, '/me', {
    GET: async c => {
      const identity = c.get('identity')
      const { site } = invitations
      return c.json({
        kind: identity.kind,
        role: access.isOpen ? 'editor' : 'none',
        mode: access.isOpen ? 'open' : 'accounts',
        ...(site !== undefined && { site: site.name }),
        isSetUp: site !== undefined,
        ...(site !== undefined && mailer !== undefined && { mail: true }),
        ...(site !== undefined && provider !== undefined && { provider: { name: provider.settings.name } }),
        ...who(identity),
        ...(identity.token !== undefined && { token: toToken(identity.token) }),
        limits,
      })
    },
    PATCH: async c => {
      const user = userOf(c)
      const { name, color, language, theme } = await read(c, profileFields)
      const changed = await users.changeProfile(user.userId, {
        ...(name !== undefined && { name }),
        ...(color !== undefined && { color }),
        ...(language !== undefined && { language }),
        ...(theme !== undefined && { theme }),
      })
      return c.json(toProfile(changed))
    },
  })

  methods(app, '/me/password', {
    POST: async c => {
      const { userId, login } = userOf(c)
      const { current, password } = await read(c, passwordFields)
      limitGuess(c, login)
      if ((await users.authenticate(login, current)) === undefined) {
        throw new SheafError('invalid-field', '/current: That is not the password.', { details: { field: '/current' } })
      }
      await users.changePassword(userId, password)
      // Whoever may know the old one is out.
      await sessions.endAll(userId, c.get('identity').signedIn?.sessionId)
      return c.body(null, 204)
    },
  })

  methods(app, '/setup', {
    POST: async c => {
      limitLink(c)
      const { secret, site, ...fields } = await read(c, setUpFields)
      await begin(c, await invitations.setUp(secret, { ...fields, site }))
      return c.body(null, 204)
    },
  })

  methods(app, '/setup/look', {
    POST: async c => {
      limitLink(c)
      const { secret } = await read(c, secretFields)
      if (!invitations.isSetUp(secret)) throw new SheafError('forbidden', 'This link has ended.')
      return c.body(null, 204)
    },
  })

  methods(app, '/sessions', {
    GET: async c => {
      const { userId } = userOf(c)
      const own = c.get('identity').signedIn?.sessionId
      const all = await sessions.listOf(userId)
      return c.json({ items: all.map(signedIn => toSession(signedIn, own)) })
    },
    POST: async c => {
      const { login, password } = await read(c, signInFields)
      limitGuess(c, login)
      const user = await users.authenticate(login, password)
      if (user === undefined) {
        // Never what was typed: it may be a password in the wrong field.
        const meant = await users.findByLogin(login)
        c.set('audit', meant === undefined ? {} : { userId: meant.userId })
        throw new SheafError('unauthorized', 'Name and password don’t match.')
      }
      await begin(c, user)
      return c.body(null, 204)
    },
  })

  methods(app, '/sessions/:session', {
    DELETE: async c => {
      const { signedIn, user } = c.get('identity')
      const wanted = c.req.param('session') ?? ''
      const sessionId = wanted === 'current' ? (signedIn?.sessionId ?? '') : wanted
      if (user === undefined && sessionId !== signedIn?.sessionId) throw new SheafError('not-found')
      await sessions.end({ sessionId, ...(user !== undefined && { userId: user.userId }) })
      if (sessionId === signedIn?.sessionId)
        c.header('set-cookie', sessionCookie(undefined, isSecure), { append: true })
      return c.body(null, 204)
    },
  })

  methods(app, '/invites', {
    GET: async c => c.json({ items: (await invitations.invitations()).map(toInvitation) }),
    POST: async c => {
      const { note, owner } = await read(c, inviteFields)
      c.set('audit', { fields: { owner } })
      const { secret, invitation } = await invitations.invite({ invitedBy: userOf(c).userId, isOwner: owner, note })
      return c.json({ ...toInvitation(invitation), url: `${c.get('origin')}/invite#${secret}` }, 201)
    },
  })

  methods(app, '/invites/look', {
    POST: async c => {
      limitLink(c)
      const { invitedBy } = await invitations.look((await read(c, secretFields)).secret)
      const by = await users.find(invitedBy)
      return c.json({ ...(by !== undefined && { invitedBy: by.name }), site: invitations.site?.name ?? '' })
    },
  })

  methods(app, '/invites/accept', {
    POST: async c => {
      limitLink(c)
      const { secret, ...fields } = await read(c, acceptFields)
      await begin(c, await invitations.accept(secret, fields))
      return c.body(null, 204)
    },
  })

  methods(app, '/invites/:invite', {
    DELETE: async c => {
      await invitations.withdraw(c.req.param('invite') ?? '')
      return c.body(null, 204)
    },
  })

  methods(app, '/resets', {
    POST: async c => {
      limitLink(c)
      const { secret, password } = await read(c, resetFields)
      await begin(c, await authority.reset(secret, password))
      return c.body(null, 204)
    },
  })

  methods(app, '/resets/mail', {
    POST: async c => {
      const { login } = await read(c, loginFields)
      if (mailer === undefined) throw new SheafError('not-found', 'This server sends no mail.')
      // The link must lead here, and nowhere that the one who asks has thought of.
      if (publicUrl === undefined && !c.get('isLocal')) throw new SheafError('wrong-host')
      mails.take([`address ${addressOf(c)}`, `account ${loginKey(login).slice(0, maxTextLength)}`])
      const base = publicUrl?.origin ?? c.get('origin')
      // What follows depends on whether there is such an account, so nobody waits for it.
      void mailReset({ login, base, address: addressOf(c) })
      return c.body(null, 204)
    },
  })

  methods(app, '/users', {
    GET: async c => {
      const all = await users.list()
      const isOwner = userOf(c).isOwner
      const shown = all.filter(user => isOwner || user.disabledMs === undefined)
      return c.json({ items: shown.map(user => (isOwner ? toUser(user) : toPerson(user))) })
    },
  })

  methods(app, '/users/:user', {
    PATCH: async c => {
      const userId = c.req.param('user') ?? ''
      const { disabled } = await read(c, userFields)
      c.set('audit', { fields: { disabled } })
      return c.json(toUser(disabled ? await authority.disable(userId) : await users.setDisabled(userId, false)))
    },
  })

  methods(app, '/users/:user/reset', {
    POST: async c => {
      const secret = await invitations.beginReset(c.req.param('user') ?? '')
      return c.json({ url: `${c.get('origin')}/reset#${secret}` }, 201)
    },
  })

  return app
}

/** Begins a session in this browser; what it was before is ended, and its links come along. */
export async function beginSession(
  c: Context<AppEnv>,
  { userId }: User,
  { sessions, isSecure }: { sessions: Sessions; isSecure: boolean },
): Promise<void> {
  const from = await sessions.find(sessionTokenOf(c.req.header('cookie'), isSecure))
  const agent = c.req.header('user-agent') ?? ''
  const { token } = await sessions.begin({ userId, agent, ...(from !== undefined && { from }) })
  c.header('set-cookie', sessionCookie(token, isSecure), { append: true })
  c.set('audit', { principal: `user:${userId}` })
}

export function addressOf(c: Context<AppEnv>): string {
  return c.get('address')
}

/** @throws SheafError `forbidden` where nobody has signed in: on an open server. */
export function userOf(c: Context<AppEnv>): User {
  const { user } = c.get('identity')
  if (user === undefined) throw new SheafError('forbidden', 'This needs an account.')
  return user
}

/** What everybody with an account may know of another one. */
export function toPerson({ userId, name, login, color }: User) {
  return { id: userId, name, login, color }
}

function toProfile(user: User) {
  const { language, theme, isOwner } = user
  return {
    ...toPerson(user),
    ...(language !== undefined && { language }),
    ...(theme !== undefined && { theme }),
    isOwner,
  }
}

function toUser(user: User) {
  const { isOwner, createdMs, disabledMs } = user
  return { ...toPerson(user), isOwner, createdAt: timeOf(createdMs), isDisabled: disabledMs !== undefined }
}

function who({ user, principal }: Identity) {
  if (user !== undefined) return { user: toProfile(user), principal }
  // A device without a cookie is not told from others.
  return principal === '' || principal === openPrincipal ? {} : { principal }
}

function toSession({ sessionId, createdMs, seenMs, agent }: SignedIn, own: string | undefined) {
  return { id: sessionId, createdAt: timeOf(createdMs), seenAt: timeOf(seenMs), agent, isCurrent: sessionId === own }
}

function toInvitation(invitation: {
  inviteId: string
  note: string
  isOwner: boolean
  createdMs: number
  untilMs: number
}) {
  const { inviteId, note, isOwner, createdMs, untilMs } = invitation
  return { id: inviteId, note, owner: isOwner, createdAt: timeOf(createdMs), untilAt: timeOf(untilMs) }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

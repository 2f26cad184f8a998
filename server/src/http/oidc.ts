// Signing in with the account of an OpenID provider, over HTTP: the browser is sent there, and comes back. What it needs for coming back it
// keeps in a cookie of its own, so that nobody can finish what somebody else has begun, and a restart in between ends nothing.

import { SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { OpenIdProvider } from '../auth/oidc.ts'
import { Throttle } from '../auth/throttle.ts'
import type { Clock } from '../clock.ts'
import type { Access } from './access.ts'
import { addressOf, beginSession } from './accounts.ts'
import { readJson } from './body.ts'
import { flowCookie, flowOf } from './cookies.ts'
import { type AppEnv, methods } from './routes.ts'

export interface OidcRoutesOptions {
  readonly access: Access
  readonly clock: Clock
  readonly isSecure: boolean
  readonly provider: OpenIdProvider | undefined
  readonly publicUrl: URL | undefined
}

const maxTextLength = 1_000
const text = z.string().max(maxTextLength)
export const beginFields = z.strictObject({ invite: text.optional(), next: text.default('/') })
const flowFields = z.strictObject({ state: text, nonce: text, verifier: text, next: text, invite: text.optional() })

export function oidcRoutes({ access, clock, isSecure, provider, publicUrl }: OidcRoutesOptions): Hono<AppEnv> {
  const { invitations, provided, sessions } = access.authority
  const tries = new Throttle({ clock, attempts: 60 })
  const app = new Hono<AppEnv>()
  const originOf = (c: Context<AppEnv>) => publicUrl?.origin ?? c.get('origin')

  methods(app, '/oidc', {
    /** Resolves with where to send the browser. */
    POST: async c => {
      if (provider === undefined) throw noProvider()
      if (invitations.site === undefined) throw new SheafError('forbidden', 'This server has no owner yet.')
      tries.take([addressOf(c)])
      const { invite, next } = await readJson(c.req.raw, { schema: beginFields, maxBytes: 16 * 1024 })
      const { url, flow } = await provider.begin(new URL('/api/v1/oidc/callback', originOf(c)))
      const kept = { ...flow, next: ownPath(next, originOf(c)), ...(invite !== undefined && { invite }) }
      const value = Buffer.from(JSON.stringify(kept)).toString('base64url')
      c.header('set-cookie', flowCookie(value, isSecure), { append: true })
      return c.json({ url: url.href })
    },
  })

  methods(app, '/oidc/callback', {
    /** A page that a browser is at: whatever goes wrong, it is led to where it is told so. */
    GET: async c => {
      if (provider === undefined) throw noProvider()
      const flow = readFlow(flowOf(c.req.header('cookie'), isSecure))
      c.header('set-cookie', flowCookie(undefined, isSecure), { append: true })
      try {
        tries.take([addressOf(c)])
        if (flow === undefined) throw new SheafError('unauthorized')
        const { pathname, search } = new URL(c.req.url)
        const person = await provider.finish(new URL(pathname + search, originOf(c)), flow)
        const { settings } = provider
        const { user, isNew } = await provided.enter(person, {
          settings,
          ...(flow.invite !== undefined && { invite: flow.invite }),
        })
        await beginSession(c, user, { sessions, isSecure })
        if (isNew) c.set('audit', { ...c.get('audit'), act: 'joined' })
        return c.redirect(flow.next)
      } catch (cause) {
        if (!(cause instanceof SheafError)) throw cause
        const reason = reasonOf(cause)
        c.set('audit', { isRefused: true, fields: { reason } })
        return c.redirect(`/signin#${reason}`)
      }
    },
  })

  return app
}

/** Ends in the fragment of the sign-in page, which has a sentence for each. */
function reasonOf({ code, details }: SheafError): string {
  if (code === 'auth-unavailable') return 'unreachable'
  if (code === 'already-exists') return 'taken'
  if (code === 'forbidden') return typeof details.reason === 'string' ? details.reason : 'ended'
  return code === 'rate-limited' ? 'too-many' : 'failed'
}

function noProvider(): SheafError {
  return new SheafError('not-found', 'Nobody signs in with another place’s account here.')
}

/** Where the browser goes afterwards, on this server in any case. */
function ownPath(next: string, origin: string): string {
  const url = URL.canParse(next, origin) ? new URL(next, origin) : undefined
  // A path that begins with two slashes names another server: `/.//elsewhere` becomes one.
  return url?.origin === origin ? url.pathname.replace(/^\/+/, '/') + url.search : '/'
}

function readFlow(value: string | undefined): z.infer<typeof flowFields> | undefined {
  try {
    return flowFields.parse(JSON.parse(Buffer.from(value ?? '', 'base64url').toString()))
  } catch {
    // It has run out, or was never ours: what comes back belongs to nothing that was begun here.
    return undefined
  }
}

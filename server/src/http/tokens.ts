// The tokens of who asks: make one, list them, revoke one. Nobody sees those of others, and no token may do any of it.

import { SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Token } from '../accounts/tokens.ts'
import { scopes } from '../auth/scopes.ts'
import type { Clock } from '../clock.ts'
import type { Access } from './access.ts'
import { readJson } from './body.ts'
import { type AppEnv, methods } from './routes.ts'

export interface TokensOptions {
  readonly access: Access
  readonly clock: Clock
}

const dayMs = 24 * 60 * 60_000

export const tokenFields = z.strictObject({
  note: z.string().trim().max(200).default(''),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  /** Ids; absent: all that who asks may see. */
  documents: z.array(z.string().max(128)).min(1).max(200).optional(),
  /** Absent: until it is revoked. */
  days: z.number().int().min(1).max(3_650).optional(),
})

export function tokenRoutes({ access, clock }: TokensOptions): Hono<AppEnv> {
  const { tokens } = access.authority
  const app = new Hono<AppEnv>()

  methods(app, '/tokens', {
    GET: async c => c.json({ items: (await tokens.listOf(userIdOf(c))).map(toToken) }),
    POST: async c => {
      const { note, scopes, documents, days } = await readJson(c.req.raw, { schema: tokenFields, maxBytes: 64 * 1024 })
      const { text, token } = await tokens.create({
        userId: userIdOf(c),
        note,
        scopes,
        ...(documents !== undefined && { documents }),
        ...(days !== undefined && { untilMs: clock.nowMs() + days * dayMs }),
      })
      return c.json({ ...toToken(token), token: text }, 201)
    },
  })

  methods(app, '/tokens/:token', {
    DELETE: async c => {
      await tokens.revoke(userIdOf(c), c.req.param('token') ?? '')
      return c.body(null, 204)
    },
  })

  return app
}

/** A token as the API shows it: all but its secret. */
export function toToken({ tokenId, note, scopes, documents, createdMs, untilMs, usedMs }: Token) {
  return {
    id: tokenId,
    note,
    scopes,
    ...(documents !== undefined && { documents }),
    createdAt: timeOf(createdMs),
    ...(untilMs !== undefined && { untilAt: timeOf(untilMs) }),
    ...(usedMs !== undefined && { usedAt: timeOf(usedMs) }),
  }
}

/** @throws SheafError `forbidden` on an open server. */
function userIdOf(c: Context<AppEnv>): string {
  const { user } = c.get('identity')
  if (user === undefined) throw new SheafError('forbidden', 'Tokens act for people who have an account.')
  return user.userId
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

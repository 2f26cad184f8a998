// What all routes share: the shape of the app's environment, and a resource as one table of its methods. A handler runs only when
// the row of its route in rights.ts lets the asker through.

import { SheafError } from '@sheaf/protocol'
import type { Context, Handler, Hono } from 'hono'
import type { AuditAct, AuditNote } from '../accounts/audit.ts'
import type { Identity } from '../accounts/authority.ts'
import { folderTarget } from '../accounts/sharing.ts'
import type { Access } from './access.ts'
import { audited } from './audited.ts'
import { rights } from './rights.ts'
import type { Bindings } from './upgrade.ts'

export interface AppEnv {
  Bindings: Bindings
  Variables: {
    requestId: string
    /** The Host header, already checked. */
    host: string
    /** Where the request comes from: an address of the network. */
    address: string
    /** `https://docs.example`: what addresses of this server begin with, for who asks. */
    origin: string
    /** The secret of the browser that asks, where it has one. */
    device: string | undefined
    access: Access
    /** Who asks. */
    identity: Identity
    /** What the audit log is to know beside who asks for what; `isTried: false` for a secret that was not even given,
     * `isRefused` where a page says so instead of an error. */
    audit: (Partial<AuditNote> & { readonly isTried?: boolean; readonly isRefused?: boolean }) | undefined
    /** True for a request from this very machine that no proxy has passed on. */
    isLocal: boolean
    /** Charges what a route costs to who asks. @throws SheafError `rate-limited`. */
    charge: (route: string) => void
    /** The route's template, for metrics and logs; never the path itself. */
    route: string
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Registers a resource: its methods, HEAD where there is a GET, and 405 with `Allow` for all others. */
export function methods(app: Hono<AppEnv>, path: string, handlers: Partial<Record<Method, Handler<AppEnv>>>): void {
  const allow = Object.keys(handlers).flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  app.use(path, (c, next) => {
    c.set('route', path)
    return next()
  })
  for (const [method, handler] of Object.entries(handlers)) {
    app.on(method, path, async (c, next) => {
      const route = `${method} ${path}`
      if (c.req.path.startsWith('/api/')) c.get('charge')(route)
      await authorize(c, route)
      return noting(c, route, async () => (await handler(c, next)) as Response)
    })
  }
  app.all(path, c => {
    throw new SheafError('method-not-allowed', `${c.req.method} is not possible here; ${allow.join(', ')} are.`, {
      details: { allow: allow.join(', ') },
    })
  })
}

/**
 * Asks anew whether the route may be answered: for a handler that has waited, for a long body or another one's work.
 * @param route its row in {@link rights}.
 * @throws SheafError as {@link Access.authorize}; `forbidden` for a route without a row, unless the server is open.
 */
export async function authorize(c: Context<AppEnv>, route: string): Promise<void> {
  const access = c.get('access')
  const right = rights[route]
  const identity = c.get('identity')
  access.checkScope(identity, route, c.req.param('id'))
  if (right !== undefined) await access.authorize(identity, right, c.req.param('id'), c.get('isLocal'))
  else if (!access.isOpen) throw new SheafError('forbidden')
}

/** Runs what a route does, and notes it. What a handler knows better (who has just come in, which role) it says by `c.set('audit', …)`. */
async function noting(c: Context<AppEnv>, route: string, run: () => Promise<Response>): Promise<Response> {
  const row = audited[route]
  if (row === null || row === undefined) return run()
  try {
    const response = await run()
    await note(c, route, c.get('audit')?.isRefused === true ? (row.refused ?? row.done) : row.done)
    return response
  } catch (cause) {
    const isRefused = cause instanceof SheafError && cause.code === 'unauthorized'
    // A link whose password nobody has tried yet was not refused.
    if (isRefused && row.refused !== undefined && c.get('audit')?.isTried !== false) await note(c, route, row.refused)
    throw cause
  }
}

async function note(c: Context<AppEnv>, route: string, act: AuditAct): Promise<void> {
  const { authority, isOpen } = c.get('access')
  // Everybody is a guest there, and there are no rights to give.
  if (isOpen) return
  const { isTried: _, isRefused: __, fields, ...known } = c.get('audit') ?? {}
  const [id, userId] = [c.req.param('id'), c.req.param('user')]
  const entry: AuditNote = {
    act,
    principal: c.get('identity').principal,
    address: c.get('address'),
    ...(id !== undefined && { target: route.includes(' /folders/') ? folderTarget(id) : id }),
    ...(userId !== undefined && { userId }),
    ...known,
    ...(fields !== undefined && Object.keys(fields).length > 0 && { fields }),
  }
  await authority.audit.note(entry)
}

// What all routes share: the shape of the app's environment, and a resource as one table of its methods. A handler runs only when
// the row of its route in rights.ts lets the asker through.

import { SheafError } from '@sheaf/protocol'
import type { Context, Handler, Hono } from 'hono'
import type { Identity } from '../accounts/authority.ts'
import type { Access } from './access.ts'
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
    /** True for a request from this very machine that no proxy has passed on. */
    isLocal: boolean
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
      await authorize(c, `${method} ${path}`)
      return handler(c, next)
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

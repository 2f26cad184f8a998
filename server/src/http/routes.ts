// What all routes share: the shape of the app's environment, and a resource as one table of its methods.

import { SheafError } from '@sheaf/protocol'
import type { Handler, Hono } from 'hono'
import type { Bindings } from './upgrade.ts'

export interface AppEnv {
  Bindings: Bindings
  Variables: {
    requestId: string
    /** The Host header, already checked. */
    host: string
    /** The secret of the browser that asks, where it has one. */
    device: string | undefined
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
  for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler)
  app.all(path, c => {
    throw new SheafError('method-not-allowed', `${c.req.method} is not possible here; ${allow.join(', ')} are.`, {
      details: { allow: allow.join(', ') },
    })
  })
}

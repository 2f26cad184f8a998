// All that answers HTTP, as one Hono app: guards first, then the API, the socket door, health, and the web app's files. The
// order of the middleware is the order of the promises: nothing is looked up for a request that must not be here at all.

import { isDocumentId, type Limits, type Role, randomId, SheafError, sheafSubprotocol } from '@sheaf/protocol'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { TrieRouter } from 'hono/router/trie-router'
import type { Identity } from '../accounts/authority.ts'
import type { Folders } from '../accounts/folders.ts'
import type { Mailer } from '../accounts/mail.ts'
import type { Personal } from '../accounts/personal.ts'
import type { Search } from '../accounts/search.ts'
import type { Trash } from '../accounts/trash.ts'
import type { OpenIdProvider } from '../auth/oidc.ts'
import { mayDo } from '../auth/roles.ts'
import type { Clock } from '../clock.ts'
import type { Convert } from '../exchange/converter.ts'
import type { Log } from '../log.ts'
import type { MetricsRegistry } from '../metrics.ts'
import type { Channel, Session } from '../room/ports.ts'
import type { Registry } from '../room/registry.ts'
import type { DiskUse } from '../store/disk-use.ts'
import type { DocumentStore } from '../store/store.ts'
import type { Access } from './access.ts'
import { accountRoutes } from './accounts.ts'
import { adminRoutes } from './admin.ts'
import type { Agents } from './agents.ts'
import { assetRoutes } from './assets.ts'
import { authorRoutes } from './authors.ts'
import { changeRoutes } from './changes.ts'
import { answerContent, contentRoutes } from './content.ts'
import { sessionTokenOf } from './cookies.ts'
import { deviceCookie, deviceOf, newDevice } from './device.ts'
import { documentRoutes } from './documents.ts'
import type { Editing } from './editing.ts'
import { editRoutes } from './edits.ts'
import type { EventStreams } from './event-stream.ts'
import { eventRoutes } from './events.ts'
import { folderRoutes } from './folders.ts'
import { isIpHost, isLoopbackAddress, isLoopbackHost, isSameOrigin } from './guard.ts'
import type { Handles } from './handles.ts'
import type { Health } from './health.ts'
import type { Idempotency } from './idempotency.ts'
import { importRoutes } from './imports.ts'
import type { Asker } from './listing.ts'
import type { LiveGrants } from './live.ts'
import { type McpOptions, mcpRoutes } from './mcp.ts'
import { negotiate } from './negotiate.ts'
import { oidcRoutes } from './oidc.ts'
import { openApiRoutes } from './openapi.ts'
import { presenceRoutes } from './presence.ts'
import { problemResponse, toCodedError } from './problems.ts'
import type { Proxies } from './proxies.ts'
import { Rates } from './rates.ts'
import { revertRoutes } from './reverting.ts'
import { type AppEnv, authorize, methods } from './routes.ts'
import { searchRoutes } from './search.ts'
import { sharingRoutes } from './sharing.ts'
import type { Sockets } from './sockets.ts'
import { StaticFiles, type WebFiles } from './static.ts'
import { tokenRoutes } from './tokens.ts'
import { tunnelRoutes } from './tunnels.ts'
import { type Writers, writerRoutes } from './writers.ts'

export interface AppOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly folders: Folders
  readonly personal: Personal
  readonly trash: Trash
  readonly search: Search
  readonly convert: Convert
  readonly idempotency: Idempotency
  readonly editing: Editing
  readonly handles: Handles
  readonly agents: Agents
  readonly writers: Writers
  readonly sockets: Sockets
  readonly streams: EventStreams
  readonly health: Health
  readonly version: string
  /** Undefined where nothing is on a disk. */
  readonly diskUse: () => Promise<DiskUse | undefined>
  readonly limits: Limits
  readonly access: Access
  readonly live: LiveGrants
  /** Where people reach the server, when that is known. */
  readonly publicUrl?: URL
  /** With whose accounts people sign in, too. */
  readonly provider?: OpenIdProvider
  /** Absent: the server sends no mail. */
  readonly mailer?: Mailer
  readonly proxies: Proxies
  /** People reach the server by TLS. */
  readonly isSecure: boolean
  /** The built web app. */
  readonly web: WebFiles
  readonly clock: Clock
  readonly log: Log
  readonly metrics: MetricsRegistry
  readonly isDraining: () => boolean
}

/** Browsers come by TLS only for so long after a visit. */
const transportSecurityS = 365 * 24 * 60 * 60

export function createApp(options: AppOptions): Hono<AppEnv> {
  const { log, metrics, health } = options
  // The default tries a faster router first, which cannot hold these routes, and only the first request finds that out: 30 ms.
  const app = new Hono<AppEnv>({ router: new TrieRouter() })

  app.use(measure(options), guard(options), device, who(options), new Rates(options).middleware)
  app.route('/api/v1', api(options))
  app.route(
    '/',
    mcp(options, (request, env) => app.fetch(request, env)),
  )
  app.get('/ws/*', c => {
    c.set('route', '/ws/:id')
    return openSocket(c, options)
  })

  methods(app, '/healthz', { GET: c => c.json({ status: 'alive' }) })
  methods(app, '/readyz', {
    GET: async c => {
      const readiness = await health.readiness()
      return c.json(readiness, readiness.ready ? 200 : 503, { 'cache-control': 'no-store' })
    },
  })
  methods(app, '/metrics', {
    GET: async c => c.body(await metrics.render(), 200, { 'content-type': metrics.contentType }),
  })

  const files = new StaticFiles(options.web)
  methods(app, '/', { GET: c => files.page(c.req.raw, c.get('host')) })
  methods(app, '/d/:id', {
    GET: async c => {
      if (!wantsContent(c)) {
        const page = await files.page(c.req.raw, c.get('host'))
        page.headers.append('vary', 'accept')
        return page
      }
      // The address that people share is the document itself for programs, by the rights of its content.
      c.get('charge')('GET /documents/:id/content')
      await authorize(c, 'GET /documents/:id/content')
      const api = `/api/v1/documents/${c.req.param('id')}`
      c.header('link', `<${api}>; rel="describedby", <${api}/edits>; rel="edit"`)
      return answerContent(c, options)
    },
  })
  methods(app, '/setup', { GET: c => files.page(c.req.raw, c.get('host')) })
  methods(app, '/signin', { GET: c => files.page(c.req.raw, c.get('host')) })
  methods(app, '/invite', { GET: c => files.page(c.req.raw, c.get('host')) })
  methods(app, '/devices', { GET: c => files.page(c.req.raw, c.get('host')) })
  methods(app, '/admin', { GET: c => files.page(c.req.raw, c.get('host')) })
  methods(app, '/reset', { GET: c => files.page(c.req.raw, c.get('host')) })
  app.get('/*', async c => {
    c.set('route', '/*')
    const file = await files.file(c.req.path, c.req.raw)
    if (file !== undefined) return file
    // Who looks at it in a browser gets a page with a way out.
    const isLookedAt = c.req.header('accept')?.includes('text/html') === true && !/^\/(api|ws)\//.test(c.req.path)
    if (isLookedAt) return files.nowhere(c.req.raw, c.get('host'))
    throw new SheafError('not-found', 'There is nothing at this address.')
  })

  app.notFound(() => {
    throw new SheafError('not-found', 'There is nothing at this address.')
  })
  app.onError((cause, c) => {
    const requestId = c.get('requestId')
    const error = toCodedError(cause, log, requestId)
    if (c.env.door !== undefined) metrics.count('sheaf_ws_upgrade_rejected_total', 1, { reason: error.code })
    return problemResponse(error, requestId)
  })
  return app
}

function api(options: AppOptions): Hono<AppEnv> {
  const { store, registry, folders, personal, trash, search, limits, access, clock, isSecure, isDraining } = options
  const { maxRequestBytes } = limits
  const asker = (c: Context<AppEnv>): Asker => {
    const identity = c.get('identity')
    const sees = async (documentId: string) => mayDo((await access.standingOf(identity, documentId)).role, 'read')
    const { user } = identity
    const isGiven = async (documentId: string) =>
      user !== undefined && (await access.authority.sharing.isGiven(documentId, user.userId))
    return { id: identity.principal, sees: access.isOpen ? () => true : sees, isGiven }
  }
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    c.header('cache-control', 'no-store')
    if (isDraining()) throw new SheafError('restarting')
    await next()
  })
  app.route(
    '/',
    documentRoutes({
      ...{ store, registry, folders, personal, trash, search, asker },
      ...{ idempotency: options.idempotency, convert: options.convert, maxRequestBytes },
      maxContentBytes: limits.maxUpdateBytes,
    }),
  )
  app.route('/', searchRoutes({ search, folders, asker }))
  app.route('/', folderRoutes({ folders, trash, maxRequestBytes }))
  const { maxUpdateBytes } = limits
  const { editing, handles } = options
  app.route('/', contentRoutes({ store, registry, editing, maxUpdateBytes }))
  const { live, streams } = options
  app.route('/', changeRoutes({ store, registry }))
  app.route('/', eventRoutes({ store, registry, live, streams, clock }))
  app.route('/', tunnelRoutes({ registry, live, streams, clock, maxRequestBytes }))
  app.route('/', revertRoutes({ store, registry, idempotency: options.idempotency, maxRequestBytes }))
  app.route('/', presenceRoutes({ store, registry, agents: options.agents, maxRequestBytes }))
  app.route('/', writerRoutes({ store, writers: options.writers, maxRequestBytes }))
  app.route('/', authorRoutes({ registry, users: access.authority.users }))
  app.route('/', editRoutes({ store, registry, editing, handles, maxRequestBytes, maxEditBytes: maxUpdateBytes }))
  const { maxUploadBytes, maxDocumentUploadBytes } = limits
  const { maxDocumentBytes } = limits
  const { convert } = options
  const files = { store, registry, folders, personal, search, convert, asker, clock, maxUploadBytes, maxDocumentBytes }
  app.route('/', importRoutes(files))
  app.route('/', assetRoutes({ store, clock, maxUploadBytes, maxDocumentUploadBytes }))
  const { provider, publicUrl, mailer, log } = options
  app.route('/', accountRoutes({ access, clock, log, limits, isSecure, provider, mailer, publicUrl }))
  app.route('/', oidcRoutes({ access, clock, isSecure, provider, publicUrl }))
  app.route('/', tokenRoutes({ access, clock }))
  const { sockets, health, version, diskUse } = options
  app.route('/', openApiRoutes(version))
  app.route('/', adminRoutes({ access, store, registry, sockets, health, limits, clock, version, diskUse, asker }))
  app.route('/', sharingRoutes({ access, store, folders, clock, isSecure }))
  return app
}

/** What tools do they ask of the whole app, as who called them. */
function mcp(options: AppOptions, fetch: McpOptions['fetch']): Hono<AppEnv> {
  const { registry, agents, clock, version, limits, isDraining } = options
  const app = new Hono<AppEnv>()
  app.use('/mcp', async (_, next) => {
    if (isDraining()) throw new SheafError('restarting')
    await next()
  })
  app.route('/', mcpRoutes({ registry, agents, clock, version, maxRequestBytes: limits.maxUpdateBytes, fetch }))
  return app
}

/** Names the request, and counts and logs it when it has been answered. */
function measure({ clock, log, metrics }: AppOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedMs = clock.monotonicMs()
    const requestId = randomId(12)
    c.set('requestId', requestId)
    c.set('route', 'unmatched')
    await next()
    const isSocket = c.env.door?.isOpen === true
    if (!isSocket) {
      c.header('x-request-id', requestId)
      c.header('x-content-type-options', 'nosniff')
      c.header('referrer-policy', 'same-origin')
    }
    const ms = clock.monotonicMs() - startedMs
    const { method } = c.req
    const route = c.get('route')
    const status = isSocket ? 101 : c.res.status
    metrics.count('sheaf_http_requests_total', 1, { route, method, status: String(status) })
    metrics.observe('sheaf_http_request_seconds', ms / 1000, { route, method })
    log.debug('Request answered', { requestId, route, method, status, ms: Math.round(ms * 10) / 10 })
  }
}

function guard({ access, publicUrl, proxies }: AppOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const host = c.req.header('host')
    if (access.isOpen && !isLoopbackHost(host)) {
      throw new SheafError(
        'wrong-host',
        'An open server answers only to localhost, 127.0.0.1 and [::1], so that no web site can reach it by a name of its own.',
      )
    }
    // An address cannot be made to point elsewhere, as a name can (DNS rebinding).
    if (!isLoopbackHost(host) && !isIpHost(host) && host?.toLowerCase() !== publicUrl?.host) {
      throw new SheafError('wrong-host', 'The server answers only to the name in its --url.')
    }
    const { address, isForwarded, isSecure } = proxies.senderOf(c.env.incoming)
    const isPublic = publicUrl !== undefined && host?.toLowerCase() === publicUrl.host
    const origin = isPublic ? publicUrl.origin : `${isSecure ? 'https' : 'http'}://${host}`
    const isOwn = isSameOrigin({
      method: c.req.method,
      host,
      origin: c.req.header('origin'),
      fetchSite: c.req.header('sec-fetch-site'),
      upgrade: c.env.door !== undefined,
      isSecure: origin.startsWith('https:'),
    })
    if (!isOwn) throw new SheafError('origin-not-allowed')
    c.set('host', host ?? 'localhost')
    c.set('origin', origin)
    c.set('address', address)
    // A proxy that says nothing of who asks has at least been asked by another name than this machine's.
    c.set('isLocal', !isForwarded && isLoopbackAddress(address) && isLoopbackHost(host))
    await next()
    // Names only: on localhost it would be about every other program too (RFC 6797 section 8.1.1).
    if (isPublic && publicUrl.protocol === 'https:' && c.env.door?.isOpen !== true) {
      c.header('strict-transport-security', `max-age=${transportSecurityS}`)
    }
  }
}

/** Finds out who asks. Files and pages are anybody's, and are not held up by it. */
function who(options: AppOptions): MiddlewareHandler<AppEnv> {
  const { access } = options
  return async (c, next) => {
    c.set('access', access)
    c.set('identity', { kind: 'anonymous', principal: '' })
    if (!/^\/(?:api|ws|mcp|metrics)(?:\/|$)/.test(c.req.path) && !wantsContent(c)) return next()
    // A socket asks for itself: when nobody can be known, a browser has to be let in to be told so.
    if (c.env.door === undefined) c.set('identity', await identify(c, options))
    return next()
  }
}

/** Whether a program asks at the address of a page for what the document says. */
function wantsContent(c: Context<AppEnv>): boolean {
  if (!c.req.path.startsWith('/d/')) return false
  const type = negotiate(c.req.header('accept'), ['text/html', 'text/markdown', 'application/json'])
  return type !== undefined && type !== 'text/html'
}

function identify(c: Context<AppEnv>, options: AppOptions): Promise<Identity> {
  const session = sessionTokenOf(c.req.header('cookie'), options.isSecure)
  return options.access.identify({ session, device: c.get('device'), authorization: authorizationOf(c) })
}

/** The header, or for a socket, of which a browser sets none: the subprotocol `sheaf.bearer.<token>`, which is in no address and no log. */
function authorizationOf(c: Context<AppEnv>): string | undefined {
  const header = c.req.header('authorization')
  if (header !== undefined || c.env.door === undefined) return header
  const [, token] = /(?:^|,)\s*sheaf\.bearer\.([^\s,]+)/.exec(c.req.header('sec-websocket-protocol') ?? '') ?? []
  return token === undefined ? undefined : `Bearer ${token}`
}

/** Names a browser at its first page or request, and each page anew, so that the name lasts as long as it comes back. */
const device: MiddlewareHandler<AppEnv> = async (c, next) => {
  const known = deviceOf(c.req.header('cookie'))
  c.set('device', known)
  await next()
  if (c.env.door !== undefined) return
  const isPage = c.res.headers.get('content-type')?.startsWith('text/html') === true
  const isNew = known === undefined && c.req.path.startsWith('/api/')
  if (isPage || isNew) {
    c.header('set-cookie', deviceCookie(known ?? newDevice()), { append: true })
  }
}

/** `?as=viewer`: who may more wants to see what others see. @throws SheafError `malformed` for what is no such role. */
function roleAtMost(text: string | undefined): { atMost?: Role } {
  if (text === undefined) return {}
  const atMost = (['viewer', 'commenter', 'editor'] as const).find(role => role === text)
  if (atMost === undefined) throw new SheafError('malformed', 'as is viewer, commenter or editor.')
  return { atMost }
}

/** `/ws/<documentId>`: the id is what follows, percent-decoded once; stock clients do not encode it. */
async function openSocket(c: Context<AppEnv>, options: AppOptions): Promise<Response> {
  const { sockets, registry, metrics, access, live, isDraining } = options
  const { door } = c.env
  if (door === undefined) {
    throw new SheafError('upgrade-required', 'This address speaks WebSocket.', { details: { upgrade: 'websocket' } })
  }
  const address = c.get('address')
  try {
    if (isDraining()) throw new SheafError('restarting')
    const identity = await identify(c, options)
    const asking = { address, ...(identity.user !== undefined && { user: identity.user.userId }) }
    sockets.checkRoomFor(asking)
    const documentId = documentIdOfPath(c.req.path)
    const atMost = roleAtMost(c.req.query('as'))
    await access.authorize(identity, 'read', documentId)
    return door.accept(opened => {
      const extension = opened.socket.protocol === sheafSubprotocol
      sockets.add(
        opened,
        asking,
        async channel => {
          try {
            return await enter(channel, extension)
          } catch (cause) {
            if (cause instanceof SheafError && cause.kind.retry !== 'later') await sockets.addresses.denied(address)
            throw cause
          }
        },
        { requestId: c.get('requestId'), documentId, extension },
      )
    })

    async function enter(channel: Channel, extension: boolean): Promise<Session> {
      await checkEpoch(registry, documentId, c.req.query('epoch'))
      // Followed from here on, so that a right that is taken away while the document loads is taken away.
      const grant = live.begin({ identity, documentId, extension, ...atMost }, access.isOpen ? 'editor' : 'none')
      try {
        await live.judge(grant)
        const { role } = grant
        if (role === 'none') throw new SheafError('not-found')
        return grant.attach(await registry.join(documentId, channel, grant), role)
      } catch (cause) {
        grant.end()
        throw cause
      }
    }
  } catch (cause) {
    if (!(cause instanceof SheafError)) throw cause
    // A browser cannot see the answer to a refused handshake: it is let in, told the reason, and closed. While the
    // server drains there is nothing to be told that is worth a socket.
    const isBrowser = c.req.header('origin') !== undefined
    if (cause.code === 'restarting') throw cause
    // Stock clients of some versions ask again ten times a second, whatever they are told.
    await sockets.addresses.denied(address)
    if (!isBrowser) throw cause
    metrics.count('sheaf_ws_upgrade_rejected_total', 1, { reason: cause.code })
    return door.accept(({ socket }) => sockets.deny(socket, cause.code))
  }
}

/** A client that kept a copy says of which timeline it is, so that no copy of another one ever gets to sync. */
async function checkEpoch(registry: Registry, documentId: string, epoch: string | undefined): Promise<void> {
  if (epoch === undefined) return
  const own = await registry.withRoom(documentId, room => room.epoch)
  if (own !== epoch) throw new SheafError('epoch')
}

function documentIdOfPath(path: string): string {
  let documentId = path.slice('/ws/'.length)
  try {
    documentId = decodeURIComponent(documentId)
  } catch {
    // Not percent-encoded after all; the check below refuses it.
  }
  if (isDocumentId(documentId)) return documentId
  throw new SheafError(
    'malformed',
    'A document id is 1 to 128 of A-Z a-z 0-9 . _ ~ - and begins with a letter or digit.',
  )
}

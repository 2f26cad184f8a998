// The composition root: store, rooms, HTTP and sockets put together, and taken apart again in the right order. Tests start it
// in their own process; the command line adds signals and flags around it.

import { fileURLToPath } from 'node:url'
import { bodyFormat, summarize } from '@sheaf/model'
import type { Limits } from '@sheaf/protocol'
import { Authority, type Identity } from './accounts/authority.ts'
import { Folders } from './accounts/folders.ts'
import { Mailer, type MailSettings } from './accounts/mail.ts'
import { Personal } from './accounts/personal.ts'
import { Search } from './accounts/search.ts'
import { folderTarget } from './accounts/sharing.ts'
import { Trash } from './accounts/trash.ts'
import { type OidcSettings, OpenIdProvider } from './auth/oidc.ts'
import type { Passwords } from './auth/passwords.ts'
import { mayDo } from './auth/roles.ts'
import { type Clock, systemClock } from './clock.ts'
import { inlineConvert, workerConvert } from './exchange/converter.ts'
import { Access } from './http/access.ts'
import { Agents } from './http/agents.ts'
import { createApp } from './http/app.ts'
import type { TlsFiles } from './http/certificate.ts'
import { Editing } from './http/editing.ts'
import { EventStreams } from './http/event-stream.ts'
import { Handles } from './http/handles.ts'
import { Health } from './http/health.ts'
import { Idempotency } from './http/idempotency.ts'
import { type ListenAddress, Listener } from './http/listener.ts'
import { LiveGrants } from './http/live.ts'
import { Proxies } from './http/proxies.ts'
import { Sockets } from './http/sockets.ts'
import { directoryFiles, type WebFiles } from './http/static.ts'
import { Writers } from './http/writers.ts'
import type { Log } from './log.ts'
import { createMetrics, type MetricsRegistry } from './metrics.ts'
import { inlineCutter, workerCutter } from './room/gate-cutter.ts'
import { Registry } from './room/registry.ts'
import { inlineCompactor } from './store/compaction.ts'
import { diskUseOf } from './store/disk-use.ts'
import { LevelStore } from './store/level.ts'
import { MemoryStore } from './store/memory.ts'
import type { Compactor, DocumentStore } from './store/store.ts'
import { workerCompactor } from './store/worker-compactor.ts'
import type { WorkerScript } from './worker.ts'

export interface ServerConfig {
  /** Directory of the store; made when it is not there. */
  readonly data: string
  readonly listen: ListenAddress
  /** Everybody who reaches the server may edit, until it has an owner; only ever on loopback. */
  readonly openMode: boolean
  /** Where people reach the server from elsewhere: `https://docs.example`. Default: it answers to loopback and addresses. */
  readonly publicUrl?: URL
  /** The server speaks TLS itself. Default: it does not. */
  readonly tls?: TlsFiles
  /** Addresses and networks of proxies whose word is taken for who asks. Default: none. */
  readonly trustedProxies?: readonly string[]
  /** With whose accounts people sign in, too. Default: with their own passwords only. */
  readonly oidc?: OidcSettings
  /** By which links for new passwords are sent. Default: owners pass them on. */
  readonly mail?: MailSettings
  readonly passwords?: Passwords
  readonly limits: Limits
  /** The built web app. Default: `web/dist` of this workspace. */
  readonly web?: WebFiles
  readonly log: Log
  readonly metrics?: MetricsRegistry
  /** Keeps documents in memory only; for tests. */
  readonly memory?: boolean
  /** What runs here, as people are told. Default: `dev`. */
  readonly version?: string
  /** Time over which the sockets of a big server are closed when it stops. Default 10 s. */
  readonly drainMs?: number
  readonly clock?: Clock
  /** The built worker in which documents are compacted. Default: they are compacted in this thread. */
  readonly compactionWorker?: WorkerScript
  /** The built worker in which large updates are looked at. Default: it is done in this thread. */
  readonly gateWorker?: WorkerScript
  /** The built worker in which files are converted. Default: it is done in this thread. */
  readonly convertWorker?: WorkerScript
  /** Time between two protocol pings. Default 25 s. */
  readonly pingMs?: number
  /** Time until an unused document leaves memory. Default: that of the registry. */
  readonly idleUnloadMs?: number
}

export interface SheafServer {
  /** `http://127.0.0.1:4747`; `https://…` where it speaks TLS itself. */
  readonly url: string
  readonly port: number
  readonly registry: Registry
  readonly store: DocumentStore
  readonly authority: Authority
  readonly metrics: MetricsRegistry
  /**
   * Stops: not ready, no new sockets, requests finished, sockets closed with 1012, everything on disk, the directory
   * free. Called again with `atOnce`, what is left of the waiting is skipped.
   */
  close(options?: { atOnce?: boolean }): Promise<void>
}

/** Requests that take longer than this do not hold up a stop. */
const requestGraceMs = 10_000

/**
 * @returns a server that listens. @throws when the port is taken (`EADDRINUSE`) or the directory belongs to another
 * process; nothing is left open then.
 */
export async function createServer(config: ServerConfig): Promise<SheafServer> {
  const clock = config.clock ?? systemClock
  const { limits, log } = config
  const metrics = config.metrics ?? createMetrics({ version: 'dev' })
  const store: DocumentStore = config.memory
    ? new MemoryStore({ clock })
    : await LevelStore.open({ directory: config.data, clock, log, metrics, compactor: compactorOf(config, clock) })
  const { records } = store
  const folders = new Folders({ records, clock })
  const authority = await Authority.open({
    records,
    clock,
    log,
    parentsOf: async documentId => {
      const { folder } = await folders.placementOf(documentId)
      return (await folders.pathOf(folder)).map(({ id }) => folderTarget(id)).reverse()
    },
    openMode: config.openMode,
    ...(config.passwords === undefined ? {} : { passwords: config.passwords }),
  })
  const live = new LiveGrants({ authority, clock, log })
  const cutter = config.gateWorker === undefined ? inlineCutter : workerCutter(config.gateWorker, { clock })
  const registry = new Registry({
    store,
    cutter,
    clock,
    limits,
    log,
    metrics,
    makesUnknown: () => authority.isOpen,
    summarize,
    onSummary: documentId => search.changed(documentId),
    format: bodyFormat,
    ...(config.idleUnloadMs === undefined ? {} : { idleUnloadMs: config.idleUnloadMs }),
  })
  const personal = new Personal({ records, clock })
  const search = new Search({ store, registry, clock, log })
  const forget = [
    (documentId: string) => authority.sharing.forget(documentId),
    (documentId: string) => search.forget(documentId),
  ]
  const trash = new Trash({ store, registry, folders, personal, clock, log, forget })
  const handles = new Handles({ records, clock })
  const idempotency = new Idempotency({ records, clock })
  const sockets = new Sockets({ limits, clock, log, metrics, pingMs: config.pingMs ?? 25_000 })
  const streams = new EventStreams({ sockets, clock })
  const agents = new Agents({ registry, live, clock, isOpen: () => authority.isOpen })
  const access = new Access({ authority, log })
  const mayEdit = async (identity: Identity, documentId: string) =>
    mayDo((await access.standingOf(identity, documentId)).role, 'edit')
  const writers = new Writers({ registry, agents, mayEdit, clock, log })
  let isDraining = false
  const app = createApp({
    store,
    registry,
    folders,
    personal,
    trash,
    search,
    convert: config.convertWorker === undefined ? inlineConvert : workerConvert(config.convertWorker),
    idempotency,
    editing: new Editing({ registry, handles, idempotency }),
    handles,
    agents,
    writers,
    sockets,
    streams,
    version: config.version ?? 'dev',
    diskUse: async () => (config.memory ? undefined : diskUseOf(config.data)),
    health: new Health({ store, clock, isDraining: () => isDraining }),
    limits,
    access,
    live,
    ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
    ...(config.mail && { mailer: new Mailer({ settings: config.mail, log }) }),
    ...(config.oidc && { provider: new OpenIdProvider({ settings: config.oidc, clock, log }) }),
    proxies: new Proxies(config.trustedProxies),
    isSecure: config.tls !== undefined || config.publicUrl?.protocol === 'https:',
    web: config.web ?? directoryFiles(fileURLToPath(new URL('../../web/dist', import.meta.url))),
    clock,
    log,
    metrics,
    isDraining: () => isDraining,
  })
  let listener: Listener
  try {
    listener = await Listener.open({
      address: config.listen,
      fetch: (request, env) => app.fetch(request, env),
      maxPayloadBytes: 2 * limits.maxFrameBytes,
      handshakeTimeoutMs: limits.handshakeMs,
      maxHeaderBytes: limits.maxHeaderBytes,
      ...(config.tls === undefined ? {} : { tls: config.tls }),
      clock,
      log,
    })
  } catch (cause) {
    live.stop()
    await sockets.drain(0)
    await trash.close()
    await search.close()
    await registry.drain()
    await cutter.close()
    await store.close()
    throw cause
  }

  const { host } = config.listen
  const { port } = listener
  const hurry = callable()
  const stop = async () => {
    isDraining = true
    streams.close()
    await Promise.race([listener.settled(), hurry.called, new Promise<void>(f => clock.after(requestGraceMs, f))])
    // Many sockets go one after the other, their documents live meanwhile; then the registry closes the rest.
    if (sockets.isMany) {
      registry.announceDrain()
      await sockets.drain(config.drainMs ?? 10_000)
    }
    await writers.close()
    await trash.close()
    await search.close()
    await registry.drain()
    await sockets.drain(0)
    live.stop()
    await cutter.close()
    await store.close()
    await listener.close()
  }
  let stopped: Promise<void> | undefined
  return {
    url: `${config.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    registry,
    store,
    authority,
    metrics,
    close(options = {}) {
      stopped ??= stop()
      if (options.atOnce) {
        sockets.hurry()
        hurry.call()
      }
      return stopped
    },
  }
}

function compactorOf({ compactionWorker }: ServerConfig, clock: Clock): Compactor {
  return compactionWorker === undefined ? inlineCompactor : workerCompactor(compactionWorker, { clock })
}

function callable(): { called: Promise<void>; call: () => void } {
  let call: () => void = () => undefined
  const called = new Promise<void>(resolve => {
    call = resolve
  })
  return { called, call }
}

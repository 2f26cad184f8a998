// The composition root: store, rooms, HTTP and sockets put together, and taken apart again in the right order. Tests start it
// in their own process; the command line adds signals and flags around it.

import { once } from 'node:events'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { bodyFormat, summarize } from '@sheaf/model'
import type { Limits } from '@sheaf/protocol'
import { type Clock, systemClock } from './clock.ts'
import { createApp } from './http/app.ts'
import { Health } from './http/health.ts'
import { Sockets } from './http/sockets.ts'
import { listenForUpgrades } from './http/upgrade.ts'
import type { Log } from './log.ts'
import { createMetrics, type MetricsRegistry } from './metrics.ts'
import { Registry } from './room/registry.ts'
import { inlineCompactor } from './store/compaction.ts'
import { LevelStore } from './store/level.ts'
import { MemoryStore } from './store/memory.ts'
import type { Compactor, DocumentStore } from './store/store.ts'
import { workerCompactor } from './store/worker-compactor.ts'

export interface ListenAddress {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** When the port is taken, take the next one that is free. */
  readonly orNext?: boolean
}

export interface ServerConfig {
  /** Directory of the store; made when it is not there. */
  readonly data: string
  readonly listen: ListenAddress
  /** Everybody who reaches the server may edit; only ever on loopback. */
  readonly openMode: boolean
  readonly limits: Limits
  /** The built web app. Default: `web/dist` of this workspace. */
  readonly webRoot?: string
  readonly log: Log
  readonly metrics?: MetricsRegistry
  /** Keeps documents in memory only; for tests. */
  readonly memory?: boolean
  /** Time over which the sockets of a big server are closed when it stops. Default 10 s. */
  readonly drainMs?: number
  readonly clock?: Clock
  /** The built worker in which documents are compacted. Default: they are compacted in this thread. */
  readonly compactionWorker?: URL
  /** Time between two protocol pings. Default 25 s. */
  readonly pingMs?: number
  /** Time until an unused document leaves memory. Default: that of the registry. */
  readonly idleUnloadMs?: number
}

export interface SheafServer {
  /** `http://127.0.0.1:4747` */
  readonly url: string
  readonly port: number
  readonly registry: Registry
  readonly store: DocumentStore
  readonly metrics: MetricsRegistry
  /**
   * Stops: not ready, no new sockets, requests finished, sockets closed with 1012, everything on disk, the directory
   * free. Called again with `atOnce`, what is left of the waiting is skipped.
   */
  close(options?: { atOnce?: boolean }): Promise<void>
}

const maxHeaderBytes = 16 * 1024
const handshakeTimeoutMs = 10_000

/** So many ports behind the asked one are tried. */
const maxNextPorts = 100

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
  const registry = new Registry({
    store,
    clock,
    limits,
    log,
    metrics,
    openMode: config.openMode,
    summarize,
    format: bodyFormat,
    ...(config.idleUnloadMs === undefined ? {} : { idleUnloadMs: config.idleUnloadMs }),
  })
  const sockets = new Sockets({ limits, clock, log, metrics, pingMs: config.pingMs ?? 25_000 })
  let isDraining = false
  const app = createApp({
    store,
    registry,
    sockets,
    health: new Health({ store, clock, isDraining: () => isDraining }),
    limits,
    openMode: config.openMode,
    webRoot: config.webRoot ?? fileURLToPath(new URL('../../web/dist', import.meta.url)),
    clock,
    log,
    metrics,
    isDraining: () => isDraining,
  })
  const requests = new Requests()
  const http = createHttpServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: handshakeTimeoutMs,
      requestTimeout: 60_000,
      keepAliveTimeout: 15_000,
      connectionsCheckingInterval: 2_000,
    },
    requests.counted(getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false })),
  )
  const endUpgrades = listenForUpgrades(http, {
    fetch: (request, env) => app.fetch(request, env),
    maxPayloadBytes: 2 * limits.maxFrameBytes,
    handshakeTimeoutMs,
    log,
  })

  try {
    await listen(http, config.listen)
  } catch (cause) {
    await registry.drain()
    await store.close()
    throw cause
  }

  const { port } = http.address() as AddressInfo
  const hurry = callable()
  const stop = async () => {
    isDraining = true
    await Promise.race([requests.settled(), hurry.called, new Promise<void>(f => clock.after(requestGraceMs, f))])
    // Many sockets go one after the other, their documents live meanwhile; then the registry tells and closes the rest.
    if (sockets.isMany) await sockets.drain(config.drainMs ?? 10_000)
    await registry.drain()
    await sockets.drain(0)
    await store.close()
    endUpgrades()
    const closed = once(http, 'close')
    http.close()
    http.closeAllConnections()
    await closed
  }
  let stopped: Promise<void> | undefined
  return {
    url: `http://${config.listen.host.includes(':') ? `[${config.listen.host}]` : config.listen.host}:${port}`,
    port,
    registry,
    store,
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

async function listen(http: Server, address: ListenAddress): Promise<void> {
  const last =
    address.orNext === true && address.port > 0 ? Math.min(address.port + maxNextPorts, 65_535) : address.port
  for (let port = address.port; ; port++) {
    try {
      http.listen(port, address.host)
      // Rejects on 'error'.
      await once(http, 'listening')
      return
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== 'EADDRINUSE' || port >= last) throw cause
    }
  }
}

/** Requests under way, so that a stop can wait for them. */
class Requests {
  #underWay = 0
  #onSettled: () => void = () => undefined

  counted<I, O extends { once(event: 'close', f: () => void): unknown }>(
    handle: (incoming: I, outgoing: O) => unknown,
  ) {
    return (incoming: I, outgoing: O): void => {
      this.#underWay += 1
      outgoing.once('close', () => {
        this.#underWay -= 1
        if (this.#underWay === 0) this.#onSettled()
      })
      handle(incoming, outgoing)
    }
  }

  settled(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#onSettled = resolve
    })
  }
}

function callable(): { called: Promise<void>; call: () => void } {
  let call: () => void = () => undefined
  const called = new Promise<void>(resolve => {
    call = resolve
  })
  return { called, call }
}

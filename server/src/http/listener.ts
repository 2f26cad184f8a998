// The port: one Node HTTP server, with or without TLS, that hands requests, and upgrades after them, to the app.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type CertificatePair, followCertificate, readCertificate, type TlsFiles } from './certificate.ts'
import { type Bindings, listenForUpgrades } from './upgrade.ts'

export interface ListenAddress {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** When the port is taken, take the next one that is free. */
  readonly orNext?: boolean
}

export interface ListenerOptions {
  readonly address: ListenAddress
  readonly fetch: (request: Request, env: Bindings) => Response | Promise<Response>
  /** Payload above which `ws` itself ends a socket with 1009. */
  readonly maxPayloadBytes: number
  readonly handshakeTimeoutMs: number
  readonly maxHeaderBytes: number
  /** Speaks TLS with this certificate; and with the next one, when the files have changed. */
  readonly tls?: TlsFiles
  readonly clock: Clock
  readonly log: Log
}

const requestTimeoutMs = 60_000

/** How often requests that take too long are looked for. */
const timeoutCheckMs = 2_000

/** So many ports behind the asked one are tried. */
const maxNextPorts = 100

export class Listener {
  readonly #http: Server
  readonly #endUpgrades: () => void
  #stopFollowing: () => void = () => undefined
  #underWay = 0
  #onSettled: () => void = () => undefined

  private constructor(options: ListenerOptions, certificate: CertificatePair | undefined) {
    const { fetch, maxPayloadBytes, handshakeTimeoutMs, maxHeaderBytes, tls, clock, log } = options
    const listener = getRequestListener((request, env) => fetch(request, env as Bindings), {
      overrideGlobalObjects: false,
    })
    const bounds = {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: handshakeTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
    }
    const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
      this.#follow(outgoing)
      listener(incoming, outgoing)
    }
    if (tls === undefined || certificate === undefined) this.#http = createServer(bounds, onRequest)
    else {
      const server = createTlsServer({ ...bounds, ...certificate, handshakeTimeout: handshakeTimeoutMs }, onRequest)
      // Those who are connected stay so.
      this.#stopFollowing = followCertificate(tls, { clock, log, use: pair => server.setSecureContext(pair) })
      this.#http = server
    }
    this.#endUpgrades = listenForUpgrades(this.#http, { fetch, maxPayloadBytes, handshakeTimeoutMs, log })
  }

  /**
   * @throws Error with the code `EADDRINUSE` when the port is taken, and one that says what is wrong with a certificate; nothing is left
   * open then.
   */
  static async open(options: ListenerOptions): Promise<Listener> {
    const certificate = options.tls === undefined ? undefined : await readCertificate(options.tls)
    const listener = new Listener(options, certificate)
    const { host, port: first, orNext = false } = options.address
    const last = orNext && first > 0 ? Math.min(first + maxNextPorts, 65_535) : first
    for (let port = first; ; port++) {
      try {
        listener.#http.listen(port, host)
        // Rejects on 'error'.
        await once(listener.#http, 'listening')
        return listener
      } catch (cause) {
        if ((cause as { code?: unknown }).code === 'EADDRINUSE' && port < last) continue
        listener.#stopFollowing()
        throw cause
      }
    }
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port
  }

  /** Resolves when no request is under way. */
  settled(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#onSettled = resolve
    })
  }

  /** Frees the port and ends every connection that is not a WebSocket; those are closed by who took them in. */
  async close(): Promise<void> {
    this.#endUpgrades()
    this.#stopFollowing()
    const closed = once(this.#http, 'close')
    this.#http.close()
    this.#http.closeAllConnections()
    await closed
  }

  #follow(outgoing: ServerResponse): void {
    this.#underWay += 1
    outgoing.once('close', () => {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#onSettled()
    })
  }
}

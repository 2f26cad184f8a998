// The port: one Node HTTP server that hands requests, and upgrades after them, to the app.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Log } from '../log.ts'
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
  #underWay = 0
  #onSettled: () => void = () => undefined

  private constructor({ fetch, maxPayloadBytes, handshakeTimeoutMs, maxHeaderBytes, log }: ListenerOptions) {
    const listener = getRequestListener((request, env) => fetch(request, env as Bindings), {
      overrideGlobalObjects: false,
    })
    this.#http = createServer(
      {
        maxHeaderSize: maxHeaderBytes,
        headersTimeout: handshakeTimeoutMs,
        requestTimeout: requestTimeoutMs,
        connectionsCheckingInterval: timeoutCheckMs,
      },
      (incoming: IncomingMessage, outgoing: ServerResponse) => {
        this.#follow(outgoing)
        listener(incoming, outgoing)
      },
    )
    this.#endUpgrades = listenForUpgrades(this.#http, { fetch, maxPayloadBytes, handshakeTimeoutMs, log })
  }

  /** @throws Error with the code `EADDRINUSE` when the port is taken; nothing is left open then. */
  static async open(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options)
    const { host, port: first, orNext = false } = options.address
    const last = orNext && first > 0 ? Math.min(first + maxNextPorts, 65_535) : first
    for (let port = first; ; port++) {
      try {
        listener.#http.listen(port, host)
        // Rejects on 'error'.
        await once(listener.#http, 'listening')
        return listener
      } catch (cause) {
        if ((cause as { code?: unknown }).code !== 'EADDRINUSE' || port >= last) throw cause
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

// A whole server in the test's own process: real HTTP, real sockets, documents in memory. Ends with the test.

import { request } from 'node:http'
import { type RequestOptions, request as requestByTls } from 'node:https'
import { defaultLimits, type Limits } from '@sheaf/protocol'
import { onTestFinished } from 'vitest'
import { createLog } from '../../server/src/log.ts'
import { createServer, type ServerConfig, type SheafServer } from '../../server/src/server.ts'

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

export interface RunningServer extends SheafServer {
  /** Every line of the log so far, debug included. */
  readonly logLines: readonly LogLine[]
}

export interface RunningServerOptions extends Partial<Omit<ServerConfig, 'limits'>> {
  readonly limits?: Partial<Limits>
}

export async function startServer(options: RunningServerOptions = {}): Promise<RunningServer> {
  const logLines: LogLine[] = []
  const { limits, ...rest } = options
  const server = await createServer({
    data: '',
    memory: true,
    listen: { host: '127.0.0.1', port: 0 },
    openMode: true,
    log: createLog({ level: 'debug', format: 'json', write: line => logLines.push(JSON.parse(line) as LogLine) }),
    limits: { ...defaultLimits, ...limits },
    ...rest,
  })
  onTestFinished(() => server.close({ atOnce: true }))
  return Object.assign(server, { logLines })
}

export interface PlainResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** A request with exactly these headers, Host included, which `fetch` does not allow. */
export function plainRequest(
  url: string,
  options: {
    method?: string
    headers?: Record<string, string>
    body?: string | Uint8Array
    connect?: RequestOptions
  } = {},
): Promise<PlainResponse> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, connect } = options
    const ask = url.startsWith('https:') ? requestByTls : request
    const sent = ask(url, { ...connect, method, headers, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    // An upgrade that was accepted: 101, and the socket is not wanted.
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '' })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Headers of a WebSocket handshake. */
export const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

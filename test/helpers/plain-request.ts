// Requests with exactly the headers that are wanted, Host and Origin included, which `fetch` does not allow.

import { request } from 'node:http'
import { type RequestOptions, request as requestByTls } from 'node:https'

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

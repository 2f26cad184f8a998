// `sheaf healthcheck`: whether the server that was started with these options turns; for containers, which have no other program.

import { get as httpGet, type RequestOptions } from 'node:http'
import { get as httpsGet } from 'node:https'
import { parseServe, type ServeConfig, UsageError } from '../config.ts'
import type { Terminal } from './terminal.ts'

/** A server that takes longer does not turn. */
const timeoutMs = 5_000

/** @returns 0 when it answers, 1 when it does not, which standard error explains. */
export async function healthcheck(args: readonly string[], terminal: Terminal): Promise<number> {
  const config = parseServe(args, terminal.env)
  if (config.listen.port === 0) throw new UsageError('--listen with port 0 does not say where the server listens.')
  const answer = await ask(config)
  if (answer === 200) return 0
  terminal.err(`sheaf: the server on port ${config.listen.port} does not answer as it should: ${answer}\n`)
  return 1
}

/** @returns the status, or why there is none. */
function ask({ listen, tls }: ServeConfig): Promise<number | string> {
  // An address that stands for all of them is no address to ask.
  const host = listen.host === '0.0.0.0' ? '127.0.0.1' : listen.host === '::' ? '::1' : listen.host
  const options: RequestOptions = { host, port: listen.port, path: '/healthz', timeout: timeoutMs, agent: false }
  return new Promise(resolve => {
    const request =
      tls === undefined
        ? httpGet(options)
        : // It is our own server on our own machine, and its certificate is for the name that others call it by.
          httpsGet({ ...options, rejectUnauthorized: false })
    request.once('response', response => {
      response.resume()
      resolve(response.statusCode ?? 'no status')
    })
    request.once('timeout', () => request.destroy(new Error(`nothing within ${timeoutMs / 1000} s`)))
    request.once('error', cause => resolve(cause.message))
  })
}

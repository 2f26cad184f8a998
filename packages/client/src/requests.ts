// One request to the API of a server: its address, who asks, and what a refusal or an unreachable server is.

import { SheafError } from '@sheaf/protocol'
import { refusalOf } from './refusals.ts'

export interface ApiOptions {
  /** Base address of the server, `http(s)`, with port and path if it has them; in a page it may be relative. */
  readonly url: string
  /** A function is asked before each request, so that it may give a new one. */
  readonly token?: string | (() => string | Promise<string>)
  readonly fetch?: typeof fetch
  /** Ends every request that is under way, and every later one. */
  readonly signal?: AbortSignal
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface Call extends CallOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** A string or a Blob is sent as it is, everything else as JSON. */
  readonly body?: unknown
}

/** So often a request is made that comes too fast, if the wait is no longer than this. */
const mostTries = 5
const longestWaitS = 30

export class Requests {
  readonly fetch: typeof fetch
  readonly #base: string
  readonly #token: ApiOptions['token']
  readonly #signal: AbortSignal | undefined

  constructor({ url, token, fetch, signal }: ApiOptions) {
    const base = new URL(url, globalThis.location?.href)
    base.protocol = base.protocol.replace(/^ws/, 'http')
    this.#base = `${base.origin}${base.pathname.replace(/\/+$/, '')}/api/v1`
    this.#token = token
    this.#signal = signal
    this.fetch = fetch ?? ((...args) => globalThis.fetch(...args))
  }

  /** @param path below `/api/v1`, its parts encoded. */
  address(path: string, query: Call['query'] = {}): string {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
    return `${this.#base}${path}${search.size > 0 ? `?${search}` : ''}`
  }

  async headers(headers: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
    const token = typeof this.#token === 'function' ? await this.#token() : this.#token
    return { accept: 'application/json', ...headers, ...(token && { authorization: `Bearer ${token}` }) }
  }

  /** @throws SheafError, `going-away` when no server answers; EditRefused; DOMException `AbortError`. */
  async send(method: string, path: string, { headers, query, body, signal }: Call = {}): Promise<Response> {
    const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof Blob)
    const sent = isJson ? JSON.stringify(body) : (body as string | Blob | undefined)
    const ends = [this.#signal, signal].filter(one => one !== undefined)
    // Made first: a token that no header can hold is a mistake here, and no server that can’t be reached.
    const all = new Headers(await this.headers({ ...(isJson && { 'content-type': 'application/json' }), ...headers }))
    const end = ends.length > 1 ? AbortSignal.any(ends) : ends[0]
    for (let tries = 1; ; tries++) {
      const response = await this.fetch(this.address(path, query), {
        method,
        headers: all,
        ...(sent !== undefined && { body: sent }),
        ...(end !== undefined && { signal: end }),
      }).catch(cause => {
        throw end?.aborted === true ? cause : unreachable(cause)
      })
      if (response.ok) return response
      const waitS = Number(response.headers.get('retry-after') ?? Number.NaN)
      // Nothing was done: who asks too fast is slowed down.
      if (response.status !== 429 || tries === mostTries || !(waitS <= longestWaitS)) throw await refusalOf(response)
      await pause(waitS * 1000, end)
    }
  }
}

/** Rejects with the reason of `end`. */
function pause(ms: number, end: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(end?.reason)
    }
    const timer = setTimeout(() => {
      end?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    end?.addEventListener('abort', stop, { once: true })
  })
}

export function unreachable(cause?: unknown): SheafError {
  return new SheafError('going-away', 'The server can’t be reached.', { cause })
}

export function pathOf(documentId: string): string {
  return `/documents/${encodeURIComponent(documentId)}`
}

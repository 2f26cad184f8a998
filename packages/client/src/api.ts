// The documents of a server over HTTP: list, make, look at, name, throw away, take back (`/api/v1/documents`). No Yjs, no
// socket. Every refusal is a SheafError with the code that the server sent (RFC 9457 problem documents).

import { type ErrorCode, errorKinds, type Layout, SheafError } from '@sheaf/protocol'

export interface ApiOptions {
  /** Base address of the server, `http(s)`, with port and path if it has them; in a page it may be relative. */
  readonly url: string
  readonly token?: string | (() => string | Promise<string>)
  readonly fetch?: typeof fetch
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

/** A document as the API shows it. Times are RFC 3339, UTC. */
export interface DocumentResource {
  readonly id: string
  readonly title: string
  /** The first words of the body. */
  readonly snippet: string
  readonly layout: Layout
  readonly createdAt: string
  readonly updatedAt: string
  /** Present while it is in the trash. */
  readonly deletedAt?: string
  /** Updates accepted so far. */
  readonly revision: number
  /** Where people open it. */
  readonly url: string
}

export interface DocumentPage {
  readonly items: readonly DocumentResource[]
  /** Pass it as `cursor` for the next page; absent on the last. */
  readonly next?: string
}

export interface ListQuery {
  /** 1..200, default 50. */
  readonly limit?: number
  readonly cursor?: string
  /** Newest edit first, or id ascending. Default `updated`. */
  readonly sort?: 'updated' | 'id'
  /** Case-insensitive part of the title. */
  readonly q?: string
  /** Those in the trash instead of those that are not. */
  readonly trashed?: boolean
}

export interface DocumentInit {
  readonly title?: string
  /** Plain text of the body. */
  readonly text?: string
}

export class DocumentsApi {
  readonly #base: string
  readonly #token: ApiOptions['token']
  readonly #fetch: typeof fetch

  constructor(options: ApiOptions) {
    const base = new URL(options.url, globalThis.location?.href)
    base.protocol = base.protocol.replace(/^ws/, 'http')
    this.#base = `${base.origin}${base.pathname.replace(/\/+$/, '')}/api/v1/documents`
    this.#token = options.token
    this.#fetch = options.fetch ?? ((...args) => globalThis.fetch(...args))
  }

  async list(query: ListQuery = {}, options: CallOptions = {}): Promise<DocumentPage> {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
    const suffix = search.size > 0 ? `?${search}` : ''
    return (await this.#call('GET', suffix, options)).json() as Promise<DocumentPage>
  }

  /** Makes a document with a fresh id; it is on disk when this resolves. */
  async create(init: DocumentInit = {}, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#call('POST', '', { ...options, body: init }))
  }

  /** Makes a document with this id. @throws SheafError `already-exists`, also for one that was thrown away. */
  async createAt(documentId: string, init: DocumentInit = {}, options: CallOptions = {}): Promise<DocumentResource> {
    const headers = { 'if-none-match': '*' }
    return resource(await this.#call('PUT', path(documentId), { ...options, body: init, headers }))
  }

  /** @throws SheafError `not-found`, or `document-deleted` while it is in the trash. */
  async get(documentId: string, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#call('GET', path(documentId), options))
  }

  async rename(documentId: string, title: string, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#call('PATCH', path(documentId), { ...options, body: { title } }))
  }

  /** Moves it to the trash; whoever has it open is told. */
  async trash(documentId: string, options: CallOptions = {}): Promise<void> {
    await this.#call('DELETE', path(documentId), options)
  }

  async restore(documentId: string, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#call('POST', `${path(documentId)}/restore`, options))
  }

  async #call(
    method: string,
    suffix: string,
    options: CallOptions & { readonly body?: object; readonly headers?: Record<string, string> },
  ): Promise<Response> {
    const token = typeof this.#token === 'function' ? await this.#token() : this.#token
    const headers: Record<string, string> = { accept: 'application/json', ...options.headers }
    if (options.body) headers['content-type'] = 'application/json'
    if (token) headers.authorization = `Bearer ${token}`
    const response = await this.#fetch(this.#base + suffix, {
      method,
      headers,
      ...(options.body && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
    })
    if (!response.ok) throw await refusal(response)
    return response
  }
}

function path(documentId: string): string {
  return `/${encodeURIComponent(documentId)}`
}

function resource(response: Response): Promise<DocumentResource> {
  return response.json() as Promise<DocumentResource>
}

/** The error that a problem document describes; one that follows from the status where there is none (a proxy answered). */
async function refusal(response: Response): Promise<SheafError> {
  const text = await response.text()
  let problem: Record<string, unknown> = {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) problem = parsed as Record<string, unknown>
  } catch {
    // No problem document; the status has to do.
  }
  const { code, detail } = problem
  const known = typeof code === 'string' && code in errorKinds ? (code as ErrorCode) : codeOfStatus(response.status)
  const details: Record<string, string | number | boolean> = { status: response.status }
  for (const [name, value] of Object.entries(problem)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') details[name] ??= value
  }
  return new SheafError(known, typeof detail === 'string' ? detail : `The server answered ${response.status}.`, {
    details,
  })
}

const statusCodes: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  429: 'rate-limited',
}

function codeOfStatus(status: number): ErrorCode {
  return statusCodes[status] ?? (status >= 500 ? 'overloaded' : 'malformed')
}

// The documents of a server over HTTP: list, make, look at, name, move, star, throw away, take back (`/api/v1/documents`). No Yjs, no
// socket. Every refusal is a SheafError with the code that the server sent (RFC 9457 problem documents).

import type { Layout } from '@sheaf/protocol'
import { refusalOf } from './refusals.ts'
import { type ApiOptions, type CallOptions, pathOf as path, Requests, unreachable } from './requests.ts'

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
  /** When it will be gone for good; present while it is in the trash. */
  readonly goneAt?: string
  /** The id of the folder that it lies in; null: in none. */
  readonly folder: string | null
  /** By who asks. */
  readonly starred: boolean
  /** Who has it open now, as they say themselves; absent when nobody has. */
  readonly people?: readonly { readonly name: string; readonly color: number }[]
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
  /** Newest first (edited, made, opened by who asks, thrown away), or ascending by id or title. Default `updated`. */
  readonly sort?: 'updated' | 'created' | 'opened' | 'deleted' | 'id' | 'title'
  /** Case-insensitive part of the title. */
  readonly q?: string
  /** Those in the trash instead of those that are not. */
  readonly trashed?: boolean
  /** The id of a folder; `none`: in no folder. */
  readonly folder?: string
  /** Only those that who asks has starred. */
  readonly starred?: boolean
  /** The id of a principal; `me`. */
  readonly owner?: string
  /** RFC 3339 */
  readonly updatedAfter?: string
}

export interface DocumentInit {
  readonly title?: string
  /** Plain text of the body; at most one of it, `markdown`, `html` and `json`. */
  readonly text?: string
  readonly markdown?: string
  readonly html?: string
  /** As content gives it in `doc`. */
  readonly json?: unknown
  /** The id of a folder. */
  readonly folder?: string | null
}

/** A file that was uploaded into a document. */
export interface AssetResource {
  /** SHA-256 of its bytes, hexadecimal. */
  readonly hash: string
  /** Where it is served, on the server. */
  readonly url: string
  /** What its bytes are; `application/octet-stream` unless they are an image that a page may show. */
  readonly type: string
  readonly size: number
  readonly name: string
  /** RFC 3339, UTC. */
  readonly createdAt: string
}

export interface UploadOptions extends CallOptions {
  /** What the file is called. */
  readonly name?: string
  /** How much of it has been sent, 0 to 1. Told on the way in a browser; in Node only at the end. */
  readonly onProgress?: (sent: number) => void
}

export class DocumentsApi {
  readonly #requests: Requests

  constructor(options: ApiOptions) {
    this.#requests = new Requests(options)
  }

  async list(query: ListQuery = {}, options: CallOptions = {}): Promise<DocumentPage> {
    const response = await this.#requests.send('GET', '/documents', { ...options, query: { ...query } })
    return response.json() as Promise<DocumentPage>
  }

  /** Every document that a list would show, page by page. */
  async *all(query: Omit<ListQuery, 'cursor'> = {}, options: CallOptions = {}): AsyncGenerator<DocumentResource> {
    let cursor: string | undefined
    do {
      const page = await this.list({ limit: 200, ...query, ...(cursor !== undefined && { cursor }) }, options)
      yield* page.items
      cursor = page.next
    } while (cursor !== undefined)
  }

  /** Makes a document with a fresh id; it is on disk when this resolves. */
  async create(init: DocumentInit = {}, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#requests.send('POST', '/documents', { ...options, body: init }))
  }

  /** Makes a document with this id. @throws SheafError `already-exists`, also for one that was thrown away. */
  async createAt(documentId: string, init: DocumentInit = {}, options: CallOptions = {}): Promise<DocumentResource> {
    const headers = { 'if-none-match': '*' }
    return resource(await this.#requests.send('PUT', path(documentId), { ...options, body: init, headers }))
  }

  /** @throws SheafError `not-found`, or `document-deleted` while it is in the trash. */
  async get(documentId: string, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#requests.send('GET', path(documentId), options))
  }

  async rename(documentId: string, title: string, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#requests.send('PATCH', path(documentId), { ...options, body: { title } }))
  }

  /** Puts it into a folder; null: into none. */
  async move(documentId: string, folder: string | null, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#requests.send('PATCH', path(documentId), { ...options, body: { folder } }))
  }

  async star(documentId: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.send('PUT', `${path(documentId)}/star`, options)
  }

  async unstar(documentId: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.send('DELETE', `${path(documentId)}/star`, options)
  }

  /** Moves it to the trash; whoever has it open is told. */
  async trash(documentId: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.send('DELETE', path(documentId), options)
  }

  async restore(documentId: string, options: CallOptions = {}): Promise<DocumentResource> {
    return resource(await this.#requests.send('POST', `${path(documentId)}/restore`, options))
  }

  /** Deletes what is in the trash for good. @throws SheafError `precondition-failed` for what is not in the trash. */
  async deleteForGood(documentId: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.send('DELETE', path(documentId), { ...options, query: { permanent: true } })
  }

  /**
   * Uploads a file into a document; it is on disk when this resolves. The same bytes twice are one asset.
   * @throws SheafError `too-large`, `storage-failed`, `not-found` …; `going-away` when no server answers; DOMException `AbortError`.
   */
  async upload(documentId: string, file: Blob, options: UploadOptions = {}): Promise<AssetResource> {
    const url = this.#requests.address(`${path(documentId)}/assets`, { name: options.name })
    const headers = await this.#requests.headers(file.type === '' ? {} : { 'content-type': file.type })
    const response = await send(url, { file, headers, fetch: this.#requests.fetch, ...options })
    if (!response.ok) throw await refusalOf(response)
    options.onProgress?.(1)
    return response.json() as Promise<AssetResource>
  }

  /** The files that were uploaded into a document. */
  async assets(documentId: string, options: CallOptions = {}): Promise<readonly AssetResource[]> {
    const response = await this.#requests.send('GET', `${path(documentId)}/assets`, options)
    return ((await response.json()) as { items: AssetResource[] }).items
  }
}

interface Sending extends UploadOptions {
  readonly file: Blob
  readonly headers: Record<string, string>
  readonly fetch: typeof fetch
}

/** `fetch` does not tell how much was sent, so a browser's older way is taken where there is one. */
async function send(url: string, { file, headers, fetch, signal, onProgress }: Sending): Promise<Response> {
  signal?.throwIfAborted()
  if (typeof XMLHttpRequest === 'undefined') {
    return fetch(url, { method: 'POST', headers, body: file, ...(signal && { signal }) }).catch(cause => {
      throw signal?.aborted ? cause : unreachable(cause)
    })
  }
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 0 : loaded / total)
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }))
    request.onerror = () => reject(unreachable())
    request.onabort = () => reject(signal?.reason)
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function resource(response: Response): Promise<DocumentResource> {
  return response.json() as Promise<DocumentResource>
}

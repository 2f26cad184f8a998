// Editing documents by programs over HTTP (docs/api.md): reading with the revision, a builder of edits, and refusals that say how the
// request can be mended. No Yjs, no socket.

import { type ApiOptions, type CallOptions, refusal } from './api.ts'

/** Words, or any target of docs/api.md. */
export type Target = string | Readonly<Record<string, unknown>>

/** One of them. */
export interface Content {
  readonly text?: string
  readonly markdown?: string
  readonly html?: string
  readonly json?: unknown
}

export type EditRequest = Readonly<Record<string, unknown>> & { readonly op: string }

export interface EditOptions extends CallOptions {
  /** The revision that the edits were made for: what was written since is merged. */
  readonly base?: string
  /** Default `merge`. */
  readonly onStale?: 'merge' | 'fail'
  /** Whether somebody’s caret in what is edited refuses it. Default `apply`. */
  readonly ifBusy?: 'apply' | 'fail'
  readonly mode?: 'apply' | 'preview'
  /** Stands in the log with the edit. */
  readonly run?: { readonly id: string }
  /** Sent again under the same key within a day it is made once. */
  readonly key?: string
}

export interface EditResult {
  readonly op: number
  readonly status: 'applied' | 'noop'
  readonly matches: number
  readonly matchedBy?: string
  readonly block?: string
  readonly before: string
  readonly after: string
}

export interface Edited {
  /** `<epoch>.<revision>`; absent for a preview. */
  readonly rev?: string
  /** Whether anything had been written since the base. */
  readonly merged: boolean
  readonly durable: boolean
  readonly results: readonly EditResult[]
  /** Of a preview. */
  readonly diff?: string
}

/** A place that may have been meant. */
export interface Candidate {
  readonly handle?: string
  readonly block?: string
  readonly context: string
}

export interface Match extends Candidate {
  readonly text: string
  readonly matchedBy: string
}

export interface Read {
  readonly body: string
  /** `<epoch>.<revision>`: the `base` of edits that are made for it. */
  readonly rev: string
}

const types = {
  markdown: 'text/markdown',
  html: 'text/html',
  text: 'text/plain',
  json: 'application/json',
} as const

/** Edits of one request, in their order; all are made, or none. */
export class EditBuilder {
  readonly edits: EditRequest[] = []

  replaceText(target: Target, text: string): this {
    return this.#add({ op: 'replaceText', target: targetOf(target), text })
  }

  /** Behind the target, where that names no edge. A string is Markdown. */
  insert(target: Target, content: string | Content): this {
    return this.#add({ op: 'insert', target: targetOf(target), ...contentOf(content) })
  }

  /** At the end of the document, or of a section. */
  append(content: string | Content, at: { readonly heading?: string } = {}): this {
    const target = at.heading === undefined ? { document: 'end' } : { heading: at.heading, edge: 'end' }
    return this.insert(target, content)
  }

  delete(target: Target): this {
    return this.#add({ op: 'delete', target: targetOf(target) })
  }

  format(
    target: Target,
    marks: {
      readonly add?: readonly { readonly type: string; readonly attrs?: object }[]
      readonly remove?: readonly string[]
    },
  ): this {
    return this.#add({ op: 'format', target: targetOf(target), ...marks })
  }

  setBlock(target: Target, shape: { readonly kind?: string; readonly attrs?: object }): this {
    return this.#add({ op: 'setBlock', target: targetOf(target), ...shape })
  }

  replaceBlock(target: Target, content: string | Content): this {
    return this.#add({ op: 'replaceBlock', target: targetOf(target), ...contentOf(content) })
  }

  move(target: Target, to: Readonly<Record<string, unknown>>): this {
    return this.#add({ op: 'move', target: targetOf(target), to })
  }

  setTitle(text: string): this {
    return this.#add({ op: 'setTitle', text })
  }

  #add(edit: EditRequest): this {
    this.edits.push(edit)
    return this
  }
}

/** The server understood the request and did nothing: what it says helps to mend it. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused'
  /** `ambiguous-target`, `target-changed` …: docs/api.md lists them. */
  readonly code: string
  readonly retry: string
  /** Which edit of the request. */
  readonly edit: number | undefined
  readonly candidates: readonly Candidate[]
  /** What stands at the target now. */
  readonly current: string | undefined
  /** The newest revision. */
  readonly rev: string | undefined

  constructor(problem: Readonly<Record<string, unknown>>) {
    super(String(problem.detail))
    this.code = String(problem.code)
    this.retry = String(problem.retry)
    this.edit = problem.edit as number | undefined
    this.candidates = (problem.candidates as readonly Candidate[] | undefined) ?? []
    this.current = problem.current as string | undefined
    this.rev = problem.rev as string | undefined
  }
}

export class EditsApi {
  readonly #base: string
  readonly #token: ApiOptions['token']
  readonly #fetch: typeof fetch

  constructor({ url, token, fetch }: ApiOptions) {
    const base = new URL(url, globalThis.location?.href)
    base.protocol = base.protocol.replace(/^ws/, 'http')
    this.#base = `${base.origin}${base.pathname.replace(/\/+$/, '')}/api/v1/documents`
    this.#token = token
    this.#fetch = fetch ?? ((...args) => globalThis.fetch(...args))
  }

  /** What a document says, and its revision. @throws SheafError `not-found` … */
  async read(
    documentId: string,
    { as = 'markdown', rev, signal }: CallOptions & { readonly as?: keyof typeof types; readonly rev?: string } = {},
  ): Promise<Read> {
    const query = rev === undefined ? '' : `?rev=${rev}`
    const headers = { accept: types[as] }
    const response = await this.#call('GET', `/${encodeURIComponent(documentId)}/content${query}`, { headers, signal })
    return { body: await response.text(), rev: response.headers.get('document-revision') ?? '' }
  }

  /**
   * Makes edits, all or none; they are on disk when this resolves.
   * @throws {@link EditRefused}; SheafError `not-found`, `forbidden`, `invalid-field` …
   */
  async edit(
    documentId: string,
    edits: readonly EditRequest[] | ((builder: EditBuilder) => EditBuilder),
    { key, signal, ...order }: EditOptions = {},
  ): Promise<Edited> {
    const all = typeof edits === 'function' ? edits(new EditBuilder()).edits : edits
    const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) }
    const body = JSON.stringify({ ...order, edits: all })
    const response = await this.#call('POST', `/${encodeURIComponent(documentId)}/edits`, { headers, body, signal })
    return response.json() as Promise<Edited>
  }

  /** Where words stand, each place with a handle that leads there after others have edited around it. */
  async find(documentId: string, quote: string, { signal }: CallOptions = {}): Promise<readonly Match[]> {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ quote })
    const response = await this.#call('POST', `/${encodeURIComponent(documentId)}/find`, { headers, body, signal })
    return ((await response.json()) as { matches: Match[] }).matches
  }

  async #call(
    method: string,
    path: string,
    { headers, body, signal }: { headers: Record<string, string>; body?: string; signal: AbortSignal | undefined },
  ): Promise<Response> {
    const token = typeof this.#token === 'function' ? await this.#token() : this.#token
    const response = await this.#fetch(this.#base + path, {
      method,
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    })
    if (response.ok) return response
    const problem = (await response
      .clone()
      .json()
      .catch(() => ({}))) as Record<string, unknown>
    const isAboutEdits = [409, 410, 422].includes(response.status) && typeof problem.code === 'string'
    throw isAboutEdits ? new EditRefused(problem) : await refusal(response)
  }
}

/** Words are meant as a quote. */
function targetOf(target: Target): Readonly<Record<string, unknown>> {
  return typeof target === 'string' ? { quote: target } : target
}

function contentOf(content: string | Content): Content {
  return typeof content === 'string' ? { markdown: content } : content
}

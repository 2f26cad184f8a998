// Editing documents by programs over HTTP (docs/api.md): reading with the revision, a builder of edits, and refusals that say how the
// request can be mended. No Yjs, no socket.

import type { Candidate } from './refusals.ts'
import { type ApiOptions, type CallOptions, pathOf, Requests } from './requests.ts'
import { DocumentWriter, type WriterOptions } from './writer.ts'

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

export interface Match extends Candidate {
  readonly text: string
  readonly matchedBy: string
}

/** One of `quote`, `block` and `heading`. */
export interface FindQuery {
  readonly quote?: string
  readonly prefix?: string
  readonly suffix?: string
  /** The id of the block that the quote stands in. */
  readonly within?: string
  readonly block?: string
  readonly heading?: string
  readonly level?: number
  /** 1..200, default 50. */
  readonly limit?: number
  /** Characters around a match, 0..400, default 40. */
  readonly context?: number
}

export interface Read {
  readonly body: string
  /** `<epoch>.<revision>`: the `base` of edits that are made for it. */
  readonly rev: string
}

/** In which state a whole body is put: without either the server refuses it as `precondition-required`. */
export interface PutOptions extends CallOptions {
  readonly as?: 'markdown' | 'html' | 'json'
  /** The revision that the body was made from: what was written since is merged. */
  readonly base?: string
  /** The revision that must be the newest; `*`: whatever is there. */
  readonly only?: string
  /** Sent again under the same key within a day it is made once. */
  readonly key?: string
}

export interface Heading {
  readonly block: string
  /** 1..4 */
  readonly level: number
  readonly text: string
  /** Of the section. */
  readonly characters: number
}

export interface Block {
  readonly id: string
  readonly kind: string
  readonly attrs: Readonly<Record<string, unknown>>
  readonly text: string
}

export interface ChangesQuery extends CallOptions {
  /** The revision behind which to begin; default: all. */
  readonly since?: string
  /** The id of a principal. */
  readonly by?: string
  readonly run?: string
}

export interface Change {
  /** `<epoch>.<revision>` behind it. */
  readonly rev: string
  /** RFC 3339, UTC. */
  readonly at: string
  /** Who; empty for the server itself. */
  readonly by: string
  /** By which door. */
  readonly origin: string
  /** Of a program: the id of its token, and its run. */
  readonly token?: string
  readonly run?: string
}

const types = {
  markdown: 'text/markdown',
  html: 'text/html',
  text: 'text/plain',
  json: 'application/json',
} as const

export type Form = keyof typeof types

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

export class EditsApi {
  readonly #requests: Requests

  constructor(options: ApiOptions) {
    this.#requests = new Requests(options)
  }

  /** What a document says, and its revision. @throws SheafError `not-found` … */
  async read(
    documentId: string,
    {
      as = 'markdown',
      rev,
      ids,
      signal,
    }: CallOptions & { readonly as?: Form; readonly rev?: string; readonly ids?: boolean } = {},
  ): Promise<Read> {
    const response = await this.#requests.send('GET', `${pathOf(documentId)}/content`, {
      headers: { accept: types[as] },
      query: { rev, ...(ids === true && { ids: 1 }) },
      ...(signal && { signal }),
    })
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
    const response = await this.#requests.send('POST', `${pathOf(documentId)}/edits`, {
      headers: key === undefined ? {} : { 'idempotency-key': key },
      body: { ...order, edits: all },
      ...(signal && { signal }),
    })
    return response.json() as Promise<Edited>
  }

  /**
   * Makes a document say this whole body; words that stay keep their authors, carets and comments.
   * @throws {@link EditRefused} `target-changed` where `base` cannot be merged; SheafError `precondition-failed` where `only` is not it.
   */
  async put(documentId: string, body: string, { as = 'markdown', key, signal, ...state }: PutOptions): Promise<Edited> {
    const response = await this.#requests.send('PUT', `${pathOf(documentId)}/content`, {
      headers: {
        'content-type': types[as],
        ...preconditionOf(state),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body,
      ...(signal && { signal }),
    })
    return response.json() as Promise<Edited>
  }

  /** Begins a text that is written bit by bit, with a caret that the others see. @throws {@link EditRefused} `target-not-found`. */
  writer(documentId: string, options: WriterOptions = {}): Promise<DocumentWriter> {
    return DocumentWriter.open(this.#requests, documentId, options)
  }

  /** Where words stand, each place with a handle that leads there after others have edited around it. */
  async find(documentId: string, quote: string | FindQuery, { signal }: CallOptions = {}): Promise<readonly Match[]> {
    const response = await this.#requests.send('POST', `${pathOf(documentId)}/find`, {
      body: typeof quote === 'string' ? { quote } : quote,
      ...(signal && { signal }),
    })
    return ((await response.json()) as { matches: Match[] }).matches
  }

  /** The headings. */
  async outline(documentId: string, options: CallOptions = {}): Promise<readonly Heading[]> {
    const response = await this.#requests.send('GET', `${pathOf(documentId)}/outline`, options)
    return ((await response.json()) as { items: Heading[] }).items
  }

  /** The blocks in their order, page by page. */
  async *blocks(documentId: string, options: CallOptions = {}): AsyncGenerator<Block> {
    yield* this.#pages<Block>(`${pathOf(documentId)}/blocks`, {}, options)
  }

  /** Who changed what, when and by which door: the rows of the log behind a revision, up to the newest. */
  async *changes(documentId: string, { signal, since, ...query }: ChangesQuery = {}): AsyncGenerator<Change> {
    const after = since?.split('.').at(-1)
    const path = `${pathOf(documentId)}/changes`
    yield* this.#pages<Change>(path, { ...query, after }, signal ? { signal } : {})
  }

  async *#pages<T>(path: string, query: Record<string, string | undefined>, options: CallOptions): AsyncGenerator<T> {
    let after = query.after
    do {
      const response = await this.#requests.send('GET', path, { ...options, query: { ...query, after } })
      const page = (await response.json()) as { readonly items: readonly T[]; readonly next?: string }
      yield* page.items
      after = page.next
    } while (after !== undefined)
  }
}

function preconditionOf({ base, only }: Pick<PutOptions, 'base' | 'only'>): Record<string, string> {
  if (base !== undefined) return { 'merge-base': base }
  return only === undefined ? {} : { 'if-match': only === '*' ? only : `"${only}"` }
}

/** Words are meant as a quote. */
function targetOf(target: Target): Readonly<Record<string, unknown>> {
  return typeof target === 'string' ? { quote: target } : target
}

function contentOf(content: string | Content): Content {
  return typeof content === 'string' ? { markdown: content } : content
}

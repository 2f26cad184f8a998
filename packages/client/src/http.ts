// The documents of a server for programs that have no Yjs: lists, contents, edits and what became of them, by plain HTTP. Whatever runs
// `fetch` runs it.

import { DocumentsApi } from './api.ts'
import { EditsApi } from './edits.ts'
import { EventsApi } from './events.ts'
import { type ApiOptions, Requests } from './requests.ts'

export { SheafError } from '@sheaf/protocol'
export * from './api.ts'
export * from './edits.ts'
export * from './events.ts'
export * from './files.ts'
export { type Candidate, EditRefused } from './refusals.ts'
export type { ApiOptions, CallOptions } from './requests.ts'
export type { DocumentWriter, WriterOptions, Written } from './writer.ts'

/** Who asks, as the server sees it. */
export interface Asker {
  /** `user`, `guest` …; `anonymous`: nobody that the server knows. */
  readonly kind: string
  /** `open`: whoever reaches the server edits. */
  readonly mode: 'open' | 'accounts'
  /** Of an account. */
  readonly user?: { readonly id: string; readonly name: string }
}

export interface Connected extends AsyncDisposable {
  readonly documents: DocumentsApi
  readonly edits: EditsApi
  readonly events: EventsApi
  /** @throws SheafError `unauthorized` for a token that is not one. */
  me(): Promise<Asker>
}

/** One server. `await using` ends the requests that are under way at the end of the block; each ends with DOMException `AbortError`. */
export function connect(url: string, options: Omit<ApiOptions, 'url'> = {}): Connected {
  const end = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, end.signal]) : end.signal
  const all = { ...options, url, signal }
  const requests = new Requests(all)
  return {
    documents: new DocumentsApi(all),
    edits: new EditsApi(all),
    events: new EventsApi(all),
    me: async () => (await requests.send('GET', '/me')).json() as Promise<Asker>,
    async [Symbol.asyncDispose]() {
      end.abort()
    },
  }
}

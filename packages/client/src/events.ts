// What happens to a document, as it happens: the server-sent events of docs/api.md as an async iterable that comes back by itself.

import { type ErrorCode, errorKinds, SheafError } from '@sheaf/protocol'
import { reconnectDelayMs } from './backoff.ts'
import type { Change } from './edits.ts'
import { eventsOf } from './event-stream.ts'
import { type ApiOptions, type CallOptions, pathOf, Requests } from './requests.ts'

export interface WatchOptions extends CallOptions {
  /** The revision that is known: what came since is told first. Default: from now on. */
  readonly since?: string
}

export class EventsApi {
  readonly #requests: Requests

  constructor(options: ApiOptions) {
    this.#requests = new Requests(options)
  }

  /**
   * The changes of a document, each once and in their order, over restarts of the server and losses of the network, until the loop is
   * left or `signal` ends it.
   * @throws SheafError `not-found`, `forbidden`, `document-deleted` …, also later; EditRefused `epoch-mismatch` after a restore.
   */
  async *watch(documentId: string, { since, signal }: WatchOptions = {}): AsyncGenerator<Change> {
    let after = since
    let failures = 0
    // Whoever leaves the loop leaves the stream.
    const left = new AbortController()
    const ends = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal])
    try {
      while (!ends.aborted) {
        try {
          const call = { headers: { accept: 'text/event-stream' }, query: { after }, signal: ends }
          const { body } = await this.#requests.send('GET', `${pathOf(documentId)}/events`, call)
          for await (const { event, data } of eventsOf(body!)) {
            failures = 0
            const fields: unknown = JSON.parse(data)
            if (event === 'close') throw endOf(fields)
            const { rev, changes = [] } = fields as { readonly rev?: string; readonly changes?: readonly Change[] }
            after = rev ?? after
            yield* changes
          }
        } catch (cause) {
          if (ends.aborted) return
          // What is lost on the way comes as a TypeError.
          const isForNow = cause instanceof SheafError ? cause.retry === 'later' : cause instanceof TypeError
          if (!isForNow) throw cause
        }
        await pause(reconnectDelayMs(failures, 1006, '', Math.random()), ends)
        failures += 1
      }
    } finally {
      left.abort()
    }
  }
}

function endOf(data: unknown): SheafError {
  const { code } = data as { readonly code?: string }
  return new SheafError(code !== undefined && code in errorKinds ? (code as ErrorCode) : 'internal')
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

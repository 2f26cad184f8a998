// The few calls of the document API that the pages need (paths and shapes of /api/v1).

import { signal } from '@preact/signals'
import { type ErrorCode, errorKinds, type Layout, SheafError } from '@sheaf/protocol'

export interface DocumentEntry {
  readonly id: string
  readonly title: string
  readonly snippet: string
  /** RFC 3339 */
  readonly updatedAt: string
  readonly layout: Layout
  /** RFC 3339; only in the trash */
  readonly deletedAt?: string
}

export interface DocumentPage {
  readonly items: readonly DocumentEntry[]
  /** Cursor of the next page; null or absent on the last one. */
  readonly next?: string | null
}

/** Grows with every change of the list that was made here; a list that is shown is then read again. */
export const listChanges = signal(0)

export async function listDocuments(
  query: { q?: string; trashed?: boolean; cursor?: string },
  signal?: AbortSignal,
): Promise<DocumentPage> {
  const parameters = new URLSearchParams({ limit: '100' })
  if (query.q !== undefined && query.q !== '') parameters.set('q', query.q)
  if (query.trashed === true) parameters.set('trashed', 'true')
  if (query.cursor !== undefined) parameters.set('cursor', query.cursor)
  const response = await call('GET', `/documents?${parameters}`, signal)
  return (await response.json()) as DocumentPage
}

export async function createDocument(): Promise<{ id: string }> {
  const response = await call('POST', '/documents', undefined, {})
  return (await response.json()) as { id: string }
}

export async function trashDocument(id: string): Promise<void> {
  await call('DELETE', `/documents/${id}`)
  listChanges.value++
}

export async function restoreDocument(id: string): Promise<void> {
  await call('POST', `/documents/${id}/restore`)
  listChanges.value++
}

/** @throws SheafError with the code of the problem; `going-away` where no server answers. */
async function call(method: string, path: string, signal?: AbortSignal, body?: unknown): Promise<Response> {
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      signal: signal ?? null,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new SheafError('going-away', 'The server can’t be reached.', { cause })
  }
  if (response.ok) return response
  const problem = (await response.json().catch(() => null)) as { code?: string; detail?: string } | null
  const code =
    problem?.code !== undefined && problem.code in errorKinds ? (problem.code as ErrorCode) : codeOf(response)
  throw new SheafError(code, problem?.detail)
}

/** For answers that are not ours: a proxy in between. */
function codeOf(response: Response): ErrorCode {
  if (response.status === 404) return 'not-found'
  return response.status >= 500 ? 'going-away' : 'internal'
}

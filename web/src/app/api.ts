// The few calls of the document API that the pages need (paths and shapes of /api/v1).

import { signal } from '@preact/signals'
import { type ErrorCode, errorKinds, type Layout, SheafError } from '@sheaf/protocol'
import { closed } from './account/closed.ts'

export interface DocumentEntry {
  readonly id: string
  readonly title: string
  readonly snippet: string
  /** RFC 3339 */
  readonly updatedAt: string
  readonly layout: Layout
  /** RFC 3339; only in the trash */
  readonly deletedAt?: string
  /** RFC 3339; only in the trash: when it will be gone for good */
  readonly goneAt?: string
  /** The folder that it lies in; null, or absent in a copy that is kept: in none. */
  readonly folder?: string | null
  readonly starred?: boolean
  /** Who has it open now. */
  readonly people?: readonly { readonly name: string; readonly color: number }[]
}

export interface DocumentPage {
  readonly items: readonly DocumentEntry[]
  /** Cursor of the next page; null or absent on the last one. */
  readonly next?: string | null
}

export interface FolderEntry {
  readonly id: string
  readonly name: string
  /** Null at the top. */
  readonly parent: string | null
}

/** Text with what was found in it: ranges of UTF-16 code units, in order. */
export interface Marked {
  readonly text: string
  readonly marks: readonly (readonly [from: number, to: number])[]
}

export interface SearchHit {
  readonly id: string
  readonly title: Marked
  readonly snippet: (Marked & { readonly block: string | null }) | null
  readonly folder: string | null
  readonly updatedAt: string
}

/** What became of the files that were brought. */
export interface ImportReport {
  readonly documents: readonly {
    readonly id: string
    readonly title: string
    readonly notes: readonly { readonly what: 'images' | 'styles' | 'encoding'; readonly count: number }[]
  }[]
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

export interface ListQuery {
  readonly q?: string
  readonly trashed?: boolean
  readonly starred?: boolean
  readonly shared?: boolean
  /** An id, or `none`. */
  readonly folder?: string
  readonly owner?: 'me'
  readonly sort?: 'updated' | 'opened' | 'title' | 'created' | 'deleted'
  readonly cursor?: string
}

/** Grows with every change of the list that was made here; a list that is shown is then read again. */
export const listChanges = signal(0)

export async function listDocuments(query: ListQuery, signal?: AbortSignal): Promise<DocumentPage> {
  const parameters = new URLSearchParams({ limit: '100' })
  for (const [name, value] of Object.entries(query)) if (value !== '') parameters.set(name, String(value))
  const response = await call('GET', `/documents?${parameters}`, signal)
  return (await response.json()) as DocumentPage
}

/** Best first. */
export async function searchDocuments(words: string, signal?: AbortSignal): Promise<readonly SearchHit[]> {
  const response = await call('GET', `/search?${new URLSearchParams({ q: words, limit: '50' })}`, signal)
  return ((await response.json()) as { items: SearchHit[] }).items
}

export async function createDocument(fields: { folder?: string } = {}): Promise<{ id: string }> {
  const response = await call('POST', '/documents', undefined, fields)
  return (await response.json()) as { id: string }
}

export async function readDocument(id: string): Promise<DocumentEntry> {
  return (await (await call('GET', `/documents/${id}`)).json()) as DocumentEntry
}

export async function moveDocument(id: string, folder: string | null): Promise<void> {
  await call('PATCH', `/documents/${id}`, undefined, { folder })
  listChanges.value++
}

export async function starDocument(id: string, starred: boolean): Promise<void> {
  await call(starred ? 'PUT' : 'DELETE', `/documents/${id}/star`)
}

/** Remembers that it was opened now. */
export async function visitDocument(id: string): Promise<void> {
  await call('PUT', `/documents/${id}/visit`)
}

export async function deleteForGood(id: string): Promise<void> {
  await call('DELETE', `/documents/${id}?permanent=true`)
}

export async function listFolders(): Promise<readonly FolderEntry[]> {
  return ((await (await call('GET', '/folders')).json()) as { items: FolderEntry[] }).items
}

export async function createFolder(name: string, parent: string | null): Promise<FolderEntry> {
  return (await (await call('POST', '/folders', undefined, { name, parent })).json()) as FolderEntry
}

export async function changeFolder(
  id: string,
  fields: { name?: string; parent?: string | null },
): Promise<FolderEntry> {
  return (await (await call('PATCH', `/folders/${id}`, undefined, fields)).json()) as FolderEntry
}

/** @returns how many documents went to the trash. */
export async function removeFolder(id: string, contents: 'up' | 'trash'): Promise<{ documents: number }> {
  const response = await call('DELETE', `/folders/${id}?contents=${contents}`)
  listChanges.value++
  return (await response.json()) as { documents: number }
}

export async function restoreFolder(id: string): Promise<void> {
  await call('POST', `/folders/${id}/restore`)
  listChanges.value++
}

export async function trashDocument(id: string): Promise<void> {
  await call('DELETE', `/documents/${id}`)
  listChanges.value++
}

export async function restoreDocument(id: string): Promise<void> {
  await call('POST', `/documents/${id}/restore`)
  listChanges.value++
}

/** Makes a document of a file, or of each file in a zip. */
export async function importFile(name: string, file: Blob, folder: string | null): Promise<ImportReport> {
  const query = new URLSearchParams({ name, ...(folder !== null && { folder }) })
  const response = await send('POST', `/imports?${query}`, {
    headers: { accept: 'application/json', 'content-type': file.type || 'application/octet-stream' },
    body: file,
  })
  listChanges.value++
  return (await response.json()) as ImportReport
}

/** @throws SheafError with the code of the problem; `going-away` where no server answers. */
function call(method: string, path: string, signal?: AbortSignal, body?: unknown): Promise<Response> {
  return send(method, path, {
    signal: signal ?? null,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function send(method: string, path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, { method, ...init })
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new SheafError('going-away', 'The server can’t be reached.', { cause })
  }
  if (response.ok) return response
  // Nobody is signed in, or not any more.
  if (response.status === 401 && !path.startsWith('/sessions')) closed.value = 'signin'
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

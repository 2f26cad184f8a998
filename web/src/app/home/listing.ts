// The list that the home page shows: what is asked for, what came, and what is done to it. A row leaves at once; it comes back when the
// server does not agree, or with Undo.

import { computed, effect, signal } from '@preact/signals'
import { SheafError } from '@sheaf/protocol'
import {
  type DocumentEntry,
  deleteForGood,
  type ListQuery,
  listChanges,
  listDocuments,
  moveDocument,
  restoreDocument,
  type SearchHit,
  searchDocuments,
  starDocument,
  trashDocument,
} from '../api.ts'
import { showToast, toastMs } from '../parts/toast.tsx'
import { nameOf, readFolders } from './folders.ts'
import { query } from './query.ts'
import { refused } from './refused.ts'
import { sameView, type View } from './views.ts'
import { words } from './words.ts'

export type Listing =
  | { readonly state: 'loading' }
  | { readonly state: 'here'; readonly items: readonly DocumentEntry[]; readonly next: string | null }
  | { readonly state: 'found'; readonly query: string; readonly hits: readonly SearchHit[] }
  | { readonly state: 'unreachable'; readonly kept: readonly DocumentEntry[] }

export type Sort = 'updated' | 'opened' | 'title' | 'created'

const searchAfterMs = 120
/** The server refreshes names and snippets some seconds after the last key; a list that is younger is read again. */
const summaryMs = 5000

export const view = signal<View>({ kind: 'home' })
export const listing = signal<Listing>({ state: 'loading' })
export const sort = signal<Sort>('updated')
export const onlyMine = signal(false)
export const selected = signal<ReadonlySet<string>>(new Set())

const request = computed(() => ({
  view: view.value,
  words: query.value.trim(),
  sort: sort.value,
  onlyMine: onlyMine.value,
  changes: listChanges.value,
}))
type Request = typeof request.value

let waiting: AbortController | undefined
let lookAgain: ReturnType<typeof setTimeout> | undefined

/** Follows what is asked for until it is stopped. */
export function showList(shown: View): () => void {
  if (!sameView(view.peek(), shown)) listing.value = { state: 'loading' }
  query.value = ''
  selected.value = new Set()
  view.value = shown
  void readFolders()
  // One request after all of the above, and one whenever something changes, a little later than the keys.
  let timer: ReturnType<typeof setTimeout> | undefined
  let isFirst = true
  const stop = effect(() => {
    const wanted = request.value
    clearTimeout(timer)
    timer = setTimeout(() => void load(wanted), isFirst ? 0 : searchAfterMs)
    isFirst = false
  })
  const again = (): void => {
    if (document.visibilityState !== 'visible') return
    reload()
    void readFolders()
  }
  document.addEventListener('visibilitychange', again)
  addEventListener('online', again)
  return () => {
    stop()
    clearTimeout(timer)
    clearTimeout(lookAgain)
    waiting?.abort()
    document.removeEventListener('visibilitychange', again)
    removeEventListener('online', again)
  }
}

export function reload(): void {
  void load(request.peek())
}

export async function loadMore(cursor: string): Promise<void> {
  // A fresh look would show the first page only.
  clearTimeout(lookAgain)
  const before = listing.value
  const page = await listDocuments({ ...listQuery(request.peek()), cursor }).catch(refused)
  if (page === undefined || before.state !== 'here' || listing.value !== before) return
  listing.value = { ...before, items: [...before.items, ...page.items], next: page.next ?? null }
}

export function toggleSelected(id: string): void {
  const after = new Set(selected.value)
  if (!after.delete(id)) after.add(id)
  selected.value = after
}

export async function toggleStar(entry: DocumentEntry): Promise<void> {
  const starred = entry.starred !== true
  change(entry.id, { starred })
  const before = view.peek()
  try {
    await starDocument(entry.id, starred)
    // A list that was opened meanwhile may not have known it.
    if (!sameView(before, view.peek())) reload()
  } catch (error) {
    refused(error)
    reload()
  }
}

export async function moveToTrash(ids: readonly string[]): Promise<void> {
  takeOut(ids)
  if (!(await all(ids, trashDocument))) return
  showToast({
    text: ids.length === 1 ? words.movedToTrash : words.manyMovedToTrash(ids.length),
    action: { name: words.undo, run: () => void all(ids, restoreDocument) },
  })
}

export async function moveTo(
  entries: readonly Pick<DocumentEntry, 'id' | 'folder'>[],
  folder: string | null,
): Promise<void> {
  const moved = entries.filter(entry => (entry.folder ?? null) !== folder)
  const { kind } = view.peek()
  if (kind === 'folder' || kind === 'drafts') takeOut(moved.map(({ id }) => id))
  else for (const { id } of moved) change(id, { folder })
  if (!(await each(moved, ({ id }) => moveDocument(id, folder)))) return
  selected.value = new Set()
  if (moved.length === 0) return
  const undo = (): void => void each(moved, entry => moveDocument(entry.id, entry.folder ?? null))
  showToast({ text: words.movedTo(nameOf(folder)), action: { name: words.undo, run: undo } })
}

export async function restore(ids: readonly string[]): Promise<void> {
  takeOut(ids)
  if (!(await all(ids, restoreDocument))) return
  void readFolders()
  showToast({ text: ids.length === 1 ? words.restored : words.manyRestored(ids.length) })
}

/** What cannot be taken back waits as long as its toast stands. */
export function deleteForever(ids: readonly string[]): void {
  takeOut(ids)
  const timer = setTimeout(() => void all(ids, deleteForGood), toastMs)
  const undo = (): void => {
    clearTimeout(timer)
    reload()
  }
  showToast({
    text: ids.length === 1 ? words.deletedForGood : words.manyDeletedForGood(ids.length),
    action: { name: words.undo, run: undo },
  })
}

async function load(wanted: Request): Promise<void> {
  if (wanted.view.kind === 'folders') return
  waiting?.abort()
  waiting = new AbortController()
  const { signal: aborted } = waiting
  try {
    if (wanted.view.kind === 'kept') {
      await showKept(wanted, aborted)
    } else if (wanted.words !== '' && wanted.view.kind !== 'trash') {
      const hits = await searchDocuments(wanted.words, aborted)
      listing.value = { state: 'found', query: wanted.words, hits }
    } else {
      const page = await listDocuments(listQuery(wanted), aborted)
      listing.value = { state: 'here', items: page.items, next: page.next ?? null }
      lookAgainAt(page.items[0])
    }
  } catch (error) {
    if (aborted.aborted) return
    if (!(error instanceof SheafError)) throw error
    await showKept(wanted, aborted)
  }
}

function listQuery({ view, words, sort, onlyMine }: Request): ListQuery {
  if (view.kind === 'trash') return { trashed: true, sort: 'deleted', q: words }
  return {
    sort,
    ...(view.kind === 'folder' && { folder: view.folder }),
    ...(view.kind === 'drafts' && { folder: 'none' }),
    ...(view.kind === 'starred' && { starred: true }),
    ...(view.kind === 'shared' && { shared: true }),
    ...(onlyMine && { owner: 'me' }),
  }
}

/** The kept copies need Yjs and the store; their code is fetched only when it is wanted. */
async function showKept(wanted: Request, aborted: AbortSignal): Promise<void> {
  const { keptEntries } = await import('./kept.ts')
  const kept = wanted.view.kind === 'trash' ? [] : await keptEntries()
  if (aborted.aborted) return
  const part = wanted.words.toLocaleLowerCase()
  const items = kept.filter(entry => entry.title.toLocaleLowerCase().includes(part))
  listing.value =
    wanted.view.kind === 'kept' ? { state: 'here', items, next: null } : { state: 'unreachable', kept: items }
}

function lookAgainAt(newest: DocumentEntry | undefined): void {
  clearTimeout(lookAgain)
  const agoMs = newest === undefined ? Number.POSITIVE_INFINITY : Date.now() - Date.parse(newest.updatedAt)
  if (agoMs < summaryMs) lookAgain = setTimeout(reload, summaryMs)
}

/** @returns false when one of them was refused; the list then shows what is so. */
async function all(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<boolean> {
  return each(ids, act)
}

async function each<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<boolean> {
  try {
    for (const item of items) await act(item)
    return true
  } catch (error) {
    refused(error)
    reload()
    return false
  }
}

function takeOut(ids: readonly string[]): void {
  selected.value = new Set([...selected.value].filter(id => !ids.includes(id)))
  const list = listing.value
  if (list.state === 'here') listing.value = { ...list, items: list.items.filter(({ id }) => !ids.includes(id)) }
  else if (list.state === 'found') listing.value = { ...list, hits: list.hits.filter(({ id }) => !ids.includes(id)) }
}

function change(id: string, fields: Partial<DocumentEntry>): void {
  const list = listing.value
  if (list.state !== 'here') return
  listing.value = { ...list, items: list.items.map(item => (item.id === id ? { ...item, ...fields } : item)) }
}

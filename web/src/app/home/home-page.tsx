// The home page and the trash: what there is, newest first, by day. It needs neither the editor nor Yjs, so it is small.

import { computed, effect, signal } from '@preact/signals'
import { SheafError } from '@sheaf/protocol'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import {
  createDocument,
  type DocumentEntry,
  listChanges,
  listDocuments,
  restoreDocument,
  trashDocument,
} from '../api.ts'
import { Icon } from '../parts/icon.tsx'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { dayGroup, groupBy } from '../time.ts'
import { words } from '../words.ts'
import { DocumentRow, ListSkeleton } from './document-list.tsx'
import { query } from './query.ts'
import { Sidebar, TabBar, TopBar } from './sidebar.tsx'
import '../../css/home.css'

type Listing =
  | { readonly state: 'loading' }
  | {
      readonly state: 'here'
      readonly items: readonly DocumentEntry[]
      readonly query: string
      readonly next: string | null
    }
  | { readonly state: 'unreachable'; readonly kept: readonly DocumentEntry[] }

/** Skeletons come late: a list that is there at once should not flash. */
const skeletonAfterMs = 300
const searchAfterMs = 120

const shownIn = signal<'home' | 'trash'>('home')
const listing = signal<Listing>({ state: 'loading' })
const request = computed(() => ({
  trashed: shownIn.value === 'trash',
  q: query.value.trim(),
  changes: listChanges.value,
}))
let waiting: AbortController | undefined
/** The server refreshes names and snippets some seconds after the last key; a list that is younger is read again. */
const summaryMs = 5000
let lookAgain: ReturnType<typeof setTimeout> | undefined

export function HomePage({ trash }: { trash: boolean }): VNode {
  useEffect(() => {
    document.title = trash ? `${words.trash} – Sheaf` : 'Sheaf'
    query.value = ''
    listing.value = { state: 'loading' }
    shownIn.value = trash ? 'trash' : 'home'
    // One request after all of the above, and one whenever the query changes, a little later than the keys.
    let timer: ReturnType<typeof setTimeout> | undefined
    let first = true
    const stop = effect(() => {
      const wanted = request.value
      clearTimeout(timer)
      timer = setTimeout(() => void load(wanted), first ? 0 : searchAfterMs)
      first = false
    })
    const again = (): void => {
      if (document.visibilityState === 'visible') void load(request.peek())
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
  }, [trash])

  return (
    <div class="home">
      <a class="skip" href="#documents">
        Documents
      </a>
      <TopBar />
      <Sidebar trash={trash} />
      <main class="home-main" id="documents" tabIndex={-1}>
        <div class="home-head">
          <h1>{trash ? words.trash : words.home}</h1>
          <span class="grow" />
          {!trash && <NewButton />}
        </div>
        <Documents trash={trash} />
      </main>
      {!trash && <NewButton floating />}
      <TabBar trash={trash} />
    </div>
  )
}

function NewButton({ floating = false }: { floating?: boolean }): VNode {
  return (
    <button
      type="button"
      class={floating ? 'new-floating' : 'button primary new-button'}
      onClick={() => void newDocument()}
    >
      <Icon name="plus" size={floating ? 20 : 16} />
      {floating ? words.newShort : words.newDocument}
    </button>
  )
}

function Documents({ trash }: { trash: boolean }): VNode {
  const list = listing.value
  if (list.state === 'loading') return <ListSkeleton afterMs={skeletonAfterMs} />
  if (list.state === 'unreachable') {
    return (
      <section class="documents">
        <p class="notice">
          <Icon name="cloud-off" />
          <span>{list.kept.length > 0 ? words.unreachable : words.unreachableEmpty}</span>
          <button type="button" class="button line" onClick={() => void load(request.peek())}>
            {words.tryAgain}
          </button>
        </p>
        <Groups items={list.kept} row={entry => <DocumentRow key={entry.id} entry={entry} />} />
      </section>
    )
  }
  if (list.items.length === 0) {
    if (list.query !== '') return <p class="empty">{words.nothingFound(list.query)}</p>
    return <p class="empty">{trash ? words.emptyTrash : words.emptyHome}</p>
  }
  const row = (entry: DocumentEntry): VNode => (
    <DocumentRow
      key={entry.id}
      entry={entry}
      {...(trash ? { onRestore: () => void restore(entry) } : { onTrash: () => void moveToTrash(entry) })}
    />
  )
  return (
    <section class="documents">
      {!trash && list.query === '' && (
        <div class="section-head">
          <h2>{words.recent}</h2>
        </div>
      )}
      <Groups items={list.items} row={row} />
      {list.next !== null && (
        <button type="button" class="button more-button" onClick={() => void loadMore(list.next!)}>
          Show more
        </button>
      )}
    </section>
  )
}

function Groups({ items, row }: { items: readonly DocumentEntry[]; row: (entry: DocumentEntry) => VNode }): VNode {
  const now = new Date()
  return (
    <>
      {groupBy(items, entry => dayGroup(new Date(entry.deletedAt ?? entry.updatedAt), now)).map(group => (
        <section key={group.heading} aria-label={group.heading}>
          <h3 class="group">{group.heading}</h3>
          <ul>{group.items.map(row)}</ul>
        </section>
      ))}
    </>
  )
}

async function load(wanted: { trashed: boolean; q: string }): Promise<void> {
  waiting?.abort()
  waiting = new AbortController()
  const { signal: aborted } = waiting
  try {
    const page = await listDocuments({ trashed: wanted.trashed, q: wanted.q }, aborted)
    listing.value = { state: 'here', items: page.items, query: wanted.q, next: page.next ?? null }
    clearTimeout(lookAgain)
    const newest = page.items[0]
    const agoMs = newest === undefined ? Number.POSITIVE_INFINITY : Date.now() - Date.parse(newest.updatedAt)
    if (agoMs < summaryMs) lookAgain = setTimeout(() => void load(request.peek()), summaryMs)
  } catch (error) {
    if (aborted.aborted) return
    if (!(error instanceof SheafError)) throw error
    // The kept copies need Yjs and the store; they are fetched only now that they are wanted.
    const { keptEntries } = await import('./kept.ts')
    const kept = wanted.trashed ? [] : await keptEntries()
    if (!aborted.aborted) listing.value = { state: 'unreachable', kept: kept.filter(entry => matches(entry, wanted.q)) }
  }
}

async function loadMore(cursor: string): Promise<void> {
  // A fresh look would show the first page only.
  clearTimeout(lookAgain)
  const before = listing.value
  const { trashed, q } = request.peek()
  const page = await listDocuments({ trashed, q, cursor }).catch(refused)
  if (page === undefined || before.state !== 'here' || listing.value !== before) return
  listing.value = { ...before, items: [...before.items, ...page.items], next: page.next ?? null }
}

async function newDocument(): Promise<void> {
  try {
    const { id } = await createDocument()
    navigate(`/d/${id}`, { fresh: true })
  } catch (error) {
    if (!(error instanceof SheafError)) throw error
    showToast({ text: error.code === 'going-away' ? words.notMade : error.message })
  }
}

/** The row leaves at once; it comes back if the server does not agree, or with Undo. */
async function moveToTrash(entry: DocumentEntry): Promise<void> {
  takeOut(entry)
  try {
    await trashDocument(entry.id)
  } catch (error) {
    refused(error)
    return load(request.peek())
  }
  showToast({ text: words.movedToTrash, action: { name: words.undo, run: () => void bringBack(entry) } })
}

async function restore(entry: DocumentEntry): Promise<void> {
  takeOut(entry)
  try {
    await restoreDocument(entry.id)
  } catch (error) {
    refused(error)
    return load(request.peek())
  }
  showToast({ text: words.restored, action: { name: words.open, run: () => navigate(`/d/${entry.id}`) } })
}

async function bringBack(entry: DocumentEntry): Promise<void> {
  await restoreDocument(entry.id).catch(refused)
}

function takeOut(entry: DocumentEntry): void {
  const list = listing.value
  if (list.state === 'here') listing.value = { ...list, items: list.items.filter(item => item.id !== entry.id) }
}

function refused(error: unknown): undefined {
  if (!(error instanceof SheafError)) throw error
  showToast({ text: error.code === 'going-away' ? words.notDone : error.message })
}

function matches(entry: DocumentEntry, words: string): boolean {
  return entry.title.toLocaleLowerCase().includes(words.toLocaleLowerCase())
}

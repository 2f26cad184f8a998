// The home page and what it can show: recent documents, stars, a folder, drafts, the trash, what is kept on this device, and what was
// searched for. It needs neither the editor nor Yjs, so it is small.

import { signal } from '@preact/signals'
import { newDocumentId, SheafError } from '@sheaf/protocol'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { createDocument, type DocumentEntry } from '../api.ts'
import { Icon } from '../parts/icon.tsx'
import { lazily } from '../parts/lazy.tsx'
import { MenuButton, MenuRow } from '../parts/menu.tsx'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { dayGroup, groupBy } from '../time.ts'
import { openMoveDialog } from './dialogs.ts'
import { DocumentRow, HitRow, KeptRow, ListSkeleton, TrashRow } from './document-list.tsx'
import { FolderMenuRows, FolderTree } from './folder-tree.tsx'
import { children, pathTo } from './folders.ts'
import { importFiles, pickFiles, progress } from './import-files.ts'
import {
  deleteForever,
  type Listing,
  listing,
  loadMore,
  moveTo,
  moveToTrash,
  onlyMine,
  reload,
  restore,
  type Sort,
  selected,
  showList,
  sort,
  toggleSelected,
} from './listing.ts'
import { query } from './query.ts'
import { Sidebar, TabBar, TopBar } from './sidebar.tsx'
import { pathOf, type View } from './views.ts'
import { words } from './words.ts'
import '../../css/breadcrumb.css'
import '../../css/home.css'

/** Skeletons come late: a list that is there at once should not flash. */
const skeletonAfterMs = 300
/** Files are held over the page. */
const filesAbove = signal(false)

/** Comes after the list. */
const Templates = lazily(async () => (await import('./templates.tsx')).Templates)

export function HomePage({ view }: { view: View }): VNode {
  const path = pathOf(view)
  useEffect(() => showList(view), [path])
  const title = titleOf(view)
  useEffect(() => {
    document.title = view.kind === 'home' ? 'Sheaf' : `${title} – Sheaf`
  }, [title])
  return (
    <div class="home">
      <a class="skip" href="#documents">
        {words.documents}
      </a>
      <TopBar />
      <Sidebar view={view} />
      <main
        class={`home-main in-${view.kind}`}
        id="documents"
        tabIndex={-1}
        onKeyDown={onKeyDown}
        {...fileTarget(view)}
      >
        <Head view={view} title={title} />
        {view.kind === 'home' && query.value.trim() === '' && <Templates folder={null} />}
        {view.kind === 'folders' ? <FolderTree /> : <Documents view={view} />}
        {filesAbove.value && <p class="drop-files">{words.dropFiles}</p>}
      </main>
      {view.kind !== 'trash' && view.kind !== 'kept' && <NewButton view={view} floating />}
      {selected.value.size > 0 && <SelectionBar view={view} />}
      <TabBar view={view} />
    </div>
  )
}

function Head({ view, title }: { view: View; title: string }): VNode {
  const path = view.kind === 'folder' ? pathTo(view.folder) : []
  const folder = path.at(-1)
  return (
    <div class="home-head">
      <div class="home-title">
        {path.length > 1 && (
          <nav class="breadcrumb" aria-label={words.breadcrumb}>
            {path.slice(0, -1).map(({ id, name }) => (
              <a key={id} href={pathOf({ kind: 'folder', folder: id })}>
                {name}
              </a>
            ))}
          </nav>
        )}
        <h1>{title}</h1>
      </div>
      {folder !== undefined && (
        <MenuButton name={words.moreFor(folder.name)} class="button square" button={<Icon name="ellipsis" size={18} />}>
          <FolderMenuRows folder={folder} />
        </MenuButton>
      )}
      <span class="grow" />
      {view.kind !== 'trash' && view.kind !== 'kept' && view.kind !== 'folders' && (
        <>
          <ImportButton view={view} />
          <NewButton view={view} />
        </>
      )}
    </div>
  )
}

function ImportButton({ view }: { view: View }): VNode {
  const { value } = progress
  return (
    <button
      type="button"
      class="button line import-button"
      disabled={value !== undefined}
      onClick={() => pickFiles(folderOf(view))}
    >
      <Icon name="file-up" size={16} />
      {value === undefined ? words.import : words.importing(value.done + 1, value.of)}
    </button>
  )
}

function NewButton({ view, floating = false }: { view: View; floating?: boolean }): VNode {
  return (
    <button
      type="button"
      class={floating ? 'new-floating' : 'button primary new-button'}
      onClick={() => void newDocument(view)}
    >
      <Icon name="plus" size={floating ? 20 : 16} />
      {floating ? words.newShort : words.newDocument}
    </button>
  )
}

function Documents({ view }: { view: View }): VNode {
  const list = listing.value
  if (list.state === 'loading') return <ListSkeleton afterMs={skeletonAfterMs} />
  if (list.state === 'unreachable') return <Unreachable kept={list.kept} />
  if (list.state === 'found') return <Results list={list} />
  const inside = view.kind === 'folder' ? (children.value.get(view.folder) ?? []) : []
  if (list.items.length === 0 && inside.length === 0) return <Empty view={view} />
  return (
    <section class="documents">
      {inside.length > 0 && (
        <ul class="folder-cards" aria-label={words.folders}>
          {inside.map(({ id, name }) => (
            <li key={id}>
              <a class="folder-card" href={pathOf({ kind: 'folder', folder: id })}>
                <Icon name="folder" />
                {name}
              </a>
            </li>
          ))}
        </ul>
      )}
      {view.kind !== 'trash' && view.kind !== 'kept' && <ListHead view={view} />}
      {list.items.length === 0 && <Empty view={view} />}
      {view.kind === 'kept' ? (
        <ul>
          {list.items.map(entry => (
            <KeptRow key={entry.id} entry={entry} />
          ))}
        </ul>
      ) : (
        <Groups
          items={list.items}
          row={entry =>
            view.kind === 'trash' ? (
              <TrashRow key={entry.id} entry={entry} />
            ) : (
              <DocumentRow key={entry.id} entry={entry} folder={view.kind !== 'folder' && view.kind !== 'drafts'} />
            )
          }
        />
      )}
      {list.next !== null && (
        <button type="button" class="button more-button" onClick={() => void loadMore(list.next!)}>
          {words.showMore}
        </button>
      )}
    </section>
  )
}

function ListHead({ view }: { view: View }): VNode {
  const sorts: Record<Sort, string> = {
    updated: words.lastEdited,
    opened: words.lastOpened,
    title: words.name,
    created: words.created,
  }
  return (
    <div class="section-head">
      <h2>{view.kind === 'home' ? words.recent : words.documents}</h2>
      <span class="grow" />
      <MenuButton
        name={words.whose(onlyMine.value ? words.mine : words.anyones)}
        class="button list-choice"
        button={
          <>
            {onlyMine.value ? words.mine : words.anyones}
            <Icon name="chevron-down" size={14} />
          </>
        }
      >
        <MenuRow checked={!onlyMine.value} onChoose={() => (onlyMine.value = false)}>
          {words.anyones}
        </MenuRow>
        <MenuRow checked={onlyMine.value} onChoose={() => (onlyMine.value = true)}>
          {words.mine}
        </MenuRow>
      </MenuButton>
      <MenuButton
        name={words.order(sorts[sort.value])}
        class="button list-choice"
        button={
          <>
            {sorts[sort.value]}
            <Icon name="chevron-down" size={14} />
          </>
        }
      >
        {(Object.keys(sorts) as Sort[]).map(key => (
          <MenuRow key={key} checked={sort.value === key} onChoose={() => (sort.value = key)}>
            {sorts[key]}
          </MenuRow>
        ))}
      </MenuButton>
    </div>
  )
}

function Results({ list }: { list: Extract<Listing, { state: 'found' }> }): VNode {
  return (
    <section class="documents results" aria-label={words.search}>
      <p class="result-count" role="status">
        {list.hits.length === 0 ? '' : words.found(list.hits.length)}
      </p>
      {list.hits.length === 0 ? (
        <p class="empty">{words.nothingFound(list.query)}</p>
      ) : (
        <ul>
          {list.hits.map(hit => (
            <HitRow key={hit.id} hit={hit} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Unreachable({ kept }: { kept: readonly DocumentEntry[] }): VNode {
  return (
    <section class="documents">
      <p class="notice">
        <Icon name="cloud-off" />
        <span>{kept.length > 0 ? words.unreachable : words.unreachableEmpty}</span>
        <button type="button" class="button line" onClick={reload}>
          {words.tryAgain}
        </button>
      </p>
      <ul>
        {kept.map(entry => (
          <KeptRow key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  )
}

/** Exactly these words. */
function Empty({ view }: { view: View }): VNode {
  const text: Record<View['kind'], string> = {
    home: words.emptyHome,
    shared: words.emptyShared,
    starred: words.emptyStarred,
    drafts: words.emptyDrafts,
    folder: words.emptyFolder,
    folders: words.noFolders,
    trash: words.emptyTrash,
    kept: words.emptyKept,
  }
  return (
    <div class="empty">
      <p>{text[view.kind]}</p>
      {view.kind === 'home' && (
        <div class="empty-actions">
          <button type="button" class="button line" onClick={() => void newDocument(view)}>
            <Icon name="plus" size={16} />
            {words.newDocument}
          </button>
          <button type="button" class="button line" onClick={() => pickFiles(null)}>
            <Icon name="file-up" size={16} />
            {words.import}
          </button>
        </div>
      )}
    </div>
  )
}

function Groups({ items, row }: { items: readonly DocumentEntry[]; row: (entry: DocumentEntry) => VNode }): VNode {
  if (sort.value !== 'updated' && items[0]?.deletedAt === undefined) return <ul>{items.map(row)}</ul>
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

/** What is done to all that are selected. */
function SelectionBar({ view }: { view: View }): VNode {
  const list = listing.value
  const entries = list.state === 'here' ? list.items.filter(({ id }) => selected.value.has(id)) : []
  const ids = entries.map(({ id }) => id)
  return (
    <div class="selection-bar" role="toolbar" aria-label={words.selection}>
      <b role="status">{words.selectedCount(ids.length)}</b>
      {view.kind === 'trash' ? (
        <>
          <BarButton icon="rotate-ccw" onClick={() => void restore(ids)}>
            {words.restore}
          </BarButton>
          <BarButton icon="trash-2" onClick={() => deleteForever(ids)}>
            {words.deleteForGood}
          </BarButton>
        </>
      ) : (
        <>
          <BarButton icon="folder-input" onClick={() => void openMoveDialog(entries, moveTo)}>
            {words.moveToFolder}
          </BarButton>
          <BarButton icon="trash-2" onClick={() => void moveToTrash(ids)}>
            {words.moveToTrash}
          </BarButton>
        </>
      )}
      <button type="button" class="button square" aria-label={words.unselectAll} onClick={unselectAll}>
        <Icon name="x" size={16} />
      </button>
    </div>
  )
}

function BarButton(props: {
  icon: 'rotate-ccw' | 'trash-2' | 'folder-input'
  onClick: () => void
  children: string
}): VNode {
  return (
    <button type="button" class="button" onClick={props.onClick}>
      <Icon name={props.icon} size={16} />
      <span>{props.children}</span>
    </button>
  )
}

/** Arrow keys walk the rows; x selects, Delete throws away what is selected or under the focus, Escape ends a selection. */
function onKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (event.key === 'Escape' && selected.value.size > 0) return unselectAll()
  const name = event.target instanceof Element ? event.target.closest<HTMLElement>('a.document-name') : null
  if (name === null) return
  const rows = [...document.querySelectorAll<HTMLElement>('.documents a.document-name')]
  const id = name.dataset.id
  if (event.key === 'ArrowDown') rows[rows.indexOf(name) + 1]?.focus()
  else if (event.key === 'ArrowUp') (rows[rows.indexOf(name) - 1] ?? name).focus()
  else if (event.key === 'x' && id !== undefined) toggleSelected(id)
  else if (event.key === 'Delete' && id !== undefined) {
    const ids = selected.value.size > 0 ? [...selected.value] : [id]
    rows[rows.indexOf(name) + 1]?.focus()
    void moveToTrash(ids)
  } else return
  event.preventDefault()
}

/** Without a server it is made on this device, and on the server when there is one again. */
async function newDocument(view: View): Promise<void> {
  try {
    const { id } = await createDocument(view.kind === 'folder' ? { folder: view.folder } : {})
    navigate(`/d/${id}`, { fresh: true })
  } catch (error) {
    if (!(error instanceof SheafError)) throw error
    if (error.code === 'going-away') navigate(`/d/${newDocumentId()}`, { fresh: true, made: true })
    else showToast({ text: error.message })
  }
}

/** Files that are dropped become documents in what is shown. */
function fileTarget(view: View): {
  onDragOver: (event: DragEvent) => void
  onDragLeave: (event: DragEvent) => void
  onDrop: (event: DragEvent) => void
} {
  const takes = view.kind !== 'trash' && view.kind !== 'kept'
  return {
    onDragOver: event => {
      if (!takes || !event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      filesAbove.value = true
    },
    onDragLeave: event => {
      const to = event.relatedTarget
      if (!(to instanceof Node) || !(event.currentTarget as Node).contains(to)) filesAbove.value = false
    },
    onDrop: event => {
      filesAbove.value = false
      const files = [...(event.dataTransfer?.files ?? [])]
      if (!takes || files.length === 0) return
      event.preventDefault()
      void importFiles(files, folderOf(view))
    },
  }
}

function folderOf(view: View): string | null {
  return view.kind === 'folder' ? view.folder : null
}

function titleOf(view: View): string {
  if (view.kind === 'folder') return pathTo(view.folder).at(-1)?.name ?? ''
  return {
    home: query.value.trim() === '' ? words.home : words.search,
    shared: words.sharedWithMe,
    starred: words.starred,
    drafts: words.drafts,
    folders: words.folders,
    trash: words.trash,
    kept: words.onThisDevice,
  }[view.kind]
}

function unselectAll(): void {
  selected.value = new Set()
}

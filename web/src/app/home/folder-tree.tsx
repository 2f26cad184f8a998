// The folders as a tree: arrow keys walk and open, F2 renames, Delete throws away; documents and folders can be dropped on each.

import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { me } from '../account/closed.ts'
import type { FolderEntry } from '../api.ts'
import { Icon } from '../parts/icon.tsx'
import { MenuButton, MenuRow } from '../parts/menu.tsx'
import { openExportDialog } from '../parts/open-export.ts'
import { navigate } from '../router.ts'
import { openFolderSharing, openMoveDialog, openNameDialog } from './dialogs.ts'
import { dragFolder, dropTarget, target } from './drag.ts'
import { children, deleteFolder, folders, moveFolder, newFolder, pathTo, renameFolder } from './folders.ts'
import { view } from './listing.ts'
import { pathOf } from './views.ts'
import { words } from './words.ts'

const openKey = 'sheaf.folders'
/** The folders that show what is in them; kept in this browser. */
const opened = signal<ReadonlySet<string>>(readOpened())

export function FolderTree(): VNode {
  const top = children.value.get(null) ?? []
  return (
    <section class="folder-section">
      <div class="folder-head">
        <h2>{words.folders}</h2>
        <button
          type="button"
          class="button square"
          aria-label={words.newFolder}
          data-tip={words.newFolder}
          onClick={() => askForFolder(null)}
        >
          <Icon name="plus" size={16} />
        </button>
      </div>
      {folders.value !== undefined && top.length === 0 && <p class="folder-none">{words.noFolders}</p>}
      {top.length > 0 && (
        <div class="folder-tree" role="tree" aria-label={words.folders} tabIndex={-1} onKeyDown={onKeyDown}>
          {top.map(folder => (
            <Branch key={folder.id} folder={folder} depth={0} />
          ))}
        </div>
      )}
    </section>
  )
}

/** Opens a dialog that makes a folder, and then the folder. */
export function askForFolder(parent: string | null): void {
  const onSave = async (name: string): Promise<void> => {
    const id = await newFolder(name, parent)
    if (id === undefined) return
    if (parent !== null) setOpen(parent, true)
    navigate(pathOf({ kind: 'folder', folder: id }))
  }
  void openNameDialog({
    title: words.newFolder,
    value: '',
    button: words.makeFolder,
    onSave: name => void onSave(name),
  })
}

export function FolderMenuRows({ folder }: { folder: FolderEntry }): VNode {
  return (
    <>
      <MenuRow icon="plus" onChoose={() => askForFolder(folder.id)}>
        {words.newFolderInside}
      </MenuRow>
      <MenuRow icon="pencil" hint="F2" onChoose={() => askForName(folder)}>
        {words.rename}
      </MenuRow>
      <MenuRow
        icon="folder-input"
        onChoose={() => void openMoveDialog([folder.id], ([id], to) => moveFolder(id!, to), folder.id)}
      >
        {words.moveToFolder}
      </MenuRow>
      {me.value?.user?.isOwner === true && (
        <MenuRow icon="users" onChoose={() => void openFolderSharing(folder)}>
          {words.shareFolder}
        </MenuRow>
      )}
      <MenuRow
        icon="download"
        onChoose={() => void openExportDialog(folder.name, `/api/v1/exports?folder=${folder.id}`)}
      >
        {words.export}
      </MenuRow>
      <hr />
      <MenuRow icon="arrow-up" onChoose={() => void deleteAndLeave(folder, 'up')}>
        {words.deleteKeepDocuments}
      </MenuRow>
      <MenuRow icon="trash-2" danger onChoose={() => void deleteAndLeave(folder, 'trash')}>
        {words.deleteFolder}
      </MenuRow>
    </>
  )
}

function Branch({ folder, depth }: { folder: FolderEntry; depth: number }): VNode {
  const inside = children.value.get(folder.id) ?? []
  const shown = view.value
  const isCurrent = shown.kind === 'folder' && shown.folder === folder.id
  const holdsCurrent = shown.kind === 'folder' && pathTo(shown.folder).some(({ id }) => id === folder.id) && !isCurrent
  const isOpen = inside.length > 0 && (opened.value.has(folder.id) || holdsCurrent)
  const isFirst = children.value.get(null)?.[0]?.id === folder.id
  return (
    <div role="none">
      <div
        role="none"
        class={`folder-row${target.value === folder.id ? ' target' : ''}`}
        style={{ paddingInlineStart: `${depth * 20}px` }}
        draggable
        onDragStart={event => dragFolder(event, folder.id)}
        {...dropTarget(folder.id)}
      >
        <button
          type="button"
          class="folder-open"
          tabIndex={-1}
          aria-hidden="true"
          style={{ visibility: inside.length > 0 ? 'visible' : 'hidden' }}
          onClick={() => setOpen(folder.id, !isOpen)}
        >
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={14} />
        </button>
        <a
          role="treeitem"
          class="navigation-link"
          href={pathOf({ kind: 'folder', folder: folder.id })}
          data-folder={folder.id}
          draggable={false}
          tabIndex={isCurrent || (shown.kind !== 'folder' && isFirst) ? 0 : -1}
          aria-level={depth + 1}
          aria-current={isCurrent ? 'page' : undefined}
          aria-expanded={inside.length > 0 ? isOpen : undefined}
        >
          <Icon name={isOpen ? 'folder-open' : 'folder'} />
          <span>{folder.name}</span>
        </a>
        <MenuButton
          name={words.moreFor(folder.name)}
          class="button square folder-more"
          button={<Icon name="ellipsis" size={16} />}
        >
          <FolderMenuRows folder={folder} />
        </MenuButton>
      </div>
      {isOpen && (
        // biome-ignore lint/a11y/useSemanticElements: a group of a tree is no fieldset
        <div role="group">
          {inside.map(below => (
            <Branch key={below.id} folder={below} depth={depth + 1} />
          ))}
        </div>
      )}
    </div>
  )
}

function onKeyDown(event: KeyboardEvent): void {
  const item = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=treeitem]') : null
  const id = item?.dataset.folder
  const folder = folders.peek()?.find(candidate => candidate.id === id)
  if (item === null || id === undefined || folder === undefined || event.ctrlKey || event.metaKey || event.altKey)
    return
  const tree = event.currentTarget as HTMLElement
  const all = [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const at = all.indexOf(item)
  const isOpen = item.getAttribute('aria-expanded')
  const go = (to: HTMLElement | undefined): void => to?.focus()
  if (event.key === 'ArrowDown') go(all[at + 1])
  else if (event.key === 'ArrowUp') go(all[at - 1])
  else if (event.key === 'Home') go(all[0])
  else if (event.key === 'End') go(all.at(-1))
  else if (event.key === 'ArrowRight') isOpen === 'false' ? setOpen(id, true) : isOpen === 'true' && go(all[at + 1])
  else if (event.key === 'ArrowLeft') {
    if (isOpen === 'true') setOpen(id, false)
    else go(all.find(other => other.dataset.folder === folder.parent))
  } else if (event.key === 'F2') askForName(folder)
  else if (event.key === 'Delete') void deleteAndLeave(folder, 'trash')
  else return
  event.preventDefault()
}

function askForName(folder: FolderEntry): void {
  const onSave = (name: string): void => void renameFolder(folder.id, name)
  void openNameDialog({ title: words.renameFolder, value: folder.name, button: words.rename, onSave })
}

async function deleteAndLeave(folder: FolderEntry, contents: 'up' | 'trash'): Promise<void> {
  const shown = view.peek()
  const leaves = shown.kind === 'folder' && pathTo(shown.folder).some(({ id }) => id === folder.id)
  await deleteFolder(folder.id, contents)
  if (leaves) navigate(folder.parent === null ? '/' : pathOf({ kind: 'folder', folder: folder.parent }))
}

function setOpen(id: string, isOpen: boolean): void {
  const after = new Set(opened.value)
  if (isOpen) after.add(id)
  else after.delete(id)
  opened.value = after
  try {
    localStorage.setItem(openKey, JSON.stringify([...after]))
  } catch {
    // Storage is switched off: open for as long as this page lives.
  }
}

function readOpened(): Set<string> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(openKey) ?? '[]')
    return new Set(Array.isArray(value) ? value.filter(id => typeof id === 'string') : [])
  } catch {
    return new Set()
  }
}

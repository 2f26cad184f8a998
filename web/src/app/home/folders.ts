// The folders of the server, and what can be done with them. Read once, and again after every change.

import { computed, signal } from '@preact/signals'
import { SheafError } from '@sheaf/protocol'
import { changeFolder, createFolder, type FolderEntry, listFolders, removeFolder, restoreFolder } from '../api.ts'
import { showToast } from '../parts/toast.tsx'
import { refused } from './refused.ts'
import { words } from './words.ts'

/** Undefined until they are read. */
export const folders = signal<readonly FolderEntry[] | undefined>(undefined)

/** By the id of the parent, in the order of their names; null is the top. */
export const children = computed(() => {
  const by = new Map<string | null, FolderEntry[]>()
  const all = [...(folders.value ?? [])].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  for (const folder of all) by.set(folder.parent, [...(by.get(folder.parent) ?? []), folder])
  return by
})

/** The folder and those above it, the top one first. */
export function pathTo(id: string | null): FolderEntry[] {
  const path: FolderEntry[] = []
  for (let at = id; at !== null && path.length < 100; ) {
    const folder = folders.value?.find(candidate => candidate.id === at)
    if (folder === undefined) break
    path.unshift(folder)
    at = folder.parent
  }
  return path
}

/** True when a folder is this one or lies somewhere in it. */
export function isInside(id: string, outer: string): boolean {
  return pathTo(id).some(folder => folder.id === outer)
}

export async function readFolders(): Promise<void> {
  try {
    folders.value = await listFolders()
  } catch (error) {
    // Without a network the tree is as it was; the page says so itself.
    if (!(error instanceof SheafError)) throw error
  }
}

export async function newFolder(name: string, parent: string | null): Promise<string | undefined> {
  const made = await createFolder(name, parent).catch(refused)
  await readFolders()
  return made?.id
}

export async function renameFolder(id: string, name: string): Promise<void> {
  await changeFolder(id, { name }).catch(refused)
  await readFolders()
}

export async function moveFolder(id: string, parent: string | null): Promise<void> {
  const before = folders.value?.find(folder => folder.id === id)
  if (before === undefined || before.parent === parent || (parent !== null && isInside(parent, id))) return
  const moved = await changeFolder(id, { parent }).catch(refused)
  await readFolders()
  if (moved === undefined) return
  const undo = (): void => void changeFolder(id, { parent: before.parent }).catch(refused).then(readFolders)
  showToast({ text: words.movedTo(nameOf(parent)), action: { name: words.undo, run: undo } })
}

/** Throws it away with what is in it; Undo takes all of it back. */
export async function deleteFolder(id: string, contents: 'up' | 'trash'): Promise<void> {
  const removed = await removeFolder(id, contents).catch(refused)
  await readFolders()
  if (removed === undefined) return
  const undo = (): void => void restoreFolder(id).catch(refused).then(readFolders)
  showToast({
    text: contents === 'trash' && removed.documents > 0 ? words.folderTrashed(removed.documents) : words.folderRemoved,
    action: { name: words.undo, run: undo },
  })
}

export function nameOf(folder: string | null): string {
  return folder === null ? words.drafts : (folders.peek()?.find(({ id }) => id === folder)?.name ?? words.drafts)
}

// Folders, and which document lies in which. A tree by name: every folder knows its parent, and the whole tree is small enough to be
// kept in memory. A folder that was thrown away stays as a mark until what was in it is gone too, so that taking anything back puts
// it where it was. Roles follow the tree: `pathOf` is what rights inherit along.
//
// Records: `folder` by its id; `placement` as `d/<document>` (where it lies, whose it is), with `f/<folder>/<document>` and
// `o/<owner>/<document>` beside it, which answer the other way round.

import { randomId, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { RecordChange, Records } from '../store/records.ts'

export interface Folder {
  readonly id: string
  readonly name: string
  /** Null at the top. */
  readonly parent: string | null
  readonly createdMs: number
}

/** Where a document lies, and who made it. */
export interface Placement {
  /** Null: in no folder. */
  readonly folder: string | null
  /** The id of a principal; null where nobody is known. */
  readonly owner: string | null
}

/** What becomes of what is in a folder that is thrown away: it moves one up, or into the trash. */
export type Contents = 'up' | 'trash'

/** Folders one inside the other, the first at the top. */
export const maxFolderDepth = 10
/** Folders in all: every page shows the tree whole. */
export const maxFolders = 2_000
export const maxFolderName = 100

/** With those that were thrown away lately. */
const maxKept = 5 * maxFolders

interface StoredFolder {
  readonly name: string
  readonly parent: string | null
  readonly createdMs: number
  /** When it was thrown away, with what moved up then. */
  readonly gone?: { readonly ms: number; readonly documents: readonly string[]; readonly folders: readonly string[] }
}

export class Folders {
  readonly #records: Records
  readonly #clock: Clock
  /** Null until it is read; thrown away by every change. */
  #tree: Promise<Map<string, StoredFolder>> | null = null

  constructor(options: { readonly records: Records; readonly clock: Clock }) {
    this.#records = options.records
    this.#clock = options.clock
  }

  /** All that are there, in no order. */
  async list(): Promise<Folder[]> {
    const tree = await this.#read()
    return [...tree].flatMap(([id, folder]) => {
      if (!isThere(tree, id)) return []
      // Where the record of its parent was lost, it stands at the top.
      return folder.parent === null || tree.has(folder.parent)
        ? folderOf(id, folder)
        : folderOf(id, { ...folder, parent: null })
    })
  }

  /** The folder and those above it, the top one first; empty when it is not there. */
  async pathOf(folderId: string | null): Promise<Folder[]> {
    const tree = await this.#read()
    if (folderId === null || !isThere(tree, folderId)) return []
    return [...ancestors(tree, folderId)].reverse().map(id => folderOf(id, tree.get(id)!))
  }

  /** @throws SheafError `not-found` when there is no folder `parent`; `invalid-field` when there are too many, or too deep. */
  async create(fields: { readonly name: string; readonly parent: string | null }): Promise<Folder> {
    return this.#change(async (change, tree) => {
      const there = [...tree.keys()].filter(id => isThere(tree, id)).length
      if (there >= maxFolders || tree.size >= maxKept) throw badField('parent', `At most ${maxFolders} folders`)
      checkParent(tree, fields.parent, 1)
      const id = randomId(12)
      const folder: StoredFolder = { ...fields, createdMs: this.#clock.nowMs() }
      change.put('folder', id, folder)
      return folderOf(id, folder)
    })
  }

  /**
   * Renames or moves it. @throws SheafError `not-found`; `invalid-field` when it would lie inside itself, or too deep.
   */
  async change(id: string, fields: { readonly name?: string; readonly parent?: string | null }): Promise<Folder> {
    return this.#change(async (change, tree) => {
      const before = needFolder(tree, id)
      const { parent = before.parent, name = before.name } = fields
      if (parent !== before.parent) {
        checkParent(tree, parent, heightOf(tree, id))
        if (parent !== null && [...ancestors(tree, parent)].includes(id)) {
          throw badField('parent', 'A folder cannot lie inside itself')
        }
      }
      const after: StoredFolder = { ...before, name, parent }
      change.put('folder', id, after)
      return folderOf(id, after)
    })
  }

  /**
   * Throws it away with the folders in it; the documents are the caller's to throw away. With `up`, what is directly in it moves to
   * its parent before. @throws SheafError `not-found`.
   */
  async remove(id: string, contents: Contents): Promise<void> {
    const documents = contents === 'up' ? await this.documentsIn(id) : []
    await this.#change(async (change, tree) => {
      const folder = needFolder(tree, id)
      const ms = this.#clock.nowMs()
      if (contents === 'trash') {
        change.put('folder', id, { ...folder, gone: { ms, documents: [], folders: [] } })
        return
      }
      const folders = [...tree].filter(([child, { parent }]) => parent === id && isThere(tree, child))
      for (const [child, value] of folders) change.put('folder', child, { ...value, parent: folder.parent })
      const moved: string[] = []
      for (const documentId of documents) if (await move(change, documentId, id, folder.parent)) moved.push(documentId)
      change.put('folder', id, { ...folder, gone: { ms, documents: moved, folders: folders.map(([child]) => child) } })
    })
  }

  /**
   * Takes it back, with the folders above it, and with what moved up when it went and is still there.
   * @returns since when it was gone; undefined when it is there. @throws SheafError `not-found`.
   */
  async restore(id: string): Promise<number | undefined> {
    return this.#change(async (change, tree) => {
      const folder = tree.get(id)
      if (folder === undefined) throw noFolder()
      for (const above of ancestors(tree, id)) revive(change, tree, above)
      if (folder.gone === undefined) return undefined
      for (const child of folder.gone.folders) {
        const value = tree.get(child)
        if (value?.parent === folder.parent && isThere(tree, child))
          change.put('folder', child, { ...value, parent: id })
      }
      for (const documentId of folder.gone.documents) await move(change, documentId, folder.parent, id)
      return folder.gone.ms
    })
  }

  /** Where a document lies. A folder that was thrown away is none. */
  async placementOf(documentId: string): Promise<Placement> {
    const tree = await this.#read()
    const stored = await this.#records.get<Placement>('placement', `d/${documentId}`)
    if (stored === undefined) return nowhere
    return stored.folder === null || isThere(tree, stored.folder) ? stored : { ...stored, folder: null }
  }

  /** Says whose a new document is, and where it lies. @throws SheafError `not-found` when there is no such folder. */
  async adopt(documentId: string, placement: Placement): Promise<void> {
    await this.#change(async (change, tree) => {
      if (placement.folder !== null) needFolder(tree, placement.folder)
      const before = await change.get<Placement>('placement', `d/${documentId}`)
      if (before !== undefined) unplace(change, documentId, before)
      place(change, documentId, placement)
    })
  }

  /** @throws SheafError `not-found` when there is no such folder. */
  async put(documentId: string, folder: string | null): Promise<void> {
    await this.#change(async (change, tree) => {
      if (folder !== null) needFolder(tree, folder)
      const before = (await change.get<Placement>('placement', `d/${documentId}`)) ?? nowhere
      unplace(change, documentId, before)
      place(change, documentId, { ...before, folder })
    })
  }

  /** A document comes back from the trash: the folders that it was in are there again. */
  async putBack(documentId: string): Promise<void> {
    const stored = await this.#records.get<Placement>('placement', `d/${documentId}`)
    if (stored?.folder == null) return
    const { folder } = stored
    await this.#change(async (change, tree) => {
      if (tree.has(folder)) for (const above of ancestors(tree, folder)) revive(change, tree, above)
    })
  }

  /** A document is gone for good. */
  async forget(documentId: string): Promise<void> {
    await this.#change(async change => {
      const before = await change.get<Placement>('placement', `d/${documentId}`)
      if (before === undefined) return
      unplace(change, documentId, before)
      change.delete('placement', `d/${documentId}`)
    })
  }

  /** The documents directly in a folder, in the trash or not. */
  documentsIn(folderId: string): Promise<string[]> {
    return this.#documentsUnder(`f/${folderId}/`)
  }

  /** The documents that a principal made. */
  documentsOf(owner: string): Promise<string[]> {
    return this.#documentsUnder(`o/${owner}/`)
  }

  /** The folder and all folders below it. @throws SheafError `not-found`. */
  async below(folderId: string): Promise<Folder[]> {
    const tree = await this.#read()
    needFolder(tree, folderId)
    return descendants(tree, folderId).map(id => folderOf(id, tree.get(id)!))
  }

  /** Forgets folders that were thrown away before a time. */
  async sweep(beforeMs: number): Promise<void> {
    const tree = await this.#read()
    const old = [...tree].filter(([, { gone }]) => gone !== undefined && gone.ms < beforeMs)
    if (old.length === 0) return
    await this.#change(async (change, now) => {
      for (const [id] of old) {
        if (now.get(id)?.gone !== undefined) for (const below of descendants(now, id)) change.delete('folder', below)
      }
    })
  }

  async #documentsUnder(prefix: string): Promise<string[]> {
    const records = await this.#records.list('placement', { prefix })
    return records.map(({ key }) => key.slice(prefix.length))
  }

  #read(): Promise<Map<string, StoredFolder>> {
    this.#tree ??= this.#load().catch(cause => {
      this.#tree = null
      throw cause
    })
    return this.#tree
  }

  async #load(): Promise<Map<string, StoredFolder>> {
    const records = await this.#records.list<StoredFolder>('folder')
    return new Map(records.map(({ key, value }) => [key, value]))
  }

  /** Changes run one after another, so the tree that one sees is the one that it changes: no two moves can close a circle. */
  async #change<T>(write: (change: RecordChange, tree: Map<string, StoredFolder>) => Promise<T>): Promise<T> {
    try {
      return await this.#records.change(async change => write(change, await this.#load()))
    } finally {
      this.#tree = null
    }
  }
}

const nowhere: Placement = { folder: null, owner: null }

function folderOf(id: string, { name, parent, createdMs }: StoredFolder): Folder {
  return { id, name, parent, createdMs }
}

/** The folder, and each above it. Ends also where records that were damaged would lead in a circle. */
function* ancestors(tree: ReadonlyMap<string, StoredFolder>, id: string): Generator<string> {
  const met = new Set<string>()
  for (let at: string | null = id; at !== null && tree.has(at) && !met.has(at); at = tree.get(at)!.parent) {
    met.add(at)
    yield at
  }
}

/** The folder and all below it that are there. */
function descendants(tree: ReadonlyMap<string, StoredFolder>, id: string): string[] {
  const children = new Map<string, string[]>()
  for (const [child, { parent, gone }] of tree) {
    if (parent === null || gone !== undefined) continue
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [child])
    else siblings.push(child)
  }
  const found = [id]
  for (let at = 0; at < found.length; at++) found.push(...(children.get(found[at]!) ?? []))
  return found
}

function heightOf(tree: ReadonlyMap<string, StoredFolder>, id: string): number {
  const depth = [...ancestors(tree, id)].length
  return Math.max(...descendants(tree, id).map(below => [...ancestors(tree, below)].length)) - depth + 1
}

/** True when neither it nor a folder above it was thrown away. */
function isThere(tree: ReadonlyMap<string, StoredFolder>, id: string): boolean {
  return tree.has(id) && [...ancestors(tree, id)].every(above => tree.get(above)!.gone === undefined)
}

function needFolder(tree: ReadonlyMap<string, StoredFolder>, id: string): StoredFolder {
  if (!isThere(tree, id)) throw noFolder()
  return tree.get(id)!
}

function checkParent(tree: ReadonlyMap<string, StoredFolder>, parent: string | null, height: number): void {
  if (parent === null) return
  needFolder(tree, parent)
  if ([...ancestors(tree, parent)].length + height > maxFolderDepth) {
    throw badField('parent', `Folders lie at most ${maxFolderDepth} deep`)
  }
}

function revive(change: RecordChange, tree: Map<string, StoredFolder>, id: string): void {
  const { gone, ...folder } = tree.get(id)!
  if (gone === undefined) return
  change.put('folder', id, folder)
  tree.set(id, folder)
}

/** @returns false when it is not in `from` any more. */
async function move(change: RecordChange, documentId: string, from: string | null, to: string | null) {
  const before = (await change.get<Placement>('placement', `d/${documentId}`)) ?? nowhere
  if (before.folder !== from) return false
  unplace(change, documentId, before)
  place(change, documentId, { ...before, folder: to })
  return true
}

function place(change: RecordChange, documentId: string, placement: Placement): void {
  change.put('placement', `d/${documentId}`, placement)
  if (placement.folder !== null) change.put('placement', `f/${placement.folder}/${documentId}`, 1)
  if (placement.owner !== null) change.put('placement', `o/${placement.owner}/${documentId}`, 1)
}

function unplace(change: RecordChange, documentId: string, placement: Placement): void {
  if (placement.folder !== null) change.delete('placement', `f/${placement.folder}/${documentId}`)
  if (placement.owner !== null) change.delete('placement', `o/${placement.owner}/${documentId}`)
}

function noFolder(): SheafError {
  return new SheafError('not-found', 'There is no such folder.')
}

function badField(field: string, what: string): SheafError {
  return new SheafError('invalid-field', `/${field}: ${what}.`, { details: { field: `/${field}` } })
}

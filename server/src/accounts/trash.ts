// The trash: documents and whole folders go there, come back to where they were, and are gone for good after 30 days, or when somebody
// says so. What belongs to a document beside its rows is forgotten first: a crash between leaves a document in the trash, which is
// asked for again, and never something that belongs to nobody.

import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Registry } from '../room/registry.ts'
import type { DocumentRecord, DocumentStore } from '../store/store.ts'
import type { Contents, Folders } from './folders.ts'
import type { Personal } from './personal.ts'

export interface TrashOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly folders: Folders
  readonly personal: Personal
  readonly clock: Clock
  readonly log: Log
  /** Called for a document that is about to be gone for good, by whoever keeps something of it. */
  readonly forget: readonly ((documentId: string) => Promise<void>)[]
}

export const trashDays = 30
const trashMs = trashDays * 24 * 60 * 60 * 1000
const sweepEveryMs = 60 * 60 * 1000
/** Soon after a start, when those who wait for a document have it. */
const firstSweepMs = 60 * 1000

/** When a document in the trash will be gone for good. */
export function goneMs(record: DocumentRecord): number | undefined {
  return record.deletedMs === undefined ? undefined : record.deletedMs + trashMs
}

export class Trash {
  readonly #options: TrashOptions
  readonly #stops: (() => void)[]
  #sweeping: Promise<void> = Promise.resolve()

  constructor(options: TrashOptions) {
    this.#options = options
    const { clock } = options
    const sweep = () => {
      this.#sweeping = this.sweep()
    }
    this.#stops = [clock.after(firstSweepMs, sweep), clock.every(sweepEveryMs, sweep)]
  }

  /** @throws SheafError `not-found`. */
  throwAway(documentId: string): Promise<DocumentRecord> {
    return this.#options.registry.trash(documentId)
  }

  /** Takes it back, with the folders that it was in. @throws SheafError `not-found`. */
  async takeBack(documentId: string): Promise<DocumentRecord> {
    const { registry, folders } = this.#options
    await folders.putBack(documentId)
    return registry.restore(documentId)
  }

  /** @throws SheafError `not-found`; `precondition-failed` for what is not in the trash. */
  async deleteForGood(documentId: string): Promise<void> {
    const { store, registry, folders, personal, forget } = this.#options
    const record = await store.find(documentId)
    if (record?.deletedMs !== undefined) {
      for (const forgetIt of forget) await forgetIt(documentId)
      await personal.forget(documentId)
      await folders.forget(documentId)
    }
    await registry.purge(documentId)
  }

  /**
   * Throws a folder away; with `trash` all documents in it and below it too. @returns how many documents went to the trash.
   * @throws SheafError `not-found`.
   */
  async throwFolderAway(folderId: string, contents: Contents): Promise<number> {
    const { folders } = this.#options
    const documents = contents === 'trash' ? await this.#documentsBelow(folderId) : []
    const there = documents.filter(record => record.deletedMs === undefined)
    // The mark first: what is thrown away after it is known to have gone with the folder.
    await folders.remove(folderId, contents)
    for (const { documentId } of there) await this.throwAway(documentId)
    return there.length
  }

  /** Takes a folder back, and what was thrown away with it. @returns how many documents came back. @throws SheafError `not-found`. */
  async takeFolderBack(folderId: string): Promise<number> {
    const { folders, registry } = this.#options
    const sinceMs = await folders.restore(folderId)
    if (sinceMs === undefined) return 0
    const documents = await this.#documentsBelow(folderId)
    const gone = documents.filter(({ deletedMs }) => deletedMs !== undefined && deletedMs >= sinceMs)
    for (const { documentId } of gone) await registry.restore(documentId)
    return gone.length
  }

  /** Deletes what has been in the trash for 30 days. Never rejects. */
  async sweep(): Promise<void> {
    const { store, folders, clock, log } = this.#options
    const beforeMs = clock.nowMs() - trashMs
    try {
      for (const { documentId } of await allInTrash(store, record => record.deletedMs! < beforeMs)) {
        await this.deleteForGood(documentId)
      }
      await folders.sweep(beforeMs)
    } catch (cause) {
      log.warn('The trash could not be emptied; it is tried again in an hour', { cause })
    }
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop()
    await this.#sweeping
  }

  async #documentsBelow(folderId: string): Promise<DocumentRecord[]> {
    const { folders, store } = this.#options
    const ids: string[] = []
    for (const { id } of await folders.below(folderId)) ids.push(...(await folders.documentsIn(id)))
    return store.findMany(ids)
  }
}

async function allInTrash(
  store: DocumentStore,
  wanted: (record: DocumentRecord) => boolean,
): Promise<DocumentRecord[]> {
  const found: DocumentRecord[] = []
  let page = await store.list({ trashed: true, limit: 200 })
  for (;;) {
    found.push(...page.items.filter(wanted))
    if (page.next === undefined) return found
    page = await store.list({ trashed: true, limit: 200, cursor: page.next })
  }
}

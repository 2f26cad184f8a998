// The kept copies of documents in IndexedDB: one database, read and written by all tabs at once.
//
//   documents  documentId → KeptMeta
//   updates    id (rising) → { documentId, sessionId, seq?, changes, update }; `seq` is absent on rows that are not ours
//   sessions   [documentId, sessionId] → { acknowledged }
//   asides     id → CopyAside
//
// A row is unsent while it has a seq above the acknowledged one of its session. Every session holds a Web Lock that bears
// its id, so a session whose lock is free is dead and its unsent rows may be adopted. Without Web Locks all foreign rows
// are taken over, once, when a document is opened: two tabs then may send the same update, which changes nothing.

import { randomId } from '@sheaf/protocol'
import { mergeUpdates } from 'yjs'
import type {
  CopyAside,
  KeptBatch,
  KeptCopy,
  KeptDocument,
  KeptMeta,
  KeptRow,
  OfflineStore,
  Orphans,
} from './offline.ts'

export interface IndexedDbOptions {
  /** Name of the database; one per server where a page speaks to several. Default `sheaf`. */
  readonly name?: string
  readonly indexedDB?: IDBFactory
  /** Null: there are no Web Locks. Default: those of the browser. */
  readonly locks?: Pick<LockManager, 'request' | 'query'> | null
}

/** @throws TypeError where there is no IndexedDB. */
export function indexedDbStore(options: IndexedDbOptions = {}): OfflineStore {
  const factory = options.indexedDB ?? globalThis.indexedDB
  if (factory === undefined) throw new TypeError('There is no IndexedDB here; pass `offline: null` or another store.')
  const locks = options.locks === undefined ? (globalThis.navigator?.locks ?? null) : options.locks
  return new IndexedDbStore(factory, options.name ?? 'sheaf', locks)
}

let pageStore: OfflineStore | undefined

/** The database `sheaf` of this origin, opened once; null where there is no IndexedDB. */
export function defaultStore(): OfflineStore | null {
  if (globalThis.indexedDB === undefined) return null
  pageStore ??= indexedDbStore()
  return pageStore
}

/** The documents that are kept on this device, newest first; for a page that has no network. */
export async function listKept(store: OfflineStore | null = defaultStore()): Promise<KeptDocument[]> {
  return store === null ? [] : store.list()
}

interface DocumentEntry extends KeptMeta {
  readonly documentId: string
}

interface UpdateEntry {
  readonly id?: number
  readonly documentId: string
  readonly sessionId: string
  readonly seq?: number
  readonly changes: number
  readonly update: Uint8Array
}

interface SessionEntry {
  readonly documentId: string
  readonly sessionId: string
  readonly acknowledged: number
}

interface UnsentRow {
  readonly id: number
  readonly documentId: string
  readonly sessionId: string
  readonly changes: number
}

type Locks = Pick<LockManager, 'request' | 'query'>

const schemaVersion = 1
const storeNames = ['documents', 'updates', 'sessions', 'asides'] as const

class IndexedDbStore implements OfflineStore {
  readonly #factory: IDBFactory
  readonly #name: string
  readonly #locks: Locks | null
  #database: Promise<IDBDatabase> | undefined

  constructor(factory: IDBFactory, name: string, locks: Locks | null) {
    this.#factory = factory
    this.#name = name
    this.#locks = locks
  }

  async open(documentId: string): Promise<KeptCopy> {
    const sessionId = randomId(16)
    const lock = new SessionLock(this.#locks, this.#name)
    await lock.hold(sessionId)
    return new IndexedDbCopy(this, lock, documentId, sessionId)
  }

  async list(): Promise<KeptDocument[]> {
    return this.transact('readonly', 'relaxed', async stores => {
      const documents = await result<DocumentEntry[]>(stores.documents.getAll())
      const pending = new Map<string, number>()
      for (const { documentId, changes } of await unsentOf(stores)) {
        pending.set(documentId, (pending.get(documentId) ?? 0) + changes)
      }
      return documents
        .map(entry => ({
          documentId: entry.documentId,
          title: entry.title ?? '',
          openedMs: entry.openedMs ?? 0,
          pending: pending.get(entry.documentId) ?? 0,
          ...(entry.layout && { layout: entry.layout }),
          made: entry.made === true,
          complete: entry.synced === true || entry.made === true,
        }))
        .sort((a, b) => b.openedMs - a.openedMs)
    })
  }

  async setAside(documentId: string, nowMs: number): Promise<void> {
    await this.transact('readwrite', 'strict', async stores => {
      const entry = await result<DocumentEntry | undefined>(stores.documents.get(documentId))
      const rows = await rowsOf(stores, documentId)
      if (rows.length > 0) {
        const aside: Omit<CopyAside, 'id'> = {
          documentId,
          title: entry?.title ?? '',
          asideMs: nowMs,
          update: mergeUpdates(rows.map(row => row.update)),
        }
        stores.asides.add(aside)
      }
      for (const row of rows) stores.updates.delete(row.id!)
      stores.documents.delete(documentId)
      stores.sessions.delete(within(documentId))
    })
  }

  async listAside(): Promise<CopyAside[]> {
    return this.transact('readonly', 'relaxed', stores => result<CopyAside[]>(stores.asides.getAll()))
  }

  async discardAside(id: number): Promise<void> {
    await this.transact('readwrite', 'relaxed', async stores => void stores.asides.delete(id))
  }

  async persist(): Promise<boolean> {
    return (await globalThis.navigator?.storage?.persist?.()) ?? false
  }

  /** Runs `f` in one transaction; resolves when it is complete, rejects (and has changed nothing) when it is not. */
  async transact<T>(
    mode: IDBTransactionMode,
    durability: 'strict' | 'relaxed',
    f: (stores: Stores) => Promise<T>,
  ): Promise<T> {
    const database = await this.#open()
    let transaction: IDBTransaction
    try {
      transaction = database.transaction(storeNames, mode, { durability })
    } catch (cause) {
      // The connection was closed under us (storage cleared, another version): the next call opens it anew.
      this.#database = undefined
      throw cause
    }
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () =>
        reject(transaction.error ?? new DOMException('The transaction was aborted.', 'AbortError'))
    })
    done.catch(() => undefined)
    try {
      const stores = Object.fromEntries(storeNames.map(name => [name, transaction.objectStore(name)])) as Stores
      const value = await f(stores)
      // Said now, it stands even if the page is gone a moment later; what is not committed dies with the page.
      transaction.commit()
      await done
      return value
    } catch (cause) {
      try {
        transaction.abort()
      } catch {
        // It ended by itself, which is why we are here.
      }
      await done.catch(() => undefined)
      throw transaction.error ?? cause
    }
  }

  #open(): Promise<IDBDatabase> {
    this.#database ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = this.#factory.open(this.#name, schemaVersion)
      request.onupgradeneeded = () => {
        const database = request.result
        database.createObjectStore('documents', { keyPath: 'documentId' })
        const updates = database.createObjectStore('updates', { keyPath: 'id', autoIncrement: true })
        updates.createIndex('document', 'documentId')
        updates.createIndex('own', ['documentId', 'sessionId', 'seq', 'changes'])
        database.createObjectStore('sessions', { keyPath: ['documentId', 'sessionId'] })
        database.createObjectStore('asides', { keyPath: 'id', autoIncrement: true })
      }
      request.onsuccess = () => {
        const database = request.result
        database.onclose = () => {
          this.#database = undefined
        }
        database.onversionchange = () => {
          database.close()
          this.#database = undefined
        }
        resolve(database)
      }
      request.onerror = () => reject(request.error)
    }).catch(cause => {
      this.#database = undefined
      throw cause
    })
    return this.#database
  }
}

class IndexedDbCopy implements KeptCopy {
  readonly #store: IndexedDbStore
  readonly #lock: SessionLock
  readonly #documentId: string
  readonly #sessionId: string
  /** Rows up to this id are in the replica. */
  #loadedId = 0
  #orphansTaken = false

  constructor(store: IndexedDbStore, lock: SessionLock, documentId: string, sessionId: string) {
    this.#store = store
    this.#lock = lock
    this.#documentId = documentId
    this.#sessionId = sessionId
  }

  async read(): Promise<{ meta: KeptMeta; updates: readonly Uint8Array[] }> {
    const { meta, rows } = await this.#store.transact('readonly', 'relaxed', async stores => ({
      meta: await result<DocumentEntry | undefined>(stores.documents.get(this.#documentId)),
      rows: await rowsOf(stores, this.#documentId),
    }))
    this.#loadedId = rows.at(-1)?.id ?? 0
    // Unsent rows last: one that survived a compaction builds on the row that its neighbours were compacted into.
    rows.sort((a, b) => Number(a.seq !== undefined) - Number(b.seq !== undefined) || a.id! - b.id!)
    return { meta: meta ?? {}, updates: rows.map(row => row.update) }
  }

  async write(batch: KeptBatch): Promise<void> {
    const [documentId, sessionId] = [this.#documentId, this.#sessionId]
    await this.#store.transact('readwrite', batch.durability, async stores => {
      for (const { seq, changes, update } of batch.rows) {
        const entry: UpdateEntry = { documentId, sessionId, changes, update, ...(seq !== null && { seq }) }
        stores.updates.add(entry)
      }
      for (const id of batch.replaces ?? []) stores.updates.delete(id)
      if (batch.acknowledged !== undefined) {
        const entry: SessionEntry = { documentId, sessionId, acknowledged: batch.acknowledged }
        stores.sessions.put(entry)
      }
      if (batch.meta !== undefined) {
        const known = await result<DocumentEntry | undefined>(stores.documents.get(documentId))
        const entry: DocumentEntry = { ...known, ...batch.meta, documentId }
        stores.documents.put(entry)
      }
    })
  }

  async orphans(): Promise<Orphans | undefined> {
    if (!this.#lock.exists && this.#orphansTaken) return undefined
    this.#orphansTaken = true
    const alive = await this.#lock.held()
    const rows = await this.#store.transact('readonly', 'relaxed', async stores => {
      const ids: number[] = []
      for (const { id, sessionId } of await unsentOf(stores, this.#documentId)) {
        if (sessionId !== this.#sessionId && !alive.has(sessionId)) ids.push(id)
      }
      const found: UpdateEntry[] = []
      for (const id of ids) found.push(await result<UpdateEntry>(stores.updates.get(id)))
      return found
    })
    if (rows.length === 0) return undefined
    return {
      ids: rows.map(row => row.id!),
      changes: rows.reduce((sum, row) => sum + row.changes, 0),
      update: mergeUpdates(rows.map(row => row.update)),
    }
  }

  async compact(state: () => Uint8Array, unsent?: KeptRow): Promise<void> {
    const [documentId, sessionId] = [this.#documentId, this.#sessionId]
    await this.#store.transact('readwrite', 'relaxed', async stores => {
      const rows = await rowsOf(stores, documentId)
      const unsentIds = new Set((await unsentOf(stores, documentId)).map(row => row.id))
      const sessions = await result<SessionEntry[]>(stores.sessions.getAll(within(documentId)))
      const ours = rows.filter(row => unsentIds.has(row.id!) && row.sessionId === sessionId)
      const kept = rows.filter(row => unsentIds.has(row.id!) && row.sessionId !== sessionId)
      const replaced = rows.filter(row => !kept.includes(row))
      // What other tabs wrote since we loaded need not be in our replica yet.
      const strange = replaced.filter(row => row.sessionId !== sessionId && row.id! > this.#loadedId)
      const whole: UpdateEntry = {
        documentId,
        sessionId,
        changes: 0,
        update: mergeUpdates([state(), ...strange.map(row => row.update)]),
      }
      for (const row of replaced) stores.updates.delete(row.id!)
      stores.updates.add(whole)
      const own = unsent ?? mergedRow(ours)
      if (own) stores.updates.add({ ...own, documentId, sessionId })
      // A session of which no row is left needs no mark; without a mark a row counts as unsent, never the other way round.
      for (const session of sessions) {
        if (kept.some(row => row.sessionId === session.sessionId) || session.sessionId === sessionId) continue
        stores.sessions.delete([documentId, session.sessionId])
      }
    })
  }

  async close(): Promise<void> {
    this.#lock.release()
  }
}

/** The proof that a session lives: a Web Lock that bears its id and goes when its page does. */
class SessionLock {
  readonly #locks: Locks | null
  readonly #prefix: string
  #release: (() => void) | undefined

  constructor(locks: Locks | null, database: string) {
    this.#locks = locks
    this.#prefix = `sheaf session ${database} `
  }

  get exists(): boolean {
    return this.#locks !== null
  }

  async hold(sessionId: string): Promise<void> {
    const locks = this.#locks
    if (locks === null) return
    await new Promise<void>((granted, failed) => {
      const held = new Promise<void>(release => {
        this.#release = release
      })
      locks
        .request(this.#prefix + sessionId, () => {
          granted()
          return held
        })
        .catch(failed)
    })
  }

  /** The ids of all sessions that live, in any tab. */
  async held(): Promise<Set<string>> {
    const { held = [] } = (await this.#locks?.query()) ?? {}
    const names = held.map(lock => lock.name ?? '').filter(name => name.startsWith(this.#prefix))
    return new Set(names.map(name => name.slice(this.#prefix.length)))
  }

  release(): void {
    this.#release?.()
  }
}

type Stores = Record<(typeof storeNames)[number], IDBObjectStore>

function result<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T)
    request.onerror = () => reject(request.error)
  })
}

function rowsOf(stores: Stores, documentId: string): Promise<UpdateEntry[]> {
  return result<UpdateEntry[]>(stores.updates.index('document').getAll(documentId))
}

function mergedRow(rows: readonly UpdateEntry[]): KeptRow | undefined {
  if (rows.length === 0) return undefined
  return {
    seq: Math.max(...rows.map(row => row.seq!)),
    changes: rows.reduce((sum, row) => sum + row.changes, 0),
    update: mergeUpdates(rows.map(row => row.update)),
  }
}

/** The rows with a seq above what their session got acknowledged; of one document or of all. */
async function unsentOf(stores: Stores, documentId?: string): Promise<UnsentRow[]> {
  const range = documentId === undefined ? null : within(documentId)
  const sessions = await result<SessionEntry[]>(stores.sessions.getAll(range))
  const marks = new Map(sessions.map(entry => [`${entry.documentId} ${entry.sessionId}`, entry.acknowledged]))
  const rows: UnsentRow[] = []
  await eachKey(stores.updates.index('own'), range, (key, id) => {
    const [document, sessionId, seq, changes] = key as [string, string, number, number]
    if (seq <= (marks.get(`${document} ${sessionId}`) ?? 0)) return
    rows.push({ id: id as number, documentId: document, sessionId, changes })
  })
  return rows.sort((a, b) => a.id - b.id)
}

function within(documentId: string): IDBKeyRange {
  return IDBKeyRange.bound([documentId], [documentId, []])
}

/** Visits the keys of an index without loading what they point to. */
function eachKey(
  index: IDBIndex,
  range: IDBKeyRange | null,
  visit: (key: IDBValidKey, id: IDBValidKey) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = index.openKeyCursor(range)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const cursor = request.result
      if (cursor === null) return resolve()
      visit(cursor.key, cursor.primaryKey)
      cursor.continue()
    }
  })
}

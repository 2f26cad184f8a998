// A device with its storage, and tabs on it. The IndexedDB is a real implementation (fake-indexeddb); Web Locks are granted
// as browsers grant them. A tab can crash: from that moment none of its code writes or sends, its locks are free, and what
// its transactions had completed stays.

import {
  type DocumentStatus,
  indexedDbStore,
  type OfflineStore,
  openDocument,
  type SheafDocument,
  type SocketConstructor,
} from '@sheaf/client'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { onTestFinished } from 'vitest'
import { runtimeWebSocket } from '../../packages/client/src/runtime.node.ts'

// The one global that a browser's IndexedDB has beside its factory.
globalThis.IDBKeyRange = IDBKeyRange

type Locks = Pick<LockManager, 'request' | 'query'>

export interface TabOptions {
  readonly url: string
  readonly name?: string
  /** The document is made here. */
  readonly made?: boolean
}

export class Device {
  readonly #factory = new IDBFactory()
  readonly #held = new Set<string>()
  readonly #hasLocks: boolean

  constructor(options: { readonly locks?: boolean } = {}) {
    this.#hasLocks = options.locks ?? true
  }

  /** Opens a document in a new tab. */
  open(documentId: string, options: TabOptions): Tab {
    return new Tab(this.#factory, this.#hasLocks ? this.#held : undefined, documentId, options)
  }

  /** How many updates are stored, of all documents. */
  rows(): Promise<number> {
    return new Promise((resolve, reject) => {
      const opening = this.#factory.open('sheaf')
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const counting = opening.result.transaction('updates').objectStore('updates').count()
        counting.onerror = () => reject(counting.error)
        counting.onsuccess = () => {
          opening.result.close()
          resolve(counting.result)
        }
      }
    })
  }

  /** The storage as a page without documents sees it. */
  store(): OfflineStore {
    return indexedDbStore({ indexedDB: this.#factory, locks: null })
  }
}

export class Tab {
  readonly document: SheafDocument
  readonly #databases = new Set<IDBDatabase>()
  readonly #sockets = new Set<{ close(): void; onmessage: unknown; onclose: unknown; onopen: unknown }>()
  readonly #locks = new Set<() => void>()
  #crashed = false
  /** Each write that begins after this says true fails for want of space. */
  isFull = false
  /** Set in the turn of `open`: the database cannot be opened. */
  refusesToOpen = false

  constructor(factory: IDBFactory, held: Set<string> | undefined, documentId: string, options: TabOptions) {
    this.document = openDocument({
      url: options.url,
      documentId,
      ...(options.made !== undefined && { made: options.made }),
      identity: { id: options.name ?? 'ana', name: options.name ?? 'Ana' },
      offline: indexedDbStore({ indexedDB: this.#factory(factory), locks: held ? this.#lockManager(held) : null }),
      WebSocket: this.#socketClass(),
    })
    onTestFinished(() => this.document.close())
  }

  /** The tab is gone between two instructions. */
  async crash(): Promise<void> {
    this.#crashed = true
    for (const socket of this.#sockets) {
      socket.onopen = null
      socket.onmessage = null
      socket.onclose = null
      socket.close()
    }
    for (const database of this.#databases) database.close()
    for (const release of this.#locks) release()
    await this.document.close()
  }

  #factory(factory: IDBFactory): IDBFactory {
    const open = (name: string, version?: number) => {
      if (this.refusesToOpen) throw new DOMException('Not in this window.', 'SecurityError')
      const request = factory.open(name, version)
      request.addEventListener('success', () => {
        if (this.#crashed) return request.result.close()
        this.#databases.add(request.result)
        this.#limitSpace(request.result)
      })
      return request
    }
    return { open } as unknown as IDBFactory
  }

  /** A full disk, as a browser reports it: the transaction aborts with a QuotaExceededError. */
  #limitSpace(database: IDBDatabase): void {
    const begin = database.transaction.bind(database)
    database.transaction = (names, mode, options) => {
      if (this.#crashed) throw new DOMException('The tab is gone.', 'InvalidStateError')
      const transaction = begin(names, mode, options)
      if (this.isFull && mode === 'readwrite') {
        Object.defineProperty(transaction, 'error', { value: new DOMException('No space.', 'QuotaExceededError') })
        transaction.abort()
      }
      return transaction
    }
  }

  #socketClass(): SocketConstructor {
    const Real = runtimeWebSocket()
    if (Real === undefined) throw new TypeError('Node has a WebSocket.')
    const open = (url: string, protocols?: string | string[]) => {
      if (this.#crashed) throw new Error('The tab is gone.')
      const socket = new Real(url, protocols)
      this.#sockets.add(socket)
      return socket
    }
    function TabSocket(url: string, protocols?: string | string[]) {
      return open(url, protocols)
    }
    return TabSocket as unknown as SocketConstructor
  }

  #lockManager(held: Set<string>): Locks {
    const request = async (name: string, callback: () => Promise<unknown>) => {
      held.add(name)
      const release = () => {
        held.delete(name)
        this.#locks.delete(release)
      }
      this.#locks.add(release)
      try {
        return await callback()
      } finally {
        release()
      }
    }
    const query = async () => ({ held: [...held].map(name => ({ name })), pending: [] })
    return { request, query } as unknown as Locks
  }
}

/** Resolves with the first status that is so, the present one included. */
export function untilStatus(
  document: SheafDocument,
  isSo: (status: DocumentStatus) => boolean,
): Promise<DocumentStatus> {
  if (isSo(document.status)) return Promise.resolve(document.status)
  return new Promise(resolve => {
    const stop = document.onStatus(status => {
      if (!isSo(status)) return
      stop()
      resolve(status)
    })
  })
}

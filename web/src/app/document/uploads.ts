// Uploads of this page. A file is first kept on this device, then sent until the server has it: over lost networks, restarts of the server
// and of the browser. Only what can never be is given up, with a sentence that says why.

import { DocumentsApi } from '@sheaf/client'
import type { UploadOptions } from '@sheaf/editor'
import { type ErrorCode, SheafError } from '@sheaf/protocol'
import { words } from '../words.ts'

const firstPauseMs = 1_000
const longestPauseMs = 30_000
/** A file that nobody asked for any more is forgotten after so long. */
const keptMs = 30 * 24 * 3_600_000

interface KeptFile {
  readonly documentId: string
  readonly file: File
  readonly keptMs: number
}

const opened = new Map<string, Uploads>()

export class Uploads {
  readonly #documentId: string
  readonly #api = new DocumentsApi({ url: location.origin })
  readonly #shelf = openShelf()

  private constructor(documentId: string) {
    this.#documentId = documentId
  }

  static of(documentId: string): Uploads {
    const uploads = opened.get(documentId) ?? new Uploads(documentId)
    opened.set(documentId, uploads)
    return uploads
  }

  async upload(file: File, { id, onProgress, signal }: UploadOptions): Promise<string> {
    const kept: KeptFile = { documentId: this.#documentId, file, keptMs: Date.now() }
    // A device that has no room for it sends it all the same.
    await this.#shelf.then(shelf => shelf.put(id, kept)).catch(() => undefined)
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      signal.throwIfAborted()
      try {
        const { url } = await this.#api.upload(this.#documentId, file, { name: file.name, onProgress, signal })
        return url
      } catch (cause) {
        if (!(cause instanceof SheafError) || cause.kind.retry !== 'later') throw describe(cause)
      }
      onProgress(null)
      await networkOr(pauseMs, signal)
    }
  }

  async kept(id: string): Promise<File | undefined> {
    const shelf = await this.#shelf
    const found = await shelf.get(id)
    return found?.documentId === this.#documentId ? found.file : undefined
  }

  async forget(id: string): Promise<void> {
    await (await this.#shelf).delete(id)
  }
}

function describe(cause: unknown): unknown {
  if (!(cause instanceof SheafError)) return cause
  const sentences: Partial<Record<ErrorCode, string>> = {
    'too-large': words.uploadTooLarge,
    'not-found': words.uploadNowhere,
    'document-deleted': words.uploadNowhere,
    forbidden: words.uploadForbidden,
    unauthorized: words.uploadForbidden,
    'read-only': words.uploadForbidden,
  }
  return new Error(sentences[cause.code] ?? words.uploadRefused, { cause })
}

/** Resolves when the browser says that there is a network, and after a while in any case. */
function networkOr(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer)
      removeEventListener('online', done)
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const stop = (): void => {
      done()
      reject(signal.reason)
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done)
    signal.addEventListener('abort', stop)
  })
}

interface Shelf {
  put(id: string, kept: KeptFile): Promise<void>
  get(id: string): Promise<KeptFile | undefined>
  delete(id: string): Promise<void>
}

/** The files of all documents in one database; what nobody fetched in a month is thrown away. */
async function openShelf(): Promise<Shelf> {
  const asked = indexedDB.open('sheaf-uploads', 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore('files')
  const db = await answered(asked)
  const files = (mode: IDBTransactionMode) =>
    db.transaction('files', mode, { durability: 'strict' }).objectStore('files')
  const shelf: Shelf = {
    put: async (id, kept) => void (await answered(files('readwrite').put(kept, id))),
    get: id => answered(files('readonly').get(id)) as Promise<KeptFile | undefined>,
    delete: async id => void (await answered(files('readwrite').delete(id))),
  }
  for (const id of await answered(files('readonly').getAllKeys())) {
    const kept = await shelf.get(String(id))
    if (kept !== undefined && Date.now() - kept.keptMs > keptMs) await shelf.delete(String(id))
  }
  return shelf
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

// Full text over the titles and bodies of all documents. What a document says is kept beside it (a record `text`: its blocks, of which
// revision), so that a start reads text and no documents, and a result shows the words around what was found; which words are where is
// an index in memory. Both follow edits some seconds later. Everything runs in small pieces between other work: a start, a long
// document and ten thousand of them hold up nobody.

import { blockTexts, readTitle } from '@sheaf/model'
import type * as Y from 'yjs'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Registry } from '../room/registry.ts'
import { buildReplica } from '../room/replica.ts'
import type { DocumentRecord, DocumentStore } from '../store/store.ts'
import { SearchIndex } from './search-index.ts'
import { fold, wordsOf } from './search-words.ts'

export interface SearchOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly clock: Clock
  readonly log: Log
}

/** Text with what was found in it: ranges of UTF-16 code units, in order. */
export interface Marked {
  readonly text: string
  readonly marks: readonly (readonly [from: number, to: number])[]
}

export interface SearchResult {
  readonly record: DocumentRecord
  readonly title: Marked
  /** Where the body says it; undefined when only the title does. */
  readonly snippet?: Marked & { readonly block: string | null }
}

export interface SearchQuery {
  readonly words: string
  readonly limit: number
  /** False for a document that who asks may not know of. */
  readonly sees: (documentId: string) => boolean | Promise<boolean>
  /** Only documents that are so. */
  readonly matches?: (record: DocumentRecord) => boolean | Promise<boolean>
}

/** What a document says, as it is kept. */
interface StoredText {
  readonly revision: number
  readonly title: string
  readonly blocks: readonly (readonly [id: string | null, text: string])[]
}

/** More of a document is not searched. */
const maxCharacters = 1_000_000
const lookEveryMs = 500
/** Reading a document again may take a thousandth of the time. */
const rarity = 1_000
/** While the past is read, four parts of the time belong to others. */
const politeness = 4
const snippetLength = 180

export class Search {
  readonly #options: SearchOptions
  readonly #index = new SearchIndex()
  /** Documents whose text is to be read, with when at the earliest. */
  readonly #due = new Map<string, number>()
  readonly #notBefore = new Map<string, number>()
  readonly #stop: () => void
  #running: Promise<void> | undefined
  #isClosed = false
  readonly #beginning: Promise<void>

  constructor(options: SearchOptions) {
    this.#options = options
    this.#beginning = this.#begin().catch(cause => {
      if (!this.#isClosed) options.log.warn('The search does not know all documents', { cause })
    })
    this.#stop = options.clock.every(lookEveryMs, () => this.#look())
  }

  /** The document says something else now; it is read soon. */
  changed(documentId: string): void {
    this.#due.set(documentId, this.#notBefore.get(documentId) ?? 0)
    this.#look()
  }

  /** A document is gone for good. */
  async forget(documentId: string): Promise<void> {
    this.#due.delete(documentId)
    this.#notBefore.delete(documentId)
    this.#index.remove(documentId)
    await this.#options.store.records.change(change => change.delete('text', documentId))
  }

  /** Best first. Documents in the trash are not among them. */
  async find({ words, limit, sees, matches = () => true }: SearchQuery): Promise<SearchResult[]> {
    const { hits, terms } = this.#index.search(words)
    const results: SearchResult[] = []
    for (let start = 0; start < hits.length && results.length < limit; start += 100) {
      const ids = hits.slice(start, start + 100).map(({ documentId }) => documentId)
      for (const record of await this.#options.store.findMany(ids)) {
        if (results.length === limit) break
        if (record.deletedMs !== undefined) continue
        if (!(await sees(record.documentId)) || !(await matches(record))) continue
        results.push(await this.#result(record, terms))
      }
    }
    return results
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stop()
    await this.#beginning
    await this.#running
  }

  async #result(record: DocumentRecord, terms: readonly (readonly string[])[]): Promise<SearchResult> {
    const wanted = new Map(terms.flatMap((taken, place) => taken.map(term => [term, place] as const)))
    const stored = await this.#options.store.records.get<StoredText>('text', record.documentId)
    const title = markedIn(record.summary.title, wanted)
    const found = stored && bestBlock(stored.blocks, wanted)
    return found === undefined ? { record, title } : { record, title, snippet: found }
  }

  /** Reads what is kept, and then the documents of which nothing, or something older, is kept. */
  async #begin(): Promise<void> {
    const { store } = this.#options
    const known = new Map<string, number>()
    for (let after: string | undefined; !this.#isClosed; ) {
      const page = await store.records.list<StoredText>('text', { limit: 20, ...(after !== undefined && { after }) })
      if (page.length === 0) break
      for (const { key, value } of page) {
        known.set(key, value.revision)
        await this.#take(key, value, politeness)
      }
      after = page.at(-1)!.key
    }
    let cursor: string | undefined
    do {
      const page = await store.list({ sort: 'id', limit: 200, ...(cursor !== undefined && { cursor }) })
      for (const record of page.items) {
        if (this.#isClosed) return
        if (record.layout !== 'sheaf' || known.get(record.documentId) === record.revision) continue
        await this.#follow(record.documentId, politeness)
      }
      cursor = page.next
    } while (cursor !== undefined)
  }

  #look(): void {
    if (this.#running !== undefined || this.#isClosed) return
    const nowMs = this.#options.clock.monotonicMs()
    const due = [...this.#due].filter(([, dueMs]) => dueMs <= nowMs).map(([documentId]) => documentId)
    if (due.length === 0) return
    this.#running = this.#followAll(due).finally(() => {
      this.#running = undefined
    })
  }

  async #followAll(documentIds: readonly string[]): Promise<void> {
    for (const documentId of documentIds) if (!this.#isClosed) await this.#follow(documentId)
  }

  /** Reads a document as it is now. Never rejects: what cannot be read now is read when it changes, or at the next start. */
  async #follow(documentId: string, slowness = 0): Promise<void> {
    this.#due.delete(documentId)
    try {
      const startedMs = performance.now()
      const text = await this.#read(documentId)
      if (text === undefined) return
      const tookMs = performance.now() - startedMs
      this.#notBefore.set(documentId, this.#options.clock.monotonicMs() + tookMs * rarity)
      if (this.#notBefore.size > 1_000) this.#notBefore.delete(this.#notBefore.keys().next().value!)
      await this.#take(documentId, text, slowness)
      await this.#options.store.records.change(change => change.put('text', documentId, text))
      await pause(tookMs * slowness)
    } catch (cause) {
      this.#options.log.debug('A document could not be read for the search', { documentId, cause })
    }
  }

  /** From its room where it is open, else from the disk: what is only searched stays out of memory. */
  async #read(documentId: string): Promise<StoredText | undefined> {
    const { store, registry } = this.#options
    const record = await store.find(documentId)
    if (record === undefined || record.layout !== 'sheaf' || record.deletedMs !== undefined) return undefined
    if (registry.isOpen(documentId)) {
      return registry.withRoom(documentId, room => textOf(room.ydoc, room.revision))
    }
    const { ydoc, revision } = buildReplica(await store.load(documentId))
    const text = textOf(ydoc, revision)
    ydoc.destroy()
    return text
  }

  async #take(documentId: string, { title, blocks }: StoredText, slowness: number): Promise<void> {
    const texts = blocks.map(([, text]) => text)
    let sinceMs = performance.now()
    for (const _ of this.#index.add(documentId, title, texts)) {
      await pause((performance.now() - sinceMs) * slowness)
      sinceMs = performance.now()
    }
    await pause((performance.now() - sinceMs) * slowness)
  }
}

function textOf(ydoc: Y.Doc, revision: number): StoredText {
  const blocks: [string | null, string][] = []
  let left = maxCharacters
  for (const { id, text } of blockTexts(ydoc)) {
    if (text === '') continue
    blocks.push([id, text.slice(0, left)])
    left -= text.length
    if (left <= 0) break
  }
  return { revision, title: readTitle(ydoc), blocks }
}

/** The first block that has most of the words. @param wanted term → which word of the query it was taken for. */
function bestBlock(blocks: StoredText['blocks'], wanted: ReadonlyMap<string, number>): SearchResult['snippet'] {
  const needles = [...wanted]
  const all = new Set(wanted.values()).size
  let best: { block: string | null; text: string; count: number } | undefined
  for (const [block, text] of blocks) {
    const folded = fold(text)
    const present = new Set(needles.flatMap(([term, place]) => (folded.includes(term) ? place : [])))
    if (present.size <= (best?.count ?? 0)) continue
    best = { block, text, count: present.size }
    if (present.size === all) break
  }
  if (best === undefined) return undefined
  const { marks } = markedIn(best.text, wanted)
  if (marks.length === 0) return undefined
  return { block: best.block, ...cut(best.text, marks) }
}

function markedIn(text: string, wanted: ReadonlyMap<string, number>): Marked {
  const marks: [number, number][] = []
  for (const word of wordsOf(text)) {
    if (!wanted.has(word.text)) continue
    const last = marks.at(-1)
    if (last !== undefined && word.from <= last[1]) last[1] = word.to
    else marks.push([word.from, word.to])
  }
  return { text, marks }
}

/** The words around the first mark, with an ellipsis where something is left out. */
function cut(text: string, marks: Marked['marks']): Marked {
  if (text.length <= snippetLength) return { text: text.replace(/\s/g, ' '), marks }
  let from = Math.max(0, marks[0]![0] - 60)
  if (from > 0) {
    const space = text.indexOf(' ', from)
    if (space !== -1 && space < marks[0]![0]) from = space + 1
    else if (isLowSurrogate(text, from)) from += 1
  }
  let to = Math.min(text.length, from + snippetLength)
  if (isLowSurrogate(text, to)) to += 1
  const before = from > 0 ? '…' : ''
  const shift = before.length - from
  const inside = marks.filter(mark => mark[1] <= to).map(([a, b]) => [a + shift, b + shift] as const)
  const words = `${before}${text.slice(from, to).trimEnd()}${to < text.length ? '…' : ''}`
  return { text: words.replace(/\s/g, ' '), marks: inside }
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff
}

/** Lets everything else have its turn first. */
function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    if (ms < 1) setImmediate(resolve)
    else setTimeout(resolve, ms).unref()
  })
}

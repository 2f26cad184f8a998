// Which documents have which words, in memory: for every word a list of numbers, one for each document that has it. A document that
// changes gets a new slot and its old one is dead; lists are cleared of the dead when there are many. In-memory only: what it is made
// of is kept by search.ts.

import { isNear, mistakes, wordsOf } from './search-words.ts'

export interface Hit {
  readonly documentId: string
  readonly score: number
}

/** What was searched for, and the words of documents that count as it. */
export interface Found {
  readonly hits: readonly Hit[]
  /** For each word of the query, the words that were taken for it. */
  readonly terms: readonly (readonly string[])[]
}

/** Most words that one word of a query is taken for: a single letter begins thousands. */
const maxTerms = 200
/** Words that are compared with one that has a mistake in it: some 50 ms. */
const maxCompared = 20_000
/** A word in the title counts as so many in the text. */
const titleWeight = 6
const maxCount = 63
const titleFlag = 64
const slotUnit = 128

interface Slot {
  readonly documentId: string
  /** Words in all. */
  length: number
}

export class SearchIndex {
  readonly #lists = new Map<string, number[]>()
  readonly #slots: (Slot | undefined)[] = []
  readonly #bySlot = new Map<string, number>()
  #dead = 0
  #sorted: string[] = []
  /** Words that are not among the sorted ones yet. */
  #unsorted: string[] = []
  #totalLength = 0

  get documents(): number {
    return this.#bySlot.size
  }

  get words(): number {
    return this.#lists.size
  }

  /** Replaces what is known of a document. Yields between pieces of text, so that a long one holds up nobody. */
  *add(documentId: string, title: string, texts: Iterable<string>): Generator<void> {
    const counts = new Map<string, number>()
    let length = 0
    const count = (text: string, flag: number) => {
      for (const word of wordsOf(text)) {
        const before = counts.get(word.text) ?? 0
        length += 1
        counts.set(word.text, (before & titleFlag) | flag | Math.min(maxCount, (before & maxCount) + 1))
      }
    }
    count(title, titleFlag)
    let characters = 0
    for (const text of texts) {
      count(text, 0)
      characters += text.length
      if (characters < 20_000) continue
      characters = 0
      yield
    }
    this.remove(documentId)
    const slot = this.#slots.push({ documentId, length }) - 1
    this.#bySlot.set(documentId, slot)
    this.#totalLength += length
    for (const [word, value] of counts) {
      const list = this.#lists.get(word)
      if (list !== undefined) list.push(slot * slotUnit + value)
      else {
        this.#lists.set(word, [slot * slotUnit + value])
        this.#unsorted.push(word)
      }
    }
  }

  remove(documentId: string): void {
    const slot = this.#bySlot.get(documentId)
    if (slot === undefined) return
    this.#totalLength -= this.#slots[slot]!.length
    this.#bySlot.delete(documentId)
    this.#slots[slot] = undefined
    this.#dead += 1
    if (this.#dead > 1_000 && this.#dead > this.#bySlot.size) this.#clear()
  }

  /** Every word must be there, the last one as the beginning of a word; small mistakes are forgiven where nothing else is found. */
  search(query: string): Found {
    const words = [...wordsOf(query)].map(({ text }) => text).slice(0, 16)
    const endsOpen = /[\p{L}\p{N}\p{M}]$/u.test(query)
    if (words.length === 0) return { hits: [], terms: [] }
    const terms = words.map((word, place) => this.#termsFor(word, endsOpen && place === words.length - 1))
    let scores: Map<number, number> | undefined
    for (const [place, taken] of terms.entries()) {
      const own = this.#scores(words[place]!, taken)
      scores = scores === undefined ? own : both(scores, own)
    }
    const hits = [...scores!].flatMap(([slot, score]) => {
      const documentId = this.#slots[slot]?.documentId
      return documentId === undefined ? [] : { documentId, score }
    })
    hits.sort((a, b) => b.score - a.score || (a.documentId < b.documentId ? -1 : 1))
    return { hits, terms }
  }

  #termsFor(word: string, isOpen: boolean): string[] {
    const found = isOpen ? this.#beginningWith(word) : []
    if (this.#lists.has(word) && !found.includes(word)) found.unshift(word)
    if (found.length > 0) return found
    const most = mistakes(word)
    if (most === 0) return []
    this.#sort()
    const near: string[] = []
    // A mistake in the first letter is rare, and looking only behind it is twenty times quicker.
    const start = this.#placeOf(word[0]!)
    for (let at = start; at < Math.min(this.#sorted.length, start + maxCompared) && near.length < maxTerms; at++) {
      const term = this.#sorted[at]!
      if (term[0] !== word[0]) break
      if (isNear(word, term, most) || (isOpen && isNear(word, term.slice(0, word.length), most))) near.push(term)
    }
    return near
  }

  #beginningWith(word: string): string[] {
    this.#sort()
    const found: string[] = []
    for (let at = this.#placeOf(word); at < this.#sorted.length && found.length < maxTerms; at++) {
      const term = this.#sorted[at]!
      if (!term.startsWith(word)) break
      found.push(term)
    }
    return found
  }

  /** BM25 with the title as a heavier field; what is only near, or only begins so, counts less. */
  #scores(word: string, terms: readonly string[]): Map<number, number> {
    const scores = new Map<number, number>()
    const average = this.#totalLength / Math.max(1, this.#bySlot.size)
    for (const term of terms) {
      const list = this.#lists.get(term)!
      const rarity = Math.log(1 + (this.#bySlot.size + 1) / (list.length + 0.5))
      const closeness = term === word ? 1 : term.startsWith(word) ? 0.4 + (0.4 * word.length) / term.length : 0.3
      for (const entry of list) {
        const slot = Math.floor(entry / slotUnit)
        const document = this.#slots[slot]
        if (document === undefined) continue
        const count = (entry & maxCount) + (entry & titleFlag ? titleWeight : 0)
        const weight = (count * 2.2) / (count + 1.2 * (0.25 + (0.75 * document.length) / average))
        scores.set(slot, Math.max(scores.get(slot) ?? 0, rarity * weight * closeness))
      }
    }
    return scores
  }

  #sort(): void {
    if (this.#unsorted.length === 0) return
    this.#sorted = merged(this.#sorted, this.#unsorted.sort(byCode))
    this.#unsorted = []
  }

  /** Of the first word that is not before this one. */
  #placeOf(word: string): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sorted[middle]! < word) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Takes the dead out of all lists, and gives slots new numbers. */
  #clear(): void {
    const numbers = new Map<number, number>()
    const slots = this.#slots.filter((slot, old) => slot !== undefined && numbers.set(old, numbers.size))
    this.#slots.splice(0, this.#slots.length, ...slots)
    this.#bySlot.clear()
    for (const [place, slot] of this.#slots.entries()) this.#bySlot.set(slot!.documentId, place)
    for (const [word, list] of this.#lists) {
      const alive = list.flatMap(entry => {
        const slot = numbers.get(Math.floor(entry / slotUnit))
        return slot === undefined ? [] : slot * slotUnit + (entry % slotUnit)
      })
      if (alive.length > 0) this.#lists.set(word, alive)
      else this.#lists.delete(word)
    }
    this.#sorted = [...this.#lists.keys()].sort(byCode)
    this.#unsorted = []
    this.#dead = 0
  }
}

function both(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): Map<number, number> {
  const result = new Map<number, number>()
  for (const [slot, score] of a) {
    const other = b.get(slot)
    if (other !== undefined) result.set(slot, score + other)
  }
  return result
}

/** Of two sorted lists one. */
function merged(a: readonly string[], b: readonly string[]): string[] {
  const result: string[] = []
  let at = 0
  for (const word of b) {
    while (at < a.length && a[at]! < word) result.push(a[at++]!)
    result.push(word)
  }
  while (at < a.length) result.push(a[at++]!)
  return result
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

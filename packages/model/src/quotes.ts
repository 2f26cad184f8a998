// Quotes: what anchors keep of the words that they stand on, and where those words stand now. The text of a block is its
// characters, `\n` for a break, and for an atom what it says in plain text (which may be nothing); two blocks are joined by `\n`.
// Indexes count UTF-16 code units of that text, places count as ProseMirror does.

import type { Fragment } from 'prosemirror-model'
import type { Blocks, Entry } from './blocks.ts'
import type { BlockPlace } from './carets.ts'
import { textOf, wellFormed } from './kinds.ts'

/** Two places of one sequence, the first never behind the second. */
export interface Span {
  readonly from: BlockPlace
  readonly to: BlockPlace
}

/** A span and the sequence that it stands in. */
export interface FoundSpan extends Span {
  readonly blocks: Blocks
}

const reach = 65_536

/** The first words of a span, at most so many code units, never half of a character. */
export function quoteOf(blocks: Blocks, { from, to }: Span, maxLength: number): string {
  const isOneBlock = from.entry === to.entry
  const passage = new Passage(blocks, from.entry, isOneBlock ? 0 : indexInBlock(from) + maxLength)
  const start = passage.indexOf(from)
  const end = passage.indexOf(to) ?? passage.text.length
  const quote = passage.text.slice(start ?? 0, end)
  if (quote.length <= maxLength) return quote
  // A lone half at the end reads as U+FFFD.
  const cut = quote.slice(0, maxLength)
  return wellFormed(cut) === cut ? cut : cut.slice(0, -1)
}

/** The index of a place in the text of its block. */
export function indexInBlock({ entry, offset }: BlockPlace): number {
  return blockText(entry).indexOf(offset)
}

/**
 * Where a quote that begins in this block stands nearest to an index, at most so many code units away; null where it does not. No
 * more than 65,536 code units to either side are looked at.
 */
export function nearestQuote(
  blocks: Blocks,
  entry: Entry,
  quote: string,
  { index, within = reach }: { index: number; within?: number | undefined },
): Span | null {
  const end = blockText(entry).text.length + quote.length
  const passage = new Passage(blocks, entry, end)
  const first = Math.max(0, Math.min(index, end) - within)
  const text = passage.text.slice(first, Math.min(end, first + 2 * within + quote.length))
  const expected = index - first
  const before = text.lastIndexOf(quote, expected)
  const after = text.indexOf(quote, expected)
  if (before < 0 && after < 0) return null
  const start = first + (after < 0 || (before >= 0 && expected - before <= after - expected) ? before : after)
  return passage.span(start, start + quote.length)
}

/** The quote where it stands directly in front of a place, or behind it; null where other words do. */
export function quoteAt(blocks: Blocks, place: BlockPlace, quote: string, side: 'before' | 'behind'): Span | null {
  let first: Entry | null = place.entry
  let index = indexInBlock(place)
  while (side === 'before' && first !== null && index < quote.length) {
    first = shownBefore(blocks, first)
    if (first !== null) index += blockText(first).text.length + 1
  }
  if (first === null) return null
  const start = side === 'before' ? index - quote.length : index
  const passage = new Passage(blocks, first, start + quote.length)
  return passage.text.startsWith(quote, start) ? passage.span(start, start + quote.length) : null
}

/**
 * Where each of these quotes stands, if it stands exactly once in all the sequences together: nobody could tell which of several
 * is meant. One walk over the text, however many quotes there are.
 */
export function quotesThatStandOnce(sequences: readonly Blocks[], quotes: readonly string[]): Map<string, FoundSpan> {
  const found = new Map<string, FoundSpan>()
  const scan = new QuoteScan(quotes.filter(quote => quote !== ''))
  if (scan.isEmpty) return found
  const starts: { blocks: Blocks; entry: Entry; start: number }[] = []
  for (const blocks of sequences) {
    scan.restart()
    for (const section of blocks.sections) {
      for (const entry of section.entries) {
        if (entry.node === null) continue
        starts.push({ blocks, entry, start: scan.length })
        scan.read(blockText(entry).text)
        scan.read('\n')
      }
    }
  }
  const partAt = (index: number): { blocks: Blocks; entry: Entry; start: number } => {
    let low = 0
    for (let high = starts.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]!.start <= index) low = middle
      else high = middle - 1
    }
    return starts[low]!
  }
  for (const [quote, start] of scan.finish()) {
    const { blocks, entry, start: from } = partAt(start)
    const passage = new Passage(blocks, entry, start - from + quote.length)
    found.set(quote, { blocks, ...passage.span(start - from, start - from + quote.length) })
  }
  return found
}

/** The shown block next to one. */
export function shownBefore(blocks: Blocks, entry: Entry): Entry | null {
  let other = blocks.previous(entry)
  while (other !== null && other.node === null) other = blocks.previous(other)
  return other
}

export function shownBehind(blocks: Blocks, entry: Entry): Entry | null {
  let other = blocks.next(entry)
  while (other !== null && other.node === null) other = blocks.next(other)
  return other
}

/** The text of one block, and what of it stands at which place. */
class BlockText {
  readonly text: string
  /** Atoms whose text is not one code unit long. */
  readonly #bends: readonly { readonly index: number; readonly length: number; readonly place: number }[]

  constructor(content: Fragment) {
    let text = ''
    const bends: { index: number; length: number; place: number }[] = []
    content.forEach((child, place) => {
      const own = child.text ?? child.type.spec.leafText?.(child) ?? ''
      if (!child.isText && own.length !== 1) bends.push({ index: text.length, length: own.length, place })
      text += own
    })
    this.text = text
    this.#bends = bends
  }

  indexOf(place: number): number {
    let index = place
    for (const bend of this.#bends) if (bend.place < place) index += bend.length - 1
    return index
  }

  /** The place at an index; a start leans to what is right of it, an end to the left, and both take in the atom they are in. */
  placeOf(index: number, side: 'start' | 'end'): number {
    let place = index
    for (const bend of this.#bends) {
      const end = bend.index + bend.length
      const isPassed = side === 'start' || bend.length > 0 ? end <= index : end < index
      if (!isPassed && bend.index < index) return side === 'start' ? bend.place : bend.place + 1
      if (!isPassed) break
      place += 1 - bend.length
    }
    return place
  }
}

const texts = new WeakMap<Fragment, BlockText>()

/** Blocks that anchors stand on are asked for again and again. */
function blockText(entry: Entry): BlockText {
  const content = textOf(entry.node!)
  let text = texts.get(content)
  if (text === undefined) {
    text = new BlockText(content)
    texts.set(content, text)
  }
  return text
}

/** The text of a block and, as far as it is needed, of the shown ones behind it. */
class Passage {
  readonly text: string
  readonly #parts: readonly { readonly entry: Entry; readonly start: number }[]

  constructor(blocks: Blocks, first: Entry, length: number) {
    const parts = [{ entry: first, start: 0 }]
    let { text } = blockText(first)
    for (let entry: Entry | null = first; text.length < length; ) {
      entry = shownBehind(blocks, entry)
      if (entry === null) break
      text += '\n'
      parts.push({ entry, start: text.length })
      text += blockText(entry).text
    }
    this.text = text
    this.#parts = parts
  }

  indexOf({ entry, offset }: BlockPlace): number | null {
    const part = this.#parts.find(one => one.entry === entry)
    return part === undefined ? null : part.start + blockText(entry).indexOf(offset)
  }

  span(from: number, to: number): Span {
    return { from: this.#place(from, 'start'), to: this.#place(to, 'end') }
  }

  #place(index: number, side: 'start' | 'end'): BlockPlace {
    const { entry, start } = this.#parts.findLast(one => one.start <= index)!
    return { entry, offset: blockText(entry).placeOf(index - start, side) }
  }
}

/**
 * Finds many quotes in one walk (Aho and Corasick, "Efficient string matching", 1975): a tree of all quotes in which each node knows
 * the longest other beginning that its end is too. Only whether and where, not how often beyond once, so matches cost nothing.
 */
class QuoteScan {
  readonly #quotes = new Map<string, number>()
  /** The child of a node by code unit, keyed `node * 65536 + unit`. */
  readonly #children = new Map<number, number>()
  readonly #depths = [0]
  readonly #parents = [0]
  readonly #units = [0]
  readonly #fallbacks: number[] = [0]
  /** Nodes from the shallowest to the deepest. */
  readonly #order: readonly number[]
  /** How often the walk came to a node, and where (index behind the last unit) it did first. */
  readonly #visits: number[]
  readonly #ends: number[]
  #node = 0
  #length = 0

  constructor(quotes: readonly string[]) {
    for (const quote of quotes) this.#quotes.set(quote, this.#plant(quote))
    this.#order = this.#depths.map((_, node) => node).sort((a, b) => this.#depths[a]! - this.#depths[b]!)
    for (const node of this.#order) {
      const parent = this.#parents[node]!
      this.#fallbacks[node] = parent === 0 ? 0 : this.#step(this.#fallbacks[parent]!, this.#units[node]!)
    }
    this.#visits = this.#depths.map(() => 0)
    this.#ends = this.#depths.map(() => Number.POSITIVE_INFINITY)
  }

  get isEmpty(): boolean {
    return this.#quotes.size === 0
  }

  /** Code units read so far. */
  get length(): number {
    return this.#length
  }

  /** No quote goes on from what was read to what comes. */
  restart(): void {
    this.#node = 0
  }

  read(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const node = this.#step(this.#node, text.charCodeAt(i))
      this.#node = node
      this.#length++
      if (this.#visits[node]!++ === 0) this.#ends[node] = this.#length
    }
  }

  /** The quotes that were read exactly once, with the index of their start. */
  finish(): Map<string, number> {
    for (const node of this.#order.toReversed()) {
      const fallback = this.#fallbacks[node]!
      if (node === 0) continue
      this.#visits[fallback]! += this.#visits[node]!
      this.#ends[fallback] = Math.min(this.#ends[fallback]!, this.#ends[node]!)
    }
    const once = new Map<string, number>()
    for (const [quote, node] of this.#quotes) {
      if (this.#visits[node] === 1) once.set(quote, this.#ends[node]! - quote.length)
    }
    return once
  }

  #plant(quote: string): number {
    let node = 0
    for (let i = 0; i < quote.length; i++) {
      const key = node * 65_536 + quote.charCodeAt(i)
      let child = this.#children.get(key)
      if (child === undefined) {
        child = this.#depths.length
        this.#children.set(key, child)
        this.#depths.push(this.#depths[node]! + 1)
        this.#parents.push(node)
        this.#units.push(quote.charCodeAt(i))
      }
      node = child
    }
    return node
  }

  #step(from: number, unit: number): number {
    for (let node = from; ; node = this.#fallbacks[node]!) {
      const child = this.#children.get(node * 65_536 + unit)
      if (child !== undefined) return child
      if (node === 0) return 0
    }
  }
}

// Finding places by what they say: a quote, exactly or else by the loose reading; a heading; a block. Reading only.

import type { Node } from 'prosemirror-model'
import { isTable, textOf, wellFormed } from '../kinds.ts'
import { schema } from '../schema.ts'
import { Lines, loosen } from './lines.ts'
import type { BlockList, Spot, Stretch } from './sheet.ts'

export interface QuoteTarget {
  readonly quote: string
  /** What stands directly before and behind it. */
  readonly prefix?: string | undefined
  readonly suffix?: string | undefined
  /** The id of the block that it stands in. */
  readonly within?: string | undefined
}

export interface Found extends Stretch {
  readonly matchedBy: 'exact' | 'normalized'
}

/** A document that is searched; it reads each list once. */
export class Searched {
  readonly lists: readonly BlockList[]
  readonly #lines = new Map<number, Lines>()

  constructor(lists: readonly BlockList[]) {
    this.lists = lists
  }

  linesOf(list: number): Lines {
    let lines = this.#lines.get(list)
    if (lines === undefined) {
      lines = new Lines(this.lists[list]!)
      this.#lines.set(list, lines)
    }
    return lines
  }

  /** All places that say it, in the order of the document; by the loose reading only where none says it exactly. */
  quotes(target: QuoteTarget, limit = Number.POSITIVE_INFINITY): Found[] {
    const exact = this.#matches(target, 'exact', limit)
    return exact.length > 0 ? exact : this.#matches(target, 'normalized', limit)
  }

  /** All places that a pattern matches, within a line. */
  matches(pattern: RegExp, limit: number): Found[] {
    const found: Found[] = []
    for (let list = 0; list < this.lists.length && found.length < limit; list++) {
      const lines = this.linesOf(list)
      for (let block = 0; block < this.lists[list]!.blocks.length && found.length < limit; block++) {
        const { from, to } = lines.rangeOf(block)
        for (const match of lines.text.slice(from, to).matchAll(pattern)) {
          if (match[0] === '' || found.length === limit) continue
          const start = from + match.index
          found.push(this.#found(list, start, start + match[0].length, 'exact'))
        }
      }
    }
    return found
  }

  /** Where a block of this id stands. */
  block(id: string): { list: number; index: number; node: Node } | undefined {
    for (const [list, { blocks }] of this.lists.entries()) {
      const index = blocks.findIndex(block => block.attrs.id === id)
      if (index >= 0) return { list, index, node: blocks[index]! }
    }
    return undefined
  }

  /** The place behind the text of a block. */
  endOf(list: number, block: number): Spot {
    return { block, offset: textOf(this.lists[list]!.blocks[block]!).size }
  }

  /** Headings of the body that say this, loosely read. */
  headings(text: string, level?: number): number[] {
    const wanted = loosen(text.trim()).text
    const lines = this.linesOf(0)
    return this.lists[0]!.blocks.flatMap((block, index) => {
      if (block.type !== schema.nodes.heading || (level !== undefined && block.attrs.level !== level)) return []
      const { from, to } = lines.rangeOf(index)
      return loosen(lines.text.slice(from, to).trim()).text === wanted ? [index] : []
    })
  }

  /** The index behind the section that a heading begins: up to the next one that is as high. */
  sectionEnd(index: number): number {
    const { blocks } = this.lists[0]!
    const { level } = blocks[index]!.attrs as { level: number }
    let end = index + 1
    while (end < blocks.length && !(blocks[end]!.type === schema.nodes.heading && blocks[end]!.attrs.level <= level))
      end++
    return end
  }

  /** The words of a place, with some around them. */
  contextOf({ list, from, to }: Stretch, around = 40): string {
    const lines = this.linesOf(list)
    const start = lines.indexOf(from)
    const end = lines.indexOf(to)
    return wellFormed(lines.text.slice(Math.max(0, start - around), end + around))
  }

  /** The lines that are most like a quote that stands nowhere, the most alike first. */
  nearest({ quote }: QuoteTarget, count = 3): Found[] {
    const wanted = pairsOf(loosen(quote).text)
    const scored: { found: Found; score: number }[] = []
    this.lists.forEach(({ blocks }, list) => {
      const lines = this.linesOf(list)
      blocks.slice(0, maxCompared).forEach((block, index) => {
        const { from, to } = lines.rangeOf(index)
        if (from === to || isTable(block)) return
        const score = likeness(wanted, pairsOf(lines.text.slice(from, Math.min(to, from + maxLineCompared))))
        if (score > minLikeness) scored.push({ found: this.#found(list, from, to, 'exact'), score })
      })
    })
    return scored
      .sort((a, b) => b.score - a.score)
      .slice(0, count)
      .map(({ found }) => found)
  }

  #matches({ quote, prefix, suffix, within }: QuoteTarget, by: Found['matchedBy'], limit: number): Found[] {
    const read = (text: string) => (by === 'exact' ? text : loosen(text).text)
    const [wanted, before, behind] = [read(quote), read(prefix ?? ''), read(suffix ?? '')]
    const holder = within === undefined ? undefined : this.block(within)
    if (wanted === '' || (within !== undefined && holder === undefined)) return []
    const found: Found[] = []
    for (let list = 0; list < this.lists.length && found.length < limit; list++) {
      if (holder !== undefined && holder.list !== list) continue
      const lines = this.linesOf(list)
      const { text, at } = by === 'exact' ? { text: lines.text, at: undefined } : lines.loose
      const range = holder === undefined ? undefined : lines.rangeOf(holder.index)
      for (let index = text.indexOf(wanted); index >= 0 && found.length < limit; ) {
        const end = index + wanted.length
        const [from, to] = at === undefined ? [index, end] : [at[index]!, at[end]!]
        const isInside = range === undefined || (from >= range.from && to <= range.to)
        const isBetween = index >= before.length && text.startsWith(before, index - before.length)
        const fits = isBetween && text.startsWith(behind, end) && isInside
        if (fits) found.push(this.#found(list, from, to, by))
        index = text.indexOf(wanted, fits ? end : index + 1)
      }
    }
    return found
  }

  #found(list: number, start: number, end: number, matchedBy: Found['matchedBy']): Found {
    const lines = this.linesOf(list)
    return { list, from: lines.spotAt(start, false), to: lines.spotAt(end, true), matchedBy }
  }
}

/** The place before a block. */
export function before(block: number): Spot {
  return { block, offset: -1 }
}

const maxCompared = 2_000
const maxLineCompared = 200
const minLikeness = 0.3

function pairsOf(text: string): Set<string> {
  const folded = text.toLowerCase()
  const pairs = new Set<string>()
  for (let index = 0; index + 1 < folded.length; index++) pairs.add(folded.slice(index, index + 2))
  return pairs
}

/** How much of the wanted pairs of letters another text has. */
function likeness(wanted: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let common = 0
  for (const pair of wanted) if (other.has(pair)) common++
  return wanted.size === 0 ? 0 : common / wanted.size
}

// Finding words in a document: block by block, each remembered by its node, so that an edit costs one block and a document of 10,000
// blocks is searched once. Pure: what is done with the matches is in find-bar.ts.

import type { Node } from 'prosemirror-model'

export interface Query {
  readonly text: string
  readonly isCaseSensitive: boolean
  readonly isWholeWord: boolean
  /** `text` is a regular expression, and `$1` or `$&` in a replacement is what it found. */
  readonly isPattern: boolean
}

/** Positions in the document, or offsets in a line of text. */
export interface Match {
  readonly from: number
  readonly to: number
}

/** Atoms stand for one place that no query finds. */
const atom = '\ufffc'

/** Null where there is nothing to look for. @throws SyntaxError where the expression is none */
export function patternOf({ text, isCaseSensitive, isWholeWord, isPattern }: Query): RegExp | null {
  if (text === '') return null
  const source = isPattern ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const whole = isWholeWord ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source
  return new RegExp(whole, isCaseSensitive ? 'gmu' : 'gmiu')
}

export class Finder {
  readonly #pattern: RegExp
  /** Matches in sections and blocks, behind the start of each. */
  readonly #known = new WeakMap<Node, readonly Match[]>()

  constructor(pattern: RegExp) {
    this.#pattern = pattern
  }

  /** In the order of the document, tables and captions included. */
  find(doc: Node): Match[] {
    const all: Match[] = []
    doc.forEach((section, offset) => {
      for (const { from, to } of this.#within(section)) all.push({ from: from + offset, to: to + offset })
    })
    return all
  }

  findInText(text: string): Match[] {
    const found: Match[] = []
    this.#pattern.lastIndex = 0
    for (let match = this.#pattern.exec(text); match !== null; match = this.#pattern.exec(text)) {
      // What is empty is nowhere; the next letter may be.
      if (match[0] === '') this.#pattern.lastIndex += text.codePointAt(match.index)! > 0xffff ? 2 : 1
      else found.push({ from: match.index, to: match.index + match[0].length })
    }
    return found
  }

  /** What stands in the place of a match. */
  replacement(text: string, { from, to }: Match, by: string, isPattern: boolean): string {
    if (!isPattern) return by
    this.#pattern.lastIndex = from
    const match = this.#pattern.exec(text)
    if (match === null || match.index !== from) return by
    return by.replace(/\$([$&]|\d{1,2})/g, (whole, sign: string) => {
      if (sign === '$') return '$'
      return sign === '&' ? text.slice(from, to) : Number(sign) < match.length ? (match[Number(sign)] ?? '') : whole
    })
  }

  /** Offsets are behind the start of the node, its opening token included. */
  #within(node: Node): readonly Match[] {
    let found = this.#known.get(node)
    if (found !== undefined) return found
    if (node.inlineContent) {
      found = this.findInText(textOf(node)).map(({ from, to }) => ({ from: from + 1, to: to + 1 }))
    } else {
      const inner: Match[] = []
      node.forEach((child, offset) => {
        for (const { from, to } of this.#within(child)) inner.push({ from: from + offset + 1, to: to + offset + 1 })
      })
      found = inner
    }
    this.#known.set(node, found)
    return found
  }
}

/** The text of a block, one character for each place. */
export function textOf(block: Node): string {
  return block.textBetween(0, block.content.size, undefined, leaf =>
    leaf.type.name === 'hard_break' ? '\n' : leaf.nodeSize === 1 ? atom : atom.repeat(leaf.nodeSize),
  )
}

/** The first match at or behind a position; the first of all where there is none. -1 without matches. */
export function nearestMatch(matches: readonly Match[], position: number): number {
  let low = 0
  let high = matches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (matches[middle]!.from < position) low = middle + 1
    else high = middle
  }
  return matches.length === 0 ? -1 : low % matches.length
}

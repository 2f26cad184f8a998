// The text of a list in one string, a line per block, with the way back from an index in it to a place: what quotes are looked for in.
// The loose reading takes typographic variants for one another; it keeps for each of its characters where it stood.

import type { Node } from 'prosemirror-model'
import { textOf } from '../kinds.ts'
import { type BlockList, type Spot, textBetween } from './sheet.ts'

export class Lines {
  readonly text: string
  readonly #list: BlockList
  /** Where the line of each block begins in `text`. */
  readonly #starts: readonly number[]
  #loose: { readonly text: string; readonly at: readonly number[] } | undefined

  constructor(list: BlockList) {
    this.#list = list
    const starts: number[] = []
    const lines: string[] = []
    let length = 0
    for (const block of list.blocks) {
      const line = textBetween(textOf(block))
      starts.push(length)
      lines.push(line)
      length += line.length + 1
    }
    this.#starts = starts
    this.text = lines.join('\n')
  }

  /** The text with variants made one, and for each code unit, and the end, its index in `text`. */
  get loose(): { readonly text: string; readonly at: readonly number[] } {
    this.#loose ??= loosen(this.text)
    return this.#loose
  }

  /** The index at which the line of a block begins and ends. */
  rangeOf(block: number): { from: number; to: number } {
    const next = this.#starts[block + 1]
    return { from: this.#starts[block]!, to: next === undefined ? this.text.length : next - 1 }
  }

  /** @param isEnd where it stands inside of what an atom says, the place is behind the atom, not before it. */
  spotAt(index: number, isEnd: boolean): Spot {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= index) low = middle
      else high = middle - 1
    }
    return { block: low, offset: offsetIn(this.#list.blocks[low]!, index - this.#starts[low]!, isEnd) }
  }

  indexOf({ block, offset }: Spot): number {
    const text = textOf(this.#list.blocks[block]!)
    return this.#starts[block]! + textBetween(text, 0, Math.max(0, offset)).length
  }
}

/** Variants of quotes, dashes and spaces made one, runs of spaces one space, and letters with their accents in one form (NFC). */
export function loosen(text: string): { text: string; at: number[] } {
  // Put together at the end: a string that grows is copied each time that its end is looked at.
  const parts: string[] = []
  const at: number[] = []
  let isSpaceLast = false
  const add = (plain: string, index: number): void => {
    if (plain === ' ' && isSpaceLast) return
    isSpaceLast = plain === ' '
    parts.push(plain)
    for (let unit = 0; unit < plain.length; unit++) at.push(index)
  }
  const clusters = /\P{M}\p{M}*|\p{M}+/suy
  for (let index = 0; index < text.length; ) {
    const code = text.charCodeAt(index)
    // Most characters are plain letters, and nothing that is put upon them follows.
    if (code < 0x80 && !(text.charCodeAt(index + 1) >= 0x300)) {
      const character = text[index]!
      add(isSpace(character) ? ' ' : character, index)
      index += 1
      continue
    }
    clusters.lastIndex = index
    const cluster = clusters.exec(text)![0]
    add(variants.get(cluster) ?? (isSpace(cluster) ? ' ' : cluster.normalize('NFC')), index)
    index += cluster.length
  }
  at.push(text.length)
  return { text: parts.join(''), at }
}

const variants = new Map<string, string>([
  ...[...'‘’‚‛′'].map((quote): [string, string] => [quote, "'"]),
  ...[...'“”„‟″«»'].map((quote): [string, string] => [quote, '"']),
  ...[...'‐‑‒–—−'].map((dash): [string, string] => [dash, '-']),
  ['…', '...'],
])

function isSpace(cluster: string): boolean {
  return cluster !== '\n' && /^\s$/.test(cluster)
}

function offsetIn(block: Node, length: number, isEnd: boolean): number {
  const text = textOf(block)
  let said = 0
  let offset = 0
  for (const child of text.content) {
    if (said >= length) break
    if (child.isText) {
      const size = Math.min(child.nodeSize, length - said)
      offset += size
      said += size
      if (size < child.nodeSize) break
      continue
    }
    const { length: says } = child.type.spec.leafText?.(child) ?? ''
    if (said + says > length) return isEnd ? offset + child.nodeSize : offset
    said += says
    offset += child.nodeSize
  }
  return offset
}

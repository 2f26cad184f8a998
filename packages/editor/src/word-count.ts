// Counting words and characters: by section, and what did not change is not counted again.

import type { Node } from 'prosemirror-model'
import type { EditorState } from 'prosemirror-state'

export interface Count {
  /** As people count them, in any script. */
  readonly words: number
  /** As they are seen, spaces included: what is written as several code points is one. */
  readonly characters: number
}

const counts = new WeakMap<Node, Count>()
const words = new Intl.Segmenter(undefined, { granularity: 'word' })

export function countDocument(doc: Node): Count {
  return sum(doc.children.map(section => remember(section, () => sum(section.children.map(countBlock)))))
}

/** Null where nothing is selected. */
export function countSelection({ doc, selection }: EditorState): Count | null {
  if (selection.empty) return null
  const found: Count[] = []
  for (const { $from, $to } of selection.ranges) {
    doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (!node.isTextblock) return true
      const from = Math.max($from.pos - pos - 1, 0)
      const to = Math.min($to.pos - pos - 1, node.content.size)
      const isWhole = from === 0 && to === node.content.size
      found.push(isWhole ? countBlock(node) : countText(node.textBetween(from, to, ' ', ' ')))
      return false
    })
  }
  return sum(found)
}

function countBlock(block: Node): Count {
  return remember(block, () => countText(block.textBetween(0, block.content.size, ' ', ' ')))
}

function remember(node: Node, count: () => Count): Count {
  let known = counts.get(node)
  if (known === undefined) {
    known = count()
    counts.set(node, known)
  }
  return known
}

/** Anything that the rules of Unicode are needed for: other scripts, and signs inside of words and numbers. */
const needsRules = /[^A-Za-z0-9\s.,;:!?()"-]|[.,;:][A-Za-z0-9]/

function countText(text: string): Count {
  // What most texts are made of needs none of them, and is counted many times quicker.
  if (!needsRules.test(text)) return { words: text.match(/[A-Za-z0-9]+/g)?.length ?? 0, characters: text.length }
  let found = 0
  for (const part of words.segment(text)) if (part.isWordLike) found++
  // Marks and joiners stand on the character before them.
  return {
    words: found,
    characters: text.replace(/\p{M}|\u200d|[\u{1f3fb}-\u{1f3ff}]/gu, '').match(/./gsu)?.length ?? 0,
  }
}

function sum(all: readonly Count[]): Count {
  return all.reduce((a, b) => ({ words: a.words + b.words, characters: a.characters + b.characters }), {
    words: 0,
    characters: 0,
  })
}

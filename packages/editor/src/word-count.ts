// Counting words: by section, and a section that did not change is not counted again.

import type { Node } from 'prosemirror-model'

const counts = new WeakMap<Node, number>()
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

/** Words as people count them, in any script. */
export function countWords(doc: Node): number {
  let total = 0
  doc.forEach(section => {
    let count = counts.get(section)
    if (count === undefined) {
      count = 0
      section.forEach(block => {
        count! += countIn(block)
      })
      counts.set(section, count)
    }
    total += count
  })
  return total
}

function countIn(block: Node): number {
  let count = counts.get(block)
  if (count !== undefined) return count
  count = 0
  for (const part of segmenter.segment(block.textBetween(0, block.content.size, ' ', ' '))) if (part.isWordLike) count++
  counts.set(block, count)
  return count
}

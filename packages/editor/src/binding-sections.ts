// Sections exist only in the local document, so that a browser lays out what is in sight: it is layout, not the CRDT, that makes
// 10,000 flat paragraphs slow. The binding cuts and merges them; nothing of it is ever written.

import { sectionSize } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'

const mostBlocks = 160
const fewestBlocks = 32

/**
 * Cuts sections above 160 blocks and merges those under 32 with a neighbour.
 * @param spared a position whose section stays as it is: a composition is under way there
 */
export function resection(tr: Transaction, spared: number | null): void {
  const { doc } = tr
  let end = doc.content.size
  for (let i = doc.childCount - 1; i >= 0; i--) {
    const section = doc.child(i)
    const start = end - section.nodeSize
    if (!holds(start, section, spared)) {
      if (section.childCount > mostBlocks) cut(tr, start, section)
      else if (section.childCount < fewestBlocks && i > 0) {
        const above = doc.child(i - 1)
        const isSpared = holds(start - above.nodeSize, above, spared)
        if (!isSpared && above.childCount + section.childCount <= mostBlocks) tr.join(start)
      }
    }
    end = start
  }
}

function holds(start: number, section: Node, position: number | null): boolean {
  return position !== null && position > start && position < start + section.nodeSize
}

function cut(tr: Transaction, start: number, section: Node): void {
  const parts = Math.max(2, Math.round(section.childCount / sectionSize))
  let position = start + section.nodeSize - 1
  let part = parts - 1
  for (let k = section.childCount - 1; k > 0 && part > 0; k--) {
    position -= section.child(k).nodeSize
    if (k === Math.floor((part * section.childCount) / parts)) {
      tr.split(position)
      part--
    }
  }
}

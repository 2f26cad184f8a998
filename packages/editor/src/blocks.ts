// Where blocks stand. The sections between the document and its blocks come and go with the binding, so everything that walks
// from block to block goes through these few functions, and nothing else counts.

import type { Node } from 'prosemirror-model'
import type { EditorState } from 'prosemirror-state'

export interface Block {
  readonly node: Node
  /** The position directly before the block. */
  readonly pos: number
}

/** The block that the caret, or the head of the selection, stands in. */
export function caretBlock(state: EditorState): Block | null {
  const { $head } = state.selection
  return $head.depth < 2 ? null : { node: $head.node(2), pos: $head.before(2) }
}

export function blockBefore(doc: Node, block: Block): Block | null {
  const $pos = doc.resolve(block.pos)
  const above = $pos.nodeBefore
  if (above !== null) return { node: above, pos: block.pos - above.nodeSize }
  const section = $pos.index(0) > 0 ? doc.child($pos.index(0) - 1) : null
  const last = section?.lastChild
  return last == null ? null : { node: last, pos: $pos.before(1) - 1 - last.nodeSize }
}

export function blockAfter(doc: Node, block: Block): Block | null {
  const end = block.pos + block.node.nodeSize
  const $end = doc.resolve(end)
  if ($end.nodeAfter !== null) return { node: $end.nodeAfter, pos: end }
  const section = $end.index(0) + 1 < doc.childCount ? doc.child($end.index(0) + 1) : null
  const first = section?.firstChild
  return first == null ? null : { node: first, pos: $end.after(1) + 1 }
}

export function lastBlock(doc: Node): Block {
  const node = doc.lastChild!.lastChild!
  return { node, pos: doc.content.size - 1 - node.nodeSize }
}

/** The blocks that the selection touches. */
export function selectedBlocks(state: EditorState): Block[] {
  const blocks: Block[] = []
  const { from, to } = state.selection
  state.doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isTextblock) return true
    blocks.push({ node, pos })
    return false
  })
  return blocks
}

/** The block and those that belong to it: the ones right behind it with a larger indent. */
export function subtree(doc: Node, block: Block): Block[] {
  const all = [block]
  for (let next = blockAfter(doc, block); next !== null; next = blockAfter(doc, next)) {
    if (next.node.attrs.indent <= block.node.attrs.indent) break
    all.push(next)
  }
  return all
}

/** No text, whatever the kind. */
export function isEmptyBlock(node: Node): boolean {
  return node.content.size === 0
}

/** One empty paragraph and nothing else. */
export function isEmptyDocument(doc: Node): boolean {
  const only = doc.childCount === 1 && doc.firstChild!.childCount === 1 ? doc.firstChild!.firstChild! : null
  return only !== null && only.type.name === 'paragraph' && only.content.size === 0
}

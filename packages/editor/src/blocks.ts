// Where blocks stand: in sections, which come and go with the binding and which nobody sees, and in the cells of tables, which no
// block leaves. Everything that walks from block to block goes through these few functions, and nothing else counts.

import { schema } from '@sheaf/model'
import type { Node, NodeType, ResolvedPos } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'

/** Kinds whose text is only a caption. */
const captioned: ReadonlySet<NodeType> = new Set([schema.nodes.divider, schema.nodes.image, schema.nodes.embed])

export interface Block {
  readonly node: Node
  /** The position directly before the block. */
  readonly pos: number
}

/** The block of text that the caret, or the head of the selection, stands in. */
export function caretBlock(state: EditorState): Block | null {
  return blockAround(state.selection.$head)
}

/** The block of text around a place; null in whatever is no block: the caption of a table, or between blocks. */
export function blockAround($pos: ResolvedPos): Block | null {
  const { depth, parent } = $pos
  return parent.isTextblock && depth > 1 && holdsBlocks($pos.node(depth - 1))
    ? { node: parent, pos: $pos.before(depth) }
    : null
}

/** The block of the document around a place: a table, where the place is in one of its cells. */
export function outerBlock($pos: ResolvedPos): Block | null {
  return $pos.depth < 2 ? null : { node: $pos.node(2), pos: $pos.before(2) }
}

/** Whether a place is in a cell of a table. */
export function isInCell($pos: ResolvedPos): boolean {
  for (let depth = $pos.depth; depth > 0; depth--) if ($pos.node(depth).type.spec.tableRole === 'cell') return true
  return false
}

/** A section, or the cell of a table. */
export function holdsBlocks(node: Node): boolean {
  return node.type === schema.nodes.section || node.type.spec.tableRole === 'cell'
}

/** Over the edge of a section, but not out of a cell. */
export function blockBefore(doc: Node, block: Block): Block | null {
  const $pos = doc.resolve(block.pos)
  const above = $pos.nodeBefore
  if (above !== null) return { node: above, pos: block.pos - above.nodeSize }
  const section = $pos.depth === 1 && $pos.index(0) > 0 ? doc.child($pos.index(0) - 1) : null
  const last = section?.lastChild
  return last == null ? null : { node: last, pos: $pos.before(1) - 1 - last.nodeSize }
}

/** Over the edge of a section, but not out of a cell. */
export function blockAfter(doc: Node, block: Block): Block | null {
  const end = block.pos + block.node.nodeSize
  const $end = doc.resolve(end)
  if ($end.nodeAfter !== null) return { node: $end.nodeAfter, pos: end }
  const section = $end.depth === 1 && $end.index(0) + 1 < doc.childCount ? doc.child($end.index(0) + 1) : null
  const first = section?.firstChild
  return first == null ? null : { node: first, pos: $end.after(1) + 1 }
}

export function lastBlock(doc: Node): Block {
  const node = doc.lastChild!.lastChild!
  return { node, pos: doc.content.size - 1 - node.nodeSize }
}

/** A block of text, and the stretch of it that is selected. */
export interface SelectedBlock extends Block {
  readonly from: number
  readonly to: number
}

/** The blocks of text that the selection touches, in order; of selected cells those that stand in them. */
export function selectedBlocks(state: EditorState): SelectedBlock[] {
  const blocks: SelectedBlock[] = []
  for (const { $from, $to } of state.selection.ranges) {
    state.doc.nodesBetween($from.pos, $to.pos, (node, pos, parent) => {
      if (!node.isTextblock) return true
      const from = Math.max($from.pos, pos + 1)
      const to = Math.min($to.pos, pos + 1 + node.content.size)
      if (parent !== null && holdsBlocks(parent)) blocks.push({ node, pos, from, to })
      return false
    })
  }
  return blocks.sort((a, b) => a.pos - b.pos)
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

/** Takes whole blocks away, and sections that would be empty with them. One block must stay where these are. */
export function removeBlocks(tr: Transaction, from: number, to: number): void {
  const $from = tr.doc.resolve(from)
  const $to = tr.doc.resolve(to)
  const isHeadWhole = $from.parentOffset === 0
  const isTailWhole = $to.parentOffset === $to.parent.content.size
  if ($from.sameParent($to)) {
    if (isHeadWhole && isTailWhole && $from.depth === 1) tr.delete($from.before(1), $from.after(1))
    else tr.delete(from, to)
    return
  }
  // Deleting over the edge of two sections would join them, and the browser would draw both anew.
  const wholeFrom = isHeadWhole ? $from.before(1) : $from.after(1)
  const wholeTo = isTailWhole ? $to.after(1) : $to.before(1)
  if (!isTailWhole && $to.parentOffset > 0) tr.delete($to.start(1), to)
  if (wholeFrom < wholeTo) tr.delete(wholeFrom, wholeTo)
  if (!isHeadWhole && from < $from.end(1)) tr.delete(from, $from.end(1))
}

/** Nothing else is in the document, or in its cell. */
export function isOnlyBlock(doc: Node, { pos }: Block): boolean {
  const $pos = doc.resolve(pos)
  return $pos.parent.childCount === 1 && ($pos.depth > 1 || doc.childCount === 1)
}

/** Code: its text is never run together with other text. */
export function isCode(node: Node): boolean {
  return node.type.spec.code === true
}

/** Enter leaves it, Backspace behind it takes it away. */
export function hasCaption(node: Node): boolean {
  return captioned.has(node.type)
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

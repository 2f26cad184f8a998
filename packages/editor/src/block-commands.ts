// What the gutter, the block menu and their keys do to whole blocks. A block goes with all that belongs to it: the blocks right behind it
// with a larger indent. A moved block is named in the transaction (`moveMeta`), so that it goes on being the block that it was; a copy
// has no id until the binding has written it.

import { maxIndent, schema } from '@sheaf/model'
import { type Attrs, Fragment, type Node, type NodeType, Slice } from 'prosemirror-model'
import {
  type Command,
  type EditorState,
  NodeSelection,
  Selection,
  TextSelection,
  type Transaction,
} from 'prosemirror-state'
import { moveMeta, structuralMeta } from './binding.ts'
import { type Block, blockAfter, blockBefore, caretBlock, outerBlock, removeBlocks, subtree } from './blocks.ts'
import { retype } from './commands.ts'
import { deleteBlock } from './ranges.ts'
import { slashKey } from './slash-state.ts'
import { withoutIds } from './tables-slice.ts'

const { nodes } = schema

/** Neighbouring blocks of the document, or of one cell. */
export interface Run {
  /** The blocks that are meant. */
  readonly heads: readonly Block[]
  /** These and what belongs to them, in order. */
  readonly blocks: readonly Block[]
}

/** What the selection touches: blocks of one cell, else blocks of the document. Null where the selection is in no block. */
export function runAtSelection(state: EditorState): Run | null {
  const { selection, doc } = state
  if (selection instanceof NodeSelection && selection.$from.depth === 1) {
    return runOf(doc, [{ node: selection.node, pos: selection.from }])
  }
  const { $from, $to } = selection
  const own = caretBlock(state)
  const isOneCell = own !== null && $from.depth > 2 && $from.depth === $to.depth && $from.node(-1) === $to.node(-1)
  const first = isOneCell ? { node: $from.parent, pos: $from.before() } : outerBlock($from)
  const last = isOneCell ? $to.before() : outerBlock($to)?.pos
  if (first === null || last === undefined) return null
  const heads: Block[] = [first]
  for (let next = blockAfter(doc, first); next !== null && next.pos <= last; next = blockAfter(doc, next))
    heads.push(next)
  return runOf(doc, heads)
}

/** The block at a position: with all that is selected, where it is among that. */
export function runAt(state: EditorState, pos: number): Run | null {
  const selected = state.selection.empty ? null : runAtSelection(state)
  if (selected !== null && selected.heads.length > 1 && selected.heads.some(block => block.pos === pos)) return selected
  const node = state.doc.nodeAt(pos)
  return node === null ? null : runOf(state.doc, [{ node, pos }])
}

/** The blocks with these ids and whatever stands between them; null where there is none any more. */
export function runOfIds({ doc }: EditorState, ids: ReadonlySet<string | null>): Run | null {
  const found: Block[] = []
  doc.descendants((node, pos) => {
    if (ids.has((node.attrs.id as string | null | undefined) ?? null) && pos > 0) found.push({ node, pos })
    return !node.isTextblock
  })
  const first = found[0]
  const last = found.at(-1)
  if (first === undefined || last === undefined) return null
  const heads: Block[] = [first]
  for (let next = blockAfter(doc, first); next !== null && next.pos <= last.pos; next = blockAfter(doc, next))
    heads.push(next)
  return runOf(doc, heads)
}

function runOf(doc: Node, heads: readonly Block[]): Run {
  const blocks = [...heads]
  const top = Math.min(...heads.map(({ node }) => node.attrs.indent as number))
  const last = heads.at(-1)!
  for (let next = blockAfter(doc, last); next !== null && next.node.attrs.indent > top; next = blockAfter(doc, next)) {
    blocks.push(next)
  }
  return { heads, blocks }
}

/** Where a run goes: in front of or behind another block, and how deep. */
export interface Goal {
  readonly block: Block
  readonly side: 'before' | 'after'
  /** Indent of the run's first block there. */
  readonly indent: number
}

/** Over the block above, or below, and all that belongs to that. */
export function moveRun(way: 'up' | 'down', at: (state: EditorState) => Run | null = runAtSelection): Command {
  return (state, dispatch) => {
    const run = at(state)
    const goal = run === null ? null : way === 'up' ? goalAbove(state.doc, run) : goalBelow(state.doc, run)
    if (run === null || goal === null) return false
    dispatch?.(moveTo(state, run, goal).scrollIntoView())
    return true
  }
}

function goalAbove(doc: Node, { blocks }: Run): Goal | null {
  const own = blocks[0]!.node.attrs.indent as number
  let block = blockBefore(doc, blocks[0]!)
  if (block === null) return null
  for (let above: Block | null = block; above !== null && block.node.attrs.indent > own; ) {
    above = blockBefore(doc, block)
    if (above !== null) block = above
  }
  return { block, side: 'before', indent: Math.min(own, deepest(blockBefore(doc, block))) }
}

function goalBelow(doc: Node, { blocks }: Run): Goal | null {
  const own = blocks[0]!.node.attrs.indent as number
  const next = blockAfter(doc, blocks.at(-1)!)
  if (next === null) return null
  const indent = next.node.attrs.indent as number
  const isClosed = next.node.type === nodes.toggle && next.node.attrs.open === false
  // Out of its parent it becomes the first thing in the next one, but it never vanishes in a closed toggle.
  if (indent < own && !isClosed) return { block: next, side: 'after', indent: Math.min(own, indent + 1) }
  return { block: subtree(doc, next).at(-1)!, side: 'after', indent: Math.min(own, indent) }
}

/** How deep a block may stand below another one. */
export function deepest(above: Block | null): number {
  return above === null ? 0 : Math.min((above.node.attrs.indent as number) + 1, maxIndent)
}

/** The blocks of a run go to another place; the selection goes along if it is in them. `goal.block` is none of them. */
export function moveTo(state: EditorState, run: Run, goal: Goal): Transaction {
  const { blocks } = run
  const first = blocks[0]!
  const last = blocks.at(-1)!
  const by = goal.indent - (first.node.attrs.indent as number)
  const moved = blocks.map(({ node }) => deeper(node, by))
  const tr = state.tr
  removeBlocks(tr, first.pos, last.pos + last.node.nodeSize)
  const { block, side } = goal
  const place = side === 'before' ? block.pos : block.pos + block.node.nodeSize
  const start = tr.mapping.map(place, side === 'before' ? 1 : -1)
  tr.insert(start, moved)
  const ids = blocks.map(({ node }) => node.attrs.id as string | null).filter(id => id !== null)
  tr.setMeta(moveMeta, ids).setMeta(structuralMeta, true)
  const selection = selectionIn(state, blocks, start, tr.doc)
  if (selection !== null) tr.setSelection(selection)
  return tr
}

/** The blocks once more, right behind themselves, and the caret in the copy. */
export function duplicateRun(at: (state: EditorState) => Run | null = runAtSelection): Command {
  return (state, dispatch) => {
    const run = at(state)
    if (run === null) return false
    if (dispatch) {
      const last = run.blocks.at(-1)!
      const start = last.pos + last.node.nodeSize
      const copies = Fragment.from(run.blocks.map(({ node }) => node))
      const tr = state.tr.insert(start, withoutIds(new Slice(copies, 0, 0)).content)
      const selection = selectionIn(state, run.blocks, start, tr.doc)
      tr.setSelection(selection ?? Selection.near(tr.doc.resolve(start)))
      dispatch(tr.setMeta(structuralMeta, true).scrollIntoView())
    }
    return true
  }
}

/** Of everything one empty paragraph is left. */
export function deleteRun(at: (state: EditorState) => Run | null = runAtSelection): Command {
  return (state, dispatch) => {
    const run = at(state)
    if (run === null) return false
    if (dispatch) {
      const first = run.blocks[0]!
      const last = run.blocks.at(-1)!
      const tr = state.tr
      const behind = first.pos + first.node.nodeSize
      const end = last.pos + last.node.nodeSize
      const isAll = blockBefore(state.doc, first) === null && blockAfter(state.doc, last) === null
      if (!isAll) removeBlocks(tr, first.pos, end)
      else {
        if (behind < end) removeBlocks(tr, behind, end)
        deleteBlock(tr, first)
      }
      dispatch(tr.setMeta(structuralMeta, true).scrollIntoView())
    }
    return true
  }
}

/** Makes blocks of text of the heads of a run something else; what belongs to them stays what it is. */
export function turnRunInto(
  type: NodeType,
  attrs: Attrs,
  at: (state: EditorState) => Run | null = runAtSelection,
): Command {
  return (state, dispatch) => {
    const heads = at(state)?.heads.filter(({ node }) => node.isTextblock) ?? []
    if (heads.length === 0) return false
    if (dispatch) {
      const tr = state.tr
      for (const { pos } of heads) retype(tr, tr.mapping.map(pos), type, attrs)
      dispatch(tr.setMeta(structuralMeta, true).scrollIntoView())
    }
    return true
  }
}

/** The `+` of the gutter: an empty line below (the block itself, where it is one) with the slash menu open. */
export function insertBelow(pos: number): Command {
  return (state, dispatch) => {
    const node = state.doc.nodeAt(pos)
    if (node === null) return false
    if (dispatch) {
      const tr = state.tr
      let start = pos + 1
      if (node.type !== nodes.paragraph || node.content.size > 0) {
        const isOpen = node.type === nodes.toggle && node.attrs.open === true
        const hides = node.type === nodes.toggle && !isOpen
        const above = hides ? subtree(state.doc, { node, pos }).at(-1)! : { node, pos }
        const indent = Math.min((node.attrs.indent as number) + (isOpen ? 1 : 0), maxIndent)
        start = above.pos + above.node.nodeSize + 1
        tr.insert(start - 1, nodes.paragraph.create({ indent }))
      }
      tr.setSelection(TextSelection.create(tr.doc, start)).insertText('/')
      dispatch(tr.setMeta(slashKey, { from: start, query: '' }).setMeta(structuralMeta, true).scrollIntoView())
    }
    return true
  }
}

function deeper(node: Node, by: number): Node {
  if (by === 0) return node
  const indent = Math.min(Math.max((node.attrs.indent as number) + by, 0), maxIndent)
  return node.type.create({ ...node.attrs, indent }, node.content, node.marks)
}

/** The selection of a state in blocks that stand one behind the other at another place; null where it is not in these blocks. */
function selectionIn(state: EditorState, blocks: readonly Block[], start: number, doc: Node): Selection | null {
  const { selection } = state
  const place = (position: number): number | null => {
    let at = start
    for (const { node, pos } of blocks) {
      if (position >= pos && position < pos + node.nodeSize) return at + position - pos
      at += node.nodeSize
    }
    return null
  }
  if (selection instanceof NodeSelection) {
    const from = place(selection.from)
    return from === null ? null : NodeSelection.create(doc, from)
  }
  const anchor = place(selection.anchor)
  const head = place(selection.head)
  return anchor === null || head === null ? null : TextSelection.between(doc.resolve(anchor), doc.resolve(head))
}

// What keys and menus do to blocks. Blocks are flat and stand in sections that nobody sees, so nothing here counts depth or
// children: the standard commands (joinBackward, liftEmptyBlock, …) are wrong at the edge of a section. A block that stays the
// same block keeps its attributes, its id among them; a new one has no id until the binding has written it.

import { maxIndent, schema } from '@sheaf/model'
import type { Attrs, MarkType, Node, NodeType } from 'prosemirror-model'
import {
  type Command,
  type EditorState,
  NodeSelection,
  Selection,
  TextSelection,
  type Transaction,
} from 'prosemirror-state'
import {
  type Block,
  blockAfter,
  blockAround,
  blockBefore,
  caretBlock,
  hasCaption,
  isCode,
  isEmptyBlock,
  lastBlock,
  selectedBlocks,
  subtree,
} from './blocks.ts'
import { deleteBlock, deleteSelection } from './ranges.ts'

const { nodes } = schema

const listed: ReadonlySet<NodeType> = new Set([nodes.bullet, nodes.ordered, nodes.task])

/** Turns every selected block into `type`; blocks that are of it already become paragraphs. */
export function turnInto(type: NodeType, attrs: Attrs = {}): Command {
  return (state, dispatch) => {
    const blocks = selectedBlocks(state)
    const already = blocks.every(({ node }) => node.type === type && hasAttrs(node, attrs))
    if (already && type === nodes.paragraph) return false
    if (dispatch) {
      const tr = state.tr
      for (const { pos } of blocks) {
        if (already) retype(tr, tr.mapping.map(pos), nodes.paragraph)
        else retype(tr, tr.mapping.map(pos), type, attrs)
      }
      dispatch(tr.scrollIntoView())
    }
    return true
  }
}

/** Makes the block at `pos` one of `type`. Its id, its indent and whatever else both kinds know stay. */
export function retype(tr: Transaction, pos: number, type: NodeType, attrs: Attrs = {}): void {
  const node = tr.doc.nodeAt(pos)
  if (node === null) return
  if (node.type === type) tr.setNodeMarkup(pos, null, { ...node.attrs, ...attrs })
  // Also turns hard breaks into newlines and back, and drops the marks that code cannot show.
  else tr.setBlockType(pos + 1, pos + 1, type, { ...known(type, node.attrs), ...attrs })
}

/** A divider cannot be written in, so the caret goes on in a paragraph behind it. */
export function insertDivider(tr: Transaction, pos: number): void {
  retype(tr, pos, nodes.divider)
  const block = tr.doc.nodeAt(pos)
  if (block === null) return
  const next = blockAfter(tr.doc, { node: block, pos })
  if (next?.node.type === nodes.paragraph && next.node.content.size === 0) {
    tr.setSelection(TextSelection.create(tr.doc, next.pos + 1))
  } else insertAfter(tr, { node: block, pos }, nodes.paragraph.create())
}

/** A new block behind another one, with the caret in it. */
export function insertAfter(tr: Transaction, block: Block, node: Node): void {
  const pos = block.pos + block.node.nodeSize
  tr.insert(pos, node)
  tr.setSelection(TextSelection.create(tr.doc, pos + 1))
}

export const enter: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty) {
    if (dispatch) {
      const tr = state.tr
      const last = blockAround(state.selection.$to)
      deleteSelection(tr)
      const after = state.apply(tr)
      const block = caretBlock(after)
      if (block !== null) {
        splitAt(tr, block, after.selection.$from.parentOffset)
        if (last !== null) goOnBeing(tr, last, block)
      }
      dispatch(tr.scrollIntoView())
    }
    return true
  }
  const block = caretBlock(state)
  if (block === null) return false
  const { node } = block
  const offset = $from.parentOffset
  if (isCode(node)) return enterInCode(state, dispatch, block)
  if (dispatch === undefined) return true
  const tr = state.tr
  const fence = node.type === nodes.paragraph ? /^```([\w+#-]*)$/.exec(node.textContent) : null
  if (fence !== null && offset === node.content.size) {
    tr.delete(block.pos + 1, block.pos + 1 + node.content.size)
    retype(tr, block.pos, nodes.code_block, { language: fence[1] || null })
  } else if (node.content.size === 0 && leavesWhenEmpty(node)) {
    if (node.attrs.indent > 0) outdentTree(tr, block)
    else retype(tr, block.pos, nodes.paragraph)
  } else {
    splitAt(tr, block, offset)
  }
  dispatch(tr.scrollIntoView())
  return true
}

/** What stayed of the last of several blocks is that block, although it was split off the first one: somebody may be typing in it. */
function goOnBeing(tr: Transaction, last: Block, first: Block): void {
  const made = blockAround(tr.selection.$from)
  const { id } = last.node.attrs
  if (made === null || made.pos === first.pos || id === first.node.attrs.id) return
  if (blockAfter(tr.doc, made)?.node.attrs.id !== id) tr.setNodeAttribute(made.pos, 'id', id)
}

/** Enter at `offset` of a block: what the second half becomes depends on the kind and on the place. */
function splitAt(tr: Transaction, block: Block, offset: number): void {
  const { node, pos } = block
  const atEnd = offset === node.content.size
  const indent = node.attrs.indent as number
  if (hasCaption(node)) {
    insertAfter(tr, block, nodes.paragraph.create({ indent }))
    return
  }
  if (atEnd && node.type === nodes.toggle) {
    // Open: the first line inside. Closed: the next toggle, behind everything that is folded away.
    if (node.attrs.open) insertAfter(tr, block, nodes.paragraph.create({ indent: Math.min(indent + 1, maxIndent) }))
    else insertAfter(tr, subtree(tr.doc, block).at(-1) ?? block, nodes.toggle.create({ indent }))
    return
  }
  if (atEnd && offset > 0 && (node.type === nodes.heading || node.type === nodes.callout)) {
    insertAfter(tr, block, nodes.paragraph.create({ indent }))
    return
  }
  tr.split(pos + 1 + offset)
  const second = pos + offset + 2
  if (offset === 0 && !listed.has(node.type)) {
    // Room was made above: the new, empty block is plain, and the text below stays what it is.
    if (node.type !== nodes.quote) tr.setNodeMarkup(pos, nodes.paragraph, { indent })
    return
  }
  const rest = tr.doc.nodeAt(second)
  if (rest === null) return
  const fresh: Record<string, unknown> = {}
  if (node.type === nodes.task) fresh.checked = false
  if (node.type === nodes.ordered) fresh.start = null
  if (Object.keys(fresh).length > 0) {
    // At the start of an item the first half is the new one.
    const at = offset === 0 ? pos : second
    const half = tr.doc.nodeAt(at)
    if (half !== null) tr.setNodeMarkup(at, null, { ...half.attrs, ...fresh })
  }
}

/** A new line with the indentation of the one before; Enter on a second empty line leaves the block. */
function enterInCode(state: EditorState, dispatch: ((tr: Transaction) => void) | undefined, block: Block): boolean {
  if (dispatch === undefined) return true
  const { $from } = state.selection
  const before = block.node.textBetween(0, $from.parentOffset)
  const tr = state.tr
  if ($from.parentOffset === block.node.content.size && /(^|\n)\n$/.test(before)) {
    const end = block.pos + 1 + block.node.content.size
    tr.delete(end - (before.endsWith('\n\n') ? 2 : 1), end)
    const node = tr.doc.nodeAt(block.pos)
    if (node !== null)
      insertAfter(tr, { node, pos: block.pos }, nodes.paragraph.create({ indent: block.node.attrs.indent }))
  } else {
    const indentation = /[^\n]*$/.exec(before)?.[0].match(/^[ \t]*/)?.[0] ?? ''
    tr.insertText(`\n${indentation}`)
  }
  dispatch(tr.scrollIntoView())
  return true
}

/** At the start of a block: first its kind goes, then its indent, then the block itself joins the one above. */
export const backspace: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const block = caretBlock(state)
  if (!empty || block === null || $from.parentOffset > 0) return false
  const { node, pos } = block
  if (dispatch === undefined) return true
  const tr = state.tr
  const above = blockBefore(state.doc, block)
  if (node.type !== nodes.paragraph && (!isCode(node) || node.content.size === 0) && !hasCaption(node)) {
    retype(tr, pos, nodes.paragraph)
  } else if (node.type === nodes.paragraph && node.attrs.indent > 0) {
    outdentTree(tr, block)
  } else if (hasCaption(node) && node.content.size > 0) {
    // The picture goes; what somebody wrote about it stays.
    retype(tr, pos, nodes.paragraph)
  } else if (hasCaption(node)) {
    deleteBlock(tr, block)
    if (above !== null) goBehind(tr, above)
  } else if (above === null) {
    return true
  } else if (!above.node.isTextblock) {
    if (node.content.size === 0) {
      deleteBlock(tr, block)
      goBehind(tr, above)
    } else tr.setSelection(NodeSelection.create(tr.doc, above.pos))
  } else if (isEmptyBlock(above.node)) {
    // An empty line or a divider above goes; the block below stays what it is.
    deleteBlock(tr, above)
  } else if (isCode(above.node) || isCode(node)) {
    if (node.content.size === 0) deleteBlock(tr, block)
    goBehind(tr, above)
  } else {
    join(tr, above, block)
  }
  dispatch(tr.scrollIntoView())
  return true
}

/** At the end of a block: the next one joins this one. */
export const deleteForward: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const block = caretBlock(state)
  if (!empty || block === null || $from.parentOffset < block.node.content.size) return false
  const below = blockAfter(state.doc, block)
  if (below === null || dispatch === undefined) return true
  const tr = state.tr
  if (hasCaption(below.node) && isEmptyBlock(below.node)) deleteBlock(tr, below)
  else if (block.node.content.size === 0 && !hasCaption(block.node)) {
    deleteBlock(tr, block)
    tr.setSelection(Selection.near(tr.doc.resolve(tr.mapping.map(below.pos + 1))))
  } else if (!below.node.isTextblock) {
    tr.setSelection(NodeSelection.create(tr.doc, below.pos))
  } else if (isCode(block.node) || isCode(below.node)) {
    if (below.node.content.size === 0) deleteBlock(tr, below)
  } else join(tr, block, below)
  dispatch(tr.scrollIntoView())
  return true
}

export const breakLine: Command = (state, dispatch) => {
  const block = caretBlock(state)
  if (block === null) return false
  if (isCode(block.node)) return enterInCode(state, dispatch, block)
  if (dispatch) {
    const tr = state.tr
    if (!state.selection.empty) deleteSelection(tr)
    dispatch(tr.replaceSelectionWith(nodes.hard_break.create(), true).scrollIntoView())
  }
  return true
}

/** Tab: one step in, never deeper than one below the block above. The blocks inside come along. */
export const indent: Command = (state, dispatch) => {
  const code = caretBlock(state)
  if (code !== null && isCode(code.node)) {
    dispatch?.(state.tr.insertText('  ').scrollIntoView())
    return true
  }
  const trees = selectedTrees(state)
  const first = trees[0]
  if (first === undefined) return false
  const above = blockBefore(state.doc, first)
  const limit = above === null ? 0 : Math.min((above.node.attrs.indent as number) + 1, maxIndent)
  if ((first.node.attrs.indent as number) >= limit) return false
  if (dispatch) dispatch(shift(state.tr, trees, 1).scrollIntoView())
  return true
}

export const outdent: Command = (state, dispatch) => {
  const code = caretBlock(state)
  if (code !== null && isCode(code.node)) {
    const { $from } = state.selection
    const line = /[^\n]*$/.exec(code.node.textBetween(0, $from.parentOffset))?.[0] ?? ''
    const lead = /^( {1,2}|\t)/.exec(line)?.[0].length ?? 0
    const lineStart = $from.pos - line.length
    if (lead > 0) dispatch?.(state.tr.delete(lineStart, lineStart + lead).scrollIntoView())
    return true
  }
  const trees = selectedTrees(state)
  if (!trees.some(({ node }) => node.attrs.indent > 0)) return false
  if (dispatch) dispatch(shift(state.tr, trees, -1).scrollIntoView())
  return true
}

export function setChecked(pos: number, checked: boolean): Command {
  return (state, dispatch) => {
    const node = state.doc.nodeAt(pos)
    if (node?.type !== nodes.task) return false
    dispatch?.(state.tr.setNodeMarkup(pos, null, { ...node.attrs, checked }))
    return true
  }
}

/** Mod-Enter: checks the tasks of the selection, or unchecks them if all are checked; opens and closes toggles. */
export const toggleState: Command = (state, dispatch) => {
  const tasks = selectedBlocks(state).filter(({ node }) => node.type === nodes.task)
  const toggles = selectedBlocks(state).filter(({ node }) => node.type === nodes.toggle)
  if (tasks.length + toggles.length === 0) return false
  const checked = !tasks.every(({ node }) => node.attrs.checked)
  const open = !toggles.every(({ node }) => node.attrs.open)
  const tr = state.tr
  for (const { node, pos } of tasks) tr.setNodeMarkup(pos, null, { ...node.attrs, checked })
  for (const { node, pos } of toggles) tr.setNodeMarkup(pos, null, { ...node.attrs, open })
  dispatch?.(tr)
  return true
}

/** In code, Mod-A takes the block first and the document when pressed again. */
export const selectCode: Command = (state, dispatch) => {
  const block = caretBlock(state)
  if (block === null || !isCode(block.node)) return false
  const from = block.pos + 1
  const to = from + block.node.content.size
  if (state.selection.from === from && state.selection.to === to) return false
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, from, to)))
  return true
}

/** Down from the last block, if it is one that Enter does not leave, goes on in a new paragraph. */
export const leaveDown: Command = (state, dispatch, view) => {
  const block = caretBlock(state)
  if (block === null || blockAfter(state.doc, block) !== null) return false
  if (block.node.type === nodes.paragraph || view?.endOfTextblock('down') !== true) return false
  if (dispatch) {
    const tr = state.tr
    insertAfter(tr, block, nodes.paragraph.create())
    dispatch(tr.scrollIntoView())
  }
  return true
}

/** To the first or the last letter; browsers go no further than what they have laid out. */
export function goTo(end: 'start' | 'end', extend: 'move' | 'extend'): Command {
  return (state, dispatch) => {
    const { doc, selection } = state
    const goal = end === 'start' ? Selection.atStart(doc) : Selection.atEnd(doc)
    if (!(goal instanceof TextSelection)) return false
    const moved = extend === 'extend' ? TextSelection.between(selection.$anchor, goal.$head) : goal
    dispatch?.(state.tr.setSelection(moved).scrollIntoView())
    return true
  }
}

/** The caret at the end of the text; a document that ends in something closed gets a paragraph there. */
export const goToEnd: Command = (state, dispatch) => {
  const last = lastBlock(state.doc)
  if (dispatch) {
    const tr = state.tr
    if (!last.node.isTextblock || isCode(last.node) || hasCaption(last.node) || last.node.type === nodes.callout) {
      insertAfter(tr, last, nodes.paragraph.create())
    } else tr.setSelection(TextSelection.create(tr.doc, last.pos + 1 + last.node.content.size))
    dispatch(tr.scrollIntoView())
  }
  return true
}

/** True where all of the selection (or what is typed next) bears the mark. */
export function isMarked(state: EditorState, type: MarkType): boolean {
  const { empty, $from } = state.selection
  if (empty) return type.isInSet(state.storedMarks ?? $from.marks()) !== undefined
  let all = true
  let any = false
  for (const { node: block, pos, from, to } of selectedBlocks(state)) {
    if (!block.type.allowsMarkType(type)) continue
    block.nodesBetween(from - pos - 1, to - pos - 1, node => {
      if (!node.isText && !node.isAtom) return
      any = true
      if (type.isInSet(node.marks) === undefined) all = false
    })
  }
  return any && all
}

/** Marks the selection, or what is typed next; unmarks it where all of it bears the mark. Code is never marked. */
export function toggleMark(type: MarkType): Command {
  return (state, dispatch) => {
    const { empty } = state.selection
    const blocks = selectedBlocks(state).filter(({ node }) => node.type.allowsMarkType(type))
    if (blocks.length === 0) return false
    if (dispatch === undefined) return true
    const marked = isMarked(state, type)
    const tr = state.tr
    if (empty) dispatch(marked ? tr.removeStoredMark(type) : tr.addStoredMark(type.create()))
    else {
      for (const { from, to } of blocks) {
        if (from >= to) continue
        if (marked) tr.removeMark(from, to, type)
        else tr.addMark(from, to, type.create())
      }
      dispatch(tr.scrollIntoView())
    }
    return true
  }
}

/** Tries one after the other until one of them did something. */
export function firstOf(...commands: readonly Command[]): Command {
  return (state, dispatch, view) => commands.some(command => command(state, dispatch, view))
}

/** The link around the caret or in the selection. */
export function selectedLink(state: EditorState): { href: string; from: number; to: number } | null {
  const { from, to, $from } = state.selection
  let found: { href: string; from: number; to: number } | null = null
  const block = caretBlock(state)
  if (block === null && from === to) return null
  state.doc.nodesBetween(
    Math.max(from - ($from.parentOffset > 0 ? 1 : 0), 0),
    Math.min(to + 1, state.doc.content.size),
    (node, pos) => {
      const link = schema.marks.link.isInSet(node.marks)
      if (link === undefined) return
      const end = pos + node.nodeSize
      if (found !== null && found.href === link.attrs.href && found.to === pos) found = { ...found, to: end }
      else if (found === null) found = { href: link.attrs.href as string, from: pos, to: end }
    },
  )
  return found
}

function join(tr: Transaction, above: Block, below: Block): void {
  const end = above.pos + 1 + above.node.content.size
  // The text moves up and the emptied block goes. Deleting the range instead would join two sections at their edge.
  deleteBlock(tr, below)
  tr.insert(end, below.node.content)
  tr.setSelection(TextSelection.create(tr.doc, end))
}

/** The caret behind the last letter of a block: of a table, in its last cell. The block is where it was. */
function goBehind(tr: Transaction, { node, pos }: Block): void {
  tr.setSelection(Selection.near(tr.doc.resolve(pos + node.nodeSize - 1), -1))
}

function leavesWhenEmpty(node: Node): boolean {
  return node.attrs.indent > 0 || (node.type !== nodes.paragraph && node.type !== nodes.heading && !hasCaption(node))
}

/** The selected blocks and everything that belongs to them, each once. */
function selectedTrees(state: EditorState): Block[] {
  const all = new Map<number, Block>()
  for (const block of selectedBlocks(state)) for (const inner of subtree(state.doc, block)) all.set(inner.pos, inner)
  return [...all.values()].sort((a, b) => a.pos - b.pos)
}

function outdentTree(tr: Transaction, block: Block): void {
  shift(tr, subtree(tr.doc, block), -1)
}

function shift(tr: Transaction, blocks: readonly Block[], by: 1 | -1): Transaction {
  for (const { node, pos } of blocks) {
    const deeper = Math.min(Math.max((node.attrs.indent as number) + by, 0), maxIndent)
    if (deeper !== node.attrs.indent) tr.setNodeMarkup(pos, null, { ...node.attrs, indent: deeper })
  }
  return tr
}

function known(type: NodeType, attrs: Attrs): Attrs {
  const names = Object.keys(type.spec.attrs ?? {})
  return Object.fromEntries(Object.entries(attrs).filter(([name]) => names.includes(name)))
}

function hasAttrs(node: Node, attrs: Attrs): boolean {
  return Object.entries(attrs).every(([name, value]) => node.attrs[name] === value)
}

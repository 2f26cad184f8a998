// What goes when a selection goes. Where it runs over several blocks the standard commands are wrong twice: what they leave depends
// on where a section ends, and they run text into code. Here the first block keeps what is in front of the selection, the last
// gives what is behind it, and a block of which nothing is selected but its start stays what it is.

import { schema } from '@sheaf/model'
import { type ResolvedPos, Slice } from 'prosemirror-model'
import {
  AllSelection,
  type Command,
  type EditorState,
  NodeSelection,
  Plugin,
  TextSelection,
  type Transaction,
} from 'prosemirror-state'
import { dropPoint } from 'prosemirror-transform'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import {
  type Block,
  blockAround,
  hasCaption,
  holdsBlocks,
  isCode,
  isOnlyBlock,
  outerBlock,
  removeBlocks,
} from './blocks.ts'

const { nodes } = schema

/** From the first letter to the last; all of it where there is a table at one end. */
export const selectAll: Command = (state, dispatch) => {
  const { doc } = state
  const isText = doc.firstChild!.firstChild!.isTextblock && doc.lastChild!.lastChild!.isTextblock
  const all = isText ? TextSelection.create(doc, 2, doc.content.size - 2) : new AllSelection(doc)
  dispatch?.(state.tr.setSelection(all))
  return true
}

/** Deletes what is selected, in text and of whole blocks. */
export const deleteSelected: Command = (state, dispatch) => {
  const { selection } = state
  const isOurs =
    selection instanceof TextSelection || selection instanceof NodeSelection || selection instanceof AllSelection
  if (selection.empty || !isOurs) return false
  if (dispatch) {
    const tr = state.tr
    deleteSelection(tr)
    dispatch(tr.scrollIntoView())
  }
  return true
}

/** Deletes the selection of a transaction, and leaves the caret in its place. */
export function deleteSelection(tr: Transaction): void {
  const { selection } = tr
  if (selection instanceof TextSelection) deleteBetween(tr, selection.from, selection.to)
  else if (selection instanceof NodeSelection && holdsBlocks(selection.$from.parent)) {
    deleteBlock(tr, { node: selection.node, pos: selection.from })
  } else if (selection instanceof AllSelection) deleteAll(tr)
  else tr.deleteSelection()
}

/** Takes a block away; the last one of the document or of a cell becomes an empty paragraph instead. */
export function deleteBlock(tr: Transaction, block: Block): void {
  if (isOnlyBlock(tr.doc, block)) clear(tr, block.pos)
  else removeBlocks(tr, block.pos, block.pos + block.node.nodeSize)
}

/** Selections that a browser, or ProseMirror by itself, would delete wrongly. */
export function ranges(): Plugin {
  return new Plugin({
    props: {
      handleTextInput: (view, from, to, text) => {
        if (endsOf(view.state.doc.resolve(from), view.state.doc.resolve(to)) === null) return false
        const marks = view.state.storedMarks ?? view.state.selection.$from.marks()
        const tr = view.state.tr
        deleteBetween(tr, from, to)
        const at = tr.selection.from
        tr.insertText(text, at)
        for (const mark of marks) {
          if (tr.selection.$from.parent.type.allowsMarkType(mark.type)) tr.addMark(at, at + text.length, mark)
        }
        view.dispatch(tr.scrollIntoView())
        return true
      },
      handlePaste: (view, _event, slice) => {
        if (!selectsBlocks(view.state)) return false
        const tr = view.state.tr
        deleteSelection(tr)
        tr.replaceSelection(slice)
        view.dispatch(tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
        return true
      },
      handleDrop: (view, event, slice, moved) => {
        if (!moved || !selectsBlocks(view.state)) return false
        move(view, event, slice)
        return true
      },
      handleDOMEvents: {
        cut: (view, event) => {
          if (!selectsBlocks(view.state) || event.clipboardData === null) return false
          const { dom, text } = view.serializeForClipboard(view.state.selection.content())
          event.preventDefault()
          event.clipboardData.clearData()
          event.clipboardData.setData('text/html', dom.innerHTML)
          event.clipboardData.setData('text/plain', text)
          deleteNow(view)
          return true
        },
        // Menus, dictation and the keyboards of phones delete without a key.
        beforeinput: (view, event) => {
          if (!event.inputType.startsWith('delete') || view.composing || !selectsBlocks(view.state)) return false
          event.preventDefault()
          deleteNow(view)
          return true
        },
        // The browser would compose into the remains of several blocks.
        compositionstart: view => {
          if (selectsBlocks(view.state)) deleteNow(view)
          return false
        },
      },
    },
  })
}

function deleteNow(view: EditorView): void {
  deleteSelected(view.state, tr => view.dispatch(tr.setMeta(structuralMeta, true)))
}

/** What was dragged goes where it is dropped, unless that is inside of itself. */
function move(view: EditorView, event: DragEvent, slice: Slice): void {
  const { doc, selection } = view.state
  const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos
  if (at === undefined || (at > selection.from && at < selection.to)) return
  const tr = view.state.tr
  const point = dropPoint(doc, at, slice) ?? at
  deleteSelection(tr)
  const start = tr.mapping.map(point)
  const steps = tr.steps.length
  tr.replaceRange(start, start, slice)
  const end = tr.mapping.slice(steps).map(start, 1)
  const $start = tr.doc.resolve(start)
  tr.setSelection(TextSelection.between($start, tr.doc.resolve(end)))
  view.focus()
  view.dispatch(tr.setMeta('uiEvent', 'drop'))
}

/** Deletes from one place in a text to another one, and puts the caret between what stays. */
function deleteBetween(tr: Transaction, from: number, to: number): void {
  const ends = endsOf(tr.doc.resolve(from), tr.doc.resolve(to))
  if (ends === null) {
    tr.delete(from, to)
    return
  }
  const { first, last } = ends
  const lastStart = last.pos + 1
  const steps = tr.steps.length
  let caret = from
  if (from === 2 && to === tr.doc.content.size - 2) {
    deleteAll(tr)
    return
  }
  if (from === first.pos + 1 && to < lastStart + last.node.content.size) {
    if (last.node.isTextblock) tr.delete(lastStart, to)
    removeBlocks(tr, first.pos, last.pos)
    caret = tr.mapping.slice(steps).map(lastStart)
  } else {
    const rest = last.node.isTextblock ? last.node.content.cut(to - lastStart) : null
    const isSameText = isCode(first.node) === isCode(last.node)
    const joins = rest !== null && first.node.isTextblock && (rest.size === 0 || isSameText)
    // A table in which the selection ends is left as it is.
    if (!joins && rest !== null) tr.delete(lastStart, to)
    const until = joins ? last.pos + last.node.nodeSize : last.pos
    const behind = first.pos + first.node.nodeSize
    if (until > behind) removeBlocks(tr, behind, until)
    if (first.node.isTextblock) {
      tr.replace(from, behind - 1, joins ? new Slice(rest, 0, 0) : Slice.empty)
      // Nothing of it was left: a divider that was selected whole goes like everything else.
      if (hasCaption(first.node) && from === first.pos + 1) clear(tr, first.pos)
    }
  }
  tr.setSelection(TextSelection.near(tr.doc.resolve(caret)))
}

/** One empty paragraph stays, the first block if that can be. */
function deleteAll(tr: Transaction): void {
  const first = tr.doc.firstChild!.firstChild!
  const behind = 1 + first.nodeSize
  const end = tr.doc.content.size - 1
  if (behind < end) removeBlocks(tr, behind, end)
  clear(tr, 1, 0)
  tr.setSelection(TextSelection.create(tr.doc, 2))
}

/** Makes an empty paragraph of a block. */
function clear(tr: Transaction, pos: number, indent?: number): void {
  const node = tr.doc.nodeAt(pos)!
  const attrs = { id: node.attrs.id, indent: indent ?? node.attrs.indent }
  if (!node.isTextblock) tr.replaceWith(pos, pos + node.nodeSize, nodes.paragraph.create({ ...attrs, id: null }))
  else {
    if (node.content.size > 0) tr.delete(pos + 1, pos + 1 + node.content.size)
    tr.setNodeMarkup(pos, nodes.paragraph, attrs)
  }
}

function selectsBlocks({ selection }: EditorState): boolean {
  return (
    selection instanceof AllSelection ||
    (selection instanceof TextSelection && endsOf(selection.$from, selection.$to) !== null)
  )
}

/** The blocks at both ends, where these are two: of one cell, or of the document. */
function endsOf($from: ResolvedPos, $to: ResolvedPos): { first: Block; last: Block } | null {
  const isSameCell = $from.depth === $to.depth && $from.depth > 2 && $from.node(-1) === $to.node(-1)
  const first = isSameCell ? blockAround($from) : outerBlock($from)
  const last = isSameCell ? blockAround($to) : outerBlock($to)
  return first === null || last === null || first.pos === last.pos ? null : { first, last }
}

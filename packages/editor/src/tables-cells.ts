// Selecting cells, and what keys, typing and the clipboard do in a table. The pointer, Shift with the arrows and the drawing of a selection
// are those of prosemirror-tables. Its repair of tables is not used: the binding shows every table as the grid that it is.

import { schema } from '@sheaf/model'
import { keydownHandler } from 'prosemirror-keymap'
import type { ResolvedPos } from 'prosemirror-model'
import {
  type Command,
  type EditorState,
  NodeSelection,
  Plugin,
  type Selection,
  TextSelection,
  type Transaction,
} from 'prosemirror-state'
import { CellSelection, cellAround, tableEditing } from 'prosemirror-tables'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'
import { blockAfter, blockBefore, caretBlock, isCode, outerBlock, selectedBlocks } from './blocks.ts'
import { indent, insertAfter, outdent, selectCode } from './commands.ts'
import {
  addRow,
  deleteSelectedCells,
  emptyCells,
  endOfCell,
  goToCell,
  moveColumns,
  moveRows,
  selectCellThenTable,
  structural,
  tableHere,
} from './tables-commands.ts'
import { pasteIntoCells } from './tables-paste.ts'

const { nodes } = schema

export function tableCells(): Plugin {
  const base = tableEditing().spec
  // Escape lets Tab leave the text, in cells as everywhere.
  let isLeaving = false
  const own = keydownHandler({
    Tab: unlessCode(1, () => isLeaving),
    'Shift-Tab': unlessCode(-1, () => isLeaving),
    Enter: leaveCells,
    Escape: leaveCells,
    'Mod-Enter': inTable((state, dispatch) => !hasState(state) && addRow('below')(state, dispatch)),
    Backspace: deleteSelectedCells,
    'Mod-Backspace': deleteSelectedCells,
    'Shift-Backspace': deleteSelectedCells,
    Delete: deleteSelectedCells,
    'Mod-Delete': deleteSelectedCells,
    'Mod-a': (state, dispatch) => (selectCode(state) ? false : selectCellThenTable(state, dispatch)),
    'Alt-Shift-ArrowUp': moveRows(-1),
    'Alt-Shift-ArrowDown': moveRows(1),
    'Alt-Shift-ArrowLeft': moveColumns(-1),
    'Alt-Shift-ArrowRight': moveColumns(1),
    ArrowDown: leaveDown,
  })
  return new Plugin({
    ...base,
    props: {
      ...base.props,
      handleTripleClick: () => false,
      decorations: drawCells,
      handleKeyDown(view, event) {
        const isHandled =
          (view.editable && own(view, event)) ||
          (!leavesUp(view, event) && base.props!.handleKeyDown!.call(this, view, event) === true) ||
          // At the edge of the table the browser would select text instead of cells.
          (event.shiftKey && event.key.startsWith('Arrow') && view.state.selection instanceof CellSelection)
        isLeaving = event.key === 'Escape' || (isLeaving && (event.key === 'Tab' || event.key === 'Shift'))
        return isHandled
      },
      handlePaste: (view, _event, slice) => {
        const tr = pasteIntoCells(view.state, slice)
        if (tr !== null) view.dispatch(tr)
        return tr !== null
      },
      handleTextInput: (view, _from, _to, text) => {
        const tr = startOver(view.state)
        if (tr !== null) view.dispatch(structural(tr.insertText(text)))
        return tr !== null
      },
      handleDOMEvents: {
        ...base.props!.handleDOMEvents,
        beforeinput: (view, event) => {
          if (!event.inputType.startsWith('delete') || !(view.state.selection instanceof CellSelection)) return false
          event.preventDefault()
          return deleteSelectedCells(view.state, view.dispatch)
        },
        compositionstart: view => {
          const tr = startOver(view.state)
          if (tr !== null) view.dispatch(structural(tr))
          return false
        },
      },
    },
    appendTransaction: (_transactions, _before, state) => {
      const selection = normalSelection(state)
      return selection === null ? null : state.tr.setSelection(selection)
    },
  })
}

/** Empties the selected cells before something is written in the first of them; null where none are selected. */
function startOver(state: EditorState): Transaction | null {
  const here = state.selection instanceof CellSelection ? tableHere(state) : null
  if (here === null) return null
  const tr = state.tr
  emptyCells(tr, here)
  return tr
}

/** Cells for what goes from one to another one; never a row or a table without its block. */
function normalSelection({ selection, doc }: EditorState): Selection | null {
  if (selection instanceof NodeSelection) {
    const { node, from } = selection
    if (node.type === nodes.table) return NodeSelection.create(doc, from - 1)
    if (node.type === nodes.table_cell) return CellSelection.create(doc, from)
    if (node.type !== nodes.table_row) return null
    return node.childCount > 0
      ? CellSelection.rowSelection(doc.resolve(from + 1))
      : NodeSelection.create(doc, doc.resolve(from).before(2))
  }
  if (!(selection instanceof TextSelection) || selection.empty) return null
  const { $from, $to } = selection
  const $first = cellAround($from)
  const $last = cellAround($to)
  if ($first === null || $last === null || $first.pos === $last.pos || !isSameTable($first, $last)) return null
  // A triple click ends where the next cell begins.
  if ($to.pos === $last.pos + 2) return TextSelection.between($from, endOfCell(doc, $first.pos).$head)
  return selection.anchor < selection.head ? new CellSelection($first, $last) : new CellSelection($last, $first)
}

function isSameTable($a: ResolvedPos, $b: ResolvedPos): boolean {
  return $a.start(-1) === $b.start(-1)
}

function drawCells({ selection, doc }: EditorState): DecorationSet | null {
  if (selection instanceof CellSelection) {
    const cells: Decoration[] = []
    selection.forEachCell((node, pos) => {
      cells.push(Decoration.node(pos, pos + node.nodeSize, { class: 'sheaf-cell-selected' }))
    })
    return DecorationSet.create(doc, cells)
  }
  const $cell = cellAround(selection.$head)
  if ($cell === null) return null
  const end = $cell.pos + $cell.nodeAfter!.nodeSize
  return DecorationSet.create(doc, [Decoration.node($cell.pos, end, { class: 'sheaf-cell-focused' })])
}

/** Tab goes from cell to cell; code and the start of an item that can be indented have it for themselves. */
function unlessCode(by: 1 | -1, isLeaving: () => boolean): Command {
  return (state, dispatch) => {
    const { selection } = state
    const block = caretBlock(state)
    if (isLeaving() || (block !== null && isCode(block.node))) return false
    const isAtItem =
      selection.empty && selection.$head.parentOffset === 0 && block !== null && isItem(block.node.type.name)
    if (
      isAtItem &&
      cellAround(selection.$head) !== null &&
      (by > 0 ? indent : outdent)(state, dispatch && (tr => dispatch(structural(tr))))
    )
      return true
    return goToCell(by)(state, dispatch)
  }
}

function isItem(name: string): boolean {
  return name === 'bullet' || name === 'ordered' || name === 'task'
}

/** From selected cells into the text of the one that was selected last. */
function leaveCells({ selection, doc, tr }: EditorState, dispatch?: (tr: Transaction) => void): boolean {
  if (!(selection instanceof CellSelection)) return false
  dispatch?.(tr.setSelection(endOfCell(doc, selection.$headCell.pos)).scrollIntoView())
  return true
}

/** Down from the last row of a table behind which nothing stands goes on in a new paragraph. */
const leaveDown: Command = (state, dispatch, view) => {
  const here = tableHere(state)
  if (here?.caret == null || !state.selection.empty || here.rect.bottom < here.grid.rows.length - 1) return false
  const { block } = here
  const $head = state.selection.$head
  const isLast = cellAround($head)!.nodeAfter!.lastChild === $head.parent
  if (!isLast || block.node.childCount > 1 || blockAfter(state.doc, block) !== null) return false
  if (view?.endOfTextblock('down') !== true) return false
  if (dispatch) {
    const tr = state.tr
    insertAfter(tr, block, nodes.paragraph.create({ indent: block.node.attrs.indent }))
    dispatch(structural(tr))
  }
  return true
}

/** Up from the first row of a table that the document begins with is a matter of the title. */
function leavesUp(view: EditorView, event: KeyboardEvent): boolean {
  const { state } = view
  if (event.key !== 'ArrowUp' || event.shiftKey || !state.selection.empty) return false
  const $cell = cellAround(state.selection.$head)
  const block = $cell === null ? null : outerBlock($cell)
  if (block === null || blockBefore(state.doc, block) !== null || $cell!.index(-1) > 0) return false
  return $cell!.nodeAfter!.firstChild === state.selection.$head.parent && view.endOfTextblock('up')
}

/** Whether Mod-Enter has something of its own to do there. */
function hasState(state: EditorState): boolean {
  return selectedBlocks(state).some(({ node }) => node.type === nodes.task || node.type === nodes.toggle)
}

function inTable(command: Command): Command {
  return (state, dispatch, view) => cellAround(state.selection.$head) !== null && command(state, dispatch, view)
}

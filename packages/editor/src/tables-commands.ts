// What keys and the menu do to tables. A command redraws the grid and puts it in the place of the old one, so that each row, column and
// cell goes on being the one that it was: moving a row writes one order key, merging one register, and no text is written again.

import { schema } from '@sheaf/model'
import type { Node, ResolvedPos } from 'prosemirror-model'
import {
  type Command,
  type EditorState,
  NodeSelection,
  Selection,
  TextSelection,
  type Transaction,
} from 'prosemirror-state'
import { CellSelection, cellAround, TableMap } from 'prosemirror-tables'
import { structuralMeta } from './binding.ts'
import { type Block, outerBlock } from './blocks.ts'
import { deleteBlock } from './ranges.ts'
import {
  blankContent,
  cellAt,
  closed,
  drawTable,
  type Grid,
  merge,
  overlaps,
  positionOfCell,
  type Rect,
  readGrid,
  refill,
  relay,
  replaceTable,
  split,
} from './tables-grid.ts'

const { nodes } = schema

/** The table that the selection is in. */
export interface Here {
  readonly block: Block
  readonly grid: Grid
  /** The selected cells, or the one with the caret. */
  readonly rect: Rect
  /** Offset of the caret behind the start of its cell; null where cells are selected. */
  readonly caret: number | null
}

/** Null where the selection is in no cell. */
export function tableHere(state: EditorState): Here | null {
  const { selection } = state
  if (selection instanceof NodeSelection && selection.node.type === nodes.table_block) {
    const grid = readGrid(selection.node)
    return { block: { node: selection.node, pos: selection.from }, grid, rect: wholeOf(grid), caret: null }
  }
  const isCells = selection instanceof CellSelection
  const $head = isCells ? selection.$headCell : cellAround(selection.$head)
  if ($head === null) return null
  const block = outerBlock($head)
  if (block === null) return null
  const $anchor = isCells ? selection.$anchorCell : $head
  const start = block.pos + 2
  const area = TableMap.get(block.node.firstChild!).rectBetween($anchor.pos - start, $head.pos - start)
  return {
    block,
    grid: readGrid(block.node),
    rect: { top: area.top, left: area.left, bottom: area.bottom - 1, right: area.right - 1 },
    caret: isCells ? null : selection.head - $head.pos,
  }
}

export function isInTable(state: EditorState): boolean {
  return state.selection instanceof CellSelection || cellAround(state.selection.$head) !== null
}

/** A new row above or below the selected ones; the caret goes there. */
export function addRow(side: 'above' | 'below'): Command {
  return gridCommand(({ grid, rect }) => {
    const at = side === 'above' ? rect.top : rect.bottom + 1
    const rows: (number | null)[] = indexes(grid.rows.length)
    rows.splice(at, 0, null)
    return { grid: relay(grid, rows, indexes(grid.columns.length)), goal: { row: at, column: rect.left } }
  })
}

/** A new column before or after the selected ones; the caret goes there. */
export function addColumn(side: 'before' | 'after'): Command {
  return gridCommand(({ grid, rect }) => {
    const at = side === 'before' ? rect.left : rect.right + 1
    const columns: (number | null)[] = indexes(grid.columns.length)
    columns.splice(at, 0, null)
    return { grid: relay(grid, indexes(grid.rows.length), columns), goal: { row: rect.top, column: at } }
  })
}

/** Deletes the selected rows; with the last one the table. */
export const deleteRows: Command = (state, dispatch) => {
  const here = tableHere(state)
  if (here === null) return false
  const { grid, rect } = here
  const rows = indexes(grid.rows.length).filter(row => row < rect.top || row > rect.bottom)
  if (rows.length === 0) return deleteTable(state, dispatch)
  const goal = { row: Math.min(rect.top, rows.length - 1), column: rect.left }
  return redraw(state, dispatch, here, { grid: relay(grid, rows, indexes(grid.columns.length)), goal })
}

/** Deletes the selected columns; with the last one the table. */
export const deleteColumns: Command = (state, dispatch) => {
  const here = tableHere(state)
  if (here === null) return false
  const { grid, rect } = here
  const columns = indexes(grid.columns.length).filter(column => column < rect.left || column > rect.right)
  if (columns.length === 0) return deleteTable(state, dispatch)
  const goal = { row: rect.top, column: Math.min(rect.left, columns.length - 1) }
  return redraw(state, dispatch, here, { grid: relay(grid, indexes(grid.rows.length), columns), goal })
}

export const deleteTable: Command = (state, dispatch) => {
  const here = tableHere(state)
  if (here === null) return false
  if (dispatch) {
    const tr = state.tr
    const { pos } = here.block
    deleteBlock(tr, here.block)
    dispatch(structural(tr.setSelection(Selection.near(tr.doc.resolve(Math.min(pos + 1, tr.doc.content.size))))))
  }
  return true
}

/** Moves the selected rows by one; rows that are merged with them come along, and change places with whole groups. */
export function moveRows(by: 1 | -1): Command {
  return gridCommand(({ grid, rect }) => {
    const across = { left: 0, right: grid.columns.length - 1 }
    const moving = closed(grid, { ...across, top: rect.top, bottom: rect.bottom })
    const beside = by < 0 ? moving.top - 1 : moving.bottom + 1
    if (beside < 0 || beside >= grid.rows.length) return null
    const other = closed(grid, { ...across, top: beside, bottom: beside })
    const rows = exchange(grid.rows.length, moving.top, moving.bottom, other.top, other.bottom)
    return { grid: relay(grid, rows, indexes(grid.columns.length)), goal: null }
  })
}

/** Moves the selected columns by one, as `moveRows` does rows. */
export function moveColumns(by: 1 | -1): Command {
  return gridCommand(({ grid, rect }) => {
    const along = { top: 0, bottom: grid.rows.length - 1 }
    const moving = closed(grid, { ...along, left: rect.left, right: rect.right })
    const beside = by < 0 ? moving.left - 1 : moving.right + 1
    if (beside < 0 || beside >= grid.columns.length) return null
    const other = closed(grid, { ...along, left: beside, right: beside })
    const columns = exchange(grid.columns.length, moving.left, moving.right, other.left, other.right)
    return { grid: relay(grid, indexes(grid.rows.length), columns), goal: null }
  })
}

/** The selected cells become one. */
export const mergeCells: Command = gridCommand(({ grid, rect }) => {
  const area = closed(grid, rect)
  const isOne = grid.cells.filter(cell => overlaps(cell, area)).length < 2 && cellAt(grid, area.top, area.left) !== null
  if (isOne || (area.top === area.bottom && area.left === area.right)) return null
  return { grid: merge(grid, area), goal: { row: area.top, column: area.left } }
})

/** Merged cells of the selection come apart. */
export const splitCells: Command = gridCommand(({ grid, rect }) => {
  const isMerged = grid.cells.some(cell => overlaps(cell, rect) && (cell.bottom > cell.top || cell.right > cell.left))
  return isMerged ? { grid: split(grid, rect), goal: { row: rect.top, column: rect.left } } : null
})

/** Whether the first row, or the first column, is a header. */
export function hasHeader({ block }: Here, line: 'row' | 'column'): boolean {
  return block.node.attrs.header === line || block.node.attrs.header === 'both'
}

export function toggleHeader(line: 'row' | 'column'): Command {
  return (state, dispatch) => {
    const here = tableHere(state)
    if (here === null) return false
    if (dispatch) {
      const rows = hasHeader(here, 'row') !== (line === 'row')
      const columns = hasHeader(here, 'column') !== (line === 'column')
      const header = rows && columns ? 'both' : rows ? 'row' : columns ? 'column' : null
      const { node, pos } = here.block
      dispatch(structural(state.tr.setNodeMarkup(pos, null, { ...node.attrs, header })))
    }
    return true
  }
}

/** Gives columns widths in CSS pixels; 0 takes one away. */
export function setWidths(position: number, widths: readonly number[]): Command {
  return (state, dispatch) => {
    const node = state.doc.nodeAt(position)
    if (node?.type !== nodes.table_block) return false
    const grid = readGrid(node)
    if (widths.length !== grid.columns.length) return false
    const fresh = drawTable({ ...grid, widths }, node.firstChild!)
    if (fresh.eq(node.firstChild!)) return false
    if (dispatch) {
      const tr = state.tr
      replaceTable(tr, position, fresh)
      const here = tableHere(state)
      if (here?.block.pos === position) keepSelection(tr, state, here, grid)
      dispatch(tr.setMeta(structuralMeta, true))
    }
    return true
  }
}

/** To the next or previous cell, the caret behind its text; from the last cell on into a new row. */
export function goToCell(by: 1 | -1): Command {
  return (state, dispatch) => {
    const here = tableHere(state)
    if (here === null) return false
    const { grid, rect, block } = here
    const current = cellAt(grid, rect.top, rect.left)
    const next = current === null ? undefined : grid.cells[grid.cells.indexOf(current) + by]
    if (next === undefined && by > 0) {
      const rows: (number | null)[] = [...indexes(grid.rows.length), null]
      const goal = { row: grid.rows.length, column: 0 }
      return redraw(state, dispatch, here, { grid: relay(grid, rows, indexes(grid.columns.length)), goal })
    }
    if (next !== undefined && dispatch) {
      const at = positionOfCell(state.doc, block.pos, next.top, next.left)
      dispatch(state.tr.setSelection(endOfCell(state.doc, at)).scrollIntoView())
    }
    return true
  }
}

/** Selected cells are emptied; rows, columns or a table that are selected whole are deleted. */
export const deleteSelectedCells: Command = (state, dispatch) => {
  const { selection } = state
  const here = tableHere(state)
  if (!(selection instanceof CellSelection) || here === null) return false
  const isRows = selection.isRowSelection()
  const isColumns = selection.isColSelection()
  if (isRows && isColumns) return deleteTable(state, dispatch)
  if (isRows) return deleteRows(state, dispatch)
  if (isColumns) return deleteColumns(state, dispatch)
  if (dispatch) {
    const tr = state.tr
    emptyCells(tr, here)
    dispatch(structural(tr))
  }
  return true
}

/** The caret goes into the first of the cells. */
export function emptyCells(tr: Transaction, { block, grid, rect }: Here): void {
  const content = blankContent()
  const fresh = refill(grid, cell => (overlaps(cell, rect) ? content : null))
  replaceTable(tr, block.pos, drawTable(fresh, block.node.firstChild!))
  tr.setSelection(endOfCell(tr.doc, positionOfCell(tr.doc, block.pos, rect.top, rect.left)))
}

/** First the text of the cell, then all cells. */
export const selectCellThenTable: Command = (state, dispatch) => {
  const { selection } = state
  const $cell = cellAround(selection.$head)
  if ($cell === null) return false
  if (selection instanceof CellSelection && selection.isRowSelection() && selection.isColSelection()) return false
  const text = textOfCell($cell)
  const isTaken = selection.from <= text.from && selection.to >= text.to
  if (!(selection instanceof CellSelection) && text.from < text.to && !isTaken) {
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, text.from, text.to)))
  } else {
    const block = outerBlock($cell)!
    dispatch?.(state.tr.setSelection(allCells(state.doc, block)))
  }
  return true
}

export function allCells(doc: Node, { node, pos }: Block): CellSelection {
  const { map } = TableMap.get(node.firstChild!)
  return CellSelection.create(doc, pos + 2 + map[0]!, pos + 2 + map.at(-1)!)
}

/** The caret behind the last letter of the cell at a position. */
export function endOfCell(doc: Node, position: number): Selection {
  return Selection.near(doc.resolve(position + doc.nodeAt(position)!.nodeSize - 1), -1)
}

export function structural(tr: Transaction): Transaction {
  return tr.setMeta(structuralMeta, true).scrollIntoView()
}

interface Redrawn {
  readonly grid: Grid
  /** The place whose cell gets the caret; null leaves the selection with its cells, wherever they go. */
  readonly goal: { readonly row: number; readonly column: number } | null
}

function gridCommand(change: (here: Here) => Redrawn | null): Command {
  return (state, dispatch) => {
    const here = tableHere(state)
    const redrawn = here === null ? null : change(here)
    return redrawn === null ? false : redraw(state, dispatch, here!, redrawn)
  }
}

function redraw(
  state: EditorState,
  dispatch: ((tr: Transaction) => void) | undefined,
  here: Here,
  { grid, goal }: Redrawn,
): boolean {
  if (dispatch === undefined) return true
  const tr = state.tr
  const { pos, node } = here.block
  replaceTable(tr, pos, drawTable(grid, node.firstChild!))
  if (goal === null) keepSelection(tr, state, here, grid)
  else tr.setSelection(endOfCell(tr.doc, positionOfCell(tr.doc, pos, goal.row, goal.column)))
  dispatch(structural(tr))
  return true
}

/** Puts the selection where its cells are in the redrawn grid. */
function keepSelection(tr: Transaction, { selection, doc }: EditorState, { block, caret }: Here, grid: Grid): void {
  const placeOf = (position: number): number | null => {
    const node = doc.nodeAt(position)
    const cell = grid.cells.find(one => one.node === node)
    return cell === undefined ? null : positionOfCell(tr.doc, block.pos, cell.top, cell.left)
  }
  if (selection instanceof CellSelection) {
    const anchor = placeOf(selection.$anchorCell.pos)
    const head = placeOf(selection.$headCell.pos)
    if (anchor !== null && head !== null) tr.setSelection(CellSelection.create(tr.doc, anchor, head))
    return
  }
  const cell = cellAround(selection.$head)
  const at = cell === null ? null : placeOf(cell.pos)
  if (at !== null && caret !== null) tr.setSelection(Selection.near(tr.doc.resolve(at + caret)))
}

function textOfCell($cell: ResolvedPos): { from: number; to: number } {
  const cell = $cell.nodeAfter!
  const doc = $cell.doc
  return {
    from: Selection.near(doc.resolve($cell.pos + 1), 1).from,
    to: Selection.near(doc.resolve($cell.pos + cell.nodeSize - 1), -1).to,
  }
}

/** The lines with two neighbouring stretches exchanged. */
function exchange(count: number, from: number, to: number, otherFrom: number, otherTo: number): number[] {
  const lines = indexes(count)
  const first = Math.min(from, otherFrom)
  const last = Math.max(to, otherTo)
  const moving = lines.slice(from, to + 1)
  const other = lines.slice(otherFrom, otherTo + 1)
  return [
    ...lines.slice(0, first),
    ...(from < otherFrom ? [...other, ...moving] : [...moving, ...other]),
    ...lines.slice(last + 1),
  ]
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

function wholeOf({ rows, columns }: Grid): Rect {
  return { top: 0, left: 0, bottom: rows.length - 1, right: columns.length - 1 }
}

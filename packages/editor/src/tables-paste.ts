// What is pasted into cells: a table spreads over them, and the table grows where it does not fit; whatever else comes goes into one cell.

import { isTable } from '@sheaf/model'
import { type Node, Slice } from 'prosemirror-model'
import { type EditorState, Plugin, type Transaction } from 'prosemirror-state'
import { CellSelection } from 'prosemirror-tables'
import { structuralMeta } from './binding.ts'
import { isInCell } from './blocks.ts'
import { emptyCells, endOfCell, type Here, tableHere } from './tables-commands.ts'
import {
  blankContent,
  cellAt,
  complete,
  drawTable,
  type Grid,
  positionOfCell,
  type Rect,
  readGrid,
  refill,
  relay,
  replaceTable,
} from './tables-grid.ts'
import { onlyTable, withoutTables } from './tables-slice.ts'

/** Null where it is pasted as anywhere else. */
export function pasteIntoCells(state: EditorState, slice: Slice): Transaction | null {
  const isCells = state.selection instanceof CellSelection
  const here = tableHere(state)
  if (here === null || (here.caret === null && !isCells)) return null
  const tr = state.tr.setMeta('paste', true).setMeta(structuralMeta, true)
  const table = onlyTable(slice)
  const source = table === null ? null : readGrid(table)
  const only = source?.cells.length === 1 && source.rows.length === 1 ? source.cells[0]!.node : null
  if (source !== null && only === null) spread(tr, here, source, isCells)
  else if (isCells) {
    emptyCells(tr, here)
    tr.replaceSelection(only === null ? withoutTables(slice) : openSlice(only))
  } else if (only !== null) tr.replaceSelection(openSlice(only))
  else if (slice.content.content.some(isTable)) tr.replaceSelection(withoutTables(slice))
  else return null
  return tr.scrollIntoView()
}

/** Whatever way a table comes into a cell, its blocks do, and it does not. */
export function noTablesInCells(): Plugin {
  return new Plugin({
    props: {
      handlePaste: (view, _event, slice) => {
        if (!isInCell(view.state.selection.$from) || !slice.content.content.some(isTable)) return false
        view.dispatch(view.state.tr.replaceSelection(withoutTables(slice)).setMeta('paste', true).scrollIntoView())
        return true
      },
      handleDrop: (view, event, slice, moved) => {
        if (!slice.content.content.some(isTable)) return false
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos
        if (at === undefined || !isInCell(view.state.doc.resolve(at))) return false
        // A table that is dragged into a cell stays where it is; of one from elsewhere the blocks are taken.
        if (!moved) view.dispatch(view.state.tr.replaceRange(at, at, withoutTables(slice)).setMeta('uiEvent', 'drop'))
        return true
      },
    },
  })
}

/** Over the selected cells as often as it fits; else once, from the cell with the caret on. */
function spread(tr: Transaction, { block, grid, rect }: Here, source: Grid, isCells: boolean): void {
  const height = source.rows.length
  const width = source.columns.length
  const isLarger = isCells && (rect.bottom - rect.top >= height || rect.right - rect.left >= width)
  const area: Rect = isLarger ? rect : { ...rect, bottom: rect.top + height - 1, right: rect.left + width - 1 }
  const grown = complete(relay(grid, lines(grid.rows.length, area.bottom), lines(grid.columns.length, area.right)))
  const filled = refill(grown, ({ top, left }) => {
    const isInside = top >= area.top && top <= area.bottom && left >= area.left && left <= area.right
    if (!isInside) return null
    const row = (top - area.top) % height
    const column = (left - area.left) % width
    const cell = cellAt(source, row, column)
    return cell?.top === row && cell.left === column ? cell.node.content : blankContent()
  })
  replaceTable(tr, block.pos, drawTable(filled, block.node.firstChild!))
  const anchor = positionOfCell(tr.doc, block.pos, area.top, area.left)
  const head = positionOfCell(tr.doc, block.pos, area.bottom, area.right)
  tr.setSelection(anchor === head ? endOfCell(tr.doc, head) : CellSelection.create(tr.doc, anchor, head))
}

/** So many lines, and new ones up to a last index. */
function lines(count: number, last: number): (number | null)[] {
  return Array.from({ length: Math.max(count, last + 1) }, (_, index) => (index < count ? index : null))
}

/** The content of a cell, to be run together with the text around it. */
function openSlice(cell: Node): Slice {
  return new Slice(cell.content, 1, 1)
}

// Tables as nodes in the one form that a body reads as: full grids, in which `scope` follows from the header and widths from the columns.

import type { Node } from 'prosemirror-model'
import { blankBlock } from '../cell.ts'
import { maxWidth } from '../grid.ts'
import { scopeAt } from '../kinds.ts'
import { schema, tableHeaders } from '../schema.ts'
import { type Grid, type LaidCell, layOut, type SourceCell, type SourceRow } from './table-layout.ts'

export type TableHeader = 'row' | 'column' | 'both' | null

export interface SourceTable {
  readonly rows: readonly SourceRow[]
  /** Widths of the columns as the source says them for the table. Where there are none, its cells say them. */
  readonly widths: readonly number[]
  /** Undefined where it is to be told from the cells. */
  readonly header: TableHeader | undefined
}

export interface TableNode {
  readonly header: TableHeader
  /** The `table`, without its block. */
  readonly table: Node
}

const { nodes } = schema

/** The tables that a source shows: one, none where it has no cell, several where it is more than a body can hold. */
export function makeTables({ rows, widths, header }: SourceTable): TableNode[] {
  return layOut(rows).map((grid, index) => {
    const whole = header === undefined ? headerOf(headerCells(grid), grid.rows[0]!.isHead) : header
    // What goes on in a further table has no first row.
    const own = index === 0 ? whole : whole === 'both' || whole === 'column' ? 'column' : null
    return { header: own, table: makeTable(grid, own, widths) }
  })
}

/** The source of a table that stands in a document, without ids. */
export function sourceOfTable(block: Node, blocksOf: (cell: Node) => readonly Node[]): SourceTable {
  const rows = block.firstChild!.children.map(row => ({
    cells: row.children.map((cell): SourceCell => {
      const { colspan, rowspan, colwidth } = cell.attrs
      return {
        colspan,
        rowspan: Math.max(rowspan, 1),
        widths: colwidth,
        header: null,
        column: null,
        blocks: blocksOf(cell),
      }
    }),
    group: 0,
    isHead: false,
    row: null,
  }))
  return { rows, widths: [], header: tableHeaders.find(header => header === block.attrs.header) ?? null }
}

export interface HeaderCell {
  readonly top: number
  readonly left: number
  readonly header: SourceCell['header']
}

/** What the header cells of a table say: those of the first row, those of the first column, or both are its header. */
export function headerOf(cells: readonly HeaderCell[], hasHead: boolean): TableHeader {
  const first = cells.filter(cell => cell.top === 0)
  const isRow = hasHead || (first.length > 0 && first.every(({ header }) => header === 'col' || header === 'any'))
  const side = cells.filter(cell => cell.left === 0 && !(isRow && cell.top === 0))
  const isColumn = side.length > 0 && side.every(({ header }) => header === 'row' || header === 'any')
  return isRow ? (isColumn ? 'both' : 'row') : isColumn ? 'column' : null
}

function headerCells(grid: Grid): HeaderCell[] {
  return grid.cells.flatMap(row => row.map(({ top, left, source }) => ({ top, left, header: source?.header ?? null })))
}

function makeTable(grid: Grid, header: TableHeader, given: readonly number[]): Node {
  const widths = given.some(isWidth) ? given : widthsOf(grid)
  const rows = grid.cells.map((cells, top) =>
    nodes.table_row.create(
      { row: grid.rows[top]!.row },
      cells.map(cell => makeCell(cell, header, widths)),
    ),
  )
  return nodes.table.create(null, rows)
}

/** Of each column what the first cell says that says anything of it. */
function widthsOf(grid: Grid): number[] {
  const widths: number[] = []
  for (const { source, left, right } of grid.cells.flat()) {
    if (source?.widths == null) continue
    for (let column = left; column <= right; column++) widths[column] ??= source.widths[column - left] ?? 0
  }
  return widths
}

function makeCell(cell: LaidCell, header: TableHeader, columns: readonly number[]): Node {
  const { source, more, top, left, right, bottom } = cell
  const widths = Array.from({ length: right - left + 1 }, (_, i) =>
    isWidth(columns[left + i]) ? columns[left + i]! : 0,
  )
  const hasWidth = widths.some(width => width > 0)
  const scope = scopeAt(header, cell)
  if (source === null && scope === null && !hasWidth) return blankCell
  const attrs = {
    column: source?.column ?? null,
    colspan: right - left + 1,
    rowspan: bottom - top + 1,
    colwidth: hasWidth ? widths : null,
    scope,
  }
  const blocks = [...(source?.blocks ?? []), ...more]
  return nodes.table_cell.create(attrs, blocks.length === 0 ? blankBlock : blocks)
}

const blankCell = nodes.table_cell.create(null, blankBlock)

function isWidth(width: number | undefined): width is number {
  return width !== undefined && Number.isInteger(width) && width > 0 && width <= maxWidth
}

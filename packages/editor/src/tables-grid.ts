// A table as a grid that can be redrawn: rows and columns come, go and change places, cells are merged and split. The nodes of rows and
// cells that stay keep their ids (and, where nothing about them changed, stay the very same nodes), so the binding sees which row moved
// and writes no text. Pure.

import { isBlankCell, schema, scopeAt } from '@sheaf/model'
import type { Fragment, Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { TableMap } from 'prosemirror-tables'

const { nodes } = schema

/** Rows and columns by index, ends included. */
export interface Rect {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

export interface GridCell extends Rect {
  readonly node: Node
}

export interface Grid {
  /** Ids; null for a row that is not written yet. */
  readonly rows: readonly (string | null)[]
  /** Ids; null for a column that is not written yet, or in which no cell begins. */
  readonly columns: readonly (string | null)[]
  /** Of columns, in CSS pixels; 0 where there is none. */
  readonly widths: readonly number[]
  /** In reading order. Places that none covers are drawn blank. */
  readonly cells: readonly GridCell[]
  /** Which cells are headers: `row`, `column`, `both`, or null. */
  readonly header: string | null
}

export type CellContent = Fragment

/** The grid of a block with a table. */
export function readGrid(block: Node): Grid {
  const table = block.firstChild!
  const map = TableMap.get(table)
  const columns: (string | null)[] = Array.from({ length: map.width }, () => null)
  const widths: number[] = Array.from({ length: map.width }, () => 0)
  const cells: GridCell[] = []
  for (const position of new Set(map.map)) {
    const node = table.nodeAt(position)
    // Places that no cell covers are 0 in the map, which is where the first row begins.
    if (node?.type !== nodes.table_cell) continue
    const { top, left, bottom, right } = map.findCell(position)
    cells.push({ node, top, left, bottom: bottom - 1, right: right - 1 })
    columns[left] ??= node.attrs.column
    const wide = node.attrs.colwidth as readonly number[] | null
    for (let column = left; column < right; column++) widths[column] ||= wide?.[column - left] ?? 0
  }
  return {
    rows: table.children.map(row => row.attrs.row as string | null),
    columns,
    widths,
    cells: cells.sort(inReadingOrder),
    header: block.attrs.header,
  }
}

/**
 * The grid with other lines.
 * @param rows for each row of the new grid its index in the old one; null for a new row. Those that are not named go.
 * @param columns the same for columns
 */
export function relay(grid: Grid, rows: readonly (number | null)[], columns: readonly (number | null)[]): Grid {
  return {
    rows: rows.map(index => (index === null ? null : grid.rows[index]!)),
    columns: columns.map(index => (index === null ? null : grid.columns[index]!)),
    widths: columns.map(index => (index === null ? 0 : grid.widths[index]!)),
    header: grid.header,
    cells: grid.cells
      .flatMap(cell => {
        const vertical = endsOf(rows, cell.top, cell.bottom)
        const horizontal = endsOf(columns, cell.left, cell.right)
        if (vertical === null || horizontal === null) return []
        const [top, bottom] = vertical
        const [left, right] = horizontal
        return [{ node: cell.node, top, left, bottom, right }]
      })
      .sort(inReadingOrder),
  }
}

/** One cell out of several, which shows the blocks of all that say anything. */
export function merge(grid: Grid, rect: Rect): Grid {
  const merged = grid.cells.filter(cell => overlaps(cell, rect))
  const first = merged[0]!
  const full = merged.filter(({ node }) => !isBlankCell(node))
  const blocks = (full.length === 0 ? [first] : full).flatMap(({ node }) => node.children)
  const node = nodes.table_cell.create(first.node.attrs, blocks)
  return {
    ...grid,
    cells: [...grid.cells.filter(cell => !overlaps(cell, rect)), { ...rect, node }].sort(inReadingOrder),
  }
}

/** Merged cells taken apart: the first part keeps what they showed; the binding puts back what came from another one. */
export function split(grid: Grid, rect: Rect): Grid {
  return {
    ...grid,
    cells: grid.cells.map(cell =>
      overlaps(cell, rect)
        ? { node: cell.node, top: cell.top, left: cell.left, bottom: cell.top, right: cell.left }
        : cell,
    ),
  }
}

/** Other contents for some cells; null leaves one as it is. */
export function refill(grid: Grid, contentOf: (cell: GridCell) => CellContent | null): Grid {
  return {
    ...grid,
    cells: grid.cells.map(cell => {
      const content = contentOf(cell)
      return content === null || cell.node.content.eq(content) ? cell : { ...cell, node: cell.node.copy(content) }
    }),
  }
}

/** The smallest rectangle around one that cuts through no cell. */
export function closed(grid: Grid, rect: Rect): Rect {
  const cells = grid.cells.filter(cell => overlaps(cell, rect))
  const grown = {
    top: Math.min(rect.top, ...cells.map(cell => cell.top)),
    left: Math.min(rect.left, ...cells.map(cell => cell.left)),
    bottom: Math.max(rect.bottom, ...cells.map(cell => cell.bottom)),
    right: Math.max(rect.right, ...cells.map(cell => cell.right)),
  }
  return isSameRect(rect, grown) ? grown : closed(grid, grown)
}

export function isSameRect(a: Rect, b: Rect): boolean {
  return a.top === b.top && a.left === b.left && a.bottom === b.bottom && a.right === b.right
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.top <= b.bottom && b.top <= a.bottom && a.left <= b.right && b.left <= a.right
}

/** The cell that covers a place. */
export function cellAt({ cells }: Grid, row: number, column: number): GridCell | null {
  return cells.find(cell => overlaps(cell, { top: row, bottom: row, left: column, right: column })) ?? null
}

/** The grid with a blank cell in every place that none covers. */
export function complete(grid: Grid): Grid {
  const width = grid.columns.length
  const covered = new Set<number>()
  for (const { top, left, bottom, right } of grid.cells) {
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) covered.add(row * width + column)
    }
  }
  const blank = grid.rows.flatMap((_row, row) =>
    grid.columns.flatMap((_column, column) =>
      covered.has(row * width + column)
        ? []
        : [{ node: blankCell(), top: row, left: column, bottom: row, right: column }],
    ),
  )
  return { ...grid, cells: [...grid.cells, ...blank].sort(inReadingOrder) }
}

/** The `table` that a grid describes. */
export function drawTable(grid: Grid, old: Node): Node {
  const drawn: Node[][] = grid.rows.map(() => [])
  for (const cell of complete(grid).cells) drawn[cell.top]!.push(drawCell(grid, cell))
  const oldRows = new Map(old.children.map(row => [row.attrs.row as string | null, row]))
  const rows = grid.rows.map((id, index) => {
    const cells = drawn[index]!
    const same = id === null ? undefined : oldRows.get(id)
    const isSame = same?.childCount === cells.length && cells.every((cell, i) => cell === same.child(i))
    return isSame ? same! : nodes.table_row.create({ row: id }, cells)
  })
  return nodes.table.create(null, rows)
}

/**
 * Puts a drawn table in the place of the one in a block; rows that stay at either end are not touched.
 * @param position directly before the block
 */
export function replaceTable(tr: Transaction, position: number, fresh: Node): void {
  const old = tr.doc.nodeAt(position)!.firstChild!
  let from = 0
  let oldTo = old.childCount
  let freshTo = fresh.childCount
  while (from < oldTo && from < freshTo && old.child(from) === fresh.child(from)) from++
  while (oldTo > from && freshTo > from && old.child(oldTo - 1) === fresh.child(freshTo - 1)) {
    oldTo--
    freshTo--
  }
  const start = position + 2
  const offsetOf = (count: number): number => old.children.slice(0, count).reduce((size, row) => size + row.nodeSize, 0)
  tr.replaceWith(start + offsetOf(from), start + offsetOf(oldTo), fresh.children.slice(from, freshTo))
}

/** The position directly before the cell that covers a place of the table in the block at `position`. */
export function positionOfCell(doc: Node, position: number, row: number, column: number): number {
  const map = TableMap.get(doc.nodeAt(position)!.firstChild!)
  const place = Math.min(row, map.height - 1) * map.width + Math.min(column, map.width - 1)
  return position + 2 + map.map[place]!
}

export function blankContent(): CellContent {
  return blankCell().content
}

function blankCell(): Node {
  return nodes.table_cell.create(null, nodes.paragraph.create())
}

function drawCell({ columns, widths, header }: Grid, { node, top, left, bottom, right }: GridCell): Node {
  const wide = widths.slice(left, right + 1)
  const attrs = {
    column: columns[left] ?? null,
    colspan: right - left + 1,
    rowspan: bottom - top + 1,
    colwidth: wide.some(width => width > 0) ? wide : null,
    scope: scopeAt(header, { top, left }),
  }
  return node.hasMarkup(nodes.table_cell, attrs) ? node : nodes.table_cell.create(attrs, node.content)
}

/** The ends, in new lines, of what is left of a stretch of old ones; null where nothing is. */
function endsOf(lines: readonly (number | null)[], from: number, to: number): [number, number] | null {
  const left = lines.flatMap((old, index) => (old !== null && old >= from && old <= to ? [index] : []))
  return left.length === 0 ? null : [left[0]!, left.at(-1)!]
}

function inReadingOrder(a: Rect, b: Rect): number {
  return a.top - b.top || a.left - b.left
}

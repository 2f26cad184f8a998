// Lays out the cells of a table as a browser does: each in the first place that is free, over as many rows and columns as it says. What
// comes of it is what a body can hold: every place is covered by one cell, and a table that is too large goes on in a further one. Total
// and bounded, whatever the source says of spans; no cell is left out.

import type { Node } from 'prosemirror-model'
import { maxCells, maxColumns, maxSpans } from '../grid.ts'
import { append } from './lists.ts'

/** A cell as its source has it. */
export interface SourceCell {
  readonly colspan: number
  /** 0 is “to the end of the group of rows”. */
  readonly rowspan: number
  /** Widths of the columns that it covers in CSS pixels, 0 where one has none; null where it says nothing of them. */
  readonly widths: readonly number[] | null
  /** A header of a column, of a row, or of what its place says. */
  readonly header: 'col' | 'row' | 'any' | null
  /** What its column is known by. */
  readonly column: string | null
  readonly blocks: readonly Node[]
}

export interface SourceRow {
  readonly cells: readonly SourceCell[]
  /** Rows with one number in a row are a group, out of which no cell reaches. */
  readonly group: number
  /** Whether it stands in the head of the table. */
  readonly isHead: boolean
  /** What it is known by. */
  readonly row: string | null
}

/** A cell in its place, ends included. */
export interface LaidCell {
  /** Null for a place that no cell of the source covers. */
  readonly source: SourceCell | null
  /** Blocks of cells for which there was no place: they stand in the last one that has one. */
  readonly more: Node[]
  readonly top: number
  readonly left: number
  readonly right: number
  bottom: number
}

export interface Grid {
  readonly rows: readonly SourceRow[]
  readonly width: number
  /** By row, in order. */
  readonly cells: readonly (readonly LaidCell[])[]
}

/** Places that no cell covers, beyond which a table is cut: what is sent must cost time in proportion to its length. */
const freeFills = 500
const fillsPerCell = 3

/** One grid, or several where it would be more than a body can hold; none without a cell. */
export function layOut(rows: readonly SourceRow[]): Grid[] {
  const further = rows.map(() => 0)
  for (let i = rows.length - 2; i >= 0; i--) if (rows[i + 1]!.group === rows[i]!.group) further[i] = further[i + 1]! + 1
  const grids: Grid[] = []
  let draft = new GridDraft()
  let allowed = freeFills
  rows.forEach((row, index) => {
    allowed += fillsPerCell * row.cells.length
    if (draft.add(row, further[index]!, allowed)) return
    allowed -= draft.fills
    grids.push(...draft.finish())
    draft = new GridDraft()
    draft.add(row, further[index]!, allowed)
  })
  grids.push(...draft.finish())
  return grids
}

class GridDraft {
  readonly #rows: SourceRow[] = []
  readonly #cells: LaidCell[][] = []
  /** By column, the last cell that covers it. */
  readonly #last: (LaidCell | undefined)[] = []
  #width = 0
  #covered = 0
  #merged = 0

  /** Places that no cell covers. */
  get fills(): number {
    return this.#width * this.#rows.length - this.#covered
  }

  /**
   * False where the grid is full.
   * @param further how many rows of its group follow
   * @param allowed most places of the grid that no cell may cover
   */
  add(row: SourceRow, further: number, allowed: number): boolean {
    const top = this.#rows.length
    const placed: LaidCell[] = []
    const isFree = (column: number): boolean => (this.#last[column]?.bottom ?? -1) < top
    let column = 0
    let merged = this.#merged
    let places = 0
    for (const source of row.cells) {
      while (column < maxColumns && !isFree(column)) column++
      if (column >= maxColumns) break
      const left = column
      const canSpan = merged < maxSpans
      const colspan = canSpan ? Math.max(source.colspan, 1) : 1
      const rows = canSpan ? (source.rowspan < 1 ? further + 1 : Math.min(source.rowspan, further + 1)) : 1
      while (column - left < colspan && column < maxColumns && isFree(column)) column++
      if (column - left > 1 || rows > 1) merged++
      places += column - left
      placed.push({ source, more: [], top, left, right: column - 1, bottom: top + rows - 1 })
    }
    const above = this.#last.reduce((count, cell) => count + (cell !== undefined && cell.bottom >= top ? 1 : 0), 0)
    const width = Math.max(this.#width, column)
    const size = width * (top + 1)
    const fills = size - this.#covered - places - above
    if (top > 0 && (size > maxCells || fills > allowed)) return false
    this.#rows.push(row)
    this.#cells.push(placed)
    for (const cell of placed) for (let i = cell.left; i <= cell.right; i++) this.#last[i] = cell
    for (const { blocks } of row.cells.slice(placed.length)) append(this.#last[maxColumns - 1]!.more, blocks)
    this.#width = width
    this.#covered += places + above
    this.#merged = merged
    return true
  }

  finish(): Grid[] {
    const height = this.#rows.length
    if (this.#width === 0) return []
    const taken = new Uint8Array(height * this.#width)
    const cells = this.#cells.map((placed, top) => {
      for (const cell of placed) {
        cell.bottom = Math.min(cell.bottom, height - 1)
        for (let row = top; row <= cell.bottom; row++) {
          taken.fill(1, row * this.#width + cell.left, row * this.#width + cell.right + 1)
        }
      }
      const row: LaidCell[] = []
      let next = 0
      for (let column = 0; column < this.#width; column++) {
        if (placed[next]?.left === column) row.push(placed[next++]!)
        else if (taken[top * this.#width + column] === 0) {
          row.push({ source: null, more: [], top, left: column, right: column, bottom: top })
        }
      }
      return row
    })
    return [{ rows: this.#rows, width: this.#width, cells }]
  }
}

// The grid that a ProseMirror table makes: where each of its cells stands, and which rows and columns of the layout its rows and
// columns are. Pure and total: rows may be of different lengths, and cells may carry ids that mean nothing here.

import type { Node } from 'prosemirror-model'
import type { Line } from './grid.ts'

/** A cell, with the rows and columns that it covers, ends included. */
export interface GridCell {
  readonly node: Node
  /** Before the cell in the document. */
  readonly position: number
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** Reads a `table` that stands at `position`. */
export function readGrid(
  table: Node,
  position: number,
): { cells: GridCell[]; rowIds: (string | null)[]; width: number } {
  const cells: GridCell[] = []
  const rowIds: (string | null)[] = []
  /** Columns that are covered from above, by how many rows more. */
  const covered: number[] = []
  let width = 0
  table.forEach((row, rowOffset, top) => {
    rowIds.push(row.attrs.row)
    let left = 0
    const started: { left: number; right: number; rows: number }[] = []
    row.forEach((node, offset) => {
      while ((covered[left] ?? 0) > 0) left++
      const right = left + Math.max(1, node.attrs.colspan) - 1
      const bottom = Math.min(top + Math.max(1, node.attrs.rowspan) - 1, table.childCount - 1)
      cells.push({ node, position: position + 1 + rowOffset + 1 + offset, top, left, bottom, right })
      started.push({ left, right, rows: bottom - top })
      left = right + 1
      width = Math.max(width, left)
    })
    for (let column = 0; column < covered.length; column++) if (covered[column]! > 0) covered[column]!--
    for (const { left: from, right, rows } of started) {
      for (let column = from; column <= right; column++) covered[column] = rows
    }
    for (let column = 0; column < covered.length; column++) covered[column] ??= 0
  })
  return { cells, rowIds, width: Math.max(1, width) }
}

/**
 * For each column the id that most cells which start in it carry; null where none does.
 * @param isShrunk whether a cell covered more columns before: it may have lost the one whose id it carries, so that it counts only where
 * no other cell does
 */
export function voteColumns(
  cells: readonly GridCell[],
  width: number,
  isShrunk: (cell: GridCell) => boolean,
): (string | null)[] {
  const votes = Array.from({ length: width }, () => new Map<string, number>())
  for (const cell of cells) {
    const id = cell.node.attrs.column as string | null
    const candidates = votes[cell.left]!
    if (id !== null) candidates.set(id, (candidates.get(id) ?? 0) + (isShrunk(cell) ? 1 / cells.length : 1))
  }
  return votes.map(candidates => [...candidates].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null)
}

/**
 * The ids of the lines of a table: those that are known, each once; between two of them the old lines that stood there, if their number
 * is the same; else fresh ones.
 */
export function assignLines(
  wanted: readonly (string | null)[],
  known: readonly Line[],
  makeId: () => string,
): string[] {
  const places = new Map(known.map((line, index) => [line.id, index]))
  const taken = new Set<string>()
  const ids = wanted.map(id => {
    if (id === null || !places.has(id) || taken.has(id)) return null
    taken.add(id)
    return id
  })
  for (let from = 0; from < ids.length; from++) {
    if (ids[from] !== null) continue
    let to = from
    while (to < ids.length && ids[to] === null) to++
    const before = from === 0 ? -1 : places.get(ids[from - 1]!)!
    const after = to === ids.length ? known.length : places.get(ids[to]!)!
    const free = known.slice(before + 1, Math.max(before + 1, after)).filter(line => !taken.has(line.id))
    for (let i = from; i < to; i++) {
      const id = free.length === to - from ? free[i - from]!.id : makeId()
      ids[i] = id
      if (!places.has(id)) places.set(id, before)
      taken.add(id)
    }
    from = to
  }
  return ids as string[]
}

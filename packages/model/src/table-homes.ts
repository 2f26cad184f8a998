// Which root each block of a table belongs to. A plain cell is one root. A merged cell shows the blocks of all roots that it covers, so
// when cells are merged, split or typed in while merged, each block goes on belonging to the root that it came from.

import type { Node } from 'prosemirror-model'
import { isBlankCell } from './cell.ts'
import { cellName } from './grid.ts'
import type { PlacedBlock } from './hole.ts'
import type { Slot } from './table.ts'
import type { GridCell } from './table-grid.ts'

export interface Layouts {
  /** As it is shown now. */
  readonly slots: readonly Slot[]
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** As the new document has it. */
  readonly cells: readonly GridCell[]
  readonly newRows: readonly string[]
  readonly newColumns: readonly string[]
  /** Roots that a merged cell goes on showing, whether their lines are shown or not. */
  readonly merged: ReadonlySet<string>
}

/** The blocks of each root of the new table, by the name of the root. Cells whose node is the same are left out. */
export function homesOf(layouts: Layouts): Map<string, PlacedBlock[]> {
  const { slots, rows, columns, cells, newRows, newColumns } = layouts
  const homes = new Map<string, PlacedBlock[]>()
  const oldNames = new Map(
    slots.map(slot => {
      const shown = namesOf(slot.area, rows, columns)
      return [slot, [...new Set([...shown, ...slot.parts.map(part => part.name)])]] as const
    }),
  )
  const newNames = new Map(cells.map(cell => [cell, namesOf(cell, newRows, newColumns)]))
  const shown = new Set(slots.flatMap(slot => namesOf(slot.area, rows, columns)))
  // What stands in a line that was deleted stays there: its row or column shows again when nothing merges it any more.
  const isKept = (name: string): boolean => layouts.merged.has(name) || !shown.has(name)
  const slotOf = new Map(slots.flatMap(slot => oldNames.get(slot)!.map(name => [name, slot] as const)))
  const done = new Set<GridCell>()
  const cellOf = new Map(cells.flatMap(cell => newNames.get(cell)!.map(name => [name, cell] as const)))
  for (const cell of cells) {
    if (done.has(cell)) continue
    const names = newNames.get(cell)!
    const slot = slotOf.get(names[0]!)
    if (names.length === 1 && (slot === undefined || oldNames.get(slot)!.length === 1)) {
      if (slot === undefined || !slot.node.content.eq(cell.node.content))
        homes.set(names[0]!, placedIn(cell.node, cell.position))
      continue
    }
    const group = gather(
      cell,
      name => slotOf.get(name),
      name => cellOf.get(name),
      oldNames,
      newNames,
    )
    for (const one of group.cells) done.add(one)
    for (const [name, blocks] of divide(group, newNames, isKept)) homes.set(name, blocks)
  }
  return homes
}

interface Group {
  readonly slots: readonly Slot[]
  readonly cells: readonly GridCell[]
}

/** Everything that hangs together with a cell because something was or is merged. */
function gather(
  first: GridCell,
  slotOf: (name: string) => Slot | undefined,
  cellOf: (name: string) => GridCell | undefined,
  oldNames: ReadonlyMap<Slot, readonly string[]>,
  newNames: ReadonlyMap<GridCell, readonly string[]>,
): Group {
  const slots = new Set<Slot>()
  const cells = new Set<GridCell>([first])
  const queue = [...newNames.get(first)!]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const slot = slotOf(name)
    if (slot !== undefined && !slots.has(slot)) {
      slots.add(slot)
      queue.push(...oldNames.get(slot)!)
    }
    const cell = cellOf(name)
    if (cell !== undefined && !cells.has(cell)) {
      cells.add(cell)
      queue.push(...newNames.get(cell)!)
    }
  }
  const byPlace = (a: { top: number; left: number }, b: { top: number; left: number }): number =>
    a.top - b.top || a.left - b.left
  return {
    slots: [...slots].sort((a, b) => byPlace(a.area, b.area)),
    cells: [...cells].sort(byPlace),
  }
}

function divide(
  { slots, cells }: Group,
  newNames: ReadonlyMap<GridCell, readonly string[]>,
  isKept: (name: string) => boolean,
): Map<string, PlacedBlock[]> {
  const hidden = slots.flatMap(slot => slot.parts.map(part => part.name)).filter(isKept)
  const names = new Set([...cells.flatMap(cell => newNames.get(cell)!), ...hidden])
  const olds = slots.flatMap(slot => {
    let child = 0
    return slot.parts.flatMap(({ name, entries }) =>
      Array.from({ length: Math.max(1, entries.length) }, () => ({ name, node: slot.node.child(child++) })),
    )
  })
  const homes = new Map<string, PlacedBlock[]>([...names].map(name => [name, []]))
  // A cell that splitting left empty says nothing: its blocks are listed in the cell that was merged.
  const full = cells.filter(cell => cells.length === 1 || !isBlankCell(cell.node))
  let next = 0
  for (const cell of full) {
    const own = newNames.get(cell)!
    let current = own[0]!
    const placed = placedIn(cell.node, cell.position)
    placed.forEach((block, index) => {
      const found = olds.findIndex((old, i) => i >= next && isSameBlock(old.node, block.node))
      const paired = found >= 0 ? found : pairOf(olds, next, placed, index)
      const home = paired === null ? null : olds[paired]!.name
      if (paired !== null) next = paired + 1
      if (home !== null && names.has(home)) {
        // What stands in its own cell by now goes on from there.
        if (own.includes(home) || isKept(home)) current = home
        homes.get(home)!.push(block)
      } else homes.get(current)!.push(block)
    })
  }
  return homes
}

/** A block that was written in has another node and may have no id: it is the old one between the same neighbours. */
function pairOf(
  olds: readonly { readonly name: string; readonly node: Node }[],
  next: number,
  placed: readonly PlacedBlock[],
  index: number,
): number | null {
  const block = placed[index]!
  if (block.node.attrs.id !== null || next >= olds.length) return null
  const following = placed[index + 1]
  const old = olds[next]!
  if (old.node.attrs.id !== null) return null
  const after = olds[next + 1]
  const isLast = following === undefined || after === undefined
  return isLast || isSameBlock(after.node, following.node) ? next : null
}

function isSameBlock(a: Node, b: Node): boolean {
  if (a === b) return true
  // What was typed into an empty cell has no marker, so no id.
  return a.attrs.id === null && b.attrs.id === null ? a.eq(b) : a.attrs.id === b.attrs.id
}

/** The blocks of a cell that stands at `position`. */
export function placedIn(cell: Node, position: number): PlacedBlock[] {
  const placed: PlacedBlock[] = []
  cell.forEach((block, offset) => {
    placed.push({ node: block, position: position + 1 + offset })
  })
  return placed
}

function namesOf(
  area: { top: number; left: number; bottom: number; right: number },
  rows: readonly string[],
  columns: readonly string[],
): string[] {
  const names: string[] = []
  for (let row = area.top; row <= area.bottom; row++) {
    for (let column = area.left; column <= area.right; column++) names.push(cellName(rows[row]!, columns[column]!))
  }
  return names
}

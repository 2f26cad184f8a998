// What is written for one table: which rows and columns came, went and moved, what is merged, and what each cell says now. Rows and cells
// are known by the ids that they carry; a column by the votes of the cells that start in it. Moving, merging and widening touch the
// table's root alone, never a cell.

import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import { type Cell, cellDoc, isBlankBlock, rereadCell, settleCell, shownEntries } from './cell.ts'
import { longestIncreasing } from './diff.ts'
import { deleteEmptySpans } from './format.ts'
import { cellName, type Line } from './grid.ts'
import type { PlacedBlock } from './hole.ts'
import { deleteItem, firstItem, type Item, isLiveUnit } from './layout.ts'
import { keysBetween } from './order-keys.ts'
import { randomId } from './random.ts'
import { type EditOptions, SequenceEdit, type Written } from './sequence-edit.ts'
import type { Table } from './table.ts'
import { assignLines, type GridCell, readGrid, voteColumns } from './table-grid.ts'
import { homesOf, placedIn } from './table-homes.ts'
import type { Tables } from './tables.ts'

/** One register of the root; undefined removes it. */
interface Change {
  readonly name: string
  readonly value: string | number | boolean | undefined
}

export class TableEdit {
  readonly #table: Table
  readonly #tables: Tables
  readonly #isNew: boolean
  readonly #options: EditOptions
  #rows: readonly string[] = []
  #columns: readonly string[] = []
  #grid: readonly GridCell[] = []
  /** Registers of lines that are born. */
  readonly #births: Change[] = []
  readonly #bornLines: string[] = []
  readonly #changes: Change[] = []
  readonly #edits: { readonly cell: Cell; readonly edit: SequenceEdit }[] = []
  readonly #cleared: Cell[] = []
  /** Roots that a merged cell goes on showing, whether their lines are shown or not. */
  readonly #merged = new Set<string>()

  /**
   * @param node the `table` of the new document, which stands at `position`
   * @param isNew whether the table comes to be with its block
   */
  constructor(tables: Tables, tid: string, { node, position }: PlacedBlock, isNew: boolean, options: EditOptions) {
    this.#tables = tables
    this.#table = tables.table(tid)
    this.#isNew = isNew
    this.#options = options
    const texts = this.#changedTexts(node, position)
    if (texts === null) this.#planAll(tid, node, position)
    else this.#planTexts(texts)
  }

  #planAll(tid: string, node: Node, position: number): void {
    const { cells, rowIds, width } = readGrid(node, position)
    this.#grid = cells
    this.#rows = assignLines(rowIds, this.#table.rows, () => `${tid}-${randomId(6)}`)
    const widths = new Map(this.#table.slots.flat().map(({ name, area }) => [name, area.right - area.left]))
    const isShrunk = ({ node: cell, top, left, right }: GridCell): boolean =>
      right - left < (widths.get(cellName(this.#rows[top]!, cell.attrs.column)) ?? 0)
    this.#columns = assignLines(voteColumns(cells, width, isShrunk), this.#table.columns, () => randomId(6))
    this.#planLines('r', this.#rows, this.#table.rows, this.#table.outline.rows)
    this.#planLines('c', this.#columns, this.#table.columns, this.#table.outline.columns)
    this.#planWidths()
    this.#planSpans()
    this.#planCells()
  }

  get bears(): boolean {
    return this.#births.length > 0 || this.#edits.some(({ edit }) => edit.bears)
  }

  /** Whether all that is written is text of one waiting block. */
  get isComposed(): boolean {
    const [first] = this.#edits
    const isAlone = this.#edits.length === 1 && this.#changes.length + this.#births.length + this.#cleared.length === 0
    return isAlone && first!.edit.composed !== null
  }

  /** In a transaction that undo does not see. New lines of a table that was there are born gone, so that undo hides them. */
  bear(tr: Y.Transaction): void {
    this.#set(this.#births)
    if (!this.#isNew) this.#set(this.#bornLines.map(id => ({ name: `gone:${id}`, value: true })))
    this.#births.length = 0
    for (const { edit } of this.#edits) edit.bear(tr)
  }

  write(tr: Y.Transaction): void {
    this.#set(this.#births)
    this.#set(this.#bornLines.map(id => ({ name: `gone:${id}`, value: undefined })))
    this.#set(this.#changes)
    for (const cell of this.#cleared) clearCell(tr, cell)
    for (const { edit } of this.#edits) edit.write(tr)
  }

  /** Reads the cells that were written, all but one that waits. */
  settle(tr: Y.Transaction): Written[] {
    for (const cell of this.#cleared) rereadCell(cell)
    return this.#edits.map(({ cell, edit }) => {
      const written = edit.settle(tr)
      settleCell(cell)
      return written
    })
  }

  #set(changes: readonly Change[]): void {
    if (changes.length === 0) return
    const root = this.#table.root ?? this.#tables.openRoot(this.#table)
    for (const { name, value } of changes) {
      if (value !== undefined) root.set(name, value)
      else if (root.has(name)) root.delete(name)
    }
    this.#table.invalidate()
  }

  /** Lines that came get a key between their neighbours, so do those that moved; those that went are gone. */
  #planLines(prefix: 'r' | 'c', ids: readonly string[], shown: readonly Line[], all: readonly Line[]): void {
    const kept = new Set(ids)
    for (const { id, gone } of shown) {
      if (kept.has(id)) continue
      if (!gone) this.#changes.push({ name: `gone:${id}`, value: true })
    }
    const known = new Map(all.map(line => [line.id, line]))
    for (const { id, key, isNew } of placeLines(ids, all)) {
      if (isNew) {
        this.#births.push({ name: `${prefix}:${id}`, value: key })
        this.#bornLines.push(id)
      } else if (known.get(id)!.key !== key) this.#changes.push({ name: `o:${id}`, value: key })
    }
  }

  #planWidths(): void {
    const { widths } = this.#table.outline
    this.#columns.forEach((id, index) => {
      const cell = this.#grid.find(one => one.left <= index && index <= one.right && one.node.attrs.colwidth !== null)
      const width = (cell?.node.attrs.colwidth as readonly number[] | undefined)?.[index - cell!.left] ?? 0
      const wanted = width > 0 ? Math.round(width) : undefined
      if (widths.get(id) !== wanted) this.#changes.push({ name: `w:${id}`, value: wanted })
    })
  }

  #planSpans(): void {
    // What was merged goes on being so where rows or columns of it were deleted.
    const rows = new Map(this.#rows.map((id, index) => [id, index]))
    const columns = new Map(this.#columns.map((id, index) => [id, index]))
    const before = new Map<string, string>()
    for (const { area } of this.#table.slots.flat()) {
      if (area.span === null) continue
      const [top, bottom] = endsIn(rows, this.#table.rows, area.top, area.bottom)
      const [left, right] = endsIn(columns, this.#table.columns, area.left, area.right)
      before.set(area.span.register, `${top}:${left}:${bottom}:${right}`)
    }
    const registers = new Map([...before].map(([register, place]) => [place, register]))
    const kept = new Set<string>()
    for (const { top, left, bottom, right } of this.#grid) {
      const register = registers.get(`${top}:${left}:${bottom}:${right}`)
      if (register !== undefined) kept.add(register)
      if (register !== undefined || (top === bottom && left === right)) continue
      const name = `span:${this.#rows[top]!}:${this.#columns[left]!}`
      kept.add(name)
      this.#changes.push({ name, value: `${this.#rows[bottom]!}:${this.#columns[right]!}` })
    }
    for (const register of before.keys()) {
      if (!kept.has(register)) this.#changes.push({ name: register, value: undefined })
    }
    const { outline } = this.#table
    for (const span of outline.spans) {
      if (!kept.has(span.register)) continue
      for (const row of outline.rows.slice(span.top, span.bottom + 1)) {
        for (const column of outline.columns.slice(span.left, span.right + 1)) {
          this.#merged.add(cellName(row.id, column.id))
        }
      }
    }
  }

  #planCells(): void {
    const rows = new Set(this.#rows)
    const columns = new Set(this.#columns)
    const homes = homesOf({
      slots: this.#table.slots.flat(),
      rows: this.#table.rows.map(line => line.id),
      columns: this.#table.columns.map(line => line.id),
      cells: this.#grid,
      newRows: this.#rows,
      newColumns: this.#columns,
      merged: this.#merged,
    })
    this.#planTexts(homes)
    // A merged cell also shows what stands in rows and columns that are gone.
    const shown = new Set(this.#table.slots.flatMap(slots => slots.flatMap(slot => slot.parts.map(part => part.name))))
    for (const cell of this.#table.cells) {
      const isRemoved = shown.has(cell.name) && (!rows.has(cell.row) || !columns.has(cell.column))
      if (isRemoved && !this.#merged.has(cell.name) && !homes.has(cell.name)) this.#cleared.push(cell)
    }
  }

  /** What changed in the cells, where that is all; null where there is more, or a merged cell is concerned. */
  #changedTexts(node: Node, position: number): Map<string, PlacedBlock[]> | null {
    const old = this.#table.node
    if (old === null || old.childCount !== node.childCount) return null
    const texts = new Map<string, PlacedBlock[]>()
    let at = position + 1
    for (let index = 0; index < node.childCount; index++) {
      const row = node.child(index)
      const oldRow = old.child(index)
      if (row !== oldRow) {
        if (!row.sameMarkup(oldRow) || row.childCount !== oldRow.childCount) return null
        let start = at + 1
        for (let k = 0; k < row.childCount; k++) {
          const cell = row.child(k)
          if (cell !== oldRow.child(k)) {
            const slot = this.#table.slots[index]![k]!
            if (!cell.sameMarkup(oldRow.child(k)) || slot.area.span !== null) return null
            texts.set(slot.name, placedIn(cell, start))
          }
          start += cell.nodeSize
        }
      }
      at += row.nodeSize
    }
    return texts
  }

  #planTexts(texts: ReadonlyMap<string, readonly PlacedBlock[]>): void {
    const { outline } = this.#table
    const revived = new Set<string>()
    for (const [name, blocks] of texts) {
      const edit = this.#planCell(name, blocks)
      if (edit === null) continue
      this.#edits.push(edit)
      if (this.#merged.has(name)) continue
      // Who writes in a row that shows only because of its text wants it back.
      const { row, column } = edit.cell
      if (outline.rows.some(line => line.gone && line.id === row)) revived.add(row)
      if (outline.columns.some(line => line.gone && line.id === column)) revived.add(column)
    }
    for (const id of revived) this.#changes.push({ name: `gone:${id}`, value: undefined })
  }

  #planCell(name: string, blocks: readonly PlacedBlock[]): { cell: Cell; edit: SequenceEdit } | null {
    const known = this.#tables.cell(name)
    if (known === null && blocks.every(({ node }) => saysNothing(node)) && blocks.length < 2) return null
    const cell = known ?? this.#tables.openCell(name)
    if (cell === null) return null
    const first = blocks[0]
    // Positions of the document of a cell begin at 1.
    const unchangedBefore = first === undefined ? 0 : this.#options.unchangedBefore - first.position + 1
    const doc = cellDoc(blocks.length === 0 ? [blankOf(cell)] : blocks.map(({ node }) => node))
    const edit = SequenceEdit.plan(cell.blocks, doc, { ...this.#options, unchangedBefore })
    return edit === null ? null : { cell, edit }
  }
}

/** Empties a cell and leaves its blocks, which are known by their markers when undo brings the text back. */
export function clearCell(tr: Y.Transaction, { sequence }: Cell): void {
  const removed: Item[] = []
  for (let item = firstItem(sequence); item !== null; item = item.right) {
    if (!isLiveUnit(item)) continue
    deleteItem(tr, item)
    removed.push(item)
  }
  for (const item of removed) deleteEmptySpans(tr, item)
}

/** Whether a block is what a cell shows that nothing was written in: an alignment is written, with or without text. */
function saysNothing(node: Node): boolean {
  return isBlankBlock(node) && node.attrs.align === null && node.attrs.indent === 0
}

/** An empty paragraph in the place of the first block of a cell. */
function blankOf({ blocks }: Cell): Node {
  const first = shownEntries(blocks)[0]!.node!
  return first.type.schema.nodes.paragraph!.create({ id: first.attrs.id })
}

/** The keys of lines that came or moved; lines that stayed keep theirs. */
function placeLines(ids: readonly string[], all: readonly Line[]): { id: string; key: string; isNew: boolean }[] {
  const ranks = new Map(all.map((line, index) => [line.id, index]))
  const staying = new Set(stayingLines(ids, ranks))
  const placed: { id: string; key: string; isNew: boolean }[] = []
  let before: Line | null = null
  let run: string[] = []
  const place = (until: Line | null): void => {
    const following = before === null ? all[0] : all[ranks.get(before.id)! + 1]
    const after = run.length === 0 ? until : (following ?? null)
    const keys = keysBetween(before?.key ?? '', after?.key ?? null, run.length)
    for (const [index, id] of run.entries()) placed.push({ id, key: keys[index]!, isNew: !ranks.has(id) })
    run = []
  }
  for (const id of ids) {
    if (!staying.has(id)) {
      run.push(id)
      continue
    }
    const line = all[ranks.get(id)!]!
    place(line)
    before = line
  }
  place(null)
  return placed
}

function stayingLines(ids: readonly string[], ranks: ReadonlyMap<string, number>): string[] {
  const known = ids.filter(id => ranks.has(id))
  return longestIncreasing(known.map(id => ranks.get(id)!)).map(index => known[index]!)
}

/** The ends, in new lines, of what is left of a stretch of old ones. */
function endsIn(
  places: ReadonlyMap<string, number>,
  lines: readonly Line[],
  from: number,
  to: number,
): [number, number] {
  const left = lines.slice(from, to + 1).flatMap(line => places.get(line.id) ?? [])
  return [Math.min(...left), Math.max(...left)]
}

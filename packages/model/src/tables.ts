// The tables of a document: which marker shows which table, and the cells, each a sequence of its own with its own block index. A table
// shows once: of the markers that name it those that are not gone come first, then the one with the lowest id.

import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import { Blocks, type TablePort } from './blocks.ts'
import type { Cell } from './cell.ts'
import { isTableId, parseCellName } from './grid.ts'
import { readTableHeader } from './kinds.ts'
import { type Item, isGone, openMap, openSequence, readRegister, type Sequence } from './layout.ts'
import { Table } from './table.ts'

export class Tables implements TablePort {
  readonly #ydoc: Y.Doc
  readonly #tables = new Map<string, Table>()
  readonly #cells = new Map<string, Cell>()
  readonly #cellOf = new Map<Sequence, Cell>()
  readonly #tableOf = new Map<unknown, Table>()
  /** Markers that name a table; deleted ones are dropped when they are met. */
  readonly #markers = new Map<string, Set<Item>>()
  #roots = 0

  constructor(ydoc: Y.Doc) {
    this.#ydoc = ydoc
    this.sync()
  }

  /** Takes in roots that came since the last time. Returns the tables that they are of. */
  sync(): Set<string> {
    const changed = new Set<string>()
    if (this.#ydoc.share.size === this.#roots) return changed
    for (const name of [...this.#ydoc.share.keys()]) {
      if (name.startsWith('cell:') && !this.#cells.has(name)) {
        const cell = this.openCell(name)
        if (cell !== null) changed.add(cell.tid)
      } else if (name.startsWith('table:')) {
        const tid = name.slice('table:'.length)
        if (isTableId(tid) && this.#tables.get(tid)?.exists !== true && this.#openTable(tid).exists) changed.add(tid)
      }
    }
    this.#roots = this.#ydoc.share.size
    return changed
  }

  note(tid: string, marker: Item): void {
    const markers = this.#markers.get(tid)
    if (markers === undefined) this.#markers.set(tid, new Set([marker]))
    else markers.add(marker)
  }

  /** The live markers that name a table. */
  claimants(tid: string): Item[] {
    const markers = this.#markers.get(tid)
    if (markers === undefined) return []
    for (const marker of markers) if (marker.deleted) markers.delete(marker)
    return [...markers]
  }

  show(tid: string, marker: Item): Node | null {
    const [holder] = this.claimants(tid).sort(
      (a, b) => Number(isGone(a)) - Number(isGone(b)) || a.id.client - b.id.client || a.id.clock - b.id.clock,
    )
    if (holder !== marker) return null
    const table = this.table(tid)
    table.read(readTableHeader(readRegister(marker, 'header')))
    return isGone(marker) && !table.hasText ? null : table.node
  }

  adopt(tid: string, node: Node): void {
    this.table(tid).adopt(node)
  }

  table(tid: string): Table {
    return this.#tables.get(tid) ?? this.#openTable(tid)
  }

  /** The table that a cell with this name is of; null where the name is none of a cell. */
  tableOfCell(name: string): Table | null {
    const place = parseCellName(name)
    return place === null ? null : this.table(place.tid)
  }

  /** The cell of a root; null where there is no such root, or its name is none of a cell. */
  cell(name: string): Cell | null {
    return this.#cells.get(name) ?? null
  }

  get cells(): Iterable<Cell> {
    return this.#cells.values()
  }

  cellOf(sequence: unknown): Cell | null {
    return this.#cellOf.get(sequence as Sequence) ?? null
  }

  /** The table whose root a type is. */
  tableOf(root: unknown): Table | null {
    return this.#tableOf.get(root) ?? null
  }

  /** Opens the root of a cell, which comes to be with the first thing that is written in it. */
  openCell(name: string): Cell | null {
    const known = this.#cells.get(name)
    if (known !== undefined) return known
    const place = parseCellName(name)
    if (place === null) return null
    const sequence = openSequence(this.#ydoc, name)
    const blocks = new Blocks(sequence, null, name)
    const cell: Cell = { name, ...place, sequence, blocks, touch: () => this.table(place.tid).touch(cell) }
    this.#cells.set(name, cell)
    this.#cellOf.set(sequence, cell)
    this.table(place.tid).addCell(cell)
    return cell
  }

  #openTable(tid: string): Table {
    const known = this.#tables.get(tid)
    const table = known ?? new Table(tid)
    this.#tables.set(tid, table)
    const name = `table:${tid}`
    if (!table.exists && this.#ydoc.share.has(name)) this.openRoot(table)
    return table
  }

  /** Opens the root of a table, which comes to be with its first row. */
  openRoot(table: Table): Y.Map<unknown> {
    const root = openMap(this.#ydoc, `table:${table.tid}`)
    table.open(root)
    this.#tableOf.set(root, table)
    return root
  }
}

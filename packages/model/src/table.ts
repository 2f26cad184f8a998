// One table, as it is shown: the lines of its root, the cells that exist, and the ProseMirror node made of both, whose very nodes it holds.
// A gone row or column shows while one of its cells holds text, so that what somebody typed there meanwhile is seen. A merged cell
// shows the blocks of all cells that it covers.

import type { Fragment, Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import type { Entry } from './blocks.ts'
import { blankBlock, type Cell, cellDoc, hasText, isBlank, shownEntries } from './cell.ts'
import { type Area, areasOf, cellName, type Line, type Outline, readOutline, type Span } from './grid.ts'
import { scopeAt } from './kinds.ts'
import { schema } from './schema.ts'

/** A cell of the ProseMirror node. */
export interface Slot {
  readonly area: Area
  /** Of the root of its first row and column. */
  readonly name: string
  /** The roots whose blocks it shows, in order. */
  readonly parts: readonly Part[]
  node: Node
}

interface Part {
  readonly name: string
  /** Null where the root does not exist: the slot shows a blank block. */
  readonly cell: Cell | null
  readonly entries: readonly Entry[]
}

/** A block in a table: its cell, or the name of a cell that does not exist, and the offset of its first unit behind the start of the table. */
export interface TableSpot {
  readonly name: string
  readonly cell: Cell | null
  readonly entry: Entry | null
  readonly start: number
}

const emptyOutline: Outline = { rows: [], columns: [], widths: new Map(), spans: [] }

export class Table {
  readonly tid: string
  #root: Y.Map<unknown> | null = null
  #outline: Outline | null = null
  readonly #cells = new Map<string, Map<string, Cell>>()
  #rows: readonly Line[] = []
  #columns: readonly Line[] = []
  #slots: Slot[][] = []
  /** Where the blocks of a root are shown. */
  #places = new Map<string, { row: number; slot: number }>()
  #node: Node | null = null
  /** What the node was made of, but for the cells that were read again since. */
  #readFrom: { outline: Outline; header: string | null } | null = null
  readonly #touched = new Set<Cell>()

  constructor(tid: string) {
    this.tid = tid
  }

  get exists(): boolean {
    return this.#root !== null
  }

  get root(): Y.Map<unknown> | null {
    return this.#root
  }

  /** The `table` node; null where no row or no column is shown. */
  get node(): Node | null {
    return this.#node
  }

  /** What the root says. */
  get outline(): Outline {
    this.#outline ??=
      this.#root === null
        ? emptyOutline
        : readOutline(this.tid, new Map(this.#root.entries() as Iterable<[string, unknown]>))
    return this.#outline
  }

  /** The shown rows and columns. */
  get rows(): readonly Line[] {
    return this.#rows
  }

  get columns(): readonly Line[] {
    return this.#columns
  }

  get slots(): readonly (readonly Slot[])[] {
    return this.#slots
  }

  get hasText(): boolean {
    for (const cell of this.cells) if (hasText(cell)) return true
    return false
  }

  /** The cells that exist, shown or not. */
  get cells(): Cell[] {
    return [...this.#cells.values()].flatMap(row => [...row.values()])
  }

  open(root: Y.Map<unknown>): void {
    this.#root = root
    this.#outline = null
  }

  addCell(cell: Cell): void {
    const row = this.#cells.get(cell.row)
    if (row === undefined) this.#cells.set(cell.row, new Map([[cell.column, cell]]))
    else row.set(cell.column, cell)
    this.#touched.add(cell)
  }

  /** Takes note that a cell was read again. */
  touch(cell: Cell): void {
    this.#touched.add(cell)
  }

  /** Forgets what the root said. */
  invalidate(): void {
    this.#outline = null
  }

  /**
   * Makes the node anew; what shows the same keeps its nodes.
   * @param header which cells are headers: `row`, `column`, `both` or null
   */
  read(header: string | null): void {
    const { outline } = this
    if (this.#readFrom?.outline === outline && this.#readFrom.header === header && this.#readTouched()) return
    this.#readFrom = { outline, header }
    this.#touched.clear()
    const hasGone = [...outline.rows, ...outline.columns].some(line => line.gone)
    const revived = new Set(hasGone ? this.#revivedLines(outline) : [])
    this.#rows = outline.rows.filter(row => !row.gone || revived.has(row.id))
    this.#columns = outline.columns.filter(column => !column.gone || revived.has(column.id))
    const before = new Map(this.#slots.flat().map(slot => [slot.name, slot.node]))
    const rowsBefore = new Map(
      this.#slots.map((slots, index) => [slots[0]?.name, this.#node?.maybeChild(index) ?? null]),
    )
    this.#slots = this.#rows.map(() => [])
    this.#places = new Map()
    if (this.#rows.length === 0 || this.#columns.length === 0) {
      this.#node = null
      return
    }
    for (const area of areasOf(outline, this.#rows, this.#columns)) {
      const slot = this.#readSlot(area, header, before.get(this.#nameOf(area)) ?? null)
      const slots = this.#slots[area.top]!
      for (const part of slot.parts) this.#places.set(part.name, { row: area.top, slot: slots.length })
      slots.push(slot)
    }
    const rows = this.#slots.map((slots, index) => {
      const row = schema.nodes.table_row.create(
        { row: this.#rows[index]!.id },
        slots.map(slot => slot.node),
      )
      return reuse(rowsBefore.get(slots[0]?.name) ?? null, row)
    })
    this.#node = reuse(this.#node, schema.nodes.table.create(null, rows))
  }

  /** Takes over the nodes of a `table` that shows the same. */
  adopt(node: Node): void {
    if (node === this.#node) return
    if (node.childCount !== this.#slots.length) throw new RangeError('The document has other rows than the table')
    this.#slots.forEach((slots, index) => {
      const row = node.child(index)
      if (row === this.#node?.maybeChild(index)) return
      if (row.childCount !== slots.length) throw new RangeError('The document has other cells than the table')
      slots.forEach((slot, k) => {
        if (slot.node !== row.child(k)) adoptSlot(slot, row.child(k))
      })
    })
    this.#node = node
  }

  /** The block at an offset behind the start of the table, or the nearest one. */
  locate(offset: number): TableSpot {
    let found: TableSpot | null = null
    let at = 1
    for (const [index, slots] of this.#slots.entries()) {
      const size = this.#node!.child(index).nodeSize
      if (offset < at + size || index === this.#slots.length - 1) {
        let start = at + 1
        for (const slot of slots) {
          if (found === null || offset >= start) found = locateInSlot(slot, offset, start)
          start += slot.node.nodeSize
        }
      }
      if (found !== null && offset < at + size) return found
      at += size
    }
    if (found === null) throw new RangeError('A table has no cell')
    return found
  }

  /** Where the blocks of a root begin behind the start of the table, and the block of an entry if one is given; null where it is not shown. */
  offsetOf(name: string, entry: Entry | null): number | null {
    const place = this.#places.get(name)
    if (place === undefined) return null
    let at = 1
    for (let i = 0; i < place.row; i++) at += this.#node!.child(i).nodeSize
    at++
    const slots = this.#slots[place.row]!
    for (let i = 0; i < place.slot; i++) at += slots[i]!.node.nodeSize
    at++
    let child = 0
    const slot = slots[place.slot]!
    for (const part of slot.parts) {
      if (part.name === name && entry === null) return at
      for (const one of part.entries.length === 0 ? [null] : part.entries) {
        if (part.name === name && one === entry) return at
        at += slot.node.child(child++).nodeSize
      }
    }
    return null
  }

  /** Brings the cells up to date that were read again; false where more than plain cells may have to change. */
  #readTouched(): boolean {
    for (const cell of this.#touched) {
      const place = this.#places.get(cell.name)
      if (place === undefined) return false
      const old = this.#slots[place.row]![place.slot]!
      const { area } = old
      // Text in a gone line decides whether the line is shown.
      if (area.span !== null || this.#rows[area.top]!.gone || this.#columns[area.left]!.gone) return false
      const slot = this.#readSlot(area, this.#readFrom!.header, old.node)
      this.#slots[place.row]![place.slot] = slot
      if (slot.node === old.node) continue
      const row = this.#node!.child(place.row)
      const changed = row.copy(row.content.replaceChild(place.slot, slot.node))
      this.#node = this.#node!.copy(this.#node!.content.replaceChild(place.row, changed))
    }
    this.#touched.clear()
    return true
  }

  #nameOf({ top, left }: Area): string {
    return cellName(this.#rows[top]!.id, this.#columns[left]!.id)
  }

  #readSlot(area: Area, header: string | null, old: Node | null): Slot {
    const column = this.#columns[area.left]!
    const name = this.#nameOf(area)
    const parts = this.#partsOf(area)
    const blocks = parts.flatMap(part => (part.cell === null ? [blankBlock] : part.entries.map(entry => entry.node!)))
    const widths = this.#columns.slice(area.left, area.right + 1).map(one => this.outline.widths.get(one.id) ?? 0)
    const node = schema.nodes.table_cell.create(
      {
        column: column.id,
        colspan: area.right - area.left + 1,
        rowspan: area.bottom - area.top + 1,
        colwidth: widths.some(width => width > 0) ? widths : null,
        scope: scopeAt(header, area),
      },
      blocks,
    )
    const isSame = old !== null && hasSameAttributes(old, node) && hasSameChildren(old.content, node.content)
    return { area, name, parts, node: isSame ? old : node }
  }

  /** The lines of cells that hold text, but for those that a merged cell shows. */
  #revivedLines(outline: Outline): string[] {
    const rowAt = new Map(outline.rows.map((line, index) => [line.id, index]))
    const columnAt = new Map(outline.columns.map((line, index) => [line.id, index]))
    const revived: string[] = []
    for (const cell of this.cells) {
      const row = rowAt.get(cell.row)
      const column = columnAt.get(cell.column)
      if (row === undefined || column === undefined) continue
      if (!outline.rows[row]!.gone && !outline.columns[column]!.gone) continue
      if (!hasText(cell) || spanAt(outline, row, column) !== null) continue
      revived.push(cell.row, cell.column)
    }
    return revived
  }

  /** Blank cells of a merged one are not shown, unless all are. */
  #partsOf({ top, left, span }: Area): Part[] {
    const first = this.#partAt(this.#rows[top]!, this.#columns[left]!)
    if (span === null) return [first]
    const filled: Part[] = []
    for (const row of this.outline.rows.slice(span.top, span.bottom + 1)) {
      for (const column of this.outline.columns.slice(span.left, span.right + 1)) {
        const part = this.#partAt(row, column)
        if (part.cell === null || isBlank(part.cell)) continue
        const isHidden = !this.#rows.includes(row) || !this.#columns.includes(column)
        if (!isHidden || hasText(part.cell)) filled.push(part)
      }
    }
    return filled.length > 0 ? filled : [first]
  }

  #partAt(row: Line, column: Line): Part {
    const cell = this.#cells.get(row.id)?.get(column.id) ?? null
    return { name: cellName(row.id, column.id), cell, entries: cell === null ? [] : shownEntries(cell.blocks) }
  }
}

/** The span that shows a cell although a line of it is gone: it reaches over lines that are not. */
function spanAt(outline: Outline, row: number, column: number): Span | null {
  const span = outline.spans.find(
    ({ top, left, bottom, right }) => top <= row && row <= bottom && left <= column && column <= right,
  )
  if (span === undefined) return null
  const isShown =
    outline.rows.slice(span.top, span.bottom + 1).some(line => !line.gone) &&
    outline.columns.slice(span.left, span.right + 1).some(line => !line.gone)
  return isShown ? span : null
}

function adoptSlot(slot: Slot, node: Node): void {
  let child = 0
  for (const { cell, entries } of slot.parts) {
    const blocks: Node[] = []
    for (let i = 0; i < Math.max(1, entries.length); i++) blocks.push(node.child(child++))
    cell?.blocks.adopt(cellDoc(blocks))
  }
  if (child !== node.childCount) throw new RangeError('The document has other blocks in a cell than the table')
  slot.node = node
}

function locateInSlot(slot: Slot, offset: number, start: number): TableSpot {
  let found: TableSpot | null = null
  let at = start + 1
  let child = 0
  for (const { name, cell, entries } of slot.parts) {
    for (const entry of entries.length === 0 ? [null] : entries) {
      if (found === null || offset >= at) found = { name, cell, entry, start: at + 1 }
      at += slot.node.child(child++).nodeSize
    }
  }
  return found!
}

/** The old node where it is made of the same children. */
function reuse(old: Node | null, fresh: Node): Node {
  return old !== null && hasSameAttributes(old, fresh) && hasSameChildren(old.content, fresh.content) ? old : fresh
}

function hasSameChildren(a: Fragment, b: Fragment): boolean {
  return a.childCount === b.childCount && a.content.every((child, index) => child === b.child(index))
}

function hasSameAttributes(a: Node, b: Node): boolean {
  return a.type === b.type && a.hasMarkup(b.type, b.attrs)
}

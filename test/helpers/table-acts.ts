// Tables in tests: building them, finding their cells, and doing to them what people do.

import { schema } from '@sheaf/model'
import { Fragment, type Node } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'
import {
  addColumn,
  addRow,
  CellSelection,
  mergeCells,
  removeColumn,
  removeRow,
  splitCell,
  TableMap,
} from 'prosemirror-tables'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import { typeAt } from './editors.ts'

const { nodes } = schema

/** A table block with these texts, one paragraph a cell. */
export function makeTable(rows: readonly (readonly string[])[], header: string | null = null): Node {
  const cells = rows.map(row =>
    nodes.table_row.create(
      null,
      row.map(text => makeCell(text)),
    ),
  )
  return nodes.table_block.create({ header }, nodes.table.create(null, cells))
}

export function makeCell(text: string): Node {
  return nodes.table_cell.create(null, nodes.paragraph.create(null, text === '' ? null : schema.text(text)))
}

/** Whoever has a document and can change it. */
export interface TableHost {
  readonly doc: Node
  readonly state: EditorState
  edit(change: (tr: Transaction) => unknown): void
}

/** A table in a document: its block, and what prosemirror-tables knows it by. */
export interface PlacedTable {
  readonly block: Node
  /** Before the block. */
  readonly position: number
  readonly table: Node
  /** Of the first row. */
  readonly tableStart: number
  readonly map: TableMap
}

export function tablesIn(doc: Node): PlacedTable[] {
  const placed: PlacedTable[] = []
  doc.descendants((node, at, parent) => {
    if (node.type.spec.tableRole !== 'table') return !node.isTextblock
    const isInBlock = parent?.type === nodes.table_block
    const [block, position] = isInBlock ? [parent, at - 1] : [node, at]
    placed.push({ block, position, table: node, tableStart: at + 1, map: TableMap.get(node) })
    return false
  })
  return placed
}

export function tableOf(person: TableHost, index = 0): PlacedTable {
  const found = tablesIn(person.doc)[index]
  if (found === undefined) throw new RangeError(`No table ${index}`)
  return found
}

/** The texts of the cells of a table, row by row. */
export function textsOf({ table }: PlacedTable): string[][] {
  return table.children.map(row => row.children.map(cell => cell.textBetween(0, cell.content.size, '/')))
}

/** Position in front of a cell, by the row and column that it covers. */
export function cellAt({ map, tableStart }: PlacedTable, row: number, column: number): number {
  return tableStart + map.map[row * map.width + column]!
}

/** Types into a cell, one transaction a character, behind `offset` characters of its first block. */
export function typeInCell(person: TableHost, row: number, column: number, text: string, offset = 0): void {
  typeAt(person, cellAt(tableOf(person), row, column) + 2 + offset, text)
}

const rectOf = (place: PlacedTable): PlacedTable & { left: number; top: number; right: number; bottom: number } => ({
  ...place,
  left: 0,
  top: 0,
  right: 0,
  bottom: 0,
})

export function insertRow(person: TableHost, place: PlacedTable, index: number): void {
  person.edit(tr => addRow(tr, rectOf(place), index))
}

export function insertColumn(person: TableHost, place: PlacedTable, index: number): void {
  person.edit(tr => addColumn(tr, rectOf(place), index))
}

export function deleteRow(person: TableHost, place: PlacedTable, index: number): void {
  person.edit(tr => removeRow(tr, rectOf(place), index))
}

export function deleteColumn(person: TableHost, place: PlacedTable, index: number): void {
  person.edit(tr => removeColumn(tr, rectOf(place), index))
}

/** Merges the cells between two. */
export function merge(person: TableHost, place: PlacedTable, from: [number, number], to: [number, number]): boolean {
  const selection = CellSelection.create(person.doc, cellAt(place, ...from), cellAt(place, ...to))
  const state = person.state.apply(person.state.tr.setSelection(selection))
  let isDone = false
  mergeCells(state, tr => {
    isDone = true
    person.edit(own => copySteps(own, tr))
  })
  return isDone
}

export function split(person: TableHost, place: PlacedTable, row: number, column: number): boolean {
  const at = cellAt(place, row, column)
  const state = person.state.apply(person.state.tr.setSelection(CellSelection.create(person.doc, at)))
  let isDone = false
  splitCell(state, tr => {
    isDone = true
    person.edit(own => copySteps(own, tr))
  })
  return isDone
}

function copySteps(own: Transaction, other: Transaction): void {
  for (const step of other.steps) own.step(step)
}

/** Moves a row; nothing where cells are merged over rows. */
export function moveRow(person: TableHost, { table, tableStart }: PlacedTable, from: number, to: number): void {
  if (table.children.some(row => row.children.some(cell => cell.attrs.rowspan > 1))) return
  const rows = [...table.children]
  const [row] = rows.splice(from, 1)
  rows.splice(to, 0, row!)
  person.edit(tr => tr.replaceWith(tableStart, tableStart + table.content.size, Fragment.from(rows)))
}

export function moveColumn(person: TableHost, { table, tableStart }: PlacedTable, from: number, to: number): void {
  if (table.children.some(row => row.children.some(cell => cell.attrs.rowspan > 1 || cell.attrs.colspan > 1))) return
  const rows = table.children.map(row => {
    const cells = [...row.children]
    const [cell] = cells.splice(from, 1)
    cells.splice(to, 0, cell!)
    return row.copy(Fragment.from(cells))
  })
  person.edit(tr => tr.replaceWith(tableStart, tableStart + table.content.size, Fragment.from(rows)))
}

export function setHeader(person: TableHost, { position }: PlacedTable, header: string | null): void {
  person.edit(tr => tr.setNodeAttribute(position, 'header', header))
}

export function setWidth(
  person: TableHost,
  { table, tableStart, map }: PlacedTable,
  column: number,
  width: number,
): void {
  person.edit(tr => {
    table.descendants((cell, offset) => {
      if (cell.type.spec.tableRole !== 'cell') return cell.type.spec.tableRole === 'row'
      const { left, right } = map.findCell(offset)
      if (left > column || right <= column) return false
      const widths = [...((cell.attrs.colwidth as number[] | null) ?? new Array<number>(right - left).fill(0))]
      widths[column - left] = width
      tr.setNodeAttribute(tableStart + offset, 'colwidth', widths)
      return false
    })
  })
}

/** Deletes the block of a table; a section that it stands in alone goes with it. */
export function deleteTable(person: TableHost, { block, position }: PlacedTable): void {
  const $position = person.doc.resolve(position)
  const isAlone = $position.parent.childCount === 1
  if (isAlone && person.doc.childCount === 1) return
  const margin = isAlone ? 1 : 0
  person.edit(tr => tr.delete(position - margin, position + block.nodeSize + margin))
}

/** Moves the block of a table in front of the block at another position. */
export function moveTable(person: TableHost, { block, position }: PlacedTable, to: number): void {
  if (person.doc.resolve(position).parent.childCount === 1) return
  if (to >= position && to <= position + block.nodeSize) return
  person.edit(tr => {
    tr.delete(position, position + block.nodeSize)
    tr.insert(tr.mapping.map(to), block).setMeta(moveMeta, [block.attrs.id])
  })
}

// What people do to a table that is the same in every editor: rows, columns, merged cells, and the text in cells. The target is the
// cell in the middle; its text is the target of the other matrix, so that the places to type at are the same.

import { Fragment, type Node } from 'prosemirror-model'
import {
  cellAt,
  deleteColumn,
  deleteRow,
  deleteTable,
  insertColumn,
  insertRow,
  merge,
  moveColumn,
  moveRow,
  split,
  type TableHost,
  tableOf,
} from '../helpers/table-acts.ts'
import { type Edit, inserted, lines, places, type TypingPlace, type Writer } from './cases.ts'

/** An editor with a table in its document. */
export interface TableWriter extends Writer, TableHost {}

/** The texts of the cells, between two paragraphs. */
export const cellTexts: readonly (readonly string[])[] = [
  ['NOP', 'QRS', 'TUV', ''],
  [lines[0]!, lines[1]!, lines[2]!, ''],
  ['', lines[3]!, 'WXY', 'Zäö'],
]
export const paragraphs = ['ÄÖÜ', 'ßÀÁ'] as const
export const row = 1
export const column = 1

export const tablePlaces: readonly TypingPlace[] = [
  ...places,
  { name: 'the same empty cell', left: null, right: null, emptyBehind: lines[2]! },
  { name: 'another empty cell', left: null, right: null, emptyBehind: 'TUV' },
  { name: 'the paragraph before', left: 'Ä', right: 'Ö' },
  { name: 'the paragraph after', left: 'ß', right: 'À' },
]

/** Position before the target cell. */
export function cellOf(one: TableWriter): number {
  return cellAt(tableOf(one), row, column)
}

/** The block of the empty cell behind the target's row. */
export function emptyCell({ texts }: TableWriter): number {
  return texts.indexOf('', texts.indexOf(lines[2]!))
}

function paragraphOf(one: TableWriter, text: string): Node {
  return one.state.schema.nodes.paragraph!.create(null, one.state.schema.text(text))
}

const mergeRight = (one: TableWriter): unknown => merge(one, tableOf(one), [row, column], [row, column + 1])

export const tableEdits: readonly Edit<TableWriter>[] = [
  { name: 'add a row above', run: one => insertRow(one, tableOf(one), row) },
  { name: 'add a row below', run: one => insertRow(one, tableOf(one), row + 1) },
  { name: 'add a column left', run: one => insertColumn(one, tableOf(one), column) },
  { name: 'add a column right', run: one => insertColumn(one, tableOf(one), column + 1) },
  { name: 'delete the row', run: one => deleteRow(one, tableOf(one), row) },
  { name: 'delete the row above', run: one => deleteRow(one, tableOf(one), row - 1) },
  { name: 'delete the column', run: one => deleteColumn(one, tableOf(one), column) },
  { name: 'delete the column behind', run: one => deleteColumn(one, tableOf(one), column + 1) },
  { name: 'move the row up', run: one => moveRow(one, tableOf(one), row, 0) },
  { name: 'move the row down', run: one => moveRow(one, tableOf(one), row, 2) },
  { name: 'move the column left', run: one => moveColumn(one, tableOf(one), column, 0) },
  { name: 'move the column right', run: one => moveColumn(one, tableOf(one), column, 3) },
  { name: 'merge with the cell right', run: one => mergeRight(one) },
  {
    name: 'merge with the cell below',
    run: one => merge(one, tableOf(one), [row, column], [row + 1, column]),
  },
  {
    name: 'merge four cells',
    run: one => merge(one, tableOf(one), [row, column], [row + 1, column + 1]),
  },
  { name: 'merge with an empty cell', run: one => merge(one, tableOf(one), [row, 2], [row, 3]) },
  {
    name: 'split a merged cell',
    prepare: one => mergeRight(one),
    run: one => split(one, tableOf(one), row, column),
  },
  {
    name: 'delete a row of a merged cell',
    prepare: one => merge(one, tableOf(one), [row, column], [row + 1, column]),
    run: one => deleteRow(one, tableOf(one), row),
  },
  {
    name: 'delete a column of a merged cell',
    prepare: one => mergeRight(one),
    run: one => deleteColumn(one, tableOf(one), column),
  },
  {
    name: 'add a row through a merged cell',
    prepare: one => merge(one, tableOf(one), [row, column], [row + 1, column]),
    run: one => insertRow(one, tableOf(one), row + 1),
  },
  { name: 'delete the table', run: one => deleteTable(one, tableOf(one)) },
  { name: 'type into the empty cell', run: one => one.type(emptyCell(one), 0, inserted) },
  { name: 'Enter in the empty cell', run: one => one.edit(tr => tr.split(one.positionOf(emptyCell(one)) + 1)) },
  { name: 'split in the cell', run: one => one.edit(tr => tr.split(cellOf(one) + 2 + 9)) },
  {
    name: 'retype in the cell',
    run: one => one.edit(tr => tr.setNodeMarkup(cellOf(one) + 1, one.state.schema.nodes.heading!)),
  },
  {
    name: 'join in the cell',
    prepare: one => one.edit(tr => tr.split(cellOf(one) + 2 + 9)),
    run: one => one.edit(tr => tr.join(cellOf(one) + 2 + 9 + 1)),
  },
  {
    name: 'empty the cell',
    run: one => one.edit(tr => tr.delete(cellOf(one) + 2, cellOf(one) + 2 + lines[1]!.length)),
  },
  {
    name: 'replace a word in the cell',
    run: one => one.edit(tr => tr.insertText(inserted, cellOf(one) + 2 + 5, cellOf(one) + 2 + 9)),
  },
  {
    name: 'bold in the cell',
    run: one =>
      one.edit(tr => tr.addMark(cellOf(one) + 2 + 5, cellOf(one) + 2 + 9, one.state.schema.marks.strong!.create())),
  },
  {
    name: 'paste blocks into the cell',
    run: one =>
      one.edit(tr => {
        const content = ['àè', 'ìò'].map(text => paragraphOf(one, text))
        tr.insert(cellOf(one) + 1, Fragment.from(content))
      }),
  },
]

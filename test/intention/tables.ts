// The intention matrix of tables: what people do to rows, columns, cells and whole tables × every place where a second person types, an
// empty cell among them. What was typed must also stay in the cell that it was typed into.

import { Body, blocksOf, schema, seedUpdate } from '@sheaf/model'
import { Fragment, type Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import * as Y from 'yjs'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import { Person } from '../helpers/editors.ts'
import * as acts from '../helpers/table-acts.ts'
import {
  type Case,
  type Choice,
  type Edit,
  inserted,
  lines,
  places,
  runCases,
  type Subject,
  typed,
  type Writer,
} from './cases.ts'

const { nodes } = schema

/** The cell that the edits are about, and where it stands. */
const row = 1
const column = 1

const base = [
  ['NOP', 'QRS', 'TUV', ''],
  [lines[0]!, lines[1]!, lines[2]!, ''],
  ['', lines[3]!, 'WXY', 'Zäö'],
]

/** Everything in which one can type is a block, in a cell or not. */
class TablePerson implements Writer {
  readonly person: Person

  constructor(clientID: number, update: Uint8Array) {
    this.person = new Person(clientID, update)
  }

  get ydoc(): Person['ydoc'] {
    return this.person.ydoc
  }

  get outbox(): Uint8Array[] {
    return this.person.outbox
  }

  get texts(): string[] {
    return this.#blocks.map(({ node }) => node.textContent)
  }

  get table(): acts.PlacedTable {
    return acts.tableOf(this.person)
  }

  positionOf(block: number): number {
    return this.#blocks[block]!.position
  }

  edit(change: (tr: Transaction) => unknown): void {
    this.person.edit(change)
  }

  type(block: number, offset: number, text: string): void {
    let at = this.positionOf(block) + 1 + offset
    for (const character of text) {
      this.edit(tr => tr.insertText(character, at))
      at += character.length
    }
  }

  receive(updates: readonly Uint8Array[]): void {
    this.person.receive(updates)
  }

  get #blocks(): { node: Node; position: number }[] {
    const blocks: { node: Node; position: number }[] = []
    this.person.doc.descendants((node, position) => {
      if (node.isTextblock) blocks.push({ node, position })
      return !node.isTextblock
    })
    return blocks
  }
}

/** Position before the target cell. */
function cellOf(person: TablePerson): number {
  return acts.cellAt(person.table, row, column)
}

const mergeRight = (person: TablePerson): unknown =>
  acts.merge(person.person, person.table, [row, column], [row, column + 1])

const edits: Edit<TablePerson>[] = [
  { name: 'add a row above', run: one => acts.insertRow(one.person, one.table, row) },
  { name: 'add a row below', run: one => acts.insertRow(one.person, one.table, row + 1) },
  { name: 'add a column left', run: one => acts.insertColumn(one.person, one.table, column) },
  { name: 'add a column right', run: one => acts.insertColumn(one.person, one.table, column + 1) },
  { name: 'delete the row', run: one => acts.deleteRow(one.person, one.table, row) },
  { name: 'delete the row above', run: one => acts.deleteRow(one.person, one.table, row - 1) },
  { name: 'delete the column', run: one => acts.deleteColumn(one.person, one.table, column) },
  { name: 'delete the column behind', run: one => acts.deleteColumn(one.person, one.table, column + 1) },
  { name: 'move the row up', run: one => acts.moveRow(one.person, one.table, row, 0) },
  { name: 'move the row down', run: one => acts.moveRow(one.person, one.table, row, 2) },
  { name: 'move the column left', run: one => acts.moveColumn(one.person, one.table, column, 0) },
  { name: 'move the column right', run: one => acts.moveColumn(one.person, one.table, column, 3) },
  { name: 'merge with the cell right', run: one => void mergeRight(one) },
  {
    name: 'merge with the cell below',
    run: one => void acts.merge(one.person, one.table, [row, column], [row + 1, column]),
  },
  {
    name: 'merge four cells',
    run: one => void acts.merge(one.person, one.table, [row, column], [row + 1, column + 1]),
  },
  { name: 'merge with an empty cell', run: one => void acts.merge(one.person, one.table, [row, 2], [row, 3]) },
  {
    name: 'split a merged cell',
    prepare: one => void mergeRight(one),
    run: one => void acts.split(one.person, one.table, row, column),
  },
  {
    name: 'delete a row of a merged cell',
    prepare: one => void acts.merge(one.person, one.table, [row, column], [row + 1, column]),
    run: one => acts.deleteRow(one.person, one.table, row),
  },
  {
    name: 'delete a column of a merged cell',
    prepare: one => void mergeRight(one),
    run: one => acts.deleteColumn(one.person, one.table, column),
  },
  {
    name: 'add a row through a merged cell',
    prepare: one => void acts.merge(one.person, one.table, [row, column], [row + 1, column]),
    run: one => acts.insertRow(one.person, one.table, row + 1),
  },
  { name: 'make headers', run: one => acts.setHeader(one.person, one.table, 'both') },
  { name: 'widen the column', run: one => acts.setWidth(one.person, one.table, column, 300) },
  { name: 'delete the table', run: one => acts.deleteTable(one.person, one.table) },
  { name: 'move the table down', run: one => acts.moveTable(one.person, one.table, endOf(one.person)) },
  { name: 'move the table up', run: one => acts.moveTable(one.person, one.table, one.person.positionOf(0)) },
  {
    name: 'insert a table before',
    run: one => one.edit(tr => tr.insert(one.person.positionOf(1), acts.makeTable([['à', 'è']]))),
  },
  {
    name: 'copy the table',
    run: one => {
      const { block, position } = one.table
      one.edit(tr =>
        tr.insert(
          position + block.nodeSize,
          acts.makeTable([
            ['à', 'è'],
            ['ì', 'ò'],
          ]),
        ),
      )
    },
  },
  { name: 'type into the empty cell', run: one => one.type(emptyCell(one), 0, inserted) },
  { name: 'Enter in the empty cell', run: one => one.edit(tr => tr.split(one.positionOf(emptyCell(one)) + 1)) },
  {
    name: 'a list in the empty cell',
    run: one => one.edit(tr => tr.setNodeMarkup(one.positionOf(emptyCell(one)), nodes.bullet)),
  },
  { name: 'split in the cell', run: one => one.edit(tr => tr.split(cellOf(one) + 2 + 9)) },
  { name: 'retype in the cell', run: one => one.edit(tr => tr.setNodeMarkup(cellOf(one) + 1, nodes.heading)) },
  {
    name: 'join in the cell',
    prepare: one => one.edit(tr => tr.split(cellOf(one) + 2 + 9)),
    run: one => one.edit(tr => tr.join(cellOf(one) + 2 + 9 + 1)),
  },
  {
    name: 'move a block in the cell',
    prepare: one => one.edit(tr => tr.insert(cellOf(one) + 1, nodes.paragraph.create(null, schema.text(inserted)))),
    run: one => {
      const first = one.person.doc.nodeAt(cellOf(one) + 1)!
      one.edit(tr => {
        const start = cellOf(one) + 1
        const end = start + one.person.doc.nodeAt(cellOf(one))!.content.size
        tr.insert(end, first)
          .delete(start, start + first.nodeSize)
          .setMeta(moveMeta, [first.attrs.id])
      })
    },
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
    run: one => one.edit(tr => tr.addMark(cellOf(one) + 2 + 5, cellOf(one) + 2 + 9, schema.marks.strong.create())),
  },
  {
    name: 'paste blocks into the cell',
    run: one =>
      one.edit(tr => {
        const content = ['àè', 'ìò'].map(text => nodes.paragraph.create(null, schema.text(text)))
        tr.insert(cellOf(one) + 1, Fragment.from(content))
      }),
  },
]

function emptyCell(one: TablePerson): number {
  const { texts } = one
  return texts.indexOf('', texts.indexOf(lines[2]!))
}

function endOf(person: Person): number {
  return person.doc.content.size - 1
}

function makeSeed(): Uint8Array {
  const person = new Person(500, seedUpdate({ text: 'ÄÖÜ\nßÀÁ' }))
  person.edit(tr => tr.insert(person.positionOf(1), acts.makeTable(base, 'row')))
  const update = Y.encodeStateAsUpdate(person.ydoc)
  person.ydoc.destroy()
  return update
}

const subject: Subject<TablePerson> = {
  seed: makeSeed(),
  places: [
    ...places,
    { name: 'the same empty cell', left: null, right: null, emptyBehind: lines[2]! },
    { name: 'another empty cell', left: null, right: null, emptyBehind: 'TUV' },
    { name: 'the paragraph before', left: 'Ä', right: 'Ö' },
    { name: 'the paragraph after', left: 'ß', right: 'À' },
  ],
  open: (clientID, update) => new TablePerson(clientID, update),
  close: one => one.ydoc.destroy(),
  undo: one => one.person.binding.undo(),
  redo: one => one.person.binding.redo(),
  endStep: one => one.person.binding.stopCapturing(),
  shown: one => blocksOf(one.person.doc).map(String).join(),
  rootOf: (one, block) => new Body(one.ydoc).locate(one.positionOf(block) + 1).root,
  isNamed: (edit, inTarget, after) => edit === 'move a block in the cell' && inTarget && after.includes(typed),
}

/** Every `step`th case; the edits whose names do not contain `filter` are left out. */
export function runTableMatrix(filter = '', step = 1, isWanted: Choice = () => true): Case[] {
  const wanted = edits.filter(edit => edit.name.includes(filter))
  let count = 0
  return runCases(subject, wanted, one => count++ % step === 0 && isWanted(one))
}

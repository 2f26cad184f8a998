// The intention matrix of tables: what people do to rows, columns, cells and whole tables × every place where a second person types, an
// empty cell among them. What was typed must also stay in the cell that it was typed into.

import { Body, blocksOf, schema, seedUpdate } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import type { Command, EditorState, Transaction } from 'prosemirror-state'
import * as Y from 'yjs'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import {
  addColumn,
  addRow,
  deleteColumns,
  deleteRows,
  deleteSelectedCells,
  deleteTable,
  mergeCells,
  moveColumns,
  moveRows,
  splitCells,
  toggleHeader,
} from '../../packages/editor/src/tables-commands.ts'
import { Person, typeAt } from '../helpers/editors.ts'
import * as acts from '../helpers/table-acts.ts'
import { goInto, selectCells } from '../helpers/table-people.ts'
import { type Case, type Choice, type Edit, inserted, runCases, type Subject, typed } from './cases.ts'
import { command } from './own-edits.ts'
import {
  cellOf,
  cellTexts,
  column,
  emptyCell,
  paragraphs,
  row,
  type TableWriter,
  tableEdits,
  tablePlaces,
} from './table-edits.ts'

const { nodes } = schema

/** Everything in which one can type is a block, in a cell or not. */
class TablePerson implements TableWriter {
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

  get doc(): Node {
    return this.person.doc
  }

  get state(): EditorState {
    return this.person.state
  }

  positionOf(block: number): number {
    return this.#blocks[block]!.position
  }

  edit(change: (tr: Transaction) => unknown): void {
    this.person.edit(change)
  }

  type(block: number, offset: number, text: string): void {
    typeAt(this, this.positionOf(block) + 1 + offset, text)
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

/** The commands of the editor, with the caret or a selection of cells at the target. */
const commands: readonly (readonly [name: string, run: Command, last?: readonly [row: number, column: number]])[] = [
  ['add a row above', addRow('above')],
  ['add a row below', addRow('below')],
  ['add a column before', addColumn('before')],
  ['add a column behind', addColumn('after')],
  ['delete the row', deleteRows],
  ['delete the column', deleteColumns],
  ['delete two rows', deleteRows, [row + 1, column]],
  ['move the row down', moveRows(1)],
  ['move the row up', moveRows(-1)],
  ['move the column right', moveColumns(1)],
  ['move the column left', moveColumns(-1)],
  ['move two columns right', moveColumns(1), [row, column + 1]],
  ['merge two cells', mergeCells, [row, column + 1]],
  ['merge four cells', mergeCells, [row + 1, column + 1]],
  ['empty four cells', deleteSelectedCells, [row + 1, column + 1]],
  ['make a header', toggleHeader('column')],
  ['delete the table', deleteTable],
]

/** What only our editor has. */
const ownEdits: Edit<TablePerson>[] = [
  ...commands.map(([name, run, last]) => ({
    name: `${name} by the menu`,
    run: ({ person }: TablePerson) => {
      if (last === undefined) goInto(person, row, column)
      else selectCells(person, [row, column], last)
      command(person, run)
    },
  })),
  {
    name: 'split a merged cell by the menu',
    prepare: ({ person }) => {
      selectCells(person, [row, column], [row + 1, column + 1])
      command(person, mergeCells)
    },
    run: ({ person }) => {
      goInto(person, row, column)
      command(person, splitCells)
    },
  },
  { name: 'make headers', run: one => acts.setHeader(one, acts.tableOf(one), 'both') },
  { name: 'widen the column', run: one => acts.setWidth(one, acts.tableOf(one), column, 300) },
  { name: 'move the table down', run: one => acts.moveTable(one, acts.tableOf(one), endOf(one.person)) },
  { name: 'move the table up', run: one => acts.moveTable(one, acts.tableOf(one), one.person.positionOf(0)) },
  {
    name: 'insert a table before',
    run: one => one.edit(tr => tr.insert(one.person.positionOf(1), acts.makeTable([['à', 'è']]))),
  },
  {
    name: 'copy the table',
    run: one => {
      const { block, position } = acts.tableOf(one)
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
  {
    name: 'a list in the empty cell',
    run: one => one.edit(tr => tr.setNodeMarkup(one.positionOf(emptyCell(one)), nodes.bullet)),
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
]

function endOf(person: Person): number {
  return person.doc.content.size - 1
}

function makeSeed(): Uint8Array {
  const person = new Person(500, seedUpdate({ text: paragraphs.join('\n') }))
  person.edit(tr => tr.insert(person.positionOf(1), acts.makeTable(cellTexts, 'row')))
  const update = Y.encodeStateAsUpdate(person.ydoc)
  person.ydoc.destroy()
  return update
}

const subject: Subject<TablePerson> = {
  seed: makeSeed(),
  places: tablePlaces,
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
  const edits: readonly Edit<TablePerson>[] = [...tableEdits, ...ownEdits]
  const wanted = edits.filter(edit => edit.name.includes(filter))
  let count = 0
  return runCases(subject, wanted, one => count++ % step === 0 && isWanted(one))
}

/** The cases of an edit that every editor has. */
export function runTableEdit(edit: Edit<TableWriter>, isWanted?: Choice): Case[] {
  return runCases(subject, [edit], isWanted)
}

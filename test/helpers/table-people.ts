// People who share a table, and the commands of the editor as they give them.

import { type Command, type Plugin, TextSelection } from 'prosemirror-state'
import { CellSelection } from 'prosemirror-tables'
import { structuralMeta } from '../../packages/editor/src/binding.ts'
import { outerBlock } from '../../packages/editor/src/blocks.ts'
import { deliverAll, type Person, people } from './editors.ts'
import { cellAt, makeTable, tableOf } from './table-acts.ts'

/** So many people on one document: a line, a table with these texts under a header row, and a line. */
export function peopleAtTable(
  count: number,
  rows: readonly (readonly string[])[],
  plugins?: () => readonly Plugin[],
): Person[] {
  const persons = people(count, 'above\n\nbelow', plugins)
  persons[0]!.edit(tr => {
    const { node, pos } = outerBlock(tr.doc.resolve(2))!
    tr.insert(pos + node.nodeSize, makeTable(rows, 'row')).setMeta(structuralMeta, true)
  })
  deliverAll(persons)
  return persons
}

/** Puts the caret into the first block of a cell. */
export function goInto(person: Person, row: number, column: number, offset = 0): void {
  const at = cellAt(tableOf(person), row, column) + 2 + offset
  person.edit(tr => tr.setSelection(TextSelection.create(tr.doc, at)))
}

type CellPlace = readonly [row: number, column: number]

export function selectCells(person: Person, from: CellPlace, to: CellPlace): void {
  const place = tableOf(person)
  person.edit(tr => tr.setSelection(CellSelection.create(tr.doc, cellAt(place, ...from), cellAt(place, ...to))))
}

/** Gives a command. @returns whether it applied */
export function give(person: Person, command: Command): boolean {
  return command(person.state, tr => person.view.dispatch(tr))
}

/** The text with the caret, which stands as `|`. */
export function caretText({ state }: Person): string {
  const { parent, parentOffset } = state.selection.$head
  return `${parent.textContent.slice(0, parentOffset)}|${parent.textContent.slice(parentOffset)}`
}

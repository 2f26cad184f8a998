// People who rearrange one table at random, with the commands of the editor, while they write in it. A failing seed is named;
// `SEED=<n>` replays it alone.

import { isTable } from '@sheaf/model'
import type { Command } from 'prosemirror-state'
import { afterEach, expect, test, vi } from 'vitest'
import {
  addColumn,
  addRow,
  deleteColumns,
  deleteRows,
  deleteSelectedCells,
  goToCell,
  mergeCells,
  moveColumns,
  moveRows,
  splitCells,
  toggleHeader,
} from '../../packages/editor/src/tables-commands.ts'
import { seeds } from '../helpers/cases.ts'
import { deliverAll, type Person, sameBlocks } from '../helpers/editors.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { tableOf, typeInCell } from '../helpers/table-acts.ts'
import { give, goInto, peopleAtTable, selectCells } from '../helpers/table-people.ts'

const keeping: readonly Command[] = [
  addRow('above'),
  addRow('below'),
  addColumn('before'),
  addColumn('after'),
  moveRows(1),
  moveRows(-1),
  moveColumns(1),
  moveColumns(-1),
  mergeCells,
  mergeCells,
  splitCells,
  toggleHeader('row'),
  toggleHeader('column'),
  goToCell(1),
]
const deleting: readonly Command[] = [...keeping, deleteRows, deleteColumns, deleteSelectedCells]

const counts = { short: 12, long: 1_000 }

afterEach(() => vi.restoreAllMocks())

test('B24: whatever people move, merge and split in a table, each letter is there once', () => {
  for (const seed of seeds(counts)) rearrange(seed)
})

test('B24: they agree when they also delete, undo and redo', () => {
  for (const seed of seeds(counts)) deleteAndTravel(seed)
})

function rearrange(seed: number): void {
  const random = repeatable(seed)
  const persons = peopleAtTable(3, [
    ['A', 'B', 'C'],
    ['D', 'E', 'F'],
    ['G', 'H', 'I'],
  ])
  let next = 0x4e00
  const typed = [...'ABCDEFGHI']
  for (let step = 0; step < 40; step++) {
    const person = random.pick(persons)
    if (random.chance(0.4)) {
      const letter = String.fromCharCode(next++)
      typed.push(letter)
      inCell(person, random, (row, column) => typeInCell(person, row, column, letter))
    } else command(person, random, keeping)
    if (random.chance(0.3)) deliverAll(persons)
    expectFresh(person, seed)
  }
  deliverAll(persons)
  expectAgreement(persons, seed)
  expect([...tableOf(persons[0]!).table.textContent].sort(), `seed ${seed}`).toEqual(typed.sort())
}

function deleteAndTravel(seed: number): void {
  const random = repeatable(seed)
  const persons = peopleAtTable(3, [
    ['A', 'B', 'C'],
    ['D', 'E', 'F'],
  ])
  for (let step = 0; step < 50; step++) {
    const person = random.pick(persons)
    const chance = random.below(10)
    if (chance === 0) person.binding.undo()
    else if (chance === 1) person.binding.redo()
    else if (person.blocks.some(isTable)) {
      if (chance < 5) inCell(person, random, (row, column) => typeInCell(person, row, column, 'x'))
      else command(person, random, deleting)
    }
    if (random.chance(0.3)) deliverAll(persons)
    expectFresh(person, seed)
  }
  deliverAll(persons)
  expectAgreement(persons, seed)
}

/** Ids of rows and columns decide ties: a seed repeats them too. */
function repeatable(seed: number): Random {
  const ids = seededRandom(seed)
  vi.spyOn(Math, 'random').mockImplementation(() => ids.next())
  return seededRandom(seed)
}

function inCell(person: Person, random: Random, act: (row: number, column: number) => void): void {
  const { map } = tableOf(person)
  act(random.below(map.height), random.below(map.width))
}

function command(person: Person, random: Random, commands: readonly Command[]): void {
  inCell(person, random, (row, column) => {
    if (random.chance(0.5)) goInto(person, row, column)
    else inCell(person, random, (lastRow, lastColumn) => selectCells(person, [row, column], [lastRow, lastColumn]))
  })
  give(person, random.pick(commands))
}

function expectAgreement(persons: readonly Person[], seed: number): void {
  for (const person of persons) {
    expectFresh(person, seed)
    expect(sameBlocks(person.doc, persons[0]!.doc), `seed ${seed}: everybody sees the same`).toBe(true)
  }
}

function expectFresh(person: Person, seed: number): void {
  person.doc.check()
  expect(sameBlocks(person.doc, person.reading), `seed ${seed}: the view is a fresh reading`).toBe(true)
}

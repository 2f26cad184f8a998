// The commands of tables, by one person and by two at once: nothing that anybody types is lost, and undo gives back exactly.

import { isTable, schema } from '@sheaf/model'
import type { Command } from 'prosemirror-state'
import { describe, expect, test } from 'vitest'
import { enter, isMarked, toggleMark, turnInto } from '../../packages/editor/src/commands.ts'
import {
  addColumn,
  addRow,
  deleteColumns,
  deleteRows,
  deleteSelectedCells,
  deleteTable,
  goToCell,
  mergeCells,
  moveColumns,
  moveRows,
  selectCellThenTable,
  setWidths,
  splitCells,
  toggleHeader,
} from '../../packages/editor/src/tables-commands.ts'
import { deliverAll, type Person, sameBlocks } from '../helpers/editors.ts'
import { tableOf, textsOf, typeInCell } from '../helpers/table-acts.ts'
import { caretText, give, goInto, peopleAtTable, selectCells } from '../helpers/table-people.ts'

const letters = [
  ['a', 'b', 'c'],
  ['d', 'e', 'f'],
  ['g', 'h', 'i'],
]

interface Act {
  readonly name: string
  /** Where the caret is; two places are selected cells. */
  readonly at: readonly (readonly [number, number])[]
  readonly command: Command
  readonly after: readonly (readonly string[])[]
}

const acts: readonly Act[] = [
  {
    name: 'a row above',
    at: [[1, 1]],
    command: addRow('above'),
    after: [letters[0]!, ['', '', ''], letters[1]!, letters[2]!],
  },
  { name: 'a row below', at: [[2, 0]], command: addRow('below'), after: [...letters, ['', '', '']] },
  {
    name: 'a column before',
    at: [[0, 0]],
    command: addColumn('before'),
    after: letters.map(row => ['', ...row]),
  },
  {
    name: 'a column after',
    at: [[0, 0]],
    command: addColumn('after'),
    after: letters.map(([first, ...rest]) => [first!, '', ...rest]),
  },
  { name: 'a deleted row', at: [[1, 1]], command: deleteRows, after: [letters[0]!, letters[2]!] },
  {
    name: 'two deleted rows',
    at: [
      [0, 1],
      [1, 1],
    ],
    command: deleteRows,
    after: [letters[2]!],
  },
  { name: 'a deleted column', at: [[1, 1]], command: deleteColumns, after: letters.map(([a, , c]) => [a!, c!]) },
  { name: 'a row moved down', at: [[0, 1]], command: moveRows(1), after: [letters[1]!, letters[0]!, letters[2]!] },
  { name: 'a row moved up', at: [[2, 1]], command: moveRows(-1), after: [letters[0]!, letters[2]!, letters[1]!] },
  {
    name: 'two rows moved up',
    at: [
      [1, 0],
      [2, 1],
    ],
    command: moveRows(-1),
    after: [letters[1]!, letters[2]!, letters[0]!],
  },
  {
    name: 'a column moved to the end',
    at: [[1, 1]],
    command: moveColumns(1),
    after: letters.map(([a, b, c]) => [a!, c!, b!]),
  },
  {
    name: 'a column moved to the start',
    at: [[1, 1]],
    command: moveColumns(-1),
    after: letters.map(([a, b, c]) => [b!, a!, c!]),
  },
  {
    name: 'merged cells of a row',
    at: [
      [0, 0],
      [0, 1],
    ],
    command: mergeCells,
    after: [['a/b', 'c'], letters[1]!, letters[2]!],
  },
  {
    name: 'a merged square',
    at: [
      [0, 0],
      [1, 1],
    ],
    command: mergeCells,
    after: [['a/b/d/e', 'c'], ['f'], letters[2]!],
  },
  {
    name: 'merged rows',
    at: [
      [0, 0],
      [1, 2],
    ],
    command: mergeCells,
    after: [['a/b/c/d/e/f'], [], letters[2]!],
  },
  { name: 'no header row', at: [[1, 1]], command: toggleHeader('row'), after: letters },
  { name: 'a header column', at: [[1, 1]], command: toggleHeader('column'), after: letters },
  {
    name: 'emptied cells',
    at: [
      [0, 0],
      [1, 1],
    ],
    command: deleteSelectedCells,
    after: [['', '', 'c'], ['', '', 'f'], letters[2]!],
  },
  {
    name: 'a row selected whole and deleted',
    at: [
      [1, 0],
      [1, 2],
    ],
    command: deleteSelectedCells,
    after: [letters[0]!, letters[2]!],
  },
  {
    name: 'a column selected whole and deleted',
    at: [
      [0, 2],
      [2, 2],
    ],
    command: deleteSelectedCells,
    after: letters.map(([a, b]) => [a!, b!]),
  },
]

describe('one person', () => {
  test.each(acts)('$name: both see it, undo gives back exactly, redo does it again', ({ at, command, after }) => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    const before = ana.doc
    perform(ana, at, command)
    deliverAll([ana, ben])
    expectAgreement(ana, ben)
    expect(textsOf(tableOf(ana))).toEqual(after)
    const done = ana.doc
    expect(ana.binding.undo()).toBe(true)
    deliverAll([ana, ben])
    expectAgreement(ana, ben)
    expect(sameBlocks(ana.doc, before)).toBe(true)
    expect(ana.binding.redo()).toBe(true)
    deliverAll([ana, ben])
    expectAgreement(ana, ben)
    expect(sameBlocks(ana.doc, done)).toBe(true)
  })

  test.each(acts.filter(({ name }) => !/delete|emptied/.test(name)))(
    '$name: no text of the table is written again',
    ({ at, command }) => {
      const [ana] = peopleAtTable(1, letters) as [Person]
      const before = storedTexts(ana)
      perform(ana, at, command)
      expect(storedTexts(ana)).toEqual(before)
    },
  )

  test('a merged cell that comes apart gives each cell its own text back', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    const before = ana.doc
    perform(
      ana,
      [
        [0, 0],
        [1, 1],
      ],
      mergeCells,
    )
    perform(ana, [[0, 0]], splitCells)
    deliverAll([ana, ben])
    expectAgreement(ana, ben)
    expect(textsOf(tableOf(ana))).toEqual(letters)
    expect(sameBlocks(ana.doc, before)).toBe(true)
  })

  test('merged cells go along with the row that is moved, and grow with a row in their middle', () => {
    const [ana] = peopleAtTable(1, letters) as [Person]
    perform(
      ana,
      [
        [0, 0],
        [1, 0],
      ],
      mergeCells,
    )
    perform(ana, [[2, 1]], moveRows(-1))
    expect(textsOf(tableOf(ana))).toEqual([
      ['g', 'h', 'i'],
      ['a/d', 'b', 'c'],
      ['e', 'f'],
    ])
    expectSame(ana)
    perform(ana, [[2, 1]], addRow('above'))
    expect(textsOf(tableOf(ana))).toEqual([
      ['g', 'h', 'i'],
      ['a/d', 'b', 'c'],
      ['', ''],
      ['e', 'f'],
    ])
    expectSame(ana)
    perform(ana, [[1, 1]], deleteRows)
    expect(textsOf(tableOf(ana))).toEqual([
      ['g', 'h', 'i'],
      ['a/d', '', ''],
      ['e', 'f'],
    ])
    expectSame(ana)
    perform(ana, [[1, 0]], deleteColumns)
    expect(textsOf(tableOf(ana))).toEqual([
      ['h', 'i'],
      ['', ''],
      ['e', 'f'],
    ])
    expectSame(ana)
  })

  test('the column under the start of a merged cell can be deleted: its text stays in what is left', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    perform(
      ana,
      [
        [1, 0],
        [1, 1],
      ],
      mergeCells,
    )
    perform(ana, [[0, 0]], deleteColumns)
    deliverAll([ana, ben])
    expectAgreement(ana, ben)
    expect(textsOf(tableOf(ana))).toEqual([
      ['b', 'c'],
      ['d/e', 'f'],
      ['h', 'i'],
    ])
  })

  test('the caret stays in its text when its row moves, and goes into a new row', () => {
    const [ana] = peopleAtTable(1, [
      ['one', 'two'],
      ['three', 'four'],
    ]) as [Person]
    goInto(ana, 1, 1, 2)
    give(ana, moveRows(-1))
    expect(caretText(ana)).toBe('fo|ur')
    give(ana, addRow('below'))
    expect(caretText(ana)).toBe('|')
    ana.edit(tr => tr.insertText('new'))
    expect(textsOf(tableOf(ana))).toEqual([
      ['three', 'four'],
      ['', 'new'],
      ['one', 'two'],
    ])
  })

  test('the caret goes into the new block that Enter makes in a cell, whatever stands there', () => {
    for (const type of [schema.nodes.paragraph, schema.nodes.bullet]) {
      const [ana] = peopleAtTable(1, letters) as [Person]
      goInto(ana, 1, 1, 1)
      ana.edit(tr => tr.setBlockType(tr.selection.from, tr.selection.from, type))
      give(ana, enter)
      ana.edit(tr => tr.insertText('x'))
      give(ana, enter)
      ana.edit(tr => tr.insertText('y'))
      expect(textsOf(tableOf(ana))[1]).toEqual(['d', 'e/x/y', 'f'])
      expectSame(ana)
    }
  })

  test('going to the next cell ends in a new row, going back in the first cell', () => {
    const [ana] = peopleAtTable(1, [['one', 'two']]) as [Person]
    goInto(ana, 0, 0)
    give(ana, goToCell(1))
    expect(caretText(ana)).toBe('two|')
    give(ana, goToCell(1))
    expect(textsOf(tableOf(ana))).toEqual([
      ['one', 'two'],
      ['', ''],
    ])
    give(ana, goToCell(-1))
    give(ana, goToCell(-1))
    expect(caretText(ana)).toBe('one|')
    give(ana, goToCell(-1))
    expect(caretText(ana)).toBe('one|')
    expectSame(ana)
  })

  test('the last row or column takes the table with it, and undo brings it back', () => {
    const [ana, ben] = peopleAtTable(2, [['one', 'two']]) as [Person, Person]
    const before = ana.doc
    for (const command of [deleteRows, deleteTable]) {
      perform(ana, [[0, 0]], command)
      deliverAll([ana, ben])
      expectAgreement(ana, ben)
      expect(ana.blocks.some(isTable)).toBe(false)
      ana.binding.undo()
      deliverAll([ana, ben])
      expectAgreement(ana, ben)
      expect(sameBlocks(ana.doc, before)).toBe(true)
    }
  })

  test('all that can be selected is first the text of the cell, then the table, and then the document', () => {
    const [ana] = peopleAtTable(1, [['one', 'two']]) as [Person]
    goInto(ana, 0, 1, 1)
    give(ana, selectCellThenTable)
    expect(ana.doc.textBetween(ana.state.selection.from, ana.state.selection.to)).toBe('two')
    give(ana, selectCellThenTable)
    expect(ana.state.selection.ranges).toHaveLength(2)
    expect(give(ana, selectCellThenTable)).toBe(false)
  })

  test('selected cells are marked and turned into another kind, and those between them are not', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    selectCells(ana, [0, 0], [1, 1])
    give(ana, toggleMark(schema.marks.strong))
    give(ana, turnInto(schema.nodes.bullet))
    expect(isMarked(ana.state, schema.marks.strong)).toBe(true)
    deliverAll([ana, ben])
    expectAgreement(ana, ben)
    const kinds = tableOf(ben).table.children.map(row =>
      row.children.map(({ firstChild: block }) => `${block!.type.name} ${block!.firstChild!.marks.length}`),
    )
    const plain = 'paragraph 0'
    expect(kinds).toEqual([
      ['bullet 1', 'bullet 1', plain],
      ['bullet 1', 'bullet 1', plain],
      [plain, plain, plain],
    ])
  })

  test('what is cut out of cells leaves them empty', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    selectCells(ana, [0, 0], [1, 1])
    ana.edit(tr => tr.deleteSelection())
    deliverAll([ana, ben])
    expectAgreement(ana, ben)
    expect(textsOf(tableOf(ana))).toEqual([['', '', 'c'], ['', '', 'f'], letters[2]])
  })

  test('selected cells stay selected when somebody else adds a row', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    selectCells(ana, [1, 0], [2, 1])
    perform(ben, [[0, 0]], addRow('below'))
    deliverAll([ana, ben])
    const { ranges } = ana.state.selection
    expect(ranges.map(({ $from, $to }) => ana.doc.textBetween($from.pos, $to.pos)).sort()).toEqual(['d', 'e', 'g', 'h'])
  })

  test('widths are kept by column', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    goInto(ana, 1, 1)
    give(ana, setWidths(tableOf(ana).position, [100, 0, 300]))
    perform(ana, [[0, 2]], moveColumns(-1))
    deliverAll([ana, ben])
    expectAgreement(ana, ben)
    const row = tableOf(ben).table.firstChild!
    expect(row.children.map(cell => cell.attrs.colwidth)).toEqual([[100], [300], null])
  })
})

/** What one does while the other types into a cell. */
const whileTyping: readonly (Act & { readonly typed: readonly [number, number] })[] = [
  ...acts
    .filter(({ name }) => !/delete|emptied/.test(name))
    .map(act => ({ ...act, typed: [1, 1] as const }))
    .map(act => ({ ...act, after: act.after.map(row => row.map(text => text.replace('e', 'eX'))) })),
  {
    ...acts.find(({ name }) => name === 'a deleted row')!,
    typed: [1, 1],
    after: [letters[0]!, ['', 'X', ''], letters[2]!],
  },
  {
    ...acts.find(({ name }) => name === 'a deleted column')!,
    typed: [1, 1],
    after: [
      ['a', '', 'c'],
      ['d', 'X', 'f'],
      ['g', '', 'i'],
    ],
  },
]

describe('two people at once', () => {
  const orders = [
    ['the command arrives first', true],
    ['the letter arrives first', false],
  ] as const

  describe.each(orders)('%s', (_order, isAnaFirst) => {
    test.each(whileTyping)('$name while somebody types in it', ({ at, command, after, typed }) => {
      const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
      perform(ana, at, command)
      typeInCell(ben, typed[0], typed[1], 'X', 1)
      exchange(ana, ben, isAnaFirst)
      expectAgreement(ana, ben)
      expect(textsOf(tableOf(ana))).toEqual(after)
      ana.binding.undo()
      deliverAll([ana, ben])
      expectAgreement(ana, ben)
      const back = letters.map(row => row.map(text => text.replace('e', 'eX')))
      expect(textsOf(tableOf(ana))).toEqual(back)
    })

    test('a row and a column cross in a cell of their own', () => {
      const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
      perform(ana, [[1, 1]], addRow('below'))
      perform(ben, [[1, 1]], addColumn('after'))
      exchange(ana, ben, isAnaFirst)
      expectAgreement(ana, ben)
      expect(textsOf(tableOf(ana))).toEqual([
        ['a', 'b', '', 'c'],
        ['d', 'e', '', 'f'],
        ['', '', '', ''],
        ['g', 'h', '', 'i'],
      ])
    })

    test('both type first into one empty cell, and into both parts of a cell that is merged', () => {
      const [ana, ben] = peopleAtTable(2, [
        ['', ''],
        ['x', 'y'],
      ]) as [Person, Person]
      typeInCell(ana, 0, 0, 'one')
      typeInCell(ben, 0, 0, 'two')
      exchange(ana, ben, isAnaFirst)
      expectAgreement(ana, ben)
      expect(['onetwo', 'twoone']).toContain(textsOf(tableOf(ana))[0]![0])
      perform(
        ana,
        [
          [1, 0],
          [1, 1],
        ],
        mergeCells,
      )
      typeInCell(ben, 1, 0, '1', 1)
      typeInCell(ben, 1, 1, '2', 1)
      exchange(ana, ben, isAnaFirst)
      expectAgreement(ana, ben)
      expect(textsOf(tableOf(ana))[1]).toEqual(['x1/y2'])
      perform(ben, [[1, 0]], splitCells)
      deliverAll([ana, ben])
      expectAgreement(ana, ben)
      expect(textsOf(tableOf(ana))[1]).toEqual(['x1', 'y2'])
    })

    test('a table is deleted while somebody types in it: their word stays, in the table', () => {
      const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
      perform(ana, [[0, 0]], deleteTable)
      typeInCell(ben, 2, 2, 'XYZ', 1)
      exchange(ana, ben, isAnaFirst)
      expectAgreement(ana, ben)
      expect(textsOf(tableOf(ana)).flat().join('')).toBe('XYZ')
    })

    test('two people move one row to different places: it is in one of them, once', () => {
      const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
      perform(ana, [[1, 0]], moveRows(-1))
      perform(ben, [[1, 0]], moveRows(1))
      exchange(ana, ben, isAnaFirst)
      expectAgreement(ana, ben)
      expect(textsOf(tableOf(ana)).flat().sort()).toEqual([...'abcdefghi'])
    })

    test('the undo of a new row hides it, unless somebody wrote in it', () => {
      const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
      perform(ana, [[0, 0]], addRow('below'))
      deliverAll([ana, ben])
      typeInCell(ben, 1, 1, 'kept')
      ana.binding.undo()
      exchange(ana, ben, isAnaFirst)
      expectAgreement(ana, ben)
      expect(textsOf(tableOf(ana))[1]).toEqual(['', 'kept', ''])
    })
  })
})

function perform(person: Person, at: Act['at'], command: Command): void {
  const [from, to] = at
  if (to === undefined) goInto(person, ...from!)
  else selectCells(person, from!, to)
  if (!give(person, command)) throw new Error('The command does not apply')
}

function exchange(ana: Person, ben: Person, isAnaFirst: boolean): void {
  const [first, second] = isAnaFirst ? [ana, ben] : [ben, ana]
  const updates = [first.outbox.splice(0), second.outbox.splice(0)] as const
  second.receive(updates[0])
  first.receive(updates[1])
  deliverAll([ana, ben])
}

function expectAgreement(...persons: Person[]): void {
  for (const person of persons) {
    expectSame(person)
    expect(sameBlocks(person.doc, persons[0]!.doc)).toBe(true)
  }
}

/** The view is what a fresh reading shows. */
function expectSame(person: Person): void {
  person.doc.check()
  expect(sameBlocks(person.doc, person.reading)).toBe(true)
}

/** What stands in the root of each cell. */
function storedTexts({ ydoc }: Person): Map<string, string> {
  const texts = new Map<string, string>()
  for (const name of ydoc.share.keys()) {
    if (name.startsWith('cell:')) texts.set(name, JSON.stringify(ydoc.getText(name).toDelta()))
  }
  return texts
}

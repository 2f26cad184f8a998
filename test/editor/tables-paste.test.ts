// What goes out of tables and comes into them by the clipboard: cells fill cells, a copy is a table of its own, no table gets into a cell.

import { isTable, schema } from '@sheaf/model'
import { Fragment, type Node, Slice } from 'prosemirror-model'
import { EditorState } from 'prosemirror-state'
import type { DecorationSet } from 'prosemirror-view'
import { describe, expect, test } from 'vitest'
import { clipboard } from '../../packages/editor/src/clipboard.ts'
import { flow } from '../../packages/editor/src/flow.ts'
import { pasteIntoCells } from '../../packages/editor/src/tables-paste.ts'
import { onlyTable, withoutIds, withoutTables, withWholeTables } from '../../packages/editor/src/tables-slice.ts'
import { newTable, parseCells, tableOfTexts } from '../../packages/editor/src/tables-text.ts'
import { deliverAll, type Person, sameBlocks } from '../helpers/editors.ts'
import { tableOf, textsOf, typeInCell } from '../helpers/table-acts.ts'
import { caretText, goInto, peopleAtTable, selectCells } from '../helpers/table-people.ts'

const { nodes } = schema

const letters = [
  ['a', 'b', 'c'],
  ['d', 'e', 'f'],
]

describe('cells that are pasted into cells', () => {
  test('fill them from the caret on, and the table grows to hold them', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    goInto(ana, 1, 2)
    paste(
      ana,
      closed(
        tableOfTexts([
          ['1', '2'],
          ['3', '4'],
        ]),
      ),
    )
    expect(textsOf(tableOf(ana))).toEqual([
      ['a', 'b', 'c', ''],
      ['d', 'e', '1', '2'],
      ['', '', '3', '4'],
    ])
    expectAgreement(ana, ben)
    ana.binding.undo()
    expect(textsOf(tableOf(ana))).toEqual(letters)
    expectAgreement(ana, ben)
  })

  test('are repeated over a larger selection', () => {
    const [ana, ben] = peopleAtTable(2, [...letters, ['g', 'h', 'i'], ['j', 'k', 'l']]) as [Person, Person]
    selectCells(ana, [0, 0], [3, 1])
    paste(ana, closed(tableOfTexts([['1'], ['2']])))
    expect(textsOf(tableOf(ana))).toEqual([
      ['1', '1', 'c'],
      ['2', '2', 'f'],
      ['1', '1', 'i'],
      ['2', '2', 'l'],
    ])
    expectAgreement(ana, ben)
  })

  test('go into the text at the caret when it is one cell', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    goInto(ana, 0, 1, 1)
    paste(ana, closed(tableOfTexts([['xyz']])))
    expect(textsOf(tableOf(ana))[0]).toEqual(['a', 'bxyz', 'c'])
    expect(caretText(ana)).toBe('bxyz|')
    expectAgreement(ana, ben)
  })

  test('write only into the cells that they fill, so that what others write beside them stays', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    goInto(ana, 0, 0)
    paste(ana, closed(tableOfTexts([['1', '2']])))
    typeInCell(ben, 1, 1, '!', 1)
    expectAgreement(ana, ben)
    expect(textsOf(tableOf(ana))).toEqual([
      ['1', '2', 'c'],
      ['d', 'e!', 'f'],
    ])
  })

  test('copies of cells of the same table are cells of their own: the old ones keep who they are', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    selectCells(ana, [0, 0], [0, 2])
    const copied = ana.state.selection.content()
    goInto(ana, 1, 0)
    paste(ana, copied)
    expect(textsOf(tableOf(ana))).toEqual([letters[0], letters[0]])
    typeInCell(ben, 0, 0, '!', 1)
    expectAgreement(ana, ben)
    expect(textsOf(tableOf(ana))).toEqual([['a!', 'b', 'c'], letters[0]])
  })
})

describe('other things that are pasted', () => {
  test('text with a table in it goes into a cell as blocks, never as a table', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    goInto(ana, 0, 0, 1)
    paste(ana, new Slice(Fragment.from([line('one'), tableOfTexts([['two', 'three']]), line('four')]), 1, 1))
    expect(textsOf(tableOf(ana))[0]![0]).toBe('aone/two/three/four')
    expect(ana.blocks.filter(isTable)).toHaveLength(1)
    expectAgreement(ana, ben)
  })

  test('text replaces selected cells: it goes into the first', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    selectCells(ana, [0, 0], [1, 1])
    paste(ana, new Slice(Fragment.from(line('one')), 1, 1))
    expect(textsOf(tableOf(ana))).toEqual([
      ['one', '', 'c'],
      ['', '', 'f'],
    ])
    expectAgreement(ana, ben)
  })

  test('outside of a table cells are a table, a new one, with its header', () => {
    const [ana] = peopleAtTable(1, letters) as [Person]
    selectCells(ana, [0, 0], [1, 1])
    const slice = withWholeTables(withoutIds(ana.state.selection.content()))
    const table = onlyTable(slice)!
    table.check()
    expect(table.firstChild!.children.map(row => row.children.map(cell => cell.textContent))).toEqual([
      ['a', 'b'],
      ['d', 'e'],
    ])
    expect(table.attrs.header).toBe('row')
    expect(idsIn(table)).toEqual([])
  })

  test('a whole table that is pasted is another table', () => {
    const [ana, ben] = peopleAtTable(2, letters) as [Person, Person]
    const { block } = tableOf(ana)
    const copy = withWholeTables(withoutIds(closed(block)))
    expect(idsIn(copy.content.firstChild!)).toEqual([])
    ana.edit(tr => tr.insert(1, copy.content))
    typeInCell(ana, 0, 0, '!', 1)
    expectAgreement(ana, ben)
    expect(textsOf(tableOf(ana, 0))[0]).toEqual(['a!', 'b', 'c'])
    expect(textsOf(tableOf(ana, 1))).toEqual(letters)
  })

  test('a table is never open to the text around it', () => {
    const table = newTable(2, 2)
    const slice = withWholeTables(new Slice(Fragment.from([line('x'), table]), 1, 4))
    expect([slice.openStart, slice.openEnd]).toEqual([1, 0])
    expect(withoutTables(slice).content.content.every(node => node.isTextblock)).toBe(true)
  })
})

test.each([
  [
    'a\tb\nc\td',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a\tb\r\nc\td\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a\t\n\tb',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['"a\tb"\t"say ""hi"""', [['a\tb', 'say "hi"']]],
  ['"two\nlines"\tx', [['two\nlines', 'x']]],
  ['5" pipe\tx', [['5" pipe', 'x']]],
])('%j is read as a spreadsheet means it', (text, rows) => {
  expect(parseCells(text)).toEqual(rows)
})

test('as text a table is a line for each row, with tabs between its cells', () => {
  const table = tableOfTexts([
    ['a', 'b'],
    ['c', 'd'],
  ])
  const plugin = clipboard()
  const serialize = plugin.props.clipboardTextSerializer!
  expect(serialize.call(plugin, new Slice(Fragment.from([line('x'), table]), 0, 0), null as never)).toBe(
    'x\n\na\tb\nc\td',
  )
  expect(serialize.call(plugin, new Slice(table.firstChild!.content, 1, 1), null as never)).toBe('a\tb\nc\td')
})

test('a numbered list in a cell counts by itself, and a closed toggle hides nothing outside of its cell', () => {
  const cell = (...blocks: Node[]): Node => nodes.table_cell.create(null, blocks)
  const ordered = (text: string): Node => nodes.ordered.create(null, schema.text(text))
  const table = nodes.table_block.create(
    null,
    nodes.table.create(
      null,
      nodes.table_row.create(null, [
        cell(ordered('a'), ordered('b')),
        cell(ordered('c'), nodes.toggle.create({ open: false }), nodes.paragraph.create({ indent: 1 })),
      ]),
    ),
  )
  const doc = nodes.doc.create(
    null,
    nodes.section.create(null, [ordered('x'), table, nodes.paragraph.create({ indent: 1 })]),
  )
  const plugin = flow()
  const state = EditorState.create({ doc, plugins: [plugin] })
  const drawn = (plugin.props.decorations!.call(plugin, state) as DecorationSet)
    .find()
    .sort((a, b) => a.from - b.from)
    .map(found => {
      const { attrs } = (found as unknown as { type: { attrs: Record<string, string> } }).type
      return [doc.nodeAt(found.from)!.type.name, ...Object.values(attrs)]
    })
  expect(drawn).toEqual([
    ['ordered', '1'],
    ['ordered', '1'],
    ['ordered', '2'],
    ['ordered', '1'],
    ['paragraph', 'sheaf-folded'],
  ])
})

function paste(person: Person, slice: Slice): void {
  const tr = pasteIntoCells(person.state, withWholeTables(withoutIds(slice)))
  if (tr === null) throw new Error('It is pasted as anywhere else')
  person.view.dispatch(tr)
}

function closed(node: Node): Slice {
  return new Slice(Fragment.from(node), 0, 0)
}

function line(text: string): Node {
  return nodes.paragraph.create(null, schema.text(text))
}

function idsIn(node: Node): unknown[] {
  const ids: unknown[] = []
  const note = ({ attrs }: Node): void => {
    for (const name of ['id', 'table', 'row', 'column']) if (attrs[name] != null) ids.push(attrs[name])
  }
  note(node)
  node.descendants(note)
  return ids
}

function expectAgreement(ana: Person, ben: Person): void {
  deliverAll([ana, ben])
  for (const person of [ana, ben]) {
    person.doc.check()
    expect(sameBlocks(person.doc, person.reading)).toBe(true)
  }
  expect(sameBlocks(ana.doc, ben.doc)).toBe(true)
}

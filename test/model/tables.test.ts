// Tables: how they are laid out, and that every content of their roots reads to a table that is valid and the same everywhere.

import { Body, blocksOf, cutSections, openBody, plainText, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { seeds } from '../helpers/cases.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { makeCell, makeTable, tablesIn, textsOf } from '../helpers/table-acts.ts'

const { nodes } = schema

function open(update: Uint8Array = seedUpdate({ text: 'before\nafter' })): Y.Doc {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, update)
  return ydoc
}

function copy(ydoc: Y.Doc): Y.Doc {
  return open(Y.encodeStateAsUpdate(ydoc))
}

/** A document with these blocks between the two paragraphs. */
function withBlocks(...blocks: Node[]): Y.Doc {
  const ydoc = open()
  const [first, last] = blocksOf(readBody(ydoc))
  writeBody(ydoc, cutSections([first!, ...blocks, last!]))
  return ydoc
}

function tableTexts(ydoc: Y.Doc, index = 0): string[][] {
  return textsOf(tablesIn(readBody(ydoc))[index]!)
}

function tids(ydoc: Y.Doc): string[] {
  return [...ydoc.share.keys()].filter(name => name.startsWith('table:')).map(name => name.slice(6))
}

function rootOf(ydoc: Y.Doc): Y.Map<unknown> {
  return ydoc.getMap(`table:${tids(ydoc)[0]!}`)
}

function lines(ydoc: Y.Doc, prefix: 'r' | 'c'): string[] {
  const found = [...rootOf(ydoc).entries()].filter(([name]) => name.startsWith(`${prefix}:`))
  return found.sort((a, b) => (String(a[1]) < String(b[1]) ? -1 : 1)).map(([name]) => name.slice(2))
}

function cellNames(ydoc: Y.Doc): string[] {
  return [...ydoc.share.keys()].filter(name => name.startsWith('cell:'))
}

/** Writes the table block after it was changed. */
function rewrite(ydoc: Y.Doc, change: (table: Node) => Node): void {
  const blocks = blocksOf(readBody(ydoc))
  writeBody(ydoc, cutSections(blocks.map(block => (block.type === nodes.table_block ? change(block) : block))))
}

const withRows = (block: Node, rows: readonly Node[]): Node =>
  block.copy(block.content.replaceChild(0, block.firstChild!.copy(nodes.table.create(null, rows).content)))

test('B30: a table is flat: moving a row, widening a column and making headers touch no cell', () => {
  const ydoc = withBlocks(
    makeTable([
      ['a', 'b'],
      ['c', 'd'],
    ]),
  )
  const before = Y.encodeStateVector(ydoc)
  rewrite(ydoc, block => withRows(block, block.firstChild!.children.toReversed()))
  rewrite(ydoc, block => nodes.table_block.create({ ...block.attrs, header: 'row' }, block.content))
  expect(tableTexts(ydoc)).toEqual([
    ['c', 'd'],
    ['a', 'b'],
  ])
  const difference = Y.decodeUpdate(Y.encodeStateAsUpdate(ydoc, before))
  const texts = difference.structs.filter(struct => 'content' in struct && struct.content instanceof Y.ContentString)
  expect(texts).toEqual([])
  expect(difference.structs.length).toBeLessThanOrEqual(2)
  expect(Object.keys(rootOf(ydoc).toJSON()).filter(name => name.startsWith('o:'))).toHaveLength(1)
})

test('B30: ids of rows begin with the id of their table, and a row with another one is not there', () => {
  const ydoc = withBlocks(makeTable([['a']]))
  const [tid] = tids(ydoc)
  expect(lines(ydoc, 'r').every(id => id.startsWith(`${tid}-`))).toBe(true)
  rootOf(ydoc).set('r:other-row', 'A')
  expect(tableTexts(ydoc)).toEqual([['a']])
})

test('B31: reading makes no root, and an empty cell has none', () => {
  const ydoc = withBlocks(
    makeTable([
      ['a', ''],
      ['', ''],
    ]),
  )
  expect(cellNames(ydoc)).toHaveLength(1)
  const other = copy(ydoc)
  const roots = other.share.size
  expect(tableTexts(other)).toEqual([
    ['a', ''],
    ['', ''],
  ])
  plainText(other)
  expect(other.share.size).toBe(roots)
})

test('B31: two people who both type first into one empty cell meet in it', () => {
  const one = withBlocks(makeTable([['', 'b']]))
  const two = copy(one)
  for (const [ydoc, text] of [
    [one, 'left'],
    [two, 'right'],
  ] as const) {
    rewrite(ydoc, block => {
      const row = block.firstChild!.firstChild!
      const cell = row.firstChild!.copy(makeCell(text).content)
      return withRows(block, [row.copy(row.content.replaceChild(0, cell))])
    })
  }
  Y.applyUpdate(one, Y.encodeStateAsUpdate(two))
  Y.applyUpdate(two, Y.encodeStateAsUpdate(one))
  const [[met]] = tableTexts(one) as [[string]]
  expect(['leftright', 'rightleft']).toContain(met)
  expect(tableTexts(two)).toEqual(tableTexts(one))
})

test('B32: a deleted row empties its cells, and shows again with what somebody typed in it meanwhile', () => {
  const one = withBlocks(
    makeTable([
      ['secret', 'b'],
      ['c', 'd'],
    ]),
  )
  const two = copy(one)
  rewrite(one, block => withRows(block, [block.firstChild!.lastChild!]))
  expect(plainText(one)).toBe('before\nc\td\nafter')
  rewrite(two, block => {
    const row = block.firstChild!.firstChild!
    const paragraph = row.lastChild!.firstChild!
    const cell = row.lastChild!.copy(
      nodes.table_cell.create(
        null,
        paragraph.copy(schema.text('b!') && nodes.paragraph.create(null, schema.text('b!')).content),
      ).content,
    )
    return withRows(block, [row.copy(row.content.replaceChild(1, cell)), block.firstChild!.lastChild!])
  })
  Y.applyUpdate(one, Y.encodeStateAsUpdate(two))
  expect(tableTexts(one)).toEqual([
    ['', '!'],
    ['c', 'd'],
  ])
})

test('B32: a deleted table empties its cells and leaves its marker', () => {
  const ydoc = withBlocks(makeTable([['secret']]))
  writeBody(ydoc, cutSections(blocksOf(readBody(ydoc)).filter(block => block.type !== nodes.table_block)))
  expect(plainText(ydoc)).toBe('before\nafter')
  expect(new TextDecoder('latin1').decode(Y.encodeStateAsUpdate(copy(ydoc)))).not.toContain('secret')
  const markers = [...new Body(ydoc).tables.claimants(tids(ydoc)[0]!)]
  expect(markers).toHaveLength(1)
})

test('B33: a table shows once, its caption is the text behind its marker, and a copy is a table of its own', () => {
  const captioned = makeTable([['a']])
  const block = captioned.copy(captioned.content.addToEnd(nodes.table_caption.create(null, schema.text('Figures'))))
  const ydoc = withBlocks(block)
  const shown = blocksOf(readBody(ydoc))[1]!
  expect(shown.lastChild!.textContent).toBe('Figures')
  // A second marker with the same name, as two people who move one table at once leave behind.
  const marker = new Y.Map<unknown>([
    ['kind', 'table'],
    ['table', tids(ydoc)[0]!],
  ])
  ydoc.getText('body').insertEmbed(0, marker)
  ydoc.getText('body').insert(1, 'left over')
  const kinds = blocksOf(readBody(ydoc)).map(one => `${one.type.name} ${one.textContent}`)
  expect(kinds).toEqual(['paragraph left over', 'paragraph before', 'table_block aFigures', 'paragraph after'])
  const blocks = blocksOf(readBody(ydoc))
  writeBody(ydoc, cutSections([...blocks, blocks[2]!]))
  expect(tids(ydoc)).toHaveLength(2)
  expect(tableTexts(ydoc, 1)).toEqual([['a']])
})

test('B34: merging writes one register, the merged cell shows the blocks of all its cells, and splitting gives them back', () => {
  const ydoc = withBlocks(
    makeTable([
      ['a', 'b', ''],
      ['c', 'd', 'e'],
    ]),
  )
  const [row, column] = [lines(ydoc, 'r'), lines(ydoc, 'c')]
  const before = Y.encodeStateVector(ydoc)
  rewrite(ydoc, block => {
    const [first, second] = block.firstChild!.children
    const [a, b] = first!.children
    const merged = nodes.table_cell.create({ ...a!.attrs, colspan: 2 }, a!.content.append(b!.content))
    return withRows(block, [first!.copy(nodes.table_row.create(null, [merged, first!.lastChild!]).content), second!])
  })
  expect(tableTexts(ydoc)).toEqual([
    ['a/b', ''],
    ['c', 'd', 'e'],
  ])
  expect(Y.decodeUpdate(Y.encodeStateAsUpdate(ydoc, before)).structs).toHaveLength(1)
  expect(rootOf(ydoc).get(`span:${row[0]}:${column[0]}`)).toBe(`${row[0]}:${column[1]}`)
  rewrite(ydoc, block => {
    const [first, second] = block.firstChild!.children
    const [merged, last] = first!.children
    const left = nodes.table_cell.create({ ...merged!.attrs, colspan: 1 }, merged!.content)
    return withRows(block, [first!.copy(nodes.table_row.create(null, [left, makeCell(''), last!]).content), second!])
  })
  expect(tableTexts(ydoc)).toEqual([
    ['a', 'b', ''],
    ['c', 'd', 'e'],
  ])
})

test('B35: rows and columns are known by their ids, and where these are lost by their places', () => {
  const ydoc = withBlocks(
    makeTable([
      ['a', 'b'],
      ['c', 'd'],
    ]),
  )
  const before = Y.encodeStateVector(ydoc)
  rewrite(ydoc, () =>
    makeTable([
      ['a', 'b'],
      ['c', 'd!'],
    ]),
  )
  expect(tableTexts(ydoc)).toEqual([
    ['a', 'b'],
    ['c', 'd!'],
  ])
  expect(Y.decodeUpdate(Y.encodeStateAsUpdate(ydoc, before)).structs).toHaveLength(1)
})

/** Writes whatever Yjs offers into the roots of a table. */
function disturb(random: Random, ydoc: Y.Doc): void {
  const root = rootOf(ydoc)
  const ids = (prefix: 'r' | 'c'): string => random.pick([...lines(ydoc, prefix), 'x', '', 'a:b', `${tids(ydoc)[0]}-z`])
  const values = ['', 'A', 'zz', '\u0000', 7, -1, 1.5, true, false, null, { a: 1 }, [1], `${ids('r')}:${ids('c')}`]
  const value = random.pick(values)
  const name = random.pick([
    `r:${ids('r')}`,
    `c:${ids('c')}`,
    `o:${ids('r')}`,
    `o:${ids('c')}`,
    `w:${ids('c')}`,
    `gone:${ids('r')}`,
    `gone:${ids('c')}`,
    `span:${ids('r')}:${ids('c')}`,
    'span:',
    'unknown',
    '__proto__',
  ])
  if (random.chance(0.2)) root.delete(name)
  else if (random.chance(0.3)) root.set(`span:${ids('r')}:${ids('c')}`, `${ids('r')}:${ids('c')}`)
  else root.set(name, value)
  if (random.chance(0.4)) {
    const cell = ydoc.getText(`cell:${ids('r').replace(':', '')}:${ids('c').replace(':', '')}`)
    if (random.chance(0.5)) cell.insert(random.below(cell.length + 1), random.pick(['text', '\n', '😀']))
    else cell.insertEmbed(random.below(cell.length + 1), random.pick([{ kind: 'math', tex: 'x' }, { kind: 'poll' }]))
    if (random.chance(0.3)) cell.insertEmbed(0, new Y.Map([['kind', random.pick(['h1', 'table', 'bullet', 'poll'])]]))
  }
}

test('B10, B34: whatever stands in the roots of a table reads to a valid document, the same everywhere, and no text is hidden', () => {
  for (const seed of seeds({ short: 100, long: 2_000 })) {
    const random = seededRandom(seed)
    const ydoc = withBlocks(
      makeTable(
        [
          ['a', 'b', ''],
          ['', 'c', 'd'],
          ['e', '', 'f'],
        ],
        'row',
      ),
    )
    for (let i = 0; i < 12; i++) disturb(random, ydoc)
    const doc = readBody(ydoc)
    doc.check()
    expect(readBody(copy(ydoc)).toString(), `seed ${seed}`).toBe(doc.toString())
    const shown = doc.textBetween(0, doc.content.size, ' ')
    const rows = new Set(
      [...rootOf(ydoc).entries()]
        .filter(([name, value]) => name.startsWith('r:') && typeof value === 'string')
        .map(([name]) => name.slice(2)),
    )
    const columns = new Set(
      [...rootOf(ydoc).entries()]
        .filter(([name, value]) => name.startsWith('c:') && typeof value === 'string')
        .map(([name]) => name.slice(2)),
    )
    for (const letter of 'abcdef') {
      const holder = cellNames(ydoc).find(name => ydoc.getText(name).toString().includes(letter))
      const [, row, column] = holder?.split(':') ?? []
      if (row !== undefined && rows.has(row) && columns.has(column!))
        expect(shown, `seed ${seed}: ${letter}`).toContain(letter)
    }
  }
})

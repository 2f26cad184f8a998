// An older program cannot delete what it does not understand. This editor edits a document in which a newer one writes too: kinds,
// marks, atoms, registers and roots that it does not know. All of them stay as they are, to the byte, whatever it does beside them.

import { blocksOf, openBody, schema, seedUpdate } from '@sheaf/model'
import { type Node, Slice } from 'prosemirror-model'
import { type Command, Plugin, TextSelection } from 'prosemirror-state'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import { backspace, deleteForward, enter, indent, toggleMark, turnInto } from '../../packages/editor/src/commands.ts'
import { shortOf, sparesUnknown, sparing } from '../../packages/editor/src/warden.ts'
import { firstItem, type Item, itemId } from '../../packages/model/src/layout.ts'
import { caseCount } from '../helpers/cases.ts'
import { Person, sameBlocks } from '../helpers/editors.ts'
import { type Random, seededRandom } from '../helpers/random.ts'

const { nodes, marks } = schema
const edits = caseCount({ short: 1_000, long: 10_000 })
const keys: Readonly<Record<string, Command>> = { Enter: enter, Backspace: backspace, Delete: deleteForward }

/** A document as a newer program made it. */
function newerDocument(): Y.Doc {
  const ydoc = new Y.Doc()
  ydoc.clientID = 70_000
  const body = openBody(ydoc)
  Y.applyUpdate(
    ydoc,
    seedUpdate({ text: 'One line of words\nTwo lines of words\nThree lines\nFour\nFive lines of words' }),
  )
  ydoc.transact(() => {
    const insert = (at: number, registers: Record<string, unknown>, text: string): void => {
      body.insertEmbed(at, new Y.Map(Object.entries(registers)))
      body.insert(at + 1, text)
    }
    insert(body.length, { kind: 'board', lanes: 3, colors: ['a', { b: 1 }] }, 'To do, doing, done')
    insert(body.length, { kind: 'chart', data: '1,2,3' }, '')
    insert(body.length, { kind: 'h2', shade: 'dusk', version: 7 }, 'A heading with a shade')
    insert(body.length, { kind: 'board', lanes: 1, indent: 1 }, '')
    insert(body.length, { tempo: 120 }, 'The last line')
    body.insertEmbed(5, { kind: 'poll', question: 'Boots?', answers: [1, 2] })
    body.insertEmbed(30, { kind: 'clock' })
    body.insertEmbed(31, { strange: true })
    body.insertEmbed(50, new Y.Array())
    body.format(8, 6, { 'glow~3~ab': { strength: 2 } })
    body.format(40, 20, { 'glow~1~cd': { strength: 1 }, 'spin~1~e': true })
    ydoc.getMap('table:t1').set('r:a', 'V')
    ydoc.getText('cell:a:b').insert(0, 'in a cell')
    ydoc.getMap('reactions').set('🎉', { by: ['ada'] })
    ydoc.getArray('drawing').push([1, { x: 2 }])
  })
  return ydoc
}

/** Everything of a document that is none of this program's business, as it was written: item ids, contents, registers, roots. */
function foreignParts(ydoc: Y.Doc, wanted?: ReadonlySet<string>): Map<string, unknown> {
  const parts = new Map<string, unknown>()
  for (let item: Item | null = firstItem(openBody(ydoc)); item !== null; item = item.right) {
    if (item.deleted) continue
    const { content } = item
    const part =
      content instanceof Y.ContentType
        ? withoutIndent(content.type.toJSON())
        : content instanceof Y.ContentEmbed
          ? content.embed
          : content instanceof Y.ContentFormat
            ? [content.key, content.value]
            : undefined
    const id = itemId(item)
    if (part !== undefined && (wanted === undefined ? isForeign(part) : wanted.has(id))) parts.set(id, part)
  }
  parts.set('table:t1', ydoc.getMap('table:t1').toJSON())
  parts.set('cell:a:b', ydoc.getText('cell:a:b').toDelta())
  parts.set('reactions', ydoc.getMap('reactions').toJSON())
  parts.set('drawing', ydoc.getArray('drawing').toJSON())
  return parts
}

/** Every block has an indent, and everybody may change it. */
function withoutIndent(registers: unknown): unknown {
  if (Array.isArray(registers)) return registers
  const { indent: _indent, ...rest } = registers as Record<string, unknown>
  return rest
}

const knownKinds = new Set([undefined, 'paragraph', 'h2', 'bullet', 'task', 'quote', 'code'])

/** Markers of kinds that are not known, atoms and marks that are not. Registers of known kinds are looked at apart. */
function isForeign(part: unknown): boolean {
  if (Array.isArray(part)) return part.length === 0 || /^(glow|spin)~/.test(String(part[0]))
  const { kind, strange } = part as { kind?: string; strange?: boolean }
  return strange === true || kind === 'poll' || kind === 'clock' || !knownKinds.has(kind)
}

/** A program of this version: the binding, the commands, and what looks after what is not known. */
function older(newer: Y.Doc): Person {
  return new Person(1_000, Y.encodeStateAsUpdate(newer), [new Plugin({ filterTransaction: sparesUnknown })])
}

function press(person: Person, key: string): void {
  const dispatch = person.view.dispatch.bind(person.view)
  if (sparing(key)?.(person.state, dispatch) === true) return
  keys[key]?.(person.state, dispatch)
}

function run(person: Person, command: Command): void {
  command(person.state, person.view.dispatch.bind(person.view))
}

/** Nothing between the two places is unknown: a person may well delete what they select. */
function isFree(doc: Node, from: number, to: number): boolean {
  let free = true
  doc.nodesBetween(from, to, node => {
    if (node.type.name.startsWith('opaque') || node.marks.some(mark => mark.type === marks.opaque_mark)) free = false
    // These have registers that only the newer program knows.
    if (node.isTextblock && /shade|last/.test(node.textContent)) free = false
  })
  return free
}

function somewhere(random: Random, person: Person): { block: number; at: number; node: Node } {
  const block = random.below(person.blocks.length)
  const node = person.blocks[block]!
  return { block, at: person.positionOf(block) + 1 + random.below(node.content.size + 1), node }
}

function select(person: Person, anchor: number, head = anchor): void {
  person.edit(tr => tr.setSelection(TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head))))
}

function act(random: Random, person: Person): void {
  const { block, at, node } = somewhere(random, person)
  const start = person.positionOf(block) + 1
  const edge = random.pick([start, start + node.content.size, at])
  const to = Math.min(at + random.below(12), person.doc.content.size - 2)
  const acts: (() => void)[] = [
    () => person.edit(tr => tr.insertText(random.pick(['a', 'word ', 'é', '😀']), edge)),
    () => person.edit(tr => tr.insertText('x', at)),
    ...Object.keys(keys).map(key => () => {
      select(person, edge)
      press(person, key)
    }),
    () => {
      if (isFree(person.doc, at, to)) person.edit(tr => tr.delete(at, to))
    },
    () => {
      select(person, at)
      run(person, turnInto(random.pick([nodes.heading, nodes.bullet, nodes.quote, nodes.code_block, nodes.paragraph])))
    },
    () => {
      select(person, at)
      run(person, indent)
    },
    () => {
      select(person, at, to)
      run(person, toggleMark(random.pick([marks.strong, marks.em])))
    },
    () => {
      // A copy of anything, what is unknown included, pasted where nothing unknown is replaced.
      const slice = person.doc.slice(at, to)
      const blocks = slice.content.firstChild?.type === nodes.section
      const flat = blocks ? new Slice(slice.content.firstChild!.content, 0, 0) : slice
      const target = somewhere(random, person)
      if (target.node.type !== nodes.opaque) person.edit(tr => tr.replace(target.at, target.at, flat))
    },
    () => person.binding.undo(),
    () => person.binding.undo(),
    () => person.binding.redo(),
    () => person.binding.stopCapturing(),
  ]
  random.pick(acts)()
}

describe('B29: what a newer program wrote', () => {
  test(`B29: ${edits} random edits of an older one lose no block, mark, atom, register or root of it`, () => {
    const batch = 100
    for (let seed = 1; seed <= edits / batch; seed++) {
      const random = seededRandom(seed)
      const newer = newerDocument()
      const person = older(newer)
      const before = foreignParts(newer)
      const ids = new Set(before.keys())
      expect(before.size).toBeGreaterThan(14)
      for (let i = 0; i < batch; i++) {
        act(random, person)
        if (random.chance(0.1)) {
          // The newer program goes on with its own things.
          Y.applyUpdate(newer, Y.encodeStateAsUpdate(person.ydoc))
          newer.getMap('reactions').set(random.pick(['🎉', '👍']), { by: [String(i)] })
          before.set('reactions', newer.getMap('reactions').toJSON())
          person.receive([Y.encodeStateAsUpdate(newer)])
          expect(sameBlocks(person.doc, person.reading), `seed ${seed} edit ${i}`).toBe(true)
        }
        const after = JSON.stringify([...foreignParts(person.ydoc, ids)].sort())
        // Compared as text first, for that is quick; what differs is shown as what it is.
        if (after === JSON.stringify([...before].sort())) continue
        expect(Object.fromEntries(foreignParts(person.ydoc, ids)), `seed ${seed} edit ${i}`).toEqual(
          Object.fromEntries(before),
        )
      }
    }
  })

  test('B29: registers that are not known stay on a block of a known kind, whatever is done to the block', () => {
    const newer = newerDocument()
    const person = older(newer)
    const at = blocksOf(person.doc).findIndex(block => block.textContent === 'A heading with a shade')
    const registers = () => {
      for (let item: Item | null = firstItem(openBody(person.ydoc)); item !== null; item = item.right) {
        const json = !item.deleted && item.content instanceof Y.ContentType ? item.content.type.toJSON() : {}
        if (json.shade !== undefined) return json
      }
      return null
    }
    person.type(at, 2, 'new ')
    select(person, person.positionOf(at) + 5)
    run(person, turnInto(nodes.quote))
    press(person, 'Enter')
    run(person, toggleMark(marks.strong))
    person.edit(tr => tr.delete(person.positionOf(at) + 1, person.positionOf(at) + 3))
    expect(registers()).toEqual({ kind: 'quote', shade: 'dusk', version: 7 })
    // Deleted and brought back.
    person.binding.stopCapturing()
    const start = person.positionOf(at)
    person.edit(tr => tr.delete(start, start + person.blocks[at]!.nodeSize))
    person.binding.undo()
    expect(registers()).toEqual({ kind: 'quote', shade: 'dusk', version: 7 })
  })

  test('B29: keys beside an unknown block: none takes it away, splits it or makes it into something else', () => {
    const person = older(newerDocument())
    const board = blocksOf(person.doc).findIndex(block => block.type === nodes.opaque)
    const kinds = () =>
      blocksOf(person.doc)
        .filter(block => block.type === nodes.opaque)
        .map(block => block.attrs.kind)
    const inside = person.positionOf(board) + 1
    const end = inside + person.blocks[board]!.content.size
    for (const [place, key] of [
      [inside, 'Backspace'],
      [inside - 2, 'Delete'],
      [end, 'Delete'],
      [inside + 5, 'Enter'],
    ] as const) {
      select(person, place)
      press(person, key)
      expect(kinds(), key).toEqual(['board', 'chart', 'board'])
      expect(person.blocks[board]!.textContent).toBe('To do, doing, done')
    }
    select(person, inside)
    for (const type of [nodes.heading, nodes.code_block, nodes.paragraph]) run(person, turnInto(type))
    expect(kinds()).toEqual(['board', 'chart', 'board'])
    // Enter went on behind it.
    expect(person.blocks[board + 1]!.type).toBe(nodes.paragraph)
    // A selection that reaches into it does not take the rest of it along.
    const reach = person.positionOf(board) + 1
    for (const to of [reach, reach + 5]) person.edit(tr => tr.delete(reach - 4, to))
    expect(kinds()).toEqual(['board', 'chart', 'board'])
    // Who selects it and deletes it does delete it, and gets it back.
    person.binding.stopCapturing()
    const start = person.positionOf(board)
    person.edit(tr => tr.delete(start, start + person.blocks[board]!.nodeSize))
    expect(kinds()).toEqual(['chart', 'board'])
    person.binding.undo()
    expect(kinds()).toEqual(['board', 'chart', 'board'])
  })

  test('B29: a selection down to the start of an unknown block ends with the words above it', () => {
    const person = older(newerDocument())
    const board = blocksOf(person.doc).findIndex(block => block.type === nodes.opaque)
    const start = person.positionOf(board)
    const $above = person.doc.resolve(start - 6)
    const selection = shortOf($above, person.doc.resolve(start + 1))!
    expect([selection.anchor, selection.head]).toEqual([start - 6, start - 1])
    expect(shortOf($above, person.doc.resolve(start + 3))).toBeNull()
    expect(shortOf(person.doc.resolve(start + 1), person.doc.resolve(start + 1))).toBeNull()
    person.edit(tr => tr.setSelection(selection).insertText('x'))
    expect(person.blocks[board]!.attrs.kind).toBe('board')
  })
})

test('B11: a block that is moved takes along what this program does not know of it', () => {
  const person = new Person(40_000, Y.encodeStateAsUpdate(newerDocument()))
  const texts = ['To do, doing, done', 'A heading with a shade']
  for (const text of texts) {
    const from = person.texts.indexOf(text)
    const position = person.positionOf(from)
    const block = person.blocks[from]!
    person.edit(tr =>
      tr
        .delete(position, position + block.nodeSize)
        .insert(person.positionOf(0), block)
        .setMeta(moveMeta, [block.attrs.id]),
    )
    expect(person.texts[0]).toBe(text)
  }
  const shown = new Y.Doc()
  Y.applyUpdate(shown, Y.encodeStateAsUpdate(person.ydoc))
  const registers = shown
    .getText('body')
    .toDelta()
    .flatMap(({ insert }: { insert: unknown }) => (insert instanceof Y.Map ? [insert.toJSON()] : []))
  expect(registers).toContainEqual(expect.objectContaining({ kind: 'board', lanes: 3, colors: ['a', { b: 1 }] }))
  expect(registers.filter((one: { gone?: boolean }) => one.gone !== true)).toContainEqual(
    expect.objectContaining({ kind: 'h2', shade: 'dusk', version: 7 }),
  )
})

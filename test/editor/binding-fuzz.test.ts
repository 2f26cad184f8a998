// Random edits of several people with the real plugins, offline spans and undo: they converge, every view is what a fresh reading
// shows, and every character that nobody deleted is there exactly once. A failing seed is printed; `SEED=<n>` replays it alone.

import { schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { randomBlock } from '../helpers/blocks.ts'
import { deliverAll, type Person, people, sameBlocks } from '../helpers/editors.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { disturb } from '../helpers/strangers.ts'

const cases = Number(process.env.CASES ?? 100)
const only = process.env.SEED === undefined ? null : Number(process.env.SEED)

/** A random place in the text of a person. */
function somewhere(random: Random, person: Person): { block: number; offset: number; node: Node } {
  const block = random.below(person.blocks.length)
  const node = person.blocks[block]!
  return { block, offset: boundary(node, random.below(node.content.size + 1)), node }
}

/** No place is inside of a character. */
function boundary(node: Node, offset: number): number {
  return /[\ud800-\udbff]$/.test(node.textBetween(0, offset, '', ' ')) ? offset - 1 : offset
}

let serial = 0

/** One random act of a person; types characters that nobody else types. */
function act(random: Random, person: Person, withStyle: boolean): void {
  const { block, offset, node } = somewhere(random, person)
  const start = person.positionOf(block)
  const at = start + 1 + offset
  const kind = random.below(withStyle ? 16 : 13)
  switch (kind) {
    case 0:
    case 1:
    case 2:
    case 3:
      person.type(
        block,
        offset,
        `${String.fromCodePoint(0x4e00 + (serial++ % 20_000))}${random.chance(0.5) ? ' a' : ''}`,
      )
      break
    case 4:
    case 5:
      person.edit(tr => tr.split(at))
      break
    case 6: {
      if (block === 0) break
      const above = person.positionOf(block - 1)
      const end = above + 1 + person.blocks[block - 1]!.content.size
      if (person.blocks[block - 1]!.type.spec.code === true && node.type.spec.code !== true) break
      person.edit(tr => tr.delete(end, start + 1))
      break
    }
    case 7: {
      const to = somewhere(random, person)
      const other = person.positionOf(to.block) + 1 + to.offset
      if (Math.abs(other - at) > 40) break
      person.edit(tr => tr.setSelection(TextSelection.create(tr.doc, at, other)).deleteSelection())
      break
    }
    case 8:
      if (person.blocks.length > 1) {
        const $pos = person.doc.resolve(start)
        if ($pos.parent.childCount > 1) person.edit(tr => tr.delete(start, start + node.nodeSize))
      }
      break
    case 9:
      person.edit(tr => tr.insert(start, randomBlock(random)))
      break
    case 10: {
      const type = random.pick([schema.nodes.heading, schema.nodes.bullet, schema.nodes.task, schema.nodes.paragraph])
      person.edit(tr => (node.type.spec.code === true ? tr : tr.setNodeMarkup(start, type, { ...node.attrs })))
      break
    }
    case 11:
      person.binding.undo()
      break
    case 12:
      if (random.chance(0.5)) person.binding.redo()
      else person.binding.stopCapturing()
      break
    default: {
      const to = boundary(node, random.below(node.content.size + 1))
      if (node.type.spec.code === true || to === offset) break
      const [from, end] = [Math.min(offset, to), Math.max(offset, to)]
      const mark = random.pick([schema.marks.strong.create(), schema.marks.em.create()])
      if (random.chance(0.6)) person.edit(tr => tr.addMark(start + 1 + from, start + 1 + end, mark))
      else person.edit(tr => tr.removeMark(start + 1 + from, start + 1 + end, mark.type))
    }
  }
}

function check(persons: readonly Person[], label: string): void {
  for (const person of persons) {
    person.doc.check()
    if (!sameBlocks(person.doc, person.reading)) {
      expect(person.doc.toString(), `${label}: the view is a fresh reading`).toBe(person.reading.toString())
      expect(
        person.blocks.map(block => block.attrs),
        label,
      ).toEqual(person.reading.child(0).children.map(b => b.attrs))
    }
  }
}

function run(seed: number, withStyle: boolean, withStranger = false): void {
  const random = seededRandom(seed)
  const persons = people(2 + random.below(3), 'first line here\nsecond one\nthird')
  const stranger = new Y.Doc()
  stranger.clientID = 280
  for (let round = 0; round < 12; round++) {
    if (withStranger && random.chance(0.5)) {
      Y.applyUpdate(stranger, Y.encodeStateAsUpdate(random.pick(persons).ydoc))
      for (let i = random.below(4); i > 0; i--) disturb(random, stranger)
      for (const person of persons) person.receive([Y.encodeStateAsUpdate(stranger)])
      check(persons, `seed ${seed} round ${round} disturbed`)
    }
    for (let i = random.below(6); i > 0; i--) {
      const person = random.pick(persons)
      act(random, person, withStyle)
      check([person], `seed ${seed} round ${round}`)
    }
    // Some stay offline for a while.
    if (random.chance(0.6)) {
      const online = persons.filter(() => random.chance(0.7))
      for (const sender of online) {
        const others = persons.filter(person => person !== sender)
        const updates = sender.outbox.splice(0)
        for (const receiver of others) receiver.receive(updates)
      }
      check(persons, `seed ${seed} round ${round} delivered`)
    }
  }
  deliverAll(persons)
  check(persons, `seed ${seed} end`)
  for (const person of persons) {
    expect(sameBlocks(person.doc, persons[0]!.doc), `seed ${seed}: everybody sees the same`).toBe(true)
    const ids = person.blocks.map(block => block.attrs.id)
    expect(new Set(ids).size, `seed ${seed}: ids are unique`).toBe(ids.length)
  }
}

test('people who edit at random converge, and every view is what a fresh reading shows', () => {
  for (let seed = 1; seed <= cases; seed++) {
    if (only === null || only === seed) run(seed, seed % 2 === 0)
  }
})

test('so they do while a strange client writes whatever Yjs offers', () => {
  for (let seed = 1; seed <= cases; seed++) {
    if (only === null || only === seed) run(seed, seed % 2 === 0, true)
  }
})

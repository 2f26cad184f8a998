// Random edits of several people with the real plugins, offline spans and undo: they converge, every view is what a fresh reading
// shows, and every character that nobody deleted is there exactly once. A failing seed is printed; `SEED=<n>` replays it alone.

import { schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import { randomBlock } from '../helpers/blocks.ts'
import { deliverAll, type Person, people, sameBlocks } from '../helpers/editors.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { disturb } from '../helpers/strangers.ts'

const cases = Number(process.env.CASES ?? (process.env.SHEAF_LONG === '1' ? 1_000 : 40))
const first = Number(process.env.FIRST ?? 1)
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

/** What people do in one run. */
interface Ways {
  readonly marks?: boolean
  /** Undo, redo and moves: the ways in which text may double or come back. */
  readonly travel?: boolean
  readonly stranger?: boolean
  readonly composition?: boolean
}

/** Characters that are typed once each in a run, and what became of them on the screens of those who edit. */
class Letters {
  readonly typed = new Set<string>()
  readonly removed = new Set<string>()

  next(): string {
    const letter = String.fromCodePoint(0x4e00 + this.typed.size)
    this.typed.add(letter)
    return letter
  }

  /** Notes what an edit of one person removed from what this person sees. */
  watch(person: Person, edit: () => void): void {
    const before = this.#in(person)
    edit()
    const after = this.#in(person)
    for (const letter of before) if (!after.has(letter)) this.removed.add(letter)
  }

  #in(person: Person): Set<string> {
    return new Set(person.texts.join('').match(/[\u4e00-\u9fff]/g))
  }
}

/** Composes: the text of the block in which the composition is under way changes, and nothing else. */
function compose(random: Random, person: Person, letters: Letters): void {
  const { $head } = person.state.selection
  const start = $head.start()
  const at = start + boundary($head.parent, random.below($head.parent.content.size + 1))
  const to = start + boundary($head.parent, Math.min(at - start + random.below(3), $head.parent.content.size))
  letters.watch(person, () =>
    person.edit(tr => {
      if (to > at && random.chance(0.4)) tr.delete(at, to)
      else tr.insertText(letters.next(), at)
    }),
  )
}

/** The letter of a run that the caret of a person stands behind. */
function letterAtCaret(person: Person): string | null {
  const { empty, $head } = person.state.selection
  if (!empty || $head.parentOffset === 0) return null
  const letter = $head.parent.textBetween($head.parentOffset - 1, $head.parentOffset, '', ' ')
  return /[\u4e00-\u9fff]/.test(letter) ? letter : null
}

/** Brings updates to a person, whose caret must stay behind its letter. */
function bring(updates: readonly Uint8Array[], person: Person, ways: Ways, label: string): void {
  // Undo and moves write letters anew, which is another place for everybody else's caret.
  const letter = person.view.composing || ways.travel === true ? null : letterAtCaret(person)
  person.receive(updates)
  if (letter !== null && person.texts.join('').includes(letter))
    expect(letterAtCaret(person), `${label}: the caret stays behind its letter`).toBe(letter)
}

function endComposition(person: Person): void {
  person.view.composing = false
  person.edit(tr => tr.setMeta('composition ended', true))
}

/** One random act of a person. */
function act(random: Random, person: Person, letters: Letters, ways: Ways): void {
  const { block, offset, node } = somewhere(random, person)
  const start = person.positionOf(block)
  const at = start + 1 + offset
  const isCode = node.type.spec.code === true
  const acts: (() => void)[] = [
    () => person.type(block, offset, letters.next() + random.pick(['', ' a', ' b'])),
    () => person.type(block, offset, letters.next()),
    () => person.type(block, offset, letters.next() + letters.next()),
    () => person.select(block, offset),
    () => person.edit(tr => tr.split(at)),
    () => {
      if (block === 0) return
      const above = person.blocks[block - 1]!
      if (above.type.spec.code === true && !isCode) return
      person.edit(tr => tr.delete(person.positionOf(block - 1) + 1 + above.content.size, start + 1))
    },
    () => {
      const to = somewhere(random, person)
      const other = person.positionOf(to.block) + 1 + to.offset
      if (Math.abs(other - at) > 40) return
      person.edit(tr => tr.setSelection(TextSelection.create(tr.doc, at, other)).deleteSelection())
    },
    () => {
      if (person.doc.resolve(start).parent.childCount > 1) person.edit(tr => tr.delete(start, start + node.nodeSize))
    },
    () => person.edit(tr => tr.insert(start, randomBlock(random))),
    () => {
      const { heading, bullet, task, paragraph } = schema.nodes
      if (!isCode)
        person.edit(tr => tr.setNodeMarkup(start, random.pick([heading, bullet, task, paragraph]), node.attrs))
    },
  ]
  if (ways.travel === true) {
    acts.push(
      () => person.binding.undo(),
      () => person.binding.undo(),
      () => person.binding.redo(),
      () => person.binding.stopCapturing(),
      () => {
        const to = person.positionOf(random.below(person.blocks.length))
        if (person.blocks.length === 1 || (to >= start && to <= start + node.nodeSize)) return
        if (person.doc.resolve(start).parent.childCount === 1) return
        person.edit(tr => {
          tr.delete(start, start + node.nodeSize)
          tr.insert(tr.mapping.map(to), node).setMeta(moveMeta, [node.attrs.id])
        })
      },
    )
  }
  if (ways.marks === true && !isCode) {
    const to = boundary(node, random.below(node.content.size + 1))
    const [from, end] = [start + 1 + Math.min(offset, to), start + 1 + Math.max(offset, to)]
    const mark = random.pick([schema.marks.strong.create(), schema.marks.em.create()])
    acts.push(
      () => from < end && person.edit(tr => tr.addMark(from, end, mark)),
      () => from < end && person.edit(tr => tr.addMark(from, end, mark)),
      () => from < end && person.edit(tr => tr.removeMark(from, end, mark.type)),
    )
  }
  letters.watch(person, random.pick(acts))
}

function check(persons: readonly Person[], label: string): void {
  for (const person of persons) {
    person.doc.check()
    // What others do to the composed block waits.
    if (person.view.composing) continue
    if (!sameBlocks(person.doc, person.reading)) {
      expect(person.doc.toString(), `${label}: the view is a fresh reading`).toBe(person.reading.toString())
      expect(
        person.blocks.map(block => block.attrs),
        label,
      ).toEqual(person.reading.child(0).children.map(b => b.attrs))
    }
  }
}

function run(seed: number, ways: Ways): void {
  const random = seededRandom(seed)
  const persons = people(2 + random.below(3), 'first line here\nsecond one\nthird')
  const letters = new Letters()
  const stranger = new Y.Doc()
  stranger.clientID = 280
  for (let round = 0; round < 12; round++) {
    if (ways.stranger === true && random.chance(0.5)) {
      Y.applyUpdate(stranger, Y.encodeStateAsUpdate(random.pick(persons).ydoc))
      for (let i = random.below(4); i > 0; i--) disturb(random, stranger)
      for (const person of persons) person.receive([Y.encodeStateAsUpdate(stranger)])
      check(persons, `seed ${seed} round ${round} disturbed`)
    }
    for (let i = random.below(6); i > 0; i--) {
      const person = random.pick(persons)
      if (person.view.composing && random.chance(0.7)) compose(random, person, letters)
      else if (person.view.composing) endComposition(person)
      else act(random, person, letters, ways)
      if (ways.composition === true && random.chance(0.3)) {
        const { block, offset } = somewhere(random, person)
        if (!person.view.composing) person.select(block, offset)
        person.view.composing = true
      }
      check([person], `seed ${seed} round ${round}`)
    }
    // Some stay offline for a while.
    if (random.chance(0.6)) {
      const online = persons.filter(() => random.chance(0.7))
      for (const sender of online) {
        const others = persons.filter(person => person !== sender)
        const updates = sender.outbox.splice(0)
        for (const receiver of others) bring(updates, receiver, ways, `seed ${seed} round ${round}`)
      }
      check(persons, `seed ${seed} round ${round} delivered`)
    }
  }
  deliverAll(persons)
  for (const person of persons) if (person.view.composing) endComposition(person)
  deliverAll(persons)
  check(persons, `seed ${seed} end`)
  for (const person of persons) {
    expect(sameBlocks(person.doc, persons[0]!.doc), `seed ${seed}: everybody sees the same`).toBe(true)
    const ids = person.blocks.map(block => block.attrs.id)
    expect(new Set(ids).size, `seed ${seed}: ids are unique`).toBe(ids.length)
  }
  if (ways.travel === true || ways.stranger === true) return
  const text = persons[0]!.texts.join('')
  for (const letter of letters.typed) {
    const times = text.split(letter).length - 1
    expect(times, `seed ${seed}: ${letter} is there once unless somebody deleted it`).toBe(
      letters.removed.has(letter) ? 0 : 1,
    )
  }
}

function runAll(waysOf: (seed: number) => Ways): void {
  for (let seed = first; seed < first + cases; seed++) if (only === null || only === seed) run(seed, waysOf(seed))
}

test('B17, B19, B24: people who edit at random converge, views are fresh readings, and what nobody deleted is there once', () => {
  runAll(seed => ({ marks: seed % 2 === 0 }))
})

test('B24: so they do with undo, redo and moves', () => {
  runAll(seed => ({ travel: true, marks: seed % 2 === 0 }))
})

test('B11, B24: so they do while a strange client writes whatever Yjs offers', () => {
  runAll(seed => ({ stranger: true, travel: seed % 2 === 0, marks: seed % 3 === 0 }))
})

test('B21, B24: so they do while compositions are under way', () => {
  runAll(seed => ({ composition: true, marks: seed % 2 === 0 }))
  runAll(seed => ({ composition: true, travel: true, stranger: seed % 2 === 0 }))
})

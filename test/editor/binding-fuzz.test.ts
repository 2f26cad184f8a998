// Random edits of several people with the real plugins, offline spans and undo: they converge, every view is what a fresh reading
// shows, and every character that nobody deleted is there exactly once. A failing seed is printed; `SEED=<n>` replays it alone.

import { TextSelection } from 'prosemirror-state'
import { afterEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { seeds } from '../helpers/cases.ts'
import { editorStack } from '../helpers/editor-stack.ts'
import { deliverAll, type Person, people, sameBlocks } from '../helpers/editors.ts'
import { seededRandom } from '../helpers/random.ts'
import { act, compose, endComposition, Letters, somewhere, type Ways } from '../helpers/random-edits.ts'
import { disturb } from '../helpers/strangers.ts'
import { makeTable } from '../helpers/table-acts.ts'

afterEach(() => vi.restoreAllMocks())

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
  // Ids of spans, rows and columns decide ties: a seed repeats them too.
  const ids = seededRandom(seed)
  vi.spyOn(Math, 'random').mockImplementation(() => ids.next())
  const persons = people(
    ways.crowd === true ? 3 + random.below(6) : 2 + random.below(3),
    'first line here\nsecond one\nthird',
    () => (ways.stack === true ? editorStack : []),
  )
  if (ways.tables === true) {
    persons[0]!.edit(tr =>
      tr.insert(
        persons[0]!.positionOf(1),
        makeTable(
          [
            ['ab', ''],
            ['', 'cd'],
          ],
          'row',
        ),
      ),
    )
    persons[0]!.binding.stopCapturing()
    deliverAll(persons)
  }
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
        const { at } = somewhere(random, person)
        if (!person.view.composing) person.edit(tr => tr.setSelection(TextSelection.create(tr.doc, at)))
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
  for (const seed of seeds({ short: 30, long: 1_000 })) run(seed, waysOf(seed))
}

test('B17, B19, B24: people who edit at random converge, views are fresh readings, and what nobody deleted is there once', () => {
  runAll(seed => ({ marks: seed % 2 === 0 }))
})

/** Undo and redo, beside edits of everybody, each of whom is offline now and then: what they take away is one's own. */
function travel(seed: number): void {
  const random = seededRandom(seed)
  const ids = seededRandom(seed)
  vi.spyOn(Math, 'random').mockImplementation(() => ids.next())
  const persons = people(2 + random.below(3), 'first line here\nsecond one\nthird')
  const letters = new Letters()
  const ways = { marks: seed % 2 === 0, tables: seed % 3 === 0 }
  for (let step = 0; step < 60; step++) {
    const person = random.pick(persons)
    const chance = random.next()
    if (chance < 0.2) {
      for (const letter of letters.travel(person, () => person.binding.undo()))
        expect(letters.authorOf(letter), `seed ${seed} step ${step}: ${letter} is undone by who typed it`).toBe(person)
    } else if (chance < 0.3) {
      for (const letter of letters.travel(person, () => person.binding.redo()))
        expect(letters.hasRemoved(person, letter), `seed ${seed} step ${step}: ${letter} is deleted again`).toBe(true)
    } else if (chance < 0.4) person.binding.stopCapturing()
    else act(random, person, letters, ways)
    if (random.chance(0.3)) {
      for (const sender of persons.filter(() => random.chance(0.7))) {
        const updates = sender.outbox.splice(0)
        for (const receiver of persons) if (receiver !== sender) receiver.receive(updates)
      }
    }
  }
  deliverAll(persons)
  check(persons, `seed ${seed} end`)
  const text = persons[0]!.texts.join('')
  for (const letter of letters.typed)
    if (!letters.removed.has(letter))
      expect(text, `seed ${seed}: ${letter} is there, nobody took it away`).toContain(letter)
}

test('B20, B24: undo and redo take away nothing that somebody else typed, and nothing is lost by them', () => {
  for (const seed of seeds({ short: 12, long: 1_000 })) travel(seed)
})

test('B24: so they do with undo, redo and moves', () => {
  runAll(seed => ({ travel: true, marks: seed % 2 === 0 }))
})

test('B11, B24: so they do while a strange client writes whatever Yjs offers', () => {
  runAll(seed => ({ stranger: true, travel: seed % 2 === 0, marks: seed % 3 === 0 }))
})

test('B24: so they do in tables, whose rows and columns they add, delete, move and merge', () => {
  runAll(seed => ({ tables: true, marks: seed % 2 === 0 }))
  runAll(seed => ({ tables: true, travel: true, stranger: seed % 3 === 0 }))
})

test('B24: so do three to eight of them, each with all plugins of the editor', () => {
  runAll(seed => ({ crowd: true, stack: true, tables: seed % 2 === 0, travel: seed % 3 === 0, marks: seed % 5 === 0 }))
})

test('B21, B24: so they do while compositions are under way', () => {
  runAll(seed => ({ composition: true, marks: seed % 2 === 0 }))
  runAll(seed => ({ composition: true, travel: true, stranger: seed % 2 === 0 }))
  runAll(seed => ({ composition: true, tables: true, travel: seed % 3 === 0 }))
})

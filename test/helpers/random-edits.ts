// What people do at random: type, split, join, delete, retype, mark, move, undo, in blocks of the body and of cells, and to tables. Every
// character that is typed is another one, so that each can be looked for afterwards.

import { Body, schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import { randomBlock } from './blocks.ts'
import { type Person, typeAt } from './editors.ts'
import type { Random } from './random.ts'
import {
  deleteColumn,
  deleteRow,
  deleteTable,
  insertColumn,
  insertRow,
  makeTable,
  merge,
  moveColumn,
  moveRow,
  moveTable,
  setHeader,
  setWidth,
  split,
  tablesIn,
} from './table-acts.ts'

/** A random place in the text of a person. */
export function somewhere(random: Random, person: Person): Somewhere {
  const blocks: { node: Node; start: number }[] = []
  person.doc.descendants((node, start) => {
    if (node.isTextblock) blocks.push({ node, start })
    return !node.isTextblock
  })
  const { node, start } = random.pick(blocks)
  return { node, start, at: start + 1 + boundary(node, random.below(node.content.size + 1)) }
}

interface Somewhere {
  readonly node: Node
  /** Before the block. */
  readonly start: number
  readonly at: number
}

/** No place is inside of a character. */
function boundary(node: Node, offset: number): number {
  return /[\ud800-\udbff]$/.test(node.textBetween(0, offset, '', ' ')) ? offset - 1 : offset
}

/** What people do in one run. */
export interface Ways {
  readonly marks?: boolean
  /** Undo, redo and moves: the ways in which text may double or come back. */
  readonly travel?: boolean
  readonly stranger?: boolean
  readonly composition?: boolean
  readonly tables?: boolean
  /** All plugins of the editor instead of the binding alone. */
  readonly stack?: boolean
  /** Three to eight people instead of two to four. */
  readonly crowd?: boolean
}

/** Characters that are typed once each in a run, and what became of them on the screens of those who edit. */
export class Letters {
  readonly typed = new Set<string>()
  readonly removed = new Set<string>()
  /** Who removed which letters by an edit that was no undo or redo. */
  readonly #removedBy = new Map<string, Set<Person>>()
  readonly #authors = new Map<string, Person>()

  next(): string {
    const letter = String.fromCodePoint(0x4e00 + this.typed.size)
    this.typed.add(letter)
    return letter
  }

  /** Whose letter it is: of the person on whose screen it was first. */
  authorOf(letter: string): Person | undefined {
    return this.#authors.get(letter)
  }

  hasRemoved(person: Person, letter: string): boolean {
    return this.#removedBy.get(letter)?.has(person) === true
  }

  /** What undo or redo took from the screen of a person. */
  travel(person: Person, go: () => void): string[] {
    const before = this.#in(person)
    go()
    const after = this.#in(person)
    const gone = [...before].filter(letter => !after.has(letter))
    for (const letter of gone) this.removed.add(letter)
    return gone
  }

  /** Notes what an edit of one person removed from what this person sees. */
  watch(person: Person, edit: () => void): void {
    const before = this.#in(person)
    edit()
    const after = this.#in(person)
    for (const letter of after) if (!this.#authors.has(letter)) this.#authors.set(letter, person)
    for (const letter of before) {
      if (after.has(letter)) continue
      this.removed.add(letter)
      this.#removedBy.set(letter, (this.#removedBy.get(letter) ?? new Set()).add(person))
    }
  }

  #in(person: Person): Set<string> {
    return new Set(person.texts.join('').match(/[\u4e00-\u9fff]/g))
  }
}

/** Composes: the text of the block in which the composition is under way changes, and nothing else. */
export function compose(random: Random, person: Person, letters: Letters): void {
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

export function endComposition(person: Person): void {
  person.view.composing = false
  person.edit(tr => tr.setMeta('composition ended', true))
}

/** One random act of a person. */
export function act(random: Random, person: Person, letters: Letters, ways: Ways): void {
  const place = somewhere(random, person)
  const { node, start, at } = place
  const $start = person.doc.resolve(start)
  const isCode = node.type.spec.code === true
  const isCaption = node.type === schema.nodes.table_caption
  const acts: (() => unknown)[] = [
    () => typeAt(person, at, letters.next() + random.pick(['', ' a', ' b'])),
    () => typeAt(person, at, letters.next()),
    () => typeAt(person, at, letters.next() + letters.next()),
    () => person.edit(tr => tr.setSelection(TextSelection.create(tr.doc, at))),
    () => {
      const other = somewhere(random, person)
      if (Math.abs(other.at - at) > 40 || person.doc.resolve(other.start).parent !== $start.parent) return
      if (
        ways.travel !== true &&
        (rootAt(person, other.at) !== rootAt(person, at) || isTableBetween(person, at, other.at))
      )
        return
      person.edit(tr => tr.setSelection(TextSelection.create(tr.doc, at, other.at)).deleteSelection())
    },
  ]
  if (!isCaption) {
    acts.push(
      () => person.edit(tr => tr.split(at)),
      () => {
        const above = $start.nodeBefore
        if (above === null || !above.isTextblock || (above.type.spec.code === true && !isCode)) return
        if (ways.travel !== true && rootAt(person, start - 1) !== rootAt(person, at)) return
        person.edit(tr => tr.delete(start - 1, start + 1))
      },
      () => {
        if ($start.parent.childCount > 1) person.edit(tr => tr.delete(start, start + node.nodeSize))
      },
      () => person.edit(tr => tr.insert(start, randomBlock(random))),
      () => {
        const { heading, bullet, task, paragraph } = schema.nodes
        if (!isCode)
          person.edit(tr => tr.setNodeMarkup(start, random.pick([heading, bullet, task, paragraph]), node.attrs))
      },
    )
  }
  if (ways.travel === true) {
    acts.push(
      () => person.binding.undo(),
      () => person.binding.undo(),
      () => person.binding.redo(),
      () => person.binding.stopCapturing(),
    )
    if (!isCaption) acts.push(() => moveBlock(person, place, somewhere(random, person).start))
  }
  if (ways.marks === true && !isCode) {
    const to = start + 1 + boundary(node, random.below(node.content.size + 1))
    const [from, end] = [Math.min(at, to), Math.max(at, to)]
    const mark = random.pick([schema.marks.strong.create(), schema.marks.em.create()])
    acts.push(
      () => from < end && person.edit(tr => tr.addMark(from, end, mark)),
      () => from < end && person.edit(tr => tr.addMark(from, end, mark)),
      () => from < end && person.edit(tr => tr.removeMark(from, end, mark.type)),
    )
  }
  if (ways.tables === true) acts.push(...tableActs(random, person, letters, ways))
  letters.watch(person, random.pick(acts))
}

function tableActs(random: Random, person: Person, letters: Letters, ways: Ways): (() => unknown)[] {
  const places = tablesIn(person.doc)
  const block = random.below(person.blocks.length)
  const insert = (): void => {
    const cell = (): string => (random.chance(0.4) ? letters.next() : '')
    const rows = Array.from({ length: 1 + random.below(3) }, () => [cell(), cell()])
    person.edit(tr => tr.insert(person.positionOf(block), makeTable(rows, random.pick([null, 'row', 'both']))))
  }
  if (places.length === 0) return [insert]
  const place = random.pick(places)
  const { width, height } = place.map
  const row = random.below(height)
  const column = random.below(width)
  const acts: (() => unknown)[] = [
    () => insertRow(person, place, random.below(height + 1)),
    () => insertColumn(person, place, random.below(width + 1)),
    () => height > 1 && deleteRow(person, place, row),
    () => width > 1 && deleteColumn(person, place, column),
    () => merge(person, place, [row, column], [random.below(height), random.below(width)]),
    () => merge(person, place, [row, column], [Math.min(row + 1, height - 1), column]),
    () => split(person, place, row, column),
    () => split(person, place, 0, 0),
    () => setHeader(person, place, random.pick([null, 'row', 'column', 'both'])),
    () => setWidth(person, place, column, 40 + random.below(300)),
    () => moveRow(person, place, row, random.below(height)),
    () => moveColumn(person, place, column, random.below(width)),
  ]
  if (random.chance(0.3)) acts.push(insert, () => deleteTable(person, place))
  if (ways.travel === true && random.chance(0.3)) acts.push(() => moveTable(person, place, person.positionOf(block)))
  return acts
}

/** The root of a place. A merged cell shows several; a join of two of their blocks writes the text of one anew. */
function rootAt(person: Person, position: number): string {
  return new Body(person.ydoc).locate(position).root
}

/** What stands behind a table that is deleted together with the end of a block before it is written anew. */
function isTableBetween({ doc }: Person, a: number, b: number): boolean {
  const [from, to] = [Math.min(a, b), Math.max(a, b)]
  return tablesIn(doc).some(({ position }) => from < position && position < to)
}

/** Moves a block in front of another one of the body or of the same cell. */
function moveBlock(person: Person, { node, start }: Somewhere, to: number): void {
  const $start = person.doc.resolve(start)
  if ($start.parent.childCount === 1 || (to >= start && to <= start + node.nodeSize)) return
  const isInBody = $start.depth === 1 && person.doc.resolve(to).depth === 1
  if (!isInBody && person.doc.resolve(to).parent !== $start.parent) return
  person.edit(tr => {
    tr.delete(start, start + node.nodeSize)
    tr.insert(tr.mapping.map(to), node).setMeta(moveMeta, [node.attrs.id])
  })
}

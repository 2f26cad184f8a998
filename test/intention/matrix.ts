// The intention matrix: every structural edit × every place where a second person types at the same time × both client id orders ×
// both delivery orders. What was typed must be there exactly once, in one piece, next to its neighbours. Letters of the base text are
// all different, so where something went can be told from the text alone.

import { blocksOf, cutSections, schema, seedUpdate } from '@sheaf/model'
import type { Node, NodeType } from 'prosemirror-model'
import { type Command, TextSelection } from 'prosemirror-state'
import * as Y from 'yjs'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import {
  backspace,
  deleteForward,
  enter,
  indent,
  outdent,
  setChecked,
  toggleMark,
  turnInto,
} from '../../packages/editor/src/commands.ts'
import { Person } from '../helpers/editors.ts'

/**
 * `named` is what docs/body.md names as impossible: what is typed into a block while somebody moves it stays, in a paragraph of its
 * own, where the block was.
 */
export type Outcome = 'kept' | 'named' | 'displaced' | 'lost' | 'diverged'

export interface Case {
  readonly edit: string
  readonly act: 'do' | 'undo' | 'redo'
  readonly place: string
  readonly swapped: boolean
  readonly outcome: Outcome
  readonly before: readonly string[]
  readonly after: readonly string[]
}

interface Edit {
  readonly name: string
  run(person: Person): void
  /** The document before it, where the usual one does not serve. */
  prepare?(person: Person): void
}

/** Four blocks, three words each, no letter twice. */
const lines = ['abc def ghi', 'jklm nopq rstu', 'vwx yzA BCD', 'EFG HIJ KLM']
const target = 1
/** Letters that people other than the base text write. */
const typed = '①②③'
const inserted = 'àèì'

const { nodes, marks } = schema

function command(person: Person, run: Command): void {
  run(person.state, tr => person.view.dispatch(tr))
}

function at(block: number, from: number, run: Command, to = from): (person: Person) => void {
  return person => {
    person.select(block, from, to)
    command(person, run)
  }
}

function pasteBlocks(person: Person, block: number, offset: number, texts: readonly string[]): void {
  person.select(block, offset)
  const content = texts.map(text => nodes.paragraph.create(null, schema.text(text)))
  const slice = cutSections(content).slice(2, cutSections(content).content.size - 2)
  person.edit(tr => tr.replaceSelection(slice))
}

function insertBlock(person: Person, before: number, block: Node): void {
  const position = before < person.blocks.length ? person.positionOf(before) : person.doc.content.size - 1
  person.edit(tr => tr.insert(position, block))
}

function moveBlock(person: Person, from: number, before: number): void {
  const block = person.blocks[from]!
  const position = person.positionOf(from)
  person.edit(tr => {
    const to = before < person.blocks.length ? person.positionOf(before) : person.doc.content.size - 1
    tr.delete(position, position + block.nodeSize)
    tr.insert(tr.mapping.map(to), block).setMeta(moveMeta, [block.attrs.id])
  })
}

function deleteRange(fromBlock: number, from: number, toBlock: number, to: number, text = '') {
  return (person: Person): void => {
    const start = person.positionOf(fromBlock) + 1 + from
    const end = person.positionOf(toBlock) + 1 + to
    person.edit(tr => {
      tr.setSelection(TextSelection.create(tr.doc, start, end))
      if (text === '') tr.deleteSelection()
      else tr.insertText(text)
    })
  }
}

const kinds: [string, NodeType, Record<string, unknown>][] = [
  ['h1', nodes.heading, { level: 1 }],
  ['h3', nodes.heading, { level: 3 }],
  ['bullet', nodes.bullet, {}],
  ['ordered', nodes.ordered, {}],
  ['task', nodes.task, {}],
  ['quote', nodes.quote, {}],
  ['callout', nodes.callout, {}],
  ['toggle', nodes.toggle, {}],
  ['code', nodes.code_block, {}],
  ['math', nodes.math_block, {}],
  ['image', nodes.image, {}],
  ['divider', nodes.divider, {}],
]

const edits: Edit[] = [
  ...[0, 2, 4, 9, 12, 14].map(offset => ({ name: `split at ${offset}`, run: at(target, offset, enter) })),
  { name: 'join backward', run: at(target, 0, backspace) },
  { name: 'join forward', run: at(target, 14, deleteForward) },
  ...kinds.map(([name, type, attrs]) => ({ name: `retype to ${name}`, run: at(target, 3, turnInto(type, attrs)) })),
  {
    name: 'lift out of quote',
    prepare: at(target, 0, turnInto(nodes.quote)),
    run: at(target, 3, turnInto(nodes.quote)),
  },
  {
    name: 'code to paragraph',
    prepare: at(target, 0, turnInto(nodes.code_block)),
    run: at(target, 3, turnInto(nodes.code_block)),
  },
  { name: 'indent', prepare: at(target, 0, turnInto(nodes.bullet)), run: at(target, 3, indent) },
  {
    name: 'outdent',
    prepare: person => {
      at(target, 0, turnInto(nodes.bullet))(person)
      at(target, 0, indent)(person)
    },
    run: at(target, 3, outdent),
  },
  {
    name: 'check',
    prepare: at(target, 0, turnInto(nodes.task)),
    run: person => command(person, setChecked(person.positionOf(target), true)),
  },
  {
    name: 'input rule for a heading',
    prepare: person => person.type(target, 0, '#'),
    run: person => {
      const start = person.positionOf(target)
      person.edit(tr => tr.delete(start + 1, start + 2).setBlockType(start + 1, start + 1, nodes.heading, { level: 1 }))
    },
  },
  {
    name: 'delete block',
    run: person => {
      const start = person.positionOf(target)
      person.edit(tr => tr.delete(start, start + person.blocks[target]!.nodeSize))
    },
  },
  {
    name: 'delete two blocks',
    run: person => {
      const [start, end] = [person.positionOf(target), person.positionOf(target + 2)]
      person.edit(tr => tr.delete(start, end))
    },
  },
  { name: 'delete over two blocks', run: deleteRange(target, 7, target + 1, 5) },
  { name: 'delete over three blocks', run: deleteRange(0, 5, 2, 5) },
  { name: 'type over two blocks', run: deleteRange(target, 7, target + 1, 5, inserted) },
  { name: 'delete a word', run: deleteRange(target, 5, target, 10) },
  { name: 'empty the block', run: deleteRange(target, 0, target, 14) },
  { name: 'replace two words', run: deleteRange(target, 5, target, 14, `${inserted} ò`) },
  { name: 'replace all text', run: deleteRange(target, 0, target, 14, inserted) },
  {
    name: 'insert a block before',
    run: person => insertBlock(person, target, nodes.paragraph.create(null, schema.text(inserted))),
  },
  {
    name: 'insert a block after',
    run: person => insertBlock(person, target + 1, nodes.heading.create(null, schema.text(inserted))),
  },
  { name: 'insert a divider', run: person => insertBlock(person, target + 1, nodes.divider.create()) },
  { name: 'paste text', run: person => person.edit(tr => tr.insertText(inserted, person.positionOf(target) + 1 + 7)) },
  { name: 'paste blocks in the middle', run: person => pasteBlocks(person, target, 7, ['àè', 'ìò', 'ùâ']) },
  { name: 'paste blocks at the end', run: person => pasteBlocks(person, target, 14, ['àè', 'ìò']) },
  { name: 'paste blocks at the start', run: person => pasteBlocks(person, target, 0, ['àè', 'ìò']) },
  {
    name: 'duplicate',
    run: person => insertBlock(person, target + 1, nodes.paragraph.create(null, schema.text(inserted))),
  },
  { name: 'format a word', run: at(target, 5, toggleMark(marks.strong), 9) },
  { name: 'format the block', run: at(target, 0, toggleMark(marks.em), 14) },
  {
    name: 'unformat a word',
    prepare: at(target, 0, toggleMark(marks.strong), 14),
    run: at(target, 5, toggleMark(marks.strong), 9),
  },
  {
    name: 'link a word',
    run: person => {
      const start = person.positionOf(target) + 1
      person.edit(tr => tr.addMark(start + 5, start + 9, marks.link.create({ href: 'https://example.org' })))
    },
  },
  { name: 'move down', run: person => moveBlock(person, target, target + 2) },
  { name: 'move up', run: person => moveBlock(person, target, 0) },
  { name: 'move to the end', run: person => moveBlock(person, target, 4) },
]

/** Word edges and the middles of words of the target, the ends of its neighbours, and a block that has nothing to do with it. */
interface TypingPlace {
  readonly name: string
  /** Offset in the base text, so that a place is the same after an edit that is to be undone. */
  readonly left: string | null
  readonly right: string | null
}

const places: TypingPlace[] = [
  { name: 'end of the block before', left: 'i', right: null },
  { name: 'start of the block', left: null, right: 'j' },
  { name: 'inside the first word', left: 'k', right: 'l' },
  { name: 'end of the first word', left: 'm', right: ' ' },
  { name: 'start of the second word', left: ' ', right: 'n' },
  { name: 'inside the second word', left: 'o', right: 'p' },
  { name: 'end of the second word', left: 'q', right: ' ' },
  { name: 'start of the last word', left: ' ', right: 'r' },
  { name: 'inside the last word', left: 's', right: 't' },
  { name: 'end of the block', left: 'u', right: null },
  { name: 'start of the block after', left: null, right: 'v' },
  { name: 'inside the block after', left: 'w', right: 'x' },
  { name: 'another block', left: 'H', right: 'I' },
]

/** Every `step`th case; the edits whose names do not contain `filter` are left out. */
export function runMatrix(filter = '', step = 1): Case[] {
  const cases: Case[] = []
  let count = 0
  for (const edit of edits) {
    if (!edit.name.includes(filter)) continue
    for (const act of ['do', 'undo', 'redo'] as const) {
      for (const place of places) {
        for (const swapped of [false, true]) {
          if (count++ % step !== 0) continue
          const result = runCase(edit, act, place, swapped)
          if (result !== null) cases.push(result)
        }
      }
    }
  }
  return cases
}

function runCase(edit: Edit, act: Case['act'], place: TypingPlace, swapped: boolean): Case | null {
  const seed = seedUpdate({ text: lines.join('\n') })
  const [one, two] = [new Person(swapped ? 2000 : 1000, seed), new Person(swapped ? 1000 : 2000, seed)]
  const sync = (): void => {
    const [a, b] = [one.outbox.splice(0), two.outbox.splice(0)]
    two.receive(a)
    one.receive(b)
  }
  edit.prepare?.(one)
  sync()
  one.binding.stopCapturing()
  if (act !== 'do') {
    edit.run(one)
    if (act === 'redo') one.binding.undo()
    sync()
  }
  const before = two.texts
  const spot = findPlace(before, place)
  if (spot === null) return null
  const history = Y.encodeStateAsUpdate(one.ydoc)
  if (act === 'do') edit.run(one)
  else if (act === 'undo') one.binding.undo()
  else one.binding.redo()
  const alone = one.texts
  two.type(spot.block, spot.offset, typed)
  const [fromOne, fromTwo] = [[...one.outbox], [...two.outbox]]
  sync()
  // Two more replicas see the same updates in the two orders.
  const third = new Person(3000, history)
  third.receive([...fromOne, ...fromTwo])
  const fourth = new Person(4000, history)
  fourth.receive([...fromTwo, ...fromOne])
  const after = one.texts
  const all = [two, third, fourth].map(person => person.doc)
  const isSame = all.every(doc => blocksOf(doc).map(String).join() === blocksOf(one.doc).map(String).join())
  let outcome = isSame ? judge(before, alone, after, spot) : 'diverged'
  const isInMoved =
    edit.name.startsWith('move') && [...(before[spot.block] ?? '')].some(letter => lines[target]!.includes(letter))
  if (outcome === 'displaced' && isInMoved && after.includes(typed)) outcome = 'named'
  return { edit: edit.name, act, place: place.name, swapped, outcome, before, after }
}

function findPlace(texts: readonly string[], { left, right }: TypingPlace): { block: number; offset: number } | null {
  for (const [block, text] of texts.entries()) {
    for (let offset = 0; offset <= text.length; offset++) {
      const l = offset === 0 ? null : text[offset - 1]!
      const r = offset === text.length ? null : text[offset]!
      // A space tells nothing: its other neighbour does.
      if (left !== null && left !== ' ' && l === left) return right === null && r !== null ? null : { block, offset }
      if (right !== null && right !== ' ' && r === right) return left === null && l !== null ? null : { block, offset }
    }
  }
  return null
}

/** Judges where the typed text went, by what of its neighbours the edit alone left alive. */
export function judge(
  before: readonly string[],
  alone: readonly string[],
  after: readonly string[],
  spot: { block: number; offset: number },
): Outcome {
  const holders = after.filter(text => text.includes(typed))
  if (holders.length !== 1 || after.join('').split(typed).length !== 2) return 'lost'
  // What the edit wrote must be there as it is alone, too.
  if (after.join('').replace(typed, '') !== alone.join('')) return 'lost'
  const text = before[spot.block]!
  const holder = holders[0]!
  const index = holder.indexOf(typed)
  const letters = (value: string): string[] => [...value].filter(letter => letter !== ' ')
  const isAlive = (letter: string): boolean => alone.some(line => line.includes(letter))
  const leftLetters = letters(text.slice(0, spot.offset))
  const rightLetters = letters(text.slice(spot.offset))
  const nearLeft = leftLetters.at(-1)
  const nearRight = rightLetters[0]
  const isLeftAlive = nearLeft !== undefined && isAlive(nearLeft)
  const isRightAlive = nearRight !== undefined && isAlive(nearRight)
  // Letters that only the edit wrote may stand between.
  const base = new Set(before.join(''))
  const seen = (value: string): string[] => letters(value).filter(letter => base.has(letter))
  const foundLeft = seen(holder.slice(0, index)).at(-1)
  const foundRight = seen(holder.slice(index + typed.length))[0]
  if (isLeftAlive && isRightAlive) {
    const areTogether = alone.some(line => line.includes(nearLeft) && line.includes(nearRight))
    return areTogether
      ? foundLeft === nearLeft && foundRight === nearRight
        ? 'kept'
        : 'displaced'
      : foundLeft === nearLeft || foundRight === nearRight
        ? 'kept'
        : 'displaced'
  }
  if (isLeftAlive) return foundLeft === nearLeft ? 'kept' : 'displaced'
  if (isRightAlive) {
    // At the start of a block the other neighbour is the block itself.
    const isAtStart = nearLeft === undefined && foundLeft === undefined && foundRight === undefined
    return foundRight === nearRight || isAtStart ? 'kept' : 'displaced'
  }
  // Its neighbours are gone. Where what is left and right of them is one line now, it stands between; else it is alone.
  const left = letters(before.slice(0, spot.block).join('') + text.slice(0, spot.offset))
    .filter(isAlive)
    .at(-1)
  const right = letters(text.slice(spot.offset) + before.slice(spot.block + 1).join('')).filter(isAlive)[0]
  const isOneLine = alone.some(
    line => left !== undefined && right !== undefined && line.includes(left) && line.includes(right),
  )
  const inBlock = (letter: string | undefined): string | undefined =>
    isOneLine || (letter !== undefined && text.includes(letter)) ? letter : undefined
  return foundLeft === inBlock(left) && foundRight === inBlock(right) ? 'kept' : 'displaced'
}

// What the intention matrix is made of, whichever editor it is run on: the text, the places where a second person types, how two
// people act at the same time and two more look on, and the judge.

import { TextSelection, type Transaction } from 'prosemirror-state'
import * as Y from 'yjs'

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

/** One person's editor, as far as the matrix needs it. */
export interface Writer {
  readonly ydoc: Y.Doc
  /** What they wrote and nobody has been given yet. */
  readonly outbox: Uint8Array[]
  /** The texts of the blocks in which one can type. */
  readonly texts: readonly string[]
  /** Position before such a block. */
  positionOf(block: number): number
  edit(change: (tr: Transaction) => unknown): void
  type(block: number, offset: number, text: string): void
  receive(updates: readonly Uint8Array[]): void
}

export interface Edit<W> {
  readonly name: string
  run(person: W): void
  /** The document before it, where the usual one does not serve. */
  prepare?(person: W): void
}

/** An editor that the matrix can be run on. */
export interface Subject<W extends Writer> {
  /** The update that makes the document: a paragraph of each line. */
  readonly seed: Uint8Array
  open(clientID: number, update: Uint8Array): W
  close(person: W): void
  undo(person: W): void
  redo(person: W): void
  /** What comes next is an undo step of its own. */
  endStep(person: W): void
  /** All that a person sees, to compare replicas. */
  shown(person: W): string
  /** Where a second person types, instead of the usual places. */
  readonly places?: readonly TypingPlace[]
  /** The root that a block stands in, where there are several; what is typed must stay in it. */
  rootOf?(person: W, block: number): string
  /** Whether it is promised that what was typed survives, but not where; `inTarget`: it was typed into the block that the edit is about. */
  isNamed(edit: string, inTarget: boolean, after: readonly string[]): boolean
}

/** Four blocks, three words each, no letter twice. */
export const lines = ['abc def ghi', 'jklm nopq rstu', 'vwx yzA BCD', 'EFG HIJ KLM']
export const target = 1
/** Letters that people other than the base text write. */
export const typed = '①②③'
export const inserted = 'àèì'

/** Takes away or replaces what stands between two places, as a selection and a key do. */
export function deleteRange(fromBlock: number, from: number, toBlock: number, to: number, text = '') {
  return (person: Writer): void => {
    const start = person.positionOf(fromBlock) + 1 + from
    const end = person.positionOf(toBlock) + 1 + to
    person.edit(tr => {
      tr.setSelection(TextSelection.create(tr.doc, start, end))
      if (text === '') tr.deleteSelection()
      else tr.insertText(text)
    })
  }
}

/** Word edges and the middles of words of the target, the ends of its neighbours, and a block that has nothing to do with it. */
export interface TypingPlace {
  readonly name: string
  /** Letters of the base text, so that a place is the same after an edit that is to be undone. */
  readonly left: string | null
  readonly right: string | null
  /** The first block behind this text that is empty, instead. */
  readonly emptyBehind?: string
}

export const places: readonly TypingPlace[] = [
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

/** Which cases of an edit are wanted. */
export type Choice = (one: Pick<Case, 'act' | 'place' | 'swapped'>) => boolean

export function runCases<W extends Writer>(
  subject: Subject<W>,
  edits: readonly Edit<W>[],
  isWanted: Choice = () => true,
): Case[] {
  const cases: Case[] = []
  for (const edit of edits) {
    for (const act of ['do', 'undo', 'redo'] as const) {
      for (const place of subject.places ?? places) {
        for (const swapped of [false, true]) {
          if (!isWanted({ act, place: place.name, swapped })) continue
          const result = runCase(subject, edit, act, place, swapped)
          if (result !== null) cases.push(result)
        }
      }
    }
  }
  return cases
}

function runCase<W extends Writer>(
  subject: Subject<W>,
  edit: Edit<W>,
  act: Case['act'],
  place: TypingPlace,
  swapped: boolean,
): Case | null {
  const one = subject.open(swapped ? 2000 : 1000, subject.seed)
  const two = subject.open(swapped ? 1000 : 2000, subject.seed)
  const persons = [one, two]
  try {
    edit.prepare?.(one)
    deliver(persons)
    subject.endStep(one)
    if (act !== 'do') {
      edit.run(one)
      if (act === 'redo') subject.undo(one)
      deliver(persons)
    }
    const before = two.texts
    const spot = findPlace(before, place)
    if (spot === null) return null
    const history = Y.encodeStateAsUpdate(one.ydoc)
    if (act === 'do') edit.run(one)
    else if (act === 'undo') subject.undo(one)
    else subject.redo(one)
    const alone = one.texts
    const root = subject.rootOf?.(two, spot.block)
    two.type(spot.block, spot.offset, typed)
    // Two more replicas see the same updates in the two orders.
    const third = subject.open(3000, history)
    const fourth = subject.open(4000, history)
    persons.push(third, fourth)
    const [fromOne, fromTwo] = [one.outbox.splice(0), two.outbox.splice(0)]
    two.receive(fromOne)
    one.receive(fromTwo)
    third.receive([...fromOne, ...fromTwo])
    fourth.receive([...fromTwo, ...fromOne])
    // An editor may answer what it was given with something of its own.
    deliver(persons)
    const after = one.texts
    const isSame = persons.every(person => subject.shown(person) === subject.shown(one))
    let outcome = isSame ? judge(before, alone, after, spot) : 'diverged'
    if (outcome === 'kept' && root !== undefined) {
      const holder = after.findIndex(text => text.includes(typed))
      if (subject.rootOf!(one, holder) !== root) outcome = 'displaced'
    }
    const inTarget = letters(before[spot.block]!).some(letter => lines[target]!.includes(letter))
    if (outcome === 'displaced' && subject.isNamed(edit.name, inTarget, after)) outcome = 'named'
    return { edit: edit.name, act, place: place.name, swapped, outcome, before, after }
  } finally {
    for (const person of persons) subject.close(person)
  }
}

/** Gives everybody what the others wrote, until nobody has anything to say; who never falls silent has not converged. */
function deliver(persons: readonly Writer[]): void {
  for (let round = 0; round < 10 && persons.some(person => person.outbox.length > 0); round++) {
    const sent = persons.map(person => person.outbox.splice(0))
    for (const [receiver, person] of persons.entries()) {
      for (const [sender, updates] of sent.entries()) if (sender !== receiver) person.receive(updates)
    }
  }
}

function findPlace(
  texts: readonly string[],
  { left, right, emptyBehind }: TypingPlace,
): { block: number; offset: number } | null {
  if (emptyBehind !== undefined) {
    const block = texts.indexOf('', texts.indexOf(emptyBehind))
    return block < 0 || !texts.includes(emptyBehind) ? null : { block, offset: 0 }
  }
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

/** Spaces tell nothing: they are all alike. */
function letters(text: string): string[] {
  return [...text].filter(letter => letter !== ' ')
}

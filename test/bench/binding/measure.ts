// Measures one size of document: every act is done by one person in each subject in turn, and what it sends is brought to a second person
// of the same subject, so that a slow moment of the machine falls on all of them.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Node } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import type { BenchEditor, Subject, SubjectName } from './subjects.ts'
import { benchBlocks } from './text.ts'

export interface Size {
  readonly blocks: number
  readonly isBold: boolean
}

/** Medians over so many times. */
export interface Figure {
  /** Milliseconds, or megabytes. */
  readonly value: number
  /** CPU time of the process in milliseconds; null where it is no time. */
  readonly cpuMs: number | null
  readonly times: number
}

export interface Row {
  readonly act: string
  readonly unit: 'ms' | 'MB'
  readonly figures: ReadonlyMap<SubjectName, Figure>
}

export interface Measurement {
  readonly size: Size
  readonly rows: readonly Row[]
}

export interface Effort {
  /** How often an act is measured; a peer that needs long for one does fewer. */
  readonly times: number
  readonly isQuick: boolean
}

interface Act {
  readonly name: string
  /** Of the times asked for. */
  readonly share: number
  /** Everything that is not measured; @returns what is. */
  prepare(editor: BenchEditor, turn: number, count: number): () => void
}

const keysInARow = 10

const acts: readonly Act[] = [
  {
    name: 'key',
    share: 1,
    prepare: ({ view }, turn, count) => {
      if (turn % keysInARow === 0) placeCaret(view, placeOf(turn / keysInARow, count), 20)
      return () => view.dispatch(view.state.tr.insertText('x'))
    },
  },
  {
    name: 'Enter',
    share: 0.3,
    prepare: ({ view }, turn, count) => {
      placeCaret(view, placeOf(turn, count), 14)
      return () => view.dispatch(view.state.tr.split(view.state.selection.head))
    },
  },
  {
    name: 'retype',
    share: 0.3,
    prepare: (editor, turn, count) => {
      const { view } = editor
      const position = placeCaret(view, placeOf(turn, count), 3)
      return () => view.dispatch(editor.retype(view.state.tr, position))
    },
  },
]

/** Two people in one document of a subject. */
interface Pair {
  readonly subject: Subject
  readonly seed: Uint8Array
  readonly one: BenchEditor
  readonly two: BenchEditor | null
}

export function measureSize(size: Size, subjects: readonly Subject[], effort: Effort): Measurement {
  const blocks = benchBlocks(size.blocks, size)
  const seeds = subjects.map(subject => ({ subject, seed: subject.seed(blocks) }))
  const shared = seeds.filter(({ subject }) => subject.isShared)
  const loading = measureLoading(shared, effort)
  const pairs = seeds.map(({ subject, seed }): Pair => {
    const two = subject.isShared ? subject.open(seed, 2000) : null
    return { subject, seed, one: subject.open(seed, 1000), two }
  })
  for (const { two } of pairs) if (two !== null) placeCaret(two.view, Math.floor(size.blocks / 2), 7)
  const rows = [
    ...acts.flatMap(act => measureAct(act, pairs, size.blocks, effort)),
    ...measureCarets(pairs, size.blocks, effort),
    ...loading,
  ]
  for (const { subject, one, two } of pairs) {
    if (two !== null && !two.view.state.doc.textContent.includes(one.view.state.doc.textContent)) {
      throw new Error(`The two people of ${subject.name} do not show the same`)
    }
    one.close()
    two?.close()
  }
  return { size, rows }
}

function measureAct(act: Act, pairs: readonly Pair[], count: number, effort: Effort): Row[] {
  const local = new Clock(`${act.name}, local`)
  const remote = new Clock(`${act.name}, remote`)
  inTurns(pairs, act.share, count, effort, ({ subject, one, two }, turn) => {
    const run = act.prepare(one, turn, count)
    if (two !== null) for (const update of one.outbox.splice(0)) two.receive(update)
    local.time(subject, run)
    if (two === null) return
    const updates = one.outbox.splice(0)
    if (updates.length === 0) throw new Error(`${act.name} of ${subject.name} writes nothing`)
    remote.time(subject, () => {
      for (const update of updates) two.receive(update)
    })
  })
  return [local.row, remote.row]
}

function measureCarets(pairs: readonly Pair[], count: number, effort: Effort): Row[] {
  const move = new Clock('caret move')
  const send = new Clock('caret message, made')
  const find = new Clock('caret message, found')
  inTurns(pairs, 1, count, effort, ({ subject, one, two }, turn) => {
    const { view } = one
    const position = positionOf(view.state.doc, placeOf(turn, count)) + 8
    move.time(subject, () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, position))))
    if (two === null) return
    let sent = ''
    send.time(subject, () => {
      sent = one.caret()
    })
    let found: readonly (number | null)[] = []
    find.time(subject, () => {
      found = two.findCaret(sent)
    })
    if (found[1] !== position) throw new Error(`A caret of ${subject.name} is found in another place`)
  })
  return [move.row, send.row, find.row]
}

function measureLoading(shared: readonly { subject: Subject; seed: Uint8Array }[], { isQuick }: Effort): Row[] {
  const loading = new Clock('applyUpdate + read')
  const heap = new Map<SubjectName, number[]>()
  for (let turn = 0; turn < (isQuick ? 1 : 5); turn++) {
    for (const { subject, seed } of shared) {
      loading.time(subject, () => subject.read(subject.load(seed)))
      const before = usedHeap()
      const ydoc = subject.load(seed)
      const used = usedHeap() - before
      heap.set(subject.name, [...(heap.get(subject.name) ?? []), used / 2 ** 20])
      ydoc.destroy()
    }
  }
  const figures = new Map([...heap].map(([name, of]) => [name, { value: median(of), cpuMs: null, times: of.length }]))
  return [loading.row, { act: 'heap of the Y.Doc', unit: 'MB', figures }]
}

/** Calls with each pair in turn, until each had as many turns as it is to have. */
function inTurns(
  pairs: readonly Pair[],
  share: number,
  count: number,
  { times, isQuick }: Effort,
  act: (pair: Pair, turn: number) => void,
): void {
  const rounds = Math.max(2, Math.round(times * share))
  for (let round = 0; round < rounds; round++) {
    for (const pair of pairs) {
      const isSlow = pair.subject.name.startsWith('y-') && !isQuick
      const every = isSlow ? Math.ceil(count / 5_000) : 1
      if (round % every === 0) act(pair, round / every)
    }
  }
}

/** Puts the caret into a block. @returns the position before the block. */
function placeCaret(view: BenchEditor['view'], block: number, offset: number): number {
  const position = positionOf(view.state.doc, block)
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, position + 1 + offset)))
  return position
}

/** Blocks all over the document, none twice. */
function placeOf(turn: number, count: number): number {
  return (turn * 7919) % count
}

function positionOf(doc: Node, block: number): number {
  let left = block
  let position = 0
  for (const child of doc.children) {
    if (child.isTextblock ? left === 0 : left < child.childCount) {
      return child.isTextblock ? position : position + 1 + positionOf(child, left)
    }
    left -= child.isTextblock ? 1 : child.childCount
    position += child.nodeSize
  }
  throw new RangeError(`No block ${block}`)
}

/** Times what each subject does. */
class Clock {
  readonly #act: string
  readonly #times = new Map<SubjectName, { wall: number[]; cpu: number[] }>()

  constructor(act: string) {
    this.#act = act
  }

  time({ name }: Subject, run: () => void): void {
    const cpu = process.cpuUsage()
    const start = performance.now()
    run()
    const wall = performance.now() - start
    const used = process.cpuUsage(cpu)
    const of = this.#times.get(name) ?? { wall: [], cpu: [] }
    this.#times.set(name, of)
    of.wall.push(wall)
    of.cpu.push((used.user + used.system) / 1000)
  }

  get row(): Row {
    const figures = [...this.#times].map(
      ([name, { wall, cpu }]) => [name, { value: median(wall), cpuMs: median(cpu), times: wall.length }] as const,
    )
    return { act: this.#act, unit: 'ms', figures: new Map(figures) }
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Bytes in use once all garbage is collected. */
export function usedHeap(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

// Two people in one document of a subject, and what is timed of them. Runs in a process of its own: process.ts.

import type { Node } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import type { Size } from './measure.ts'
import type { BenchEditor, Subject } from './subjects.ts'
import { benchBlocks } from './text.ts'

export type Act = 'key' | 'Enter' | 'retype' | 'caret move' | 'caret message' | 'applyUpdate + read'

export interface Time {
  readonly ms: number
  readonly cpuMs: number
}

/** One act: of the person who did it, and of the other, if there is one. */
export interface Sample {
  readonly local?: Time
  readonly remote?: Time
}

const keysInARow = 10

export class Session {
  readonly #subject: Subject
  readonly #count: number
  readonly #seed: Uint8Array
  readonly #one: BenchEditor
  readonly #two: BenchEditor | null
  readonly #turns = new Map<Act, number>()

  constructor(subject: Subject, seed: Uint8Array, count: number) {
    this.#subject = subject
    this.#count = count
    this.#seed = seed
    this.#one = subject.open(seed, 1000)
    this.#two = subject.isShared ? subject.open(seed, 2000) : null
    if (this.#two !== null) placeCaret(this.#two.view, Math.floor(count / 2), 7)
  }

  act(act: Act): Sample {
    const turn = this.#turns.get(act) ?? 0
    this.#turns.set(act, turn + 1)
    if (act === 'applyUpdate + read') return this.#load()
    if (act === 'caret message') return this.#sendCaret(turn)
    const run = this.#prepare(act, turn)
    if (act === 'caret move') return { local: time(run) }
    const local = time(run)
    if (this.#two === null) return { local }
    const two = this.#two
    const updates = this.#one.outbox.splice(0)
    if (updates.length === 0) throw new Error(`${act} of ${this.#subject.name} writes nothing`)
    return { local, remote: time(() => two.receive(updates)) }
  }

  /** @throws Error where the two people do not show the same. */
  close(): void {
    if (this.#two !== null && !this.#two.view.state.doc.eq(this.#one.view.state.doc)) {
      throw new Error(`The two people of ${this.#subject.name} do not show the same`)
    }
    this.#one.close()
    this.#two?.close()
  }

  /** @returns what is timed; all else is done. */
  #prepare(act: 'key' | 'Enter' | 'retype' | 'caret move', turn: number): () => void {
    const one = this.#one
    const { view } = one
    if (act === 'key') {
      if (turn % keysInARow === 0) placeCaret(view, this.#placeOf(turn / keysInARow), 20)
      return () => view.dispatch(view.state.tr.insertText('x'))
    }
    if (act === 'Enter') {
      placeCaret(view, this.#placeOf(turn), 14)
      return () => view.dispatch(view.state.tr.split(view.state.selection.head))
    }
    if (act === 'retype') {
      const position = placeCaret(view, this.#placeOf(turn), 3)
      // Headings by the second time round.
      const level = 2 + (Math.floor(turn / this.#count) % 2)
      return () => view.dispatch(one.retype(view.state.tr, position, level))
    }
    const position = positionOf(view.state.doc, this.#placeOf(turn)) + 1
    return () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, position)))
  }

  #sendCaret(turn: number): Sample {
    const two = this.#two
    if (two === null) return {}
    placeCaret(this.#one.view, this.#placeOf(turn), 7)
    const { head } = this.#one.view.state.selection
    let sent = ''
    const local = time(() => {
      sent = this.#one.caret()
    })
    let found: readonly (number | null)[] = []
    const remote = time(() => {
      found = two.findCaret(sent)
    })
    if (found[1] !== head) throw new Error(`A caret of ${this.#subject.name} is found in another place`)
    return { local, remote }
  }

  #load(): Sample {
    if (!this.#subject.isShared) return {}
    return { local: time(() => this.#subject.read(this.#subject.load(this.#seed))) }
  }

  /** Blocks all over the document, none twice. */
  #placeOf(turn: number): number {
    return (turn * 7919) % this.#count
  }
}

export function seedOf(subject: Subject, size: Size): Uint8Array {
  return subject.seed(benchBlocks(size.blocks, size))
}

function time(run: () => void): Time {
  const cpu = process.cpuUsage()
  const start = performance.now()
  run()
  const ms = performance.now() - start
  const used = process.cpuUsage(cpu)
  return { ms, cpuMs: (used.user + used.system) / 1000 }
}

/** Puts the caret into a block, at its end where it is shorter. @returns the position before the block. */
function placeCaret(view: BenchEditor['view'], block: number, offset: number): number {
  const { doc, tr } = view.state
  const position = positionOf(doc, block)
  const most = doc.nodeAt(position)!.content.size
  view.dispatch(tr.setSelection(TextSelection.create(doc, position + 1 + Math.min(offset, most))))
  return position
}

function positionOf(doc: Node, block: number): number {
  let left = block
  let position = 0
  for (const child of doc.children) {
    const blocks = child.isTextblock ? 1 : child.childCount
    if (left < blocks) return child.isTextblock ? position : position + 1 + positionOf(child, left)
    left -= blocks
    position += child.nodeSize
  }
  throw new RangeError(`No block ${block}`)
}

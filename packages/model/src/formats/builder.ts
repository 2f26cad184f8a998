// Flattens nested formats into blocks. A parser opens a frame for each element that nests (list item, quote, callout, toggle)
// and writes blocks; the builder gives each its indent. The first paragraph of a frame is the text of the block that the frame
// stands for; if something else comes first, that block is empty.

import type { Fragment, Node } from 'prosemirror-model'
import { cutSections } from '../blocks.ts'
import { isBlockId } from '../ids.ts'
import { hidesMarks, readShape } from '../kinds.ts'
import { maxIndent } from '../schema.ts'
import { codeContent } from './inline.ts'

export type Registers = Readonly<Record<string, unknown>>

/** What a note in the source says about the next block. */
export interface BlockNote {
  readonly id?: string
  readonly indent?: number
  readonly start?: number
  readonly align?: string
  /** A paragraph that is the child of a quote, where a plain one would be a quote. */
  readonly isParagraph?: boolean
}

interface Frame {
  /** Registers of the block that the frame stands for. */
  own: Registers
  /** A quote goes on: each of its paragraphs is a quote block. */
  readonly repeats: boolean
  readonly base: number
  ownIndent: number | null
}

export class BlockBuilder {
  readonly #blocks: Node[] = []
  readonly #frames: Frame[] = []
  readonly #ids = new Set<string>()
  #note: BlockNote | null = null

  get depth(): number {
    return this.#frames.length
  }

  /** Says something about the block that is written next. */
  note(note: BlockNote): void {
    this.#note = { ...this.#note, ...note }
  }

  open(own: Registers, repeats = false): void {
    this.#own()
    this.#frames.push({ own, repeats, base: this.#natural(), ownIndent: null })
  }

  close(): void {
    const frame = this.#frames.at(-1)!
    if (frame.ownIndent === null) frame.ownIndent = this.#write(frame.own, null, frame.base)
    this.#frames.pop()
  }

  /** A checkbox in a list item makes it a task. */
  check(checked: boolean): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined || frame.ownIndent !== null) return
    if (frame.own.kind === 'bullet' || frame.own.kind === 'ordered') frame.own = { kind: 'task', checked }
  }

  /** A paragraph, or the text of the frame that waits for it. */
  paragraph(content: Fragment | null, registers: Registers = {}): void {
    const frame = this.#frames.at(-1)
    const isPlain = this.#note?.isParagraph !== true && registers.kind === undefined
    if (frame !== undefined && isPlain && (frame.ownIndent === null || frame.repeats)) {
      frame.ownIndent = this.#write({ ...registers, ...frame.own }, content, frame.base)
    } else this.block({ ...registers, kind: 'paragraph' }, content)
  }

  block(registers: Registers, content: Fragment | null = null): void {
    this.#own()
    this.#write(registers, content, this.#natural())
  }

  finish(): Node {
    while (this.#frames.length > 0) this.close()
    if (this.#blocks.length === 0) this.#write({}, null, 0)
    return cutSections(this.#blocks)
  }

  #natural(): number {
    const frame = this.#frames.at(-1)
    return frame === undefined ? 0 : (frame.ownIndent ?? frame.base - 1) + 1
  }

  /** Something else comes first: the block of the frame is empty. A note is for what comes. */
  #own(): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined || frame.ownIndent !== null) return
    const note = this.#note
    this.#note = null
    frame.ownIndent = this.#write(frame.own, null, frame.base)
    this.#note = note
  }

  #write(registers: Registers, content: Fragment | null, natural: number): number {
    const note = this.#note
    this.#note = null
    const all: Record<string, unknown> = { indent: Math.min(natural, maxIndent), ...registers }
    if (note?.indent !== undefined) all.indent = note.indent
    if (note?.start !== undefined) all.start = note.start
    if (note?.align !== undefined) all.align = note.align
    const shape = readShape(name => (Object.hasOwn(all, name) ? all[name] : undefined))
    const id = note?.id !== undefined && isBlockId(note.id) && !this.#ids.has(note.id) ? note.id : null
    if (id !== null) this.#ids.add(id)
    const inline = content !== null && hidesMarks(shape.type) ? codeContent(content) : content
    this.#blocks.push(shape.type.create({ ...shape.attrs, id }, inline))
    return shape.attrs.indent as number
  }
}

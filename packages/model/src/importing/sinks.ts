// Where the blocks of a tree go: to the builder of the body, or into the row of a table. The model has no tables yet: a row is one
// paragraph, its cells parted by tabs, the blocks of a cell by line breaks. A sink for real tables takes the place of `RowSink`.

import { Fragment, type Node } from 'prosemirror-model'
import type { Registers } from '../formats/builder.ts'
import { append } from '../formats/lists.ts'
import { readAtom } from '../kinds.ts'
import { schema } from '../schema.ts'
import type { Losses } from './losses.ts'

export interface Sink {
  /** Begins what nests: a list item, a quote, a callout, a toggle. Its first paragraph is its own text. */
  open(own: Registers, repeats?: boolean): void
  close(): void
  paragraph(content: Fragment | null, registers?: Registers): void
  block(registers: Registers, content?: Fragment | null): void
}

export class RowSink implements Sink {
  readonly #losses: Losses
  readonly #nodes: Node[] = []
  #cells = 0
  #hasLine = false

  constructor(losses: Losses) {
    this.#losses = losses
  }

  cell(): void {
    if (this.#cells++ > 0) this.#nodes.push(schema.text('\t'))
    this.#hasLine = false
  }

  open(own: Registers): void {
    this.#losses.add('node', `${String(own.kind)} in a table`)
  }

  close(): void {
    // Nothing nests in a row: what was opened left its lines.
  }

  paragraph(content: Fragment | null): void {
    if (this.#hasLine) this.#nodes.push(schema.nodes.hard_break.create())
    this.#hasLine = true
    if (content !== null) append(this.#nodes, content.content)
  }

  block(registers: Registers, content: Fragment | null = null): void {
    const { kind } = registers
    const atom = kind === 'image' ? readAtom(registers) : null
    if (atom === null) this.#losses.add('node', `${String(kind)} in a table`)
    else this.paragraph(Fragment.from(atom))
    if (content !== null && content.size > 0) this.paragraph(content)
  }

  finish(): Fragment {
    return Fragment.fromArray(this.#nodes)
  }
}

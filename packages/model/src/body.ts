// The index of a whole body: its blocks, and the tables with their cells. It answers where a position of the ProseMirror document stands in
// Yjs, and the other way round, whether in a block of the body or in one of a cell.

import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import { Blocks, type Entry } from './blocks.ts'
import { isTable, textStart } from './kinds.ts'
import { openBody, type Sequence } from './layout.ts'
import type { Table } from './table.ts'
import { Tables } from './tables.ts'

/** A block that is shown: in which index it stands (null: in a cell that nothing was written in yet), and where its text begins. */
export interface BodySpot {
  readonly blocks: Blocks | null
  readonly entry: Entry | null
  /** Name of the root that it stands in. */
  readonly root: string
  readonly start: number
}

export class Body {
  readonly ydoc: Y.Doc
  readonly tables: Tables
  readonly blocks: Blocks

  constructor(ydoc: Y.Doc) {
    this.ydoc = ydoc
    const sequence = openBody(ydoc)
    this.tables = new Tables(ydoc)
    this.blocks = new Blocks(sequence, this.tables, 'body')
  }

  /** The document that the index describes. */
  get doc(): Node {
    return this.blocks.doc
  }

  /** The index of a sequence; null where it is neither the body nor a cell. */
  indexOf(sequence: unknown): Blocks | null {
    return sequence === this.blocks.sequence ? this.blocks : (this.tables.cellOf(sequence as Sequence)?.blocks ?? null)
  }

  /** The shown block that holds a position, or the nearest one at an edge. */
  locate(position: number): BodySpot {
    const { entry, before } = this.blocks.entryAt(position)
    const node = entry.node!
    const table = isTable(node) ? this.tables.table(entry.tid!) : null
    const start = before + textStart(node)
    const isInTable = table !== null && (node.childCount === 1 || position < start)
    if (!isInTable) return { blocks: this.blocks, entry, root: this.blocks.name, start }
    const spot = table.locate(position - before - 1)
    return { blocks: spot.cell?.blocks ?? null, entry: spot.entry, root: spot.name, start: before + 1 + spot.start }
  }

  /** Where the text of a shown block begins; null where it is not shown. */
  startOf(blocks: Blocks, entry: Entry): number | null {
    if (entry.node === null) return null
    if (blocks !== this.blocks) return this.#startInTable(blocks.name, entry)
    return this.blocks.positionOf(entry) + textStart(entry.node)
  }

  /** Where the text of the first block of a cell begins; null where the cell is not shown. */
  startOfCell(name: string): number | null {
    const cell = this.tables.cell(name)
    const first = cell?.blocks.sections[0]?.entries.find(entry => entry.node !== null) ?? null
    return this.#startInTable(name, first)
  }

  /** The entry of the body that shows a table; null where none does. */
  holderOf({ tid }: Table): Entry | null {
    for (const marker of this.tables.claimants(tid)) {
      const entry = this.blocks.entryOf(marker)
      if (entry?.node != null && isTable(entry.node)) return entry
    }
    return null
  }

  #startInTable(name: string, entry: Entry | null): number | null {
    const table = this.tables.tableOfCell(name)
    const holder = table === null ? null : this.holderOf(table)
    const offset = holder === null ? null : table!.offsetOf(name, entry)
    return offset === null ? null : this.blocks.positionOf(holder!) + 1 + offset + 1
  }
}

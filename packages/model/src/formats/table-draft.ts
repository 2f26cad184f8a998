// A table while its source is read: rows and cells are opened and closed, in whatever order the source has them.

import { Fragment, type Node } from 'prosemirror-model'
import { maxColumns } from '../grid.ts'
import { append } from './lists.ts'
import type { BlockNote } from './notes.ts'
import type { SourceCell } from './table-layout.ts'
import { makeTables, type TableHeader, type TableNode } from './table-nodes.ts'

/** What the source says of a cell. */
export interface CellSpec {
  readonly colspan?: number
  readonly rowspan?: number
  readonly widths?: readonly number[] | null
  readonly header?: SourceCell['header']
  /** The alignment of its paragraphs and headings that say nothing of theirs. */
  readonly align?: string | undefined
}

interface RowDraft {
  readonly cells: SourceCell[]
  readonly group: number
  readonly isHead: boolean
  readonly row: null
}

export class TableDraft {
  /** What was said about the block that shows the table. */
  readonly note: BlockNote | null
  caption: Fragment = Fragment.empty
  isInRow = false
  readonly #header: TableHeader | undefined
  readonly #rows: RowDraft[] = []
  readonly #widths: number[] = []
  #group = 0
  #isHead = false

  /** @param header undefined where it is to be told from the cells */
  constructor(header: TableHeader | undefined, note: BlockNote | null) {
    this.#header = header
    this.note = note
  }

  /** A group of rows begins or ends. */
  group(isHead: boolean): void {
    this.#group++
    this.#isHead = isHead
  }

  openRow(): void {
    this.isInRow = true
    this.#rows.push({ cells: [], group: this.#group, isHead: this.#isHead, row: null })
  }

  addCell(spec: CellSpec, blocks: readonly Node[]): void {
    const { colspan = 1, rowspan = 1, widths = null, header = null } = spec
    this.#rows.at(-1)!.cells.push({ colspan, rowspan, widths, header, column: null, blocks })
  }

  addColumns(count: number, width: number): void {
    const room = Math.min(count, maxColumns - this.#widths.length)
    if (room > 0) append(this.#widths, new Array<number>(room).fill(width))
  }

  finish(): TableNode[] {
    return makeTables({ rows: this.#rows, widths: this.#widths, header: this.#header })
  }
}

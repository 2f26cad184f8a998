// Flattens nested formats into blocks. A parser opens a frame for each element that nests (list item, quote, callout, toggle)
// and writes blocks; the builder gives each its indent. The first paragraph of a frame is the text of the block that the frame
// stands for; if something else comes first, that block is empty. In the cell of a table a list of blocks of its own is written; no
// table stands in a table.

import { Fragment, type Node } from 'prosemirror-model'
import { cutSections } from '../blocks.ts'
import { isBlockId } from '../ids.ts'
import { hidesMarks, isTable, readShape } from '../kinds.ts'
import { maxIndent, schema } from '../schema.ts'
import { codeContent } from './inline.ts'
import type { BlockNote } from './notes.ts'
import { type CellSpec, TableDraft } from './table-draft.ts'
import type { TableHeader } from './table-nodes.ts'

export type Registers = Readonly<Record<string, unknown>>

interface Frame {
  /** Registers of the block that the frame stands for. */
  own: Registers
  /** A quote goes on: each of its paragraphs is a quote block. */
  readonly repeats: boolean
  readonly base: number
  ownIndent: number | null
}

/** The cell that is being read. */
interface OpenCell {
  readonly spec: CellSpec
  /** No cell of the source: what stands in a table outside of its cells. */
  readonly isImplied: boolean
  /** What goes on behind the table. */
  readonly blocks: Node[]
  readonly frames: Frame[]
}

export class BlockBuilder {
  #blocks: Node[] = []
  #frames: Frame[] = []
  #table: TableDraft | null = null
  #cell: OpenCell | null = null
  readonly #ids = new Set<string>()
  #note: BlockNote | null = null
  /** Whether the open row began with a cell of its own accord. */
  #isRowImplied = false

  /** Says something about the block that is written next. */
  note(note: BlockNote): void {
    this.#note = { ...this.#note, ...note }
  }

  open(own: Registers, repeats = false): void {
    this.#implyCell()
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
    if (this.#isBetweenCells && (content === null || content.size === 0)) return
    this.#implyCell()
    const frame = this.#frames.at(-1)
    const isPlain = this.#note?.isParagraph !== true && registers.kind === undefined
    if (frame !== undefined && isPlain && (frame.ownIndent === null || frame.repeats)) {
      frame.ownIndent = this.#write({ ...registers, ...frame.own }, content, frame.base)
    } else this.block({ ...registers, kind: 'paragraph' }, content)
  }

  block(registers: Registers, content: Fragment | null = null): void {
    this.#implyCell()
    this.#own()
    this.#write(registers, content, this.#natural())
  }

  /**
   * Begins a table. False inside of one: what it holds goes on in the cell of the outer one.
   * @param header which cells are its header; undefined tells it from the cells
   */
  openTable(header?: TableHeader): boolean {
    if (this.#table !== null) return false
    this.#own()
    this.#table = new TableDraft(header, this.#note)
    this.#note = null
    return true
  }

  closeTable(): void {
    const table = this.#table!
    if (this.#cell !== null) this.closeCell()
    this.#table = null
    const tables = table.finish()
    this.#note = table.note
    if (tables.length === 0 && table.caption.size > 0) this.block({ kind: 'paragraph' }, table.caption)
    let indent = this.#natural()
    tables.forEach(({ header, table: node }, index) => {
      const caption = index < tables.length - 1 || table.caption.size === 0 ? [] : [captionOf(table.caption)]
      indent = this.#write({ kind: 'table', header }, Fragment.from([node, ...caption]), indent)
    })
    this.#note = null
  }

  /** Begins or ends a head, a body or a foot. */
  group(isHead: boolean): void {
    if (!this.#endImplied()) return
    if (this.#isRowImplied) this.#table!.isInRow = false
    this.#table!.group(isHead)
  }

  columns(count: number, width: number): void {
    if (this.#cell === null) this.#table?.addColumns(count, width)
  }

  /** False where no row can stand. */
  openRow(): boolean {
    if (!this.#endImplied() || (this.#table!.isInRow && !this.#isRowImplied)) return false
    this.#isRowImplied = false
    this.#table!.openRow()
    return true
  }

  closeRow(): void {
    this.#endImplied()
    this.#table!.isInRow = false
  }

  /** False where no cell can stand. */
  openCell(spec: CellSpec): boolean {
    if (!this.#endImplied()) return false
    this.#enterCell(spec, false)
    return true
  }

  closeCell(): void {
    while (this.#frames.length > 0) this.close()
    const { spec, blocks, frames } = this.#cell!
    if (this.#blocks.length === 0) this.#write({ align: spec.align }, null, 0)
    this.#table!.addCell(spec, this.#blocks)
    this.#blocks = blocks
    this.#frames = frames
    this.#cell = null
    this.#note = null
  }

  /** The caption of the table that is being read, or of the one that was read last. False where there is none, or it has one. */
  caption(content: Fragment): boolean {
    if (this.#table !== null) {
      if (this.#cell !== null || this.#table.caption.size > 0) return false
      this.#table.caption = content
      return true
    }
    const last = this.#blocks.at(-1)
    if (last === undefined || !isTable(last) || last.childCount > 1) return false
    this.#blocks[this.#blocks.length - 1] = last.copy(last.content.addToEnd(captionOf(content)))
    return true
  }

  finish(): Node {
    if (this.#table !== null) this.closeTable()
    while (this.#frames.length > 0) this.close()
    if (this.#blocks.length === 0) this.#write({}, null, 0)
    return cutSections(this.#blocks)
  }

  get #isBetweenCells(): boolean {
    return this.#table !== null && this.#cell === null
  }

  /** What stands in a table outside of its cells is a cell, so that it stays where it is. */
  #implyCell(): void {
    if (this.#isBetweenCells) this.#enterCell({}, true)
  }

  #enterCell(spec: CellSpec, isImplied: boolean): void {
    if (!this.#table!.isInRow) {
      this.#table!.openRow()
      this.#isRowImplied = true
    }
    this.#cell = { spec, isImplied, blocks: this.#blocks, frames: this.#frames }
    this.#blocks = []
    this.#frames = []
    this.#note = null
  }

  /** Whether a row or a cell can begin: in a table, outside of its cells. */
  #endImplied(): boolean {
    if (this.#table === null) return false
    if (this.#cell === null) return true
    if (!this.#cell.isImplied || this.#frames.length > 0) return false
    this.closeCell()
    return true
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
    // A kind that a source names without its parts: there is no table without cells.
    if (all.kind === 'table' && !isTableContent(content)) all.kind = 'paragraph'
    if (note?.indent !== undefined) all.indent = note.indent
    if (note?.start !== undefined) all.start = note.start
    if (note?.align !== undefined) all.align = note.align
    else if (isText(all.kind)) all.align ??= this.#cell?.spec.align
    const shape = readShape(name => (Object.hasOwn(all, name) ? all[name] : undefined))
    const id = note?.id !== undefined && isBlockId(note.id) && !this.#ids.has(note.id) ? note.id : null
    if (id !== null) this.#ids.add(id)
    const inline = content !== null && hidesMarks(shape.type) ? codeContent(content) : content
    this.#blocks.push(shape.type.create({ ...shape.attrs, id }, inline))
    return shape.attrs.indent as number
  }
}

function captionOf(content: Fragment): Node {
  return schema.nodes.table_caption.create(null, content)
}

function isTableContent(content: Fragment | null): boolean {
  return content?.firstChild?.type === schema.nodes.table
}

/** Paragraphs and headings have the alignment of the cell that they stand in. */
function isText(kind: unknown): boolean {
  return kind === undefined || kind === 'paragraph' || (typeof kind === 'string' && /^h[1-4]$/.test(kind))
}

// A cell of a table: a sequence of its own, laid out like the body, with a block index of its own. Its root comes to be with the first
// thing that is written in it; until then the cell shows an empty paragraph.

import type { Node } from 'prosemirror-model'
import type { Blocks, Entry, Region } from './blocks.ts'
import { hasUnits, type Sequence } from './layout.ts'
import { schema } from './schema.ts'

export interface Cell {
  /** The name of its root. */
  readonly name: string
  readonly tid: string
  readonly row: string
  readonly column: string
  readonly sequence: Sequence
  readonly blocks: Blocks
  /** Tells its table that it was read again. */
  touch(): void
}

/** What a cell shows whose root does not exist. */
export const blankBlock: Node = schema.nodes.paragraph.create()

/** Reads a cell again; blocks that show the same keep their nodes. */
export function rereadCell(cell: Cell): Region {
  const region = cell.blocks.reread(cell.blocks.head, null)
  settleCell(cell)
  return region
}

/** Lets the index of a cell that was read again describe a document, and its table show it. */
export function settleCell({ blocks, touch }: Cell): void {
  blocks.adopt(cellDoc(shownEntries(blocks).map(entry => entry.node!)))
  touch()
}

/** The document that the index of a cell describes: its blocks in one section. */
export function cellDoc(blocks: readonly Node[]): Node {
  return schema.nodes.doc.create(null, schema.nodes.section.create(null, blocks))
}

/** The entries of the blocks that an index shows, in order. */
export function shownEntries(blocks: Blocks): Entry[] {
  return blocks.sections.flatMap(section => section.entries.filter(entry => entry.node !== null))
}

/** Whether a cell shows nothing but an empty paragraph. */
export function isBlank({ blocks }: Cell): boolean {
  const shown = shownEntries(blocks)
  return shown.length === 1 && isBlankBlock(shown[0]!.node!)
}

/** An empty paragraph and nothing else. */
export function isBlankCell(cell: Node): boolean {
  return cell.childCount === 1 && isBlankBlock(cell.firstChild!)
}

export function isBlankBlock(block: Node): boolean {
  return block.type === schema.nodes.paragraph && block.content.size === 0
}

export function hasText({ sequence }: Cell): boolean {
  return hasUnits(sequence)
}

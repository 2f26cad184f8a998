// A document as lists of blocks: the body, and every cell of its tables. Edits are planned on places in these lists; a place between
// two blocks has the offset -1 of the block behind it, so that all places of a list stand in one order.

import { Fragment, type Node } from 'prosemirror-model'
import { blocksOf } from '../blocks.ts'
import { isTable, textOf } from '../kinds.ts'

export interface Spot {
  /** Index of the block in its list; the length of the list for the end. */
  readonly block: number
  /** In the text of the block, as ProseMirror counts; -1: before the block. */
  readonly offset: number
}

/** Where a list stands: the body, or the cell of a table of it. */
export interface CellPath {
  readonly block: number
  readonly row: number
  readonly cell: number
}

export interface BlockList {
  readonly cell: CellPath | null
  readonly blocks: readonly Node[]
}

/** Places of one list from `from` up to, not including, `to`. */
export interface Stretch {
  readonly list: number
  readonly from: Spot
  readonly to: Spot
}

/** The body first, then the cells of its tables in their order. */
export function listsOf(doc: Node): BlockList[] {
  const blocks = blocksOf(doc)
  const lists: BlockList[] = [{ cell: null, blocks }]
  blocks.forEach((block, index) => {
    if (!isTable(block)) return
    block.firstChild!.children.forEach((row, rowIndex) => {
      row.children.forEach((cell, cellIndex) => {
        lists.push({ cell: { block: index, row: rowIndex, cell: cellIndex }, blocks: cell.children })
      })
    })
  })
  return lists
}

/** The document position of a place in the text of a block. */
export function positionOf(doc: Node, lists: readonly BlockList[], list: number, { block, offset }: Spot): number {
  const { cell, blocks } = lists[list]!
  if (cell === null) return blockPosition(doc, block) + textStartOf(blocks[block]!) + offset
  const holder = lists[0]!.blocks[cell.block]!
  const table = holder.firstChild!
  let position = blockPosition(doc, cell.block) + 2
  for (let row = 0; row < cell.row; row++) position += table.child(row).nodeSize
  position += 1
  const row = table.child(cell.row)
  for (let index = 0; index < cell.cell; index++) position += row.child(index).nodeSize
  position += 1
  for (let index = 0; index < block; index++) position += blocks[index]!.nodeSize
  return position + 1 + offset
}

/** The place of a document position that stands in the text of a block. */
export function spotOf(doc: Node, lists: readonly BlockList[], position: number): { list: number; spot: Spot } {
  const at = doc.resolve(position)
  let block = at.index(1)
  for (let section = 0; section < at.index(0); section++) block += doc.child(section).childCount
  const holder = lists[0]!.blocks[block]!
  if (!isTable(holder) || at.depth < 4) {
    return { list: 0, spot: { block, offset: at.depth >= 2 ? at.parentOffset : 0 } }
  }
  const [row, cell, inside] = [at.index(3), at.index(4), at.depth > 5 ? at.index(5) : 0]
  const list = lists.findIndex(
    ({ cell: path }) => path !== null && path.block === block && path.row === row && path.cell === cell,
  )
  return { list, spot: { block: inside, offset: at.depth > 5 ? at.parentOffset : 0 } }
}

/** The blocks with the content of these cells; cells that are not named stay. */
export function withCells(blocks: readonly Node[], cells: readonly BlockList[]): Node[] {
  const changed = [...blocks]
  for (const { cell, blocks: inside } of cells) {
    const holder = changed[cell!.block]!
    const table = holder.firstChild!
    const row = table.child(cell!.row)
    const newRow = row.copy(
      row.content.replaceChild(cell!.cell, row.child(cell!.cell).copy(Fragment.from([...inside]))),
    )
    const newTable = table.copy(table.content.replaceChild(cell!.row, newRow))
    changed[cell!.block] = holder.copy(holder.content.replaceChild(0, newTable))
  }
  return changed
}

export function compareSpots(a: Spot, b: Spot): number {
  return a.block - b.block || a.offset - b.offset
}

/** A block with other text. */
export function withText(block: Node, text: Fragment): Node {
  if (!isTable(block)) return block.copy(text)
  const caption = block.type.schema.nodes.table_caption!
  const rest = text.size === 0 ? [] : [caption.create(null, text)]
  return block.copy(Fragment.from([block.firstChild!, ...rest]))
}

/** What a piece of text says: characters, and for an atom what it shows. */
export function textBetween(content: Fragment, from = 0, to = content.size): string {
  return content.textBetween(from, to, null, leaf => leaf.type.spec.leafText?.(leaf) ?? '')
}

/** What a stretch says, a line per block. */
export function textOfStretch({ blocks }: BlockList, { from, to }: Stretch): string {
  const lines: string[] = []
  for (let index = from.block; index <= Math.min(to.block, blocks.length - 1); index++) {
    if (index === to.block && to.offset < 0) break
    const text = textOf(blocks[index]!)
    const start = index === from.block ? Math.max(0, from.offset) : 0
    lines.push(textBetween(text, start, index === to.block ? to.offset : text.size))
  }
  return lines.join('\n')
}

function blockPosition(doc: Node, block: number): number {
  let position = 0
  let left = block
  for (const section of doc.children) {
    if (left < section.childCount) {
      position += 1
      for (let index = 0; index < left; index++) position += section.child(index).nodeSize
      return position
    }
    left -= section.childCount
    position += section.nodeSize
  }
  return position
}

function textStartOf(block: Node): number {
  if (!isTable(block)) return 1
  return 1 + block.firstChild!.nodeSize + (block.childCount > 1 ? 1 : 0)
}

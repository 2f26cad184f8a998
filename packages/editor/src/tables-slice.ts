// What of a table is copied, pasted and dropped. Ids of tables, rows, columns and blocks stay behind, for a copy is a table of its own.
// A part of a table that is pasted elsewhere is a whole, smaller table; in a cell, where no table may stand, it is its blocks.

import { isTable, schema } from '@sheaf/model'
import { Fragment, type Node, Slice } from 'prosemirror-model'

const { nodes } = schema

/** The same without the ids that say which part of which document it is. */
export function withoutIds({ content, openStart, openEnd }: Slice): Slice {
  return new Slice(anonymous(content), openStart, openEnd)
}

/** Makes whole tables of what tables, rows and cells there are; the ends of text stay open. */
export function withWholeTables(slice: Slice): Slice {
  const { content, openStart, openEnd } = slice
  const { firstChild: first, lastChild: last } = content
  if (first === null || last === null) return slice
  if (first.type === nodes.table_row || first.type === nodes.table_cell || first.type === nodes.table) {
    return new Slice(Fragment.from(wrapTable(content)), 0, 0)
  }
  if (!content.content.some(isTable)) return slice
  return new Slice(
    Fragment.from(content.content.map(node => (isTable(node) ? withHeader(node) : node))),
    isTable(first) ? 0 : openStart,
    isTable(last) ? 0 : openEnd,
  )
}

/** The table that is all of a slice; null where there is none, or something beside it. */
export function onlyTable({ content }: Slice): Node | null {
  return content.childCount === 1 && isTable(content.firstChild!) ? content.firstChild! : null
}

/** Tables become the blocks that stand in their cells. */
export function withoutTables(slice: Slice): Slice {
  const { content } = slice
  if (!content.content.some(isTable)) return slice
  const blocks = content.content.flatMap(node => (isTable(node) ? blocksIn(node) : [node]))
  return new Slice(Fragment.from(blocks), slice.openStart, slice.openEnd)
}

/** A line for each row, a tab between two cells. */
export function tableText(block: Node, textOf: (block: Node) => string): string {
  const rows = block.firstChild!.children.map(row =>
    row.children
      .map(cell =>
        cell.children
          .map(textOf)
          .join(' ')
          .replace(/[\t\n]/g, ' '),
      )
      .join('\t'),
  )
  const caption = block.childCount > 1 ? block.lastChild!.textContent : ''
  return [...rows, ...(caption === '' ? [] : [caption])].join('\n')
}

function anonymous(content: Fragment): Fragment {
  return Fragment.from(
    content.content.map(node => {
      if (node.isInline) return node
      const attrs: Record<string, unknown> = { ...node.attrs }
      for (const name of ['id', 'table', 'row', 'column']) if (name in attrs) attrs[name] = null
      return node.type.create(attrs, node.isTextblock ? node.content : anonymous(node.content), node.marks)
    }),
  )
}

function blocksIn(block: Node): Node[] {
  const blocks = block.firstChild!.children.flatMap(row => row.children.flatMap(cell => cell.children))
  const caption = block.childCount > 1 ? block.lastChild! : null
  return caption === null ? blocks : [...blocks, nodes.paragraph.create(null, caption.content)]
}

function wrapTable(content: Fragment): Node {
  const first = content.firstChild!
  const table =
    first.type === nodes.table
      ? first
      : nodes.table.create(null, first.type === nodes.table_row ? content : nodes.table_row.create(null, content))
  return withHeader(nodes.table_block.create(null, table))
}

/** Header cells of HTML say which line is a header. */
function withHeader(block: Node): Node {
  if (block.attrs.header !== null) return block
  const rows = block.firstChild!.children
  const isRow = rows.length > 1 && rows[0]!.childCount > 0 && rows[0]!.children.every(cell => cell.attrs.scope !== null)
  const isColumn =
    rows.length > 1 &&
    rows.slice(isRow ? 1 : 0).every(row => row.childCount > 1 && row.firstChild!.attrs.scope !== null)
  const header = isRow && isColumn ? 'both' : isRow ? 'row' : isColumn ? 'column' : null
  return header === null ? block : nodes.table_block.create({ ...block.attrs, header }, block.content, block.marks)
}

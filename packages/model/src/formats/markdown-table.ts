// Tables as GFM has them: lines of cells between pipes, the first of them the header. Merged cells, widths, captions, other headers, and
// cells with more than a paragraph are not among what it can say.

import type { Fragment, Node } from 'prosemirror-model'
import { schema } from '../schema.ts'

const delimiters = new Map<unknown, string>([
  [null, '---'],
  ['center', ':-:'],
  ['end', '--:'],
])

/**
 * The lines of a normal table; null where GFM cannot say it.
 * @param cellText a paragraph on one line, its pipes escaped
 */
export function pipeTable(block: Node, cellText: (content: Fragment) => string): string[] | null {
  const rows = block.firstChild!.children
  const [first] = rows
  if (block.attrs.header !== 'row' || block.childCount > 1) return null
  const aligns = first!.children.map(cell => cell.firstChild!.attrs.align ?? null)
  if (aligns.some(align => !delimiters.has(align))) return null
  const isPlain = rows.every(row => row.children.every((cell, column) => isPlainCell(cell, aligns[column])))
  if (!isPlain) return null
  const lines = rows.map(row => lineOf(row.children.map(cell => cellText(cell.firstChild!.content))))
  return [lines[0]!, lineOf(aligns.map(align => delimiters.get(align)!)), ...lines.slice(1)]
}

/** Whether a cell is one plain paragraph, aligned as its column. */
function isPlainCell(cell: Node, align: unknown): boolean {
  const { colspan, rowspan, colwidth } = cell.attrs
  const paragraph = cell.firstChild!
  if (colspan !== 1 || rowspan !== 1 || colwidth !== null || cell.childCount > 1) return false
  return paragraph.type === schema.nodes.paragraph && paragraph.attrs.indent === 0 && paragraph.attrs.align === align
}

function lineOf(cells: readonly string[]): string {
  return `|${cells.map(text => (text === '' ? ' ' : ` ${text} `)).join('|')}|`
}

// Tables that are made of texts: new ones, and what spreadsheets put on the clipboard as text.

import { schema } from '@sheaf/model'
import type { Attrs, Node } from 'prosemirror-model'

const { nodes } = schema

/** What spreadsheets put on the clipboard as text: cells between tabs, quoted where they hold a tab, a line end or a quote. */
export function parseCells(text: string): string[][] {
  const rows: string[][] = [[]]
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n?|\n|$)/gy
  const source = text.replace(/(\r\n?|\n)$/, '')
  while (cell.lastIndex <= source.length) {
    const match = cell.exec(source)
    if (match === null) break
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '') break
    if (match[3] !== '\t') rows.push([])
  }
  return rows
}

/** A new table, the first row a header. */
export function newTable(rows: number, columns: number): Node {
  const row = Array.from({ length: columns }, () => '')
  return tableOfTexts(
    Array.from({ length: rows }, () => row),
    { header: 'row' },
  )
}

/** A table with these texts. */
export function tableOfTexts(rows: readonly (readonly string[])[], attrs: Attrs | null = null): Node {
  const width = Math.max(...rows.map(row => row.length))
  return nodes.table_block.create(
    attrs,
    nodes.table.create(
      null,
      rows.map(row =>
        nodes.table_row.create(
          null,
          Array.from({ length: width }, (_, column) => nodes.table_cell.create(null, paragraphs(row[column] ?? ''))),
        ),
      ),
    ),
  )
}

function paragraphs(text: string): Node[] {
  return text.split(/\r\n?|\n/).map(line => nodes.paragraph.create(null, line === '' ? null : schema.text(line)))
}

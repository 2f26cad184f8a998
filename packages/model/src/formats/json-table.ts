// A table in ProseMirror JSON. Rows and columns keep what they are known by, so that what was read, changed and written again goes into the
// rows and columns that it came from; what a body does not know means nothing to it. Rows may be of any length, and `scope` may be left out.

import type { Fragment, Node } from 'prosemirror-model'
import { isTableId, maxCells, maxColumns, maxWidth } from '../grid.ts'
import { schema } from '../schema.ts'
import { FormatError } from './errors.ts'
import { type JsonObject, list, object, string } from './json-values.ts'
import { normalizeInline } from './normalize.ts'
import type { SourceCell, SourceRow } from './table-layout.ts'
import { makeTables } from './table-nodes.ts'

/** How what stands in a table is read. */
interface Readers {
  /** A block in a cell; `ids` are those that stand there already. */
  block(value: unknown, path: string, ids: Set<string>): Node
  line(json: JsonObject, path: string): Fragment
}

const { nodes } = schema

/** @param attrs of the block, checked but for `table` */
export function readTable(json: JsonObject, attrs: Record<string, unknown>, path: string, readers: Readers): Node {
  if (attrs.table !== null && !isTableId(attrs.table)) throw new FormatError(`${path}.attrs.table`, 'is not a table id')
  const at = `${path}.content`
  const [table, caption, ...others] = list(json.content, at)
  const rows = contentOf(table, 'table', `${at}[0]`).map((row, index) =>
    readRow(row, `${at}[0].content[${index}]`, readers),
  )
  const made = makeTables({ rows, widths: [], header: attrs.header as 'row' | 'column' | 'both' | null })
  if (made.length === 0) throw new FormatError(`${at}[0]`, 'has no cell')
  if (made.length > 1 || rows.some(row => row.cells.length > maxColumns)) {
    throw new FormatError(`${at}[0]`, `has more than ${maxColumns} columns or ${maxCells} cells`)
  }
  if (others.length > 0) throw new FormatError(`${at}[2]`, 'stands behind the caption')
  const line = caption === undefined ? null : readCaption(caption, `${at}[1]`, readers)
  const captions = line === null || line.size === 0 ? [] : [nodes.table_caption.create(null, line)]
  return nodes.table_block.create(attrs, [made[0]!.table, ...captions])
}

function readCaption(value: unknown, path: string, { line }: Readers): Fragment {
  const json = object(value, path)
  expectType(json, 'table_caption', path)
  return normalizeInline(line(json, path))
}

function readRow(value: unknown, path: string, readers: Readers): SourceRow {
  const cells = contentOf(value, 'table_row', path).map((cell, index) =>
    readCell(cell, `${path}.content[${index}]`, readers),
  )
  const row = readId(attributesOf(value, path).row, /^[\w-]{1,63}$/, `${path}.attrs.row`)
  return { cells, group: 0, isHead: false, row }
}

function readCell(value: unknown, path: string, readers: Readers): SourceCell {
  const ids = new Set<string>()
  const content = contentOf(value, 'table_cell', path)
  const { colspan, rowspan, colwidth, column, scope } = attributesOf(value, path)
  if (![undefined, null, 'col', 'row'].includes(scope as null))
    throw new FormatError(`${path}.attrs.scope`, 'must be "col", "row" or null')
  return {
    colspan: readSpan(colspan, `${path}.attrs.colspan`),
    rowspan: readSpan(rowspan, `${path}.attrs.rowspan`),
    widths: readWidths(colwidth, `${path}.attrs.colwidth`),
    header: null,
    column: readId(column, /^\w{1,32}$/, `${path}.attrs.column`),
    blocks: content.map((block, index) => readers.block(block, `${path}.content[${index}]`, ids)),
  }
}

function contentOf(value: unknown, type: string, path: string): readonly unknown[] {
  const json = object(value, path)
  expectType(json, type, path)
  return list(json.content ?? [], `${path}.content`)
}

function expectType(json: JsonObject, type: string, path: string): void {
  if (string(json.type, `${path}.type`) !== type) throw new FormatError(`${path}.type`, `must be "${type}"`)
}

function attributesOf(value: unknown, path: string): JsonObject {
  const { attrs } = object(value, path)
  return attrs === undefined ? {} : object(attrs, `${path}.attrs`)
}

function readId(value: unknown, pattern: RegExp, path: string): string | null {
  if (value === undefined || value === null) return null
  if (!pattern.test(string(value, path))) throw new FormatError(path, 'is not an id')
  return value as string
}

function readSpan(value: unknown, path: string): number {
  if (value === undefined) return 1
  if (!Number.isInteger(value) || (value as number) < 1) throw new FormatError(path, 'must be a positive integer')
  return value as number
}

function readWidths(value: unknown, path: string): readonly number[] | null {
  if (value === undefined || value === null) return null
  return list(value, path).map((width, index) => {
    if (Number.isInteger(width) && (width as number) >= 0 && (width as number) <= maxWidth) return width as number
    throw new FormatError(`${path}[${index}]`, `must be an integer from 0 to ${maxWidth}`)
  })
}

// The grid of a table as its root says it: which rows and columns there are, in which order, how wide, and which cells are merged. Pure
// and total: of whatever stands in the root, what is malformed is ignored.
//
// The root `table:<tid>` is a flat map. `r:<id>` and `c:<id>` hold the first order key of a row or column, never rewritten; `o:<id>` the key
// after a move; `w:<id>` a width; `gone:<id>` hides; `span:<row>:<column>` = `<last row>:<last column>` merges cells. Ids of rows begin with
// the id of their table and a hyphen, so that a cell, whose root is `cell:<row>:<column>`, belongs to one table whatever others write.

/** A row or a column. */
export interface Line {
  readonly id: string
  readonly key: string
  readonly gone: boolean
}

/** Merged cells: indexes of lines, gone ones included, both ends counting. Of two that overlap the first one counts. */
export interface Span {
  /** The key of its register. */
  readonly register: string
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

export interface Outline {
  /** In order, gone ones included. */
  readonly rows: readonly Line[]
  readonly columns: readonly Line[]
  /** CSS pixels by column. */
  readonly widths: ReadonlyMap<string, number>
  readonly spans: readonly Span[]
}

/** A rectangle of shown rows and columns, ends included, that one cell covers. */
export interface Area {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
  /** What merged it; null for a plain cell. Gone lines inside of it belong to it as well. */
  readonly span: Span | null
}

/** Of a table with more columns, cells or merged cells the first are shown. */
export const maxColumns = 200
export const maxCells = 20_000
export const maxSpans = 1_000

/** Widest column, in CSS pixels. */
export const maxWidth = 10_000

export function isTableId(value: unknown): value is string {
  return typeof value === 'string' && /^\w{1,32}$/.test(value)
}

/** Row and column of the root of a cell; null where the name is none of a cell. */
export function parseCellName(name: string): { tid: string; row: string; column: string } | null {
  const match = /^cell:((\w{1,32})-\w{1,30}):(\w{1,32})$/.exec(name)
  return match === null ? null : { row: match[1]!, tid: match[2]!, column: match[3]! }
}

export function cellName(row: string, column: string): string {
  return `cell:${row}:${column}`
}

/** Reads the registers of a table's root, in whatever order they come. */
export function readOutline(tid: string, registers: ReadonlyMap<string, unknown>): Outline {
  const rows: Line[] = []
  const columns: Line[] = []
  const widths = new Map<string, number>()
  const spans: NamedSpan[] = []
  const line = (id: string, first: string): Line => {
    const moved = registers.get(`o:${id}`)
    return { id, key: typeof moved === 'string' ? moved : first, gone: registers.get(`gone:${id}`) === true }
  }
  for (const [name, value] of registers) {
    const row = /^r:((\w{1,32})-\w{1,30})$/.exec(name)
    if (row !== null && row[2] === tid && typeof value === 'string') rows.push(line(row[1]!, value))
    const column = /^c:(\w{1,32})$/.exec(name)?.[1]
    if (column !== undefined && typeof value === 'string') columns.push(line(column, value))
    const wide = /^w:(\w{1,32})$/.exec(name)?.[1]
    if (wide !== undefined && isWidth(value)) widths.set(wide, value)
    const span = name.startsWith('span:') ? readSpan(name, value) : null
    if (span !== null) spans.push(span)
  }
  rows.sort(inOrder)
  columns.sort(inOrder)
  const isKept = limitTo(maxColumns)
  const keptColumns = columns.filter(isKept)
  const shownColumns = keptColumns.filter(column => !column.gone).length
  const isKeptRow = limitTo(Math.floor(maxCells / Math.max(1, shownColumns)))
  const keptRows = rows.filter(isKeptRow)
  return { rows: keptRows, columns: keptColumns, widths, spans: placeSpans(spans, keptRows, keptColumns) }
}

/** The areas of a grid of shown lines, in reading order; every place is covered by exactly one. */
export function areasOf(outline: Outline, rows: readonly Line[], columns: readonly Line[]): Area[] {
  const taken = new Set<number>()
  const merged = new Map<number, Area>()
  if (outline.spans.length > 0) {
    const rowsBefore = countShown(outline.rows, rows)
    const columnsBefore = countShown(outline.columns, columns)
    for (const span of outline.spans) {
      const top = rowsBefore[span.top]!
      const left = columnsBefore[span.left]!
      const bottom = rowsBefore[span.bottom + 1]! - 1
      const right = columnsBefore[span.right + 1]! - 1
      if (top > bottom || left > right) continue
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) taken.add(row * columns.length + column)
      }
      merged.set(top * columns.length + left, { top, left, bottom, right, span })
    }
  }
  const areas: Area[] = []
  for (let row = 0; row < rows.length; row++) {
    for (let column = 0; column < columns.length; column++) {
      const place = row * columns.length + column
      const area = merged.get(place)
      if (area !== undefined) areas.push(area)
      else if (!taken.has(place)) areas.push({ top: row, left: column, bottom: row, right: column, span: null })
    }
  }
  return areas
}

/** How many shown lines stand before each line, and at the end. */
function countShown(all: readonly Line[], shown: readonly Line[]): number[] {
  const before: number[] = []
  let count = 0
  for (const line of all) {
    before.push(count)
    if (shown[count]?.id === line.id) count++
  }
  return [...before, count]
}

interface NamedSpan {
  readonly register: string
  readonly row: string
  readonly column: string
  readonly lastRow: string
  readonly lastColumn: string
}

function placeSpans(named: readonly NamedSpan[], rows: readonly Line[], columns: readonly Line[]): Span[] {
  const rowAt = new Map(rows.map((line, index) => [line.id, index]))
  const columnAt = new Map(columns.map((line, index) => [line.id, index]))
  const spans: Span[] = []
  for (const { register, row, column, lastRow, lastColumn } of named.toSorted(byRegister).slice(0, maxSpans)) {
    const [top, left] = [rowAt.get(row), columnAt.get(column)]
    const [bottom, right] = [rowAt.get(lastRow), columnAt.get(lastColumn)]
    if (top === undefined || left === undefined || bottom === undefined || right === undefined) continue
    if (top <= bottom && left <= right) spans.push({ register, top, left, bottom, right })
  }
  spans.sort((a, b) => a.top - b.top || a.left - b.left)
  const placed: Span[] = []
  for (const span of spans) if (!placed.some(other => overlap(span, other))) placed.push(span)
  return placed
}

function overlap(a: Span, b: Span): boolean {
  return a.top <= b.bottom && b.top <= a.bottom && a.left <= b.right && b.left <= a.right
}

function readSpan(name: string, value: unknown): NamedSpan | null {
  const start = /^span:([\w-]{1,63}):(\w{1,32})$/.exec(name)
  const end = typeof value === 'string' ? /^([\w-]{1,63}):(\w{1,32})$/.exec(value) : null
  if (start === null || end === null) return null
  return { register: name, row: start[1]!, column: start[2]!, lastRow: end[1]!, lastColumn: end[2]! }
}

function inOrder(a: Line, b: Line): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1
}

function byRegister(a: NamedSpan, b: NamedSpan): number {
  return a.register < b.register ? -1 : 1
}

/** Keeps so many lines that are not gone; gone ones do not count. */
function limitTo(most: number): (line: Line) => boolean {
  let left = most
  return line => line.gone || left-- > 0
}

function isWidth(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= maxWidth
}

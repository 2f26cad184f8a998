// What a cell of a foreign table says of itself: in the words of prosemirror-tables, which Tiptap and others use.

import type { CellSpec } from '../formats/table-draft.ts'
import { maxWidth } from '../grid.ts'
import { alignOf, integerOf, own } from './values.ts'
import type { Attributes } from './walk.ts'

/** @param name of the element, plain */
export function readCell(name: string, attributes: Attributes): CellSpec {
  return {
    colspan: Math.max(integerOf(attributes, 'colspan') ?? 1, 1),
    rowspan: Math.max(integerOf(attributes, 'rowspan') ?? 1, 1),
    widths: readWidths(own(attributes, 'colwidth')),
    header: name === 'tableheader' || name === 'th' || own(attributes, 'header') === true ? 'any' : null,
    align: alignOf(attributes),
  }
}

/** A list of numbers; null where nothing is said. */
function readWidths(value: unknown): number[] | null {
  const widths: unknown[] = Array.isArray(value) ? value.slice(0, 1_000) : [value]
  const isWidth = (width: unknown): width is number => typeof width === 'number' && width > 0 && width <= maxWidth
  return widths.some(isWidth) ? widths.map(width => (isWidth(width) ? Math.round(width) : 0)) : null
}

// The parts of a table in HTML, and what their attributes say: those of our own, of Tiptap and prosemirror-tables, and of pages.

import { tableHeaders } from '../schema.ts'
import type { BlockBuilder } from './builder.ts'
import { readAlign, readInteger } from './html-tags.ts'
import type { Attributes } from './html-tokens.ts'
import type { CellSpec } from './table-draft.ts'
import type { SourceCell } from './table-layout.ts'
import type { TableHeader } from './table-nodes.ts'

/** What the parts of a table need of their reader. */
export interface TableHost {
  readonly builder: BlockBuilder
  /** Writes the inline content that was read so far. */
  flush(): void
  /** Begins the contents of a cell; returns the act that goes back to what is around it. */
  isolate(): () => void
}

/** The act of closing, or null where the element is no part of a table. A part that stands where none can is as if it were not there. */
export function openTablePart(name: string, attributes: Attributes, host: TableHost): (() => void) | null {
  const { builder } = host
  switch (name) {
    case 'thead':
    case 'tbody':
    case 'tfoot':
      host.flush()
      builder.group(name === 'thead')
      return () => {
        host.flush()
        builder.group(false)
      }
    case 'tr': {
      host.flush()
      const isOpen = builder.openRow()
      return () => {
        host.flush()
        if (isOpen) builder.closeRow()
      }
    }
    case 'td':
    case 'th': {
      host.flush()
      if (!builder.openCell(readCell(name, attributes))) return () => host.flush()
      const goBack = host.isolate()
      return () => {
        host.flush()
        builder.closeCell()
        goBack()
      }
    }
    case 'col':
    case 'colgroup': {
      const { count, width } = readColumns(name, attributes)
      builder.columns(count, width)
      return () => host.flush()
    }
    default:
      return null
  }
}

/** `none` in `data-header`: no header, whatever the cells are. Undefined where it is to be told from the cells. */
export function readTableHeader(attributes: Attributes): TableHeader | undefined {
  const header = attributes['data-header']
  return header === 'none' ? null : tableHeaders.find(name => name === header)
}

function readCell(name: string, attributes: Attributes): CellSpec {
  return {
    colspan: readSpan(attributes.colspan, 1),
    rowspan: readSpan(attributes.rowspan, 0),
    widths: readWidths(attributes['data-colwidth'] ?? attributes.colwidth),
    header: name === 'th' ? readScope(attributes.scope) : null,
    align: readAlign(attributes),
  }
}

/** How many columns a `col` or `colgroup` speaks of; a `colgroup` that says nothing holds its own. */
function readColumns(name: string, attributes: Attributes): { count: number; width: number } {
  const style = /(?:^|;)\s*width:\s*(\d{1,6})(?:\.\d+)?px/i.exec(attributes.style ?? '')?.[1]
  const width = readInteger(style ?? attributes.width?.replace(/px$/, '')) ?? 0
  const span = readInteger(attributes.span)
  return { count: name === 'colgroup' && span === undefined ? 0 : Math.max(span ?? 1, 1), width }
}

function readScope(scope: string | undefined): SourceCell['header'] {
  const name = scope?.toLowerCase().replace('group', '')
  return name === 'col' || name === 'row' ? name : 'any'
}

function readSpan(value: string | undefined, least: number): number {
  return Math.max(readInteger(value) ?? 1, least)
}

function readWidths(value: string | undefined): number[] | null {
  return value === undefined || value.length > 10_000
    ? null
    : value.split(',').map(width => readInteger(width.trim()) ?? 0)
}

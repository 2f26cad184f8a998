// What is loaded when a document has a table: the selection of cells, keys, pasting into cells, widths, the menu.

import type { Plugin } from 'prosemirror-state'
import { tableCells } from './tables-cells.ts'
import { tableMenu } from './tables-menu.ts'
import { noTablesInCells } from './tables-paste.ts'
import { tableWidths } from './tables-widths.ts'

export function tablePlugins(layer: HTMLElement): Plugin[] {
  return [tableMenu(layer), tableWidths(), tableCells(), noTablesInCells()]
}

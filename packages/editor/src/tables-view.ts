// How a table is shown: it scrolls inside of its block where it is wider than the text, and columns have the widths that its cells carry.
// Part of what a page loads first; everything that edits tables comes later.

import type { Node } from 'prosemirror-model'
import type { NodeView, ViewMutationRecord } from 'prosemirror-view'

/** A column without a width is at least so wide, in CSS pixels, in a table in which others have one. */
const leastWidth = 100

export class TableView implements NodeView {
  readonly dom = document.createElement('div')
  readonly contentDOM = document.createElement('tbody')
  readonly #table = document.createElement('table')
  readonly #columns = document.createElement('colgroup')
  #node: Node

  constructor(node: Node) {
    this.#node = node
    this.dom.className = 'sheaf-table-scroll'
    this.#table.append(this.#columns, this.contentDOM)
    this.dom.append(this.#table)
    this.#show()
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false
    this.#node = node
    this.#show()
    return true
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target)
  }

  #show(): void {
    showWidths(this.#table, widthsOf(this.#node))
  }
}

/** Of each column, in CSS pixels; 0 where there is none. Empty where no column of the table has one. */
export function widthsOf(table: Node): number[] {
  const widths: number[] = []
  let hasOne = false
  table.firstChild?.forEach(cell => {
    const wide = cell.attrs.colwidth as readonly number[] | null
    hasOne ||= wide !== null
    for (let column = 0; column < cell.attrs.colspan; column++) widths.push(wide?.[column] ?? 0)
  })
  return hasOne ? widths : []
}

/** Without widths the columns follow what stands in them. */
export function showWidths(table: HTMLTableElement, widths: readonly number[]): void {
  const columns = table.querySelector('colgroup')!
  while (columns.childElementCount > widths.length) columns.lastElementChild!.remove()
  while (columns.childElementCount < widths.length) columns.append(document.createElement('col'))
  widths.forEach((width, index) => {
    const column = columns.children[index] as HTMLElement
    column.style.width = width > 0 ? `${width}px` : ''
  })
  const isWhole = widths.length > 0 && widths.every(width => width > 0)
  const sum = widths.reduce((total, width) => total + (width > 0 ? width : leastWidth), 0)
  table.classList.toggle('sheaf-fixed', widths.length > 0)
  table.style.width = isWhole ? `${sum}px` : ''
  table.style.minWidth = isWhole || widths.length === 0 ? '' : `${sum}px`
}

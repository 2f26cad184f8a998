// Dragging the edge of a column. The handle is drawn over the table, not in it, so nothing moves when it comes; all columns keep the widths
// that they had on the screen, and what is let go of is one step of undo. A double click gives the table back to its content.

import { isTable } from '@sheaf/model'
import { Plugin } from 'prosemirror-state'
import { cellAround, TableMap } from 'prosemirror-tables'
import type { EditorView } from 'prosemirror-view'
import { setWidths } from './tables-commands.ts'
import { positionOfCell } from './tables-grid.ts'
import { showWidths, widthsOf } from './tables-view.ts'

/** How near to an edge the pointer takes it, in CSS pixels. */
const reach = 5
/** A column is not dragged to less. */
const leastWidth = 48

/** The edge at the end of a column. */
interface Edge {
  readonly table: HTMLTableElement
  /** Before the block. */
  readonly position: number
  readonly column: number
}

export function tableWidths(): Plugin {
  return new Plugin({ view: view => new WidthsView(view) })
}

class WidthsView {
  readonly #view: EditorView
  readonly #handle = document.createElement('div')
  readonly #stop = new AbortController()
  #edge: Edge | null = null
  #drag: { readonly startX: number; readonly widths: readonly number[]; now: number[] } | null = null

  constructor(view: EditorView) {
    this.#view = view
    this.#handle.className = 'sheaf-column-handle'
    this.#handle.contentEditable = 'false'
    this.#handle.setAttribute('aria-hidden', 'true')
    const { signal } = this.#stop
    view.dom.addEventListener('pointermove', event => this.#hover(event), { signal })
    view.dom.addEventListener('pointerleave', () => this.#release(), { signal })
    this.#handle.addEventListener('pointerdown', event => this.#begin(event), { signal })
    this.#handle.addEventListener('pointermove', event => this.#move(event), { signal })
    this.#handle.addEventListener('pointerup', () => this.#finish(), { signal })
    this.#handle.addEventListener('pointercancel', () => this.#cancel(), { signal })
    this.#handle.addEventListener('dblclick', () => this.#forget(), { signal })
    // The caret stays where it is.
    this.#handle.addEventListener('mousedown', event => event.preventDefault(), { signal })
  }

  destroy(): void {
    this.#stop.abort()
    this.#handle.remove()
  }

  #hover(event: PointerEvent): void {
    if (this.#drag !== null || event.target === this.#handle) return
    const edge = event.buttons === 0 && this.#view.editable ? this.#edgeAt(event) : null
    if (edge === null) this.#release()
    else if (edge.table !== this.#edge?.table || edge.column !== this.#edge.column) {
      this.#edge = edge
      this.#place()
      edge.table.parentElement!.append(this.#handle)
    }
  }

  #release(): void {
    if (this.#drag !== null) return
    this.#edge = null
    this.#handle.remove()
  }

  #edgeAt(event: PointerEvent): Edge | null {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.sheaf-cell') : null
    const table = cell?.closest('table')
    if (cell == null || table == null) return null
    const box = cell.getBoundingClientRect()
    const isRightToLeft = getComputedStyle(table).direction === 'rtl'
    const fromStart = isRightToLeft ? box.right - event.clientX : event.clientX - box.left
    const isEnd = box.width - fromStart <= reach
    if (!isEnd && fromStart > reach) return null
    const $cell = cellAround(this.#view.state.doc.resolve(this.#view.posAtDOM(cell, 0)))
    if ($cell === null) return null
    const { left, right } = TableMap.get($cell.node(-1)).findCell($cell.pos - $cell.start(-1))
    const column = isEnd ? right - 1 : left - 1
    return column < 0 ? null : { table, position: $cell.before(-2), column }
  }

  #begin(event: PointerEvent): void {
    if (event.button !== 0 || this.#edge === null) return
    const widths = this.#measure(this.#edge)
    this.#drag = { startX: event.clientX, widths, now: [...widths] }
    this.#handle.setPointerCapture(event.pointerId)
    this.#handle.classList.add('sheaf-dragging')
  }

  #move(event: PointerEvent): void {
    const edge = this.#edge
    const drag = this.#drag
    if (edge === null || drag === null) return
    const way = (event.clientX - drag.startX) * (getComputedStyle(edge.table).direction === 'rtl' ? -1 : 1)
    drag.now[edge.column] = Math.max(leastWidth, Math.round(drag.widths[edge.column]! + way))
    showWidths(edge.table, drag.now)
    this.#place()
  }

  #finish(): void {
    const edge = this.#edge
    const drag = this.#drag
    this.#end()
    if (edge === null || drag === null || drag.now.every((width, index) => width === drag.widths[index])) return
    const position = this.#positionOf(edge)
    if (position === null || !setWidths(position, drag.now)(this.#view.state, this.#view.dispatch)) this.#restore(edge)
  }

  #cancel(): void {
    const edge = this.#edge
    this.#end()
    if (edge !== null) this.#restore(edge)
  }

  #forget(): void {
    const edge = this.#edge
    if (edge === null) return
    const position = this.#positionOf(edge)
    if (position === null) return
    const none = this.#measure(edge).map(() => 0)
    setWidths(position, none)(this.#view.state, this.#view.dispatch)
    this.#release()
  }

  #end(): void {
    this.#drag = null
    this.#handle.classList.remove('sheaf-dragging')
    this.#release()
  }

  #restore({ table, position }: Edge): void {
    const node = this.#view.state.doc.nodeAt(position)
    if (node !== null && isTable(node)) showWidths(table, widthsOf(node.firstChild!))
  }

  /** Others may have written in front of the table meanwhile. */
  #positionOf({ table }: Edge): number | null {
    const cell = table.querySelector('.sheaf-cell')
    if (cell === null || !this.#view.dom.contains(cell)) return null
    return cellAround(this.#view.state.doc.resolve(this.#view.posAtDOM(cell, 0)))?.before(-2) ?? null
  }

  /** The widths that columns have on the screen. */
  #measure({ table, position }: Edge): number[] {
    const { doc } = this.#view.state
    const node = doc.nodeAt(position)!.firstChild!
    const map = TableMap.get(node)
    return Array.from({ length: map.width }, (_, column) => {
      for (let row = 0; row < map.height; row++) {
        const offset = map.map[row * map.width + column]!
        const { left, right } = map.findCell(offset)
        const dom = this.#view.nodeDOM(positionOfCell(doc, position, row, column))
        if (right - left === 1 && dom instanceof HTMLElement) return Math.round(dom.getBoundingClientRect().width)
      }
      return Math.round(table.getBoundingClientRect().width / map.width)
    })
  }

  #place(): void {
    const { table, position, column } = this.#edge!
    const isRightToLeft = getComputedStyle(table).direction === 'rtl'
    const scroller = table.parentElement!
    const origin = scroller.getBoundingClientRect()
    const { doc } = this.#view.state
    const map = TableMap.get(doc.nodeAt(position)!.firstChild!)
    for (let row = 0; row < map.height; row++) {
      const { right } = map.findCell(map.map[row * map.width + column]!)
      const dom = this.#view.nodeDOM(positionOfCell(doc, position, row, column))
      if (right - 1 !== column || !(dom instanceof HTMLElement)) continue
      const box = dom.getBoundingClientRect()
      const edge = isRightToLeft ? box.left : box.right
      this.#handle.style.left = `${edge - origin.left + scroller.scrollLeft}px`
      this.#handle.style.height = `${table.offsetHeight}px`
      this.#handle.style.top = `${table.offsetTop}px`
      return
    }
  }
}

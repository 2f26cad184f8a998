// Which block of the document is at a place of the window, and where its column is.

import type { EditorView } from 'prosemirror-view'

export interface HitBlock {
  readonly element: HTMLElement
  /** The column that the text stands in, without the indent of the block. */
  readonly column: { readonly left: number; readonly right: number }
  /** Position directly before the block; null once it is not drawn any more. */
  position(view: EditorView): number | null
}

/** One step of indent. */
export const indentPx = 29
/** How far beside the text the pointer may be. */
const reachPx = 84

/** @returns `between` where the pointer is between two blocks, null where it is not at the text */
export function hitBlock(view: EditorView, x: number, y: number): HitBlock | 'between' | null {
  const column = columnOf(view)
  if (column === null || x < column.left - reachPx || x > column.right + reachPx) return null
  const surface = view.dom.getBoundingClientRect()
  if (y < surface.top || y > surface.bottom) return null
  const hit = document.elementFromPoint((column.left + column.right) / 2, y)
  if (hit === null || !view.dom.contains(hit)) return null
  let element: Element | null = hit
  while (element !== null && element.parentElement?.parentElement !== view.dom) {
    if (element === view.dom) return 'between'
    element = element.parentElement
  }
  return element instanceof HTMLElement ? blockOf(element, column) : 'between'
}

export function blockOf(element: HTMLElement, column: { left: number; right: number }): HitBlock {
  return {
    element,
    column,
    position: view => {
      const section = element.parentElement
      if (section === null || !view.dom.contains(element)) return null
      return view.posAtDOM(section, [...section.childNodes].indexOf(element), -1)
    },
  }
}

/** The text's own width, without what hangs out of it. */
export function columnOf(view: EditorView): { left: number; right: number } | null {
  const section = view.dom.firstElementChild
  if (section === null) return null
  const box = section.getBoundingClientRect()
  const { paddingLeft, paddingRight } = getComputedStyle(section)
  return { left: box.left + Number.parseFloat(paddingLeft), right: box.right - Number.parseFloat(paddingRight) }
}

export function isRightToLeft(element: Element): boolean {
  return getComputedStyle(element).direction === 'rtl'
}

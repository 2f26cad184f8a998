// Going to a place of the text that may be far away. Heights out of sight are only estimated: what comes into sight is laid out, and the
// goal moves. So a long way is gone at once and looked at again; only the last bit glides.

import type { EditorView } from 'prosemirror-view'

/** After a jump the goal is looked at again this often at most. */
const approachFrames = 12

/** Scrolls the page so that a block begins so far down the window; of what is folded away, so that the fold is seen. */
export function scrollToBlock(view: EditorView, pos: number, fromTopPx = window.innerHeight / 4): void {
  approach(view, () => {
    const box = shownElement(view, pos)?.getBoundingClientRect()
    return box === undefined ? 0 : box.top - fromTopPx
  })
}

/** Scrolls the page so that a place in the text stands a third down the window, if it is not in sight. */
export function scrollToPlace(view: EditorView, pos: number): void {
  approach(view, frames => {
    const box = view.coordsAtPos(Math.min(pos, view.state.doc.content.size))
    const isInSight = box.top > 60 && box.bottom < window.innerHeight - 12
    return isInSight && frames === approachFrames ? 0 : box.top - window.innerHeight / 3
  })
}

/** @param way how far it is still, in CSS pixels */
function approach(view: EditorView, way: (frames: number) => number, frames = approachFrames): void {
  if (view.isDestroyed || frames === 0) return
  const left = way(frames)
  if (Math.abs(left) < 2) return
  const glides = Math.abs(left) < 2 * window.innerHeight && frames === approachFrames
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
  window.scrollBy({ top: left, behavior: glides && !isCalm ? 'smooth' : 'instant' })
  if (!glides) requestAnimationFrame(() => approach(view, way, frames - 1))
}

function shownElement(view: EditorView, pos: number): Element | null {
  const dom = view.nodeDOM(pos)
  let element = dom instanceof Element ? dom : null
  while (element?.classList.contains('sheaf-folded')) element = element.previousElementSibling
  return element
}

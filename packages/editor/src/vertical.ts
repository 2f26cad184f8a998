// Up and down over the edge of a block. A browser loses its column, or its way, where a block draws something of its own (a box, a
// picture, a line), so leaving a block is ours: the caret goes to the nearest line of the next block that is shown, in the column
// where the motion began. Within a block lines are the browser's.

import { Plugin, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { type Block, blockAfter, blockAround, blockBefore } from './blocks.ts'
import { readCaret } from './keymap.ts'

type Direction = 'up' | 'down'

const directions: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down' }

export function vertical(): Plugin {
  /** Left edge in the window where the motion began; null when the last key was another one. */
  let column: number | null = null
  return new Plugin({
    props: {
      handleKeyDown: (view, event) => {
        const direction = directions[event.key]
        if (direction === undefined || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
          if (event.key !== 'Shift') column = null
          return false
        }
        readCaret(view)
        const { selection } = view.state
        if (!(selection instanceof TextSelection) || (!selection.empty && !event.shiftKey)) {
          column = null
          return false
        }
        column ??= view.coordsAtPos(selection.head).left
        const goal = goalOf(view, direction, column)
        if (goal === null) return false
        const anchor = event.shiftKey ? selection.anchor : goal
        view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, anchor, goal)).scrollIntoView())
        return true
      },
      handleDOMEvents: {
        mousedown: () => {
          column = null
          return false
        },
      },
    },
  })
}

/** Where the caret goes when it leaves its block; null where it does not, or where what comes is no text. */
function goalOf(view: EditorView, direction: Direction, column: number): number | null {
  const { selection } = view.state
  const block = blockAround(selection.$head)
  if (block === null || !isInOuterLine(view, direction, block)) return null
  const next = shownNext(view, direction, block)
  return next?.node.isTextblock === true ? nearest(view, next, direction, column) : null
}

/** In the first line, going up, or in the last one, going down. */
function isInOuterLine(view: EditorView, direction: Direction, { node, pos }: Block): boolean {
  const { head } = view.state.selection
  const here = view.coordsAtPos(head, 1)
  // Where a line breaks the caret may be drawn at the end of the one or at the start of the other: the browser knows.
  if (Math.abs(view.coordsAtPos(head, -1).top - here.top) > 1) return false
  if (direction === 'up') return here.top < view.coordsAtPos(pos + 1, 1).bottom - 1
  return here.bottom > view.coordsAtPos(pos + 1 + node.content.size, -1).top + 1
}

function shownNext(view: EditorView, direction: Direction, block: Block): Block | null {
  const go = direction === 'up' ? blockBefore : blockAfter
  let next = go(view.state.doc, block)
  while (next !== null && isFolded(view, next)) next = go(view.state.doc, next)
  return next
}

function isFolded(view: EditorView, { pos }: Block): boolean {
  const dom = view.nodeDOM(pos)
  return dom instanceof Element && dom.classList.contains('sheaf-folded')
}

/** The place in the line that comes first on the way that is nearest to a column. */
function nearest(view: EditorView, { node, pos }: Block, direction: Direction, column: number): number {
  const start = pos + 1
  const end = start + node.content.size
  const step = direction === 'down' ? 1 : -1
  let best = direction === 'down' ? start : end
  let distance = Number.POSITIVE_INFINITY
  let line: { top: number; bottom: number } | null = null
  for (let at = best; at >= start && at <= end; at += step) {
    // Of the two sides of a break the one that is on the line.
    const box = view.coordsAtPos(at, step)
    line ??= box
    if (box.top >= line.bottom - 1 || box.bottom <= line.top + 1) break
    const away = Math.abs(box.left - column)
    if (away < distance) {
      distance = away
      best = at
    }
  }
  return best
}

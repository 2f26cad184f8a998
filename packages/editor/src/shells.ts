// Blocks and atoms with more to them than text: images, formulas, code, notes. A shell is a node view that shows what the schema says, at
// once; what there is to press, to draw or to fetch is its dress, whose code comes when the page has been shown (dresses.ts). Nothing moves
// when it comes, and the text is always ProseMirror's.

import { DOMSerializer, type Node } from 'prosemirror-model'
import type { EditorView, NodeView, NodeViewConstructor } from 'prosemirror-view'
import type { Dress, Dresser } from './dress.ts'

type Dresses = Readonly<Record<string, Dresser>>

const dressed = ['callout', 'code_block', 'embed', 'footnote', 'image', 'inline_math', 'math_block', 'mention']

export const shellViews: Readonly<Record<string, NodeViewConstructor>> = Object.fromEntries(
  dressed.map(name => [name, shellView]),
)

let here: Dresses | null = null
let isComing = false
const waiting = new Set<() => void>()

function shellView(first: Node, view: EditorView, getPos: () => number | undefined): NodeView {
  let node = first
  let dress: Dress | undefined
  const { dom, contentDOM = null } = DOMSerializer.renderSpec(document, node.type.spec.toDOM!(node)) as {
    dom: HTMLElement
    contentDOM?: HTMLElement
  }
  const putOn = (): void => {
    dress = here?.[node.type.name]?.({
      view,
      dom,
      contentDOM,
      getPos,
      get node() {
        return node
      },
    })
  }
  if (here !== null) putOn()
  else {
    waiting.add(putOn)
    fetchSoon()
  }
  return {
    dom,
    contentDOM,
    update: next => {
      const before = node
      // Without its dress it is drawn anew, unless nothing but the text changed, which is not touched.
      if (next.type !== before.type || (dress === undefined && !next.sameMarkup(before))) return false
      node = next
      dress?.update?.(before)
      return true
    },
    stopEvent: event => isOwn(event.target),
    ignoreMutation: ({ type, target }) =>
      type === 'selection' ? isOwn(target) : contentDOM === null || !contentDOM.contains(target),
    destroy: () => {
      waiting.delete(putOn)
      dress?.destroy?.()
    },
  }
}

function isOwn(target: unknown): boolean {
  return target instanceof Element && target.closest('[data-own]') !== null
}

/** When the page has been shown and the browser has nothing better to do. */
function fetchSoon(): void {
  if (isComing) return
  isComing = true
  new Promise(resolve => setTimeout(resolve, 200))
    .then(() => import('./dresses.ts'))
    .then(
      ({ dresses }) => {
        here = dresses
        for (const putOn of waiting) putOn()
        waiting.clear()
      },
      () => {
        // No network, and not in the cache: asked for again with the next one. The text can be read and written without it.
        isComing = false
      },
    )
}

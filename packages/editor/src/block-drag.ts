// A run of blocks on its way with the pointer: a line shows where it would go, the page scrolls at the edges of the window, and nothing is
// written before it is let go. Straight down it keeps its indent as far as the place allows; to the side it changes it. Escape ends it.

import type { EditorView } from 'prosemirror-view'
import { deepest, type Goal, moveTo, type Run, runOfIds } from './block-commands.ts'
import { columnOf, hitBlock, indentPx, isRightToLeft } from './block-places.ts'
import { type Block, blockAfter, blockBefore, subtree } from './blocks.ts'
import { markBlocks, unmarkBlocks } from './marked.ts'

export interface BlockDragOptions {
  readonly view: EditorView
  readonly layer: HTMLElement
  readonly run: Run
  /** Where in the window it began. */
  readonly start: { readonly x: number; readonly y: number }
  readonly onEnd: () => void
}

/** So near to the edge of the window the page scrolls, and so fast at most, a frame. */
const edgePx = 72
const fastestPx = 22
const longestCard = 48

export class BlockDrag {
  readonly #options: BlockDragOptions
  readonly #line = document.createElement('div')
  readonly #card = document.createElement('div')
  readonly #stop = new AbortController()
  readonly #ids: ReadonlySet<string | null>
  /** The blocks as they stand in the document that was looked at last. */
  #run: Run
  #doc: EditorView['state']['doc']
  #pointer: { x: number; y: number }
  #frame: number
  #goal: Goal | null = null

  constructor(options: BlockDragOptions) {
    this.#options = options
    const { view, layer, run, start } = options
    this.#pointer = start
    markBlocks(view, run.blocks, 'sheaf-meant')
    this.#ids = new Set(run.heads.map(({ node }) => node.attrs.id as string | null))
    this.#run = run
    this.#doc = view.state.doc
    this.#line.className = 'sheaf-drop-line'
    this.#line.hidden = true
    this.#card.className = 'sheaf-drag-card'
    const text = run.blocks[0]!.node.textContent
    this.#card.textContent = text.length > longestCard ? `${text.slice(0, longestCard)}…` : text
    this.#card.hidden = text === ''
    layer.append(this.#line, this.#card)
    document.documentElement.classList.add('sheaf-is-dragging')
    const { signal } = this.#stop
    window.addEventListener('pointermove', event => this.#move(event), { signal })
    window.addEventListener('pointerup', () => this.#drop(), { signal })
    window.addEventListener('pointercancel', () => this.#end(), { signal })
    window.addEventListener('keydown', event => this.#key(event), { signal, capture: true })
    window.addEventListener('blur', () => this.#end(), { signal })
    this.#frame = requestAnimationFrame(() => this.#draw())
  }

  #move(event: PointerEvent): void {
    this.#pointer = { x: event.clientX, y: event.clientY }
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    this.#end()
  }

  /** Each frame, for the page may scroll under a pointer that rests. */
  #draw(): void {
    const { view, layer } = this.#options
    if (view.isDestroyed || !this.#follow()) return this.#end()
    const { y } = this.#pointer
    const high = window.innerHeight
    const beyond = y < edgePx + 52 ? y - edgePx - 52 : y > high - edgePx ? y - high + edgePx : 0
    if (beyond !== 0) window.scrollBy({ top: (Math.max(-1, Math.min(1, beyond / edgePx)) * fastestPx) | 0 })
    const found = this.#find()
    if (found !== null) this.#goal = found.goal
    this.#line.hidden = this.#goal === null
    const origin = layer.getBoundingClientRect()
    if (found?.goal != null) {
      const { left, right, top } = found
      this.#line.style.transform = `translate(${left - origin.left}px, ${top - origin.top - 1}px)`
      this.#line.style.width = `${right - left}px`
    }
    this.#card.style.transform = `translate(${this.#pointer.x + 14 - origin.left}px, ${y + 8 - origin.top}px)`
    this.#frame = requestAnimationFrame(() => this.#draw())
  }

  /** Others go on editing; false where what is dragged is there no more. */
  #follow(): boolean {
    const { state } = this.#options.view
    if (state.doc === this.#doc) return true
    const run = runOfIds(state, this.#ids)
    if (run === null) return false
    this.#doc = state.doc
    this.#run = run
    this.#goal = null
    return true
  }

  /** Null where the pointer is between blocks: the goal stays the last one. */
  #find(): { goal: Goal | null; left: number; right: number; top: number } | null {
    const { view } = this.#options
    const { doc } = view.state
    const run = this.#run
    const column = columnOf(view)
    if (column === null) return null
    const surface = view.dom.getBoundingClientRect()
    const hit = hitBlock(
      view,
      Math.max(column.left, Math.min(column.right, this.#pointer.x)),
      Math.max(surface.top + 1, Math.min(surface.bottom - 1, this.#pointer.y)),
    )
    if (hit === null || hit === 'between') return null
    const pos = hit.position(view)
    const node = pos === null ? null : doc.nodeAt(pos)
    if (pos === null || node === null) return null
    const box = hit.element.getBoundingClientRect()
    let side: Goal['side'] = this.#pointer.y < (box.top + box.bottom) / 2 ? 'before' : 'after'
    let block: Block = { node, pos }
    let top = side === 'before' ? box.top - 5 : box.bottom + 5
    const isClosed = node.type.name === 'toggle' && node.attrs.open === false
    if (side === 'after' && isClosed) block = subtree(doc, block).at(-1)!
    const above = side === 'after' ? block : blockBefore(doc, block)
    if (side === 'before' && above !== null && !isFolded(view, above)) {
      // One line between two blocks, from whichever side the pointer comes.
      const element = view.nodeDOM(above.pos)
      if (element instanceof Element) top = (element.getBoundingClientRect().bottom + box.top) / 2
      block = above
      side = 'after'
    }
    const below = side === 'after' ? blockAfter(doc, block) : { node, pos }
    const isOwn = (one: Block | null): boolean => one !== null && run.blocks.some(own => own.pos === one.pos)
    const left = column.left
    if (isOwn(block)) return { goal: null, left, right: column.right, top }
    const isMirrored = isRightToLeft(hit.element)
    const sideways = Math.round((this.#pointer.x - this.#options.start.x) / indentPx) * (isMirrored ? -1 : 1)
    const own = run.blocks[0]!.node.attrs.indent as number
    const most = isClosed ? (node.attrs.indent as number) : deepest(side === 'after' ? block : null)
    const least = below === null || isOwn(below) ? 0 : Math.min(below.node.attrs.indent as number, most)
    const indent = Math.max(least, Math.min(most, own + sideways))
    const shift = indent * indentPx
    return {
      goal: { block, side, indent },
      left: isMirrored ? left : left + shift,
      right: isMirrored ? column.right - shift : column.right,
      top,
    }
  }

  #drop(): void {
    const { view } = this.#options
    const isHere = this.#follow()
    if (isHere && this.#goal !== null) view.dispatch(moveTo(view.state, this.#run, this.#goal))
    this.#end()
    view.focus()
  }

  #end(): void {
    cancelAnimationFrame(this.#frame)
    this.#stop.abort()
    this.#line.remove()
    this.#card.remove()
    document.documentElement.classList.remove('sheaf-is-dragging')
    unmarkBlocks(this.#options.view)
    this.#options.onEnd()
  }
}

function isFolded(view: EditorView, { pos }: Block): boolean {
  const dom = view.nodeDOM(pos)
  return dom instanceof Element && dom.classList.contains('sheaf-folded')
}

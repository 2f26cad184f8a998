// The gutter: `+` and a grip before the block under the pointer, and `#` behind a heading. The grip opens the block menu, and dragged it
// takes the block along. On a touch screen a long press opens the menu. All of it floats in the editor's own element.

import { isTable } from '@sheaf/model'
import type { EditorState } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { insertBelow, runAt } from './block-commands.ts'
import { BlockDrag } from './block-drag.ts'
import { openBlockMenu } from './block-menu.ts'
import { type HitBlock, hitBlock, indentPx, isRightToLeft } from './block-places.ts'
import { hasCaption } from './blocks.ts'
import { icon } from './icons.ts'
import { toolIcons } from './tool-icons.ts'
import { toolWords as words } from './tool-words.ts'

export interface GutterOptions {
  readonly view: EditorView
  readonly layer: HTMLElement
  /** Puts the address of a block on the clipboard. */
  readonly copyLink: ((blockId: string) => void) | null
}

/** From the gutter to the text, and the height of a button. */
const beforePx = 52
const buttonPx = 26
const longPressMs = 500
/** A pointer that moved further than this is no click, and no press. */
const slackPx = 5

export class Gutter {
  readonly #options: GutterOptions
  readonly #box = document.createElement('div')
  readonly #hash = document.createElement('button')
  readonly #stop = new AbortController()
  #hit: HitBlock | null = null
  #frame: number | null = null
  #pointer: { x: number; y: number } | null = null
  #pressTimer: ReturnType<typeof setTimeout> | undefined
  /** A menu is open, or something is being dragged: the gutter stays where it is. */
  #isHeld = false

  constructor(options: GutterOptions) {
    this.#options = options
    const { view, layer } = options
    const { signal } = this.#stop
    this.#box.className = 'sheaf-gutter'
    this.#box.hidden = true
    const plus = gutterButton('plus', words.insertBelow)
    const grip = gutterButton('grip-vertical', words.blockMenu)
    grip.classList.add('sheaf-grip')
    grip.setAttribute('aria-haspopup', 'menu')
    this.#box.append(plus, grip)
    plus.addEventListener('click', () => this.#insert(), { signal })
    grip.addEventListener('click', () => this.#openMenu(), { signal })
    grip.addEventListener('pointerdown', event => this.#grip(event), { signal })
    // The text keeps the focus and the selection.
    this.#box.addEventListener('mousedown', event => event.preventDefault(), { signal })
    this.#hash.type = 'button'
    this.#hash.className = 'sheaf-gutter-button sheaf-heading-link'
    this.#hash.hidden = true
    this.#hash.setAttribute('aria-label', words.copyHeadingLink)
    this.#hash.dataset.tip = words.copyHeadingLink
    this.#hash.append(icon(toolIcons.hash, 16))
    this.#hash.addEventListener('mousedown', event => event.preventDefault(), { signal })
    this.#hash.addEventListener('click', () => this.#copyLink(), { signal })
    layer.append(this.#box, this.#hash)
    document.addEventListener('pointermove', event => this.#follow(event), { signal, passive: true })
    document.addEventListener('pointerleave', () => this.#hide(), { signal })
    window.addEventListener('scroll', () => this.#look(), { signal, passive: true, capture: true })
    // Who writes does not want to see it; it comes back when the pointer moves.
    view.dom.addEventListener('keydown', () => this.#hide(), { signal })
    view.dom.addEventListener('pointerdown', event => this.#press(event), { signal })
    view.dom.addEventListener('contextmenu', event => this.#suppress(event), { signal })
  }

  update(view: EditorView, before: EditorState): void {
    if (before.doc !== view.state.doc || !view.editable) this.#look()
  }

  destroy(): void {
    this.#stop.abort()
    clearTimeout(this.#pressTimer)
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    this.#box.remove()
    this.#hash.remove()
  }

  #follow(event: PointerEvent): void {
    if (event.pointerType === 'touch' || this.#isHeld) return
    if (event.buttons !== 0) return this.#hide()
    const target = event.target instanceof Node ? event.target : null
    if (target !== null && (this.#box.contains(target) || this.#hash.contains(target))) return
    this.#pointer = { x: event.clientX, y: event.clientY }
    this.#look()
  }

  #look(): void {
    if (this.#isHeld) return
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#show()
    })
  }

  #show(): void {
    const { view } = this.#options
    if (this.#isHeld || this.#pointer === null || view.isDestroyed) return
    const found = hitBlock(view, this.#pointer.x, this.#pointer.y)
    // Between two blocks it stays with the one before.
    this.#hit = found === 'between' ? (this.#hit?.element.isConnected === true ? this.#hit : null) : found
    if (this.#hit === null) return this.#hide()
    const pos = this.#hit.position(view)
    const node = pos === null ? null : view.state.doc.nodeAt(pos)
    if (pos === null || node === null) return this.#hide()
    this.#box.hidden = !view.editable
    this.#hash.hidden = this.#options.copyLink === null || node.type.name !== 'heading' || node.content.size === 0
    const origin = this.#options.layer.getBoundingClientRect()
    const block = this.#hit.element.getBoundingClientRect()
    const isText = node.isTextblock && !hasCaption(node)
    const line = isText
      ? view.coordsAtPos(pos + 1, 1)
      : { top: block.top, bottom: block.top + Math.min(block.height, 36) }
    const y = (line.top + line.bottom - buttonPx) / 2 - origin.top
    const { column } = this.#hit
    // A table hangs out by the padding of its cells.
    const shift = (node.attrs.indent as number) * indentPx - (isTable(node) ? 12 : 0)
    const isMirrored = isRightToLeft(this.#hit.element)
    this.#box.dir = isMirrored ? 'rtl' : 'ltr'
    const x = isMirrored ? column.right - shift + beforePx - this.#box.offsetWidth : column.left + shift - beforePx
    this.#box.style.transform = `translate(${Math.round(x - origin.left)}px, ${Math.round(y)}px)`
    if (this.#hash.hidden) return
    const end = view.coordsAtPos(pos + 1 + node.content.size, -1)
    const hashX = isMirrored ? end.left - 30 : end.right + 6
    const hashY = (end.top + end.bottom - buttonPx) / 2
    this.#hash.style.transform = `translate(${Math.round(hashX - origin.left)}px, ${Math.round(hashY - origin.top)}px)`
  }

  #hide(): void {
    if (this.#isHeld) return
    this.#pointer = null
    this.#hit = null
    this.#box.hidden = true
    this.#hash.hidden = true
  }

  #insert(): void {
    const { view } = this.#options
    const pos = this.#hit?.position(view) ?? null
    if (pos === null) return
    view.focus()
    insertBelow(pos)(view.state, view.dispatch)
    this.#hide()
  }

  #copyLink(): void {
    const { view, copyLink } = this.#options
    const pos = this.#hit?.position(view) ?? null
    const id = pos === null ? null : (view.state.doc.nodeAt(pos)?.attrs.id as string | null)
    if (id !== null) copyLink?.(id)
  }

  #openMenu(): void {
    const pos = this.#hit?.position(this.#options.view) ?? null
    if (pos !== null) this.#menuFor(pos, this.#box.querySelector('.sheaf-grip')!.getBoundingClientRect())
  }

  #menuFor(pos: number, at: DOMRect): void {
    const { view } = this.#options
    const run = runAt(view.state, pos)
    if (run === null) return
    this.#isHeld = true
    openBlockMenu({
      ...this.#options,
      run,
      at,
      onClose: () => {
        this.#isHeld = false
        this.#hide()
      },
    })
  }

  #grip(event: PointerEvent): void {
    const { view, layer } = this.#options
    const pos = this.#hit?.position(view) ?? null
    if (event.button !== 0 || pos === null) return
    const start = { x: event.clientX, y: event.clientY }
    const watching = new AbortController()
    const { signal } = watching
    const move = (at: PointerEvent): void => {
      if (Math.hypot(at.clientX - start.x, at.clientY - start.y) < slackPx) return
      watching.abort()
      const run = runAt(view.state, pos)
      if (run === null) return
      this.#isHeld = true
      this.#box.hidden = true
      this.#hash.hidden = true
      new BlockDrag({
        view,
        layer,
        run,
        start,
        onEnd: () => {
          this.#isHeld = false
          this.#hide()
        },
      })
    }
    window.addEventListener('pointermove', move, { signal })
    window.addEventListener('pointerup', () => watching.abort(), { signal })
    window.addEventListener('pointercancel', () => watching.abort(), { signal })
  }

  /** A finger that rests on a block opens its menu. */
  #press(event: PointerEvent): void {
    clearTimeout(this.#pressTimer)
    const { view } = this.#options
    if (event.pointerType !== 'touch' || !event.isPrimary || !view.editable || this.#isHeld) return
    const start = { x: event.clientX, y: event.clientY }
    const watching = new AbortController()
    const { signal } = watching
    const end = (): void => {
      watching.abort()
      clearTimeout(this.#pressTimer)
    }
    const move = (at: PointerEvent): void => {
      if (Math.hypot(at.clientX - start.x, at.clientY - start.y) > slackPx * 2) end()
    }
    window.addEventListener('pointermove', move, { signal })
    window.addEventListener('pointerup', end, { signal })
    window.addEventListener('pointercancel', end, { signal })
    const open = (): void => {
      end()
      const hit = hitBlock(view, start.x, start.y)
      const pos = hit === null || hit === 'between' ? null : hit.position(view)
      if (pos === null) return
      this.#menuFor(pos, new DOMRect(start.x, start.y, 0, 0))
      // The finger that is lifted presses nothing: the focus would leave the menu, and close it.
      const lift = (touch: TouchEvent): void => touch.preventDefault()
      window.addEventListener('touchend', lift, { capture: true, once: true, passive: false })
    }
    this.#pressTimer = setTimeout(open, longPressMs)
    // Where the browser is first with a menu of its own, ours takes its place.
    view.dom.addEventListener('contextmenu', open, { signal })
  }

  /** The browser's own menu of a long press would lie over ours. */
  #suppress(event: MouseEvent): void {
    const isTouch = (event as PointerEvent).pointerType === 'touch'
    if (isTouch && this.#options.view.editable) event.preventDefault()
  }
}

function gutterButton(name: keyof typeof toolIcons, label: string): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'sheaf-gutter-button'
  button.setAttribute('aria-label', label)
  button.dataset.tip = label
  button.append(icon(toolIcons[name], 18))
  return button
}

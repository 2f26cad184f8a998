// The card of a link: where it goes, and to open, copy, edit or remove it. It comes when the pointer rests on a link or the caret stands in
// one, and stays while the pointer or the focus is in it.

import { safeHref, schema } from '@sheaf/model'
import { Plugin, type PluginView, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { words } from './block-words.ts'
import { iconButton } from './parts.ts'
import { place } from './picker.ts'

const restMs = 300
const leaveMs = 200

export function linkCard(layer: HTMLElement): Plugin {
  return new Plugin({ view: view => new LinkCard(view, layer) })
}

class LinkCard implements PluginView {
  readonly #view: EditorView
  readonly #box = document.createElement('div')
  readonly #address = document.createElement('a')
  readonly #acts: HTMLElement[]
  readonly #listening = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #link: HTMLAnchorElement | null = null

  constructor(view: EditorView, layer: HTMLElement) {
    this.#view = view
    this.#box.className = 'sheaf-bubble sheaf-link-card'
    this.#box.setAttribute('role', 'toolbar')
    this.#box.setAttribute('aria-label', words.linkCard)
    this.#box.hidden = true
    this.#address.className = 'sheaf-link-address'
    this.#address.target = '_blank'
    this.#address.rel = 'noopener noreferrer nofollow'
    const button = 'sheaf-bubble-button'
    this.#acts = [
      iconButton(button, 'pencil', words.editLink, () => this.#edit()),
      iconButton(button, 'unlink', words.removeLink, () => this.#remove()),
    ]
    this.#box.append(
      this.#address,
      iconButton(button, 'copy', words.copyLink, () => void navigator.clipboard.writeText(this.#address.href)),
      ...this.#acts,
    )
    layer.append(this.#box)
    const { signal } = this.#listening
    view.dom.addEventListener('pointerover', event => this.#over(event), { signal })
    view.dom.addEventListener('pointerdown', () => this.#hide(), { signal })
    for (const element of [view.dom, this.#box]) {
      element.addEventListener('pointerleave', () => this.#hideSoon(), { signal })
    }
    this.#box.addEventListener('pointerenter', () => clearTimeout(this.#timer), { signal })
    this.#box.addEventListener(
      'focusout',
      event => {
        if (!this.#box.contains(event.relatedTarget as Node | null)) this.#hide()
      },
      { signal },
    )
    this.#box.addEventListener(
      'keydown',
      event => {
        if (event.key !== 'Escape') return
        this.#hide()
        this.#view.focus()
      },
      { signal },
    )
  }

  /** What it is about may have gone. */
  update(): void {
    if (this.#link !== null && !this.#link.isConnected) this.#hide()
  }

  destroy(): void {
    clearTimeout(this.#timer)
    this.#listening.abort()
    this.#box.remove()
  }

  #over(event: PointerEvent): void {
    if (event.pointerType === 'touch' || event.buttons !== 0) return
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null
    const isPlain = link !== null && link.closest('[data-own]') === null
    clearTimeout(this.#timer)
    if (isPlain && link === this.#link) return
    this.#timer = setTimeout(() => (isPlain ? this.#show(link) : this.#hide()), isPlain ? restMs : leaveMs)
  }

  #hideSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#hide(), leaveMs)
  }

  #show(link: HTMLAnchorElement): void {
    if (this.#view.isDestroyed || !link.isConnected || !this.#view.state.selection.empty) return
    this.#link = link
    this.#address.href = safeHref(link.getAttribute('href') ?? '')
    this.#address.textContent = (link.getAttribute('href') ?? '').replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')
    for (const act of this.#acts) act.hidden = !this.#view.editable
    this.#box.hidden = false
    place(this.#box, link, this.#box.parentElement!)
  }

  #hide(): void {
    clearTimeout(this.#timer)
    this.#link = null
    this.#box.hidden = true
  }

  /** The stretch of text that bears the link; null where it is gone. */
  #range(): { from: number; to: number } | null {
    const link = this.#link
    if (link === null || !link.isConnected) return null
    const from = this.#view.posAtDOM(link, 0)
    const $from = this.#view.state.doc.resolve(from)
    const mark = $from.nodeAfter?.marks.find(({ type }) => type === schema.marks.link)
    if (mark === undefined) return null
    let to = from
    for (let index = $from.index(); index < $from.parent.childCount; index++) {
      const child = $from.parent.child(index)
      if (!mark.isInSet(child.marks)) break
      to += child.nodeSize - (index === $from.index() ? $from.textOffset : 0)
    }
    return { from, to }
  }

  /** The field of the bubble, which knows how. */
  #edit(): void {
    const range = this.#range()
    if (range === null) return
    const { state } = this.#view
    this.#hide()
    this.#view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, range.from, range.to)))
    this.#view.focus()
    const key = { key: 'k', code: 'KeyK', bubbles: true, cancelable: true }
    const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)
    this.#view.dom.dispatchEvent(new KeyboardEvent('keydown', { ...key, ctrlKey: !isMac, metaKey: isMac }))
  }

  #remove(): void {
    const range = this.#range()
    if (range === null) return
    this.#hide()
    const { tr } = this.#view.state
    this.#view.dispatch(tr.removeMark(range.from, range.to, schema.marks.link).setMeta(structuralMeta, true))
    this.#view.focus()
  }
}

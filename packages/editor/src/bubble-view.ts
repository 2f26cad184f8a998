// The bubble over a selection: bold, italic, underline, strike, code, link. It comes 150 ms after the selection rests, never
// while the pointer is down, and floats in the editor's own element, so nothing in the text moves.

import { schema } from '@sheaf/model'
import type { MarkType } from 'prosemirror-model'
import { type EditorState, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { caretBlock, isCode } from './blocks.ts'
import { isMarked, selectedLink, toggleMark } from './commands.ts'
import { icon } from './icons.ts'
import { type MenuIcon, menuIcons } from './menu-icons.ts'
import { words } from './words.ts'

const { marks } = schema
const restMs = 150
const modifier = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl+'

const buttons: readonly { name: string; keys: string; icon: MenuIcon; mark: MarkType }[] = [
  { name: words.bold, keys: `${modifier}B`, icon: 'bold', mark: marks.strong },
  { name: words.italic, keys: `${modifier}I`, icon: 'italic', mark: marks.em },
  { name: words.underline, keys: `${modifier}U`, icon: 'underline', mark: marks.underline },
  { name: words.strikethrough, keys: `${modifier}Shift+S`, icon: 'strikethrough', mark: marks.strike },
  { name: words.code, keys: `${modifier}E`, icon: 'code', mark: marks.code },
]

export class BubbleView {
  readonly #view: EditorView
  readonly #layer: HTMLElement
  readonly #box = document.createElement('div')
  readonly #tools = document.createElement('div')
  readonly #field = document.createElement('input')
  readonly #pressed = new Map<MarkType, HTMLButtonElement>()
  readonly #listening = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #pointerDown = false
  #linking = false

  constructor(view: EditorView, layer: HTMLElement) {
    this.#view = view
    this.#layer = layer
    this.#box.className = 'sheaf-bubble'
    this.#box.hidden = true
    this.#box.setAttribute('role', 'toolbar')
    this.#box.setAttribute('aria-label', words.format)
    this.#tools.style.display = 'contents'
    for (const { name, keys, icon: iconName, mark } of buttons) {
      const button = this.#button(name, keys, iconName, () =>
        toggleMark(mark)(view.state, tr => view.dispatch(tr.setMeta(structuralMeta, true))),
      )
      this.#pressed.set(mark, button)
      this.#tools.append(button)
    }
    const link = this.#button(words.link, `${modifier}K`, 'link', () => this.editLink())
    this.#pressed.set(marks.link, link)
    this.#tools.append(link)
    this.#field.className = 'sheaf-bubble-field'
    this.#field.type = 'url'
    this.#field.placeholder = words.typeLink
    this.#field.setAttribute('aria-label', words.linkAddress)
    this.#field.hidden = true
    this.#field.addEventListener('keydown', event => this.#fieldKey(event))
    this.#field.addEventListener('blur', () => this.#endLink(false))
    this.#box.append(this.#tools, this.#field)
    this.#box.addEventListener('mousedown', event => {
      if (event.target !== this.#field) event.preventDefault()
    })
    layer.append(this.#box)
    const { signal } = this.#listening
    view.dom.addEventListener('pointerdown', () => this.#press(), { signal })
    window.addEventListener('pointerup', () => this.#release(), { signal })
    window.addEventListener('pointercancel', () => this.#release(), { signal })
    view.dom.addEventListener('blur', () => this.update(), { signal })
    view.dom.addEventListener('focus', () => this.update(), { signal })
  }

  update(view: EditorView = this.#view, before?: EditorState): void {
    if (this.#linking) return this.#place()
    if (before?.selection.eq(view.state.selection) && before.doc.eq(view.state.doc)) return
    clearTimeout(this.#timer)
    if (!this.#wanted()) {
      this.#box.hidden = true
      return
    }
    // While it stands it follows at once; it comes only when the selection rests.
    if (!this.#box.hidden) this.#show()
    else if (!this.#pointerDown) this.#timer = setTimeout(() => this.#show(), restMs)
  }

  destroy(): void {
    clearTimeout(this.#timer)
    this.#listening.abort()
    this.#box.remove()
  }

  editLink(): boolean {
    const { state } = this.#view
    const link = selectedLink(state)
    if (!this.#view.editable || (state.selection.empty && link === null)) return false
    if (state.selection.empty && link !== null) {
      this.#view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, link.from, link.to)))
    }
    this.#linking = true
    this.#tools.style.display = 'none'
    this.#field.hidden = false
    this.#field.value = link?.href ?? ''
    this.#box.hidden = false
    this.#place()
    this.#field.focus()
    this.#field.select()
    return true
  }

  #press(): void {
    this.#pointerDown = true
    clearTimeout(this.#timer)
    this.#box.hidden = true
  }

  #release(): void {
    if (!this.#pointerDown) return
    this.#pointerDown = false
    this.update()
  }

  #wanted(): boolean {
    const { state } = this.#view
    // On a phone the tools lie on the keyboard, and over the selection is the system's own menu.
    if (this.#layer.classList.contains('sheaf-is-docked')) return false
    const block = caretBlock(state)
    if (!(state.selection instanceof TextSelection) || state.selection.empty || block === null) return false
    return (
      this.#view.editable &&
      this.#view.hasFocus() &&
      !isCode(block.node) &&
      state.doc.textBetween(state.selection.from, state.selection.to, ' ').trim() !== ''
    )
  }

  #show(): void {
    for (const [mark, button] of this.#pressed)
      button.setAttribute('aria-pressed', String(isMarked(this.#view.state, mark)))
    this.#box.hidden = false
    this.#place()
  }

  /** 8 above the selection's first line, centred on it, inside the text column; below where there is no room. */
  #place(): void {
    const { from, to } = this.#view.state.selection
    const start = this.#view.coordsAtPos(from, 1)
    const end = this.#view.coordsAtPos(to, -1)
    const text = this.#view.dom.getBoundingClientRect()
    const origin = this.#layer.getBoundingClientRect()
    const oneLine = end.top < start.bottom
    const middle = oneLine ? (start.left + end.right) / 2 : (start.left + text.right) / 2
    const width = this.#box.offsetWidth
    const height = this.#box.offsetHeight
    const left = Math.max(Math.min(middle - width / 2, text.right - width), text.left)
    // 60 is the header and a little air.
    const above = start.top - 8 - height > 60
    this.#box.style.left = `${left - origin.left}px`
    this.#box.style.top = `${(above ? start.top - 8 - height : end.bottom + 8) - origin.top}px`
  }

  #fieldKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault()
      this.#endLink(true)
      this.#view.focus()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      this.#endLink(false)
      this.#view.focus()
    }
  }

  #endLink(apply: boolean): void {
    if (!this.#linking) return
    this.#linking = false
    this.#field.hidden = true
    this.#tools.style.display = 'contents'
    this.#box.hidden = true
    if (!apply) return
    const { state } = this.#view
    const { from, to } = state.selection
    const href = completeAddress(this.#field.value)
    const tr = state.tr.setMeta(structuralMeta, true).removeMark(from, to, marks.link)
    if (href !== '') tr.addMark(from, to, marks.link.create({ href }))
    this.#view.dispatch(tr)
  }

  #button(name: string, keys: string, iconName: MenuIcon, run: () => void): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'sheaf-bubble-button'
    button.setAttribute('aria-label', name)
    button.dataset.tip = name
    button.dataset.keys = keys
    button.append(icon(menuIcons[iconName], 16))
    button.addEventListener('click', run)
    return button
  }
}

/** "example.org" means the site, "ana@example.org" the mail address. */
function completeAddress(typed: string): string {
  const address = typed.trim()
  if (address === '' || /^([a-z][a-z0-9+.-]*:|\/|#)/i.test(address)) return address
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(address)) return `mailto:${address}`
  return `https://${address}`
}

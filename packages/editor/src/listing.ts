// What can be chosen for the words at the caret: a list under their line. The text keeps the focus; the keys of the list are given to it.
// It floats in the editor's own element, so nothing in the text moves.

import type { EditorView } from 'prosemirror-view'
import { icon, type Shape } from './icons.ts'
import { words } from './words.ts'

export interface ListingRow {
  readonly name: string
  /** Indexes of the letters of the name that the query found. */
  readonly letters: readonly number[]
  /** Shapes, or a character that stands for itself. */
  readonly sign: readonly Shape[] | string
  readonly hint?: string
  /** Rows that follow each other with one of them stand under its name. */
  readonly group?: string
}

export interface ListingOptions {
  readonly view: EditorView
  readonly layer: HTMLElement
  readonly label: string
  readonly onTake: (index: number) => void
  readonly onClose: () => void
}

export class Listing {
  readonly #options: ListingOptions
  readonly #box = document.createElement('div')
  readonly #list = document.createElement('div')
  #count = 0
  #chosen = 0

  constructor(options: ListingOptions) {
    this.#options = options
    this.#box.className = 'sheaf-menu sheaf-listing'
    this.#box.hidden = true
    this.#list.className = 'sheaf-menu-list'
    this.#list.id = `sheaf-listing-${Math.random().toString(36).slice(2)}`
    this.#list.setAttribute('role', 'listbox')
    this.#list.setAttribute('aria-label', options.label)
    // It scrolls: whoever walks by Tab must get to it.
    this.#list.tabIndex = 0
    const foot = document.createElement('div')
    foot.className = 'sheaf-menu-foot'
    foot.setAttribute('aria-hidden', 'true')
    foot.append(
      ...[words.chooseKey, words.insertKey, words.closeKey].map(text =>
        Object.assign(document.createElement('span'), { textContent: text }),
      ),
    )
    this.#box.append(this.#list, foot)
    // The text keeps the focus and the selection while the list is used with a pointer.
    this.#box.addEventListener('mousedown', event => event.preventDefault())
    this.#list.addEventListener('click', event => {
      const index = indexOf(event.target)
      if (index !== null) options.onTake(index)
    })
    this.#list.addEventListener('pointermove', event => {
      const index = indexOf(event.target)
      if (index !== null && index !== this.#chosen) this.#choose(index, false)
    })
    options.layer.append(this.#box)
  }

  get isOpen(): boolean {
    return !this.#box.hidden
  }

  /** Shows the rows, the first one chosen. */
  draw(rows: readonly ListingRow[]): void {
    this.#count = rows.length
    this.#list.replaceChildren()
    let group = ''
    for (const [index, row] of rows.entries()) {
      if (row.group !== undefined && row.group !== group) {
        group = row.group
        const label = document.createElement('div')
        label.className = 'sheaf-menu-group'
        label.textContent = group
        this.#list.append(label)
      }
      this.#list.append(drawRow(row, `${this.#list.id}-${index}`, index))
    }
    this.#box.hidden = false
    this.#options.view.dom.setAttribute('aria-controls', this.#list.id)
    this.#list.scrollTop = 0
    this.#choose(0, false)
  }

  /** 6 below the line of a place; above it where there is no room below. */
  place(pos: number): void {
    const line = this.#options.view.coordsAtPos(pos)
    const origin = this.#options.layer.getBoundingClientRect()
    const { offsetHeight: height, offsetWidth: width } = this.#box
    const bottom = window.visualViewport?.height ?? window.innerHeight
    const above = line.bottom + 6 + height > bottom - 8 && line.top - 6 - height > 0
    const left = Math.min(line.left, document.documentElement.clientWidth - width - 12)
    this.#box.style.left = `${Math.max(left, 12) - origin.left}px`
    this.#box.style.top = `${(above ? line.top - 6 - height : line.bottom + 6) - origin.top}px`
  }

  /** True where the list has done something with it. */
  key(event: KeyboardEvent): boolean {
    if (this.#box.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
    const { key } = event
    if (key === 'ArrowDown') this.#choose((this.#chosen + 1) % this.#count, true)
    else if (key === 'ArrowUp') this.#choose((this.#chosen + this.#count - 1) % this.#count, true)
    else if (key === 'Enter' || key === 'Tab') this.#options.onTake(this.#chosen)
    else if (key === 'Escape') this.#options.onClose()
    else return false
    return true
  }

  hide(): void {
    if (this.#box.hidden) return
    this.#box.hidden = true
    const { dom } = this.#options.view
    dom.removeAttribute('aria-controls')
    dom.removeAttribute('aria-activedescendant')
  }

  destroy(): void {
    this.hide()
    this.#box.remove()
  }

  #choose(index: number, scroll: boolean): void {
    this.#chosen = index
    for (const option of this.#list.querySelectorAll<HTMLElement>('[data-index]')) {
      const selected = Number(option.dataset.index) === index
      option.setAttribute('aria-selected', String(selected))
      if (!selected) continue
      this.#options.view.dom.setAttribute('aria-activedescendant', option.id)
      // The list scrolls, never the page.
      if (scroll)
        this.#list.scrollTop = Math.min(
          Math.max(this.#list.scrollTop, option.offsetTop + option.offsetHeight + 6 - this.#list.clientHeight),
          option.offsetTop - 6,
        )
    }
  }
}

function indexOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
  return row === null ? null : Number(row.dataset.index)
}

function drawRow({ name: words, letters, sign, hint }: ListingRow, id: string, index: number): HTMLElement {
  const option = document.createElement('div')
  option.className = 'sheaf-menu-row'
  option.id = id
  option.dataset.index = String(index)
  option.setAttribute('role', 'option')
  const name = document.createElement('span')
  name.className = 'sheaf-menu-name'
  for (const [at, letter] of [...words].entries()) {
    name.append(letters.includes(at) ? Object.assign(document.createElement('b'), { textContent: letter }) : letter)
  }
  if (typeof sign === 'string') {
    const character = document.createElement('span')
    character.className = 'sheaf-menu-sign'
    character.setAttribute('aria-hidden', 'true')
    character.textContent = sign
    option.append(character, name)
  } else option.append(icon(sign, 17), name)
  if (hint !== undefined && hint !== '') {
    const end = document.createElement('span')
    end.className = 'sheaf-menu-hint'
    end.textContent = hint
    option.append(end)
  }
  return option
}

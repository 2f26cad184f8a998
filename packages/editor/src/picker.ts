// A list to choose from, beside what it is about: languages of code, tones of a callout. It floats in the editor's own element, takes the
// focus while it is open, and gives it back.

import { icon } from './icons.ts'
import { type MenuIcon, menuIcons } from './menu-icons.ts'

export interface PickerItem<T> {
  readonly name: string
  readonly value: T
  readonly icon?: MenuIcon
  /** Other words that find it. */
  readonly aliases?: readonly string[]
}

export interface PickerOptions<T> {
  readonly layer: HTMLElement
  readonly anchor: HTMLElement
  readonly label: string
  readonly items: readonly PickerItem<T>[]
  readonly chosen: T
  /** With a field to search in. */
  readonly search?: { readonly placeholder: string; readonly nothing: string }
  readonly onTake: (value: T) => void
  /** However it ended; the focus is to go back. */
  readonly onClose: () => void
}

/** @returns closes it. */
export function openPicker<T>(options: PickerOptions<T>): () => void {
  const { layer, anchor, items, search } = options
  const listening = new AbortController()
  const { signal } = listening
  const box = document.createElement('div')
  box.className = 'sheaf-menu sheaf-picker'
  const list = document.createElement('div')
  list.className = 'sheaf-menu-list'
  list.id = `sheaf-picker-${Math.random().toString(36).slice(2)}`
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', options.label)
  const field = document.createElement('input')
  field.className = 'sheaf-picker-field'
  field.setAttribute('role', 'combobox')
  field.setAttribute('aria-label', options.label)
  field.setAttribute('aria-expanded', 'true')
  field.setAttribute('aria-controls', list.id)
  field.autocomplete = 'off'
  field.spellcheck = false
  field.placeholder = search?.placeholder ?? ''
  if (search !== undefined) box.append(field)
  else list.tabIndex = -1
  box.append(list)
  let shown = items
  let at = Math.max(
    items.findIndex(({ value }) => value === options.chosen),
    0,
  )

  const focused = search === undefined ? list : field
  const close = (): void => {
    if (signal.aborted) return
    listening.abort()
    box.remove()
    options.onClose()
  }
  const take = (index: number): void => {
    const item = shown[index]
    if (item === undefined) return
    close()
    options.onTake(item.value)
  }
  const choose = (index: number): void => {
    at = index
    for (const [place, row] of [...list.children].entries()) {
      row.setAttribute('aria-selected', String(place === at))
      if (place !== at) continue
      focused.setAttribute('aria-activedescendant', row.id)
      // The list scrolls, never the page.
      const { offsetTop, offsetHeight } = row as HTMLElement
      const top = Math.max(list.scrollTop, offsetTop + offsetHeight + 6 - list.clientHeight)
      list.scrollTop = Math.min(top, offsetTop - 6)
    }
  }
  const draw = (): void => {
    list.replaceChildren(...shown.map((item, index) => row(item, `${list.id}-${index}`)))
    if (shown.length === 0) {
      const nothing = document.createElement('div')
      nothing.className = 'sheaf-menu-group'
      nothing.textContent = search?.nothing ?? ''
      list.append(nothing)
    } else choose(at)
  }
  field.addEventListener(
    'input',
    () => {
      shown = find(items, field.value)
      at = 0
      draw()
    },
    { signal },
  )
  box.addEventListener(
    'keydown',
    event => {
      if (event.isComposing) return
      const count = shown.length
      if (event.key === 'ArrowDown' && count > 0) choose((at + 1) % count)
      else if (event.key === 'ArrowUp' && count > 0) choose((at + count - 1) % count)
      else if (event.key === 'Enter') take(at)
      else if (event.key === 'Escape' || event.key === 'Tab') close()
      else return
      event.preventDefault()
      event.stopPropagation()
    },
    { signal },
  )
  list.addEventListener('mousedown', event => event.preventDefault(), { signal })
  list.addEventListener('click', event => take(indexOf(list, event.target)), { signal })
  list.addEventListener('pointermove', event => {
    const index = indexOf(list, event.target)
    if (index >= 0 && index !== at) choose(index)
  })
  box.addEventListener(
    'focusout',
    event => {
      if (!box.contains(event.relatedTarget as Node | null)) close()
    },
    { signal },
  )
  layer.append(box)
  draw()
  place(box, anchor, layer)
  focused.focus({ preventScroll: true })
  return close
}

function row(item: PickerItem<unknown>, id: string): HTMLElement {
  const option = document.createElement('div')
  option.className = 'sheaf-menu-row'
  option.id = id
  option.setAttribute('role', 'option')
  if (item.icon !== undefined) option.append(icon(menuIcons[item.icon], 17))
  option.append(item.name)
  return option
}

function indexOf(list: HTMLElement, target: EventTarget | null): number {
  const row = target instanceof Element ? target.closest('.sheaf-menu-row') : null
  return row === null ? -1 : [...list.children].indexOf(row)
}

/** Names that begin so, then those that have it in them or among their other words. */
function find<T>(items: readonly PickerItem<T>[], query: string): readonly PickerItem<T>[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return items
  const rank = ({ name, aliases = [] }: PickerItem<T>): number => {
    const words = [name.toLowerCase(), ...aliases]
    if (words.includes(wanted)) return 0
    if (words[0]!.startsWith(wanted)) return 1
    if (words.some(word => word.startsWith(wanted))) return 2
    return words.some(word => word.includes(wanted)) ? 3 : 4
  }
  return items
    .map(item => ({ item, rank: rank(item) }))
    .filter(found => found.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

/** 6 below what it is about, ends level; above it where there is no room below. */
export function place(box: HTMLElement, anchor: { getBoundingClientRect(): DOMRect }, layer: HTMLElement): void {
  const about = anchor.getBoundingClientRect()
  const origin = layer.getBoundingClientRect()
  const { offsetHeight: height, offsetWidth: width } = box
  const bottom = window.visualViewport?.height ?? window.innerHeight
  const above = about.bottom + 6 + height > bottom - 8 && about.top - 6 - height > 0
  const widest = document.documentElement.clientWidth - width - 12
  box.style.left = `${Math.max(Math.min(about.left, widest), 12) - origin.left}px`
  box.style.top = `${(above ? about.top - 6 - height : about.bottom + 6) - origin.top}px`
}

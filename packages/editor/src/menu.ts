// A menu of the editor: rows in groups, walked with the arrow keys, found by their first letters, some with a menu of their own behind
// them. It floats in the editor's own element, so nothing in the text moves; on a phone it is a sheet at the foot.

import { icon, type Shape } from './icons.ts'
import { keyName } from './key-names.ts'

export interface MenuItem {
  readonly name: string
  readonly icon: readonly Shape[]
  /** As the keymap writes them. */
  readonly keys?: string
  readonly isDanger?: boolean
  /** A choice among others, and whether it is the one. */
  readonly isOn?: boolean
  readonly run?: () => void
  /** Behind a row without `run`. */
  readonly items?: readonly MenuItem[]
}

export interface MenuOptions {
  readonly layer: HTMLElement
  readonly name: string
  readonly groups: readonly (readonly MenuItem[])[]
  /** In the window: the menu stands below it, or above where there is no room. */
  readonly at: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }
  readonly side?: 'below' | 'beside'
  /** @param how `chosen` and `left` leave the focus where it is; after `back` it belongs where it came from. */
  readonly onClose: (how: 'chosen' | 'left' | 'back') => void
}

/** Height of the header of a page, and a little air. */
const headPx = 60

export class Menu {
  readonly #options: MenuOptions
  readonly #box = document.createElement('div')
  readonly #stop = new AbortController()
  #inner: Menu | null = null
  #isOpen = true
  #typed = ''
  #typedMs = 0

  /** Opens it, with the focus on its first row. */
  constructor(options: MenuOptions) {
    this.#options = options
    this.#box.className = 'sheaf-menu sheaf-block-menu'
    this.#box.setAttribute('role', 'menu')
    this.#box.setAttribute('aria-label', options.name)
    for (const group of options.groups) {
      const part = document.createElement('div')
      part.setAttribute('role', 'group')
      part.append(...group.map(item => this.#row(item)))
      this.#box.append(part)
    }
    const { signal } = this.#stop
    this.#box.addEventListener('keydown', event => this.#key(event), { signal })
    this.#box.addEventListener('focusout', event => this.#leave(event), { signal })
    // A press beside it closes it, also where nothing there takes the focus.
    document.addEventListener('pointerdown', event => this.#press(event), { signal, capture: true })
    options.layer.append(this.#box)
    this.#place()
    this.#rows[0]?.focus({ preventScroll: true })
  }

  contains(target: Node): boolean {
    return this.#box.contains(target) || this.#inner?.contains(target) === true
  }

  close(how: 'chosen' | 'left' | 'back' = 'left'): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#stop.abort()
    this.#inner?.close()
    this.#box.remove()
    this.#options.onClose(how)
  }

  get #rows(): HTMLElement[] {
    return [...this.#box.querySelectorAll<HTMLElement>('button')]
  }

  #row(item: MenuItem): HTMLElement {
    const row = document.createElement('button')
    row.type = 'button'
    row.tabIndex = -1
    row.className = `sheaf-menu-row${item.isDanger === true ? ' sheaf-danger' : ''}`
    row.setAttribute('role', item.isOn === undefined ? 'menuitem' : 'menuitemradio')
    if (item.isOn !== undefined) row.setAttribute('aria-checked', String(item.isOn))
    const name = document.createElement('span')
    name.textContent = item.name
    row.append(icon(item.icon, 17), name)
    const hint = item.items !== undefined ? '›' : item.isOn === true ? '✓' : item.keys && keyName(item.keys)
    if (hint !== undefined) {
      const end = document.createElement('span')
      end.className = 'sheaf-menu-hint sheaf-menu-keys'
      end.setAttribute('aria-hidden', 'true')
      end.textContent = hint
      row.append(end)
    }
    if (item.items !== undefined) {
      row.setAttribute('aria-haspopup', 'menu')
      row.setAttribute('aria-expanded', 'false')
    }
    const open = (): void => this.#openInner(row, item)
    row.addEventListener('pointermove', event => {
      if (event.pointerType === 'touch') return
      if (this.#inner === null && document.activeElement !== row) row.focus({ preventScroll: true })
      if (item.items !== undefined) open()
      else if (this.#inner !== null) {
        this.#closeInner()
        row.focus({ preventScroll: true })
      }
    })
    row.addEventListener('click', () => {
      if (item.items !== undefined) return open()
      this.close('chosen')
      item.run?.()
    })
    return row
  }

  #openInner(row: HTMLElement, item: MenuItem): void {
    if (this.#inner !== null || item.items === undefined) return
    row.setAttribute('aria-expanded', 'true')
    this.#inner = new Menu({
      layer: this.#options.layer,
      name: item.name,
      groups: [
        item.items.map(inner => ({
          ...inner,
          run: () => {
            this.close('chosen')
            inner.run?.()
          },
        })),
      ],
      at: row.getBoundingClientRect(),
      side: 'beside',
      onClose: how => {
        this.#inner = null
        row.setAttribute('aria-expanded', 'false')
        if (how === 'back') row.focus({ preventScroll: true })
        else if (how === 'left' && this.#isOpen && !this.#box.contains(document.activeElement)) this.close('left')
      },
    })
  }

  #closeInner(): void {
    this.#inner?.close('back')
  }

  #key(event: KeyboardEvent): void {
    const rows = this.#rows
    const at = rows.indexOf(document.activeElement as HTMLElement)
    const isRightToLeft = getComputedStyle(this.#box).direction === 'rtl'
    const [inwards, outwards] = isRightToLeft ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
    const next = {
      ArrowDown: (at + 1) % rows.length,
      ArrowUp: (at + rows.length - 1) % rows.length,
      Home: 0,
      End: rows.length - 1,
    }[event.key]
    if (next !== undefined) rows[next]!.focus()
    else if (event.key === inwards && rows[at]?.ariaHasPopup === 'menu') rows[at]!.click()
    else if (event.key === outwards && this.#options.side === 'beside') this.close('back')
    else if (event.key === 'Escape' || event.key === 'Tab') this.close('back')
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) this.#find(event.key, at)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** The next row that begins with what was typed within a second; one letter again and again goes through its rows. */
  #find(letter: string, at: number): void {
    const now = performance.now()
    const typed = now - this.#typedMs < 1000 ? this.#typed + letter.toLowerCase() : letter.toLowerCase()
    this.#typed = [...typed].every(other => other === typed[0]) ? typed[0]! : typed
    this.#typedMs = now
    const rows = this.#rows
    const from = this.#typed.length > 1 ? at : at + 1
    for (let i = 0; i < rows.length; i++) {
      const row = rows[(from + i) % rows.length]!
      if (row.textContent?.toLowerCase().startsWith(this.#typed)) return row.focus()
    }
  }

  #leave(event: FocusEvent): void {
    const to = event.relatedTarget
    // From a menu into the one behind its row, and back.
    if (to instanceof Element && to.closest('.sheaf-block-menu') !== null) return
    if (this.#inner !== null || !document.hasFocus()) return
    this.close('left')
  }

  #press(event: PointerEvent): void {
    if (event.target instanceof Node && this.contains(event.target)) return
    if (this.#options.side !== 'beside') this.close('left')
  }

  #place(): void {
    const { at, layer, side = 'below' } = this.#options
    const origin = layer.getBoundingClientRect()
    const isRightToLeft = getComputedStyle(this.#box).direction === 'rtl'
    const { offsetWidth: width } = this.#box
    const wide = document.documentElement.clientWidth
    const high = window.visualViewport?.height ?? window.innerHeight
    const top = side === 'beside' ? at.top - 7 : at.bottom + 4
    const room = side === 'beside' ? high - 12 - headPx : Math.max(high - top - 12, at.top - 4 - headPx)
    this.#box.style.maxHeight = `${room}px`
    const { offsetHeight: height } = this.#box
    const y =
      side === 'beside'
        ? Math.max(Math.min(top, high - 12 - height), headPx)
        : top + height <= high - 12 || at.top - 4 - height < headPx
          ? top
          : at.top - 4 - height
    let x = isRightToLeft ? at.right - width : at.left
    if (side === 'beside') {
      const before = at.left - width - 2
      const after = at.right + 2
      x = isRightToLeft ? (before >= 12 ? before : after) : after + width <= wide - 12 ? after : before
    }
    this.#box.style.left = `${Math.max(12, Math.min(x, wide - width - 12)) - origin.left}px`
    this.#box.style.top = `${y - origin.top}px`
  }
}

// The menu of a table: a button over its corner while the caret is in it, and behind it what can be done to the row, the column and the
// cells that are selected. Alt-F10 opens it from the text. It floats in the editor's own element, so nothing in the text moves.

import { type Command, type EditorState, NodeSelection, Plugin } from 'prosemirror-state'
import { CellSelection, cellAround } from 'prosemirror-tables'
import type { EditorView } from 'prosemirror-view'
import { outerBlock } from './blocks.ts'
import { icon } from './icons.ts'
import {
  addColumn,
  addRow,
  deleteColumns,
  deleteRows,
  deleteTable,
  type Here,
  hasHeader,
  mergeCells,
  moveColumns,
  moveRows,
  splitCells,
  tableHere,
  toggleHeader,
} from './tables-commands.ts'
import { type TableIcon, tableIcons } from './tables-icons.ts'
import { words } from './words.ts'

interface Item {
  readonly name: string
  readonly icon: TableIcon
  readonly keys?: string
  readonly command: Command
  /** What it switches on and off. */
  readonly isOn?: (here: Here) => boolean
  readonly isDanger?: boolean
}

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')
const alt = isMac ? '⌥⇧' : 'Alt Shift '

/** Height of the header of a page, and a little air. */
const headPx = 60

/** Groups of items; what does not apply is not shown. */
const groups: readonly { readonly name: string; readonly items: readonly Item[] }[] = [
  {
    name: words.row,
    items: [
      { name: words.insertRowAbove, icon: 'arrow-up-to-line', command: addRow('above') },
      { name: words.insertRowBelow, icon: 'arrow-down-to-line', command: addRow('below') },
      { name: words.moveRowUp, icon: 'arrow-up', keys: `${alt}↑`, command: moveRows(-1) },
      { name: words.moveRowDown, icon: 'arrow-down', keys: `${alt}↓`, command: moveRows(1) },
      { name: words.deleteRow, icon: 'trash-2', command: deleteRows },
    ],
  },
  {
    name: words.column,
    items: [
      { name: words.insertColumnBefore, icon: 'arrow-left-to-line', command: addColumn('before') },
      { name: words.insertColumnAfter, icon: 'arrow-right-to-line', command: addColumn('after') },
      { name: words.moveColumnBefore, icon: 'arrow-left', keys: `${alt}←`, command: moveColumns(-1) },
      { name: words.moveColumnAfter, icon: 'arrow-right', keys: `${alt}→`, command: moveColumns(1) },
      { name: words.deleteColumn, icon: 'trash-2', command: deleteColumns },
    ],
  },
  {
    name: words.cells,
    items: [
      { name: words.mergeCells, icon: 'table-cells-merge', command: mergeCells },
      { name: words.splitCell, icon: 'table-cells-split', command: splitCells },
    ],
  },
  {
    name: words.table,
    items: [
      { name: words.headerRow, icon: 'panel-top', command: toggleHeader('row'), isOn: here => hasHeader(here, 'row') },
      {
        name: words.headerColumn,
        icon: 'panel-left',
        command: toggleHeader('column'),
        isOn: here => hasHeader(here, 'column'),
      },
      { name: words.deleteTable, icon: 'trash-2', command: deleteTable, isDanger: true },
    ],
  },
]

export function tableMenu(layer: HTMLElement): Plugin {
  let shown: TableMenuView | null = null
  return new Plugin({
    props: {
      handleKeyDown: (view, event) => {
        if (event.key !== 'F10' || !event.altKey || !view.editable || tableHere(view.state) === null) return false
        shown?.open()
        return true
      },
    },
    view: view => {
      shown = new TableMenuView(view, layer)
      return shown
    },
  })
}

class TableMenuView {
  readonly #view: EditorView
  readonly #layer: HTMLElement
  readonly #button = document.createElement('button')
  readonly #menu = document.createElement('div')
  readonly #stop = new AbortController()
  #frame: number | null = null

  constructor(view: EditorView, layer: HTMLElement) {
    this.#view = view
    this.#layer = layer
    const id = `sheaf-table-menu-${Math.random().toString(36).slice(2)}`
    this.#button.type = 'button'
    this.#button.className = 'sheaf-table-button'
    this.#button.hidden = true
    this.#button.dataset.tip = words.table
    this.#button.dataset.keys = isMac ? '⌥F10' : 'Alt+F10'
    this.#button.setAttribute('aria-label', words.table)
    this.#button.setAttribute('aria-haspopup', 'menu')
    this.#button.setAttribute('aria-expanded', 'false')
    this.#button.setAttribute('aria-controls', id)
    this.#button.append(icon(tableIcons.ellipsis, 16))
    this.#menu.id = id
    this.#menu.className = 'sheaf-menu sheaf-table-menu'
    this.#menu.hidden = true
    this.#menu.setAttribute('role', 'menu')
    this.#menu.setAttribute('aria-label', words.table)
    layer.append(this.#button, this.#menu)
    const { signal } = this.#stop
    // The text keeps the selection.
    this.#button.addEventListener('mousedown', event => event.preventDefault(), { signal })
    this.#button.addEventListener('click', () => (this.#menu.hidden ? this.open() : this.#close(true)), { signal })
    this.#menu.addEventListener('keydown', event => this.#key(event), { signal })
    this.#menu.addEventListener('focusout', event => this.#leave(event), { signal })
    view.dom.addEventListener('focus', () => this.update(), { signal })
    view.dom.addEventListener('blur', () => this.update(), { signal })
    window.addEventListener('resize', () => this.update(), { signal })
    this.update()
  }

  update(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#place()
    })
  }

  destroy(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    this.#stop.abort()
    this.#button.remove()
    this.#menu.remove()
  }

  open(): void {
    const here = tableHere(this.#view.state)
    if (here === null) return
    this.#menu.replaceChildren()
    for (const { name, items } of groups) {
      const usable = items.filter(({ command }) => command(this.#view.state))
      if (usable.length === 0) continue
      const group = document.createElement('div')
      group.setAttribute('role', 'group')
      group.setAttribute('aria-label', name)
      group.append(...usable.map(item => this.#row(item, here)))
      this.#menu.append(group)
    }
    this.#menu.hidden = false
    this.#button.setAttribute('aria-expanded', 'true')
    this.#place()
    this.#rows[0]?.focus({ preventScroll: true })
  }

  get #rows(): HTMLElement[] {
    return [...this.#menu.querySelectorAll<HTMLElement>('button')]
  }

  #row(item: Item, here: Here): HTMLElement {
    const row = document.createElement('button')
    row.type = 'button'
    row.tabIndex = -1
    row.className = `sheaf-menu-row${item.isDanger === true ? ' sheaf-danger' : ''}`
    const isOn = item.isOn?.(here)
    row.setAttribute('role', isOn === undefined ? 'menuitem' : 'menuitemcheckbox')
    if (isOn !== undefined) row.setAttribute('aria-checked', String(isOn))
    const name = document.createElement('span')
    name.textContent = item.name
    row.append(icon(tableIcons[item.icon], 17), name)
    if (item.keys !== undefined || isOn === true) {
      const end = document.createElement('span')
      end.className = 'sheaf-menu-hint'
      end.setAttribute('aria-hidden', 'true')
      end.append(isOn === true ? icon(tableIcons.check, 16) : (item.keys ?? ''))
      row.append(end)
    }
    row.addEventListener('pointermove', () => row.focus({ preventScroll: true }))
    row.addEventListener('click', () => {
      this.#close(true)
      item.command(this.#view.state, this.#view.dispatch, this.#view)
    })
    return row
  }

  #key(event: KeyboardEvent): void {
    const rows = this.#rows
    const at = rows.indexOf(document.activeElement as HTMLElement)
    const next = {
      ArrowDown: (at + 1) % rows.length,
      ArrowUp: (at + rows.length - 1) % rows.length,
      Home: 0,
      End: rows.length - 1,
    }[event.key]
    if (next !== undefined) rows[next]!.focus()
    else if (event.key === 'Escape' || event.key === 'Tab') this.#close(true)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #leave(event: FocusEvent): void {
    const to = event.relatedTarget
    if (to instanceof Node && (this.#menu.contains(to) || to === this.#button)) return
    this.#close(false)
  }

  #close(isBack: boolean): void {
    if (this.#menu.hidden) return
    this.#menu.hidden = true
    this.#button.setAttribute('aria-expanded', 'false')
    if (isBack) this.#view.focus()
    this.update()
  }

  /** The button over the end of the first row, inside the text's width; the menu below it, or above where there is more room. */
  #place(): void {
    const table = this.#wanted()
    this.#button.hidden = table === null
    if (table === null) return this.#close(false)
    const origin = this.#layer.getBoundingClientRect()
    const box = table.getBoundingClientRect()
    const size = this.#button.offsetHeight
    const top = box.top - size - 2
    const left = box.right - this.#button.offsetWidth
    this.#button.style.left = `${left - origin.left}px`
    this.#button.style.top = `${top - origin.top}px`
    if (this.#menu.hidden) return
    const below = window.innerHeight - (top + size + 4) - 12
    const above = top - 4 - headPx
    this.#menu.style.maxHeight = `${Math.max(below, above)}px`
    const width = this.#menu.offsetWidth
    const height = this.#menu.offsetHeight
    const end = left + this.#button.offsetWidth
    const at = Math.max(12, Math.min(end - width, document.documentElement.clientWidth - width - 12))
    this.#menu.style.left = `${at - origin.left}px`
    this.#menu.style.top = `${(below >= above || height <= below ? top + size + 4 : top - 4 - height) - origin.top}px`
  }

  /** The element of the table with the caret, while somebody is there to use the menu. */
  #wanted(): HTMLElement | null {
    const view = this.#view
    if (view.isDestroyed || !view.editable) return null
    if (!view.hasFocus() && this.#menu.hidden && document.activeElement !== this.#button) return null
    const position = tablePosition(view.state)
    const dom = position === null ? null : view.nodeDOM(position)
    return dom instanceof HTMLElement ? (dom.querySelector<HTMLElement>('.sheaf-table-scroll') ?? dom) : null
  }
}

function tablePosition({ selection }: EditorState): number | null {
  if (selection instanceof NodeSelection && selection.node.type.name === 'table_block') return selection.from
  const $cell = selection instanceof CellSelection ? selection.$headCell : cellAround(selection.$head)
  return $cell === null ? null : (outerBlock($cell)?.pos ?? null)
}

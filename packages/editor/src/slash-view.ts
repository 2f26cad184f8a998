// What is seen of the slash menu. It floats in the editor's own element, so nothing in the text moves.

import { schema } from '@sheaf/model'
import { Selection, TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { type Block, caretBlock, isInCell } from './blocks.ts'
import { insertAfter, insertDivider, retype } from './commands.ts'
import { icon } from './icons.ts'
import { menuIcons } from './menu-icons.ts'
import { portsOf } from './ports.ts'
import { findItems, type SlashItem, type SlashMatch, slashItems } from './slash-items.ts'
import { slashClosed, slashKey } from './slash-state.ts'
import { newTable } from './tables-text.ts'
import { pickFiles } from './uploading.ts'
import { words } from './words.ts'

const recentKey = 'sheaf.slash.recent'

export class SlashMenuView {
  readonly #view: EditorView
  readonly #box = document.createElement('div')
  readonly #list = document.createElement('div')
  readonly #layer: HTMLElement
  #shown: readonly SlashMatch[] = []
  #query: string | null = null
  #chosen = 0

  constructor(view: EditorView, layer: HTMLElement) {
    this.#view = view
    this.#layer = layer
    this.#box.className = 'sheaf-menu'
    this.#box.hidden = true
    this.#list.className = 'sheaf-menu-list'
    this.#list.id = `sheaf-slash-${Math.random().toString(36).slice(2)}`
    this.#list.setAttribute('role', 'listbox')
    this.#list.setAttribute('aria-label', words.blocks)
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
    // The text keeps the focus and the selection while the menu is used with a pointer.
    this.#box.addEventListener('mousedown', event => event.preventDefault())
    this.#list.addEventListener('click', event => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null
      if (row !== null) this.#take(Number(row.dataset.index))
    })
    this.#list.addEventListener('pointermove', event => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null
      if (row !== null && Number(row.dataset.index) !== this.#chosen) this.#choose(Number(row.dataset.index), false)
    })
    layer.append(this.#box)
  }

  update(): void {
    const { from, query } = slashKey.getState(this.#view.state) ?? slashClosed
    if (from === null) return this.#hide()
    if (query !== this.#query) {
      const matches = findItems(query).filter(({ item }) => isOffered(item, this.#view))
      // Words that name nothing are words: the menu leaves with the space behind them, or after three more letters.
      if (matches.length === 0) {
        if (/\s$/.test(query) || query.length > 6) queueMicrotask(() => this.#close())
        return this.#hide()
      }
      this.#query = query
      this.#draw(matches, query === '' ? recentItems().filter(item => isOffered(item, this.#view)) : null)
    }
    this.#place(from)
  }

  destroy(): void {
    this.#hide()
    this.#box.remove()
  }

  key(event: KeyboardEvent): boolean {
    if (this.#box.hidden) return false
    const count = this.#shown.length
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key === 'ArrowDown') this.#choose((this.#chosen + 1) % count, true)
    else if (event.key === 'ArrowUp') this.#choose((this.#chosen + count - 1) % count, true)
    else if (event.key === 'Enter' || event.key === 'Tab') this.#take(this.#chosen)
    else if (event.key === 'Escape') this.#close()
    else return false
    return true
  }

  /** @param recents what was taken last; null where the matches are not in groups */
  #draw(matches: readonly SlashMatch[], recents: readonly SlashItem[] | null): void {
    const grouped = recents !== null
    const recent = recents ?? []
    const all = [...recent.map(item => ({ item, letters: [] })), ...matches]
    this.#shown = all
    this.#list.replaceChildren()
    let group = ''
    all.forEach((match, index) => {
      const name = index < recent.length ? words.recentBlocks : words.blockGroups[match.item.group]
      if (grouped && name !== group) {
        group = name
        const label = document.createElement('div')
        label.className = 'sheaf-menu-group'
        label.textContent = name
        this.#list.append(label)
      }
      this.#list.append(row(match, `${this.#list.id}-${index}`, index))
    })
    this.#box.hidden = false
    this.#view.dom.setAttribute('aria-controls', this.#list.id)
    this.#list.scrollTop = 0
    this.#choose(0, false)
  }

  #choose(index: number, scroll: boolean): void {
    this.#chosen = index
    for (const option of this.#list.querySelectorAll<HTMLElement>('[data-index]')) {
      const selected = Number(option.dataset.index) === index
      option.setAttribute('aria-selected', String(selected))
      if (!selected) continue
      this.#view.dom.setAttribute('aria-activedescendant', option.id)
      // The list scrolls, never the page.
      if (scroll)
        this.#list.scrollTop = Math.min(
          Math.max(this.#list.scrollTop, option.offsetTop + option.offsetHeight + 6 - this.#list.clientHeight),
          option.offsetTop - 6,
        )
    }
  }

  /** 6 below the line; above it where there is no room below. */
  #place(from: number): void {
    const line = this.#view.coordsAtPos(from)
    const origin = this.#layer.getBoundingClientRect()
    const height = this.#box.offsetHeight
    const width = this.#box.offsetWidth
    const bottom = window.visualViewport?.height ?? window.innerHeight
    const above = line.bottom + 6 + height > bottom - 8 && line.top - 6 - height > 0
    const left = Math.min(line.left, document.documentElement.clientWidth - width - 12)
    this.#box.style.left = `${Math.max(left, 12) - origin.left}px`
    this.#box.style.top = `${(above ? line.top - 6 - height : line.bottom + 6) - origin.top}px`
  }

  #take(index: number): void {
    const item = this.#shown[index]?.item
    const { from } = slashKey.getState(this.#view.state) ?? slashClosed
    if (item === undefined || from === null) return
    remember(item)
    const { state } = this.#view
    const tr = state.tr.delete(from, state.selection.head).setMeta(slashKey, slashClosed).setMeta(structuralMeta, true)
    if (item.act !== undefined) {
      this.#view.dispatch(tr)
      pickFiles(this.#view, item.act === 'image' ? 'image/*' : '')
      return
    }
    const block = caretBlock(state.apply(tr))
    if (block === null) return
    const indent = block.node.attrs.indent as number
    if (item.type === schema.nodes.table_block) insertTable(tr, block)
    else if (block.node.content.size === 0) {
      if (item.type === schema.nodes.divider) insertDivider(tr, block.pos)
      else retype(tr, block.pos, item.type, item.attrs)
    } else {
      // A line with words in it stays; the new block comes below.
      insertAfter(tr, block, item.type.create({ ...item.attrs, ...(indent > 0 ? { indent } : {}) }))
      if (item.type === schema.nodes.divider) {
        const $head = tr.selection.$head
        insertDivider(tr, $head.before(2))
      }
    }
    if (!tr.selection.empty) tr.setSelection(TextSelection.create(tr.doc, tr.selection.head))
    this.#view.dispatch(tr.scrollIntoView())
    this.#view.focus()
  }

  #close(): void {
    if (!this.#view.isDestroyed) this.#view.dispatch(this.#view.state.tr.setMeta(slashKey, slashClosed))
  }

  #hide(): void {
    this.#query = null
    if (this.#box.hidden) return
    this.#box.hidden = true
    this.#view.dom.removeAttribute('aria-controls')
    this.#view.dom.removeAttribute('aria-activedescendant')
  }
}

/** There are no tables in the cells of a table, and no files where there is nobody to bring them to the server. */
function isOffered(item: SlashItem, view: EditorView): boolean {
  if (item.act !== undefined) return portsOf(view).uploads !== undefined
  return item.type !== schema.nodes.table_block || !isInCell(view.state.selection.$head)
}

/** In the place of an empty block, else behind it; the caret goes into the first cell. */
function insertTable(tr: Transaction, { node, pos }: Block): void {
  const table = newTable(3, 3)
  const indented = table.type.create({ ...table.attrs, indent: node.attrs.indent }, table.content)
  const at = node.content.size === 0 ? pos : pos + node.nodeSize
  tr.replaceWith(at, pos + node.nodeSize, indented)
  tr.setSelection(Selection.near(tr.doc.resolve(at + 1)))
}

function row({ item, letters }: SlashMatch, id: string, index: number): HTMLElement {
  const option = document.createElement('div')
  option.className = 'sheaf-menu-row'
  option.id = id
  option.dataset.index = String(index)
  option.setAttribute('role', 'option')
  const name = document.createElement('span')
  for (const [at, letter] of [...item.name].entries()) {
    name.append(letters.includes(at) ? Object.assign(document.createElement('b'), { textContent: letter }) : letter)
  }
  option.append(icon(menuIcons[item.icon], 17), name)
  if (item.hint !== '') {
    const hint = document.createElement('span')
    hint.className = 'sheaf-menu-hint'
    hint.textContent = item.hint
    option.append(hint)
  }
  return option
}

/** The last two kinds that were taken in this browser. */
function recentItems(): SlashItem[] {
  try {
    const names: unknown = JSON.parse(localStorage.getItem(recentKey) ?? '[]')
    if (!Array.isArray(names)) return []
    return names.slice(0, 2).flatMap(name => slashItems.find(item => item.name === name) ?? [])
  } catch {
    // No storage here: nothing is remembered.
    return []
  }
}

function remember(item: SlashItem): void {
  const names = [
    item.name,
    ...recentItems()
      .map(recent => recent.name)
      .filter(name => name !== item.name),
  ]
  try {
    localStorage.setItem(recentKey, JSON.stringify(names.slice(0, 2)))
  } catch {
    // As above.
  }
}

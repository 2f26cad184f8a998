// What is seen of the slash menu. It floats in the editor's own element, so nothing in the text moves.

import { schema } from '@sheaf/model'
import { Selection, TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { type Block, caretBlock, isInCell } from './blocks.ts'
import { insertAfter, insertDivider, retype } from './commands.ts'
import { Listing } from './listing.ts'
import { menuIcons } from './menu-icons.ts'
import { openNoteOf } from './note-dress.ts'
import { mayMention, portsOf } from './ports.ts'
import { findItems, type SlashItem, type SlashMatch, slashItems } from './slash-items.ts'
import { slashClosed, slashKey } from './slash-state.ts'
import { suggestionKey } from './suggestion-state.ts'
import { newTable } from './tables-text.ts'
import { pickFiles } from './uploading.ts'
import { words } from './words.ts'

const recentKey = 'sheaf.slash.recent'

export class SlashMenuView {
  readonly #view: EditorView
  readonly #listing: Listing
  #shown: readonly SlashMatch[] = []
  #query: string | null = null

  constructor(view: EditorView, layer: HTMLElement) {
    this.#view = view
    this.#listing = new Listing({
      view,
      layer,
      label: words.blocks,
      onTake: index => this.#take(index),
      onClose: () => this.#close(),
    })
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
    this.#listing.place(from)
  }

  destroy(): void {
    this.#listing.destroy()
  }

  key(event: KeyboardEvent): boolean {
    return this.#listing.key(event)
  }

  /** @param recents what was taken last; null where the matches are not in groups */
  #draw(matches: readonly SlashMatch[], recents: readonly SlashItem[] | null): void {
    const recent = recents ?? []
    this.#shown = [...recent.map(item => ({ item, letters: [] })), ...matches]
    this.#listing.draw(
      this.#shown.map(({ item, letters }, index) => ({
        name: item.name,
        letters,
        sign: menuIcons[item.icon],
        hint: item.hint,
        ...(recents !== null && {
          group: index < recent.length ? words.recentBlocks : words.blockGroups[item.group],
        }),
      })),
    )
  }

  #take(index: number): void {
    const item = this.#shown[index]?.item
    const { from } = slashKey.getState(this.#view.state) ?? slashClosed
    if (item === undefined || from === null) return
    remember(item)
    const { state } = this.#view
    const tr = state.tr.delete(from, state.selection.head).setMeta(slashKey, slashClosed).setMeta(structuralMeta, true)
    if (item.act !== undefined) return this.#act(item.act, tr, from)
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

  /** What is asked for before it is there. */
  #act(act: NonNullable<SlashItem['act']>, tr: Transaction, from: number): void {
    const view = this.#view
    if (act === 'image' || act === 'file') {
      view.dispatch(tr)
      pickFiles(view, act === 'image' ? 'image/*' : '')
    } else if (act === 'footnote') {
      view.dispatch(tr.insert(from, schema.nodes.footnote.create()).scrollIntoView())
      const dom = view.nodeDOM(from)
      if (dom instanceof HTMLElement) openNoteOf(view, dom)
    } else {
      const sign = act === 'mention' ? '@' : ':'
      view.dispatch(tr.insertText(sign, from).setMeta(suggestionKey, { from, sign, query: '', isAsked: true }))
      view.focus()
    }
  }

  #close(): void {
    if (!this.#view.isDestroyed) this.#view.dispatch(this.#view.state.tr.setMeta(slashKey, slashClosed))
  }

  #hide(): void {
    this.#query = null
    this.#listing.hide()
  }
}

/** There are no tables in the cells of a table, and nothing that the page around the editor does not give. */
function isOffered(item: SlashItem, view: EditorView): boolean {
  if (item.act === 'image' || item.act === 'file') return portsOf(view).uploads !== undefined
  if (item.act === 'mention') return mayMention(view)
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

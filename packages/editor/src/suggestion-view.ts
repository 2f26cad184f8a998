// What is seen while something is being named: the people, the documents or the emoji that fit.

import { schema } from '@sheaf/model'
import { Fragment } from 'prosemirror-model'
import type { PluginView } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { words } from './block-words.ts'
import { findEmoji } from './emoji.ts'
import { fuzzyFit, wantedLetters } from './fuzzy.ts'
import { Listing, type ListingRow } from './listing.ts'
import { menuIcons } from './menu-icons.ts'
import { portsOf } from './ports.ts'
import { nothingNamed, type SuggestionState, suggestionKey } from './suggestion-state.ts'
import { words as common } from './words.ts'

/** How long typing rests before the server is asked. */
const restMs = 120
const mostRows = 8
/** So many people at most, so that there is room for documents. */
const mostPeople = 4
/** “:D” at the end of a line is no emoji that is being looked for. */
const fewestLetters = 2

interface Suggestion extends ListingRow {
  readonly content: Fragment
}

export class SuggestionView implements PluginView {
  readonly #view: EditorView
  readonly #listing: Listing
  #shown: readonly Suggestion[] = []
  #named: SuggestionState = nothingNamed
  #asking = new AbortController()

  constructor(view: EditorView, layer: HTMLElement) {
    this.#view = view
    this.#listing = new Listing({
      view,
      layer,
      label: words.suggestions,
      onTake: index => this.#take(index),
      onClose: () => this.#close(),
    })
  }

  update(): void {
    const named = suggestionKey.getState(this.#view.state) ?? nothingNamed
    const isSame = named.query === this.#named.query && (named.from === null) === (this.#named.from === null)
    this.#named = named
    if (named.from === null) {
      if (!isSame) this.#asking.abort()
      return this.#listing.hide()
    }
    if (!isSame) void this.#find(named)
    else if (this.#listing.isOpen) this.#listing.place(named.from)
  }

  destroy(): void {
    this.#asking.abort()
    this.#listing.destroy()
  }

  key(event: KeyboardEvent): boolean {
    return this.#listing.key(event)
  }

  /** What was found for fewer letters stays until the answer is here. */
  async #find({ sign, query, isAsked }: SuggestionState): Promise<void> {
    this.#asking.abort()
    this.#asking = new AbortController()
    const { signal } = this.#asking
    const found =
      sign === '@'
        ? await this.#mentions(query, signal)
        : isAsked || query.length >= fewestLetters
          ? (await findEmoji(query, mostRows)).map(emojiRow)
          : []
    if (signal.aborted || this.#view.isDestroyed || this.#named.from === null) return
    this.#shown = found
    if (found.length > 0) {
      this.#listing.draw(found)
      this.#listing.place(this.#named.from)
      return
    }
    this.#listing.hide()
    // Words that name nothing are words.
    if (sign === '@' && (/\s/.test(query) || query.length > 12)) this.#close()
  }

  async #mentions(query: string, signal: AbortSignal): Promise<readonly Suggestion[]> {
    if (query !== '') await new Promise(resolve => setTimeout(resolve, restMs))
    if (signal.aborted) return []
    const { documents, people } = portsOf(this.#view)
    // Without the network there are none to be found.
    const [persons, others] = await Promise.all([
      people?.search(query, signal).catch(() => []) ?? [],
      documents?.search(query, signal).catch(() => []) ?? [],
    ])
    const wanted = wantedLetters(query)
    const letters = (name: string) => fuzzyFit(name.toLowerCase(), wanted)?.letters ?? []
    const named = persons.slice(0, mostPeople).map(({ id, name, hint }) => ({
      ...{ name, letters: letters(name), sign: menuIcons['at-sign'], group: words.people },
      ...(hint !== undefined && { hint }),
      content: Fragment.from(schema.nodes.mention.create({ target: 'person', ref: id, label: name })),
    }))
    const titled = others.slice(0, mostRows - named.length).map(({ id, title }) => ({
      ...{ name: title.trim() || common.untitled, letters: letters(title), sign: menuIcons.file },
      group: words.documents,
      content: Fragment.from(schema.nodes.mention.create({ target: 'document', ref: id })),
    }))
    return [...named, ...titled]
  }

  #take(index: number): void {
    const taken = this.#shown[index]
    const { from, sign } = this.#named
    if (taken === undefined || from === null) return
    const { state } = this.#view
    const { $head } = state.selection
    const next = $head.parent.textBetween($head.parentOffset, $head.parent.content.size, undefined, '\ufffc')[0]
    const isApart = sign === ':' || (next !== undefined && /[\s.,;:!?)]/.test(next))
    const content = taken.content.content.map(node => node.mark($head.marks()))
    const tr = state.tr.replaceWith(from, $head.pos, isApart ? content : [...content, schema.text(' ', $head.marks())])
    this.#view.dispatch(tr.setMeta(suggestionKey, nothingNamed).setMeta(structuralMeta, true).scrollIntoView())
    this.#view.focus()
  }

  #close(): void {
    if (!this.#view.isDestroyed) this.#view.dispatch(this.#view.state.tr.setMeta(suggestionKey, nothingNamed))
  }
}

function emojiRow({ emoji, name, letters }: { emoji: string; name: string; letters: readonly number[] }): Suggestion {
  return {
    name: `:${name}:`,
    letters: letters.map(at => at + 1),
    sign: emoji,
    content: Fragment.from(schema.text(emoji)),
  }
}

// Where what was pasted waits for its tools, while the person at the keys and the others go on. What is typed at such a place comes
// behind it; a selection in which the person wrote is a caret at its start.

import { type EditorState, type SelectionBookmark, TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { remoteMeta } from './binding.ts'

export interface PastedPlace {
  from: number
  to: number
  /** The person typed or went elsewhere since. */
  isLeft: boolean
}

export class PastedPlaces {
  readonly #places = new Set<PastedPlace>()
  /** Where the person is, while something is put in at a place that they left. */
  #own: SelectionBookmark | null = null
  #isPutting = false

  hold({ selection: { from, to } }: EditorState): PastedPlace {
    const place = { from, to, isLeft: false }
    this.#places.add(place)
    return place
  }

  /** To be called with each transaction of the state. */
  follow(tr: Transaction): void {
    const isOwn = tr.getMeta(remoteMeta) !== true && !this.#isPutting
    this.#own = this.#own?.map(tr.mapping) ?? null
    for (const place of this.#places) {
      const isRange = place.to > place.from
      // What was pasted at one place earlier stands in front of what was pasted there later.
      const from = tr.mapping.map(place.from, isRange || this.#isPutting ? 1 : -1)
      const to = isRange ? Math.max(from, tr.mapping.map(place.to, -1)) : from
      const isSame = !isOwn || tr.before.slice(place.from, place.to).eq(tr.doc.slice(from, to))
      place.from = isSame ? from : tr.mapping.map(place.from, -1)
      place.to = isSame ? to : place.from
      place.isLeft ||= isOwn && (tr.docChanged || tr.selectionSet)
    }
  }

  /** Runs what pastes into the selection with the selection at a place; who left the place stays where they are. */
  put(view: EditorView, place: PastedPlace, paste: () => void): void {
    this.#places.delete(place)
    const select = (state: EditorState, from: number, to: number): void =>
      view.dispatch(state.tr.setSelection(TextSelection.between(state.doc.resolve(from), state.doc.resolve(to))))
    this.#isPutting = true
    try {
      if (place.isLeft) {
        this.#own = view.state.selection.getBookmark()
        select(view.state, place.from, place.to)
      }
      paste()
      if (this.#own !== null) view.dispatch(view.state.tr.setSelection(this.#own.resolve(view.state.doc)))
    } finally {
      this.#own = null
      this.#isPutting = false
    }
  }
}

// An EditorView without a DOM: it applies transactions, updates the views of plugins and asks for decorations and attributes as the real
// one does at each update, and draws nothing. All subjects stand on it, so what is measured is their scripts and not a browser.

import type { Node } from 'prosemirror-model'
import { EditorState, type Plugin, type PluginView, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

export class ScriptView {
  state: EditorState
  readonly composing = false
  readonly editable = true
  readonly isDestroyed = false
  /** What plugins hang menus and listeners on. */
  readonly dom = document.createElement('div')
  readonly #dispatch: ((view: ScriptView, tr: Transaction) => void) | undefined
  readonly #views: readonly PluginView[]

  /** @param dispatch the `dispatchTransaction` of the view. */
  constructor(doc: Node, plugins: readonly Plugin[], dispatch?: (view: ScriptView, tr: Transaction) => void) {
    this.#dispatch = dispatch
    this.state = EditorState.create({ doc, plugins: [...plugins] })
    this.#views = this.state.plugins.flatMap(plugin => plugin.spec.view?.(this.#asView) ?? [])
  }

  hasFocus(): boolean {
    return false
  }

  dispatch(tr: Transaction): void {
    if (this.#dispatch === undefined) this.updateState(this.state.apply(tr))
    else this.#dispatch(this, tr)
  }

  updateState(state: EditorState): void {
    const before = this.state
    this.state = state
    for (const plugin of state.plugins) {
      plugin.props.decorations?.call(plugin, state)
      const { attributes } = plugin.props
      if (typeof attributes === 'function') attributes.call(plugin, state)
    }
    for (const view of this.#views) view.update?.(this.#asView, before)
  }

  destroy(): void {
    for (const view of this.#views) view.destroy?.()
  }

  get #asView(): EditorView {
    return this as unknown as EditorView
  }
}

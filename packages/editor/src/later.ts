// Plugins that come after the text: the editor's state is configured anew with them, once nothing is being composed.

import type { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

/** @param before in front of which plugin the new ones stand; null: behind all. */
export function addPlugins(view: EditorView, added: readonly Plugin[], before: Plugin | null): void {
  whenFree(view, () => {
    const { plugins } = view.state
    const at = before === null ? plugins.length : plugins.indexOf(before)
    view.updateState(view.state.reconfigure({ plugins: plugins.toSpliced(at, 0, ...added) }))
  })
}

/** Plugins that come while something is being composed would end the composition. */
function whenFree(view: EditorView, run: () => void): void {
  if (view.isDestroyed) return
  if (!view.composing) run()
  else view.dom.addEventListener('compositionend', () => setTimeout(() => whenFree(view, run), 100), { once: true })
}

// The menus of the editor are not needed to read, nor for the first keystroke: their code comes once the text has the focus.

import type { EditorState, PluginView } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

type Tools = typeof import('./floating-tools.ts')

export interface Floating<T> {
  /** For a plugin's `view`. */
  readonly view: (view: EditorView) => PluginView
  /** Null until the code is here. */
  readonly shown: () => T | null
  /** Runs it once the code is here; of several the last. */
  readonly whenShown: (run: (shown: T) => void) => void
}

/** What floats looks at the view anew; of an update it is told what the state was before. */
interface FloatingView extends PluginView {
  update(view: EditorView, before?: EditorState): void
}

export function floating<T extends FloatingView>(make: (tools: Tools, view: EditorView) => T): Floating<T> {
  let made: T | null = null
  let waiting: ((shown: T) => void) | null = null
  return {
    shown: () => made,
    whenShown: run => {
      waiting = run
    },
    view: view => {
      let gone = false
      const load = (): void => {
        import('./floating-tools.ts').then(
          tools => {
            if (gone || made !== null) return
            made = make(tools, view)
            made.update(view)
            waiting?.(made)
          },
          () => {
            // No network, and not in the cache: the keys and Markdown do all that the menus do. Asked for again next time.
            view.dom.addEventListener('focus', load, { once: true })
          },
        )
      }
      if (view.hasFocus()) load()
      else view.dom.addEventListener('focus', load, { once: true })
      return {
        update: (at, before) => made?.update(at, before),
        destroy: () => {
          gone = true
          view.dom.removeEventListener('focus', load)
          made?.destroy?.()
          made = null
        },
      }
    },
  }
}

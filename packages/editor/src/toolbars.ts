// Which bar of tools there is, if any: on a phone the one on the keyboard, elsewhere the one that a reader asked for. Its code comes with it.

import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Toolbar, ToolbarKind, ToolbarOptions } from './toolbar.ts'

/** A finger, and a window as narrow as a phone. */
const phone = '(max-width: 767px) and (pointer: coarse)'

export interface Toolbars {
  readonly plugin: Plugin
  /** @param isWanted where there is no phone. */
  set(isWanted: boolean): void
  destroy(): void
}

export function toolbars(options: Omit<ToolbarOptions, 'kind'>): Toolbars {
  const query = matchMedia(phone)
  let isWanted = false
  let shown: { readonly kind: ToolbarKind; readonly bar: Toolbar } | null = null
  let isGone = false

  const look = (view: EditorView): void => {
    const kind = isGone || view.isDestroyed ? null : query.matches ? 'docked' : isWanted ? 'fixed' : null
    if (kind === (shown?.kind ?? null)) return
    shown?.bar.destroy()
    shown = null
    if (kind === null) return
    import('./toolbar.ts').then(
      module => {
        const isStill = !isGone && shown === null && kind === (query.matches ? 'docked' : isWanted ? 'fixed' : null)
        if (isStill) shown = { kind, bar: new module.Toolbar({ ...options, kind }) }
      },
      () => {
        // No network, and not in the cache: keys and Markdown do all that it does. Asked for again with the next change.
      },
    )
  }
  const turn = (): void => look(options.view)
  query.addEventListener('change', turn)
  look(options.view)
  return {
    plugin: new Plugin({ view: () => ({ update: () => shown?.bar.update() }) }),
    set: wanted => {
      isWanted = wanted
      turn()
    },
    destroy: () => {
      isGone = true
      query.removeEventListener('change', turn)
      shown?.bar.destroy()
    },
  }
}

// Watches for what a newer Sheaf wrote into the document and this one does not know. Almost never is there any, so what is done about it
// comes with the first of it.

import { holdsUnknown, isOfNewerFormat } from '@sheaf/model'
import { Plugin } from 'prosemirror-state'
import type * as Y from 'yjs'
import type { Warden } from './warden.ts'

/** @param mount where it is said that the document holds something unknown. */
export function newer(mount: HTMLElement, ydoc: Y.Doc): Plugin {
  let warden: Warden | 'asked for' | null = null
  const present = (): Warden | null => (typeof warden === 'string' ? null : warden)
  return new Plugin({
    props: {
      handleKeyDown: (view, event) => present()?.handleKey(view, event) ?? false,
      createSelectionBetween: (_view, $anchor, $head) => present()?.selectionBetween($anchor, $head) ?? null,
      handleDrop: (_view, _event, slice, isMoved) => present()?.handleDrop(slice, isMoved) ?? false,
    },
    filterTransaction: tr => present()?.spares(tr) ?? true,
    view: view => {
      const meta = ydoc.getMap('meta')
      const look = (): void => {
        const isThere = holdsUnknown(view.state.doc) || isOfNewerFormat(ydoc)
        present()?.show(isThere)
        if (!isThere || warden !== null) return
        warden = 'asked for'
        import('./warden.ts').then(
          module => {
            if (view.isDestroyed) return
            warden = new module.Warden(mount)
            look()
          },
          () => {
            // The code could not be fetched; asked for again with the next edit.
            warden = null
          },
        )
      }
      meta.observe(look)
      look()
      return {
        update: (_view, before) => {
          if (before.doc !== view.state.doc) look()
        },
        destroy: () => {
          meta.unobserve(look)
          present()?.destroy()
          // When plugins come later all are shown anew, and this one looks again.
          if (present() !== null) warden = null
        },
      }
    },
  })
}

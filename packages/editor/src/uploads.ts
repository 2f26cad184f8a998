// Files that are dropped on the text or pasted into it. What happens to them comes with its code (uploading.ts); here they are taken out of
// the event, which is empty when that is over.

import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { portsOf } from './ports.ts'

export function uploads(): Plugin {
  return new Plugin({
    props: {
      handlePaste: (view, event) => {
        const files = filesOf(event.clipboardData)
        // Word and browsers put a picture beside their HTML; the HTML says more, unless it is that picture and nothing else.
        if (files.length === 0 || !isOnlyPicture(event.clipboardData?.getData('text/html') ?? '')) return false
        return take(view, files, null)
      },
      handleDrop: (view, event, _slice, moved) => {
        const files = moved ? [] : filesOf((event as DragEvent).dataTransfer)
        if (files.length === 0) return false
        const found = view.posAtCoords({ left: event.clientX, top: event.clientY })
        return take(view, files, found?.pos ?? null)
      },
    },
  })
}

/** @param at where they were dropped; null at the caret. */
function take(view: EditorView, files: readonly File[], at: number | null): boolean {
  if (!view.editable || portsOf(view).uploads === undefined) return false
  void import('./uploading.ts').then(({ insertFiles }) => insertFiles(view, files, at))
  return true
}

function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])]
}

function isOnlyPicture(html: string): boolean {
  return html === '' || (/<img\b/i.test(html) && html.replace(/<[^>]*>|\s|&nbsp;/g, '') === '')
}

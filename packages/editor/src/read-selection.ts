// The selection that is on the screen, before the browser tells of it.

import type { EditorView } from 'prosemirror-view'

/** What browsers say instead of a key that an input method takes. */
const keyOfComposition = 229

/**
 * What follows a key or a click at once comes before the browser tells of the selection that these left, and a command would see the old
 * one: End and Delete in one breath joined blocks behind its back, and what was pasted went where the caret had been. ProseMirror reads
 * what is there when it is asked to.
 */
export function readSelection(view: EditorView, event: Event): boolean {
  const { domObserver } = view as unknown as { domObserver: { flush(): void } }
  if (!view.composing && (event as KeyboardEvent).keyCode !== keyOfComposition) domObserver.flush()
  return false
}

// The bubble over a selection, as a plugin, and the command that opens its link field.

import { type EditorState, Plugin } from 'prosemirror-state'
import { floating } from './floating.ts'

export function bubble(layer: HTMLElement): { plugin: Plugin; editLink: (state: EditorState) => boolean } {
  const box = floating((tools, view) => new tools.BubbleView(view, layer))
  const editLink = (state: EditorState): boolean => {
    const shown = box.shown()
    if (shown !== null) return shown.editLink()
    // Its code is on the way since the text has the focus: whoever has selected something meant a link.
    if (!state.selection.empty) box.whenShown(late => late.editLink())
    return !state.selection.empty
  }
  return { plugin: new Plugin({ view: box.view }), editLink }
}

// The bubble over a selection, as a plugin, and the command that opens its link field.

import { Plugin } from 'prosemirror-state'
import { floating } from './floating.ts'

export function bubble(layer: HTMLElement): { plugin: Plugin; editLink: () => boolean } {
  const box = floating((tools, view) => new tools.BubbleView(view, layer))
  return { plugin: new Plugin({ view: box.view }), editLink: () => box.shown()?.editLink() ?? false }
}

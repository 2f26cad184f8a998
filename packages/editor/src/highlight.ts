// Colours in code, as decorations: kept over edits by mapping, and put there by whoever knows the language (code-dress.ts), later and block
// by block. Nothing is coloured here, and a key costs what mapping costs.

import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import type { Decoration } from 'prosemirror-view'
import { DecorationSet } from 'prosemirror-view'

/** The colours of one block from now on. */
export interface Colouring {
  readonly from: number
  readonly to: number
  readonly decorations: readonly Decoration[]
}

const highlightKey = new PluginKey<DecorationSet>('sheaf-highlight')

export function highlight(): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: highlightKey,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, before) => {
        let set = before.map(tr.mapping, tr.doc)
        for (const { from, to, decorations } of (tr.getMeta(highlightKey) ?? []) as readonly Colouring[]) {
          const stale = set.find(from, to)
          if (stale.length > 0) set = set.remove(stale)
          if (decorations.length > 0) set = set.add(tr.doc, [...decorations])
        }
        return set
      },
    },
    props: { decorations: state => highlightKey.getState(state) },
  })
}

/** Null while the plugin is not here yet. */
export function colour(state: EditorState, colourings: readonly Colouring[]): Transaction | null {
  return highlightKey.get(state) === undefined ? null : state.tr.setMeta(highlightKey, colourings)
}

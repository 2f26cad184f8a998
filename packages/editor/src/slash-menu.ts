// The slash menu: "/" at the start of a word opens it, what is typed after it searches, Enter takes. The place of the slash is
// a position that moves with the document, so that others can type above it. The menu floats in the editor's own element.

import { schema } from '@sheaf/model'
import { type EditorState, Plugin } from 'prosemirror-state'
import { isCode } from './blocks.ts'
import { floating } from './floating.ts'
import { type SlashState, slashClosed, slashKey } from './slash-state.ts'

const longestQuery = 24

export function slashMenu(layer: HTMLElement): Plugin<SlashState> {
  const menu = floating((tools, view) => new tools.SlashMenuView(view, layer))
  return new Plugin<SlashState>({
    key: slashKey,
    state: {
      init: () => slashClosed,
      apply: (tr, value, _old, state) => {
        const asked = tr.getMeta(slashKey) as SlashState | undefined
        if (asked !== undefined) return asked
        if (value.from === null) return value
        const from = tr.mapping.map(value.from)
        const query = queryAt(state, from)
        return query === null ? slashClosed : { from, query }
      },
    },
    props: {
      handleTextInput: (view, from, _to, text) => {
        if (text !== '/' || !opensAt(view.state, from)) return false
        view.dispatch(view.state.tr.insertText('/').setMeta(slashKey, { from, query: '' }))
        return true
      },
      handleKeyDown: (_view, event) => menu.shown()?.key(event) ?? false,
      handleDOMEvents: {
        blur: view => {
          if (slashKey.getState(view.state)?.from != null) view.dispatch(view.state.tr.setMeta(slashKey, slashClosed))
          return false
        },
      },
    },
    view: menu.view,
  })
}

/** What stands between the slash and the caret; null once it is no query any more. */
function queryAt(state: EditorState, from: number): string | null {
  const { $head, empty } = state.selection
  if (!empty || $head.pos <= from || $head.pos - from > longestQuery) return null
  const $from = state.doc.resolve(from)
  if (!$from.sameParent($head)) return null
  const text = state.doc.textBetween(from, $head.pos, undefined, '\ufffc')
  return text.startsWith('/') && !/[\ufffc\n]/.test(text) ? text.slice(1) : null
}

function opensAt(state: EditorState, pos: number): boolean {
  const $pos = state.doc.resolve(pos)
  if ($pos.depth < 2 || isCode($pos.parent) || schema.marks.code.isInSet($pos.marks()) !== undefined) return false
  const before = $pos.parent.textBetween(0, $pos.parentOffset, undefined, '\ufffc')
  return before === '' || /\s$/.test(before)
}

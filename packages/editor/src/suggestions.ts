// “@” at the start of a word names a person or a document, “:” an emoji: what is typed behind the sign searches, Enter takes. The place of the sign
// moves with the document, so that others can type above it.

import { schema } from '@sheaf/model'
import { type EditorState, NodeSelection, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { isCode } from './blocks.ts'
import { loadEmoji } from './emoji.ts'
import { mayMention, portsOf } from './ports.ts'
import { nothingNamed, type SuggestionState, suggestionKey } from './suggestion-state.ts'
import { SuggestionView } from './suggestion-view.ts'

const longest = 60
const named = { '@': /^@(?!\s)[^\n\ufffc]*$/, ':': /^:[\p{L}\p{N}_+-]*$/u }

export function suggestions(layer: HTMLElement): Plugin<SuggestionState> {
  let shown: SuggestionView | null = null
  return new Plugin<SuggestionState>({
    key: suggestionKey,
    state: {
      init: () => nothingNamed,
      apply: (tr, value, _old, state) => {
        const asked = tr.getMeta(suggestionKey) as SuggestionState | undefined
        if (asked !== undefined) return asked
        if (value.from === null) return value
        const from = tr.mapping.map(value.from)
        const query = queryAt(state, from, value.sign)
        return query === null ? nothingNamed : { ...value, from, query }
      },
    },
    props: {
      handleTextInput: (view, from, _to, text) => {
        if ((text !== '@' && text !== ':') || !view.state.selection.empty || !opensAt(view.state, from)) return false
        if (text === '@' && !mayMention(view)) return false
        if (text === ':') loadEmoji()
        const start = { from, sign: text, query: '', isAsked: false } satisfies SuggestionState
        view.dispatch(view.state.tr.insertText(text).setMeta(suggestionKey, start))
        return true
      },
      handleKeyDown: (view, event) => shown?.key(event) === true || (event.key === 'Enter' && openSelected(view)),
      handleDOMEvents: {
        blur: view => {
          if (suggestionKey.getState(view.state)?.from != null)
            view.dispatch(view.state.tr.setMeta(suggestionKey, nothingNamed))
          return false
        },
      },
    },
    view: view => {
      shown = new SuggestionView(view, layer)
      return shown
    },
  })
}

/** What stands between the sign and the caret; null once it names nothing any more. */
function queryAt(state: EditorState, from: number, sign: SuggestionState['sign']): string | null {
  const { $head, empty } = state.selection
  if (!empty || $head.pos <= from || $head.pos - from > longest) return null
  if (!state.doc.resolve(from).sameParent($head)) return null
  const text = state.doc.textBetween(from, $head.pos, undefined, '\ufffc')
  return named[sign].test(text) ? text.slice(1) : null
}

function opensAt(state: EditorState, pos: number): boolean {
  const $pos = state.doc.resolve(pos)
  if (!$pos.parent.isTextblock || isCode($pos.parent) || schema.marks.code.isInSet($pos.marks()) !== undefined)
    return false
  const before = $pos.parent.textBetween(0, $pos.parentOffset, undefined, '\ufffc')
  return before === '' || /[\s("“\ufffc]$/.test(before)
}

function openSelected(view: EditorView): boolean {
  const { selection } = view.state
  const { documents } = portsOf(view)
  if (!(selection instanceof NodeSelection) || documents === undefined) return false
  const { type, attrs } = selection.node
  if (type !== schema.nodes.mention || attrs.target !== 'document') return false
  documents.open(attrs.ref)
  return true
}

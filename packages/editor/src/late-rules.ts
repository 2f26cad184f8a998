// What is typed becomes what is drawn: formulas, notes, and emoji by their names. They come with the tools, as what draws them does.

import { schema } from '@sheaf/model'
import { InputRule, inputRules } from 'prosemirror-inputrules'
import { type EditorState, Plugin, PluginKey } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { isCode } from './blocks.ts'
import { retype } from './commands.ts'
import { emojiNamed, isEmojiHere, loadEmoji } from './emoji.ts'

const { nodes } = schema

const namedEmoji = /(?:^|[\s("“\ufffc]):([\w+-]+):$/

export function lateRules(): Plugin {
  return inputRules({
    rules: [
      new InputRule(
        /^\$\$\s$/,
        (state, _match, start, end) => {
          if (state.doc.resolve(start).parent.type !== nodes.paragraph) return null
          const tr = state.tr.delete(start, end)
          retype(tr, state.doc.resolve(start).before(), nodes.math_block)
          return tr.setMeta(structuralMeta, true)
        },
        { inCodeMark: false },
      ),
      new InputRule(
        /(?:^|[^$\\\w])(\$([^\s$](?:[^$\n]*[^\s$])?)\$)$/,
        (state, match, _start, end) => {
          const [, whole = '', tex = ''] = match
          // The last character was not inserted yet: the rule stands in for it.
          const from = end - (whole.length - 1)
          if (isPrice(tex) || !isPlainText(state, from, end)) return null
          return state.tr.replaceWith(from, end, nodes.inline_math.create({ tex })).setMeta(structuralMeta, true)
        },
        { inCodeMark: false },
      ),
      new InputRule(
        namedEmoji,
        (state, match, _start, end) => {
          const name = match[1]!
          const emoji = emojiNamed(name)
          const from = end - (name.length + 1)
          if (emoji === null || !isPlainText(state, from, end)) return null
          return state.tr.insertText(emoji, from, end).setMeta(structuralMeta, true)
        },
        { inCodeMark: false },
      ),
      new InputRule(
        /\[\^([^\]\n]{1,500})\]$/,
        (state, match, _start, end) => {
          const from = end - (match[0].length - 1)
          if (!isPlainText(state, from, end)) return null
          const text = /^\d+$/.test(match[1]!) ? '' : match[1]!
          return state.tr.replaceWith(from, end, nodes.footnote.create({ text })).setMeta(structuralMeta, true)
        },
        { inCodeMark: false },
      ),
    ],
  })
}

interface NamedTooSoon {
  /** Where the first colon stands. */
  readonly from: number
  readonly name: string
}

const awaitedKey = new PluginKey<readonly NamedTooSoon[]>('awaitedEmoji')

/** Names of emoji that were written before the list of them was here: they are replaced when it comes, wherever the caret is by then. */
export function awaitedEmoji(): Plugin {
  return new Plugin<readonly NamedTooSoon[]>({
    key: awaitedKey,
    state: {
      init: () => [],
      apply: (tr, waiting) => {
        const named = tr.getMeta(awaitedKey) as readonly NamedTooSoon[] | undefined
        if (named !== undefined) return named
        return tr.docChanged ? waiting.map(({ from, name }) => ({ from: tr.mapping.map(from), name })) : waiting
      },
    },
    props: {
      handleTextInput: (view, from, _to, text) => {
        if (text !== ':' || isEmojiHere()) return false
        const { state } = view
        const $from = state.doc.resolve(from)
        if (!$from.parent.isTextblock || isCode($from.parent)) return false
        const name = namedEmoji.exec($from.parent.textBetween(0, $from.parentOffset, undefined, '\ufffc') + text)?.[1]
        if (name === undefined) return false
        const waiting = awaitedKey.getState(state) ?? []
        view.dispatch(state.tr.setMeta(awaitedKey, [...waiting, { from: from - name.length - 1, name }]))
        if (waiting.length === 0) void loadEmoji().then(() => replaceAwaited(view))
        return false
      },
    },
  })
}

function replaceAwaited(view: EditorView): void {
  if (view.isDestroyed || view.composing) return
  const { state } = view
  const waiting = awaitedKey.getState(state) ?? []
  const tr = state.tr.setMeta(awaitedKey, [])
  for (const { from, name } of waiting) {
    const emoji = emojiNamed(name)
    const start = tr.mapping.map(from)
    const end = start + name.length + 2
    if (emoji === null || end > tr.doc.content.size || tr.doc.rangeHasMark(start, end, schema.marks.code)) continue
    if (tr.doc.textBetween(start, end, '\n', '\ufffc') === `:${name}:`) tr.insertText(emoji, start, end)
  }
  view.dispatch(tr.docChanged ? tr.setMeta(structuralMeta, true) : tr)
}

/** “from $5 to $10” is no formula. */
function isPrice(tex: string): boolean {
  return /^\d[\d.,]*\W*\w*\W*$/.test(tex) && !/[\\^_={}]/.test(tex)
}

/** Text without atoms, so that lengths in the match are distances in the document. */
function isPlainText(state: EditorState, from: number, to: number): boolean {
  return from > 0 && state.doc.textBetween(from, to, undefined, '\ufffc').length === to - from
}

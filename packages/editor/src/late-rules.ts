// What is typed becomes what is drawn: formulas, notes, and emoji by their names. They come with the tools, as what draws them does.

import { schema } from '@sheaf/model'
import { InputRule, inputRules } from 'prosemirror-inputrules'
import type { EditorState, Plugin } from 'prosemirror-state'
import { structuralMeta } from './binding.ts'
import { retype } from './commands.ts'
import { emojiNamed } from './emoji.ts'

const { nodes } = schema

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
        /(?:^|[\s("“\ufffc]):([\w+-]+):$/,
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

/** “from $5 to $10” is no formula. */
function isPrice(tex: string): boolean {
  return /^\d[\d.,]*\W*\w*\W*$/.test(tex) && !/[\\^_={}]/.test(tex)
}

/** Text without atoms, so that lengths in the match are distances in the document. */
function isPlainText(state: EditorState, from: number, to: number): boolean {
  return from > 0 && state.doc.textBetween(from, to, undefined, '\ufffc').length === to - from
}

// Markdown while typing. A rule changes the block that stands there (its id and indent stay), never inserts a new tree, and
// Backspace right behind it gives back what was typed.

import { schema } from '@sheaf/model'
import { InputRule, inputRules } from 'prosemirror-inputrules'
import type { Attrs, MarkType, NodeType } from 'prosemirror-model'
import type { EditorState, Plugin, Transaction } from 'prosemirror-state'
import { structuralMeta } from './binding.ts'
import { insertDivider, retype } from './commands.ts'

const { nodes, marks } = schema
const lists: readonly NodeType[] = [nodes.bullet, nodes.ordered, nodes.task]

export function markdownRules(): Plugin {
  return inputRules({
    rules: [
      blockRule(/^(#{1,4})\s$/, nodes.heading, match => ({ level: match[1]!.length })),
      blockRule(/^\s*[-*+]\s$/, nodes.bullet),
      blockRule(/^\s*(\d{1,9})[.)]\s$/, nodes.ordered, match => ({
        start: match[1] === '1' ? null : Number(match[1]),
      })),
      blockRule(/^\s*\[( |x|X)?\]\s$/, nodes.task, match => ({ checked: match[1]?.toLowerCase() === 'x' }), lists),
      blockRule(/^>\s$/, nodes.quote),
      blockRule(/^!\s$/, nodes.callout),
      blockRule(/^```([\w+#-]*)\s$/, nodes.code_block, match => ({ language: match[1] || null })),
      new InputRule(/^(?:---|___|\*\*\*)$/, (state, _match, start, end) => {
        if (!isPlain(state, start, end)) return null
        const tr = state.tr.delete(start, end)
        insertDivider(tr, state.doc.resolve(start).before())
        return tr.setMeta(structuralMeta, true)
      }),
      markRule(/(?:^|[^*])(\*\*(?=\S)([^*]+?)\*\*)$/, marks.strong),
      markRule(/(?:^|[^*])(\*(?=[^\s*])([^*]+?)\*)$/, marks.em),
      markRule(/(?:^|[\s(“"'])(_(?=[^\s_])([^_]+?)_)$/, marks.em),
      markRule(/(?:^|[^~])(~~(?=\S)([^~]+?)~~)$/, marks.strike),
      markRule(/(?:^|[^=])(==(?=\S)([^=]+?)==)$/, marks.highlight),
      markRule(/(?:^|[^`])(`([^`]+?)`)$/, marks.code),
    ],
  })
}

/** @param also kinds besides the paragraph in which the rule works. */
function blockRule(
  pattern: RegExp,
  type: NodeType,
  attrs: (match: RegExpMatchArray) => Attrs = () => ({}),
  also: readonly NodeType[] = [],
): InputRule {
  return new InputRule(
    pattern,
    (state, match, start, end) => {
      const block = state.doc.resolve(start).parent
      if (block.type !== nodes.paragraph && !also.includes(block.type)) return null
      const tr = state.tr.delete(start, end)
      retype(tr, state.doc.resolve(start).before(), type, attrs(match))
      return tr.setMeta(structuralMeta, true)
    },
    { inCodeMark: false },
  )
}

/** Group 1 is what is replaced, group 2 what stays. */
function markRule(pattern: RegExp, type: MarkType): InputRule {
  return new InputRule(
    pattern,
    (state, match, _start, end): Transaction | null => {
      const whole = match[1]!
      const inner = match[2]!
      if (/\s$/.test(inner)) return null
      // The last character was not inserted yet: the rule stands in for it.
      const typed = end - (whole.length - 1)
      const side = (whole.length - inner.length) / 2
      if (typed < 0 || !isPlainText(state, typed, end)) return null
      const tr = state.tr.delete(typed + side + inner.length, end)
      tr.delete(typed, typed + side)
      tr.addMark(typed, typed + inner.length, type.create())
      return tr.removeStoredMark(type).setMeta(structuralMeta, true)
    },
    { inCodeMark: false },
  )
}

function isPlain(state: EditorState, start: number, end: number): boolean {
  const $start = state.doc.resolve(start)
  return $start.parent.type === nodes.paragraph && $start.parent.content.size === end - start
}

/** Text without atoms, so that lengths in the match are distances in the document. */
function isPlainText(state: EditorState, from: number, to: number): boolean {
  return state.doc.textBetween(from, to, undefined, '\ufffc').length === to - from
}

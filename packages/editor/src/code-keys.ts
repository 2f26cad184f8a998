// Keys in code that come with the tools: Tab and Shift-Tab over several lines, and Escape, which leaves.

import { schema } from '@sheaf/model'
import { keydownHandler } from 'prosemirror-keymap'
import { type Command, type EditorState, Plugin, Selection, type Transaction } from 'prosemirror-state'
import { structuralMeta } from './binding.ts'
import { type Block, blockAfter, caretBlock, isCode } from './blocks.ts'
import { insertAfter } from './commands.ts'

const { nodes } = schema

export function codeKeys(): Plugin {
  return new Plugin({
    props: {
      handleKeyDown: keydownHandler({
        Tab: shiftSelected('in'),
        'Shift-Tab': shiftSelected('out'),
        // Whoever goes on with Tab leaves the text: the keymap must hear of it.
        Escape: (state, dispatch, view) => {
          leaveCode(state, dispatch, view)
          return false
        },
      }),
    },
  })
}

/** With a selection; without one Tab is a matter of the keymap. */
function shiftSelected(way: 'in' | 'out'): Command {
  return (state, dispatch, view) => {
    const block = caretBlock(state)
    if (block === null || !isCode(block.node) || state.selection.empty || view?.editable !== true) return false
    if (dispatch) shiftLines(state, dispatch, block, way)
    return true
  }
}

/** Every line that the selection touches, one step in or out; what is selected stays so. */
function shiftLines(state: EditorState, dispatch: (tr: Transaction) => void, block: Block, way: 'in' | 'out'): void {
  const start = block.pos + 1
  const text = block.node.textBetween(0, block.node.content.size, undefined, '\ufffc')
  const from = Math.max(state.selection.from - start, 0)
  const to = Math.min(state.selection.to - start, text.length)
  const { tr } = state
  let at = text.lastIndexOf('\n', from - 1) + 1
  do {
    const pos = tr.mapping.map(start + at)
    const lead = /^( {1,2}|\t)/.exec(text.slice(at))?.[0].length ?? 0
    if (way === 'in') tr.insertText('  ', pos)
    else if (lead > 0) tr.delete(pos, pos + lead)
    at = text.indexOf('\n', at) + 1
  } while (at > 0 && at < to)
  dispatch(tr.setMeta(structuralMeta, true).scrollIntoView())
}

/** The caret goes on in the block below, which is made where there is none that takes text. */
export const leaveCode: Command = (state, dispatch) => {
  const block = caretBlock(state)
  if (block === null || !isCode(block.node)) return false
  if (dispatch) {
    const tr = state.tr
    const below = blockAfter(state.doc, block)
    if (below === null) insertAfter(tr, block, nodes.paragraph.create({ indent: block.node.attrs.indent }))
    else tr.setSelection(Selection.near(state.doc.resolve(below.pos + 1), 1))
    dispatch(tr.setMeta(structuralMeta, true).scrollIntoView())
  }
  return true
}

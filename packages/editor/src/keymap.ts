// The keys of the text. Mac has its modifier, everything else Ctrl: `Mod` is both.

import { schema } from '@sheaf/model'
import { undoInputRule } from 'prosemirror-inputrules'
import { keymap } from 'prosemirror-keymap'
import type { Command, Plugin } from 'prosemirror-state'
import {
  backspace,
  breakLine,
  deleteForward,
  enter,
  firstOf,
  indent,
  leaveDown,
  outdent,
  selectCode,
  toggleMark,
  toggleState,
  turnInto,
} from './commands.ts'

const { nodes, marks } = schema

export interface KeymapOptions {
  readonly undo: () => boolean
  readonly redo: () => boolean
  /** Up from the first line of the text. */
  readonly leaveUp: () => boolean
  readonly editLink: () => boolean
}

export function textKeymap(options: KeymapOptions): Plugin {
  // Tab belongs to the text; after Escape it leaves it, so that nobody is caught in here with a keyboard alone.
  let leaving = false
  const unlessLeaving =
    (command: Command): Command =>
    (state, dispatch, view) => {
      if (leaving) return false
      command(state, dispatch, view)
      return true
    }
  const undo: Command = (state, dispatch, view) => undoInputRule(state, dispatch, view) || options.undo()
  const goUp: Command = (state, _dispatch, view) => {
    const { $head, empty } = state.selection
    const first = $head.depth >= 2 && $head.index(0) === 0 && $head.index(1) === 0
    return empty && first && view?.endOfTextblock('up') === true && options.leaveUp()
  }
  const goBack: Command = (state, _dispatch, view) => {
    const { $head, empty } = state.selection
    return empty && $head.pos === 2 && view !== undefined && options.leaveUp()
  }
  const keys = keymap({
    Enter: enter,
    'Shift-Enter': breakLine,
    'Mod-Enter': toggleState,
    Backspace: firstOf(undoInputRule, backspace),
    'Mod-Backspace': backspace,
    'Shift-Backspace': backspace,
    Delete: deleteForward,
    'Mod-Delete': deleteForward,
    Tab: unlessLeaving(indent),
    'Shift-Tab': unlessLeaving(outdent),
    ArrowUp: goUp,
    ArrowLeft: goBack,
    ArrowDown: leaveDown,
    'Mod-a': selectCode,
    'Mod-z': undo,
    'Mod-y': () => options.redo(),
    'Mod-Shift-z': () => options.redo(),
    'Mod-b': toggleMark(marks.strong),
    'Mod-i': toggleMark(marks.em),
    'Mod-u': toggleMark(marks.underline),
    'Mod-Shift-s': toggleMark(marks.strike),
    'Mod-e': toggleMark(marks.code),
    'Mod-Shift-h': toggleMark(marks.highlight),
    'Mod-k': () => options.editLink(),
    'Mod-Alt-0': turnInto(nodes.paragraph),
    'Mod-Alt-1': turnInto(nodes.heading, { level: 1 }),
    'Mod-Alt-2': turnInto(nodes.heading, { level: 2 }),
    'Mod-Alt-3': turnInto(nodes.heading, { level: 3 }),
    'Mod-Alt-4': turnInto(nodes.heading, { level: 4 }),
    'Mod-Shift-7': turnInto(nodes.ordered),
    'Mod-Shift-8': turnInto(nodes.bullet),
    'Mod-Shift-9': turnInto(nodes.task),
    'Mod-Alt-c': turnInto(nodes.code_block),
  })
  const { handleKeyDown } = keys.props
  keys.props.handleKeyDown = function (view, event) {
    const handled = handleKeyDown?.call(this, view, event) ?? false
    if (event.key === 'Escape') leaving = true
    else if (event.key !== 'Tab' && event.key !== 'Shift') leaving = false
    return handled
  }
  return keys
}

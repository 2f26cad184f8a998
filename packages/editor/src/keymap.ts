// The keys of the text. Mac has its modifier, everything else Ctrl: `Mod` is both.

import { schema } from '@sheaf/model'
import { undoInputRule } from 'prosemirror-inputrules'
import { keymap } from 'prosemirror-keymap'
import type { Command, Plugin } from 'prosemirror-state'
import { structuralMeta } from './binding.ts'
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
    Enter: oneStep(enter),
    'Shift-Enter': breakLine,
    'Mod-Enter': oneStep(toggleState),
    Backspace: firstOf(undoInputRule, oneStep(backspace)),
    'Mod-Backspace': oneStep(backspace),
    'Shift-Backspace': oneStep(backspace),
    Delete: oneStep(deleteForward),
    'Mod-Delete': oneStep(deleteForward),
    Tab: unlessLeaving(oneStep(indent)),
    'Shift-Tab': unlessLeaving(oneStep(outdent)),
    ArrowUp: goUp,
    ArrowLeft: goBack,
    ArrowDown: oneStep(leaveDown),
    'Mod-a': selectCode,
    'Mod-z': undo,
    'Mod-y': () => options.redo(),
    'Mod-Shift-z': () => options.redo(),
    'Mod-b': oneStep(toggleMark(marks.strong)),
    'Mod-i': oneStep(toggleMark(marks.em)),
    'Mod-u': oneStep(toggleMark(marks.underline)),
    'Mod-Shift-s': oneStep(toggleMark(marks.strike)),
    'Mod-e': oneStep(toggleMark(marks.code)),
    'Mod-Shift-h': oneStep(toggleMark(marks.highlight)),
    'Mod-k': () => options.editLink(),
    'Mod-Alt-0': oneStep(turnInto(nodes.paragraph)),
    'Mod-Alt-1': oneStep(turnInto(nodes.heading, { level: 1 })),
    'Mod-Alt-2': oneStep(turnInto(nodes.heading, { level: 2 })),
    'Mod-Alt-3': oneStep(turnInto(nodes.heading, { level: 3 })),
    'Mod-Alt-4': oneStep(turnInto(nodes.heading, { level: 4 })),
    'Mod-Shift-7': oneStep(turnInto(nodes.ordered)),
    'Mod-Shift-8': oneStep(turnInto(nodes.bullet)),
    'Mod-Shift-9': oneStep(turnInto(nodes.task)),
    'Mod-Alt-c': oneStep(turnInto(nodes.code_block)),
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

/** One gesture, one step of undo. */
function oneStep(command: Command): Command {
  return (state, dispatch, view) => command(state, dispatch && (tr => dispatch(tr.setMeta(structuralMeta, true))), view)
}

// The keys of the text. Mac has its modifier, everything else Ctrl: `Mod` is both.

import { schema } from '@sheaf/model'
import { keydownHandler } from 'prosemirror-keymap'
import { type Command, type EditorState, Plugin, Selection, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import {
  backspace,
  breakLine,
  deleteForward,
  enter,
  firstOf,
  goTo,
  indent,
  leaveDown,
  outdent,
  selectCode,
  toggleMark,
  toggleState,
  turnInto,
} from './commands.ts'
import { deleteSelected, selectAll } from './ranges.ts'

const { nodes, marks } = schema

/** A command that has a name (in tool-words.ts): the palette and the shortcut sheet show it, and its keys do it. */
export interface NamedCommand<Id extends string = string> {
  readonly id: Id
  readonly keys: string
  readonly run: Command
}

export type TextCommandId = ReturnType<typeof textCommands>[number]['id']

export interface TextCommandsOptions {
  readonly undo: () => boolean
  readonly redo: () => boolean
  readonly editLink: (state: EditorState) => boolean
}

export function textCommands({ undo, redo, editLink }: TextCommandsOptions) {
  return [
    named('undo', 'Mod-z', () => undo()),
    named('redo', 'Mod-Shift-z', () => redo()),
    named('bold', 'Mod-b', oneStep(toggleMark(marks.strong))),
    named('italic', 'Mod-i', oneStep(toggleMark(marks.em))),
    named('underline', 'Mod-u', oneStep(toggleMark(marks.underline))),
    named('strikethrough', 'Mod-Shift-s', oneStep(toggleMark(marks.strike))),
    named('code', 'Mod-e', oneStep(toggleMark(marks.code))),
    named('highlight', 'Mod-Shift-h', oneStep(toggleMark(marks.highlight))),
    named('link', 'Mod-k', state => editLink(state)),
    named('paragraph', 'Mod-Alt-0', oneStep(turnInto(nodes.paragraph))),
    named('heading1', 'Mod-Alt-1', oneStep(turnInto(nodes.heading, { level: 1 }))),
    named('heading2', 'Mod-Alt-2', oneStep(turnInto(nodes.heading, { level: 2 }))),
    named('heading3', 'Mod-Alt-3', oneStep(turnInto(nodes.heading, { level: 3 }))),
    named('heading4', 'Mod-Alt-4', oneStep(turnInto(nodes.heading, { level: 4 }))),
    named('numberedList', 'Mod-Shift-7', oneStep(turnInto(nodes.ordered))),
    named('bulletedList', 'Mod-Shift-8', oneStep(turnInto(nodes.bullet))),
    named('taskList', 'Mod-Shift-9', oneStep(turnInto(nodes.task))),
    named('codeBlock', 'Mod-Alt-c', oneStep(turnInto(nodes.code_block))),
    named('toggleState', 'Mod-Enter', oneStep(toggleState)),
    named('indent', 'Tab', oneStep(indent)),
    named('outdent', 'Shift-Tab', oneStep(outdent)),
  ] as const
}

function named<Id extends string>(id: Id, keys: string, run: Command): NamedCommand<Id> {
  return { id, keys, run }
}

export interface KeymapOptions {
  readonly commands: readonly NamedCommand[]
  /** Up from the first line of the text. */
  readonly leaveUp: () => boolean
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
  const byKeys = Object.fromEntries(options.commands.map(({ keys, run }) => [keys, run]))
  const goUp: Command = (state, _dispatch, view) => {
    const { $head, empty } = state.selection
    const first = $head.depth >= 2 && $head.index(0) === 0 && $head.index(1) === 0
    return empty && first && view?.endOfTextblock('up') === true && options.leaveUp()
  }
  const goBack: Command = (state, _dispatch, view) => {
    const { $head, empty } = state.selection
    return empty && $head.pos === 2 && view !== undefined && options.leaveUp()
  }
  const handle = keydownHandler({
    ...byKeys,
    Enter: oneStep(enter),
    'Shift-Enter': breakLine,
    Backspace: oneStep(firstOf(deleteSelected, backspace)),
    'Mod-Backspace': oneStep(firstOf(deleteSelected, backspace)),
    'Shift-Backspace': oneStep(firstOf(deleteSelected, backspace)),
    Delete: oneStep(firstOf(deleteSelected, deleteForward)),
    'Mod-Delete': oneStep(firstOf(deleteSelected, deleteForward)),
    Tab: unlessLeaving(byKeys.Tab!),
    'Shift-Tab': unlessLeaving(byKeys['Shift-Tab']!),
    ArrowUp: goUp,
    ArrowLeft: firstOf(goBack, leaveCaption),
    ArrowDown: oneStep(leaveDown),
    'Ctrl-Home': goTo('start', 'move'),
    'Ctrl-End': goTo('end', 'move'),
    'Ctrl-Shift-Home': goTo('start', 'extend'),
    'Ctrl-Shift-End': goTo('end', 'extend'),
    'Cmd-ArrowUp': goTo('start', 'move'),
    'Cmd-ArrowDown': goTo('end', 'move'),
    'Cmd-Shift-ArrowUp': goTo('start', 'extend'),
    'Cmd-Shift-ArrowDown': goTo('end', 'extend'),
    'Mod-a': firstOf(selectCode, selectAll),
    'Mod-y': byKeys['Mod-Shift-z']!,
  })
  return new Plugin({
    props: {
      handleKeyDown: (view, event) => {
        if (!event.isComposing && actsOnCaret(event)) readCaret(view)
        const handled = handle(view, event)
        if (event.key === 'Escape') leaving = true
        else if (event.key !== 'Tab' && event.key !== 'Shift') leaving = false
        return handled
      },
    },
  })
}

/** In front of a caption stand a picture and its tools, which a browser's own arrow gets lost in. */
const leaveCaption: Command = (state, dispatch, view) => {
  const { $head, empty } = state.selection
  const { type } = $head.parent
  if (!empty || $head.parentOffset > 0 || (type !== nodes.image && type !== nodes.embed)) return false
  const before = Selection.findFrom(state.doc.resolve($head.before()), -1, true)
  if (before === null || view?.endOfTextblock('left') !== true) return false
  dispatch?.(state.tr.setSelection(before).scrollIntoView())
  return true
}

function actsOnCaret({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || ['Enter', 'Backspace', 'Delete', 'Tab'].includes(key)
}

/**
 * The browser tells of a moved caret in a task of its own. On a busy page the next key comes first, and Enter would split the
 * line where the caret was; so before a key that acts, the caret is read where it is.
 */
export function readCaret(view: EditorView): void {
  const { state } = view
  const selection = (view.root as Document).getSelection()
  if (selection?.anchorNode == null || selection.focusNode === null || !(state.selection instanceof TextSelection))
    return
  if (!view.dom.contains(selection.anchorNode) || !view.dom.contains(selection.focusNode)) return
  const anchor = view.posAtDOM(selection.anchorNode, selection.anchorOffset)
  const head = selection.isCollapsed ? anchor : view.posAtDOM(selection.focusNode, selection.focusOffset)
  if (anchor === state.selection.anchor && head === state.selection.head) return
  const $anchor = state.doc.resolve(anchor)
  const $head = state.doc.resolve(head)
  if (!$anchor.parent.inlineContent || !$head.parent.inlineContent) return
  view.dispatch(state.tr.setSelection(TextSelection.between($anchor, $head)))
}

/** One gesture, one step of undo. */
function oneStep(command: Command): Command {
  return (state, dispatch, view) => command(state, dispatch && (tr => dispatch(tr.setMeta(structuralMeta, true))), view)
}

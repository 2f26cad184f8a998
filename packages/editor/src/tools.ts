// What is loaded right after the text: the gutter with its menu, and all that is not needed for the first keystroke.

import { keydownHandler } from 'prosemirror-keymap'
import { type Command, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { deleteRun, duplicateRun, moveRun, runAtSelection } from './block-commands.ts'
import { openBlockMenu } from './block-menu.ts'
import { Gutter } from './gutter.ts'
import { addPlugins } from './later.ts'
import { marked, revealBlock } from './marked.ts'
import { blockKeys } from './tool-keys.ts'

export interface ToolsOptions {
  readonly view: EditorView
  /** Where what floats over the text is put. */
  readonly layer: HTMLElement
  readonly copyLink: ((blockId: string) => void) | null
}

export interface Tools {
  /** Goes to a block and marks it for a moment; false where the document has none with this id. */
  revealBlock(id: string): boolean
}

export function addTools(options: ToolsOptions): Tools {
  const { view } = options
  addPlugins(view, toolPlugins(options), view.state.plugins[1] ?? null)
  return { revealBlock: id => revealBlock(view, id) }
}

export function toolPlugins(options: ToolsOptions): Plugin[] {
  return [marked(), blocks(options)]
}

function blocks(options: ToolsOptions): Plugin {
  const openMenu: Command = (state, _dispatch, view) => {
    const run = view === undefined ? null : runAtSelection(state)
    if (run === null || view === undefined) return false
    const caret = view.coordsAtPos(state.selection.head)
    openBlockMenu({ ...options, view, run, at: new DOMRect(caret.left, caret.top, 0, caret.bottom - caret.top) })
    return true
  }
  const ifEditable =
    (command: Command): Command =>
    (state, dispatch, view) => {
      if (view?.editable !== true) return false
      command(state, dispatch, view)
      return true
    }
  const [up, down] = [ifEditable(moveRun('up')), ifEditable(moveRun('down'))]
  return new Plugin({
    props: {
      handleKeyDown: keydownHandler({
        'Mod-Alt-ArrowUp': up,
        'Mod-Alt-ArrowDown': down,
        'Ctrl-Shift-ArrowUp': up,
        'Ctrl-Shift-ArrowDown': down,
        [blockKeys.duplicate]: ifEditable(duplicateRun()),
        [blockKeys.blockMenu]: ifEditable(openMenu),
        [blockKeys.delete]: ifEditable(deleteRun()),
      }),
    },
    view: view => new Gutter({ ...options, view }),
  })
}

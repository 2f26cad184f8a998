// What is loaded right after the text: the gutter with its menu, and all that is not needed for the first keystroke.

import { keydownHandler } from 'prosemirror-keymap'
import { type Command, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { deleteRun, duplicateRun, moveRun, runAtSelection } from './block-commands.ts'
import { openBlockMenu } from './block-menu.ts'
import { FindBar } from './find-bar.ts'
import { Gutter } from './gutter.ts'
import { addPlugins } from './later.ts'
import { marked, revealBlock } from './marked.ts'
import { Outline } from './outline.ts'
import type { PresencePort } from './presence.ts'
import { blockKeys, findKeys } from './tool-keys.ts'

export interface ToolsOptions {
  readonly view: EditorView
  /** Where what floats over the text is put. */
  readonly layer: HTMLElement
  readonly copyLink: ((blockId: string) => void) | null
  /** The line of the title; null where none is shown. */
  readonly title: EditorView | null
  /** Runs edits of text and title as one step of undo. */
  readonly asOneStep: (run: () => void) => void
  readonly presence: PresencePort | null
  /** The document position of one end of a caret; null where it cannot be found (yet). */
  readonly resolve: (end: unknown) => number | null
}

export interface Tools {
  /** Goes to a block and marks it for a moment; false where the document has none with this id. */
  revealBlock(id: string): boolean
  /** Opens the bar, with the words that are selected. */
  find(how: 'find' | 'replace'): void
  readonly outline: Outline
  destroy(): void
}

export function addTools(options: ToolsOptions): Tools {
  const { view } = options
  const { plugins, find } = toolPlugins(options)
  const outline = new Outline(options)
  addPlugins(view, [...plugins, outline.plugin], view.state.plugins[1] ?? null)
  return {
    revealBlock: id => revealBlock(view, id),
    find,
    outline,
    destroy: () => outline.destroy(),
  }
}

/** For editors without a DOM too; `find` is for those that have one. */
export function toolPlugins(options: ToolsOptions): { plugins: Plugin[]; find: Tools['find'] } {
  const { plugin, find } = finding(options)
  return { plugins: [marked(), blocks(options), plugin], find }
}

function finding(options: ToolsOptions): { plugin: Plugin; find: Tools['find'] } {
  let bar: FindBar | null = null
  const act =
    (run: (bar: FindBar) => void): Command =>
    () => {
      if (bar !== null) run(bar)
      return bar !== null
    }
  const plugin = new Plugin({
    props: {
      handleKeyDown: keydownHandler({
        [findKeys.find]: act(at => at.open('find')),
        [findKeys.replace]: act(at => at.open('replace')),
        'Mod-Shift-f': act(at => at.open('replace')),
        [findKeys.next]: act(at => at.next()),
        [findKeys.previous]: act(at => at.previous()),
        F3: act(at => at.next()),
        'Shift-F3': act(at => at.previous()),
      }),
    },
    view: view => {
      bar = new FindBar({ ...options, view })
      return bar
    },
  })
  return { plugin, find: how => bar?.open(how) }
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

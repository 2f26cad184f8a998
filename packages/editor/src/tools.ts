// What is loaded right after the text: the gutter with its menu, and all that is not needed for the first keystroke.

import { undoInputRule } from 'prosemirror-inputrules'
import { keydownHandler } from 'prosemirror-keymap'
import { type Command, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { deleteRun, duplicateRun, moveRun, runAtSelection } from './block-commands.ts'
import { openBlockMenu } from './block-menu.ts'
import { clipboard } from './clipboard.ts'
import { codeKeys } from './code-keys.ts'
import { FindBar } from './find-bar.ts'
import { Gutter } from './gutter.ts'
import { highlight } from './highlight.ts'
import { markdownRules } from './inputrules.ts'
import type { TextCommandId, textCommands } from './keymap.ts'
import { awaitedEmoji, lateRules } from './late-rules.ts'
import { addPlugins } from './later.ts'
import { linkCard } from './link-card.ts'
import { marked, revealBlock } from './marked.ts'
import { mathKeys } from './math-dress.ts'
import { noteNumbers } from './note-dress.ts'
import { Outline } from './outline.ts'
import { phrase } from './plural.ts'
import { givePorts, type Ports } from './ports.ts'
import type { PresencePort } from './presence.ts'
import { notesOnPaper } from './print.ts'
import { suggestions } from './suggestions.ts'
import { blockKeys, findKeys } from './tool-keys.ts'
import { toolWords as words } from './tool-words.ts'
import { toolbars } from './toolbars.ts'
import { smartPunctuation } from './typography.ts'
import { uploads } from './uploads.ts'
import { vertical } from './vertical.ts'
import { type Count, countDocument, countSelection } from './word-count.ts'

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
  /** The commands of the text. */
  readonly commands: ReturnType<typeof textCommands>
}

/** Something that can be done, as it is shown. */
export interface Action {
  readonly id: CommandId
  readonly name: string
  readonly group: 'text' | 'blocks' | 'document'
  /** As the keymap writes them: “Mod-b”. */
  readonly keys: string
  /** In the text, where its selection is. */
  run(): void
}

/** What a reader chooses for themselves. */
export interface ToolSettings {
  readonly smartPunctuation: boolean
  readonly spellcheck: boolean
  /** A bar of tools that stays. On a phone there is one on the keyboard in any case. */
  readonly toolbar: boolean
}

export interface Tools {
  /** Goes to a block and marks it for a moment; false where the document has none with this id. */
  revealBlock(id: string): boolean
  /** Opens the bar, with the words that are selected. */
  find(how: 'find' | 'replace'): void
  readonly outline: Outline
  /** What the page does for the editor. Until it says so there are no uploads and no other documents. */
  setPorts(ports: Ports): void
  /** Everything that has a name, for palettes and lists of shortcuts. */
  readonly actions: readonly Action[]
  set(settings: ToolSettings): void
  /** Words and characters of all of the text, and of what is selected; null where nothing is. */
  count(): { readonly all: Count; readonly selected: Count | null }
  /** Called after each change of text or selection. @returns stops listening. */
  onUpdate(listener: () => void): () => void
  destroy(): void
}

export function addTools(options: ToolsOptions): Tools {
  const { view } = options
  const { plugins, rules, find, commands, settings } = toolPlugins(options)
  const outline = new Outline(options)
  const stopNotes = notesOnPaper(view, options.layer)
  const listeners = new Set<() => void>()
  const telling = new Plugin({
    props: { attributes: (): Record<string, string> => ({ spellcheck: String(settings.spellcheck) }) },
    view: () => ({
      update: () => {
        for (const listener of [...listeners]) listener()
      },
    }),
  })
  const bars = toolbars({ ...options, commands })
  addPlugins(view, [telling, ...plugins, outline.plugin, bars.plugin], view.state.plugins[1] ?? null)
  addPlugins(view, rules, null)
  return {
    revealBlock: id => revealBlock(view, id),
    find,
    outline,
    setPorts: ports => givePorts(view, ports),
    actions: commands.map(({ id, keys, run }) => ({
      id,
      name: words.commands[id],
      group: groupOf(id),
      keys,
      run: () => {
        view.focus()
        run(view.state, tr => view.dispatch(tr), view)
      },
    })),
    set: chosen => {
      Object.assign(settings, chosen)
      bars.set(settings.toolbar)
      // Reads the attributes again.
      view.setProps({})
    },
    count: () => ({ all: countDocument(view.state.doc), selected: countSelection(view.state) }),
    onUpdate: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    destroy: () => {
      outline.destroy()
      bars.destroy()
      stopNotes()
    },
  }
}

/** For editors without a DOM too; what else is returned is for those that have one. */
export function toolPlugins(options: ToolsOptions) {
  const settings: { -readonly [Name in keyof ToolSettings]: boolean } = {
    smartPunctuation: true,
    spellcheck: true,
    toolbar: false,
  }
  const { bar, commands: finding } = findCommands()
  const commands = [...options.commands, ...blockCommands(options), ...finding]
  const isTyped = commands.slice(options.commands.length)
  const keys = Object.fromEntries(isTyped.map(({ keys, run }) => [keys, run]))
  const also = (id: CommandId): Command => commands.find(command => command.id === id)!.run
  return {
    settings,
    commands,
    find: (how: 'find' | 'replace') => bar.now?.open(how),
    plugins: [
      marked(),
      new Plugin({
        props: {
          handleKeyDown: unlessShifted({
            // What was made of what was typed goes first, and by itself.
            Backspace: undoInputRule,
            'Mod-z': undoInputRule,
            ...keys,
            'Mod-Alt-ArrowUp': also('moveUp'),
            'Mod-Alt-ArrowDown': also('moveDown'),
            'Ctrl-Shift-ArrowUp': also('moveUp'),
            'Ctrl-Shift-ArrowDown': also('moveDown'),
            'Mod-Shift-f': also('replace'),
            F3: also('findNext'),
            'Shift-F3': also('findPrevious'),
          }),
        },
        view: view => {
          const gutter = new Gutter({ ...options, view })
          const find = new FindBar({ ...options, view })
          bar.now = find
          return {
            update: (at, before) => {
              gutter.update(at, before)
              find.update(at, before)
            },
            destroy: () => {
              bar.now = null
              gutter.destroy()
              find.destroy()
            },
          }
        },
      }),
      vertical(),
      clipboard(),
      codeKeys(),
      highlight(),
      awaitedEmoji(),
      suggestions(options.layer),
      uploads(),
      mathKeys(),
      noteNumbers(),
      linkCard(options.layer),
    ],
    // Behind what deletes a selection over several blocks before something is typed over it.
    rules: [markdownRules(), lateRules(), smartPunctuation(phrase.tag, () => settings.smartPunctuation)],
  }
}

/** A keymap takes a sign that needs Shift for the one without; with Shift this key asks for the list of shortcuts. */
function unlessShifted(bindings: Record<string, Command>): (view: EditorView, event: KeyboardEvent) => boolean {
  const handle = keydownHandler(bindings)
  return (view, event) => !(event.shiftKey && (event.key === '/' || event.key === '?')) && handle(view, event)
}

function blockCommands(options: ToolsOptions) {
  const openMenu: Command = (state, _dispatch, view) => {
    const run = view === undefined ? null : runAtSelection(state)
    if (run === null || view === undefined) return false
    const caret = view.coordsAtPos(state.selection.head)
    openBlockMenu({ ...options, view, run, at: new DOMRect(caret.left, caret.top, 0, caret.bottom - caret.top) })
    return true
  }
  return [
    { id: 'blockMenu', keys: blockKeys.blockMenu, run: ifEditable(openMenu) },
    { id: 'moveUp', keys: blockKeys.moveUp, run: ifEditable(moveRun('up')) },
    { id: 'moveDown', keys: blockKeys.moveDown, run: ifEditable(moveRun('down')) },
    { id: 'duplicate', keys: blockKeys.duplicate, run: ifEditable(duplicateRun()) },
    { id: 'delete', keys: blockKeys.delete, run: ifEditable(deleteRun()) },
  ] as const
}

/** The key is taken even where there is nothing to do: a browser would do something else with it. */
function ifEditable(command: Command): Command {
  return (state, dispatch, view) => {
    if (view?.editable !== true) return false
    command(state, dispatch, view)
    return true
  }
}

function findCommands() {
  const bar: { now: FindBar | null } = { now: null }
  const act =
    (run: (bar: FindBar) => void): Command =>
    () => {
      if (bar.now !== null) run(bar.now)
      return bar.now !== null
    }
  const commands = [
    { id: 'find', keys: findKeys.find, run: act(at => at.open('find')) },
    { id: 'replace', keys: findKeys.replace, run: act(at => at.open('replace')) },
    { id: 'findNext', keys: findKeys.next, run: act(at => at.next()) },
    { id: 'findPrevious', keys: findKeys.previous, run: act(at => at.previous()) },
  ] as const
  return { bar, commands }
}

export type CommandId =
  | TextCommandId
  | ReturnType<typeof blockCommands>[number]['id']
  | ReturnType<typeof findCommands>['commands'][number]['id']

const inBlocks: ReadonlySet<CommandId> = new Set<CommandId>([
  'blockMenu',
  'moveUp',
  'moveDown',
  'duplicate',
  'delete',
  'indent',
  'outdent',
  'toggleState',
])
const inDocument: ReadonlySet<CommandId> = new Set<CommandId>([
  'undo',
  'redo',
  'find',
  'replace',
  'findNext',
  'findPrevious',
])

function groupOf(id: CommandId): Action['group'] {
  return inBlocks.has(id) ? 'blocks' : inDocument.has(id) ? 'document' : 'text'
}

// The editor, for any page: plain DOM, no framework, no socket. It shows and edits the document of a Y.Doc in the element it is
// given, with the title in another one, and draws other people over the text. The page brings tokens.css and editor.css.

import type { MissedRuns } from '@sheaf/model'
import { EditorState, Plugin, TextSelection, type Transaction } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import { bindBody, remoteMeta, structuralMeta } from './binding.ts'
import { isEmptyDocument } from './blocks.ts'
import { bubble } from './bubble.ts'
import type { Carets, PeerPlace } from './carets.ts'
import { goToEnd } from './commands.ts'
import { flow } from './flow.ts'
import { hints } from './hints.ts'
import { textCommands, textKeymap } from './keymap.ts'
import { type Missed, noteMissed } from './missed.ts'
import type { MissedAuthor, MissedMarks } from './missed-marks.ts'
import { newer } from './newer.ts'
import { nodeViews } from './nodeviews.ts'
import { pasting } from './paste.ts'
import type { FormattedPaste } from './paste-port.ts'
import type { PresencePort } from './presence.ts'
import { ranges } from './ranges.ts'
import { readSelection } from './read-selection.ts'
import { slashMenu } from './slash-menu.ts'
import { tables } from './tables.ts'
import { createTitle, type Title } from './title.ts'
import type { Tools } from './tools.ts'
import { words } from './words.ts'

export interface EditorOptions {
  /** Becomes the text; an empty element. */
  readonly mount: HTMLElement
  /** Becomes the title; without it the title is not shown. */
  readonly titleMount?: HTMLElement
  /** A document that is loaded: see `ready` of the client package. */
  readonly ydoc: Y.Doc
  readonly presence?: PresencePort
  /** Default: true. */
  readonly editable?: boolean
  /** Puts the address of a block on the clipboard; without it no such thing is offered. */
  readonly copyLink?: (blockId: string) => void
}

export interface Editor {
  readonly view: EditorView
  readonly isEmpty: boolean
  /** Where the others' carets are, seen from this window. */
  readonly places: readonly PeerPlace[]
  focus(): void
  focusTitle(): void
  /** The caret behind the last letter. */
  focusEnd(): void
  undo(): boolean
  redo(): boolean
  setEditable(editable: boolean): void
  /** Scrolls to somebody's caret; false while it is in no place of the text. */
  reveal(sessionKey: string): boolean
  /** Keeps somebody's caret in sight until it is called with null; false while it is in no place of the text. */
  follow(sessionKey: string | null): boolean
  /** Puts one's own caret where somebody's is, and the focus into the text. */
  goBeside(sessionKey: string): boolean
  /** Text of the heading that somebody's caret stands under; empty where there is none. */
  sectionOf(sessionKey: string): string
  /** What others do while nobody looks; noted from the beginning on. */
  readonly missed: Pick<Missed, 'begin' | 'take'>
  /**
   * Marks in the text what was missed. @param authorOf who wrote a clock of a Yjs client: undefined where nobody knows, null for the reader.
   * @returns null where nothing is left of it, or all of it was the reader's own.
   */
  markMissed(
    runs: MissedRuns,
    authorOf: (client: number, clock: number) => MissedAuthor | null | undefined,
  ): Promise<MissedMarks | null>
  /** What comes after the text. Rejects where its code cannot be fetched; then it is asked for again. */
  tools(): Promise<Tools>
  /** Called after each change of the text, whoever made it. @returns stops listening. */
  onChange(listener: () => void): () => void
  /**
   * Called when plain text was pasted as what its Markdown means, and with null when that can no longer be taken back.
   * @returns stops listening.
   */
  onFormattedPaste(listener: (paste: FormattedPaste | null) => void): () => void
  /** Called when somebody comes into sight or leaves it. @returns stops listening. */
  onPlaces(listener: () => void): () => void
  destroy(): void
}

/** The text is shown and can be written in; then the tools are asked for. */
const toolsMs = 50

export function createEditor(options: EditorOptions): Editor {
  const { mount, ydoc, presence } = options
  let editable = options.editable ?? true
  const listeners = new Set<() => void>()
  mount.classList.add('sheaf-editor')
  const surface = document.createElement('div')
  surface.className = 'sheaf-surface'
  mount.append(surface)

  const binding = bindBody(ydoc)
  const missed = noteMissed(ydoc)
  const pasteListeners = new Set<(paste: FormattedPaste | null) => void>()
  const paste = pasting({
    undo: () => binding.undo(),
    onFormatted: formatted => {
      for (const listener of [...pasteListeners]) listener(formatted)
    },
  })
  const undo = (): boolean => editable && (paste.keepPlain() || binding.undo())
  const redo = (): boolean => editable && binding.redo()
  const leaveUp = (): boolean => {
    title?.focus()
    return title !== null
  }
  /** Others see where this person is from the first time on that the text has the focus. */
  const publishCaret = (): void => {
    isHere ||= view.hasFocus()
    if (isHere) presence?.setCaret(binding.caretOf(view.state))
  }
  let isHere = false
  const linkBubble = bubble(mount)
  const commands = textCommands({ undo, redo, editLink: linkBubble.editLink })
  const view = new EditorView(surface, {
    state: EditorState.create({
      doc: binding.doc,
      plugins: [
        binding.plugin,
        slashMenu(mount),
        tables(mount),
        paste.plugin,
        ranges(),
        newer(mount, ydoc),
        textKeymap({ commands, leaveUp }),
        flow(),
        hints(() => editable),
        linkBubble.plugin,
        new Plugin({
          view: () => ({
            update: (_view, before) => {
              carets?.schedule()
              publishCaret()
              if (before.doc !== view.state.doc) for (const listener of [...listeners]) listener()
            },
          }),
        }),
      ],
    }),
    nodeViews,
    dispatchTransaction(this: EditorView, tr) {
      // What is typed at another place is another undo step.
      if (tr.selectionSet && !tr.docChanged && tr.getMeta(remoteMeta) !== true && !this.composing)
        binding.stopCapturing()
      binding.dispatch(this, asStep(tr))
    },
    editable: () => editable,
    attributes: () => ({
      class: 'sheaf-text',
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': words.text,
      'aria-readonly': String(!editable),
    }),
    handleClick: (_view, _pos, event) => followLink(event, editable),
    handleDOMEvents: { keydown: readSelection },
  })
  const title: Title | null =
    options.titleMount === undefined
      ? null
      : createTitle({
          mount: options.titleMount,
          ydoc,
          origin: binding.origin,
          placeholder: words.untitled,
          isEditable: () => editable,
          leaveDown: () => {
            view.dispatch(view.state.tr.setSelection(TextSelection.atStart(view.state.doc)))
            view.focus()
          },
          undo,
          redo,
        })
  const placesListeners = new Set<() => void>()
  let carets: Carets | null = null
  // Nobody else is here most of the time; the drawing comes with the first one.
  const meet = (): void => {
    if (presence === undefined || presence.peers().length === 0) return
    stopMeeting()
    void import('./carets.ts').then(module => {
      if (view.isDestroyed) return
      carets = new module.Carets({ view, layer: surface, presence, resolve: end => binding.resolveCaret(end) })
      carets.onPlaces(() => {
        for (const listener of [...placesListeners]) listener()
      })
    }, meetLater)
  }
  let stopMeeting = presence?.onChange(meet) ?? (() => undefined)
  // The code could not be fetched; asked for again when something changes among the people.
  const meetLater = (): void => {
    stopMeeting = presence?.onChange(meet) ?? stopMeeting
  }
  meet()

  let comingTools: Promise<Tools> | null = null
  const tools = (): Promise<Tools> => {
    comingTools ??= import('./tools.ts').then(module =>
      module.addTools({
        view,
        layer: mount,
        copyLink: options.copyLink ?? null,
        title: title?.view ?? null,
        asOneStep: run => {
          binding.stopCapturing()
          ydoc.transact(run, binding.origin)
          binding.stopCapturing()
        },
        presence: presence ?? null,
        resolve: end => binding.resolveCaret(end),
        commands,
      }),
    )
    comingTools.catch(() => {
      comingTools = null
    })
    return comingTools
  }
  // Without the network they come with the next focus: until then keys and Markdown do what they do.
  const askForTools = (): void => void tools().catch(() => undefined)
  const toolsTimer = setTimeout(askForTools, toolsMs)
  view.dom.addEventListener('focus', askForTools)

  return {
    view,
    get isEmpty() {
      return isEmptyDocument(view.state.doc) && ydoc.getText('title').length === 0
    },
    get places() {
      return carets?.places ?? []
    },
    focus: () => view.focus(),
    focusTitle: () => title?.focus(),
    focusEnd: () => {
      if (editable) goToEnd(view.state, view.dispatch)
      view.focus()
    },
    undo,
    redo,
    setEditable: next => {
      if (next === editable) return
      editable = next
      // Reads `editable` again, and with it the attributes and the hints.
      view.setProps({})
      title?.view.setProps({})
    },
    tools,
    missed,
    markMissed: async (runs, authorOf) => {
      const { markMissed } = await import('./missed-marks.ts')
      if (view.isDestroyed) return null
      return markMissed({ view, layer: surface, ydoc, resolve: id => binding.resolveCaret(id), authorOf }, runs)
    },
    reveal: sessionKey => carets?.reveal(sessionKey) ?? false,
    follow: sessionKey => carets?.follow(sessionKey) ?? false,
    goBeside: sessionKey => carets?.goBeside(sessionKey) ?? false,
    sectionOf: sessionKey => carets?.sectionOf(sessionKey) ?? '',
    onChange: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onFormattedPaste: listener => {
      pasteListeners.add(listener)
      return () => pasteListeners.delete(listener)
    },
    onPlaces: listener => {
      placesListeners.add(listener)
      return () => placesListeners.delete(listener)
    },
    destroy: () => {
      clearTimeout(toolsTimer)
      void comingTools?.then(come => come.destroy())
      presence?.setCaret(null)
      stopMeeting()
      carets?.destroy()
      title?.destroy()
      view.destroy()
      binding.destroy()
      missed.destroy()
      surface.remove()
      listeners.clear()
      pasteListeners.clear()
    },
  }
}

/** What is pasted, cut or dropped is an undo step of its own. */
function asStep(tr: Transaction): Transaction {
  return ['paste', 'cut', 'drop'].includes(tr.getMeta('uiEvent') as string) ? tr.setMeta(structuralMeta, true) : tr
}

/** Who reads follows a link with a click; who writes puts the caret in it, and follows with Mod-click. */
function followLink(event: MouseEvent, editable: boolean): boolean {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const href = link?.getAttribute('href') ?? ''
  if (link === null || href === '' || href === '#') return false
  if (editable && !event.ctrlKey && !event.metaKey) return false
  window.open(link.href, '_blank', 'noopener,noreferrer')
  return true
}

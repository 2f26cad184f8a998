// The binding of a ProseMirror view to the body of a Y.Doc. Local transactions become the smallest Yjs operations (model/write), in
// one Yjs transaction each; Yjs transactions of others become the smallest ProseMirror steps. Invariant: between two dispatches the
// document of the view is the one that a fresh reading of the body gives, and the block index holds its very nodes.

import {
  Blocks,
  type Change,
  type Entry,
  type Ledger,
  openBody,
  openLedger,
  type Region,
  readRegister,
  redoneMarkers,
  type Stretch,
  setRegister,
  stretchesOf,
  touchedEntries,
  traceChanges,
  type Written,
  write,
} from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import { fixBlocks, patchAll, patchRegion } from './binding-patch.ts'
import { patchRegions, readRegions, renameBlocks, shownNodes } from './binding-remote.ts'
import { resection } from './binding-sections.ts'
import { type CaretIds, caretIds, positionOfCaret, selectionOf } from './positions.ts'
import { Undo } from './undo.ts'

/** True on transactions that bring in what others did, or what writing made of a local edit. */
export const remoteMeta = 'sheaf-remote'
/** Ids of the blocks that a command deleted in one place and inserted, with these ids, in another. */
export const moveMeta = 'sheaf-move'
/** True on a command that is an undo step of its own. */
export const structuralMeta = 'sheaf-structural'

/** What the binding needs of an EditorView; a test without a DOM has it too. */
export interface BodyView {
  readonly state: EditorState
  readonly composing: boolean
  updateState(state: EditorState): void
  dispatch(tr: Transaction): void
}

export interface Binding {
  /** What the editor shows first. */
  readonly doc: Node
  readonly plugin: Plugin
  /** Origin of local writes: whoever writes with it (the title) is under the same undo. */
  readonly origin: object
  /**
   * The `dispatchTransaction` of the view: writes before the view is updated, so that new ids and the edit are one view update.
   * Without it the plugin writes right after the update.
   */
  dispatch(view: Pick<BodyView, 'state' | 'updateState'>, tr: Transaction): void
  undo(): boolean
  redo(): boolean
  stopCapturing(): void
  /** The selection of the view's state by id, for presence and comments. */
  caretOf(state: EditorState): CaretIds
  /** Position of one end of a caret in the view's document; null where this replica does not know its character. */
  resolveCaret(end: unknown): number | null
  destroy(): void
}

export function bindBody(ydoc: Y.Doc): Binding {
  return new BodyBinding(ydoc)
}

/** Local edits since the document that the index holds. */
interface Pending {
  /** Position up to which nothing changed. */
  readonly unchangedBefore: number
  readonly moved: ReadonlySet<string>
  readonly isStructural: boolean
}

const nothingPending: Pending = { unchangedBefore: Number.POSITIVE_INFINITY, moved: new Set(), isStructural: false }
const pendingKey = new PluginKey<Pending>('sheaf-binding')

class BodyBinding implements Binding {
  readonly plugin: Plugin
  readonly origin = { name: 'sheaf-editor' }
  /** Origin of what undo must not see: the birth of inserted blocks, ids of blocks that came back. */
  readonly #quietOrigin = { name: 'sheaf-editor-quiet' }
  /** Origin of `was` registers that undo must not see, but the view must. */
  readonly #identityOrigin = { name: 'sheaf-editor-identity' }
  /** Ids of deleted blocks by the id of their marker, where the two differ. */
  readonly #lostIds = new Map<string, string>()
  readonly #ydoc: Y.Doc
  readonly #undo: Undo
  #blocks: Blocks
  #view: BodyView | null = null
  /** Blocks that others changed while a composition is under way in them: they wait for its end. */
  readonly #waiting = new Map<Entry, Ledger>()
  #settleTimer: ReturnType<typeof setTimeout> | null = null
  #selectionBefore: CaretIds | null = null

  constructor(ydoc: Y.Doc) {
    this.#ydoc = ydoc
    this.#blocks = new Blocks(openBody(ydoc))
    this.#undo = new Undo(ydoc, this.origin, {
      // The title is under the same undo; what is undone there leaves the caret of the body alone.
      selection: changed => (this.#isOfBody(changed) ? this.#selectionBefore : null),
      restore: (selection, { deletions }) => this.#restore(selection as CaretIds | null, deletions),
    })
    ydoc.on('afterTransaction', this.#onTransaction)
    this.plugin = new Plugin<Pending>({
      key: pendingKey,
      state: {
        init: () => nothingPending,
        apply: (tr, pending, before) => notePending(tr, before.doc === this.#blocks.doc ? nothingPending : pending),
      },
      view: view => this.#attach(view),
      props: { handleDOMEvents: { compositionend: () => this.#settleSoon() } },
    })
  }

  get doc(): Node {
    return this.#blocks.doc
  }

  dispatch(view: Pick<BodyView, 'state' | 'updateState'>, tr: Transaction): void {
    const before = view.state
    view.updateState(this.#absorb(before.apply(tr), before))
    this.#settle()
  }

  undo(): boolean {
    return this.#travel(() => this.#undo.undo())
  }

  redo(): boolean {
    return this.#travel(() => this.#undo.redo())
  }

  stopCapturing(): void {
    this.#undo.stopCapturing()
  }

  caretOf(state: EditorState): CaretIds {
    return caretIds(this.#blocks, state.selection, this.#waiting)
  }

  resolveCaret(end: unknown): number | null {
    return positionOfCaret(this.#blocks, end)
  }

  destroy(): void {
    this.#ydoc.off('afterTransaction', this.#onTransaction)
    this.#undo.destroy()
    if (this.#settleTimer !== null) clearTimeout(this.#settleTimer)
    this.#view = null
  }

  #attach(view: EditorView): { update: (view: EditorView, before: EditorState) => void; destroy: () => void } {
    this.#view = view
    if (view.state.doc !== this.#blocks.doc) {
      // The Y.Doc changed between the creation of the state and that of the view.
      if (view.state.doc.eq(this.#blocks.doc)) this.#blocks.adopt(view.state.doc)
      else view.updateState(view.state.apply(replaceAll(view.state.tr, this.#blocks.doc)))
    }
    return {
      update: (_view, before) => {
        if (view.state.doc === this.#blocks.doc) return
        view.updateState(this.#absorb(view.state, before))
        this.#settle()
      },
      destroy: () => {
        this.#view = null
      },
    }
  }

  /** Writes what a state says beyond the index, and returns the state that shows what was written. */
  #absorb(state: EditorState, before: EditorState): EditorState {
    try {
      return this.#write(state, before)
    } catch (error) {
      return this.#recover(error) ?? state
    }
  }

  #write(state: EditorState, before: EditorState): EditorState {
    for (let round = 0; state.doc !== this.#blocks.doc; round++) {
      if (round === maxRounds) throw new RangeError('Plugins and the body do not come to an agreement')
      const pending = pendingKey.getState(state) ?? nothingPending
      const tr = markRemote(state.tr)
      this.#selectionBefore = this.#idsOf(before)
      const written = this.#writeDocument(state.doc, pending)
      if (written !== null) {
        for (const entry of written.region.olds) this.#waiting.delete(entry)
        this.#noteLostIds(written.region)
        correct(tr, written)
      }
      resection(tr, this.#composedPosition(state))
      this.#blocks.adopt(tr.doc)
      if (!tr.docChanged) break
      state = state.apply(keepStored(tr, state))
    }
    return state
  }

  #writeDocument(doc: Node, pending: Pending): Written | null {
    if (pending.isStructural) this.#undo.stopCapturing()
    const written = write(this.#blocks, doc, run => this.#ydoc.transact(run, this.origin), {
      unchangedBefore: pending.unchangedBefore,
      moved: pending.moved,
      untracked: run => this.#ydoc.transact(run, this.#quietOrigin),
      waiting: this.#waiting,
    })
    if (pending.isStructural) this.#undo.stopCapturing()
    return written
  }

  /** Brings in what a Yjs transaction of somebody else did. Called before deleted content is collected. */
  readonly #onTransaction = (ytr: Y.Transaction): void => {
    if (ytr.origin === this.origin || ytr.origin === this.#quietOrigin) return
    this.#settle()
    const touched = touchedEntries(ytr, this.#blocks)
    if (touched.size === 0) return
    const free: Stretch[] = []
    for (const stretch of stretchesOf(this.#blocks, touched)) {
      if (!this.#holds(stretch)) free.push(stretch)
      else {
        for (const entry of this.#entriesOf(stretch)) {
          if (!this.#waiting.has(entry)) this.#waiting.set(entry, openLedger(ytr, this.#blocks.sequence, entry))
        }
      }
    }
    if (free.length > 0) this.#readAgain(free, region => traceChanges(ytr, this.#blocks.sequence, region))
  }

  /** Whatever went wrong, the view goes on with what the body says, and the error is heard of. */
  #recover(error: unknown): EditorState | null {
    queueMicrotask(() => {
      throw error
    })
    this.#waiting.clear()
    this.#blocks = new Blocks(this.#blocks.sequence)
    const state = this.#view?.state
    if (state === undefined) return null
    return state.apply(replaceAll(state.tr, this.#blocks.doc))
  }

  /** Whether a stretch has to wait: a composition is under way in it, or it already waits. */
  #holds(stretch: Stretch): boolean {
    const composed = this.#composedEntry()
    return this.#entriesOf(stretch).some(entry => entry === composed || this.#waiting.has(entry))
  }

  #entriesOf({ from, until }: Stretch): Entry[] {
    const entries: Entry[] = []
    for (let entry: Entry | null = from; entry !== null && entry !== until; entry = this.#blocks.next(entry)) {
      entries.push(entry)
    }
    return entries
  }

  #composedPosition(state: EditorState): number | null {
    return this.#isComposing ? state.selection.head : null
  }

  #composedEntry(): Entry | null {
    const view = this.#view
    return view === null || !this.#isComposing ? null : this.#blocks.entryAt(view.state.selection.head).entry
  }

  /** A composition counts as under way until the browser's last words have been read. */
  get #isComposing(): boolean {
    return this.#view?.composing === true || this.#settleTimer !== null
  }

  #settleSoon(): void {
    if (this.#settleTimer !== null) clearTimeout(this.#settleTimer)
    this.#settleTimer = setTimeout(() => {
      this.#settleTimer = null
      this.#settle()
    }, compositionEndMs)
  }

  /** Brings in what waited, once no composition is under way. */
  #settle(): void {
    const view = this.#view
    if (view === null || this.#waiting.size === 0 || this.#isComposing || view.state.doc !== this.#blocks.doc) return
    const carets = caretIds(this.#blocks, view.state.selection, this.#waiting)
    const stretches = stretchesOf(this.#blocks, new Set(this.#waiting.keys()))
    this.#waiting.clear()
    this.#readAgain(stretches, null)
    const selection = selectionOf(this.#blocks, view.state, carets)
    if (selection !== null && !selection.eq(view.state.selection)) {
      view.dispatch(markRemote(view.state.tr.setSelection(selection)))
    }
  }

  #readAgain(stretches: readonly Stretch[], trace: ((region: Region) => Change[]) | null): void {
    const view = this.#view
    if (view === null) {
      this.#blocks = new Blocks(this.#blocks.sequence)
      return
    }
    const { state } = view
    const tr = markRemote(state.tr)
    try {
      const before = this.#blocks.doc
      const regions = readRegions(this.#blocks, stretches)
      if (regions !== null) patchRegions(tr, regions, trace)
      else {
        this.#blocks = new Blocks(this.#blocks.sequence)
        patchAll(tr, before, this.#blocks.doc)
      }
      resection(tr, this.#composedPosition(state))
      this.#blocks.adopt(tr.doc)
    } catch (error) {
      const recovered = this.#recover(error)
      if (recovered !== null) view.updateState(recovered)
      return
    }
    if (tr.docChanged) view.dispatch(keepStored(tr, state))
  }

  #travel(go: () => boolean): boolean {
    const view = this.#view
    this.#selectionBefore = view === null ? null : caretIds(this.#blocks, view.state.selection, this.#waiting)
    return go()
  }

  #restore(carets: CaretIds | null, deletions: Y.Transaction['deleteSet']): void {
    this.#keepIds(deletions)
    const view = this.#view
    if (view === null || carets === null) return
    const selection = selectionOf(this.#blocks, view.state, carets)
    if (selection !== null) view.dispatch(markRemote(view.state.tr.setSelection(selection)).scrollIntoView())
  }

  #isOfBody(changed: Y.Transaction['changedParentTypes']): boolean {
    const { sequence } = this.#blocks
    for (const type of changed.keys() as Iterable<unknown>) if (type === sequence) return true
    return false
  }

  /** A block that undo brought back has a new marker; it goes on being the block that it was. */
  #keepIds(deletions: Y.Transaction['deleteSet']): void {
    const lost = redoneMarkers(this.#blocks.sequence, deletions).filter(
      ({ marker }) => readRegister(marker, 'was') === undefined,
    )
    if (lost.length === 0) return
    this.#ydoc.transact(() => {
      for (const { marker, old } of lost) setRegister(marker, 'was', this.#lostIds.get(old) ?? old)
    }, this.#identityOrigin)
  }

  /** Notes the ids of blocks that this person took away where they differ from what their markers say. */
  #noteLostIds({ olds, fresh }: Region): void {
    const alive = new Set(fresh.map(entry => entry.marker))
    for (const { marker, own, was, id } of olds) {
      if (marker !== null && own !== null && id !== null && id !== own && id !== was && !alive.has(marker)) {
        this.#lostIds.set(own, id)
      }
    }
  }

  #idsOf(state: EditorState): CaretIds | null {
    return state.doc === this.#blocks.doc
      ? caretIds(this.#blocks, state.selection, this.#waiting)
      : this.#selectionBefore
  }
}

/** ProseMirror reads what a composition left in the DOM 20 ms after its end. */
const compositionEndMs = 50

/** Plugins may add to a transaction as often as this before the binding gives up. */
const maxRounds = 8

function notePending(tr: Transaction, pending: Pending): Pending {
  if (tr.getMeta(remoteMeta) === true) return pending
  const moved = tr.getMeta(moveMeta) as readonly string[] | undefined
  const isStructural = pending.isStructural || tr.getMeta(structuralMeta) === true
  let { unchangedBefore } = pending
  // In front of the first change positions are the same in every document, so nothing needs mapping.
  for (const map of tr.mapping.maps) {
    map.forEach(from => {
      unchangedBefore = Math.min(unchangedBefore, from)
    })
  }
  if (moved === undefined && !tr.docChanged && !isStructural) return pending
  return {
    unchangedBefore,
    moved: moved === undefined ? pending.moved : new Set([...pending.moved, ...moved]),
    isStructural,
  }
}

/** Brings the document to what was written: ids of new blocks, and whatever could not be written as it was. */
function correct(tr: Transaction, { region, shown, place }: Written): void {
  const fresh = shownNodes(region.fresh)
  renameBlocks(tr, region)
  if (fresh.length === shown.length) fixBlocks(tr, place, fresh)
  else patchRegion(tr, place, shown, fresh, null)
}

function markRemote(tr: Transaction): Transaction {
  return tr.setMeta(remoteMeta, true).setMeta('addToHistory', false)
}

/** Marks chosen for what is typed next stay chosen when somebody else edits. */
function keepStored(tr: Transaction, state: EditorState): Transaction {
  return state.storedMarks === null ? tr : tr.setStoredMarks(state.storedMarks)
}

function replaceAll(tr: Transaction, doc: Node): Transaction {
  return markRemote(tr.replaceWith(0, tr.doc.content.size, doc.content))
}

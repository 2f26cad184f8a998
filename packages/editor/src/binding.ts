// The binding of a ProseMirror view to the body of a Y.Doc. Local transactions become the smallest Yjs operations (model/write), in
// one Yjs transaction each; Yjs transactions of others become the smallest ProseMirror steps. Invariant: between two dispatches the
// document of the view is the one that a fresh reading of the body gives, and the block index holds its very nodes.

import {
  type Blocks,
  Body,
  type Cell,
  type Change,
  deletedMarkers,
  type Entry,
  type Ledger,
  leaveGhosts,
  openLedger,
  type Region,
  readRegister,
  redoneMarkers,
  rereadCell,
  type Stretch,
  setRegister,
  stretchesOf,
  touchedEntries,
  traceChanges,
  type Written,
  write,
} from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import { fixBlocks, patchAll, patchRegion } from './binding-patch.ts'
import { patchRegions, readRegions, renameBlocks, shownNodes } from './binding-remote.ts'
import { resection } from './binding-sections.ts'
import { type CaretIds, caretIds, positionOfCaret, selectionOf } from './positions.ts'
import { type Step, Undo } from './undo.ts'

/** True on transactions that bring in what others did, or what writing made of a local edit. */
export const remoteMeta = 'sheaf-remote'
/** Ids of the blocks that a command deleted in one place and inserted, with these ids, in another. */
export const moveMeta = 'sheaf-move'
/** True on a command that is an undo step of its own. */
export const structuralMeta = 'sheaf-structural'

/** True on a transaction that undo must not see: what a machine adds to what a person did, like the address of an upload that arrived. */
export const untrackedMeta = 'sheaf-untracked'

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
  readonly isUntracked: boolean
}

const nothingPending: Pending = {
  unchangedBefore: Number.POSITIVE_INFINITY,
  moved: new Set(),
  isStructural: false,
  isUntracked: false,
}
const pendingKey = new PluginKey<Pending>('sheaf-binding')

class BodyBinding implements Binding {
  readonly plugin: Plugin
  readonly origin = { name: 'sheaf-editor' }
  /** Origin of what undo must not see: the birth of inserted blocks, ids of blocks that came back. */
  readonly #quietOrigin = { name: 'sheaf-editor-quiet' }
  /** Origin of what an undo brings with it, `was` registers and ghosts, that undo must not see, but the view must. */
  readonly #identityOrigin = { name: 'sheaf-editor-identity' }
  /** Ids of deleted blocks by the id of their marker, where the two differ. */
  readonly #lostIds = new Map<string, string>()
  readonly #ydoc: Y.Doc
  readonly #undo: Undo
  #body: Body
  #view: BodyView | null = null
  /** Blocks that others changed while a composition is under way in them: they wait for its end. */
  readonly #waiting = new Map<Entry, Ledger>()
  /** The cells that these stand in, if any. */
  readonly #waitingCells = new Set<Cell>()
  #settleTimer: ReturnType<typeof setTimeout> | null = null
  #isTravelling = false
  /** What a large undo touched: it is read once, with the ids and ghosts that the undo brings with it. */
  #unread: Stretch[] | null = null
  #selectionBefore: CaretIds | null = null

  constructor(ydoc: Y.Doc) {
    this.#ydoc = ydoc
    this.#body = new Body(ydoc)
    this.#undo = new Undo(ydoc, this.origin, {
      // The title is under the same undo; what is undone there leaves the caret of the body alone.
      selection: changed => (this.#isOfBody(changed) ? this.#selectionBefore : null),
      restore: (selection, step) => this.#restore(selection as CaretIds | null, step),
    })
    ydoc.on('afterTransaction', this.#onTransaction)
    this.plugin = new Plugin<Pending>({
      key: pendingKey,
      state: {
        init: () => nothingPending,
        apply: (tr, pending, before) => notePending(tr, before.doc === this.#body.doc ? nothingPending : pending),
      },
      view: view => this.#attach(view),
      props: { handleDOMEvents: { compositionend: () => this.#settleSoon() } },
    })
  }

  get doc(): Node {
    return this.#body.doc
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
    return caretIds(this.#body, state.selection, this.#waiting)
  }

  resolveCaret(end: unknown): number | null {
    return positionOfCaret(this.#body, end)
  }

  destroy(): void {
    this.#ydoc.off('afterTransaction', this.#onTransaction)
    this.#undo.destroy()
    if (this.#settleTimer !== null) clearTimeout(this.#settleTimer)
    this.#view = null
  }

  #attach(view: EditorView): { update: (view: EditorView, before: EditorState) => void; destroy: () => void } {
    this.#view = view
    if (view.state.doc !== this.#body.doc) {
      // The Y.Doc changed between the creation of the state and that of the view.
      if (view.state.doc.eq(this.#body.doc)) this.#body.blocks.adopt(view.state.doc)
      else view.updateState(view.state.apply(replaceAll(view.state.tr, this.#body.doc)))
    }
    return {
      update: (_view, before) => {
        if (view.state.doc === this.#body.doc) return
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
    for (let round = 0; state.doc !== this.#body.doc; round++) {
      if (round === maxRounds) throw new RangeError('Plugins and the body do not come to an agreement')
      const pending = pendingKey.getState(state) ?? nothingPending
      const tr = markRemote(state.tr)
      this.#selectionBefore = this.#idsOf(before)
      const written = this.#writeDocument(state.doc, pending)
      if (written !== null) {
        for (const region of [written.region, ...written.cells]) {
          for (const entry of region.olds) this.#waiting.delete(entry)
          this.#noteLostIds(region)
        }
        if (this.#body.blocks.isStale) this.#showAfresh(tr)
        else correct(tr, written)
      }
      resection(tr, this.#composedPosition(state))
      this.#body.blocks.adopt(tr.doc)
      if (!tr.docChanged) break
      state = state.apply(keepStored(tr, state))
    }
    return state
  }

  #writeDocument(doc: Node, pending: Pending): Written | null {
    if (pending.isStructural) this.#undo.stopCapturing()
    const origin = pending.isUntracked ? this.#quietOrigin : this.origin
    const written = write(this.#body, doc, run => this.#ydoc.transact(run, origin), {
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
    if (this.#unread !== null) {
      // What an undo brings along is where it was, or in a cell that others had emptied before.
      if (ytr.origin === this.#identityOrigin && !this.#isInCells(ytr.changedParentTypes)) return
      this.#readUnread()
    }
    this.#settle()
    const touched = touchedEntries(ytr, this.#body)
    if (touched.size === 0) return
    if (this.#isTravelling && this.#waiting.size === 0 && !this.#isComposing && touched.size === 1 && isLarge(ytr)) {
      const entries = touched.get(this.#body.blocks)
      if (entries !== undefined) {
        this.#unread = stretchesOf(this.#body.blocks, entries)
        return
      }
    }
    const carets = this.#caretsInTable(ytr, touched)
    const { blocks } = this.#body
    for (const index of touched.keys()) if (index !== blocks) this.#readCell(ytr, index)
    const free: Stretch[] = []
    for (const stretch of stretchesOf(blocks, touched.get(blocks) ?? new Set())) {
      const entries = blocks.range(stretch.from, stretch.until)
      if (this.#holds(entries)) this.#wait(ytr, blocks, entries)
      else free.push(stretch)
    }
    if (free.length > 0) this.#readAgain(free, carets, region => traceChanges(ytr, blocks.sequence, region))
  }

  /** Reads a cell again, or lets it wait. */
  #readCell(ytr: Y.Transaction, blocks: Blocks): void {
    const cell = this.#body.tables.cellOf(blocks.sequence)!
    const entries = blocks.sections.flatMap(section => section.entries)
    if (!this.#holds(entries)) rereadCell(cell)
    else {
      this.#wait(ytr, blocks, entries)
      this.#waitingCells.add(cell)
    }
  }

  #wait(ytr: Y.Transaction, blocks: Blocks, entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (!this.#waiting.has(entry)) this.#waiting.set(entry, openLedger(ytr, blocks.sequence, entry))
    }
  }

  /** The selection by id, as it was before a transaction, where an end of it is in a table; else null. */
  #caretsInTable(ytr: Y.Transaction, touched: ReadonlyMap<Blocks, ReadonlySet<Entry>>): CaretIds | null {
    const selection = this.#view?.state.selection
    if (!(selection instanceof TextSelection)) return null
    const ends = [selection.anchor, selection.head].map(position => this.#body.locate(position))
    if (ends.every(({ blocks }) => blocks === this.#body.blocks)) return null
    // What the transaction touched is asked what it showed before.
    const ledgers = new Map(this.#waiting)
    for (const { blocks, entry } of ends) {
      const isTouched = blocks !== null && entry !== null && touched.get(blocks)?.has(entry) === true
      if (isTouched && !ledgers.has(entry)) ledgers.set(entry, openLedger(ytr, blocks.sequence, entry))
    }
    return caretIds(this.#body, selection, ledgers)
  }

  /** Whatever went wrong, the view goes on with what the body says, and the error is heard of. */
  #recover(error: unknown): EditorState | null {
    queueMicrotask(() => {
      throw error
    })
    this.#waiting.clear()
    this.#waitingCells.clear()
    this.#body = new Body(this.#ydoc)
    const state = this.#view?.state
    if (state === undefined) return null
    return state.apply(replaceAll(state.tr, this.#body.doc))
  }

  /** Reads everything again: the index is of no use any more. */
  #showAfresh(tr: Transaction): void {
    const before = tr.doc
    this.#body = new Body(this.#ydoc)
    patchAll(tr, before, this.#body.doc)
  }

  /** Whether blocks have to wait: a composition is under way in one of them, or one already waits. */
  #holds(entries: readonly Entry[]): boolean {
    const composed = this.#composedEntry()
    return entries.some(entry => entry === composed || this.#waiting.has(entry))
  }

  #composedPosition(state: EditorState): number | null {
    return this.#isComposing ? state.selection.head : null
  }

  #composedEntry(): Entry | null {
    const view = this.#view
    return view === null || !this.#isComposing ? null : this.#body.locate(view.state.selection.head).entry
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
    if (view === null || this.#waiting.size === 0 || this.#isComposing || view.state.doc !== this.#body.doc) return
    const carets = caretIds(this.#body, view.state.selection, this.#waiting)
    const { blocks } = this.#body
    const touched = new Set(this.#waiting.keys())
    for (const cell of this.#waitingCells) {
      rereadCell(cell)
      const holder = this.#body.holderOf(this.#body.tables.table(cell.tid))
      if (holder !== null) touched.add(holder)
    }
    this.#waiting.clear()
    this.#waitingCells.clear()
    this.#readAgain(stretchesOf(blocks, touched), null, null)
    const selection = selectionOf(this.#body, view.state.doc, carets)
    if (selection !== null && !selection.eq(view.state.selection)) {
      view.dispatch(markRemote(view.state.tr.setSelection(selection)))
    }
  }

  /** @param carets where the selection is to be, if that is known */
  #readAgain(
    stretches: readonly Stretch[],
    carets: CaretIds | null,
    trace: ((region: Region) => Change[]) | null,
  ): void {
    const view = this.#view
    if (view === null) {
      this.#body = new Body(this.#ydoc)
      return
    }
    const { state } = view
    const tr = markRemote(state.tr)
    try {
      const regions = readRegions(this.#body.blocks, stretches)
      if (regions !== null && !this.#body.blocks.isStale) patchRegions(tr, regions, trace)
      else this.#showAfresh(tr)
      resection(tr, this.#composedPosition(state))
      this.#body.blocks.adopt(tr.doc)
      const selection = carets === null ? null : selectionOf(this.#body, tr.doc, carets)
      if (selection !== null && !selection.eq(tr.selection)) tr.setSelection(selection)
    } catch (error) {
      const recovered = this.#recover(error)
      if (recovered !== null) view.updateState(recovered)
      return
    }
    if (tr.docChanged) view.dispatch(keepStored(tr, state))
  }

  /** An undo is several Yjs transactions: the step, what it brings with it, the selection. The view is updated once, at the end. */
  #travel(go: () => boolean): boolean {
    const view = this.#view
    if (view === null) {
      this.#selectionBefore = null
      return go()
    }
    this.#selectionBefore = caretIds(this.#body, view.state.selection, this.#waiting)
    const gathered = {
      state: view.state,
      composing: view.composing,
      updateState: (state: EditorState) => {
        gathered.state = state
      },
      dispatch: (tr: Transaction) => this.dispatch(gathered, tr),
    }
    this.#view = gathered
    this.#isTravelling = true
    try {
      return go()
    } finally {
      this.#readUnread()
      this.#isTravelling = false
      this.#view = view
      if (gathered.state !== view.state) view.updateState(gathered.state)
    }
  }

  #readUnread(): void {
    const stretches = this.#unread
    this.#unread = null
    if (stretches !== null) this.#readAgain(stretches, null, null)
  }

  #restore(carets: CaretIds | null, { insertions, deletions }: Step): void {
    this.#keepIds(deletions)
    this.#leaveGhosts(insertions)
    this.#readUnread()
    const view = this.#view
    if (view === null || carets === null) return
    const selection = selectionOf(this.#body, view.state.doc, carets)
    if (selection !== null) view.dispatch(markRemote(view.state.tr.setSelection(selection)).scrollIntoView())
  }

  #isOfBody(changed: Y.Transaction['changedParentTypes']): boolean {
    for (const type of changed.keys() as Iterable<unknown>) {
      if (this.#body.indexOf(type) !== null || this.#body.tables.tableOf(type) !== null) return true
    }
    return false
  }

  #isInCells(changed: Y.Transaction['changedParentTypes']): boolean {
    const types = [...(changed.keys() as Iterable<unknown>)]
    return types.some(type => type !== this.#body.blocks.sequence && this.#body.indexOf(type) !== null)
  }

  /** A block that undo brought back has a new marker; it goes on being the block that it was. */
  #keepIds(deletions: Y.Transaction['deleteSet']): void {
    const lost = redoneMarkers(this.#ydoc, deletions).filter(({ marker }) => readRegister(marker, 'was') === undefined)
    if (lost.length === 0) return
    this.#ydoc.transact(() => {
      for (const { marker, old } of lost) setRegister(marker, 'was', this.#lostIds.get(old) ?? old)
    }, this.#identityOrigin)
  }

  /** Where undo took a block away, somebody may be typing in it. */
  #leaveGhosts(insertions: Y.Transaction['deleteSet']): void {
    const deleted = deletedMarkers(this.#ydoc, insertions)
    if (deleted.length > 0) this.#ydoc.transact(tr => leaveGhosts(tr, deleted), this.#identityOrigin)
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
    return state.doc === this.#body.doc ? caretIds(this.#body, state.selection, this.#waiting) : this.#selectionBefore
  }
}

/** ProseMirror reads what a composition left in the DOM 20 ms after its end. */
const compositionEndMs = 50

/** Whether a transaction wrote or deleted so much that reading it twice would be felt. */
function isLarge({ afterState, beforeState, deleteSet }: Y.Transaction): boolean {
  let places = 0
  for (const [client, clock] of afterState) places += clock - (beforeState.get(client) ?? 0)
  for (const ranges of deleteSet.clients.values()) for (const { len } of ranges) places += len
  return places > largePlaces
}

const largePlaces = 5_000

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
  // What a person did along with it is under undo as ever.
  const isFirst = pending.unchangedBefore === Number.POSITIVE_INFINITY
  return {
    unchangedBefore,
    moved: moved === undefined ? pending.moved : new Set([...pending.moved, ...moved]),
    isStructural,
    isUntracked: tr.getMeta(untrackedMeta) === true && (isFirst || pending.isUntracked),
  }
}

/** Brings the document to what was written: ids of new blocks, and whatever could not be written as it was. */
function correct(tr: Transaction, { region, shown, place }: Written): void {
  const fresh = shownNodes(region.fresh)
  renameBlocks(tr, region)
  if (fresh.length === shown.length) fixBlocks(tr, place, fresh, 'by place')
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

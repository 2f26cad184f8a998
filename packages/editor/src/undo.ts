// Undo of this person's own edits. The scope is the document, so that cells and the title are in it; only what the binding wrote is
// tracked. Each step remembers the selection that it was made from, as caret ids, and gives it back exactly.

import * as Y from 'yjs'

/** Edits closer together than this are one step. */
const captureTimeoutMs = 500

export interface UndoPort {
  /**
   * The selection as it is now, to be given back by the step that begins; undefined where the step is none of the view's.
   * @param changed the types that the step changes
   */
  selection(changed: Y.Transaction['changedParentTypes']): unknown
  /** A step was undone or redone; `selection` is what was noted when it began. */
  restore(selection: unknown, step: Step): void
}

/** What a step inserted, which undoing it deletes, and what it deleted, which undoing it brings back. */
export type Step = Readonly<Record<'insertions' | 'deletions', Y.Transaction['deleteSet']>>

export class Undo {
  readonly #manager: Y.UndoManager

  constructor(ydoc: Y.Doc, origin: object, port: UndoPort) {
    this.#manager = new Y.UndoManager(ydoc, {
      trackedOrigins: new Set([origin]),
      captureTimeout: captureTimeoutMs,
      // A transaction that changed nothing would clear the redo stack and be a step that does nothing.
      captureTransaction: tr => tr.changed.size > 0,
    })
    this.#manager.on('stack-item-added', ({ stackItem, changedParentTypes }) => {
      stackItem.meta.set(this, port.selection(changedParentTypes))
    })
    this.#manager.on('stack-item-popped', ({ stackItem }) => {
      port.restore(stackItem.meta.get(this), stackItem)
    })
  }

  get manager(): Y.UndoManager {
    return this.#manager
  }

  undo(): boolean {
    this.#manager.stopCapturing()
    return this.#manager.undo() !== null
  }

  redo(): boolean {
    this.#manager.stopCapturing()
    return this.#manager.redo() !== null
  }

  /** The next edit begins a step of its own. */
  stopCapturing(): void {
    this.#manager.stopCapturing()
  }

  destroy(): void {
    this.#manager.destroy()
  }
}

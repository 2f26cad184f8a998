// Taking back what some updates of a document did, whoever wrote meanwhile: what they inserted goes, what they deleted comes back, and what others
// wrote into it stays. The whole history is made once more, with what was deleted kept, and undone there; what comes out is an edit like any other.

import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { blocksOf, cutSections } from '../blocks.ts'
import { Body } from '../body.ts'
import { readTitle } from '../document.ts'
import { leaveGhosts } from '../ghosts.ts'
import { deletedMarkers, type Item, insertMarker, isMarker, type Sequence, setRegister } from '../layout.ts'
import { write } from '../write.ts'
import { writeTitle } from './apply.ts'
import { withAttrs } from './content.ts'

export interface Reverted {
  readonly before: Node
  readonly after: Node
  readonly isChanged: boolean
}

export class Reversal {
  readonly #ydoc = new Y.Doc({ gc: false })
  readonly #undo: Y.UndoManager
  readonly #reverted = {}
  /** What there was before each of the updates that are taken back: for each client, the clock behind its last struct. */
  readonly #befores: ReadonlyMap<number, number>[] = []
  #known: Uint8Array | undefined

  constructor() {
    this.#ydoc.on('afterTransaction', (transaction: Y.Transaction) => {
      transaction._needFormattingCleanup = false
    })
    this.#undo = new Y.UndoManager(this.#ydoc, {
      trackedOrigins: new Set([this.#reverted]),
      // All of them are one step.
      captureTimeout: Number.MAX_SAFE_INTEGER,
      captureTransaction: tr => tr.changed.size > 0,
    })
  }

  /** The next updates of the document, in order and from the first one on. */
  take(updates: readonly Uint8Array[], isReverted: boolean): void {
    if (isReverted) this.#befores.push(Y.decodeStateVector(Y.encodeStateVector(this.#ydoc)))
    this.#ydoc.transact(
      () => {
        for (const update of updates) Y.applyUpdate(this.#ydoc, update, isReverted ? this.#reverted : null)
      },
      isReverted ? this.#reverted : null,
    )
  }

  /** Writes into a replica, which holds these updates at least, that they were taken back. Once; in one transaction of the caller's. */
  writeInto(ydoc: Y.Doc): Reverted {
    this.#takeBack()
    const body = new Body(ydoc)
    const before = body.doc
    const fork = new Y.Doc()
    Y.applyUpdate(fork, Y.encodeStateAsUpdate(ydoc))
    Y.applyUpdate(fork, Y.encodeStateAsUpdate(this.#ydoc, this.#known))
    const after = withoutIdsOf(new Body(fork).doc, this.#ydoc.clientID)
    const [titleBefore, title] = [readTitle(ydoc), readTitle(fork)]
    fork.destroy()
    ydoc.transact(() => {
      write(body, after, run => ydoc.transact(run))
      if (title !== titleBefore) writeTitle(ydoc, title)
    })
    return { before, after, isChanged: title !== titleBefore || !before.eq(new Body(ydoc).doc) }
  }

  destroy(): void {
    this.#undo.destroy()
    this.#ydoc.destroy()
  }

  #takeBack(): void {
    if (this.#known !== undefined) return
    this.#known = Y.encodeStateVector(this.#ydoc)
    // Opens the sequences as what they are, cells too.
    new Body(this.#ydoc)
    const step = this.#undo.undo()
    if (step === null) return
    // What somebody typed into a block that goes stands in a paragraph of its own.
    const deleted = deletedMarkers(this.#ydoc, step.insertions)
    if (deleted.length === 0) return
    this.#ydoc.transact(tr => {
      for (const marker of deleted) {
        if (!this.#holdsOthers(marker)) continue
        setRegister(insertMarker(tr, marker.parent as Sequence, marker.left), 'gone', true)
      }
      leaveGhosts(tr, deleted)
    })
  }

  /** Whether text stays in a block that goes, none of which was there before it: that was not split off from another one. */
  #holdsOthers(marker: Item): boolean {
    const before = this.#befores.findLast(clocks => (clocks.get(marker.id.client) ?? 0) <= marker.id.clock)
    let isHeld = false
    for (let item = marker.right; item !== null && !isMarker(item); item = item.right) {
      if (item.deleted || !item.countable) continue
      if (item.id.clock < (before?.get(item.id.client) ?? 0)) return false
      isHeld = true
    }
    return isHeld
  }
}

/** Blocks that came back have no id here yet. */
function withoutIdsOf(doc: Node, clientId: number): Node {
  const own = `${clientId.toString(36)}.`
  return cutSections(
    blocksOf(doc).map(block => (String(block.attrs.id).startsWith(own) ? withAttrs(block, { id: null }) : block)),
  )
}

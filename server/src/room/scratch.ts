// Where edits of the server itself are made: a second replica that runs ahead of the room's one by the rows that are on
// their way to the disk. An edit happens here, its update goes through the same funnel as everybody's, and the room's
// replica sees it when it is durable, so nobody can read what a power cut could take back. A fork for each edit would cost
// the whole document each time; the room keeps the scratch while edits come, and lets it go afterwards.

import * as Y from 'yjs'
import { applyUpdates, newReplica } from './replica.ts'

export class Scratch {
  readonly #ydoc: Y.Doc
  readonly #clientId: number

  /**
   * @param base the room's replica. @param inFlight updates of rows that it does not hold yet, in order.
   * @param clientId the one Yjs client id under which this room edits, so that edits do not lengthen the state vector.
   */
  constructor(base: Y.Doc, inFlight: readonly Uint8Array[], clientId: number) {
    this.#ydoc = newReplica()
    this.#clientId = clientId
    applyUpdates(this.#ydoc, [Y.encodeStateAsUpdate(base), ...inFlight])
  }

  /** Takes in a row that somebody else has brought. */
  apply(update: Uint8Array): void {
    applyUpdates(this.#ydoc, [update])
  }

  /**
   * Runs `f` in one transaction.
   * @returns the Yjs v1 update that it makes; null for none. When `f` throws, the scratch holds half an edit: discard it.
   */
  run(f: (ydoc: Y.Doc) => void): Uint8Array | null {
    let made: Uint8Array | null = null
    const take = (update: Uint8Array) => {
      made = update
    }
    // Set for each run: Yjs takes another id when an update of "somebody else" bears this one.
    this.#ydoc.clientID = this.#clientId
    this.#ydoc.on('update', take)
    try {
      this.#ydoc.transact(() => f(this.#ydoc))
    } finally {
      this.#ydoc.off('update', take)
    }
    return made
  }

  destroy(): void {
    this.#ydoc.destroy()
  }
}

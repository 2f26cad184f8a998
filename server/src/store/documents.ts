// The documents that the store has in hand: where each one's log stands on disk, and which seq was handed over last. Bounded:
// the ones used least recently are forgotten, and read again when they are needed.

import type { Disk } from './disk.ts'
import { headKey, identityKey } from './keys.ts'
import type { DocumentState } from './loading.ts'
import { decodeHead, decodeIdentity } from './rows.ts'

/** One document in hand. `state` changes only when a commit is on disk. */
export interface OpenDocument {
  state: DocumentState
  /** Seq of the newest row handed over, durable or not. */
  handedSeq: number
}

const maxOpen = 10_000

export class OpenDocuments {
  /** Least recently used first. */
  readonly #open = new Map<number, OpenDocument>()

  get(number: number): OpenDocument | undefined {
    const open = this.#open.get(number)
    if (open !== undefined) {
      this.#open.delete(number)
      this.#open.set(number, open)
    }
    return open
  }

  /** From memory, or at once from the disk. @throws RangeError when there is no such document. */
  need(number: number, disk: () => Disk): OpenDocument {
    const open = this.get(number)
    if (open !== undefined) return open
    const state = readStateSync(disk(), number)
    if (state === undefined) throw new RangeError(`there is no document number ${number}`)
    return this.put(number, state)
  }

  /** Takes the document in hand; what is known of rows on their way stays. */
  put(number: number, state: DocumentState): OpenDocument {
    const known = this.get(number)
    if (known !== undefined) return known
    const open = { state, handedSeq: state.head.revision }
    this.#open.set(number, open)
    if (this.#open.size > maxOpen) this.#forget()
    return open
  }

  /** Lets go of a document whose state is about to be another one. */
  drop(number: number): void {
    this.#open.delete(number)
  }

  /**
   * Reads the heads again after the disk was opened anew.
   * @returns the documents whose acknowledged rows are not there any more, and where they end now.
   */
  async recheck(disk: Disk): Promise<{ number: number; documentId: string; revision: number; expected: number }[]> {
    const lost = []
    const all = [...this.#open]
    for (let start = 0; start < all.length; start += 500) {
      const some = all.slice(start, start + 500)
      const heads = await disk.getMany(some.map(([number]) => headKey(number)))
      const identities = await disk.getMany(some.map(([number]) => identityKey(number)))
      for (const [index, [number, open]] of some.entries()) {
        const headBytes = heads[index]
        const identityBytes = identities[index]
        const head = headBytes && decodeHead(headKey(number), headBytes)
        const identity = identityBytes && decodeIdentity(identityKey(number), identityBytes)
        const expected = open.state.head.revision
        if (head === undefined || identity === undefined || head.revision < expected) {
          lost.push({ number, documentId: open.state.identity.documentId, revision: head?.revision ?? 0, expected })
        } else {
          open.state = { identity, head }
        }
      }
    }
    return lost
  }

  #forget(): void {
    for (const [number, open] of this.#open) {
      if (open.handedSeq !== open.state.head.revision) continue
      this.#open.delete(number)
      return
    }
  }
}

function readStateSync(disk: Disk, number: number): DocumentState | undefined {
  const headBytes = disk.getSync(headKey(number))
  const identityBytes = disk.getSync(identityKey(number))
  const head = headBytes && decodeHead(headKey(number), headBytes)
  const identity = identityBytes && decodeIdentity(identityKey(number), identityBytes)
  return head && identity && { head, identity }
}

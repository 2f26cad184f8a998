// Ledgers: which places of a sequence a block on the screen stands for, while the block waits. During a composition nothing that others
// do may touch the block in which it is under way, so the view shows less than the sequence holds; what is composed is then written
// by the ids of its neighbours instead of by counting live places.

import type * as Y from 'yjs'
import type { Entry } from './blocks.ts'
import { isOpaque } from './changes.ts'
import { firstItem, type Item, idString, isMarker, type Sequence, wasLive } from './layout.ts'

/** Neighbouring places with neighbouring ids. */
export interface Run {
  readonly client: number
  readonly clock: number
  readonly length: number
  /** Unknown content is shown as one atom together with its neighbours. */
  readonly isOpaque: boolean
}

export type Ledger = readonly Run[]

/** What a block showed when a transaction began; called while the observers of that transaction run. */
export function openLedger(tr: Y.Transaction, sequence: Sequence, entry: Entry): Ledger {
  const runs: Run[] = []
  let item = entry.marker === null ? firstItem(sequence) : entry.marker.right
  for (; item !== null; item = item.right) {
    if (!wasLive(tr, item)) continue
    if (isMarker(item)) break
    if (item.countable) runs.push(runOf(item))
  }
  return runs
}

export function runOf(item: Item): Run {
  return { client: item.id.client, clock: item.id.clock, length: item.length, isOpaque: isOpaque(item) }
}

/** The id left of an offset, as ProseMirror counts; null at the start of the block. */
export function ledgerId(ledger: Ledger, offset: number): string | null {
  let left = offset
  let id: string | null = null
  let isInOpaque = false
  for (const { client, clock, length, isOpaque } of ledger) {
    if (left === 0 && !(isOpaque && isInOpaque)) break
    const size = isOpaque ? (isInOpaque ? 0 : 1) : Math.min(length, left)
    id = idString(client, clock + (isOpaque ? length : size) - 1)
    left -= size
    isInOpaque = isOpaque
  }
  return id
}

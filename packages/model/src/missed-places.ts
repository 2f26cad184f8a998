// Where what others did stands now: of the items that came, those that are still there, and of those that went, what stood in front of them.
// Told from items, so that what one wrote oneself meanwhile, in the same word even, is never taken for theirs.

import type * as Y from 'yjs'
import {
  contentOf,
  homeOf,
  type Item,
  idString,
  isGone,
  isLiveMarker,
  itemId,
  itemsIn,
  liveLeft,
  type Run,
} from './layout.ts'

/** What others did, as runs of clocks by client. */
export interface MissedRuns {
  readonly inserted: ReadonlyMap<number, readonly Run[]>
  readonly deleted: ReadonlyMap<number, readonly Run[]>
}

export interface MissedPlace {
  /** Who came with it; null where something went, for nobody is named for that. */
  readonly author: { readonly client: number; readonly clock: number } | null
  /** Caret ids: of its first and of its last unit; of a block its marker, twice; of what went, what stands left of it. */
  readonly first: string
  readonly last: string
  readonly what: 'text' | 'block' | 'deletion'
}

/** Every place once for each item; what came and went again is none. */
export function missedPlaces(ydoc: Y.Doc, { inserted, deleted }: MissedRuns): MissedPlace[] {
  const places: MissedPlace[] = []
  for (const [client, runs] of inserted) {
    for (const run of runs) {
      for (const item of itemsIn(ydoc, new Map([[client, [run]]]))) {
        const place = item.deleted ? null : placeOfNew(item, run)
        if (place !== null) places.push(place)
      }
    }
  }
  for (const [client, runs] of deleted) {
    const old = runs.filter(run => inserted.get(client)?.some(other => holds(other, run)) !== true)
    for (const item of itemsIn(ydoc, new Map([[client, old]]))) {
      // What a register held before, and ends of marks: what came in their place tells of it.
      if (item.deleted && item.countable && homeOf(item).item === item) {
        places.push({ ...leftOf(item), author: null, what: 'deletion' })
      }
    }
  }
  return places
}

function placeOfNew(item: Item, { clock, len }: Run): MissedPlace | null {
  const { client } = item.id
  const from = Math.max(item.id.clock, clock)
  const to = Math.min(item.id.clock + item.length, clock + len) - 1
  const author = { client, clock: from }
  const { item: home } = homeOf(item)
  if (home === null) return null
  if (home !== item || isLiveMarker(item)) {
    if (home.deleted) return null
    return isGone(home)
      ? { ...leftOf(home), author, what: 'deletion' }
      : { ...only(itemId(home)), author, what: 'block' }
  }
  if (contentOf(item).kind === 'format') return { ...leftOf(item), author, what: 'block' }
  return { author, first: idString(client, from), last: idString(client, to), what: 'text' }
}

function leftOf(item: Item): Pick<MissedPlace, 'first' | 'last'> {
  const left = liveLeft(item.left)
  return only(left === null ? '' : idString(left.id.client, left.id.clock + left.length - 1))
}

function only(id: string): Pick<MissedPlace, 'first' | 'last'> {
  return { first: id, last: id }
}

function holds(outer: Run, { clock, len }: Run): boolean {
  return clock >= outer.clock && clock + len <= outer.clock + outer.len
}

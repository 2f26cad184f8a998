// What an update will cost Yjs, priced before it is paid. To find the place of an item, Yjs walks from its origin towards its
// right origin over everything that others have put there (structs/Item.js `integrate`). For what editors send that is
// nothing, or a few concurrent edits; for what a stranger may send it is the whole list, for each item again: 20 KB of such
// items held a server for 35 seconds. Cutting items apart moves the rest of their client's array, and so does merging them.
//
// The price of a place is an upper bound that is tight for honest updates. Whatever stands between an item and its origin
// descends from that origin, origin by origin. In the replica the walk is made as Yjs will make it. Of what is in flight,
// the families of those siblings count that may stand before the item: the ones that came after its right origin, if that is
// a sibling too, and the ones that could stand before that when it came.

import * as Y from 'yjs'
import type { Arrival, Arrivals, Hook, Siblings } from './gate-flight.ts'
import type { Known, Struct } from './gate-known.ts'
import { type Container, listName } from './gate-places.ts'
import { refuseSize } from './gate-rules.ts'

/** Where an item goes, as far as later neighbours need to know it. */
export type Spot = Pick<Arrival, 'hook' | 'siblings' | 'bound'>

interface Id {
  readonly client: number
  readonly clock: number
}

export class Effort {
  readonly #known: Known
  /** What the update under examination has brought so far. */
  readonly #arrivals: Arrivals
  readonly #limits: EffortLimits
  #steps = 0
  /** Of these: for deleting. */
  #deleting = 0
  #pieceFrom = 0

  constructor(known: Known, arrivals: Arrivals, limits: EffortLimits) {
    this.#known = known
    this.#arrivals = arrivals
    this.#limits = limits
  }

  /** What follows belongs to the next piece. */
  beginPiece(): void {
    this.#pieceFrom = this.#steps
  }

  get steps(): number {
    return this.#steps
  }

  /**
   * Prices the way to the place of an item. `left` and `right` cover its origin and right origin, where it has them.
   * @throws SheafError `too-large`.
   */
  place(item: Y.Item, { origin, left, right, container, key }: Neighbours): Spot {
    const { rightOrigin } = item
    const hook = origin ?? listName(container, key)
    // In a map Yjs begins at the oldest value, and walks there from the newest, whatever stands at the right.
    const isWhole = origin === null && key !== null
    const sibling = isWhole ? null : siblingAt(right, rightOrigin, hook)
    const bound = isWhole ? null : sibling !== null ? sibling.bound : right instanceof Y.Item ? rightOrigin : null
    const siblings = this.#siblingsBefore(hook, sibling)
    for (let at = siblings; at !== null; at = at.rest) this.#countFamily(at.arrival)
    if (origin === null) {
      this.#walk(this.#start(container, key), item, null, bound)
    } else if (left instanceof Y.Item) {
      this.#walkBehind(left, item, origin, bound)
    } else if (left !== null && !(left instanceof Y.GC)) {
      const isBetween = rightOrigin?.client === origin.client && rightOrigin.clock === origin.clock + 1
      if (!isBetween && left.end > origin.clock + 1) {
        this.#spend(1)
        this.#countHooked(origin.client, origin.clock + 1, left.end)
      }
    }
    if (right instanceof Y.Item && rightOrigin!.clock > right.id.clock) this.#cut(right)
    return { hook, siblings, bound }
  }

  /** Yjs looks for the name of a root among all roots, whenever it writes an item that has no neighbours. */
  nameRoot(): void {
    this.#spend(
      Math.ceil((this.#known.ydoc.share.size + this.#known.flight.all.roots.size + this.#arrivals.roots.size) / 64),
    )
  }

  /** Prices the deletion of known clocks. @returns how many structs they are. */
  delete(client: number, clock: number, end: number): number {
    const structs = this.#known.ydoc.store.clients.get(client) ?? []
    const state = Y.getState(this.#known.ydoc.store, client)
    const first = clock < state ? Y.findIndexSS(structs, clock) : structs.length
    const last = clock < state ? Y.findIndexSS(structs, Math.min(end, state) - 1) : first
    // What is behind moves when the ends are cut off, and when what is left of the deleted ones merges: in one go each.
    const steps = last - first + 1 + (2 * (structs.length - first)) / 2048
    this.#deleting += steps
    this.#spend(steps)
    return last - first + 1
  }

  /** The siblings that may stand before an item with this origin, whose right origin is `sibling` if it is not null. */
  #siblingsBefore(hook: Hook, sibling: Arrival | null): Siblings | null {
    const newer: Arrival[] = []
    for (const newest of [this.#arrivals.hooked(hook), this.#known.flight.all.hooked(hook)]) {
      for (let at = newest; at !== null; at = at.older) {
        // A large update lands in parts: what is in the replica already is walked there, and what is older is too.
        if (this.#hasLanded(at)) break
        if (at === sibling) return prepend(newer, sibling.siblings)
        this.#spend(1)
        newer.push(at)
      }
    }
    // Not there: it has landed since, and so has everything that was older.
    return prepend(newer, sibling?.siblings ?? null)
  }

  #hasLanded({ client, clock }: Arrival): boolean {
    return clock < Y.getState(this.#known.ydoc.store, client)
  }

  /** Everything in flight that descends from an arrival, and itself. */
  #countFamily(arrival: Arrival): void {
    this.#spend(1)
    this.#countHooked(arrival.client, arrival.clock, arrival.end)
  }

  /** Everything in flight that descends from these clocks, and the pieces that it will cut them into. */
  #countHooked(client: number, clock: number, end: number): void {
    const { all } = this.#known.flight
    this.#spend(2 * all.countDeletes(client, clock, end))
    if (!this.#arrivals.hasHooks(client) && !all.hasHooks(client)) return
    const open: { client: number; clock: number; end: number }[] = [{ client, clock, end }]
    for (let range = open.pop(); range !== undefined; range = open.pop()) {
      for (const arrivals of [this.#arrivals, all]) {
        const looked = arrivals.forEachHooked(range.client, range.clock, range.end, newest => {
          for (let at: Arrival | null = newest; at !== null; at = at.older) {
            if (this.#hasLanded(at)) break
            this.#spend(2 + 2 * all.countDeletes(at.client, at.clock, at.end))
            open.push(at)
          }
        })
        this.#spend(looked / 16)
      }
    }
  }

  #walkBehind(left: Y.Item, item: Y.Item, origin: Id, bound: Id | null): void {
    const { client, clock } = left.id
    const end = clock + left.length
    if (origin.clock + 1 === end) return this.#walk(left.right, item, origin, bound)
    this.#cut(left)
    if (bound?.client === client && bound.clock > origin.clock && bound.clock < end) {
      return this.#countHooked(client, origin.clock + 1, bound.clock)
    }
    this.#spend(1)
    this.#countHooked(client, origin.clock + 1, end)
    this.#walk(left.right, item, origin, bound, left)
  }

  /**
   * The loop of Yjs over the items of the replica, from the one behind the origin.
   * @param cut the item that covers the origin, when what is behind the origin in it belongs to the way.
   */
  #walk(from: Y.Item | null, item: Y.Item, origin: Id | null, bound: Id | null, cut: Y.Item | null = null): void {
    const { store } = this.#known.ydoc
    let seen: Set<unknown> | null = null
    for (let at = from; at !== null; at = at.right) {
      const { client, clock } = at.id
      if (bound?.client === client && bound.clock >= clock && bound.clock < clock + at.length) return
      this.#spend(1)
      this.#countHooked(client, clock, clock + at.length)
      if (isSameId(origin, at.origin)) {
        if (client >= item.id.client && isSameId(item.rightOrigin, at.rightOrigin)) return
      } else {
        if (at.origin === null) return
        const parent = Y.getItem(store, at.origin)
        const isBehindCut = parent === cut && at.origin.clock > origin!.clock
        if (!isBehindCut && (seen === null || !seen.has(parent))) return
      }
      seen ??= new Set()
      seen.add(at)
    }
  }

  /** Where Yjs begins when there is no origin. */
  #start(container: Container, key: string | null): Y.Item | null {
    const type = this.#known.typeInReplica(container)
    if (type === null) return null
    if (key === null) return type._start
    let oldest = type._map.get(key) ?? null
    while (oldest !== null && oldest.left !== null) {
      this.#spend(1)
      oldest = oldest.left
    }
    return oldest
  }

  #cut(item: Y.Item): void {
    const structs = this.#known.ydoc.store.clients.get(item.id.client)!
    this.#spend(1 + moveSteps(structs.length - Y.findIndexSS(structs, item.id.clock)))
  }

  #spend(steps: number): void {
    this.#steps += steps
    const { whole, piece, deleting } = this.#limits
    // Deleting costs what is deleted and no more: who empties a long document may, a piece at a time.
    if (this.#steps - this.#deleting > whole || this.#deleting > deleting) {
      refuseSize('U14', 'The update would take too long to apply.', this.#deleting > deleting ? deleting : whole)
    }
    if (this.#steps - this.#pieceFrom > piece) {
      refuseSize('U14', 'A part of the update would take too long to apply at once.', piece)
    }
  }
}

/** Steps that an update, and each piece of it, may cost. */
export interface EffortLimits {
  readonly whole: number
  readonly piece: number
  /** For the deletions of the whole update, which do not count in the first. */
  readonly deleting: number
}

export interface Neighbours {
  readonly origin: Id | null
  /** What covers the origin, and the right origin. */
  readonly left: Struct | null
  readonly right: Struct | null
  readonly container: Container
  readonly key: string | null
}

/** A struct is put into the array of its client and taken out again when it merges: what is behind moves twice. */
function moveSteps(structsBehind: number): number {
  return structsBehind / 512
}

/** The arrival that begins with the right origin, when it has the same origin. */
function siblingAt(right: Struct | null, rightOrigin: Id | null, hook: Hook): Arrival | null {
  if (right === null || right instanceof Y.Item || right instanceof Y.GC || right.hook === null) return null
  return right.clock === rightOrigin!.clock && isSameHook(right.hook, hook) ? right : null
}

function isSameHook(a: Hook, b: Hook): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a.client === b.client && a.clock === b.clock
}

function isSameId(a: Id | null, b: Id | null): boolean {
  return a === b || (a !== null && b !== null && a.client === b.client && a.clock === b.clock)
}

function prepend(arrivals: readonly Arrival[], rest: Siblings | null): Siblings | null {
  for (const arrival of arrivals) rest = { arrival, rest }
  return rest
}

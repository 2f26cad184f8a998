// What has been admitted and is not in the replica yet. Updates are applied only when they are durable, and updates that
// build on each other come faster than the disk, so the gate must know what is in between: which clocks, in which lists, of
// which types, and what was deleted.

import type { Container } from './gate-places.ts'

/** One struct in flight: the clocks `clock` .. `end`-1 of `client`. */
export interface Arrival {
  readonly client: number
  readonly clock: number
  readonly end: number
  /** Where it stands; null when it arrives dead, because what it should stand in is garbage. */
  readonly container: Container | null
  /** The key of a map entry; null in a sequence. */
  readonly key: string | null
  /** The type that it holds. */
  readonly type: Container | null
  readonly isTombstone: boolean
  /** What it hangs on; null for garbage. */
  readonly hook: Hook | null
  /** Arrivals on the same hook that may stand before it. */
  readonly siblings: Siblings | null
  /** The item of the replica that it surely stands before. */
  readonly bound: { readonly client: number; readonly clock: number } | null
  /** The next older arrival on the same hook. */
  older: Arrival | null
}

/** The clocks `clock` .. `end`-1 of a client. */
export interface ClientRange {
  readonly client: number
  readonly clock: number
  readonly end: number
}

/** An origin: a clock of a client, or the start of the list of this name. */
export type Hook = { readonly client: number; readonly clock: number } | string

export interface Siblings {
  readonly arrival: Arrival
  readonly rest: Siblings | null
}

/** Flat [start, end) pairs, ascending, apart from each other. */
type Ranges = number[]

/** What one update brings, or several that follow each other. */
export class Arrivals {
  /** Names of roots that are put to use. */
  readonly roots = new Set<string>()
  readonly #structs = new Map<number, Arrival[]>()
  readonly #deletes = new Map<number, Ranges>()
  readonly #hooked = new Map<number, Map<number, Arrival>>()
  readonly #hookedAtStart = new Map<string, Arrival>()
  #size = 0

  /** The clock behind the last struct of the client; undefined when there is none. */
  end(client: number): number | undefined {
    return this.#structs.get(client)?.at(-1)?.end
  }

  /** What each client brings. */
  ranges(): ClientRange[] {
    return [...this.#structs].map(([client, arrivals]) => {
      return { client, clock: arrivals[0]!.clock, end: arrivals.at(-1)!.end }
    })
  }

  find(client: number, clock: number): Arrival | undefined {
    const arrivals = this.#structs.get(client)
    if (arrivals === undefined) return undefined
    const last = arrivals.at(-1)!
    // Nearly always: what comes next builds on what came last.
    if (clock >= last.clock) return clock < last.end ? last : undefined
    let low = 0
    let high = arrivals.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const arrival = arrivals[middle]!
      if (clock < arrival.clock) high = middle - 1
      else if (clock >= arrival.end) low = middle + 1
      else return arrival
    }
    return undefined
  }

  get isLarge(): boolean {
    return this.#size > 10_000
  }

  /** Structs of one client come in clock order, without gaps. */
  add(arrival: Arrival): void {
    this.#size += 1
    const arrivals = this.#structs.get(arrival.client)
    if (arrivals === undefined) this.#structs.set(arrival.client, [arrival])
    else arrivals.push(arrival)
    if (arrival.hook !== null) this.#hang(arrival, arrival.hook)
  }

  /** False when nothing hangs on any clock of the client. */
  hasHooks(client: number): boolean {
    return this.#hooked.has(client)
  }

  /** The newest arrival on a hook. */
  hooked(hook: Hook): Arrival | null {
    if (typeof hook === 'string') return this.#hookedAtStart.get(hook) ?? null
    return this.#hooked.get(hook.client)?.get(hook.clock) ?? null
  }

  /**
   * Calls `visit` with the newest arrival on each of the hooks `clock` .. `end`-1.
   * @returns how many hooks it looked at.
   */
  forEachHooked(client: number, clock: number, end: number, visit: (newest: Arrival) => void): number {
    const hooked = this.#hooked.get(client)
    if (hooked === undefined) return 0
    if (end - clock > hooked.size) {
      for (const [at, newest] of hooked) if (at >= clock && at < end) visit(newest)
      return hooked.size
    }
    for (let at = clock; at < end; at++) {
      const newest = hooked.get(at)
      if (newest !== undefined) visit(newest)
    }
    return end - clock
  }

  /** Ranges of one client come in ascending order. */
  addDelete(client: number, clock: number, end: number): void {
    const ranges = this.#deletes.get(client)
    if (ranges === undefined) this.#deletes.set(client, [clock, end])
    else if (ranges.at(-1) === clock) ranges[ranges.length - 1] = end
    else ranges.push(clock, end)
  }

  /** The clock up to which everything from `clock` on is deleted here; `clock` itself when that is not deleted. */
  deletedUpTo(client: number, clock: number): number {
    const arrival = this.find(client, clock)
    if (arrival?.isTombstone) return arrival.end
    const ranges = this.#deletes.get(client)
    if (ranges === undefined) return clock
    const next = firstEndingBehind(ranges, clock)
    return next < ranges.length && ranges[next]! <= clock ? ranges[next + 1]! : clock
  }

  /** The number of ranges that are deleted here, among the clocks of a client. */
  countDeletes(client: number, clock: number, end: number): number {
    const ranges = this.#deletes.get(client)
    if (ranges === undefined) return 0
    const first = firstEndingBehind(ranges, clock)
    const last = firstEndingBehind(ranges, end - 1)
    return (last - first) / 2 + (last < ranges.length && ranges[last]! < end ? 1 : 0)
  }

  /** Takes in what comes after these. */
  append(later: Arrivals): void {
    for (const name of later.roots) this.roots.add(name)
    for (const arrivals of later.#structs.values()) for (const arrival of arrivals) this.add(arrival)
    for (const [client, ranges] of later.#deletes) {
      const known = this.#deletes.get(client)
      this.#deletes.set(client, known === undefined ? [...ranges] : union(known, ranges))
    }
  }

  #hang(arrival: Arrival, hook: Hook): void {
    if (typeof hook === 'string') {
      arrival.older = this.#hookedAtStart.get(hook) ?? null
      this.#hookedAtStart.set(hook, arrival)
      return
    }
    const hooked = this.#hooked.get(hook.client)
    arrival.older = hooked?.get(hook.clock) ?? null
    if (hooked === undefined) this.#hooked.set(hook.client, new Map([[hook.clock, arrival]]))
    else hooked.set(hook.clock, arrival)
  }
}

/** All updates in flight, oldest first. */
export class Flight {
  #queue: Arrivals[] = []
  #all = new Arrivals()

  get size(): number {
    return this.#queue.length
  }

  /** Everything in flight together. */
  get all(): Arrivals {
    return this.#all
  }

  push(arrivals: Arrivals): void {
    this.#queue.push(arrivals)
    // A large one that comes alone is taken as it is: to copy millions would hold up everybody.
    if (this.#queue.length === 1 && arrivals.isLarge) this.#all = arrivals
    else this.#all.append(arrivals)
  }

  /** The oldest `count` updates have landed. */
  landed(count: number): void {
    if (count > this.#queue.length) throw new RangeError('More updates have landed than were in flight.')
    this.#queue = this.#queue.slice(count)
    // What remains came within one commit, so it is little.
    this.#all = new Arrivals()
    for (const arrivals of this.#queue) this.#all.append(arrivals)
  }
}

/** Index of the first range that ends behind a clock; the length when there is none. */
function firstEndingBehind(ranges: Ranges, clock: number): number {
  let low = 0
  let high = ranges.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[2 * middle + 1]! > clock) high = middle
    else low = middle + 1
  }
  return 2 * low
}

function union(a: Ranges, b: Ranges): Ranges {
  const merged: Ranges = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!)
    const start = fromA ? a[i]! : b[j]!
    const end = fromA ? a[i + 1]! : b[j + 1]!
    if (fromA) i += 2
    else j += 2
    const last = merged.length - 1
    if (last > 0 && start <= merged[last]!) merged[last] = Math.max(merged[last]!, end)
    else merged.push(start, end)
  }
  return merged
}

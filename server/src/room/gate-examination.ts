// One update under examination: its structs in the order in which Yjs will integrate them, and its deletions, against what
// is known. What would leave something pending is a gap; what cannot be made to fit is refused.
//
// An update comes whole, or in pieces (gate-pieces.ts) of which each builds on what is known and on those before. Other
// turns may pass between two pieces: what was known stays known, whether it is in flight or has landed since. Another
// update must not be admitted meanwhile; the gate sees to that.

import * as Y from 'yjs'
import { type Deletions, emptyTally, tallyItem } from './gate-census.ts'
import { Effort, type EffortLimits } from './gate-effort.ts'
import { Arrivals } from './gate-flight.ts'
import { holdsTheSame } from './gate-held.ts'
import { garbage, type Known, type Standing, type Struct } from './gate-known.ts'
import type { LayoutRules } from './gate-layout.ts'
import { encodeStructs, encodeUpdate, type NewStructs } from './gate-news.ts'
import { type Container, isSameContainer } from './gate-places.ts'
import { gateLimits, refuse, refuseSize, type UpdateKind } from './gate-rules.ts'
import { checkContent } from './gate-values.ts'
import { forEachDelete, type Prescan } from './prescan.ts'

/** The structs of one client while they are integrated. */
interface Block {
  readonly client: number
  readonly structs: readonly (Y.Item | Y.GC | Y.Skip)[]
  next: number
  /** Up to here the client is known, or integrated. */
  clock: number
  /** True while a struct of it waits for one of another client. */
  isWaiting: boolean
}

export class Examination {
  readonly arrivals = new Arrivals()
  readonly tally = emptyTally()
  /** What this update deletes. */
  readonly deletions: Deletions = { clocks: 0, structs: 0 }
  readonly #known: Known
  readonly #rules: LayoutRules
  readonly #kind: UpdateKind
  readonly #effort: Effort
  readonly #roots = new Map<string, Container>()
  readonly #longEntries: { client: number; clock: number; end: number }[] = []
  #newClients = 0
  #hasNews = false
  /** Of the piece at hand. */
  #update: Uint8Array = nothing
  #scan: Prescan = nothingScanned
  #blocks = new Map<number, Block>()
  #missing = new Map<number, number>()
  #news = new Map<number, NewStructs & { readonly structs: (Y.Item | Y.GC)[] }>()
  #newDeletes: number[] = []
  #hasKnown = false
  #hasKnownDeletes = false

  constructor(known: Known, rules: LayoutRules, kind: UpdateKind, work: EffortLimits) {
    this.#known = known
    this.#rules = rules
    this.#kind = kind
    this.#effort = new Effort(known, this.arrivals, work)
  }

  /** What it costs to apply, in steps of some 0.3 microseconds. */
  get work(): number {
    return Math.ceil(this.#effort.steps)
  }

  /**
   * Looks at the update, or at its next piece. It is a gap where the result is not empty: for each client that lacks
   * something, the clock up to which it is known.
   */
  take(update: Uint8Array, scan: Prescan): ReadonlyMap<number, number> {
    this.#update = update
    this.#scan = scan
    this.#blocks = new Map()
    this.#missing = new Map()
    this.#news = new Map()
    this.#newDeletes = []
    this.#hasKnown = false
    this.#hasKnownDeletes = false
    this.#effort.beginPiece()
    this.#findGaps()
    if (this.#missing.size > 0) return this.#missing
    this.#decode()
    for (const block of this.#blocks.values()) {
      if (!this.#integrate(block)) return this.#missing
    }
    this.#readDeletes()
    if (this.#missing.size === 0 && !this.isKnown) this.#hasNews = true
    return this.#missing
  }

  /** Checks what only the whole update can tell. To be called behind the last piece. */
  finish(): void {
    for (const { client, clock, end } of this.#longEntries) {
      if (this.arrivals.deletedUpTo(client, clock) < end) refuse('U8', 'A map entry holds several values.')
    }
  }

  /** True when everything so far was known. */
  get isNothing(): boolean {
    return !this.#hasNews
  }

  /** True when everything in the piece at hand was known. */
  get isKnown(): boolean {
    return this.#news.size === 0 && this.#newDeletes.length === 0
  }

  /** What is new in the piece at hand, as an update. */
  encode(): Uint8Array {
    if (this.#hasKnown || this.#scan.hasSkips) {
      return encodeUpdate(encodeStructs([...this.#news.values()]), this.#newDeletes)
    }
    if (this.#hasKnownDeletes && this.#kind === 'step2') {
      return encodeUpdate(this.#update.subarray(0, this.#scan.deletesAt), this.#newDeletes)
    }
    return this.#update
  }

  #findGaps(): void {
    const ends = new Map<number, number>()
    for (const { client, clock, end } of this.#scan.blocks) {
      const known = this.#clock(client)
      if (clock > known) this.#missing.set(client, known)
      if (known === 0) this.#newClients += 1
      ends.set(client, end)
    }
    const limit = gateLimits.newClients[this.#kind]
    if (this.#newClients > limit) refuseSize('U13', `The update brings more than ${limit} new clients.`, limit)
    forEachDelete(this.#update, this.#scan, (client, _clock, end) => {
      const known = this.#clock(client)
      if (end > known && end > (ends.get(client) ?? 0)) this.#missing.set(client, known)
    })
  }

  /** The clock that the next struct of a client must have, behind the pieces before. */
  #clock(client: number): number {
    return this.arrivals.end(client) ?? this.#known.clock(client)
  }

  #decode(): void {
    if (this.#scan.structs === 0) return
    let structs: (Y.Item | Y.GC | Y.Skip)[]
    try {
      structs = Y.decodeUpdate(this.#update).structs
    } catch (cause) {
      // Text that is no UTF-8, values that are no JSON: the rest has been seen by then.
      return refuse('U1', 'The update cannot be decoded.', cause)
    }
    let from = 0
    for (const { client } of this.#scan.blocks) {
      let to = from
      while (to < structs.length && structs[to]!.id.client === client) to += 1
      const block = { client, structs: structs.slice(from, to), next: 0, isWaiting: false }
      this.#blocks.set(client, { ...block, clock: this.#clock(client) })
      from = to
    }
  }

  /** @returns false when something is missing. */
  #integrate(first: Block): boolean {
    // Each waits for the next to reach a clock; the first goes on to its end, known structs and all.
    const stack = [{ block: first, until: Number.POSITIVE_INFINITY }]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { block, until } = top
      if (block.clock >= until || block.next === block.structs.length) {
        block.isWaiting = false
        stack.pop()
        continue
      }
      const struct = block.structs[block.next]!
      const offset = block.clock - struct.id.clock
      if (offset < 0) {
        this.#missing.set(block.client, block.clock)
        return false
      }
      const needed = offset < struct.length && struct instanceof Y.Item ? this.#firstUnknown(struct, offset) : null
      if (needed === null) {
        block.next += 1
        this.#take(block, struct, offset)
        continue
      }
      const other = this.#blocks.get(needed.client)
      block.isWaiting = true
      if (other?.isWaiting) refuse('U7', 'Structs wait for each other in a circle.')
      if (other === undefined || other.next === other.structs.length) {
        this.#missing.set(needed.client, other?.clock ?? this.#clock(needed.client))
        return false
      }
      stack.push({ block: other, until: needed.clock + 1 })
    }
    return true
  }

  /** The first neighbour or parent of a struct that is neither known nor integrated. */
  #firstUnknown(item: Y.Item, offset: number): Y.ID | null {
    const { origin, rightOrigin, parent } = item
    if (offset === 0 && origin !== null && !this.#isKnown(item, offset, origin)) return origin
    if (rightOrigin !== null && !this.#isKnown(item, offset, rightOrigin)) return rightOrigin
    if (offset === 0 && parent instanceof Y.ID && !this.#isKnown(item, offset, parent)) return parent
    return null
  }

  #isKnown(item: Y.Item, offset: number, id: Y.ID): boolean {
    if (id.client === item.id.client) {
      if (id.clock >= item.id.clock + offset) refuse('U7', 'A struct names a later one of its own client.')
      return true
    }
    return id.clock < (this.#blocks.get(id.client)?.clock ?? this.#clock(id.client))
  }

  #take(block: Block, struct: Y.Item | Y.GC | Y.Skip, offset: number): void {
    if (struct instanceof Y.Skip) return
    if (offset > 0) {
      this.#hasKnown = true
      if (!holdsTheSame(this.#known.ydoc, struct)) {
        refuse('U9', `Clock ${struct.id.clock} of client ${block.client} and what follows hold something else.`)
      }
      if (offset >= struct.length) return
    }
    const { client, clock } = block
    const end = struct.id.clock + struct.length
    const news = this.#news.get(client)
    if (news === undefined) this.#news.set(client, { client, clock, offset, structs: [struct] })
    else news.structs.push(struct)
    block.clock = end
    const isTombstone = !(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted
    if (isTombstone && end - clock > gateLimits.tombstone) {
      refuseSize('U12', `A tombstone is longer than ${gateLimits.tombstone}.`, gateLimits.tombstone)
    }
    if (struct instanceof Y.Item) this.#takeItem(struct, clock, end, isTombstone)
    else this.arrivals.add({ client, clock, end, ...asGarbage, isTombstone })
  }

  #takeItem(item: Y.Item, clock: number, end: number, isTombstone: boolean): void {
    checkContent(item.content)
    const { client } = item.id
    const origin = clock > item.id.clock ? { client, clock: clock - 1 } : item.origin
    const left = origin && this.#find(origin)
    const right = item.rightOrigin && this.#find(item.rightOrigin)
    const { container, key } = this.#standing(item, left, right)
    if (container === null) {
      this.arrivals.add({ client, clock, end, ...asGarbage, isTombstone })
      return
    }
    const spot = this.#effort.place(item, { origin, left, right, container, key })
    // Cut in two by somebody's origin, a living value of several would be two values, one of them overwritten at the next load.
    if (key !== null && end - clock > 1 && !isTombstone) this.#longEntries.push({ client, clock, end })
    const type = this.#place(item, container, key, end - clock)
    this.arrivals.add({ client, clock, end, container, key, type, isTombstone, ...spot, older: null })
  }

  /** Checks that an item fits where it stands. @returns the type that it holds. */
  #place(item: Y.Item, container: Container, key: string | null, length: number): Container | null {
    const { content } = item
    const misfit = this.#rules.misfit(container.place, key, content)
    if (misfit !== null) refuse('U10', misfit)
    tallyItem(this.tally, container.place, key, content, length)
    if (!(content instanceof Y.ContentType)) return null
    if (container.depth >= this.#rules.maxTypeDepth) refuse('U11', 'A type stands too deep inside others.')
    return this.#known.places.inside(container, item.id.client, item.id.clock)
  }

  /** The list that Yjs will put an item into: that of its neighbours, or with none the one that it names. */
  #standing(item: Y.Item, left: Struct | null, right: Struct | null): Standing {
    const leftStanding = left && this.#known.standing(left)
    const rightStanding = right && this.#known.standing(right)
    const standing = leftStanding ?? rightStanding
    if (standing !== null) {
      if (rightStanding === null) return standing
      if (standing.key !== null || rightStanding.key !== null) refuse('U8', 'A map entry has a right neighbour.')
      return leftStanding === null ? standing : this.#common(leftStanding, rightStanding)
    }
    // Until it is integrated, a parent is an id or the name of a root, whatever the types of Yjs say.
    const parent: unknown = item.parent
    const container = parent instanceof Y.ID ? this.#known.typeOf(this.#find(parent)) : this.#root(String(parent))
    return { container, key: item.parentSub }
  }

  /**
   * Yjs takes the list of the left neighbour. If the right one stood elsewhere, then whoever loads the document after that
   * other list is gone would find garbage at the right, and lose this item and all that was ever written behind it.
   */
  #common(left: Standing, right: Standing): Standing {
    if (left.container !== null && right.container !== null) {
      if (isSameContainer(left.container, right.container)) return left
      return refuse('U8', 'The neighbours of a struct stand in different lists.')
    }
    const alive = left.container ?? right.container
    if (alive !== null && !this.#known.isGarbage(alive))
      refuse('U8', 'One neighbour of a struct is garbage, one is not.')
    return garbage
  }

  #find({ client, clock }: { readonly client: number; readonly clock: number }): Struct {
    return this.arrivals.find(client, clock) ?? this.#known.find(client, clock)
  }

  #root(name: string): Container {
    this.#effort.nameRoot()
    let root = this.#roots.get(name)
    if (root !== undefined) return root
    root = this.#known.places.root(name)
    if (root === undefined) return refuse('U10', 'The layout has no root of this name.')
    this.#roots.set(name, root)
    if (!this.#known.hasRoot(name)) {
      this.arrivals.roots.add(name)
      if (root.place === 'cell') this.tally.cells += 1
      if (name.startsWith('table:')) this.tally.tables += 1
    }
    return root
  }

  #readDeletes(): void {
    forEachDelete(this.#update, this.#scan, (client, clock, end) => {
      const known = this.#blocks.get(client)?.clock ?? this.#clock(client)
      if (end > known) {
        this.#missing.set(client, known)
      } else if (this.#known.isDeleted(client, clock, end)) {
        this.#hasKnownDeletes = true
      } else {
        // Also over tombstones that come with it: a reader may have what they were from elsewhere, alive.
        this.deletions.structs += this.#effort.delete(client, clock, end)
        this.deletions.clocks += end - clock
        this.#newDeletes.push(client, clock, end)
        this.arrivals.addDelete(client, clock, end)
      }
    })
  }
}

const nothing = new Uint8Array()
const nothingScanned: Prescan = { structs: 0, blocks: [], hasSkips: false, deletesAt: 0, deleteRanges: 0 }

const asGarbage = {
  ...garbage,
  type: null,
  hook: null,
  siblings: null,
  bound: null,
  older: null,
} as const

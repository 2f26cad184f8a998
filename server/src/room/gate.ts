// The gate: decides what may come into a document, before anything touches the replica. What it admits applies whole,
// leaves nothing pending, fits the layout, and can be loaded again. Its rules are U1 to U14 (gate-rules.ts).
//
//   size → bytes (prescan.ts) → Y.decodeUpdate → each struct in the order in which Yjs will integrate it, then the deletions
//   (gate-examination.ts), against what is known (gate-known.ts) → room in the document (gate-census.ts)
//
// Invariant: an update is in flight from `admitted` until `applied` has counted it, and updates are applied in the order of
// their admission; so the clocks that are known are those of the replica and behind them those in flight.

import type { Layout, Limits } from '@sheaf/protocol'
import type * as Y from 'yjs'
import { Census, type Deletions, type Tally } from './gate-census.ts'
import { Examination } from './gate-examination.ts'
import type { Arrivals } from './gate-flight.ts'
import { Known } from './gate-known.ts'
import { type LayoutRules, layoutRules } from './gate-layout.ts'
import { Places } from './gate-places.ts'
import { refuseSize, type UpdateKind } from './gate-rules.ts'
import { prescan } from './prescan.ts'

/** An update that may go to the log, unless another is admitted first. */
export interface Admission {
  readonly kind: 'admit'
  /** What to log, apply and relay: the part of the update that is new. Nearly always the bytes that came, not copied. */
  readonly update: Uint8Array
  /** For each client with new structs, the clock behind the last. */
  readonly newClocks: ReadonlyMap<number, number>
  /** What it costs to apply, in steps of some 0.3 microseconds: for budgets over many updates. */
  readonly work: number
  /** For {@link Gate.admitted}. */
  readonly arrivals: Arrivals
  readonly tally: Tally
  readonly deletions: Deletions
}

export type Verdict =
  | Admission
  /** Everything in it is known: acknowledge it, and write no row. */
  | { readonly kind: 'nothing' }
  /** It builds on changes that are not here. For each client that lacks some, the clock up to which it is known. */
  | { readonly kind: 'gap'; readonly missing: ReadonlyMap<number, number> }

export class Gate {
  readonly #limits: Limits
  readonly #rules: LayoutRules
  readonly #known: Known
  readonly #census: Census
  /** Counts admissions, so that none is taken up after another has changed what is known. */
  #admissions = 0
  readonly #examinedAt = new WeakMap<Admission, number>()

  /** @param options.ydoc the replica of the room; the gate reads it and never changes it. */
  constructor(options: { ydoc: Y.Doc; layout: Layout; limits: Limits }) {
    const { ydoc, layout, limits } = options
    this.#limits = limits
    this.#rules = layoutRules(layout, limits)
    const places = new Places(ydoc, this.#rules)
    this.#known = new Known(ydoc, places)
    this.#census = new Census(ydoc, places, limits.maxDocumentBytes)
  }

  /**
   * Judges one Yjs v1 update and changes nothing.
   * @throws SheafError `invalid-update` or `too-large`, the broken rule in `details.rule`.
   */
  examine(update: Uint8Array, kind: UpdateKind): Verdict {
    const { maxUpdateBytes, maxStep2Bytes, maxStructs } = this.#limits
    const maxBytes = kind === 'update' ? maxUpdateBytes : maxStep2Bytes
    if (update.length > maxBytes) refuseSize('U13', `The update is larger than ${maxBytes} bytes.`, maxBytes)
    const scan = prescan(update, this.#rules.shape, maxStructs)
    const examination = new Examination(this.#known, this.#rules, update, scan, kind)
    const missing = examination.run()
    if (missing.size > 0) return { kind: 'gap', missing }
    if (examination.isNothing) return { kind: 'nothing' }
    const { arrivals, tally, deletions, work } = examination
    const news = examination.encode()
    const newClocks = arrivals.ends()
    // Who only deletes must get in also where the document is full.
    if (newClocks.size > 0) tally.bytes = news.length
    this.#census.assertRoom(tally)
    const admission: Admission = { kind: 'admit', update: news, newClocks, work, arrivals, tally, deletions }
    this.#examinedAt.set(admission, this.#admissions)
    return admission
  }

  /** The update goes to the log: from now on it is known. */
  admitted(admission: Admission): void {
    if (this.#examinedAt.get(admission) !== this.#admissions) {
      throw new TypeError('Another update was admitted since this one was examined.')
    }
    this.#admissions += 1
    this.#known.flight.push(admission.arrivals)
    this.#census.add(admission.tally, admission.deletions)
  }

  /** The replica holds the oldest `count` updates in flight now. Call it in the same turn in which it took them in. */
  applied(count: number): void {
    this.#known.flight.landed(count)
    this.#census.landed(count)
  }
}

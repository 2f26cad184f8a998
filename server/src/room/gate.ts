// The gate: decides what may come into a document, before anything touches the replica. What it admits applies whole,
// leaves nothing pending, fits the layout, and can be loaded again. Its rules are U1 to U14 (gate-rules.ts).
//
//   size → bytes (prescan.ts) → Y.decodeUpdate → each struct in the order in which Yjs will integrate it, then the deletions
//   (gate-examination.ts), against what is known (gate-known.ts) → room in the document (gate-census.ts)
//
// An update of some size comes in pieces, each of which takes the same way in a turn of its own, behind the one before it
// (passages.ts). So the verdict is about the document as it is, however long the way was.
//
// Invariant: an update is in flight from `admitted` until `applied` has counted it, and updates are applied in the order of
// their admission; so the clocks that are known are those of the replica and behind them those in flight.

import type { Layout, Limits } from '@sheaf/protocol'
import type * as Y from 'yjs'
import { Census } from './gate-census.ts'
import { Examination } from './gate-examination.ts'
import type { ClientRange } from './gate-flight.ts'
import { Known } from './gate-known.ts'
import { type LayoutRules, layoutRules } from './gate-layout.ts'
import { Passage } from './gate-passage.ts'
import { Places } from './gate-places.ts'
import { gateLimits, refuseSize, type UpdateKind } from './gate-rules.ts'
import type { Admission, Verdict } from './gate-verdict.ts'
import { prescan } from './prescan.ts'

/** The clocks that an update brings, of whatever document. @throws SheafError `invalid-update` or `too-large`. */
export function rangesOf(update: Uint8Array, layout: Layout, limits: Limits): ClientRange[] {
  const { blocks } = prescan(update, layoutRules(layout, limits).shape, limits.maxStructs)
  return blocks.map(({ client, clock, end }) => ({ client, clock, end }))
}

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

  /** For each client that is known, the clock behind its last struct. */
  clocks(): Map<number, number> {
    return this.#known.clocks()
  }

  /**
   * Judges one Yjs v1 update and changes nothing.
   * @param maxWork steps that it may cost. Default: what an update of its kind may cost at all.
   * @throws SheafError `invalid-update` or `too-large`, the broken rule in `details.rule`.
   */
  examine(update: Uint8Array, kind: UpdateKind, maxWork: number = gateLimits.work.whole): Verdict {
    const { maxUpdateBytes, maxStep2Bytes, maxStructs } = this.#limits
    const maxBytes = kind === 'update' ? maxUpdateBytes : maxStep2Bytes
    if (update.length > maxBytes) refuseSize('U13', `The update is larger than ${maxBytes} bytes.`, maxBytes)
    const scan = prescan(update, this.#rules.shape, maxStructs)
    const examination = new Examination(this.#known, this.#rules, kind, {
      whole: maxWork,
      piece: maxWork,
      deleting: maxWork,
    })
    const missing = examination.take(update, scan)
    if (missing.size > 0) return { kind: 'gap', missing }
    examination.finish()
    if (examination.isNothing) return { kind: 'nothing' }
    return this.#admission(examination, { update: examination.encode() }, this.#admissions)
  }

  /** Begins to judge an update that comes in pieces (gate-pieces.ts). */
  begin(kind: UpdateKind): Passage {
    const work = { whole: gateLimits.work.whole, piece: gateLimits.work.piece, deleting: gateLimits.work.deleting }
    const examination = new Examination(this.#known, this.#rules, kind, work)
    const beganAt = this.#admissions
    return new Passage({
      examination,
      prescan: piece => prescan(piece, this.#rules.shape, this.#limits.maxStructs),
      admission: news => this.#admission(examination, news, beganAt),
    })
  }

  /** True while nothing has been admitted since the examination of this began. */
  isCurrent(admission: Admission): boolean {
    return this.#examinedAt.get(admission) === this.#admissions
  }

  /** The update goes to the log: from now on it is known. */
  admitted(admission: Admission): void {
    if (!this.isCurrent(admission)) {
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

  #admission(examination: Examination, news: Pick<Admission, 'update' | 'pieces'>, beganAt: number): Admission {
    const { arrivals, tally, deletions, work } = examination
    const ranges = arrivals.ranges()
    // Who only deletes must get in also where the document is full.
    if (ranges.length > 0) tally.bytes = news.update.length
    this.#census.assertRoom(tally)
    const admission: Admission = { kind: 'admit', ...news, ranges, work, arrivals, tally, deletions }
    this.#examinedAt.set(admission, beganAt)
    return admission
  }
}

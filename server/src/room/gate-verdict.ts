// What an examination comes to, when it does not come to a refusal.

import type { Deletions, Tally } from './gate-census.ts'
import type { Arrivals, ClientRange } from './gate-flight.ts'

/** An update that may go to the log, unless another is admitted first. */
export interface Admission {
  readonly kind: 'admit'
  /** What to log, apply and relay: the part of the update that is new. Nearly always the bytes that came, not copied. */
  readonly update: Uint8Array
  /** The same as updates that follow each other, to be applied in turns of their own; absent for what takes no time. */
  readonly pieces?: readonly Piece[]
  /** The clocks of its new structs. */
  readonly ranges: readonly ClientRange[]
  /** What it costs to apply, in steps of some 0.3 microseconds: for budgets over many updates. */
  readonly work: number
  /** For {@link Gate.admitted}. */
  readonly arrivals: Arrivals
  readonly tally: Tally
  readonly deletions: Deletions
}

/** A part of a large update that is new. */
export interface Piece {
  readonly update: Uint8Array
  /** What it costs to examine, and again to apply, in steps of some 0.3 microseconds. */
  readonly steps: number
}

export type Verdict =
  | Admission
  /** Everything in it is known: acknowledge it, and write no row. */
  | { readonly kind: 'nothing' }
  /** It builds on changes that are not here. For each client that lacks some, the clock up to which it is known. */
  | { readonly kind: 'gap'; readonly missing: ReadonlyMap<number, number> }

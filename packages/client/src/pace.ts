// How fast live updates may leave: a token bucket a little below the limits that the server announced in `hello`, so that
// a script that edits in a loop is slowed here (its updates merge while they wait) instead of being cut off there.

import type { Limits } from '@sheaf/protocol'

/** The share of an announced limit that is used; the rest is for clocks that disagree. */
const share = 0.8

export class Pace {
  #updates: number | undefined
  #bytes: number | undefined
  #atMs = 0

  /** @returns 0 when an update of this size may leave now (and counts it), else the milliseconds until it may. */
  take(byteLength: number, limits: Partial<Limits>, nowMs: number): number {
    const { updatesPerSecond, updatesBurst, updateBytesPerSecond, maxUpdateBytes } = limits
    if (updatesPerSecond === undefined || updatesBurst === undefined) return 0
    const elapsedS = (nowMs - this.#atMs) / 1000
    this.#atMs = nowMs
    const burst = updatesBurst * share
    this.#updates = Math.min(burst, (this.#updates ?? burst) + elapsedS * updatesPerSecond * share)
    if (this.#updates < 1) return Math.ceil(((1 - this.#updates) / (updatesPerSecond * share)) * 1000)
    // An update above the live limit travels as a step 2, which has a limit of its own.
    if (updateBytesPerSecond !== undefined && byteLength <= (maxUpdateBytes ?? Number.POSITIVE_INFINITY)) {
      const perSecond = updateBytesPerSecond * share
      this.#bytes = Math.min(perSecond, (this.#bytes ?? perSecond) + elapsedS * perSecond)
      // One that is larger than a whole second's share leaves when the bucket is full, and then owes.
      const needed = Math.min(byteLength, perSecond)
      if (this.#bytes < needed) return Math.ceil(((needed - this.#bytes) / perSecond) * 1000)
      this.#bytes -= byteLength
    }
    this.#updates -= 1
    return 0
  }
}

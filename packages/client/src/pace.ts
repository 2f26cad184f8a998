// How fast live updates may leave: the token buckets of the server, a little smaller, so that a script that edits in a loop
// is slowed here (its updates merge while they wait) instead of being cut off there. As there, a bucket may be overdrawn by
// one charge: a large paste leaves at once, and what follows waits until it is paid for.

import type { Limits } from '@sheaf/protocol'

/** The share of an announced limit that is used; the rest is for clocks that disagree. */
const share = 0.8

export class Pace {
  readonly #updates = new Bucket()
  readonly #bytes = new Bucket()

  /** @returns 0 when an update of this size may leave now (and charges it), else the milliseconds until it may. */
  take(byteLength: number, limits: Partial<Limits>, nowMs: number): number {
    const { updatesPerSecond, updatesBurst, updateBytesPerSecond } = limits
    if (updatesPerSecond === undefined || updatesBurst === undefined || updateBytesPerSecond === undefined) return 0
    this.#updates.fill(updatesPerSecond * share, updatesBurst * share, nowMs)
    this.#bytes.fill(updateBytesPerSecond * share, updateBytesPerSecond * share, nowMs)
    const waitMs = Math.max(this.#updates.waitMs, this.#bytes.waitMs)
    if (waitMs > 0) return waitMs
    this.#updates.level -= 1
    this.#bytes.level -= byteLength
    return 0
  }
}

class Bucket {
  level = Number.POSITIVE_INFINITY
  #perSecond = 0
  #filledMs = 0

  fill(perSecond: number, burst: number, nowMs: number): void {
    const gained = ((nowMs - this.#filledMs) / 1000) * perSecond
    this.level = Math.min(burst, this.level + gained)
    this.#perSecond = perSecond
    this.#filledMs = nowMs
  }

  /** Milliseconds until it is above zero. */
  get waitMs(): number {
    return this.level > 0 ? 0 : Math.ceil((-this.level / this.#perSecond) * 1000) + 1
  }
}

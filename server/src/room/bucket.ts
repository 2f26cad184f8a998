// A token bucket: so many per second for long, a burst at once. It may be overdrawn by one charge, so that a single large
// one is possible and is paid for afterwards.

import type { Clock } from '../clock.ts'

export class Bucket {
  readonly #clock: Clock
  readonly perSecond: number
  readonly burst: number
  #level: number
  #filledMs: number

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock
    this.perSecond = perSecond
    this.burst = burst
    this.#level = burst
    this.#filledMs = clock.monotonicMs()
  }

  /** What is left; negative after a charge that was larger. */
  get level(): number {
    this.#fill()
    return this.#level
  }

  /** Milliseconds until something can be taken; 0 when it can now. */
  get waitMs(): number {
    this.#fill()
    return this.#level >= 1 ? 0 : Math.ceil(((1 - this.#level) / this.perSecond) * 1000)
  }

  /** Charges `amount`. @returns false, with nothing charged, when the bucket is empty. */
  take(amount = 1): boolean {
    this.#fill()
    if (this.#level < 1) return false
    this.#level -= amount
    return true
  }

  #fill(): void {
    const nowMs = this.#clock.monotonicMs()
    this.#level = Math.min(this.burst, this.#level + ((nowMs - this.#filledMs) / 1000) * this.perSecond)
    this.#filledMs = nowMs
  }
}

// How often somebody may try to sign in: so many times a minute (or another time) from one address, and so many for one account, whether there is
// such an account or not. A number of attempts is taken before the password is looked at, so that guesses cannot run side by side.

import { SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'

/** Keys that are remembered; the oldest is forgotten first. */
const maxRemembered = 20_000
const minuteMs = 60_000

export class Throttle {
  readonly #clock: Clock
  readonly #attempts: number
  readonly #windowMs: number
  /** When the attempts of a key were made, as far back as the window. */
  readonly #made = new Map<string, number[]>()

  /** @param options.attempts in a window, for each key. @param options.windowMs default: a minute. */
  constructor(options: { clock: Clock; attempts?: number; windowMs?: number }) {
    this.#windowMs = options.windowMs ?? minuteMs
    this.#clock = options.clock
    this.#attempts = options.attempts ?? 10
  }

  /** Counts an attempt against each of the keys. @throws SheafError `rate-limited` when one has none left; nothing is counted then. */
  take(keys: readonly string[]): void {
    const nowMs = this.#clock.monotonicMs()
    const windowMs = this.#windowMs
    const recent = keys.map(key => (this.#made.get(key) ?? []).filter(madeMs => nowMs - madeMs < windowMs))
    for (const made of recent) {
      if (made.length < this.#attempts) continue
      const retryAfterS = Math.ceil((windowMs - (nowMs - made[0]!)) / 1000)
      throw new SheafError('rate-limited', `Too many attempts. The next one is possible in ${retryAfterS} seconds.`, {
        details: { retryAfterS },
      })
    }
    for (const [i, key] of keys.entries()) {
      this.#made.delete(key)
      this.#made.set(key, [...recent[i]!, nowMs])
    }
    while (this.#made.size > maxRemembered) this.#made.delete(this.#made.keys().next().value!)
  }
}

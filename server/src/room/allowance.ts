// What one socket may ask of the server: token buckets for messages, updates, their bytes, the work they make, and step 1. Who
// is ahead of their updates waits (lane.ts), so that a script in a hurry, or two large pastes, are slowed down and never
// refused; who does not stop sending is closed with `rate-limited`, which is transient: nothing of theirs is lost by it.

import { type Limits, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import { Bucket } from './bucket.ts'

export class Allowance {
  readonly #messages: Bucket
  readonly #updates: Bucket
  readonly #updateBytes: Bucket
  readonly #work: Bucket
  readonly #step1s: Bucket

  constructor(limits: Limits, clock: Clock) {
    this.#messages = new Bucket(clock, limits.messagesPerSecond, limits.messagesBurst)
    this.#updates = new Bucket(clock, limits.updatesPerSecond, limits.updatesBurst)
    // An update of the largest size may come at once, and is paid for afterwards.
    this.#updateBytes = new Bucket(clock, limits.updateBytesPerSecond, 2 * limits.updateBytesPerSecond)
    this.#work = new Bucket(clock, limits.workPerSecond, limits.workBurst)
    // A four-byte step 1 may ask for the whole document.
    this.#step1s = new Bucket(clock, limits.step1PerSecond, limits.step1Burst)
  }

  /** @throws SheafError `rate-limited`. */
  chargeMessage(): void {
    if (!this.#messages.take()) throw new SheafError('rate-limited', 'Too many messages.')
  }

  /** Milliseconds until the next update may be looked at; 0 for now. */
  get updateWaitMs(): number {
    return Math.max(this.#updates.waitMs, this.#updateBytes.waitMs, this.#work.waitMs)
  }

  /** To be called when {@link updateWaitMs} is 0. */
  chargeUpdates(count: number, bytes: number): void {
    this.#updates.take(count)
    this.#updateBytes.take(bytes)
  }

  /** What an update costs is known once it was examined; who has used up their time waits with the next one. */
  chargeWork(steps: number): void {
    this.#work.take(steps)
  }

  get step1WaitMs(): number {
    return this.#step1s.waitMs
  }

  /** To be called when {@link step1WaitMs} is 0. */
  chargeStep1(): void {
    this.#step1s.take()
  }
}

// What one socket may ask of the server: token buckets for messages, updates, their bytes, the work they make, and step 1. Who goes on when a
// bucket is empty is closed with `rate-limited`, which is transient: nothing of theirs is lost by it.

import { type Limits, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import { Bucket } from './bucket.ts'

/** Messages of any kind: enough for updates, presence, and the echoes of presence that stock clients send. */
const messagesPerUpdate = 8

/** A four-byte step 1 may ask for the whole document. */
const step1Burst = 3
const step1PerSecond = 0.1

/** Steps of applying updates, some 0.3 microseconds each: what one socket may take of everybody's time. */
const workPerSecond = 500_000
const workBurst = 4_000_000

export class Allowance {
  readonly #messages: Bucket
  readonly #updates: Bucket
  readonly #updateBytes: Bucket
  readonly #work: Bucket
  readonly #step1s: Bucket

  constructor(limits: Limits, clock: Clock) {
    const { updatesPerSecond, updatesBurst, updateBytesPerSecond } = limits
    this.#messages = new Bucket(clock, messagesPerUpdate * updatesPerSecond, messagesPerUpdate * updatesBurst)
    this.#updates = new Bucket(clock, updatesPerSecond, updatesBurst)
    // An update of the largest size may come at once, and is paid for afterwards.
    this.#updateBytes = new Bucket(clock, updateBytesPerSecond, 2 * updateBytesPerSecond)
    const isUnlimited = updatesPerSecond === Number.MAX_SAFE_INTEGER
    this.#work = isUnlimited
      ? new Bucket(clock, updatesPerSecond, updatesPerSecond)
      : new Bucket(clock, workPerSecond, workBurst)
    this.#step1s = isUnlimited
      ? new Bucket(clock, updatesPerSecond, updatesPerSecond)
      : new Bucket(clock, step1PerSecond, step1Burst)
  }

  /** @throws SheafError `rate-limited`, as all of them. */
  chargeMessage(): void {
    if (!this.#messages.take()) throw new SheafError('rate-limited', 'Too many messages.')
  }

  chargeUpdate(bytes: number): void {
    if (!this.#updates.take() || !this.#updateBytes.take(bytes)) {
      throw new SheafError('rate-limited', 'Too many updates.')
    }
  }

  /** What an update costs is known once it was examined; who has used up their time is stopped at the next one. */
  chargeWork(steps: number): void {
    if (!this.#work.take(steps)) throw new SheafError('rate-limited', 'The updates cost too much to apply.')
  }

  chargeStep1(): void {
    if (!this.#step1s.take()) throw new SheafError('rate-limited', 'Too many step 1.')
  }
}

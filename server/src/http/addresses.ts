// What the server remembers of each address: how many sockets it has, how fast it sends, and how often it was turned away. Who
// sends faster than a server reads is read more slowly, and who is turned away again and again is answered later and later:
// neither ever costs somebody else anything, and neither refuses what an honest client does.

import type { Limits } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import { Bucket } from '../room/bucket.ts'

/** Who asks for a socket. */
export interface Asking {
  readonly address: string
  /** The account, for who has signed in. */
  readonly user?: string
}

interface Account {
  sockets: number
  readonly intake: Bucket
  denials: number
  deniedMs: number
  /** Denials whose answer is being kept back. */
  waiting: number
}

/** So many denials are answered at once; then the wait doubles with each, from the first time on to the last. */
const freeDenials = 5
const firstWaitMs = 100
const maxWaitMs = 5_000
/** After so long without a denial the count begins anew. */
const forgetDenialsMs = 60_000
/** So many answers are kept back for one address; further ones cost less when they go out at once. */
const maxWaiting = 50
/** Addresses that are remembered without a socket. */
const maxRemembered = 10_000

export class Addresses {
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #accounts = new Map<string, Account>()

  constructor(options: { limits: Limits; clock: Clock }) {
    this.#limits = options.limits
    this.#clock = options.clock
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#accounts.size
  }

  sockets(address: string): number {
    return this.#accounts.get(address)?.sockets ?? 0
  }

  opened(address: string): void {
    this.#account(address).sockets += 1
  }

  closed(address: string): void {
    this.#account(address).sockets -= 1
  }

  /** Charges what was read from an address. @returns milliseconds for which this socket of it is not to be read. */
  read(address: string, bytes: number): number {
    const { intake } = this.#account(address)
    intake.take(bytes)
    return intake.waitMs
  }

  /** Resolves when a denial may be answered. */
  async denied(address: string): Promise<void> {
    const account = this.#account(address)
    const nowMs = this.#clock.monotonicMs()
    if (nowMs - account.deniedMs > forgetDenialsMs) account.denials = 0
    account.denials += 1
    account.deniedMs = nowMs
    const doublings = account.denials - freeDenials - 1
    if (doublings < 0 || account.waiting >= maxWaiting) return
    account.waiting += 1
    await new Promise<void>(resolve => this.#clock.after(Math.min(maxWaitMs, firstWaitMs * 2 ** doublings), resolve))
    account.waiting -= 1
  }

  #account(address: string): Account {
    let account = this.#accounts.get(address)
    if (account !== undefined) return account
    if (this.#accounts.size >= maxRemembered) this.#forgetIdle()
    const { intakeBytesPerSecond, intakeBytesBurst } = this.#limits
    const intake = new Bucket(this.#clock, intakeBytesPerSecond, intakeBytesBurst)
    account = { sockets: 0, intake, denials: 0, deniedMs: Number.NEGATIVE_INFINITY, waiting: 0 }
    this.#accounts.set(address, account)
    return account
  }

  /** Forgets the older half of those that have no socket and wait for nothing. */
  #forgetIdle(): void {
    let left = maxRemembered / 2
    for (const [address, { sockets, waiting }] of this.#accounts) {
      if (left === 0) return
      if (sockets > 0 || waiting > 0) continue
      this.#accounts.delete(address)
      left -= 1
    }
  }
}

// Turns of the event loop, handed out one by one over the whole process: work that is long comes in parts, and between two
// parts, of whatever document, sockets are read and keystrokes answered. What is short and comes in crowds has a share of each
// turn, for the same reason.

import { type Clock, systemClock } from '../clock.ts'

/** So long a turn may be, on whatever machine. */
const turnMs = 6

/** After a turn that took longer, the next one is as far off: long work has half of the time, and everybody else the other half. */
const shortMs = 1

export class Turns {
  readonly #clock: Clock
  readonly #waiting: (() => void)[] = []
  #isDue = false
  #startMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /** True when whoever has this turn has had it for long enough. */
  get isOver(): boolean {
    return this.#clock.monotonicMs() - this.#startMs >= turnMs
  }

  /** Resolves in a turn in which no other caller of this is given one. What is done then has to be done before the next await. */
  next(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      if (!this.#isDue) this.#schedule()
    })
  }

  #schedule(): void {
    this.#isDue = true
    setImmediate(() => {
      this.#startMs = this.#clock.monotonicMs()
      this.#waiting.shift()?.()
      // Behind what goes on in this turn.
      queueMicrotask(() => this.#rest(this.#clock.monotonicMs() - this.#startMs))
    })
  }

  #rest(tookMs: number): void {
    const goOn = () => {
      if (this.#waiting.length > 0) this.#schedule()
      else this.#isDue = false
    }
    if (tookMs > shortMs) this.#clock.after(tookMs, goOn)
    else goOn()
  }
}

/** So much may be done in each turn of the event loop; who comes when it is used up goes on in a later one, in order. */
export class TurnShare {
  readonly #perTurn: number
  #taken = 0
  #waiting: (() => void)[] = []
  #isDue = false

  constructor(perTurn: number) {
    this.#perTurn = perTurn
  }

  /** Takes one. @returns undefined when it may be done now, else what resolves when it may. */
  take(): Promise<void> | undefined {
    this.#schedule()
    if (this.#taken < this.#perTurn && this.#waiting.length === 0) {
      this.#taken += 1
      return undefined
    }
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #schedule(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      const next = this.#waiting.splice(0, this.#perTurn)
      this.#taken = next.length
      for (const resolve of next) resolve()
      if (this.#taken > 0) this.#schedule()
    })
  }
}

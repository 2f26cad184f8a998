// A clock that stands still until a test moves it.

import type { Clock } from '../../server/src/clock.ts'

interface Timer {
  atMs: number
  readonly everyMs: number | undefined
  readonly f: () => void
}

export class ManualClock implements Clock {
  #nowMs: number
  readonly #startMs: number
  readonly #timers = new Set<Timer>()

  constructor(startMs = Date.UTC(2024, 0, 1)) {
    this.#startMs = startMs
    this.#nowMs = startMs
  }

  /** Timers that are set; nothing may be left when what used the clock has ended. */
  get timers(): number {
    return this.#timers.size
  }

  nowMs(): number {
    return this.#nowMs
  }

  monotonicMs(): number {
    return this.#nowMs - this.#startMs
  }

  after(ms: number, f: () => void): () => void {
    return this.#set({ atMs: this.#nowMs + ms, everyMs: undefined, f })
  }

  every(ms: number, f: () => void): () => void {
    return this.#set({ atMs: this.#nowMs + ms, everyMs: ms, f })
  }

  /** Moves on by `ms`; timers run in the order of their time. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter(timer => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (due === undefined) break
      this.#nowMs = Math.max(this.#nowMs, due.atMs)
      if (due.everyMs === undefined) this.#timers.delete(due)
      else due.atMs += due.everyMs
      due.f()
    }
    this.#nowMs = untilMs
  }

  #set(timer: Timer): () => void {
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }
}

// Time as the server sees it. Everything that waits or stamps goes through here, so that a whole run can be simulated.

export interface Clock {
  /** Wall time, milliseconds since the epoch; may go back. */
  nowMs(): number
  /** Monotonic milliseconds, for durations. */
  monotonicMs(): number
  /** Calls `f` once after `ms`; returns the way to cancel. Does not keep the process alive. */
  after(ms: number, f: () => void): () => void
  /** Calls `f` every `ms`; returns the way to stop. Does not keep the process alive. */
  every(ms: number, f: () => void): () => void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, f) {
    const timer = setTimeout(f, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
  every(ms, f) {
    const timer = setInterval(f, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
}

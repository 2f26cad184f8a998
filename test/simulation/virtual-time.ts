// Time in which a simulated run takes place: events in the order of their moment, and nothing happens between them. The
// server gets it as its Clock; what the client finds in the global scope (timers, performance.now, random numbers) is put
// there for the length of the run, so that a run is decided by its seed alone.

import type { Clock } from '../../server/src/clock.ts'
import type { Random } from '../helpers/random.ts'

interface Event {
  readonly atMs: number
  readonly order: number
  readonly f: () => unknown
  isCancelled: boolean
}

type Callback = (...args: unknown[]) => void

const immediately = setImmediate

export class VirtualTime {
  readonly #startMs = Date.UTC(2024, 0, 1)
  /** A heap: the event that comes next is the first. */
  readonly #events: Event[] = []
  #nowMs = this.#startMs
  #count = 0
  #held: Promise<void> | undefined

  /** Since the start of the run. */
  get elapsedMs(): number {
    return this.#nowMs - this.#startMs
  }

  /** Nothing else happens before this is done. For what takes no time; may fail the run. */
  hold(work: Promise<void>): void {
    this.#held = work
  }

  /** Calls `f` once after `ms`. */
  after(ms: number, f: () => unknown): () => void {
    const event = { atMs: this.#nowMs + Math.max(0, ms), order: this.#count++, f, isCancelled: false }
    this.#push(event)
    return () => {
      event.isCancelled = true
    }
  }

  every(ms: number, f: () => unknown): () => void {
    let cancel: () => void
    const again = () => {
      cancel = this.after(ms, () => {
        again()
        f()
      })
    }
    again()
    return () => cancel()
  }

  /** A clock of one process: after `stop` none of its timers runs any more. */
  clock(): Clock & { stop(): void } {
    let isStopped = false
    const whileAlive = (f: () => void) => () => {
      if (!isStopped) f()
    }
    return {
      nowMs: () => Math.floor(this.#nowMs),
      monotonicMs: () => this.elapsedMs,
      after: (ms, f) => this.after(ms, whileAlive(f)),
      every: (ms, f) => this.every(ms, whileAlive(f)),
      stop() {
        isStopped = true
      },
    }
  }

  /** Runs what is due in the next `ms`, with everything that follows from it. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms
    for (let next = this.#events[0]; next !== undefined && next.atMs <= untilMs; next = this.#events[0]) {
      this.#pop()
      if (next.isCancelled) continue
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.f()
      if (this.#held !== undefined) await this.#held
      this.#held = undefined
      // All promises that can be kept without time passing are kept in one turn: nothing in a run waits for the machine.
      await new Promise<void>(resolve => immediately(resolve))
    }
    this.#nowMs = untilMs
  }

  /** Puts this time, and random numbers of the seed, into the global scope. @returns puts the real ones back. */
  install(random: Random): () => void {
    const timers = new Map<number, () => void>()
    let lastId = 0
    const set = (cancel: () => void) => {
      timers.set(++lastId, cancel)
      const id = lastId
      return { [Symbol.toPrimitive]: () => id, unref: () => undefined, ref: () => undefined }
    }
    const clear = (id: unknown) => {
      timers.get(Number(id))?.()
      timers.delete(Number(id))
    }
    const put = (target: object, name: string, value: unknown) => {
      const before = Object.getOwnPropertyDescriptor(target, name)
      Object.defineProperty(target, name, { value, configurable: true, writable: true })
      return () => {
        if (before === undefined) Reflect.deleteProperty(target, name)
        else Object.defineProperty(target, name, before)
      }
    }
    const undo = [
      put(globalThis, 'setTimeout', (f: Callback, ms = 0, ...args: unknown[]) => set(this.after(ms, () => f(...args)))),
      put(globalThis, 'setInterval', (f: Callback, ms = 0, ...args: unknown[]) =>
        set(this.every(ms, () => f(...args))),
      ),
      put(globalThis, 'clearTimeout', clear),
      put(globalThis, 'clearInterval', clear),
      put(performance, 'now', () => this.elapsedMs),
      put(Math, 'random', () => random.next()),
      put(crypto, 'getRandomValues', (target: ArrayBufferView) => {
        const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
        for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256)
        return target
      }),
    ]
    return () => {
      for (const f of undo) f()
    }
  }

  #push(event: Event): void {
    const events = this.#events
    let at = events.push(event) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (isBefore(events[above]!, event)) break
      events[at] = events[above]!
      at = above
    }
    events[at] = event
  }

  #pop(): void {
    const events = this.#events
    const last = events.pop()!
    if (events.length === 0) return
    let at = 0
    for (;;) {
      let below = at * 2 + 1
      if (below >= events.length) break
      if (below + 1 < events.length && isBefore(events[below + 1]!, events[below]!)) below++
      if (isBefore(last, events[below]!)) break
      events[at] = events[below]!
      at = below
    }
    events[at] = last
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}

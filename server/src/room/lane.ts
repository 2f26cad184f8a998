// The updates of one socket, one after the other: the next one begins when the one before has been judged, which may take
// turns, when the socket's buckets have room for it, and when the document's share of this turn is not used up. While nothing
// waits, an update goes through at once.

import { type Limits, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { TurnShare } from './turns.ts'

/** Something that must stay in order. */
export interface Step {
  /** Updates in it, and bytes of them that are held while it waits. */
  readonly updates: number
  readonly bytes: number
  /** Milliseconds that it has to wait yet. */
  waitMs(): number
  /** The next step begins when this has returned, or resolved. */
  run(): void | Promise<void>
}

export interface LaneOptions {
  readonly clock: Clock
  readonly limits: Limits
  /** Of all sockets of the document: among them each has its turn. */
  readonly share: TurnShare
  /** Called with what a step has thrown; nothing runs any more after it. */
  readonly onError: (cause: unknown) => void
}

export class Lane {
  readonly #options: LaneOptions
  #waiting: Step[] = []
  #waitingUpdates = 0
  #waitingBytes = 0
  #isRunning = false
  #cancelWait: (() => void) | undefined
  /** True while the end of the turn is awaited. */
  #isGoing = false
  #stopped = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /** True when the next step will wait: what it needs must be copied. */
  get isBusy(): boolean {
    return this.#isRunning || this.#waiting.length > 0
  }

  /** Runs a step behind all others. @throws SheafError `rate-limited` when too much waits; what the step throws at once. */
  add(step: Step): void {
    if (this.#stopped) return
    this.#push(step)
    this.#go()
  }

  /** Puts a step behind all others that may grow until this turn of the socket is over. It runs then, or when another is added. */
  addGrowing(step: Step): void {
    if (this.#stopped) return
    this.#push(step)
    if (this.#isGoing) return
    this.#isGoing = true
    queueMicrotask(() => this.flush())
  }

  /** The last step has grown by an update of so many bytes. @throws SheafError `rate-limited` as {@link add}. */
  grew(bytes: number): void {
    this.#checkRoom()
    this.#waitingUpdates += 1
    this.#waitingBytes += bytes
  }

  /** Runs what waits for the end of the turn only. */
  flush(): void {
    if (!this.#isGoing) return
    this.#isGoing = false
    this.#resume()
  }

  /** Runs steps before all that wait; to be called from inside a step. */
  addFirst(steps: readonly Step[]): void {
    this.#waiting.unshift(...steps)
    for (const { updates, bytes } of steps) {
      this.#waitingUpdates += updates
      this.#waitingBytes += bytes
    }
  }

  /** What waits is forgotten. */
  stop(): void {
    this.#stopped = true
    this.#cancelWait?.()
    this.#cancelWait = undefined
    this.#waiting = []
  }

  #push(step: Step): void {
    this.#checkRoom()
    this.#waiting.push(step)
    this.#waitingUpdates += step.updates
    this.#waitingBytes += step.bytes
  }

  #checkRoom(): void {
    const { maxWaitingUpdates, maxWaitingBytes } = this.#options.limits
    // One may always wait, however large it is.
    if (this.#waiting.length === 0) return
    if (this.#waitingUpdates >= maxWaitingUpdates || this.#waitingBytes > maxWaitingBytes) {
      throw new SheafError('rate-limited', 'Too many updates.')
    }
  }

  #go(): void {
    while (!this.#isRunning && !this.#stopped && this.#cancelWait === undefined) {
      const [step] = this.#waiting
      if (step === undefined) return
      const waitMs = step.waitMs()
      if (waitMs > 0) {
        this.#cancelWait = this.#options.clock.after(waitMs, () => {
          this.#cancelWait = undefined
          this.#resume()
        })
        return
      }
      const turn = this.#options.share.take()
      if (turn !== undefined) return this.#await(turn)
      this.#runNext()
    }
  }

  #runNext(): void {
    const step = this.#waiting.shift()
    if (step === undefined) return
    this.#waitingUpdates -= step.updates
    this.#waitingBytes -= step.bytes
    this.#run(step)
  }

  /** Runs the next step, and that one only, when its turn has come. */
  #await(turn: Promise<void>): void {
    this.#isRunning = true
    void turn.then(() => {
      this.#isRunning = false
      if (this.#stopped) return
      try {
        this.#runNext()
      } catch (cause) {
        return this.#options.onError(cause)
      }
      this.#resume()
    })
  }

  #run(step: Step): void {
    this.#isRunning = true
    let done: void | Promise<void>
    try {
      done = step.run()
    } catch (cause) {
      this.#isRunning = false
      throw cause
    }
    if (done === undefined) {
      this.#isRunning = false
      return
    }
    done.then(
      () => {
        this.#isRunning = false
        this.#resume()
      },
      (cause: unknown) => {
        this.#isRunning = false
        this.#options.onError(cause)
      },
    )
  }

  /** Goes on in a turn of its own, where nobody is there to throw to. */
  #resume(): void {
    try {
      this.#go()
    } catch (cause) {
      this.#options.onError(cause)
    }
  }
}

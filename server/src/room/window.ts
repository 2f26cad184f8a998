// When the rows of a room leave for the disk: at once, as long as few people are in it; where many are, some milliseconds after
// the rows before, and all that came meanwhile together. Every commit is a write to every socket, and those writes are what
// a busy document costs: gathering for a few milliseconds divides them by the number of updates that come in that time.
//
// Invariants: rows leave in the order in which they came, and none later than `maxWindowMs` after it came; what comes after a
// pause does not wait.

import type { Clock } from '../clock.ts'
import type { UpdateRow } from '../store/store.ts'

/** A commit for fewer people costs too little to wait for. */
const fewPeople = 25

/** People for whom it is worth to wait a millisecond. */
const peoplePerMs = 25

const maxWindowMs = 7

/** Least time between two commits of a room. */
export function commitWindowMs(people: number): number {
  return people < fewPeople ? 0 : Math.min(maxWindowMs, people / peoplePerMs)
}

export interface WindowOptions {
  readonly clock: Clock
  readonly people: () => number
  /** Hands rows over to the store. Throws only when the store is closed. */
  readonly leave: (row: UpdateRow) => void
  /** Called with what `leave` has thrown when nobody is there to catch it. */
  readonly onError: (cause: unknown) => void
}

export class CommitWindow {
  readonly #options: WindowOptions
  #rows: UpdateRow[] = []
  #bytes = 0
  #leftMs = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(options: WindowOptions) {
    this.#options = options
  }

  /** Bytes of the rows that are still here. */
  get bytes(): number {
    return this.#bytes
  }

  /** Takes a row. @throws what `leave` throws, with nothing taken, when the row leaves at once. */
  add(row: UpdateRow): void {
    const { clock, people, leave, onError } = this.#options
    const windowMs = commitWindowMs(people())
    if (this.#rows.length === 0) {
      const nowMs = clock.monotonicMs()
      const waitMs = windowMs === 0 ? 0 : this.#leftMs + windowMs - nowMs
      if (waitMs <= 0) {
        leave(row)
        this.#leftMs = nowMs
        return
      }
      this.#cancel = clock.after(waitMs, () => {
        try {
          this.flush()
        } catch (cause) {
          onError(cause)
        }
      })
    }
    this.#rows.push(row)
    this.#bytes += row.update.byteLength
  }

  /** Everything leaves now. @throws what `leave` throws. */
  flush(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#rows.length === 0) return
    const rows = this.#rows
    this.#rows = []
    this.#bytes = 0
    this.#leftMs = this.#options.clock.monotonicMs()
    for (const row of rows) this.#options.leave(row)
  }
}

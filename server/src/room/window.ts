// When the rows of a room leave for the disk: at once, as long as few people are in it, and people they are; where many are, or
// programs write, some milliseconds after the rows before, and all that came meanwhile together. Every commit is a sync and a
// write to every socket, and those are what a busy document costs: gathering for a few milliseconds divides them by
// the number of updates that come in that time.
//
// Invariants: rows leave in the order in which they came, and none later than `maxWindowMs` after it came; what comes after a
// pause does not wait.

import type { Clock } from '../clock.ts'
import type { UpdateRow } from '../store/store.ts'

/** A commit for fewer people costs too little to wait for. */
const fewPeople = 25

/** People for whom it is worth to wait a millisecond. */
const peoplePerMs = 25

/** Updates a millisecond, for some time, that people do not type; and how long those of programs are gathered. */
const programsPerMs = 4
const programsWindowMs = 5

const usualWindowMs = 7
const maxWindowMs = 10

/** Writing to everybody may take so much of the time, before the window is widened for it. */
const relayShare = 1 / 6

/** How much of what is known of the time for writing is forgotten with each commit. */
const forgetting = 1 / 8

/** The same of how fast updates come, in a millisecond. */
const forgettingPerMs = 1 / 64

export interface RoomLoad {
  readonly people: number
  /** What it takes to write one commit to everybody. */
  readonly relayMs: number
  readonly updatesPerMs: number
}

/** Least time between two commits of a room. */
export function commitWindowMs({ people, relayMs, updatesPerMs }: RoomLoad): number {
  const leastMs = updatesPerMs > programsPerMs ? programsWindowMs : 0
  if (people < fewPeople) return leastMs
  const peopleMs = Math.min(usualWindowMs, people / peoplePerMs)
  return Math.min(maxWindowMs, Math.max(leastMs, peopleMs, relayMs / relayShare))
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
  #relayMs = 0
  #updatesPerMs = 0
  #countedMs = Number.NEGATIVE_INFINITY

  constructor(options: WindowOptions) {
    this.#options = options
  }

  /** Bytes of the rows that are still here. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Takes a row. @throws what `leave` throws, with nothing taken, when the row leaves at once.
   * @param updates that it is made of.
   */
  add(row: UpdateRow, updates: number): void {
    const { clock, people, leave, onError } = this.#options
    const nowMs = clock.monotonicMs()
    this.#count(updates, nowMs)
    if (this.#rows.length === 0) {
      const load = { people: people(), relayMs: this.#relayMs, updatesPerMs: this.#updatesPerMs }
      const windowMs = commitWindowMs(load)
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

  /** It took so long to write a commit to everybody. */
  relayed(ms: number): void {
    this.#relayMs += (ms - this.#relayMs) * forgetting
  }

  /** What came before counts the less the longer ago it was. */
  #count(updates: number, nowMs: number): void {
    const kept = Math.exp((this.#countedMs - nowMs) * forgettingPerMs)
    this.#countedMs = nowMs
    this.#updatesPerMs = this.#updatesPerMs * kept + updates * forgettingPerMs
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

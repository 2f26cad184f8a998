// Durable rows on their way into the replica, in order: in the very turn in which they are durable, but for large ones, which
// take several. Whoever reads the document in process may wait until the replica holds whole rows only.

import type { UpdateRow } from '../store/store.ts'
import type { Piece } from './gate-verdict.ts'
import { turnSteps } from './passages.ts'
import type { Turns } from './turns.ts'

export interface LandingOptions {
  readonly turns: Turns
  /** The pieces of a row that is large. */
  readonly piecesOf: (row: UpdateRow) => readonly Piece[] | undefined
  /** Applies updates of these rows and shows them to the others; with `isWhole` the rows have come in with them. */
  readonly take: (rows: readonly UpdateRow[], updates: readonly Uint8Array[], isWhole: boolean) => void
  readonly isOver: () => boolean
  readonly onError: (cause: unknown) => void
}

export class Landing {
  readonly #options: LandingOptions
  /** Of the first a part may be in. */
  #rows: UpdateRow[] = []
  #isRunning = false
  #whole: Promise<void> | undefined
  #onWhole: (() => void) | undefined

  constructor(options: LandingOptions) {
    this.#options = options
  }

  /** Takes rows in behind those that are still landing. */
  add(rows: readonly UpdateRow[]): void {
    this.#rows.push(...rows)
    if (!this.#isRunning) void this.#run()
  }

  /** Resolves when the replica holds whole rows only: at once, but for a large one that is just landing. */
  whole(): Promise<void> {
    if (!this.#isRunning) return Promise.resolve()
    this.#whole ??= new Promise(resolve => {
      this.#onWhole = resolve
    })
    return this.#whole
  }

  async #run(): Promise<void> {
    const { piecesOf, take, isOver, onError } = this.#options
    this.#isRunning = true
    try {
      while (this.#rows.length > 0 && !isOver()) {
        const large = this.#rows.findIndex(row => piecesOf(row) !== undefined)
        const [first] = this.#rows
        const pieces = first === undefined ? undefined : piecesOf(first)
        if (first !== undefined && pieces !== undefined) {
          await this.#inTurns(first, pieces)
          this.#rows.shift()
          continue
        }
        const rows = this.#rows.splice(0, large < 0 ? this.#rows.length : large)
        take(
          rows,
          rows.map(row => row.update),
          true,
        )
      }
    } catch (cause) {
      onError(cause)
    }
    this.#isRunning = false
    this.#onWhole?.()
    this.#onWhole = undefined
    this.#whole = undefined
  }

  /** Others read on between the turns, and see the update come in parts. */
  async #inTurns(row: UpdateRow, pieces: readonly Piece[]): Promise<void> {
    const { turns, take, isOver } = this.#options
    let group: Uint8Array[] = []
    let steps = 0
    for (const piece of pieces) {
      if (steps >= turnSteps) {
        take([row], group, false)
        group = []
        steps = 0
        await turns.next()
        if (isOver()) return
      }
      group.push(piece.update)
      steps += piece.steps
    }
    take([row], group, true)
  }
}

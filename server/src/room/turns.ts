// Turns of the event loop, handed out one by one over the whole process: work that is long comes in parts, and between two
// parts, of whatever document, sockets are read and keystrokes answered. What is short and comes in crowds has a share of each
// turn, for the same reason.

export class Turns {
  readonly #waiting: (() => void)[] = []
  #isDue = false

  /** Resolves in a turn in which no other caller of this is given one. */
  next(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isDue || this.#waiting.length === 0) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#waiting.shift()?.()
      this.#schedule()
    })
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

// Turns of the event loop, handed out one by one over the whole process: work that is long comes in parts, and between two
// parts, of whatever document, sockets are read and keystrokes answered.

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

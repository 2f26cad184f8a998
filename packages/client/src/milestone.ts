// A point that is reached once, or missed; nobody needs to be waiting for it.

export class Milestone {
  readonly reached: Promise<void>
  isReached = false
  #resolve!: () => void
  #reject!: (cause: unknown) => void

  constructor() {
    this.reached = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.reached.catch(() => undefined)
  }

  reach(): void {
    this.isReached = true
    this.#resolve()
  }

  fail(cause: unknown): void {
    this.#reject(cause)
  }
}

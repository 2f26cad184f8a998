// Which of our changes the server has on its disk. Sequence numbers belong to one session (one opened document), rise by
// one with each change, and are acknowledged cumulatively. Pure bookkeeping: the bytes are in the replica and in the
// kept copy.

interface Entry {
  readonly seq: number
  /** How many changes of the user it stands for; more than one where rows were merged. */
  readonly changes: number
}

export class Outbox {
  #entries: Entry[] = []
  #lastSeq = 0
  #pending = 0
  /** From this seq on nothing is taken for acknowledged: it was refused. */
  #refusedSeq = Number.POSITIVE_INFINITY

  /** The highest seq assigned; 0 if none. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** Changes that are not acknowledged. */
  get pending(): number {
    return this.#pending
  }

  get frozen(): boolean {
    return this.#refusedSeq !== Number.POSITIVE_INFINITY
  }

  /** Assigns the next seq. */
  add(changes = 1): number {
    this.#lastSeq += 1
    this.#pending += changes
    this.#entries.push({ seq: this.#lastSeq, changes })
    return this.#lastSeq
  }

  /**
   * Everything up to `seq` is durable, unless it was refused.
   * @returns the seq up to which it counts; undefined when that is nothing new.
   */
  acknowledge(seq: number): number | undefined {
    const through = Math.min(seq, this.#refusedSeq - 1)
    const covered = this.#entries.findIndex(entry => entry.seq > through)
    const gone = this.#entries.splice(0, covered === -1 ? this.#entries.length : covered)
    for (const entry of gone) this.#pending -= entry.changes
    return gone.at(-1)?.seq
  }

  /** `seq` is in nobody's document: it and all that follows stay pending, whatever is acknowledged later. */
  refuse(seq: number): void {
    this.#refusedSeq = Math.min(this.#refusedSeq, seq)
  }

  /** Lets the refused changes be tried again. */
  thaw(): void {
    this.#refusedSeq = Number.POSITIVE_INFINITY
  }

  /** True when everything up to `seq` is acknowledged. */
  holds(seq: number): boolean {
    return (this.#entries[0]?.seq ?? Number.POSITIVE_INFINITY) > seq
  }
}

// Which client sequence numbers of one socket may be acknowledged. An acknowledgement covers every smaller number, so it
// must wait for everything that came before: rows on their way to the disk, and updates that are held for a gap to close.

/** One update of the socket that is not acknowledged yet, or several that are judged as one. */
export interface Receipt {
  readonly clientSeqs: readonly number[]
  /** The update is safe once the document is durable up to this seq; undefined while it is held. */
  afterSeq: number | undefined
}

export class Acks {
  #waiting: Receipt[] = []

  /** @param clientSeqs may grow until the receipt has its `afterSeq`. */
  add(clientSeqs: readonly number[]): Receipt {
    const receipt: Receipt = { clientSeqs, afterSeq: undefined }
    this.#waiting.push(receipt)
    return receipt
  }

  /** The update was refused; a nack has gone out, and nothing waits for it. */
  refuse(receipt: Receipt): void {
    this.#waiting = this.#waiting.filter(other => other !== receipt)
  }

  /**
   * The first step 2 of the socket has come. It covers every smaller number, also those that never came by themselves
   * because there was no connection, so nothing of before is safe until it is.
   */
  cover(afterSeq: number): void {
    for (const receipt of this.#waiting) receipt.afterSeq = Math.max(receipt.afterSeq ?? 0, afterSeq)
  }

  /** Takes what is safe when the document is durable up to `revision`. @returns the number to acknowledge, if any. */
  settle(revision: number): number | undefined {
    let clientSeq: number | undefined
    let settled = 0
    for (const receipt of this.#waiting) {
      if (receipt.afterSeq === undefined || receipt.afterSeq > revision) break
      for (const seq of receipt.clientSeqs) clientSeq = Math.max(clientSeq ?? 0, seq)
      settled += 1
    }
    if (settled > 0) this.#waiting.splice(0, settled)
    return clientSeq
  }
}

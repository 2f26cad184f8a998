// How many large updates are judged at once. Each of them holds some ten times its bytes in memory while it is, and takes
// its share of the turns; the same one from many sockets would be judged as often, each time beside all others. So a document
// has one at a time, the process a few, and one of the largest. The documents have their turns, so that who fills the queue of one
// waits behind their own updates, and others behind one of them.

import { SheafError } from '@sheaf/protocol'

export interface TurnstileOptions {
  /** Bytes of updates that may wait. Default 64 MiB. */
  readonly maxWaitingBytes?: number
}

/** A larger update is one of the largest. */
const largestBytes = 1024 * 1024
/** So many documents at once have an update in judgement; and so many one of the largest. */
const places = 4
const largestPlaces = 1

interface Waiting {
  readonly bytes: number
  readonly enter: () => void
  readonly refuse: (error: SheafError) => void
}

export class Turnstile {
  readonly #maxWaitingBytes: number
  /** The document that has waited longest for its turn comes first. */
  readonly #queues = new Map<string, Waiting[]>()
  /** Bytes of the update that each document has in judgement. */
  readonly #inside = new Map<string, number>()
  #waitingBytes = 0

  constructor({ maxWaitingBytes = 64 * 1024 * 1024 }: TurnstileOptions = {}) {
    this.#maxWaitingBytes = maxWaitingBytes
  }

  /**
   * Runs `judge` when it is this update's turn.
   * @throws SheafError `overloaded` when too much waits, and most of it in this document; what `judge` throws.
   */
  async pass<T>(documentId: string, bytes: number, judge: () => Promise<T>): Promise<T> {
    if (this.#queues.has(documentId) || !this.#hasPlace(documentId, bytes)) await this.#wait(documentId, bytes)
    else this.#inside.set(documentId, bytes)
    try {
      return await judge()
    } finally {
      this.#inside.delete(documentId)
      this.#admit()
    }
  }

  #wait(documentId: string, bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = { bytes, enter: resolve, refuse: reject }
      const queue = this.#queues.get(documentId)
      if (queue === undefined) this.#queues.set(documentId, [waiting])
      else queue.push(waiting)
      this.#waitingBytes += bytes
      while (this.#waitingBytes > this.#maxWaitingBytes) this.#refuseNewest()
    })
  }

  /** Whoever made it too much is refused, be it this update or not: the newest of the document of which most waits. */
  #refuseNewest(): void {
    let most = 0
    let greediest = ''
    for (const [documentId, queue] of this.#queues) {
      const bytes = queue.reduce((sum, waiting) => sum + waiting.bytes, 0)
      if (bytes < most) continue
      most = bytes
      greediest = documentId
    }
    const queue = this.#queues.get(greediest)!
    const { bytes, refuse } = queue.pop()!
    if (queue.length === 0) this.#queues.delete(greediest)
    this.#waitingBytes -= bytes
    refuse(new SheafError('overloaded', 'Too many large updates are waiting.'))
  }

  /** Lets in whoever may, the documents in turn. */
  #admit(): void {
    for (const [documentId, queue] of [...this.#queues]) {
      const [next] = queue
      if (next === undefined || !this.#hasPlace(documentId, next.bytes)) continue
      queue.shift()
      this.#queues.delete(documentId)
      if (queue.length > 0) this.#queues.set(documentId, queue)
      this.#waitingBytes -= next.bytes
      this.#inside.set(documentId, next.bytes)
      next.enter()
    }
  }

  #hasPlace(documentId: string, bytes: number): boolean {
    if (this.#inside.has(documentId) || this.#inside.size >= places) return false
    if (bytes <= largestBytes) return true
    return [...this.#inside.values()].filter(inside => inside > largestBytes).length < largestPlaces
  }
}

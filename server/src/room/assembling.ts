// Bytes of messages in chunks that are half here, over all sockets of the process: so many and no more. Whoever never sends the
// rest harms themselves: when it becomes too much, the socket goes that holds most, of the principal who holds most.

import { SheafError } from '@sheaf/protocol'

/** A socket that puts chunks together. */
export interface Assembler {
  readonly principal: string
  /** What it has here is forgotten. */
  refuse(error: SheafError): void
}

export class Assembling {
  readonly #maxBytes: number
  readonly #held = new Map<Assembler, number>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** More of a message has come. May refuse this very socket, or others. */
  add(assembler: Assembler, bytes: number): void {
    this.#held.set(assembler, (this.#held.get(assembler) ?? 0) + bytes)
    this.#bytes += bytes
    while (this.#bytes > this.#maxBytes) {
      const greediest = this.#greediest(assembler)
      this.forget(greediest)
      greediest.refuse(new SheafError('overloaded', 'Too many long messages are on their way.'))
    }
  }

  /** Its message is whole, or will never be. */
  forget(assembler: Assembler): void {
    this.#bytes -= this.#held.get(assembler) ?? 0
    this.#held.delete(assembler)
  }

  /** @param newest who goes when several hold as much. */
  #greediest(newest: Assembler): Assembler {
    const ofPrincipals = new Map<string, number>()
    for (const [{ principal }, bytes] of this.#held) {
      ofPrincipals.set(principal, (ofPrincipals.get(principal) ?? 0) + bytes)
    }
    const most = (at: Assembler) => ofPrincipals.get(at.principal)!
    let greediest = newest
    for (const [at, bytes] of this.#held) {
      const more = most(at) - most(greediest)
      const isSame = at.principal === greediest.principal
      if (isSame ? bytes > this.#held.get(greediest)! : more > 0) greediest = at
    }
    return greediest
  }
}

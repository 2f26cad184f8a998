// What must be true after a crash, kept outside the server and outside its clients: of every token that somebody typed,
// whether the server has said that it is on disk. Tokens are unique and never cut apart by another one.

export interface Verdict {
  /** Acknowledged as typed, and not there. */
  readonly lost: readonly string[]
  /** Acknowledged as deleted, and there again. */
  readonly revived: readonly string[]
}

interface Token {
  typed: 'sent' | 'acknowledged'
  deleted: 'no' | 'sent' | 'acknowledged'
}

export class Oracle {
  readonly #tokens = new Map<string, Token>()
  #acknowledged = 0

  /** Edits that the server has called durable. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  typed(token: string): void {
    this.#tokens.set(token, { typed: 'sent', deleted: 'no' })
  }

  deleted(token: string): void {
    this.#tokens.get(token)!.deleted = 'sent'
  }

  acknowledge(token: string, edit: 'typed' | 'deleted'): void {
    const known = this.#tokens.get(token)!
    if (known[edit] === 'acknowledged') return
    known[edit] = 'acknowledged'
    this.#acknowledged++
  }

  /** @param texts of all documents, as they were read after a crash. */
  judge(texts: readonly string[]): Verdict {
    const there = new Set(texts.flatMap(tokensIn))
    const lost: string[] = []
    const revived: string[] = []
    for (const [token, { typed, deleted }] of this.#tokens) {
      // A deletion that was sent and not acknowledged may be there or not.
      if (typed === 'acknowledged' && deleted === 'no' && !there.has(token)) lost.push(token)
      if (deleted === 'acknowledged' && there.has(token)) revived.push(token)
    }
    return { lost, revived }
  }
}

export function newToken(writer: number, count: number): string {
  return `<${writer}.${count}>`
}

export function tokensIn(text: string): string[] {
  return text.match(/<\d+\.\d+>/g) ?? []
}

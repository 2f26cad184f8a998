// What a principal keeps for themself about documents: stars, and what they opened last. Nobody else sees it.
//
// Records, in a collection each: `p/<principal>/<document>` with the time, and `d/<document>/<principal>`, by which a document that is
// gone for good is forgotten.

import type { Clock } from '../clock.ts'
import type { RecordChange, Records } from '../store/records.ts'

/** The newest of what somebody opened that are remembered. */
const maxVisits = 200

type Marks = 'star' | 'visit'

export class Personal {
  readonly #records: Records
  readonly #clock: Clock

  constructor(options: { readonly records: Records; readonly clock: Clock }) {
    this.#records = options.records
    this.#clock = options.clock
  }

  async star(principal: string, documentId: string): Promise<void> {
    await this.#mark('star', principal, documentId)
  }

  async unstar(principal: string, documentId: string): Promise<void> {
    await this.#records.change(change => unmark(change, 'star', principal, documentId))
  }

  async isStarred(principal: string, documentId: string): Promise<boolean> {
    return (await this.#records.get('star', `p/${principal}/${documentId}`)) !== undefined
  }

  /** Remembers that the principal opened the document now; the oldest are forgotten. */
  async visit(principal: string, documentId: string): Promise<void> {
    await this.#mark('visit', principal, documentId)
    const visits = await this.visits(principal)
    if (visits.size <= maxVisits) return
    const oldest = [...visits].sort((a, b) => a[1] - b[1]).slice(0, visits.size - maxVisits)
    await this.#records.change(change => {
      for (const [old] of oldest) unmark(change, 'visit', principal, old)
    })
  }

  /** Document ids, with when they were starred. */
  stars(principal: string): Promise<Map<string, number>> {
    return this.#of('star', principal)
  }

  /** Document ids, with when they were opened last. */
  visits(principal: string): Promise<Map<string, number>> {
    return this.#of('visit', principal)
  }

  /** A document is gone for good. */
  async forget(documentId: string): Promise<void> {
    const prefix = `d/${documentId}/`
    for (const marks of ['star', 'visit'] as const) {
      const records = await this.#records.list(marks, { prefix })
      if (records.length === 0) continue
      await this.#records.change(change => {
        for (const { key } of records) unmark(change, marks, key.slice(prefix.length), documentId)
      })
    }
  }

  async #mark(marks: Marks, principal: string, documentId: string): Promise<void> {
    await this.#records.change(change => {
      change.put(marks, `p/${principal}/${documentId}`, this.#clock.nowMs())
      change.put(marks, `d/${documentId}/${principal}`, 1)
    })
  }

  async #of(marks: Marks, principal: string): Promise<Map<string, number>> {
    const prefix = `p/${principal}/`
    const records = await this.#records.list<number>(marks, { prefix })
    return new Map(records.map(({ key, value }) => [key.slice(prefix.length), value]))
  }
}

function unmark(change: RecordChange, marks: Marks, principal: string, documentId: string): void {
  change.delete(marks, `p/${principal}/${documentId}`)
  change.delete(marks, `d/${documentId}/${principal}`)
}

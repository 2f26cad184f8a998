// Who wrote what, and under which client ids whom may write (promise P8). A Yjs client id is bound, durably, to the principal
// who used it first in a document; the ids of the server's own edits are the server's. A claim says from which clock on the
// structs of an id are whose, and about when; rows of the log say it exactly. Nothing here takes a client id for a person or
// a session: one person has many, and an id of the server writes for many people.

import type { Claim, UpdateRow } from '../store/store.ts'
import type { ClientRange } from './gate-flight.ts'
import { refuse } from './gate-rules.ts'

/** The clocks `clock` .. `end`-1 of a client, written by one principal, the first of them at `wallTimeMs`. */
export interface AuthorRange extends ClientRange {
  /** Who asked for it; empty where the server did it by itself, or nobody was asked for a name. */
  readonly principal: string
  readonly origin: UpdateRow['origin']
  readonly wallTimeMs: number
}

/** Who brings an update, and when. */
export type Author = Pick<Claim, 'principal' | 'origin' | 'wallTimeMs'>

/** A claim is made anew after so long, so that the table says when, too. */
const claimMs = 10 * 60_000

export class Authorship {
  /** For each client its claims, by clock. */
  readonly #claims = new Map<number, Claim[]>()

  constructor(claims: readonly Claim[]) {
    for (const claim of claims) this.#add(claim)
  }

  /** The id under which the server has written last; undefined while it has not. */
  serverId(): number | undefined {
    let newest: Claim | undefined
    for (const claims of this.#claims.values()) {
      const last = claims.at(-1)!
      if (ownerOf(last) === 'server' && last.wallTimeMs >= (newest?.wallTimeMs ?? 0)) newest = last
    }
    return newest?.client
  }

  /** Whether these structs may be this author's. @throws SheafError `invalid-update` (rule U16). */
  check(ranges: readonly ClientRange[], author: Author): void {
    for (const { client } of ranges) {
      const last = this.#claims.get(client)?.at(-1)
      if (last !== undefined && ownerOf(last) !== ownerOf(author)) {
        refuse('U16', `Client id ${client} belongs to somebody else.`)
      }
    }
  }

  /** False when the client id is known to belong to another principal than this one. */
  mayShow(client: number, principal: string): boolean {
    const last = this.#claims.get(client)?.at(-1)
    return last === undefined || ownerOf(last) === ownerOf({ principal, origin: 'socket' })
  }

  /** Notes what an update has brought, after {@link check}. @returns the claims that are new, to be stored with its row. */
  note(ranges: readonly ClientRange[], author: Author): Claim[] {
    const made: Claim[] = []
    for (const { client, clock } of ranges) {
      const last = this.#claims.get(client)?.at(-1)
      if (last !== undefined && continues(last, author)) continue
      const { principal, origin, wallTimeMs } = author
      const claim = { client, clock, principal, origin, wallTimeMs }
      this.#add(claim)
      made.push(claim)
    }
    return made
  }

  /**
   * Everything that is known, by client and clock; clocks from before the first claim of a client are nobody's.
   * @param clocks for each client the clock behind its last struct.
   */
  ranges(clocks: ReadonlyMap<number, number>): AuthorRange[] {
    const ranges: AuthorRange[] = []
    for (const [client, claims] of [...this.#claims].sort(([a], [b]) => a - b)) {
      claims.forEach((claim, i) => {
        const end = claims[i + 1]?.clock ?? clocks.get(client) ?? claim.clock
        if (end > claim.clock) ranges.push({ ...claim, end })
      })
    }
    return ranges
  }

  #add(claim: Claim): void {
    const claims = this.#claims.get(claim.client)
    if (claims === undefined) this.#claims.set(claim.client, [claim])
    else claims.push(claim)
  }
}

/** Claims of a document's first content, which the server makes. */
export function claimsOfSeed(ranges: readonly ClientRange[], wallTimeMs: number): Claim[] {
  return new Authorship([]).note(ranges, { principal: '', origin: 'server', wallTimeMs })
}

/** Who may write under an id: a principal, or the server, for whomever it does. */
function ownerOf({ principal, origin }: Pick<Claim, 'principal' | 'origin'>): string {
  return origin === 'socket' ? `principal ${principal}` : 'server'
}

function continues(last: Claim, { principal, origin, wallTimeMs }: Author): boolean {
  return last.principal === principal && last.origin === origin && Math.abs(wallTimeMs - last.wallTimeMs) < claimMs
}

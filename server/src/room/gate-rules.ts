// The rules of the gate, by number. A refusal names its rule in the message and in `details.rule`; docs and tests cite
// the numbers, so a number is never given to another rule.

import { SheafError } from '@sheaf/protocol'

export const gateRules = {
  U1: 'The bytes are one whole Yjs v1 update: nothing is missing, and nothing stands behind it.',
  U2: 'Lengths are 1 to 2^31 - 1, clocks below 2^40, client ids below 2^53, and every integer is at most 8 bytes long.',
  U3: 'Structs, contents and types are of the kinds that the layout of the document knows; never subdocuments.',
  U4: 'A client stands once in the structs and once in the delete set.',
  U5: 'The delete ranges of a client ascend and do not overlap.',
  U6: 'Values are shallow, and no key of theirs reaches a prototype; under layout `sheaf` they are JSON.',
  U7: 'Origins, right origins and parents are known, or come earlier in the same update; they never form a circle.',
  U8: 'The two neighbours of a struct stand in one list, the list that it is put into.',
  U9: 'A clock that is known keeps what it holds: one client id is one writer.',
  U10: 'Content stands only where the layout has a place for it.',
  U11: 'Types nest no deeper than the layout allows.',
  U12: 'One tombstone is at most 1,000,000 long.',
  U13: 'An update and its document stay within the limits of size and number.',
  U14: 'An update can be applied in a bounded number of steps.',
  U15: 'An update can be cut into pieces in bounded time and memory.',
  U16: 'A client id writes for the principal who used it first; the ids of the server write for the server.',
} as const

export type GateRule = keyof typeof gateRules

/** The update breaks a rule: it is in nobody's document, and never will be. */
export function refuse(rule: GateRule, detail: string, cause?: unknown): never {
  throw new SheafError('invalid-update', `${detail} (gate rule ${rule})`, { cause, details: { rule } })
}

/** The update is well formed and more than the document, or the time of everybody else, has room for. */
export function refuseSize(rule: GateRule, detail: string, limit: number): never {
  throw new SheafError('too-large', `${detail} (gate rule ${rule})`, { details: { rule, limit } })
}

/** Whether the update is live, or everything that the other side lacks. The second may be large. */
export type UpdateKind = 'update' | 'step2'

/** Bounds that no operator needs to change; those they may are in `Limits` of the protocol. */
export const gateLimits = {
  /** Embedded maps that open a block, alive at once. */
  markers: 200_000,
  /** Roots `cell:…` and roots `table:…` ever used. */
  cells: 100_000,
  tables: 10_000,
  /** Format items: so many for each character ever typed, and so many more. */
  formatsPerCharacter: 4,
  formatsBeside: 1_000,
  /** Clocks that one tombstone covers. */
  tombstone: 1_000_000,
  /** Clients that the document has not met, in one update. Each costs every later keystroke of everybody. */
  newClients: { update: 1_000, step2: 10_000 },
  /**
   * Steps of the integration loops of Yjs that one update may cost, 0.2 to 0.5 microseconds each; one piece of a large one;
   * and one that is examined and applied in a single turn. What one edit of a whole long document makes is as much as what somebody
   * brings back from days offline, so both have one bound. Deletions have a bound of their own: each moves the structs behind it, so
   * emptying a document of 50,000 blocks is 15,000,000 steps, in as many turns as it takes.
   */
  work: { whole: 4_000_000, piece: 500_000, turn: 50_000, deleting: 40_000_000 },
  /** Bytes up to which an update is examined in a single turn; a larger one is cut into pieces, elsewhere. */
  turnBytes: 64 * 1024,
} as const

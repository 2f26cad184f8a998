// Large updates of one room on their way through the gate. The bytes are looked at, and cut into pieces, in another thread
// (gate-cutter.ts); then the pieces are examined here, against the document as it is, a few of them in each turn. Meanwhile
// everybody goes on. If by the end nothing else was admitted, the verdict stands; if something was, the pieces are examined
// once more, and for that time, which is short, other updates of this document wait at the gate. So the verdict is always
// about the very state that the update comes into, and no large update is put off for ever by those who type. A document judges
// one large update at a time, the process a few (turnstile.ts).

import type { Layout, Limits, SheafError } from '@sheaf/protocol'
import type { Gate } from './gate.ts'
import type { Cutter } from './gate-cutter.ts'
import type { UpdateKind } from './gate-rules.ts'
import type { Verdict } from './gate-verdict.ts'
import type { Turns } from './turns.ts'
import type { Turnstile } from './turnstile.ts'

export interface PassagesOptions {
  readonly documentId: string
  readonly layout: Layout
  readonly gate: Gate
  readonly cutter: Cutter
  readonly limits: Limits
  readonly turns: Turns
  readonly turnstile: Turnstile
}

/** Steps of some 0.3 microseconds that one turn is given: about 6 ms, if the machine has time and memory is at hand. */
export const turnSteps = 20_000

export class Passages {
  readonly #options: PassagesOptions
  #held: Promise<void> | undefined
  #end: SheafError | undefined

  constructor(options: PassagesOptions) {
    this.#options = options
  }

  /** Set while one large update has the gate to itself: whoever has another for it waits, and looks again. */
  get held(): Promise<void> | undefined {
    return this.#held
  }

  /**
   * Judges a large update when its turn has come. `settle` is called once, with the verdict, and takes it up in the same turn.
   * @param update whose bytes nobody changes.
   * @throws SheafError `invalid-update`, `too-large`, `overloaded`; why the room has ended.
   */
  judge<T>(update: Uint8Array, kind: UpdateKind, settle: (verdict: Verdict) => T): Promise<T> {
    const { documentId, turnstile } = this.#options
    return turnstile.pass(documentId, update.byteLength, () => this.#judge(update, kind, settle))
  }

  /** Nothing is examined any more. */
  stop(error: SheafError): void {
    this.#end ??= error
  }

  async #judge<T>(update: Uint8Array, kind: UpdateKind, settle: (verdict: Verdict) => T): Promise<T> {
    const { documentId, layout, gate, cutter, limits } = this.#options
    if (this.#end !== undefined) throw this.#end
    const cut = await cutter.cut(documentId, { update, kind, layout, limits, clocks: gate.clocks() })
    if (cut.kind === 'gap') return settle(cut)
    const verdict = await this.#examine(cut.pieces, kind)
    if (verdict.kind !== 'admit' || gate.isCurrent(verdict)) return settle(verdict)
    const release = this.#hold()
    try {
      return settle(await this.#examine(cut.pieces, kind))
    } finally {
      release()
    }
  }

  async #examine(pieces: readonly Uint8Array[], kind: UpdateKind): Promise<Verdict> {
    const { gate, turns } = this.#options
    await turns.next()
    const passage = gate.begin(kind)
    let steps = 0
    for (const piece of pieces) {
      if (steps >= turnSteps || turns.isOver) {
        await turns.next()
        steps = 0
      }
      if (this.#end !== undefined) throw this.#end
      steps += passage.take(piece)
      if (passage.isGap) break
    }
    return passage.verdict()
  }

  /** Takes the gate, which is free: a document has one large update at a time. @returns the way to give it back. */
  #hold(): () => void {
    let release: () => void = () => undefined
    this.#held = new Promise(resolve => {
      release = () => {
        this.#held = undefined
        resolve()
      }
    })
    return release
  }
}

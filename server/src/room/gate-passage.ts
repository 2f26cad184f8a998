// One large update on its way through the gate, piece by piece. A piece is examined as every update is, against what is
// known and the pieces before it; only the verdict is about all of them. Turns may pass between two pieces, and other updates
// may be admitted meanwhile: then the verdict is out of date (`Gate.isCurrent`), and the way begins anew.

import type { Examination } from './gate-examination.ts'
import { Joined } from './gate-news.ts'
import type { Admission, Piece, Verdict } from './gate-verdict.ts'
import type { Prescan } from './prescan.ts'

interface PassageOptions {
  readonly examination: Examination
  readonly prescan: (piece: Uint8Array) => Prescan
  /** @throws SheafError `too-large` when the document has no room. */
  readonly admission: (news: { update: Uint8Array; pieces: readonly Piece[] }) => Admission
}

/** What a struct, a range of deletions, and a byte cost besides the way to their place, in the same steps. */
const stepsPerStruct = 8
const stepsPerDelete = 4
const stepsPerByte = 1 / 64

export class Passage {
  readonly #options: PassageOptions
  readonly #joined = new Joined()
  readonly #pieces: Piece[] = []
  #missing: ReadonlyMap<number, number> = new Map()

  constructor(options: PassageOptions) {
    this.#options = options
  }

  /** True when what it builds on is not here: no further piece can be taken. */
  get isGap(): boolean {
    return this.#missing.size > 0
  }

  /**
   * Takes the next piece.
   * @returns what it has cost, in steps of some 0.3 microseconds. @throws SheafError `invalid-update` or `too-large`.
   */
  take(piece: Uint8Array): number {
    const { examination, prescan } = this.#options
    const workBefore = examination.work
    const scan = prescan(piece)
    this.#missing = examination.take(piece, scan)
    const { structs, deleteRanges } = scan
    const toRead = stepsPerStruct * structs + stepsPerDelete * deleteRanges + stepsPerByte * piece.length
    const steps = examination.work - workBefore + toRead
    if (this.isGap || examination.isKnown) return steps
    const news = examination.encode()
    this.#joined.add(news, news === piece ? scan : prescan(news))
    this.#pieces.push({ update: news, steps })
    return steps
  }

  /** To be asked behind the last piece. @throws SheafError `invalid-update` or `too-large`. */
  verdict(): Verdict {
    if (this.isGap) return { kind: 'gap', missing: this.#missing }
    const { examination, admission } = this.#options
    examination.finish()
    if (examination.isNothing) return { kind: 'nothing' }
    return admission({ update: this.#joined.encode(), pieces: this.#pieces })
  }
}

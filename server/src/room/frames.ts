// Frames that many sockets share: made when the first one needs them, and for all of them once. `sheaf.v1` clients get long
// messages as chunks, stock clients as one frame.

import { chunked, encodeMessage, type Message, SheafError } from '@sheaf/protocol'
import * as Y from 'yjs'
import type { UpdateRow } from '../store/store.ts'

/** One encoded message in the form of either dialect. */
class Shared {
  readonly #message: Message
  #frame: Uint8Array | undefined
  #chunks: readonly Uint8Array[] | undefined

  constructor(message: Message) {
    this.#message = message
  }

  frames(extension: boolean): readonly Uint8Array[] {
    this.#frame ??= encodeMessage(this.#message)
    if (!extension) return [this.#frame]
    this.#chunks ??= chunked(this.#frame)
    return this.#chunks
  }
}

/** The rows of one document that became durable together, as they leave for the sessions. */
export class Commit {
  readonly #rows: readonly UpdateRow[]
  readonly #authors: ReadonlySet<string>
  readonly #added: Shared | undefined
  readonly #each: (Shared | undefined)[] = []

  /** @param added what the rows have added to the replica, in one update; null for nothing. */
  constructor(rows: readonly UpdateRow[], added: Uint8Array | null) {
    this.#rows = rows
    this.#authors = new Set(rows.map(row => row.session))
    this.#added = added === null ? undefined : new Shared({ type: 'update', update: added })
  }

  /** What this session has not sent itself. */
  framesFor(sessionId: string, extension: boolean): readonly Uint8Array[] {
    if (!this.#authors.has(sessionId)) return this.#added?.frames(extension) ?? []
    if (this.#authors.size === 1) return []
    const frames: Uint8Array[] = []
    this.#rows.forEach((row, i) => {
      if (row.session === sessionId) return
      this.#each[i] ??= new Shared({ type: 'update', update: row.update })
      frames.push(...this.#each[i].frames(extension))
    })
    return frames
  }
}

/** So many different answers are kept for those who ask the same at one revision. */
const maxAnswers = 8

/** What the replica answers at its present revision. Forget everything when the replica changes. */
export class Answers {
  readonly #ydoc: Y.Doc
  #stateVector: Uint8Array | undefined
  #step1: Uint8Array | undefined
  readonly #states = new Map<string, Shared>()

  constructor(ydoc: Y.Doc) {
    this.#ydoc = ydoc
  }

  forget(): void {
    this.#stateVector = undefined
    this.#step1 = undefined
    this.#states.clear()
  }

  get stateVector(): Uint8Array {
    this.#stateVector ??= Y.encodeStateVector(this.#ydoc)
    return this.#stateVector
  }

  get step1(): Uint8Array {
    this.#step1 ??= encodeMessage({ type: 'step1', stateVector: this.stateVector })
    return this.#step1
  }

  /**
   * What a replica with this state vector lacks, as a step 2 or as an update.
   * @throws SheafError `malformed` for bytes that are no state vector.
   */
  state(type: 'step2' | 'update', stateVector: Uint8Array, extension: boolean): readonly Uint8Array[] {
    const key = `${type}:${Buffer.from(stateVector).toString('latin1')}`
    let shared = this.#states.get(key)
    if (shared === undefined) {
      shared = new Shared({ type, update: this.#difference(stateVector) })
      if (this.#states.size >= maxAnswers) this.#states.clear()
      this.#states.set(key, shared)
    }
    return shared.frames(extension)
  }

  #difference(stateVector: Uint8Array): Uint8Array {
    try {
      return Y.encodeStateAsUpdate(this.#ydoc, stateVector)
    } catch (cause) {
      throw new SheafError('malformed', 'The bytes of step 1 are no state vector.', { cause })
    }
  }
}

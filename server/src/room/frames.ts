// Frames that many sockets share: made when the first one needs them, and for all of them once. `sheaf.v1` clients get long
// messages as chunks, stock clients as one frame. One commit is one frame for every socket: that decides what a busy document
// costs, for a write to a socket costs far more than the bytes in it.

import { chunked, encodeMessage, type Message, SheafError } from '@sheaf/protocol'
import * as Y from 'yjs'
import type { UpdateRow } from '../store/store.ts'

/** One encoded message in the form of either dialect. */
class Shared {
  readonly #message: Message
  #whole: readonly [Uint8Array] | undefined
  #chunks: readonly Uint8Array[] | undefined

  constructor(message: Message) {
    this.#message = message
  }

  frames(extension: boolean): readonly Uint8Array[] {
    this.#whole ??= [encodeMessage(this.#message)]
    if (!extension) return this.#whole
    this.#chunks ??= chunked(this.#whole[0])
    return this.#chunks
  }
}

/** Who has sent less than this in a commit gets it back with what the others have sent; Yjs passes over what it knows. */
const maxEchoBytes = 16 * 1024

/** The rows of one document that became durable together, as they leave for the sessions. */
export class Commit {
  readonly #rows: readonly UpdateRow[]
  /** Bytes that each session has sent. */
  readonly #authors = new Map<string, number>()
  readonly #added: Shared | undefined
  readonly #each: (Shared | undefined)[] = []

  /** @param added what the rows have added to the replica, in one update; null for nothing. */
  constructor(rows: readonly UpdateRow[], added: Uint8Array | null) {
    this.#rows = rows
    for (const { session, update } of rows) {
      this.#authors.set(session, (this.#authors.get(session) ?? 0) + update.byteLength)
    }
    this.#added = added === null ? undefined : new Shared({ type: 'update', update: added })
  }

  /** What holds all that this session has not sent itself. */
  framesFor(sessionId: string, extension: boolean): readonly Uint8Array[] {
    const ownBytes = this.#authors.get(sessionId)
    const isSoleAuthor = ownBytes !== undefined && this.#authors.size === 1
    if (this.#added === undefined || isSoleAuthor) return []
    if (ownBytes === undefined || ownBytes <= maxEchoBytes) return this.#added.frames(extension)
    const frames: Uint8Array[] = []
    this.#rows.forEach((row, i) => {
      if (row.session === sessionId) return
      this.#each[i] ??= new Shared({ type: 'update', update: row.update })
      frames.push(...this.#each[i].frames(extension))
    })
    return frames
  }
}

/** So many different answers are kept for those who ask the same. */
const maxAnswers = 8

/** A state, encoded once for all who ask for it before the document changes. */
interface Answer {
  readonly state: Shared
  isUsed: boolean
}

/** What the replica answers. Tell it of each change of the replica, and from time to time to forget what nobody asks for. */
export class Answers {
  readonly #ydoc: Y.Doc
  #stateVector: Uint8Array | undefined
  #step1: Uint8Array | undefined
  readonly #answers = new Map<string, Answer>()

  constructor(ydoc: Y.Doc) {
    this.#ydoc = ydoc
  }

  /** The replica has taken this in; null when the rows added nothing. */
  follow(added: Uint8Array | null): void {
    if (added === null) return
    this.#stateVector = undefined
    this.#step1 = undefined
    // An answer is all that there is: whoever has it has what everybody has seen.
    this.#answers.clear()
  }

  /** Answers are for those who come together; kept for longer, they would cost as much memory as the document. */
  forgetUnused(): void {
    for (const [key, answer] of this.#answers) {
      if (!answer.isUsed) this.#answers.delete(key)
      answer.isUsed = false
    }
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
    let answer = this.#answers.get(key)
    if (answer === undefined) {
      answer = { state: new Shared({ type, update: this.#difference(stateVector) }), isUsed: true }
      if (this.#answers.size >= maxAnswers) this.#answers.clear()
      this.#answers.set(key, answer)
    }
    answer.isUsed = true
    return answer.state.frames(extension)
  }

  #difference(stateVector: Uint8Array): Uint8Array {
    try {
      return Y.encodeStateAsUpdate(this.#ydoc, stateVector)
    } catch (cause) {
      throw new SheafError('malformed', 'The bytes of step 1 are no state vector.', { cause })
    }
  }
}

// Frames that many sockets share: made when the first one needs them, and for all of them once. `sheaf.v1` clients get long
// messages as chunks, stock clients as one frame. One commit is one frame for every socket: that decides what a busy document
// costs, for a write to a socket costs far more than the bytes in it.

import { chunked, encodeMessage, type Message, SheafError } from '@sheaf/protocol'
import * as Y from 'yjs'
import type { UpdateRow } from '../store/store.ts'
import type { StoredDocument } from './stored.ts'

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

/** What comes after an answer is sent behind it, until it is so much that the answer is better made anew. */
const maxLater = 64
const maxLaterBytes = 64 * 1024

/** Somebody's state vector that has nothing. */
const nothing = Uint8Array.of(0)

/** No structs and no deletions. */
const emptyUpdate = Uint8Array.of(0, 0)

/** Where answers come from. */
export interface AnswerSource {
  readonly ydoc: Y.Doc
  /** What the document was loaded from; undefined as soon as it holds anything else. */
  readonly stored: StoredDocument | undefined
}

/** What somebody lacks: step 2 is the last message of it. Made once for all who ask for it. */
class Answer {
  readonly #updates: readonly Uint8Array[]
  readonly #later: Shared[] = []
  #laterBytes = 0
  #first: readonly Shared[] | undefined
  #whole: Shared | undefined
  isUsed = true

  /** @param updates to be applied in this order. */
  constructor(updates: readonly Uint8Array[]) {
    this.#updates = updates
  }

  /** The document has changed since. @returns false when the answer is better made anew. */
  add(later: Shared, bytes: number): boolean {
    this.#later.push(later)
    this.#laterBytes += bytes
    return this.#later.length <= maxLater && this.#laterBytes <= maxLaterBytes
  }

  frames(type: 'step2' | 'update', extension: boolean): readonly Uint8Array[] {
    if (this.#later.length === 0 && this.#updates.length <= 1) {
      const [update = emptyUpdate] = this.#updates
      this.#whole ??= new Shared({ type, update })
      return this.#whole.frames(extension)
    }
    this.#first ??= this.#updates.map(update => new Shared({ type: 'update', update }))
    this.#whole = undefined
    const frames = [...this.#first, ...this.#later].flatMap(shared => shared.frames(extension))
    if (type === 'step2') frames.push(emptyStep2)
    return frames
  }
}

const emptyStep2 = encodeMessage({ type: 'step2', update: emptyUpdate })

/** What a document answers. Tell it of each change, and from time to time to forget what nobody asks for. */
export class Answers {
  readonly #source: AnswerSource
  #stateVector: Uint8Array | undefined
  #step1: Uint8Array | undefined
  readonly #answers = new Map<string, Answer>()

  constructor(source: AnswerSource) {
    this.#source = source
  }

  /** The replica has taken this in; null when the rows added nothing. */
  follow(added: Uint8Array | null): void {
    if (added === null) return
    this.#stateVector = undefined
    this.#step1 = undefined
    // Everything is dear to make, so what comes later is sent behind it; differences are for one moment.
    const everything = this.#answers.get(keyOf('step2', nothing))
    this.#answers.clear()
    const later = everything && new Shared({ type: 'update', update: added })
    if (later && everything.add(later, added.byteLength)) this.#answers.set(keyOf('step2', nothing), everything)
  }

  /** Answers are for those who come together; kept for longer, they would cost as much memory as the document. */
  forgetUnused(): void {
    for (const [key, answer] of this.#answers) {
      if (!answer.isUsed) this.#answers.delete(key)
      answer.isUsed = false
    }
  }

  get stateVector(): Uint8Array {
    const { stored } = this.#source
    this.#stateVector ??= stored?.stateVector ?? Y.encodeStateVector(this.#source.ydoc)
    return this.#stateVector
  }

  get step1(): Uint8Array {
    this.#step1 ??= encodeMessage({ type: 'step1', stateVector: this.stateVector })
    return this.#step1
  }

  /**
   * What a replica with this state vector lacks, as updates of which the last is a step 2, or as updates only.
   * @throws SheafError `malformed` for bytes that are no state vector.
   */
  state(type: 'step2' | 'update', stateVector: Uint8Array, extension: boolean): readonly Uint8Array[] {
    const key = keyOf(type, stateVector)
    let answer = this.#answers.get(key)
    if (answer === undefined) {
      answer = new Answer(this.#since(stateVector))
      if (this.#answers.size >= maxAnswers) this.#answers.clear()
      this.#answers.set(key, answer)
    }
    answer.isUsed = true
    return answer.frames(type, extension)
  }

  #since(stateVector: Uint8Array): readonly Uint8Array[] {
    const clocks = clocksOf(stateVector)
    const updates = this.#source.stored?.since(clocks)
    return updates ?? [Y.encodeStateAsUpdate(this.#source.ydoc, stateVector)]
  }
}

function clocksOf(stateVector: Uint8Array): Map<number, number> {
  try {
    return Y.decodeStateVector(stateVector)
  } catch (cause) {
    throw new SheafError('malformed', 'The bytes of step 1 are no state vector.', { cause })
  }
}

function keyOf(type: 'step2' | 'update', stateVector: Uint8Array): string {
  return `${type}:${Buffer.from(stateVector).toString('latin1')}`
}

// One party's participation in a room: reads its frames, speaks its dialect (stock y-websocket, or `sheaf.v1`), and keeps
// account of what it was promised. Whatever is wrong with a frame closes this socket alone.
//
// What a session may count on: its updates are offered in the order in which they came; an acknowledgement covers every
// smaller client sequence number, each of them durable, or refused by a nack that went out before; nothing is forwarded
// to it before it has asked for the state (step 1), and from then on it gets every commit, or a difference that contains it.

import {
  type BaseMessage,
  ChunkAssembly,
  decodeMessage,
  type ErrorCode,
  encodeMessage,
  type Hello,
  joinFrame,
  keepaliveMs,
  type Limits,
  type Message,
  type Notice,
  SheafError,
} from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { RecordPut } from '../store/records.ts'
import { Acks, type Receipt } from './acks.ts'
import { Allowance } from './allowance.ts'
import type { Assembler, Assembling } from './assembling.ts'
import type { Answers, Commit } from './frames.ts'
import { Keystrokes } from './keystrokes.ts'
import { Lane } from './lane.ts'
import { Outbound } from './outbound.ts'
import { type Channel, canWrite, type Grant, longFrameBytes, type Member, type ShownAs } from './ports.ts'
import type { Party, Presence } from './presence.ts'
import type { TurnShare } from './turns.ts'

export type UpdateKind = 'update' | 'step2'

/** An update on its way into the document, and who brings it. */
export interface Offered {
  readonly update: Uint8Array
  /** True when nobody else holds or changes the bytes. Otherwise they are good for this turn. */
  readonly isOwned: boolean
  readonly kind: UpdateKind
  /** How many it is made of. */
  readonly updates: number
  readonly principal: string
  readonly session: string
  readonly clientSeq: number
  readonly origin: 'socket' | 'api' | 'server'
  /** Asked when the update is about to become a row: a large one takes a while to be judged. */
  readonly mayWrite: () => boolean
  /** What is written in the batch of the row, once its seq is known. */
  readonly records?: ((seq: number) => readonly RecordPut[]) | undefined
}

export type Offer =
  /** It is in the log, or adds nothing; safe once the document is durable up to `seq`. `work`: {@link Admission.work}. */
  | { readonly kind: 'taken'; readonly seq: number; readonly work: number }
  /** It builds on updates that the room has not seen; nothing was changed. */
  | { readonly kind: 'gap' }
  /** Nothing was changed, and will not be. */
  | { readonly kind: 'refused'; readonly error: SheafError }

/** The room, as its sessions see it. */
export interface Floor {
  /** Durable up to this seq. */
  readonly revision: number
  /** The newest seq that was given to a row, durable or not. */
  readonly assigned: number
  readonly answers: Answers
  readonly presence: Presence
  /** Of updates that are judged in one turn of the event loop, all sessions together. */
  readonly share: TurnShare
  hello(grant: Grant): Hello
  /** What a new session must know besides. */
  notices(): readonly Notice[]
  /** A large update is judged over several turns, and another one may have to wait for that. */
  offer(offered: Offered): Offer | Promise<Offer>
  /** The session is behind; the room calls `session.pump()` until it is not. */
  fellBehind(session: RoomSession): void
  left(session: RoomSession): void
}

export interface SessionOptions {
  readonly id: string
  readonly floor: Floor
  readonly channel: Channel
  readonly grant: Grant
  readonly assembling: Assembling
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** Sent when nothing else was said for a while: an awareness update about nobody. */
const keepaliveFrame = encodeMessage({ type: 'awareness', update: new Uint8Array([0]) })

/** Updates that came too early are held until the first step 2, which covers them all; beyond this they are let go. */
const maxHeld = 1_000
const maxHeldBytes = 1024 * 1024

/** Requests for the state that may be overtaken by newer ones while the first of them waits for its time. */
const maxOvertaken = 4

/** A shared message of at most this size is copied behind an acknowledgement; a longer one is a frame of its own. */
const maxJoinedBytes = 4 * 1024

/** After a gap the client is asked for everything at most so often. */
const askAgainMs = 1_000

/** An update of this socket, and where its acknowledgement stands. */
interface Submission {
  readonly update: Uint8Array
  readonly updates: number
  readonly isOwned: boolean
  readonly kind: UpdateKind
  readonly receipt: Receipt | undefined
}

export class RoomSession implements Member, Party, Assembler {
  readonly id: string
  readonly #floor: Floor
  readonly #channel: Channel
  readonly #grant: Grant
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #log: Log
  readonly #metrics: Metrics
  readonly #outbound: Outbound
  readonly #acks = new Acks()
  readonly #chunks: ChunkAssembly
  readonly #assembling: Assembling
  readonly #allowance: Allowance
  readonly #lane: Lane
  /** The last step in the lane, while it is typing that may go on. */
  #typing: Keystrokes | undefined
  /** True once the client has asked for the state; commits are forwarded from then on. */
  #following = false
  /** What the client is known to have, when the room stopped forwarding; to be answered as step 2 if it asked. */
  #behind: { stateVector: Uint8Array; asStep2: boolean } | undefined
  /** Updates with gaps from before the first step 2; undefined afterwards. */
  #held: Submission[] | undefined = []
  #heldBytes = 0
  /** True once the first step 2 was taken up: until then nothing is known of what was typed without a connection. */
  #isCovered = false
  /** The newest step 1 that waits for its time, and how many others it has overtaken. */
  #asked: { stateVector: Uint8Array; overtaken: number; cancel: () => void } | undefined
  /** Step 2s that this side has asked for and not got; they are not charged. */
  #step2sDue = 0
  #askedMs = Number.NEGATIVE_INFINITY
  #askDue = false
  /** True when an update was refused only because nothing more could wait for the disk. */
  #owesRefused = false
  #open = true

  constructor(options: SessionOptions) {
    const { limits, clock } = options
    this.id = options.id
    this.#floor = options.floor
    this.#channel = options.channel
    this.#grant = options.grant
    this.#limits = limits
    this.#clock = clock
    this.#log = options.log
    this.#metrics = options.metrics
    this.#outbound = new Outbound(options.channel, limits, clock)
    // A few bytes for the envelope of the largest step 2.
    this.#chunks = new ChunkAssembly(limits.maxStep2Bytes + 64)
    this.#assembling = options.assembling
    this.#allowance = new Allowance(limits, clock)
    this.#lane = new Lane({ clock, limits, share: options.floor.share, onError: cause => this.#fail(cause) })
  }

  get principal(): string {
    return this.#grant.principal
  }

  get shownAs(): ShownAs | undefined {
    return this.#grant.shownAs
  }

  /** Speaks first: hello and notices under `sheaf.v1`, then step 1. */
  greet(): void {
    if (this.#grant.extension) {
      this.#say({ type: 'hello', hello: this.#floor.hello(this.#grant) })
      for (const notice of this.#floor.notices()) this.#say({ type: 'notice', notice })
    }
    this.#floor.presence.join(this)
    this.#ask()
  }

  receive(frame: Uint8Array): void {
    if (!this.#open) return
    try {
      this.#allowance.chargeMessage()
      if (frame.byteLength > this.#limits.maxFrameBytes) throw new SheafError('too-large')
      this.#take(decodeMessage(frame))
    } catch (cause) {
      this.#fail(cause)
    }
  }

  leave(): void {
    if (!this.#open) return
    // What came before whatever ends the session was sent in good order.
    this.#lane.flush()
    if (!this.#open) return
    this.#open = false
    this.#held = undefined
    this.#lane.stop()
    this.#assembling.forget(this)
    this.#asked?.cancel()
    this.#floor.presence.leave(this)
    this.#floor.left(this)
  }

  refuse({ code, message }: SheafError): void {
    this.close(code, message)
  }

  /** Ends the session from this side. */
  close(code: ErrorCode, detail?: string): void {
    if (!this.#open) return
    this.#lane.flush()
    if (!this.#open) return
    if (code === 'unauthorized' || code === 'forbidden') this.#say({ type: 'denied', reason: code })
    this.leave()
    this.#channel.close(code, detail)
  }

  /** Rows are durable and in the replica: forwards what this client does not have, and acknowledges. */
  committed(commit: Commit): void {
    try {
      const { extension } = this.#grant
      const isForwarded = this.#following && this.#behind === undefined
      const frames = isForwarded ? commit.framesFor(this.id, extension) : []
      const ack = this.#dueAck()
      const [only] = frames
      if (ack !== undefined && frames.length === 1 && only!.byteLength <= maxJoinedBytes) {
        // W21: one write instead of two.
        this.#outbound.send(joinFrame([ack, only!]))
      } else {
        for (const frame of frames) this.#outbound.sendShared(frame)
        if (ack !== undefined) this.#outbound.send(ack)
      }
      if (frames.length > 0) this.#watch()
      else if (ack !== undefined && this.#outbound.isHopeless) this.#closeSlow()
    } catch (cause) {
      // One socket that fails must not keep the commit from the others.
      this.#fail(cause)
    }
  }

  /** Tells what the person at the screen should know; stock clients have no word for it. */
  notify(frame: Uint8Array): void {
    if (this.#open && this.#grant.extension) this.#outbound.sendShared(frame)
  }

  /** Asks for what was refused while the disk took nothing. */
  fetchRefused(): void {
    if (!this.#open || !this.#owesRefused) return
    this.#owesRefused = false
    this.#ask()
  }

  tell(frame: Uint8Array): boolean {
    if (!this.#open || this.#behind !== undefined || this.#outbound.isFull) return false
    this.#outbound.sendShared(frame)
    return true
  }

  /** Called while the session is behind. @returns true when it has caught up, or is gone. */
  pump(): boolean {
    if (!this.#open || this.#behind === undefined) return true
    if (this.#outbound.isHopeless) {
      this.#closeSlow()
      return true
    }
    if (!this.#outbound.isDrained) return false
    const { stateVector, asStep2 } = this.#behind
    this.#behind = undefined
    this.#outbound.catchUp()
    this.#metrics.count('sheaf_ws_resync_coalesced_total')
    this.#sendState(asStep2 ? 'step2' : 'update', stateVector)
    return this.#behind === undefined
  }

  /**
   * Called from time to time. Says something when nothing was said for so long that a stock client would hang up before
   * the next call.
   */
  sweep(nextCallMs: number): void {
    if (!this.#open) return
    if (this.#askDue) this.#ask()
    if (this.#outbound.silentMs + nextCallMs >= keepaliveMs) this.#outbound.send(keepaliveFrame)
  }

  #take(message: Message): void {
    switch (message.type) {
      case 'step1':
        return this.#answer(message.stateVector)
      case 'step2':
      case 'update':
        return this.#submit(message.update, message.type, undefined)
      case 'awareness':
        return this.#floor.presence.receive(this, message.update)
      case 'query-awareness':
        return this.#floor.presence.showEverybody(this)
      case 'sequenced':
        this.#assertExtension(message)
        return this.#takeSequenced(message.clientSeq, message.message)
      case 'chunk': {
        this.#assertExtension(message)
        const whole = this.#assemble(message)
        if (whole === undefined) return
        const inner = decodeMessage(whole)
        if (inner.type === 'chunk') throw new SheafError('malformed', 'A chunk inside chunks.')
        return this.#take(inner)
      }
      default:
        throw new SheafError('malformed', `A client does not send ${message.type}.`)
    }
  }

  /** @returns the whole message with its last chunk. */
  #assemble(chunk: Extract<Message, { type: 'chunk' }>): Uint8Array | undefined {
    this.#assembling.add(this, chunk.bytes.byteLength)
    if (!this.#open) return undefined
    const whole = this.#chunks.add(chunk)
    if (whole !== undefined) this.#assembling.forget(this)
    return whole
  }

  #takeSequenced(clientSeq: number, message: BaseMessage): void {
    if (message.type !== 'update' && message.type !== 'step2') {
      throw new SheafError('malformed', 'Only updates are numbered.')
    }
    this.#submit(message.update, message.type, clientSeq)
  }

  /** Answers a step 1, soon when there were many: the newest of those that wait stands for all. */
  #answer(stateVector: Uint8Array): void {
    const waitMs = this.#allowance.step1WaitMs
    if (this.#asked === undefined && waitMs === 0) return this.#answerNow(stateVector)
    const overtaken = this.#asked === undefined ? 0 : this.#asked.overtaken + 1
    if (overtaken >= maxOvertaken) throw new SheafError('rate-limited', 'Too many step 1.')
    this.#asked?.cancel()
    const cancel = this.#clock.after(waitMs, () => {
      this.#asked = undefined
      try {
        this.#answerNow(asked.stateVector)
      } catch (cause) {
        this.#fail(cause)
      }
    })
    const asked = { stateVector: stateVector.slice(), overtaken, cancel }
    this.#asked = asked
  }

  #answerNow(stateVector: Uint8Array): void {
    this.#allowance.chargeStep1()
    this.#following = true
    this.#floor.presence.showEverybody(this)
    // The answer to an earlier step 1 is still waiting: this one is answered when that has gone out.
    if (this.#behind !== undefined) this.#behind = { stateVector: stateVector.slice(), asStep2: true }
    else this.#sendState('step2', stateVector)
  }

  #sendState(type: 'step2' | 'update', stateVector: Uint8Array): void {
    this.#outbound.sendState(this.#floor.answers.state(type, stateVector, this.#grant.extension))
    this.#watch()
  }

  #submit(update: Uint8Array, kind: UpdateKind, clientSeq: number | undefined): void {
    // The answer to a question of the server is free.
    const isFree = kind === 'step2' && this.#step2sDue > 0
    if (isFree) this.#step2sDue -= 1
    if (kind === 'update' && this.#type(update, clientSeq)) return
    this.#typing = undefined
    const receipt = clientSeq === undefined ? undefined : this.#acks.add([clientSeq])
    const bytes = update.byteLength
    const waitMs = () => (isFree ? 0 : this.#allowance.updateWaitMs)
    // A short frame belongs to the socket, which may use its memory again; a long one is ours, and copying it takes its time.
    const isLong = bytes >= longFrameBytes
    const isOwned = isLong || this.#lane.isBusy || waitMs() > 0
    const kept = isOwned && !isLong ? update.slice() : update
    const submission = { update: kept, updates: 1, isOwned, kind, receipt }
    this.#lane.add({
      updates: 1,
      bytes,
      waitMs,
      run: () => {
        if (!isFree) this.#allowance.chargeUpdates(1, bytes)
        return this.#offer(submission, () => {
          if (kind === 'step2') this.#release()
          this.#acknowledge()
        })
      },
    })
  }

  /** Puts an update to those that it goes on from. @returns false for one that is no typing. */
  #type(update: Uint8Array, clientSeq: number | undefined): boolean {
    const last = this.#typing
    const isNumbered = clientSeq !== undefined
    if (last !== undefined && last.clientSeqs.length > 0 === isNumbered && last.extend(update)) {
      if (isNumbered) last.clientSeqs.push(clientSeq)
      this.#lane.grew(update.byteLength)
      return true
    }
    const typing = Keystrokes.begin(update)
    if (typing === undefined) return false
    if (isNumbered) typing.clientSeqs.push(clientSeq)
    // What it does not go on from has its place before it.
    this.#lane.flush()
    this.#typing = typing
    const receipt = isNumbered ? this.#acks.add(typing.clientSeqs) : undefined
    this.#lane.addGrowing({
      get updates() {
        return typing.updates
      },
      get bytes() {
        return typing.bytes
      },
      waitMs: () => this.#allowance.updateWaitMs,
      run: () => {
        if (this.#typing === typing) this.#typing = undefined
        this.#allowance.chargeUpdates(typing.updates, typing.bytes)
        const { updates } = typing
        const submission: Submission = { update: typing.encode(), updates, isOwned: true, kind: 'update', receipt }
        return this.#offer(submission, () => this.#acknowledge())
      },
    })
    return true
  }

  /** Offers an update to the room; `after` is called when it was judged, in the same turn if that took no other. */
  #offer(submission: Submission, after: () => void): void | Promise<void> {
    if (!this.#open) return
    const { update, updates, isOwned, kind, receipt } = submission
    const offer = this.#floor.offer({
      update,
      updates,
      isOwned,
      kind,
      principal: this.#grant.principal,
      session: this.id,
      clientSeq: receipt?.clientSeqs.at(-1) ?? 0,
      origin: 'socket',
      mayWrite: () => canWrite(this.#grant.role),
    })
    const take = (judged: Offer) => {
      if (!this.#open) return
      this.#settle(submission, judged)
      after()
    }
    return offer instanceof Promise ? offer.then(take) : take(offer)
  }

  #settle(submission: Submission, offer: Offer): void {
    const { kind, receipt } = submission
    switch (offer.kind) {
      case 'taken':
        if (receipt !== undefined) receipt.afterSeq = offer.seq
        return this.#allowance.chargeWork(offer.work)
      case 'gap':
        if (this.#held !== undefined && kind === 'update') return this.#hold(submission)
        this.#refuse(receipt, new SheafError('gap'))
        return this.#ask()
      case 'refused':
        return this.#refuse(receipt, offer.error)
    }
  }

  #hold(submission: Submission): void {
    if (this.#held === undefined) return
    const { byteLength } = submission.update
    // What is let go is in the step 2 that is still to come; its receipt stays, and that step 2 will cover it.
    if (this.#held.length >= maxHeld || this.#heldBytes + byteLength > maxHeldBytes) return
    this.#held.push(
      submission.isOwned ? submission : { ...submission, update: submission.update.slice(), isOwned: true },
    )
    this.#heldBytes += byteLength
  }

  /** The first step 2 has come: what was held has a place now, or is told that it has none. */
  #release(): void {
    const held = this.#held
    if (held === undefined) return
    this.#held = undefined
    const now = { updates: 0, bytes: 0, waitMs: () => 0 }
    this.#lane.addFirst([
      ...held.map(submission => ({ ...now, run: () => this.#offer(submission, () => undefined) })),
      { ...now, run: () => this.#cover() },
    ])
  }

  #cover(): void {
    this.#acks.cover(this.#floor.assigned)
    this.#isCovered = true
    this.#acknowledge()
  }

  #refuse(receipt: Receipt | undefined, error: SheafError): void {
    this.#metrics.count('sheaf_update_rejected_total', 1, { reason: error.code })
    if (receipt !== undefined) {
      this.#acks.refuse(receipt)
      for (const clientSeq of receipt.clientSeqs) {
        this.#say({ type: 'nack', clientSeq, code: error.code, reason: error.message })
      }
    }
    switch (error.code) {
      case 'gap':
        return
      case 'read-only':
        if (receipt === undefined) this.#say({ type: 'denied', reason: error.code })
        return
      case 'storage-failed':
        this.#owesRefused = true
        // Without a number there is no other way to tell that the update was not taken.
        if (receipt === undefined) this.close(error.code, error.message)
        return
      default:
        throw error
    }
  }

  /** Asks the client for everything that the server has not seen; soon, when it was asked just now. */
  #ask(): void {
    const nowMs = this.#clock.monotonicMs()
    this.#askDue = nowMs - this.#askedMs < askAgainMs
    if (this.#askDue) return
    this.#askedMs = nowMs
    this.#step2sDue = 1
    this.#outbound.sendShared(this.#floor.answers.step1)
  }

  #acknowledge(): void {
    const ack = this.#dueAck()
    if (ack === undefined) return
    this.#outbound.send(ack)
    if (this.#outbound.isHopeless) this.#closeSlow()
  }

  /** The acknowledgement of all that is safe by now, encoded; whoever takes it has to send it. */
  #dueAck(): Uint8Array | undefined {
    if (!this.#grant.extension || !this.#open || !this.#isCovered) return undefined
    const revision = this.#floor.revision
    const clientSeq = this.#acks.settle(revision)
    return clientSeq === undefined ? undefined : encodeMessage({ type: 'ack', clientSeq, revision })
  }

  #say(message: Message): void {
    this.#outbound.send(encodeMessage(message))
    if (this.#outbound.isHopeless) this.#closeSlow()
  }

  /** Stops forwarding when too much is waiting. */
  #watch(): void {
    if (!this.#open || !this.#outbound.isFull) return
    if (this.#outbound.isHopeless) return this.#closeSlow()
    this.#behind = { stateVector: this.#floor.answers.stateVector, asStep2: false }
    this.#outbound.fallBehind()
    this.#floor.fellBehind(this)
  }

  #closeSlow(): void {
    if (!this.#open) return
    this.#metrics.count('sheaf_ws_slow_consumer_total')
    this.close('slow-consumer')
  }

  #assertExtension(message: Message): void {
    if (!this.#grant.extension) throw new SheafError('malformed', `${message.type} belongs to sheaf.v1.`)
  }

  #fail(cause: unknown): void {
    if (cause instanceof SheafError) return this.close(cause.code, cause.message)
    this.#log.error('A frame met a bug', { session: this.id, cause })
    this.close('internal')
  }
}

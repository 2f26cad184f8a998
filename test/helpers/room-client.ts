// A client on a socket pair, made of the real parts of a client: a Y.Doc, y-protocols' sync and awareness, and for
// `sheaf.v1` an outbox of what is not acknowledged. It behaves as y-websocket does: step 1 and its own awareness first, an
// answer to every step 1, every local update at once, and every awareness change sent back, also those of others.

import {
  ChunkAssembly,
  chunked,
  decodeMessage,
  defaultLimits,
  type ErrorCode,
  encodeMessage,
  type Hello,
  type Message,
  type Role,
  splitFrame,
} from '@sheaf/protocol'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { Registry } from '../../server/src/room/registry.ts'
import { SocketPair } from './socket-pair.ts'

export interface RoomClientOptions {
  /** Speak `sheaf.v1`. Default: the base dialect. */
  readonly extension?: boolean
  readonly role?: Role
  readonly principal?: string
  readonly clientId?: number
}

type Of<T extends Message['type']> = Extract<Message, { type: T }>

export class RoomClient {
  readonly ydoc = new Y.Doc()
  readonly awareness: Awareness
  /** Every message of the present connection, oldest first; a chunked one as the whole. */
  received: Message[] = []
  hello: Hello | undefined
  /** Highest client sequence number that is acknowledged, and the highest that was given. */
  ackedSeq = 0
  lastSeq = 0
  closedWith: { code: ErrorCode | undefined; detail: string | undefined } | undefined
  synced = false
  pair: SocketPair | undefined
  readonly #options: RoomClientOptions
  #chunks = new ChunkAssembly(defaultLimits.maxStep2Bytes + 64)

  constructor(options: RoomClientOptions = {}) {
    this.#options = options
    if (options.clientId !== undefined) this.ydoc.clientID = options.clientId
    this.awareness = new Awareness(this.ydoc)
    // The renewal timer of y-protocols is no part of what is tested.
    clearInterval(this.awareness._checkInterval as ReturnType<typeof setInterval>)
    this.ydoc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this) return
      this.lastSeq += 1
      this.#sendUpdate('update', update, this.lastSeq)
    })
    this.awareness.on('update', (changes: { added: number[]; updated: number[]; removed: number[] }) => {
      this.#sendAwareness([...changes.added, ...changes.updated, ...changes.removed])
    })
  }

  /** True while something typed here is not acknowledged. */
  get isPending(): boolean {
    return this.ackedSeq < this.lastSeq
  }

  get isExtension(): boolean {
    return this.#options.extension === true
  }

  get text(): Y.Text {
    return this.ydoc.getText('body')
  }

  /** Opens a socket and says hello; resolves when the room has let it in. */
  async connect(registry: Registry, documentId: string): Promise<SocketPair> {
    const pair = this.open()
    await this.enter(registry, documentId, pair)
    return pair
  }

  /** Opens a socket and sends the first frames into it, but does not yet enter a room. */
  open(): SocketPair {
    this.closedWith = undefined
    this.received = []
    this.#chunks = new ChunkAssembly(defaultLimits.maxStep2Bytes + 64)
    // What an abandoned socket still brings is not read.
    const pair: SocketPair = new SocketPair({
      receive: frame => this.pair === pair && this.#receive(frame),
      closed: (code, detail) => this.pair === pair && this.#disconnected(code, detail),
    })
    this.pair = pair
    this.send({ type: 'step1', stateVector: Y.encodeStateVector(this.ydoc) })
    if (this.awareness.getLocalState() !== null) this.#sendAwareness([this.ydoc.clientID])
    return pair
  }

  async enter(registry: Registry, documentId: string, pair: SocketPair): Promise<void> {
    const { principal = '', role = 'editor', extension = false } = this.#options
    pair.attach(await registry.join(documentId, pair.channel, { principal, role, extension }))
  }

  /** Gives the socket up without telling anybody: the server goes on with it until it is cut. */
  abandon(): SocketPair {
    const pair = this.pair!
    this.#disconnected(undefined, undefined)
    return pair
  }

  /** The connection breaks. */
  cut(): void {
    this.pair?.cut()
  }

  send(message: Message): void {
    this.sendBytes(encodeMessage(message))
  }

  sendBytes(frame: Uint8Array): void {
    this.pair?.send(frame)
  }

  /** All messages of a type on the present connection. */
  all<T extends Message['type']>(type: T): Of<T>[] {
    return this.received.filter((message): message is Of<T> => message.type === type)
  }

  /** The names that are shown by others. */
  names(): string[] {
    return [...this.awareness.getStates()]
      .filter(([clientId]) => clientId !== this.ydoc.clientID)
      .map(([, state]) => String((state as { user?: { name?: string } }).user?.name))
      .sort()
  }

  #receive(frame: Uint8Array): void {
    // Only `sheaf.v1` may get several messages in a frame (W21).
    const messages = this.isExtension ? splitFrame(frame) : [frame]
    for (const message of messages) this.#take(message)
  }

  #take(bytes: Uint8Array): void {
    const message = decodeMessage(bytes)
    if (message.type === 'chunk') {
      const whole = this.#chunks.add(message)
      if (whole !== undefined) this.#take(whole)
      return
    }
    this.received.push(message)
    switch (message.type) {
      case 'step1':
        return this.#sendUpdate('step2', Y.encodeStateAsUpdate(this.ydoc, message.stateVector), this.lastSeq)
      case 'step2':
        this.synced = true
        return Y.applyUpdate(this.ydoc, message.update, this)
      case 'update':
        return Y.applyUpdate(this.ydoc, message.update, this)
      case 'awareness':
        return applyAwarenessUpdate(this.awareness, message.update, this)
      case 'hello':
        this.hello = message.hello
        return
      case 'ack':
        this.ackedSeq = Math.max(this.ackedSeq, message.clientSeq)
        return
    }
  }

  #disconnected(code: ErrorCode | undefined, detail: string | undefined): void {
    this.closedWith = { code, detail }
    this.synced = false
    this.pair = undefined
    const others = [...this.awareness.getStates().keys()].filter(clientId => clientId !== this.ydoc.clientID)
    removeAwarenessStates(this.awareness, others, this)
  }

  #sendUpdate(type: 'update' | 'step2', update: Uint8Array, clientSeq: number): void {
    if (this.#options.extension !== true) return this.send({ type, update })
    const frame = encodeMessage({ type: 'sequenced', clientSeq, message: { type, update } })
    for (const part of chunked(frame)) this.sendBytes(part)
  }

  #sendAwareness(clientIds: number[]): void {
    this.send({ type: 'awareness', update: encodeAwarenessUpdate(this.awareness, clientIds) })
  }
}

/** Lets everything that waits in microtasks and in turns of the loop come through. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise<void>(resolve => setImmediate(resolve))
}

// The wire: one binary WebSocket frame holds one message; from the server under `sheaf.v1` it may hold several. Types 0-3 are the base dialect of y-websocket (y-protocols
// PROTOCOL.md) and never change; 100-108 are the extension `sheaf.v1`, sent only to a client that asked for it.
// Integers are lib0 variable-length; updates and state vectors are opaque bytes here (Yjs v1).
// Decoding is strict: a frame is exactly its messages, with nothing behind them.

import { createDecoder, type Decoder, hasContent, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding'
import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from 'lib0/encoding'
import { SheafError } from './errors.ts'
import { chunkBytes, type Limits } from './limits.ts'

/** The subprotocol that switches the extension on. */
export const sheafSubprotocol = 'sheaf.v1'

export const messageType = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  hello: 100,
  ack: 101,
  token: 103,
  notice: 104,
  nack: 105,
  sequenced: 106,
  chunk: 107,
} as const

export type Role = 'owner' | 'editor' | 'suggester' | 'commenter' | 'viewer' | 'none'

/** `sheaf`: the layout of docs/body.md. `raw`: whatever another Yjs editor writes. */
export type Layout = 'sheaf' | 'raw'

/** First message of the server under `sheaf.v1`. */
export interface Hello {
  /** Sequence number of the last durable update. */
  readonly revision: number
  /** Timeline of the document; changes when a backup is restored. */
  readonly epoch: string
  readonly role: Role
  readonly layout: Layout
  /** Version of the body layout that the server writes. */
  readonly format: number
  readonly serverTimeMs: number
  readonly limits: Partial<Limits>
}

/** A state of the server that the person at the screen should know of. */
export interface Notice {
  readonly kind: 'draining' | 'storage-failed' | 'storage-ok' | 'read-only' | 'role-changed'
  /** For `storage-failed`: `full` or `error`. */
  readonly cause?: string
  readonly role?: Role
}

/** A message of the base dialect. */
export type BaseMessage =
  | { readonly type: 'step1'; readonly stateVector: Uint8Array }
  | { readonly type: 'step2'; readonly update: Uint8Array }
  | { readonly type: 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'denied'; readonly reason: string }
  | { readonly type: 'query-awareness' }

export type Message =
  | BaseMessage
  | { readonly type: 'hello'; readonly hello: Hello }
  | { readonly type: 'ack'; readonly clientSeq: number; readonly revision: number }
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'nack'; readonly clientSeq: number; readonly code: string; readonly reason: string }
  /** `clientSeq` is chosen by the client and rises; an ack for it covers every smaller one of the same socket. */
  | { readonly type: 'sequenced'; readonly clientSeq: number; readonly message: BaseMessage }
  /** Part of one encoded message that is longer than {@link chunkBytes}; `offset` and `total` count its bytes. */
  | { readonly type: 'chunk'; readonly offset: number; readonly total: number; readonly bytes: Uint8Array }

/**
 * Decodes one frame. Byte fields are views into `frame`, not copies.
 * @throws SheafError `malformed`: an unknown type, a truncated field, or bytes behind the message.
 */
export function decodeMessage(frame: Uint8Array): Message {
  const decoder = createDecoder(frame)
  let message: Message
  try {
    message = readMessage(decoder)
  } catch (cause) {
    if (cause instanceof SheafError) throw cause
    throw new SheafError('malformed', 'The frame ends inside a message.', { cause })
  }
  if (hasContent(decoder)) throw new SheafError('malformed', 'There are bytes behind the message.')
  return message
}

/** Several encoded messages as one frame, for `sheaf.v1` clients. */
export function joinFrame(messages: readonly Uint8Array[]): Uint8Array {
  const frame = new Uint8Array(messages.reduce((sum, message) => sum + message.byteLength, 0))
  let at = 0
  for (const message of messages) {
    frame.set(message, at)
    at += message.byteLength
  }
  return frame
}

/**
 * Takes apart a frame of the server under `sheaf.v1`, which may hold several messages.
 * @returns one encoded message each, in order; views into `frame`, and `frame` itself where it is one message.
 * @throws SheafError `malformed` as {@link decodeMessage}, also for an empty frame.
 */
export function splitFrame(frame: Uint8Array): Uint8Array[] {
  const decoder = createDecoder(frame)
  const messages: Uint8Array[] = []
  do {
    const from = decoder.pos
    try {
      readMessage(decoder)
    } catch (cause) {
      if (cause instanceof SheafError) throw cause
      throw new SheafError('malformed', 'The frame ends inside a message.', { cause })
    }
    if (from === 0 && !hasContent(decoder)) return [frame]
    messages.push(frame.subarray(from, decoder.pos))
  } while (hasContent(decoder))
  return messages
}

/** Encodes one message as one frame. */
export function encodeMessage(message: Message): Uint8Array {
  const encoder = createEncoder()
  writeMessage(encoder, message)
  return toUint8Array(encoder)
}

/** Splits an encoded message into chunk frames of at most {@link chunkBytes} payload; a short one stays as it is. */
export function chunked(frame: Uint8Array): Uint8Array[] {
  if (frame.byteLength <= chunkBytes) return [frame]
  const frames: Uint8Array[] = []
  for (let offset = 0; offset < frame.byteLength; offset += chunkBytes) {
    const bytes = frame.subarray(offset, Math.min(offset + chunkBytes, frame.byteLength))
    frames.push(encodeMessage({ type: 'chunk', offset, total: frame.byteLength, bytes }))
  }
  return frames
}

/** Puts the chunks of one sender together again. Chunks of one message come in order; other messages may come between. */
export class ChunkAssembly {
  readonly #maxBytes: number
  #parts: Uint8Array[] = []
  #received = 0
  #total = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * @returns the whole encoded message once its last chunk came, else undefined. The bytes are copies.
   * @throws SheafError `malformed` for a chunk out of order, `too-large` for a total above the limit.
   */
  add(chunk: { offset: number; total: number; bytes: Uint8Array }): Uint8Array | undefined {
    if (chunk.total > this.#maxBytes) {
      throw new SheafError('too-large', `A message of ${chunk.total} bytes; the limit is ${this.#maxBytes}.`)
    }
    const starts = this.#received === 0
    const fits = chunk.bytes.byteLength > 0 && chunk.offset + chunk.bytes.byteLength <= chunk.total
    if (!fits || chunk.offset !== this.#received || (!starts && chunk.total !== this.#total)) {
      throw new SheafError('malformed', 'A chunk is out of order.')
    }
    this.#total = chunk.total
    this.#received += chunk.bytes.byteLength
    this.#parts.push(chunk.bytes.slice())
    if (this.#received < this.#total) return undefined
    const whole = new Uint8Array(this.#total)
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.byteLength
    }
    this.#parts = []
    this.#received = 0
    return whole
  }
}

function readMessage(decoder: Decoder): Message {
  const type = readVarUint(decoder)
  switch (type) {
    case messageType.hello:
      return { type: 'hello', hello: readJson(decoder) as Hello }
    case messageType.ack:
      return { type: 'ack', clientSeq: readVarUint(decoder), revision: readVarUint(decoder) }
    case messageType.token:
      return { type: 'token', token: readVarString(decoder) }
    case messageType.notice:
      return { type: 'notice', notice: readJson(decoder) as Notice }
    case messageType.nack:
      return {
        type: 'nack',
        clientSeq: readVarUint(decoder),
        code: readVarString(decoder),
        reason: readVarString(decoder),
      }
    case messageType.sequenced:
      return { type: 'sequenced', clientSeq: readVarUint(decoder), message: readBase(decoder, readVarUint(decoder)) }
    case messageType.chunk:
      return {
        type: 'chunk',
        offset: readVarUint(decoder),
        total: readVarUint(decoder),
        bytes: readVarUint8Array(decoder),
      }
    default:
      return readBase(decoder, type)
  }
}

function readBase(decoder: Decoder, type: number): BaseMessage {
  switch (type) {
    case messageType.sync: {
      const step = readVarUint(decoder)
      const bytes = readVarUint8Array(decoder)
      if (step === 0) return { type: 'step1', stateVector: bytes }
      if (step === 1) return { type: 'step2', update: bytes }
      if (step === 2) return { type: 'update', update: bytes }
      throw new SheafError('malformed', `Sync message ${step} does not exist.`)
    }
    case messageType.awareness:
      return { type: 'awareness', update: readVarUint8Array(decoder) }
    case messageType.auth: {
      const denied = readVarUint(decoder)
      if (denied !== 0) throw new SheafError('malformed', `Auth message ${denied} does not exist.`)
      return { type: 'denied', reason: readVarString(decoder) }
    }
    case messageType.queryAwareness:
      return { type: 'query-awareness' }
    default:
      throw new SheafError('malformed', `Message type ${type} does not exist.`)
  }
}

function readJson(decoder: Decoder): unknown {
  const text = readVarString(decoder)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SheafError('malformed', 'A JSON field does not parse.', { cause })
  }
}

function writeMessage(encoder: Encoder, message: Message): void {
  switch (message.type) {
    case 'step1':
      return writeSync(encoder, 0, message.stateVector)
    case 'step2':
      return writeSync(encoder, 1, message.update)
    case 'update':
      return writeSync(encoder, 2, message.update)
    case 'awareness':
      writeVarUint(encoder, messageType.awareness)
      return writeVarUint8Array(encoder, message.update)
    case 'denied':
      writeVarUint(encoder, messageType.auth)
      writeVarUint(encoder, 0)
      return writeVarString(encoder, message.reason)
    case 'query-awareness':
      return writeVarUint(encoder, messageType.queryAwareness)
    case 'hello':
      writeVarUint(encoder, messageType.hello)
      return writeVarString(encoder, JSON.stringify(message.hello))
    case 'ack':
      writeVarUint(encoder, messageType.ack)
      writeVarUint(encoder, message.clientSeq)
      return writeVarUint(encoder, message.revision)
    case 'token':
      writeVarUint(encoder, messageType.token)
      return writeVarString(encoder, message.token)
    case 'notice':
      writeVarUint(encoder, messageType.notice)
      return writeVarString(encoder, JSON.stringify(message.notice))
    case 'nack':
      writeVarUint(encoder, messageType.nack)
      writeVarUint(encoder, message.clientSeq)
      writeVarString(encoder, message.code)
      return writeVarString(encoder, message.reason)
    case 'sequenced':
      writeVarUint(encoder, messageType.sequenced)
      writeVarUint(encoder, message.clientSeq)
      return writeUint8Array(encoder, encodeMessage(message.message))
    case 'chunk':
      writeVarUint(encoder, messageType.chunk)
      writeVarUint(encoder, message.offset)
      writeVarUint(encoder, message.total)
      return writeVarUint8Array(encoder, message.bytes)
  }
}

function writeSync(encoder: Encoder, step: 0 | 1 | 2, bytes: Uint8Array): void {
  writeVarUint(encoder, messageType.sync)
  writeVarUint(encoder, step)
  writeVarUint8Array(encoder, bytes)
}

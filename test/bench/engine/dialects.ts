// How the servers under measurement are spoken to. All of them carry y-protocols messages in binary frames; they differ in the address,
// in what surrounds a message, and in what has to be said before the first one.

import { decodeMessage, type Message, splitFrame } from '@sheaf/protocol'
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding'
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding'

export const sync = { step1: 0, step2: 1, update: 2 } as const

/** A message that was received, as far as load has to know it. */
export interface Received {
  readonly kind: 'step1' | 'step2' | 'update' | 'awareness' | 'ack' | 'other'
  readonly bytes: Uint8Array
  /** Of an acknowledgement. */
  readonly clientSeq?: number
}

export interface Dialect {
  /** Path and subprotocol of the socket of a document. */
  readonly path: (documentId: string) => string
  readonly protocol?: string
  /** False: the server keeps no state and answers nothing; a socket is ready when it is open. */
  readonly syncs: boolean
  /** Who has to open a document first, where this dialect does not make an unknown one. */
  readonly maker?: Dialect
  /** What is said before the first sync message; none for most. */
  readonly greeting?: (documentId: string) => Uint8Array
  encodeSync(documentId: string, step: number, bytes: Uint8Array, clientSeq: number): Uint8Array
  encodeAwareness(documentId: string, update: Uint8Array): Uint8Array
  /** The messages of a frame. */
  decode(frame: Uint8Array): readonly Received[]
}

const other: Received = { kind: 'other', bytes: new Uint8Array(0) }

/** y-websocket: one message a frame. */
export const base: Dialect = {
  path: documentId => `/${documentId}`,
  syncs: true,
  encodeSync: (_documentId, step, bytes) => syncMessage(step, bytes),
  encodeAwareness: (_documentId, update) => awarenessMessage(update),
  decode: frame => [decodeBase(frame)],
}

export const relay: Dialect = { ...base, syncs: false }

/** A stock client of Sheaf. */
export const sheafStock: Dialect = { ...base, path: documentId => `/ws/${documentId}` }

/** A client of Sheaf that numbers its updates and gets acknowledgements. */
export const sheafExtension: Dialect = {
  ...sheafStock,
  maker: sheafStock,
  protocol: 'sheaf.v1',
  encodeSync(_documentId, step, bytes, clientSeq) {
    if (step === sync.step1) return syncMessage(step, bytes)
    const encoder = createEncoder()
    writeVarUint(encoder, 106)
    writeVarUint(encoder, clientSeq)
    writeSync(encoder, step, bytes)
    return toUint8Array(encoder)
  },
  decode: frame => splitFrame(frame).map(message => received(decodeMessage(message))),
}

/** Hocuspocus: every message bears the name of its document, and a token comes first. */
export const hocuspocus: Dialect = {
  path: () => '/',
  syncs: true,
  greeting(documentId) {
    const encoder = createEncoder()
    writeVarString(encoder, documentId)
    writeVarUint(encoder, 2)
    writeVarUint(encoder, 0)
    writeVarString(encoder, '')
    return toUint8Array(encoder)
  },
  encodeSync(documentId, step, bytes) {
    const encoder = createEncoder()
    writeVarString(encoder, documentId)
    writeSync(encoder, step, bytes)
    return toUint8Array(encoder)
  },
  encodeAwareness(documentId, update) {
    const encoder = createEncoder()
    writeVarString(encoder, documentId)
    writeVarUint(encoder, 1)
    writeVarUint8Array(encoder, update)
    return toUint8Array(encoder)
  },
  decode(frame) {
    const decoder = createDecoder(frame)
    readVarString(decoder)
    const type = readVarUint(decoder)
    // 4 is a sync message that wants no answer of its own.
    if (type === 0 || type === 4) return [readSync(decoder)]
    if (type === 1) return [{ kind: 'awareness', bytes: readVarUint8Array(decoder) }]
    return [other]
  },
}

function received(message: Message): Received {
  switch (message.type) {
    case 'step1':
      return { kind: 'step1', bytes: message.stateVector }
    case 'step2':
    case 'update':
      return { kind: message.type, bytes: message.update }
    case 'awareness':
      return { kind: 'awareness', bytes: message.update }
    case 'ack':
      return { kind: 'ack', bytes: other.bytes, clientSeq: message.clientSeq }
    default:
      return other
  }
}

function decodeBase(frame: Uint8Array): Received {
  const decoder = createDecoder(frame)
  const type = readVarUint(decoder)
  if (type === 0) return readSync(decoder)
  if (type === 1) return { kind: 'awareness', bytes: readVarUint8Array(decoder) }
  return other
}

function readSync(decoder: ReturnType<typeof createDecoder>): Received {
  const step = readVarUint(decoder)
  const bytes = readVarUint8Array(decoder)
  return { kind: step === 0 ? 'step1' : step === 1 ? 'step2' : 'update', bytes }
}

function syncMessage(step: number, bytes: Uint8Array): Uint8Array {
  const encoder = createEncoder()
  writeSync(encoder, step, bytes)
  return toUint8Array(encoder)
}

function writeSync(encoder: ReturnType<typeof createEncoder>, step: number, bytes: Uint8Array): void {
  writeVarUint(encoder, 0)
  writeVarUint(encoder, step)
  writeVarUint8Array(encoder, bytes)
}

function awarenessMessage(update: Uint8Array): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, 1)
  writeVarUint8Array(encoder, update)
  return toUint8Array(encoder)
}

// The thread in which large updates are cut into pieces; see gate-cutter.ts. Built as a bundle of its own.

import { parentPort } from 'node:worker_threads'
import { SheafError } from '@sheaf/protocol'
import type { CutReply } from './gate-cutter.ts'
import { type CutRequest, cutUpdate } from './gate-pieces.ts'

const port = parentPort
if (port === null) throw new TypeError('this file runs as a worker thread')

port.on('message', (request: CutRequest) => {
  const reply = replyTo(request)
  port.postMessage(reply, reply.kind === 'pieces' ? [reply.bytes.buffer, reply.lengths.buffer] : [])
})

function replyTo(request: CutRequest): CutReply {
  try {
    const cut = cutUpdate(request)
    return cut.kind === 'gap' ? cut : pack(cut.pieces)
  } catch (error) {
    if (!(error instanceof SheafError)) return { kind: 'bug', message: String(error) }
    const { code, message, details } = error
    return { kind: 'refused', code, message, details }
  }
}

function pack(pieces: readonly Uint8Array[]): CutReply {
  const lengths = Uint32Array.from(pieces, piece => piece.length)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return { kind: 'pieces', bytes, lengths }
}

// Typing, as bytes: the Yjs v1 updates of somebody who appends one character after the other, made without a Y.Doc, so that hundreds
// of typists cost nearly nothing.

import { createEncoder, toUint8Array, writeUint8, writeVarString, writeVarUint } from 'lib0/encoding'

const contentString = 4
const hasOrigin = 0x80

export class Typist {
  readonly clientId: number
  readonly #root: string
  /** The clock of the next character. */
  clock = 0

  constructor(clientId: number, root = 'text') {
    this.clientId = clientId
    this.#root = root
  }

  /** The update that puts `text` behind what was typed before. */
  type(text: string): Uint8Array {
    const encoder = createEncoder()
    writeVarUint(encoder, 1)
    writeVarUint(encoder, 1)
    writeVarUint(encoder, this.clientId)
    writeVarUint(encoder, this.clock)
    if (this.clock === 0) {
      writeUint8(encoder, contentString)
      writeVarUint(encoder, 1)
      writeVarString(encoder, this.#root)
    } else {
      writeUint8(encoder, contentString | hasOrigin)
      writeVarUint(encoder, this.clientId)
      writeVarUint(encoder, this.clock - 1)
    }
    writeVarString(encoder, text)
    writeVarUint(encoder, 0)
    this.clock += text.length
    return toUint8Array(encoder)
  }
}

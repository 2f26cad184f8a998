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
  /** Everything before this clock is deleted. */
  #replaced = 0

  constructor(clientId: number, root = 'text') {
    this.clientId = clientId
    this.#root = root
  }

  /** The update that puts `text` behind what was typed before. */
  type(text: string): Uint8Array {
    return this.#encode(text, undefined)
  }

  /** The same, and everything that was typed before is deleted: a document that does not grow. */
  replace(text: string): Uint8Array {
    const deleted = { from: this.#replaced, length: this.clock - this.#replaced }
    this.#replaced = this.clock
    return this.#encode(text, deleted)
  }

  #encode(text: string, deleted: { from: number; length: number } | undefined): Uint8Array {
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
    if (deleted === undefined || deleted.length === 0) writeVarUint(encoder, 0)
    else for (const value of [1, this.clientId, 1, deleted.from, deleted.length]) writeVarUint(encoder, value)
    this.clock += text.length
    return toUint8Array(encoder)
  }
}

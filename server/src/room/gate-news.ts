// Writes the part of an update that is new. A reconnect brings the whole delete set of a document, and sometimes structs
// that are known; neither belongs into the log, and known structs would be looked at by Yjs with what they claim of
// themselves, which nobody has checked.

import { createEncoder, toUint8Array, writeVarUint } from 'lib0/encoding'
import * as Y from 'yjs'
import { forEachDelete, type Prescan } from './prescan.ts'

/** Structs of one client that follow each other. `offset` clocks of the first are known. */
export interface NewStructs {
  readonly client: number
  readonly clock: number
  readonly offset: number
  readonly structs: readonly (Y.Item | Y.GC)[]
}

/** Ranges in the order in which they came: clients apart, ascending. Flat triples client, clock, end. */
export type DeleteTriples = readonly number[]

/** The struct part of a Yjs v1 update. */
export function encodeStructs(clients: readonly NewStructs[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1()
  writeVarUint(encoder.restEncoder, clients.length)
  for (const { client, clock, offset, structs } of clients) {
    writeVarUint(encoder.restEncoder, structs.length)
    encoder.writeClient(client)
    writeVarUint(encoder.restEncoder, clock)
    for (const [index, struct] of structs.entries()) struct.write(encoder, index === 0 ? offset : 0)
  }
  return encoder.toUint8Array()
}

/** A Yjs v1 update of encoded structs and of deletions. */
export function encodeUpdate(structs: Uint8Array, deletes: DeleteTriples): Uint8Array {
  return concat([structs, encodeDeletes(deletes)])
}

function encodeDeletes(deletes: DeleteTriples): Uint8Array {
  const clients: number[][] = []
  for (let i = 0; i < deletes.length; i += 3) {
    const [client, clock, end] = [deletes[i]!, deletes[i + 1]!, deletes[i + 2]!]
    const last = clients.at(-1)
    if (last?.[0] === client) last.push(clock, end - clock)
    else clients.push([client, clock, end - clock])
  }
  const encoder = createEncoder()
  writeVarUint(encoder, clients.length)
  for (const [client, ...ranges] of clients) {
    writeVarUint(encoder, client!)
    writeVarUint(encoder, ranges.length / 2)
    for (const integer of ranges) writeVarUint(encoder, integer)
  }
  return toUint8Array(encoder)
}

/** Puts pieces that follow each other together again, as one update: the row of the log. */
export class Joined {
  readonly #clients = new Map<number, { readonly clock: number; structs: number; readonly parts: Uint8Array[] }>()
  readonly #deletes: number[] = []

  /** @param update stays in use until {@link encode}. */
  add(update: Uint8Array, scan: Prescan): void {
    for (const { client, clock, structs, at, until } of scan.blocks) {
      const part = update.subarray(at, until)
      const known = this.#clients.get(client)
      if (known === undefined) this.#clients.set(client, { clock, structs, parts: [part] })
      else {
        known.structs += structs
        known.parts.push(part)
      }
    }
    forEachDelete(update, scan, (client, clock, end) => this.#deletes.push(client, clock, end))
  }

  encode(): Uint8Array {
    // Each part is copied once: there may be 17 MiB of them, and they are put together in one turn.
    const heads = [...this.#clients].map(([client, { clock, structs, parts }]) => {
      const encoder = createEncoder()
      for (const integer of [structs, client, clock]) writeVarUint(encoder, integer)
      return [toUint8Array(encoder), ...parts]
    })
    const count = createEncoder()
    writeVarUint(count, this.#clients.size)
    return concat([toUint8Array(count), ...heads.flat(), encodeDeletes(this.#deletes)])
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

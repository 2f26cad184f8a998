// Writes Yjs v1 updates by hand, field by field, so that they can be wrong in exactly one place.

import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeAny,
  writeUint8,
  writeUint8Array,
  writeVarString,
  writeVarUint,
} from 'lib0/encoding'

export type Id = readonly [client: number, clock: number]

/** Where an item says that it belongs. With a neighbour it names no parent. */
export interface Where {
  readonly origin?: Id
  readonly right?: Id
  readonly root?: string
  readonly parent?: Id
  readonly key?: string
}

type Part = (encoder: Encoder) => void

export interface CraftedBlock {
  readonly client: number
  readonly clock?: number
  readonly structs: readonly Part[]
}

export type CraftedDeletes = readonly (readonly [
  client: number,
  ...ranges: (readonly [clock: number, length: number])[],
])[]

export function craft(blocks: readonly CraftedBlock[], deletes: CraftedDeletes = []): Uint8Array {
  return bytes(encoder => {
    writeVarUint(encoder, blocks.length)
    for (const { client, clock = 0, structs } of blocks) {
      for (const integer of [structs.length, client, clock]) writeVarUint(encoder, integer)
      for (const struct of structs) struct(encoder)
    }
    writeVarUint(encoder, deletes.length)
    for (const [client, ...ranges] of deletes) {
      writeVarUint(encoder, client)
      writeVarUint(encoder, ranges.length)
      for (const integer of ranges.flat()) writeVarUint(encoder, integer)
    }
  })
}

export function bytes(part: Part): Uint8Array {
  const encoder = createEncoder()
  part(encoder)
  return toUint8Array(encoder)
}

export function raw(...values: readonly number[]): Part {
  return encoder => writeUint8Array(encoder, Uint8Array.from(values))
}

export function garbage(length: number): Part {
  return encoder => {
    writeUint8(encoder, 0)
    writeVarUint(encoder, length)
  }
}

export function skip(length: number): Part {
  return encoder => {
    writeUint8(encoder, 10)
    writeVarUint(encoder, length)
  }
}

/** @param ref kind of content (structs/Item.js). @param content writes it. */
export function item(where: Where, ref: number, content: Part): Part {
  const { origin, right, root, parent, key } = where
  return encoder => {
    writeUint8(
      encoder,
      ref | (origin === undefined ? 0 : 0x80) | (right === undefined ? 0 : 0x40) | (key === undefined ? 0 : 0x20),
    )
    for (const integer of [...(origin ?? []), ...(right ?? [])]) writeVarUint(encoder, integer)
    if (origin !== undefined || right !== undefined) return content(encoder)
    writeVarUint(encoder, parent === undefined ? 1 : 0)
    if (parent === undefined) writeVarString(encoder, root ?? 'body')
    else for (const integer of parent) writeVarUint(encoder, integer)
    if (key !== undefined) writeVarString(encoder, key)
    content(encoder)
  }
}

export function text(where: Where, content: string): Part {
  return item(where, 4, encoder => writeVarString(encoder, content))
}

export function tombstone(where: Where, length: number): Part {
  return item(where, 1, encoder => writeVarUint(encoder, length))
}

/** @param ref kind of type (structs/ContentType.js); 1 is Y.Map. @param name of an XML element. */
export function type(where: Where, ref = 1, name?: string): Part {
  return item(where, 7, encoder => {
    writeVarUint(encoder, ref)
    if (name !== undefined) writeVarString(encoder, name)
  })
}

export function embed(where: Where, json: string): Part {
  return item(where, 5, encoder => writeVarString(encoder, json))
}

export function format(where: Where, key: string, json = 'true'): Part {
  return item(where, 6, encoder => {
    writeVarString(encoder, key)
    writeVarString(encoder, json)
  })
}

export function jsons(where: Where, ...values: readonly string[]): Part {
  return item(where, 2, encoder => {
    writeVarUint(encoder, values.length)
    for (const value of values) writeVarString(encoder, value)
  })
}

export function any(where: Where, ...values: readonly unknown[]): Part {
  return item(where, 8, encoder => {
    writeVarUint(encoder, values.length)
    for (const value of values) writeAny(encoder, value as Parameters<typeof writeAny>[1])
  })
}

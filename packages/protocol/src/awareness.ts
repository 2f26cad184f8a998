// The awareness update of y-protocols (awareness.js), as data: a list of (client id, clock, state). A state is JSON text;
// `null` means that the client left. The server relays states without looking into them more than the limits demand.

import { createDecoder, hasContent, readVarString, readVarUint } from 'lib0/decoding'
import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding'
import { SheafError } from './errors.ts'

export interface AwarenessEntry {
  readonly clientId: number
  /** Rises with every change; of two entries with one client id the higher clock wins. */
  readonly clock: number
  /** JSON text, `null` for a client that left. */
  readonly state: string
}

/**
 * @param maxEntries an update with more is refused before its entries are read.
 * @throws SheafError `malformed` for truncated bytes, too many entries, or bytes behind the last one.
 */
export function decodeAwareness(update: Uint8Array, maxEntries = Number.MAX_SAFE_INTEGER): AwarenessEntry[] {
  const decoder = createDecoder(update)
  const entries: AwarenessEntry[] = []
  try {
    const count = readVarUint(decoder)
    if (count > maxEntries)
      throw new SheafError('malformed', `An awareness update with ${count} entries; at most ${maxEntries}.`)
    for (let i = 0; i < count; i++) {
      entries.push({ clientId: readVarUint(decoder), clock: readVarUint(decoder), state: readVarString(decoder) })
    }
  } catch (cause) {
    if (cause instanceof SheafError) throw cause
    throw new SheafError('malformed', 'The awareness update ends inside an entry.', { cause })
  }
  if (hasContent(decoder)) throw new SheafError('malformed', 'There are bytes behind the awareness update.')
  return entries
}

export function encodeAwareness(entries: readonly AwarenessEntry[]): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, entries.length)
  for (const entry of entries) {
    writeVarUint(encoder, entry.clientId)
    writeVarUint(encoder, entry.clock)
    writeVarString(encoder, entry.state)
  }
  return toUint8Array(encoder)
}

/** How many colours people can have; clients send an index 1..12, never a colour. */
export const presenceColors = 12

/** Anything that is not an index 1..12 (a stock client's hex colour, nothing at all) reads as a stable colour of its key. */
export function presenceColor(value: unknown, key: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= presenceColors) return value
  let hash = 0x811c9dc5
  for (const char of typeof value === 'string' ? value : key) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193)
  return 1 + ((hash >>> 0) % presenceColors)
}

// Whether a struct that comes again is the struct that is there. Two writers under one client id (a forged one, a copied
// profile) would each take the other's structs for its own old ones, and the loser's text would be acknowledged and gone.

import * as Y from 'yjs'

/**
 * @param struct of an update; its first clocks are in the replica.
 * @returns false when the replica holds something else there. What either side has deleted cannot be compared.
 */
export function holdsTheSame(ydoc: Y.Doc, struct: Y.Item | Y.GC): boolean {
  if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted) return true
  const { client, clock } = struct.id
  const structs = ydoc.store.clients.get(client) ?? []
  const end = Math.min(clock + struct.length, Y.getState(ydoc.store, client))
  if (clock >= end) return true
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
    const held = structs[index]!
    if (held.id.clock >= end) break
    if (!(held instanceof Y.Item) || held.content instanceof Y.ContentDeleted) continue
    if (!isSameOrigin(struct, held) || !isSameContent(struct, held, end)) return false
  }
  return true
}

/** The origin of a clock never changes; behind the first clock of an item it is the clock before. */
function isSameOrigin(struct: Y.Item, held: Y.Item): boolean {
  const clock = Math.max(struct.id.clock, held.id.clock)
  const a = originAt(struct, clock)
  const b = originAt(held, clock)
  return a === null || b === null ? a === b : a.client === b.client && a.clock === b.clock
}

function originAt(item: Y.Item, clock: number): { client: number; clock: number } | null {
  return clock === item.id.clock ? item.origin : { client: item.id.client, clock: clock - 1 }
}

function isSameContent(struct: Y.Item, held: Y.Item, end: number): boolean {
  const from = Math.max(struct.id.clock, held.id.clock)
  const to = Math.min(end, held.id.clock + held.length)
  const [a, b] = [struct.content, held.content]
  const at = from - struct.id.clock
  const heldAt = from - held.id.clock
  if (a instanceof Y.ContentString && b instanceof Y.ContentString)
    return isSameText(a.str, at, b.str, heldAt, to - from)
  if (isListOfValues(a) && isListOfValues(b)) {
    for (let i = 0; i < to - from; i++) if (!isSameValue(a.arr[at + i], b.arr[heldAt + i])) return false
    return true
  }
  if (a instanceof Y.ContentEmbed && b instanceof Y.ContentEmbed) return isSameValue(a.embed, b.embed)
  if (a instanceof Y.ContentFormat && b instanceof Y.ContentFormat) {
    return a.key === b.key && isSameValue(a.value, b.value)
  }
  if (a instanceof Y.ContentType && b instanceof Y.ContentType) return a.type.constructor === b.type.constructor
  if (a instanceof Y.ContentBinary && b instanceof Y.ContentBinary) return Buffer.compare(a.content, b.content) === 0
  return false
}

function isListOfValues(content: Y.Item['content']): content is Y.ContentAny | Y.ContentJSON {
  return content instanceof Y.ContentAny || content instanceof Y.ContentJSON
}

/** Yjs puts U+FFFD in place of both halves of a surrogate pair that it has to cut, on some replicas earlier than on others. */
const replacement = 0xfffd

function isSameText(a: string, aAt: number, b: string, bAt: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(aAt + i), b.charCodeAt(bAt + i)]
    if (x !== y && x !== replacement && y !== replacement) return false
  }
  return true
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && isSameValue(value, right.get(key)))
  )
}

// Keystrokes that reach the server together, as the one update that they are: who types faster than their socket is read, and
// every program that types, sends ten or a hundred updates in one read, each of which puts one more character behind
// the one before. Judged, logged and relayed one by one they cost ten or a hundred times as much.
//
// What is put together is what Yjs itself would merge (structs/Item.js `mergeWith`): one text each, of one client, clocks that follow
// each other, the origin of each the last character of the one before, the same right origin, nothing deleted. The gate sees
// the whole and nothing less.
//
//   1 client, 1 struct, client, clock, info 0x04 | 0x80 with origin | 0x40 with right origin, the ids, the text, 0 deletions

/** Updates that one may be made of, and UTF-8 bytes of its text: bounds of what one turn of a socket's lane takes. */
const maxUpdates = 64
const maxTextBytes = 4 * 1024

const contentString = 4
const hasOrigin = 0x80
const hasRightOrigin = 0x40

export class Keystrokes {
  /** Client sequence numbers of the updates in it, for those that bear one. */
  readonly clientSeqs: number[] = []
  #updates = 1
  #bytes: number
  /** The first update; its bytes are nobody else's. */
  readonly #first: Uint8Array
  readonly #client: number
  /** Where the right origin stands in the first update, and where it ends. */
  readonly #rightAt: number
  readonly #rightUntil: number
  readonly #lengthAt: number
  readonly #textAt: number
  /** All of the text; undefined while there is one update. */
  #text: Uint8Array | undefined
  #textBytes: number
  /** The clock behind the last character. */
  #end: number

  private constructor(update: Uint8Array, cursor: Cursor) {
    this.#first = update
    this.#bytes = update.byteLength
    this.#client = cursor.client
    this.#rightAt = cursor.rightAt
    this.#rightUntil = cursor.rightUntil
    this.#lengthAt = cursor.lengthAt
    this.#textAt = cursor.textAt
    this.#textBytes = cursor.textUntil - cursor.textAt
    this.#end = cursor.clock + cursor.units
  }

  /** Begins with a copy of an update. @returns undefined for one that does anything else than typing a text. */
  static begin(update: Uint8Array): Keystrokes | undefined {
    return cursor.read(update) ? new Keystrokes(update.slice(), cursor) : undefined
  }

  /** How many updates it is. */
  get updates(): number {
    return this.#updates
  }

  /** Bytes of all of them, as they came. */
  get bytes(): number {
    return this.#bytes
  }

  /** Takes in an update that goes on where the last one has ended. @returns false, with nothing taken, for any other. */
  extend(update: Uint8Array): boolean {
    if (this.#updates === maxUpdates || !cursor.read(update) || !this.#isNext(update)) return false
    const { textAt, textUntil, units } = cursor
    const textBytes = textUntil - textAt
    if (this.#textBytes + textBytes > maxTextBytes) return false
    const text = this.#room(this.#textBytes + textBytes)
    for (let at = textAt, to = this.#textBytes; at < textUntil; at++, to++) text[to] = update[at]!
    this.#textBytes += textBytes
    this.#end += units
    this.#updates += 1
    this.#bytes += update.byteLength
    return true
  }

  /** The one update. Its bytes are nobody else's. */
  encode(): Uint8Array {
    const text = this.#text
    if (text === undefined) return this.#first
    const length = this.#textBytes
    const lengthAt = this.#lengthAt
    const update = new Uint8Array(lengthAt + (length < 128 ? 1 : 2) + length + 1)
    for (let i = 0; i < lengthAt; i++) update[i] = this.#first[i]!
    let at = lengthAt
    if (length >= 128) update[at++] = (length & 127) | 128
    update[at++] = length < 128 ? length : length >> 7
    update.set(text.subarray(0, length), at)
    return update
  }

  /** Of the update that {@link cursor} has read. */
  #isNext(update: Uint8Array): boolean {
    const { client, clock, originClient, originClock, rightAt, rightUntil, units } = cursor
    if (client !== this.#client || clock !== this.#end) return false
    if (originClient !== client || originClock !== clock - 1 || units === 0) return false
    if (rightUntil - rightAt !== this.#rightUntil - this.#rightAt) return false
    for (let i = rightAt, mine = this.#rightAt; i < rightUntil; i++, mine++) {
      if (update[i] !== this.#first[mine]) return false
    }
    // A character that two updates share between them is none.
    return (update[cursor.textAt]! & 0xc0) !== 0x80
  }

  /** The text, with room for so many bytes. */
  #room(bytes: number): Uint8Array {
    const text = this.#text
    if (text !== undefined && text.length >= bytes) return text
    const grown = new Uint8Array(Math.max(64, 2 * bytes))
    grown.set(text ?? this.#first.subarray(this.#textAt, this.#textAt + this.#textBytes))
    this.#text = grown
    return grown
  }
}

/** Reads an update that may be typing, without making an object for it: there are thousands in a second. */
class Cursor {
  client = 0
  clock = 0
  /** The origin; a client of -1 for none. */
  originClient = 0
  originClock = 0
  /** Where the right origin stands; empty for none. */
  rightAt = 0
  rightUntil = 0
  /** Where the length of the text stands, and the text. */
  lengthAt = 0
  textAt = 0
  textUntil = 0
  /** Length of the text in UTF-16 units, which is what clocks count. */
  units = 0
  #at = 0

  /** @returns false for bytes that are anything else than one text. Of one that is, not everything is sound. */
  read(update: Uint8Array): boolean {
    const { length } = update
    if (length < 8 || length > maxTextBytes || update[0] !== 1 || update[1] !== 1 || update[length - 1] !== 0)
      return false
    this.#at = 2
    this.client = this.#uint(update)
    this.clock = this.#uint(update)
    const info = update[this.#at++]!
    if ((info & ~(hasOrigin | hasRightOrigin)) !== contentString) return false
    this.originClient = -1
    if ((info & hasOrigin) !== 0) {
      this.originClient = this.#uint(update)
      this.originClock = this.#uint(update)
    }
    this.rightAt = this.#at
    if ((info & hasRightOrigin) !== 0) {
      this.#uint(update)
      this.#uint(update)
    }
    this.rightUntil = this.#at
    if (info === contentString && !this.#parent(update)) return false
    this.lengthAt = this.#at
    const textBytes = this.#uint(update)
    this.textAt = this.#at
    this.textUntil = this.#at + textBytes
    // A number that goes on behind the end is NaN from there on, and equal to nothing.
    if (this.textUntil !== length - 1 || textBytes === 0) return false
    this.units = unitsOf(update, this.textAt, this.textUntil)
    return true
  }

  /** The name of a root, or the id of a type. */
  #parent(update: Uint8Array): boolean {
    const isRoot = this.#uint(update)
    if (isRoot === 1) {
      const length = this.#uint(update)
      this.#at += length
    } else if (isRoot === 0) {
      this.#uint(update)
      this.#uint(update)
    } else return false
    return true
  }

  #uint(update: Uint8Array): number {
    let value = 0
    for (let factor = 1; factor < 2 ** 53; factor *= 128) {
      const byte = update[this.#at++]!
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
    return Number.NaN
  }
}

const cursor = new Cursor()

function unitsOf(bytes: Uint8Array, from: number, until: number): number {
  let units = 0
  for (let i = from; i < until; i++) {
    const byte = bytes[i]!
    if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1
  }
  return units
}

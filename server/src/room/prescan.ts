// Reads a Yjs v1 update as bytes, before Yjs does: one pass, in proportion to its length, that builds no value. Behind it
// the decoder of Yjs cannot run out of bytes, allocate what a forged count announces, or recurse without end. It knows
// nothing of the document; where structs may stand, and what they may name, is the gate's business.
//
// Update (yjs 13.6 utils/encoding.js, UpdateEncoder.js; lib0 encoding.js):
//   clients { structs client clock struct* }*  then the delete set: clients { client ranges { clock length }* }*
//   struct: info (bits 0-4 kind, 5 has key, 6 has right origin, 7 has origin), origin?, right origin?,
//           with neither of the two: 1 root name | 0 parent id, key?; then the content of its kind.

import { refuse, refuseSize } from './gate-rules.ts'

/** What values and contents an update may carry. */
export interface Shape {
  /** Bit set of content refs (structs/Item.js `contentRefs`). */
  readonly contents: number
  /** Bit set of type refs (structs/ContentType.js `typeRefs`). */
  readonly types: number
  /** Levels of arrays and objects in one value. */
  readonly maxValueDepth: number
  /** Encoded bytes of one register, embed or format value. */
  readonly maxValueBytes: number
  /** UTF-8 bytes of one root name, map key or format key. */
  readonly maxNameBytes: number
  /** True: no `undefined`, BigInt or bytes in values. */
  readonly jsonOnly: boolean
}

/** The structs of one client, which follow each other without gaps. */
export interface ClientBlock {
  readonly client: number
  /** First clock. */
  readonly clock: number
  /** The clock behind the last. */
  readonly end: number
  readonly structs: number
  /** Where the first begins, and where the last has ended. */
  readonly at: number
  readonly until: number
}

export interface Prescan {
  readonly structs: number
  readonly blocks: readonly ClientBlock[]
  /** True when a struct stands for clocks that are left out. */
  readonly hasSkips: boolean
  /** Where the delete set begins. */
  readonly deletesAt: number
  readonly deleteRanges: number
}

export const contentRef = {
  gc: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  doc: 9,
  skip: 10,
} as const

export const typeRef = { array: 0, map: 1, text: 2, xmlElement: 3, xmlFragment: 4, xmlHook: 5, xmlText: 6 } as const

const maxLength = 2 ** 31 - 1
const maxClock = 2 ** 40 - 1
const maxClient = Number.MAX_SAFE_INTEGER

/**
 * Checks rules U1 to U6 as far as bytes alone can tell.
 * @param onStruct told where each struct begins, and how many clocks it covers.
 * @throws SheafError `invalid-update` or `too-large`.
 */
export function prescan(
  update: Uint8Array,
  shape: Shape,
  maxStructs: number,
  onStruct?: (at: number, length: number) => void,
): Prescan {
  const bytes = new Bytes(update)
  const scanner = new Scanner(bytes, shape)
  const blocks: ClientBlock[] = []
  const blockClients = new Distinct()
  let structs = 0
  for (let left = bytes.count(); left > 0; left--) {
    const count = bytes.count()
    if (count === 0) refuse('U1', 'A client is named without structs.')
    structs += count
    if (structs > maxStructs) refuseSize('U13', `The update has more than ${maxStructs} structs.`, maxStructs)
    const client = bytes.uint(maxClient)
    if (!blockClients.add(client)) refuse('U4', `The structs of client ${client} stand in two places.`)
    const clock = bytes.uint(maxClock)
    const at = bytes.pos
    let end = clock
    for (let i = 0; i < count; i++) {
      const structAt = bytes.pos
      const length = scanner.struct()
      onStruct?.(structAt, length)
      end += length
    }
    if (end > maxClock) refuse('U2', 'A clock reaches 2^40.')
    blocks.push({ client, clock, end, structs: count, at, until: bytes.pos })
  }
  const deletesAt = bytes.pos
  const deleteRanges = scanner.deleteSet()
  if (bytes.pos !== update.length) refuse('U1', `${update.length - bytes.pos} bytes stand behind the update.`)
  return { structs, blocks, hasSkips: scanner.hasSkips, deletesAt, deleteRanges }
}

/** Calls `visit` for each delete range of an update that has passed {@link prescan}. `end` is the clock behind it. */
export function forEachDelete(
  update: Uint8Array,
  scan: Prescan,
  visit: (client: number, clock: number, end: number) => void,
): void {
  const bytes = new Bytes(update, scan.deletesAt)
  for (let clients = bytes.uint(maxLength); clients > 0; clients--) {
    const client = bytes.uint(maxClient)
    for (let ranges = bytes.uint(maxLength); ranges > 0; ranges--) {
      const clock = bytes.uint(maxClock)
      visit(client, clock, clock + bytes.uint(maxLength))
    }
  }
}

/** A clock of a client, as structs name each other. */
export interface StructId {
  readonly client: number
  readonly clock: number
}

/** What a struct names: its neighbours, or its parent. */
export interface References {
  readonly origin: StructId | null
  readonly rightOrigin: StructId | null
  readonly parent: StructId | null
}

const nothingNamed: References = { origin: null, rightOrigin: null, parent: null }

/** Reads what the struct at `at` names, in an update that has passed {@link prescan}. */
export function referencesAt(update: Uint8Array, at: number): References {
  const bytes = new Bytes(update, at)
  const info = bytes.byte()
  if (info === contentRef.gc || info === contentRef.skip) return nothingNamed
  const id = (): StructId => ({ client: bytes.uint(maxClient), clock: bytes.uint(maxClock) })
  const origin = (info & 0x80) !== 0 ? id() : null
  const rightOrigin = (info & 0x40) !== 0 ? id() : null
  const namesParent = origin === null && rightOrigin === null && bytes.uint(maxLength) === 0
  return { origin, rightOrigin, parent: namesParent ? id() : null }
}

/** A cursor over bytes that never reads behind their end. */
class Bytes {
  readonly bytes: Uint8Array
  pos: number

  constructor(bytes: Uint8Array, pos = 0) {
    this.bytes = bytes
    this.pos = pos
  }

  byte(): number {
    const value = this.bytes[this.pos++]
    if (value === undefined) refuse('U1', 'The update ends in the middle.')
    return value
  }

  /** A variable-length unsigned integer. lib0 reads one that is long enough as NaN. */
  uint(max: number): number {
    let value = 0
    let factor = 1
    for (let i = 0; i < 8; i++) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) {
        if (value > max) refuse('U2', `An integer is larger than ${max}.`)
        return value
      }
      factor *= 128
    }
    return refuse('U2', 'An integer is longer than 8 bytes.')
  }

  /** The number of things that follow, each of at least one byte. */
  count(): number {
    const value = this.uint(maxLength)
    if (value > this.bytes.length - this.pos) refuse('U1', 'The update announces more than it holds.')
    return value
  }

  skip(length: number): void {
    if (length > this.bytes.length - this.pos) refuse('U1', 'The update ends in the middle.')
    this.pos += length
  }
}

class Scanner {
  readonly #bytes: Bytes
  readonly #shape: Shape
  hasSkips = false

  constructor(bytes: Bytes, shape: Shape) {
    this.#bytes = bytes
    this.#shape = shape
  }

  /** @returns how many clocks the struct covers. */
  struct(): number {
    const info = this.#bytes.byte()
    if (info === contentRef.gc) return this.#length('A garbage struct')
    if (info === contentRef.skip) {
      this.hasSkips = true
      return this.#length('A skip')
    }
    const hasOrigin = (info & 0x80) !== 0
    const hasRightOrigin = (info & 0x40) !== 0
    if (hasOrigin) this.#id()
    if (hasRightOrigin) this.#id()
    if (!hasOrigin && !hasRightOrigin) {
      const parent = this.#bytes.uint(maxLength)
      if (parent === 1) this.#name('root name')
      else if (parent === 0) this.#id()
      else refuse('U3', 'A parent is neither a root nor an id.')
      if ((info & 0x20) !== 0) this.#name('key')
    }
    return this.#content(info & 0x1f)
  }

  /** @returns the number of ranges. */
  deleteSet(): number {
    const clients = new Distinct()
    let total = 0
    for (let left = this.#bytes.count(); left > 0; left--) {
      const client = this.#bytes.uint(maxClient)
      if (!clients.add(client)) refuse('U4', `The delete ranges of client ${client} stand in two places.`)
      const ranges = this.#bytes.count()
      total += ranges
      let behind = 0
      for (let i = 0; i < ranges; i++) {
        const clock = this.#bytes.uint(maxClock)
        if (clock < behind) refuse('U5', `The delete ranges of client ${client} do not ascend.`)
        behind = clock + this.#length('A delete range')
        if (behind > maxClock) refuse('U2', 'A clock reaches 2^40.')
      }
    }
    return total
  }

  #content(ref: number): number {
    const shape = this.#shape
    if (ref > contentRef.doc || ((shape.contents >> ref) & 1) === 0) {
      refuse('U3', `Content of kind ${ref} has no place in this document.`)
    }
    switch (ref) {
      case contentRef.deleted:
        return this.#length('A tombstone')
      case contentRef.json: {
        const count = this.#items()
        for (let i = 0; i < count; i++) this.#json()
        return count
      }
      case contentRef.string:
        return this.#text()
      case contentRef.embed:
        this.#json()
        return 1
      case contentRef.format:
        this.#name('format')
        this.#json()
        return 1
      case contentRef.type:
        this.#type()
        return 1
      case contentRef.any: {
        const count = this.#items()
        for (let i = 0; i < count; i++) {
          const start = this.#bytes.pos
          this.#any(shape.maxValueDepth)
          this.#checkValueBytes(this.#bytes.pos - start)
        }
        return count
      }
      default:
        this.#bytes.skip(this.#bytes.uint(maxLength))
        return 1
    }
  }

  #type(): void {
    const ref = this.#bytes.uint(maxLength)
    if (ref > typeRef.xmlText || ((this.#shape.types >> ref) & 1) === 0) {
      refuse('U3', `A type of kind ${ref} has no place in this document.`)
    }
    if (ref === typeRef.xmlElement || ref === typeRef.xmlHook) this.#name('node name')
  }

  #length(what: string): number {
    const length = this.#bytes.uint(maxLength)
    if (length === 0) refuse('U2', `${what} has length 0.`)
    return length
  }

  #items(): number {
    const count = this.#bytes.count()
    if (count === 0) refuse('U2', 'A struct has length 0.')
    return count
  }

  #id(): void {
    this.#bytes.uint(maxClient)
    this.#bytes.uint(maxClock)
  }

  #name(what: string): void {
    const length = this.#bytes.uint(maxLength)
    if (length > this.#shape.maxNameBytes) refuse('U13', `A ${what} is longer than ${this.#shape.maxNameBytes} bytes.`)
    const start = this.#bytes.pos
    this.#bytes.skip(length)
    if (isPrototypeKey(this.#bytes.bytes, start, this.#bytes.pos)) refuse('U6', `A ${what} is __proto__.`)
  }

  /** @returns the length in UTF-16 units, which is what clocks count. Whether it is UTF-8 the decoder of Yjs says. */
  #text(): number {
    const { bytes } = this.#bytes
    const length = this.#bytes.uint(maxLength)
    const start = this.#bytes.pos
    this.#bytes.skip(length)
    let units = 0
    for (let i = start; i < this.#bytes.pos; i++) {
      const byte = bytes[i]!
      if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1
    }
    if (units === 0) refuse('U2', 'A text has length 0.')
    return units
  }

  /** A string of JSON: only its size and its depth. What is no JSON the decoder of Yjs refuses. */
  #json(): void {
    const { bytes } = this.#bytes
    const length = this.#bytes.uint(maxLength)
    this.#checkValueBytes(length)
    const start = this.#bytes.pos
    this.#bytes.skip(length)
    let depth = 0
    let inString = false
    for (let i = start; i < this.#bytes.pos; i++) {
      const byte = bytes[i]!
      if (inString) {
        if (byte === 0x5c) i++
        else if (byte === 0x22) inString = false
      } else if (byte === 0x22) inString = true
      else if (byte === 0x7b || byte === 0x5b) {
        if (++depth > this.#shape.maxValueDepth) this.#refuseDepth()
      } else if (byte === 0x7d || byte === 0x5d) depth--
    }
  }

  /** A value of lib0's `writeAny`. */
  #any(depthLeft: number): void {
    const tag = this.#bytes.byte()
    switch (tag) {
      case 126:
      case 121:
      case 120:
        return
      case 125:
        for (let i = 0; i < 8; i++) if (this.#bytes.byte() < 128) return
        return refuse('U2', 'An integer is longer than 8 bytes.')
      case 124:
        return this.#bytes.skip(4)
      case 123:
        return this.#bytes.skip(8)
      case 119:
        return this.#bytes.skip(this.#bytes.uint(maxLength))
      case 118:
        if (depthLeft === 0) this.#refuseDepth()
        for (let left = this.#bytes.count(); left > 0; left--) {
          this.#name('key')
          this.#any(depthLeft - 1)
        }
        return
      case 117:
        if (depthLeft === 0) this.#refuseDepth()
        for (let left = this.#bytes.count(); left > 0; left--) this.#any(depthLeft - 1)
        return
      case 127:
      case 122:
      case 116:
        if (this.#shape.jsonOnly) refuse('U6', 'A value is no JSON: undefined, a BigInt or bytes.')
        if (tag === 122) this.#bytes.skip(8)
        if (tag === 116) this.#bytes.skip(this.#bytes.uint(maxLength))
        return
      default:
        return refuse('U3', `A value has the unknown tag ${tag}.`)
    }
  }

  #refuseDepth(): never {
    refuse('U6', `A value nests deeper than ${this.#shape.maxValueDepth} levels.`)
  }

  #checkValueBytes(length: number): void {
    const max = this.#shape.maxValueBytes
    if (length > max) refuseSize('U13', `A value is larger than ${max} bytes.`, max)
  }
}

/** A set that costs nothing while members come in descending order, as Yjs writes clients. */
class Distinct {
  #last = Number.POSITIVE_INFINITY
  #descending = true
  readonly #members: number[] = []
  #set: Set<number> | null = null

  /** False when it was a member before. */
  add(member: number): boolean {
    if (this.#descending && member < this.#last) {
      this.#last = member
      this.#members.push(member)
      return true
    }
    this.#descending = false
    this.#set ??= new Set(this.#members)
    if (this.#set.has(member)) return false
    this.#set.add(member)
    return true
  }
}

const prototypeKey = new TextEncoder().encode('__proto__')

function isPrototypeKey(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== prototypeKey.length) return false
  for (let i = 0; i < prototypeKey.length; i++) if (bytes[start + i] !== prototypeKey[i]) return false
  return true
}

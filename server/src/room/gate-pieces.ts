// Cuts a large update into pieces that can be examined, and applied, in a turn each: a piece is an update of its own that
// builds on what is known and on the pieces before it. This looks at the update and at no document, so it runs in another
// thread (gate-cutter.ts), and what the update itself gives away is refused here: rules U1 to U7 and U13, as far as they
// need no document. Whether the pieces fit the document, and in which state it is by then, is for the gate (passages.ts).

import type { Layout, Limits } from '@sheaf/protocol'
import { createEncoder, toUint8Array, writeUint8Array, writeVarUint } from 'lib0/encoding'
import * as Y from 'yjs'
import { layoutRules } from './gate-layout.ts'
import { gateLimits, refuse, refuseSize, type UpdateKind } from './gate-rules.ts'
import { checkContent } from './gate-values.ts'
import {
  type ClientBlock,
  contentRef,
  forEachDelete,
  type Prescan,
  prescan,
  referencesAt,
  type StructId,
} from './prescan.ts'

export interface CutRequest {
  readonly update: Uint8Array
  readonly kind: UpdateKind
  readonly layout: Layout
  readonly limits: Limits
  /** For each client that the document knows, the clock behind its last struct. It may have risen when the pieces come. */
  readonly clocks: ReadonlyMap<number, number>
}

export type Cut =
  /** Yjs v1 updates, to be examined and applied in this order. */
  | { readonly kind: 'pieces'; readonly pieces: readonly Uint8Array[] }
  /** It builds on changes that were not there. For each client that lacks some, the clock up to which it was known. */
  | { readonly kind: 'gap'; readonly missing: ReadonlyMap<number, number> }

/** What one piece may hold. A single struct may be larger. */
export interface PieceSize {
  readonly structs: number
  readonly bytes: number
  readonly deletes: number
}

/** Few structs, because each of them may be dear to place. */
const defaultSize: PieceSize = { structs: 64, bytes: 64 * 1024, deletes: 256 }

/** @throws SheafError `invalid-update` or `too-large`. */
export function cutUpdate(request: CutRequest, size = defaultSize): Cut {
  const { update, kind, layout, limits, clocks } = request
  const { maxUpdateBytes, maxStep2Bytes, maxStructs } = limits
  const maxBytes = kind === 'update' ? maxUpdateBytes : maxStep2Bytes
  if (update.length > maxBytes) refuseSize('U13', `The update is larger than ${maxBytes} bytes.`, maxBytes)
  const structs = new Structs()
  const scan = prescan(update, layoutRules(layout, limits).shape, maxStructs, (at, length) => structs.add(at, length))
  const missing = findGaps(update, scan, kind, clocks)
  if (missing.size > 0) return { kind: 'gap', missing }
  const cutter = new Cutter({ update, scan, structs, clocks, size })
  const unknown = cutter.cutStructs()
  if (unknown !== undefined) return { kind: 'gap', missing: new Map([unknown]) }
  cutter.cutDeletes()
  return { kind: 'pieces', pieces: cutter.pieces }
}

function findGaps(
  update: Uint8Array,
  scan: Prescan,
  kind: UpdateKind,
  clocks: ReadonlyMap<number, number>,
): Map<number, number> {
  const missing = new Map<number, number>()
  const ends = new Map<number, number>()
  let newClients = 0
  for (const { client, clock, end } of scan.blocks) {
    const known = clocks.get(client) ?? 0
    if (clock > known) missing.set(client, known)
    if (known === 0) newClients += 1
    ends.set(client, end)
  }
  const limit = gateLimits.newClients[kind]
  if (newClients > limit) refuseSize('U13', `The update brings more than ${limit} new clients.`, limit)
  forEachDelete(update, scan, (client, _clock, end) => {
    const known = clocks.get(client) ?? 0
    if (end > known && end > (ends.get(client) ?? 0)) missing.set(client, known)
  })
  return missing
}

/** Where each struct begins, and how many clocks it covers: two numbers a struct and no object, for there may be millions. */
class Structs {
  #numbers = new Uint32Array(1024)
  #size = 0

  add(at: number, length: number): void {
    if (this.#size + 2 > this.#numbers.length) {
      const larger = new Uint32Array(2 * this.#numbers.length)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.#size++] = at
    this.#numbers[this.#size++] = length
  }

  at(index: number): number {
    return this.#numbers[2 * index]!
  }

  length(index: number): number {
    return this.#numbers[2 * index + 1]!
  }
}

/** The structs of one client while they are put in order. */
interface Row {
  readonly block: ClientBlock
  /** Index of the next struct, and the index behind the last. */
  next: number
  readonly last: number
  /** Clock of the next struct. */
  clock: number
  /** Up to here the client is known, or in a piece. */
  reached: number
  isWaiting: boolean
}

/** Structs of one client that follow each other, in one piece. */
interface Run {
  readonly client: number
  readonly clock: number
  structs: number
  readonly at: number
  until: number
}

interface CutterOptions {
  readonly update: Uint8Array
  readonly scan: Prescan
  readonly structs: Structs
  readonly clocks: ReadonlyMap<number, number>
  readonly size: PieceSize
}

class Cutter {
  readonly pieces: Uint8Array[] = []
  readonly #update: Uint8Array
  readonly #scan: Prescan
  readonly #structs: Structs
  readonly #clocks: ReadonlyMap<number, number>
  readonly #size: PieceSize
  readonly #rows = new Map<number, Row>()
  #runs = new Map<number, Run>()
  #pieceStructs = 0
  #pieceBytes = 0

  constructor({ update, scan, structs, clocks, size }: CutterOptions) {
    this.#update = update
    this.#scan = scan
    this.#structs = structs
    this.#clocks = clocks
    this.#size = size
    let next = 0
    for (const block of scan.blocks) {
      const last = next + block.structs
      const reached = clocks.get(block.client) ?? 0
      this.#rows.set(block.client, { block, next, last, clock: block.clock, reached, isWaiting: false })
      next = last
    }
  }

  /** Cuts in the order in which Yjs would integrate. @returns client and clock of the end of what is known, at a gap. */
  cutStructs(): readonly [number, number] | undefined {
    for (const row of this.#rows.values()) {
      const unknown = this.#cutRow(row)
      if (unknown !== undefined) return unknown
    }
    this.#endPiece()
    return undefined
  }

  cutDeletes(): void {
    let clients = new Map<number, number[]>()
    let ranges = 0
    const endPiece = () => {
      if (ranges > 0) this.pieces.push(encodeDeletes(clients))
      clients = new Map()
      ranges = 0
    }
    forEachDelete(this.#update, this.#scan, (client, clock, end) => {
      const known = clients.get(client)
      if (known === undefined) clients.set(client, [clock, end - clock])
      else known.push(clock, end - clock)
      if (++ranges >= this.#size.deletes) endPiece()
    })
    endPiece()
  }

  #cutRow(first: Row): readonly [number, number] | undefined {
    // Each waits for the next to reach a clock; the first goes on to its end.
    const stack = [{ row: first, until: Number.POSITIVE_INFINITY }]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { row, until } = top
      if (row.reached >= until || row.next === row.last) {
        row.isWaiting = false
        stack.pop()
        continue
      }
      if (row.clock > row.reached) return [row.block.client, row.reached]
      const needed = this.#firstUnknown(row)
      if (needed === null) {
        this.#take(row)
        continue
      }
      const other = this.#rows.get(needed.client)
      row.isWaiting = true
      if (other?.isWaiting) refuse('U7', 'Structs wait for each other in a circle.')
      if (other === undefined || other.next === other.last) {
        return [needed.client, other?.reached ?? this.#clocks.get(needed.client) ?? 0]
      }
      stack.push({ row: other, until: needed.clock + 1 })
    }
    return undefined
  }

  /** The first thing that the next struct of a row names and that is neither known nor in a piece. */
  #firstUnknown(row: Row): StructId | null {
    const end = row.clock + this.#structs.length(row.next)
    if (row.reached >= end) return null
    const { origin, rightOrigin, parent } = referencesAt(this.#update, this.#structs.at(row.next))
    const isWhole = row.reached === row.clock
    if (isWhole && origin !== null && !this.#isThere(row, origin)) return origin
    if (rightOrigin !== null && !this.#isThere(row, rightOrigin)) return rightOrigin
    if (isWhole && parent !== null && !this.#isThere(row, parent)) return parent
    return null
  }

  #isThere(row: Row, id: StructId): boolean {
    if (id.client === row.block.client) {
      if (id.clock >= row.reached) refuse('U7', 'A struct names a later one of its own client.')
      return true
    }
    return id.clock < (this.#rows.get(id.client)?.reached ?? this.#clocks.get(id.client) ?? 0)
  }

  #take(row: Row): void {
    const { client } = row.block
    const at = this.#structs.at(row.next)
    const length = this.#structs.length(row.next)
    row.next += 1
    const until = row.next === row.last ? row.block.until : this.#structs.at(row.next)
    if (this.#pieceBytes + until - at > this.#size.bytes) this.#endPiece()
    const run = this.#runs.get(client)
    if (run === undefined) this.#runs.set(client, { client, clock: row.clock, structs: 1, at, until })
    else {
      run.structs += 1
      run.until = until
    }
    row.clock += length
    // A skip brings nothing; what it leaves out must be known.
    if (this.#update[at] !== contentRef.skip) row.reached = Math.max(row.reached, row.clock)
    this.#pieceStructs += 1
    this.#pieceBytes += until - at
    if (this.#pieceStructs >= this.#size.structs) this.#endPiece()
  }

  #endPiece(): void {
    if (this.#runs.size === 0) return
    const piece = encodeRuns(this.#update, this.#runs)
    checkPiece(piece)
    this.pieces.push(piece)
    this.#runs = new Map()
    this.#pieceStructs = 0
    this.#pieceBytes = 0
  }
}

function encodeRuns(update: Uint8Array, runs: ReadonlyMap<number, Run>): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, runs.size)
  for (const { client, clock, structs, at, until } of runs.values()) {
    writeVarUint(encoder, structs)
    writeVarUint(encoder, client)
    writeVarUint(encoder, clock)
    writeUint8Array(encoder, update.subarray(at, until))
  }
  writeVarUint(encoder, 0)
  return toUint8Array(encoder)
}

function encodeDeletes(clients: ReadonlyMap<number, readonly number[]>): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, 0)
  writeVarUint(encoder, clients.size)
  for (const [client, ranges] of clients) {
    writeVarUint(encoder, client)
    writeVarUint(encoder, ranges.length / 2)
    for (const integer of ranges) writeVarUint(encoder, integer)
  }
  return toUint8Array(encoder)
}

/** Text that is no UTF-8, values that are no JSON, keys that reach a prototype: better found here than by the gate. */
function checkPiece(piece: Uint8Array): void {
  let structs: readonly (Y.Item | Y.GC | Y.Skip)[]
  try {
    structs = Y.decodeUpdate(piece).structs
  } catch (cause) {
    return refuse('U1', 'The update cannot be decoded.', cause)
  }
  for (const struct of structs) if (struct instanceof Y.Item) checkContent(struct.content)
}

// How much a document holds, kept running: counted once when the room opens, then every admitted update adds to it. The sums
// only grow, although deletions shrink a document; so before the gate refuses for a sum it counts again, if enough was deleted
// since the last count to be worth the walk over the whole document.

import * as Y from 'yjs'
import type { Place } from './gate-layout.ts'
import type { Places } from './gate-places.ts'
import { gateLimits, refuseSize } from './gate-rules.ts'

/** What an update adds, or a document holds. */
export interface Tally {
  /** Encoded, roughly. */
  bytes: number
  markers: number
  formats: number
  /** Clocks of sequences that are no formats: characters, atoms and markers, deleted ones too. */
  characters: number
  cells: number
  tables: number
}

export function emptyTally(): Tally {
  return { bytes: 0, markers: 0, formats: 0, characters: 0, cells: 0, tables: 0 }
}

function addTally(sum: Tally, added: Tally): void {
  sum.bytes += added.bytes
  sum.markers += added.markers
  sum.formats += added.formats
  sum.characters += added.characters
  sum.cells += added.cells
  sum.tables += added.tables
}

/** Adds `length` clocks of an item to a tally. `key` is that of a map entry. */
export function tallyItem(
  tally: Tally,
  place: Place,
  key: string | null,
  content: Y.Item['content'],
  length: number,
): void {
  if (content instanceof Y.ContentFormat) tally.formats += 1
  else if (key === null) tally.characters += length
  if (content instanceof Y.ContentType && (place === 'body' || place === 'cell')) tally.markers += 1
}

/** What an update deletes: how many clocks, and how many structs they are. */
export interface Deletions {
  clocks: number
  structs: number
}

export class Census {
  readonly #ydoc: Y.Doc
  readonly #places: Places
  readonly #maxBytes: number
  /** Of the replica and what is in flight. */
  #held: Tally
  #inFlight: Tally[] = []
  /** Structs of the replica when they were last counted. */
  #counted = 0
  #deleted: Deletions = { clocks: 0, structs: 0 }

  constructor(ydoc: Y.Doc, places: Places, maxBytes: number) {
    this.#ydoc = ydoc
    this.#places = places
    this.#maxBytes = maxBytes
    this.#held = this.#count()
  }

  /** @throws SheafError `too-large` when the document has no room for this. */
  assertRoom(added: Tally): void {
    if (this.#excess(added) === null) return
    if (this.#isCountDue()) this.#held = this.#count()
    const excess = this.#excess(added)
    if (excess !== null) refuseSize('U13', excess.detail, excess.limit)
  }

  /** The update is in flight. */
  add(added: Tally, deletions: Deletions): void {
    this.#inFlight.push(added)
    addTally(this.#held, added)
    this.#deleted.clocks += deletions.clocks
    this.#deleted.structs += deletions.structs
  }

  /** The oldest `count` updates in flight are in the replica. */
  landed(count: number): void {
    this.#inFlight = this.#inFlight.slice(count)
  }

  /** A count walks over all structs, so it is due when as many of them, or as much of their content, are gone as pay for it. */
  #isCountDue(): boolean {
    const { clocks, structs } = this.#deleted
    return structs > 16 + this.#counted / 16 || clocks > Math.max(100_000, this.#counted / 2)
  }

  #excess(added: Tally): { detail: string; limit: number } | null {
    const held = this.#held
    const { markers, cells, tables, formatsPerCharacter, formatsBeside } = gateLimits
    const formats = formatsPerCharacter * (held.characters + added.characters) + formatsBeside
    const bounds = [
      [added.bytes, held.bytes, this.#maxBytes, 'bytes'],
      [added.markers, held.markers, markers, 'blocks'],
      [added.formats, held.formats, formats, 'format items for its text'],
      [added.cells, held.cells, cells, 'cells'],
      [added.tables, held.tables, tables, 'tables'],
    ] as const
    for (const [more, have, limit, what] of bounds) {
      if (more > 0 && have + more > limit)
        return { detail: `The document would have more than ${limit} ${what}.`, limit }
    }
    return null
  }

  #count(): Tally {
    const tally = emptyTally()
    this.#counted = 0
    for (const structs of this.#ydoc.store.clients.values()) {
      this.#counted += structs.length
      for (const struct of structs) {
        if (!(struct instanceof Y.Item)) {
          tally.bytes += garbageBytes
          continue
        }
        const { content, parent, parentSub } = struct
        tally.bytes += itemBytes + sizeOfContent(content)
        if (struct.deleted && parentSub === null) tally.characters += struct.length
        else
          tallyItem(tally, this.#places.of(parent as Y.AbstractType<unknown>).place, parentSub, content, struct.length)
      }
    }
    for (const name of this.#ydoc.share.keys()) {
      if (name.startsWith('cell:')) tally.cells += 1
      else if (name.startsWith('table:')) tally.tables += 1
    }
    for (const added of this.#inFlight) addTally(tally, added)
    this.#deleted = { clocks: 0, structs: 0 }
    return tally
  }
}

/** Of one encoded item beside its content: info, one or two ids, and its share of the delete set. */
const itemBytes = 14
const garbageBytes = 6

function sizeOfContent(content: Y.Item['content']): number {
  if (content instanceof Y.ContentString) return Buffer.byteLength(content.str)
  if (content instanceof Y.ContentAny || content instanceof Y.ContentJSON) return sizeOfValue(content.arr)
  if (content instanceof Y.ContentEmbed) return sizeOfValue(content.embed)
  if (content instanceof Y.ContentFormat) return content.key.length + sizeOfValue(content.value)
  return content instanceof Y.ContentBinary ? content.content.length : 2
}

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2
  if (value instanceof Uint8Array) return value.length + 2
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + sizeOfValue(element), 2)
  if (typeof value !== 'object' || value === null) return 6
  let size = 2
  for (const [key, member] of Object.entries(value)) size += key.length + sizeOfValue(member)
  return size
}

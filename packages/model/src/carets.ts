// Carets by id. A caret is the id of the character or marker to its left, written `<client base36>.<clock base36>`: others type
// there, press Enter, join and delete, and it stays with its character. The start of a selection is the id of the character to its
// right, written with `>` before it. The empty string is the start of the document, the name of a cell's root the start of that cell.

import type * as Y from 'yjs'
import type { Blocks, Entry } from './blocks.ts'
import { isOpaque } from './changes.ts'
import { textOf } from './kinds.ts'
import {
  findUnit,
  firstItem,
  type Item,
  idString,
  isLiveMarker,
  isLiveUnit,
  isPartOf,
  itemId,
  liveLeft,
  liveRight,
  type Sequence,
} from './layout.ts'

/** A place in a shown block: so far behind its start, as ProseMirror counts. */
export interface BlockPlace {
  readonly entry: Entry
  readonly offset: number
}

/** The id of what stands left of a place. */
export function caretId(sequence: Sequence, { entry, offset }: BlockPlace): string {
  if (offset === 0) return entry.marker === null ? '' : itemId(entry.marker)
  let id = ''
  eachUnit(sequence, entry, (item, from, size) => {
    if (offset > from + size) return true
    const index = isOpaque(item) ? item.length - 1 : offset - from - 1
    id = idString(item.id.client, item.id.clock + index)
    // Of several unknown units the last one counts.
    return isOpaque(item) && size === 0 ? true : offset > from + size || (isOpaque(item) && offset === from + size)
  })
  return id
}

/** The id of what stands right of a place, marked as such; the left one at the end of a block. */
export function startId(sequence: Sequence, place: BlockPlace): string {
  let id: string | null = null
  eachUnit(sequence, place.entry, (item, from, size) => {
    if (place.offset >= from + size) return true
    id = `>${idString(item.id.client, item.id.clock + (isOpaque(item) ? 0 : place.offset - from))}`
    return false
  })
  return id ?? caretId(sequence, place)
}

/** Where a caret stands now; null where this replica has never seen its character. Deleted characters lead to what is left of them. */
export function resolveCaret(blocks: Blocks, caret: string): BlockPlace | null {
  if (caret === '') return firstPlace(blocks)
  const isStart = caret.startsWith('>')
  const unit = findUnit(blocks.sequence.doc!, isStart ? caret.slice(1) : caret)
  if (unit === null || !isPartOf(blocks.sequence, unit.item)) return null
  const { item } = unit
  if (isStart) {
    if (isLiveUnit(item)) return placeOf(blocks, item, unit.offset)
    const right = liveRight(item.right)
    if (right !== null && isLiveUnit(right)) return placeOf(blocks, right, 0)
  }
  if (isLiveUnit(item)) return placeOf(blocks, item, unit.offset + 1)
  for (let left = isLiveMarker(item) ? item : liveLeft(item.left); left !== null; left = liveLeft(left.left)) {
    if (isLiveUnit(left)) return placeOf(blocks, left, left.length)
    const entry = blocks.entryOf(left)
    if (entry?.node != null) return { entry, offset: 0 }
  }
  return firstPlace(blocks)
}

/** The sequence that the character of a caret is in; null where this replica does not know it. */
export function sequenceOfCaret(ydoc: Y.Doc, caret: string): unknown {
  return findUnit(ydoc, caret.startsWith('>') ? caret.slice(1) : caret)?.item.parent ?? null
}

function firstPlace(blocks: Blocks): BlockPlace | null {
  for (const section of blocks.sections) {
    for (const entry of section.entries) if (entry.node !== null) return { entry, offset: 0 }
  }
  return null
}

/** The place in front of the unit at `index` of a live item. */
function placeOf(blocks: Blocks, item: Item, index: number): BlockPlace | null {
  let marker: Item | null = item.left
  while (marker !== null && !isLiveMarker(marker)) marker = marker.left
  const entry = marker === null ? blocks.head : blocks.entryOf(marker)
  if (entry === undefined || entry.node === null) return null
  let offset = 0
  eachUnit(blocks.sequence, entry, (unit, from, size) => {
    offset = from
    if (unit !== item) return true
    if (isOpaque(item)) offset += index > 0 ? size : 0
    else offset += index
    return false
  })
  // A view that waits for a composition to end may hold less than the sequence.
  return { entry, offset: Math.min(offset, textOf(entry.node).size) }
}

/**
 * Visits the live items of a block with the offset at which each begins and its size, as ProseMirror counts: neighbouring unknown
 * units are one atom, whose size is that of its first item. Stops when `visit` returns false.
 */
function eachUnit(sequence: Sequence, entry: Entry, visit: (item: Item, from: number, size: number) => boolean): void {
  let offset = 0
  let isInOpaque = false
  let item = entry.marker === null ? firstItem(sequence) : entry.marker.right
  for (; item !== null && !isLiveMarker(item); item = item.right) {
    if (!isLiveUnit(item)) continue
    const opaque = isOpaque(item)
    const size = opaque ? (isInOpaque ? 0 : 1) : item.length
    if (!visit(item, offset, size)) return
    offset += size
    isInOpaque = opaque
  }
}

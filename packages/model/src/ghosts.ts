// Ghosts: markers that are `gone`. A block that is removed leaves one behind, so that a word typed there meanwhile stands in a paragraph
// of its own; a block that is inserted is born as one, in a transaction that undo does not see, so that undo hides it again.

import type * as Y from 'yjs'
import type { PlacedBlock, Segment } from './hole.ts'
import { isTable, kindOf } from './kinds.ts'
import {
  deleteItem,
  hasUnitsBehind,
  type Item,
  insertMarker,
  isGone,
  isLiveMarker,
  liveLeft,
  liveRight,
  readRegister,
  type Sequence,
  setRegister,
} from './layout.ts'

/**
 * Removes the markers of blocks that are no more. Where text stays behind one, it was joined: the marker goes, and so do
 * ghosts that the join reaches across. Of each stretch of wholly removed blocks the first becomes a ghost, so that a word typed
 * there meanwhile stands in a paragraph of its own; the others go. The marker of a table always becomes a ghost.
 */
export function bury(tr: Y.Transaction, doomed: readonly Item[]): void {
  const isDoomed = new Set(doomed)
  // What is live behind the block that was looked at before: from the last block to the first nothing is walked over twice.
  let behind: { readonly marker: Item; readonly live: Item | null } | null = null
  for (const marker of doomed.toReversed()) {
    if (marker.deleted) continue
    const right = liveBehind(marker, behind)
    const hasUnits = right !== null && !isLiveMarker(right)
    behind = { marker, live: right }
    if (namesTable(marker)) {
      if (!isGone(marker)) setRegister(marker, 'gone', true)
      continue
    }
    if (hasUnits) {
      deleteItem(tr, marker)
      for (let left = liveLeft(marker); left !== null && isGhost(left) && !isDoomed.has(left); ) {
        deleteItem(tr, left)
        left = liveLeft(left)
      }
      continue
    }
    const left = liveLeft(marker.left)
    if (left !== null && isLiveMarker(left) && !namesTable(left) && (isDoomed.has(left) || isGone(left))) {
      deleteItem(tr, marker)
      continue
    }
    if (!isGone(marker)) setRegister(marker, 'gone', true)
    buryHidden(tr, liveRight(marker.right))
  }
}

/** Deletes what stands in a row from here on and is hidden: one ghost in front of them is enough. */
function buryHidden(tr: Y.Transaction, from: Item | null): void {
  for (let item = from; item !== null && isHiddenGhost(item); item = liveRight(item.right)) deleteItem(tr, item)
}

/** The live unit or marker behind a marker. Behind `known.marker`, where it is deleted by now, stands `known.live`. */
function liveBehind(marker: Item, known: { readonly marker: Item; readonly live: Item | null } | null): Item | null {
  let item = marker.right
  while (item !== null && (item.deleted || !item.countable)) {
    if (item === known?.marker) return known.live?.deleted ? liveRight(known.live.right) : known.live
    item = item.right
  }
  return item
}

/**
 * What undo takes away as a whole leaves a ghost too: an Enter that is taken back while somebody types in the new line. Of each
 * stretch of deleted markers with nothing behind them the first is given one, in front of it, so that what was typed behind
 * any of them stands behind the ghost. Where text stays behind them, their blocks were joined, and nothing is left.
 */
export function leaveGhosts(tr: Y.Transaction, deleted: readonly Item[]): void {
  const all = new Set(deleted)
  for (const marker of all) {
    let first = marker
    let left = marker.left
    for (; left !== null && (left.deleted || !left.countable); left = left.left) {
      if (all.delete(left)) first = left
    }
    let right = marker.right
    for (; right !== null && (right.deleted || !right.countable); right = right.right) all.delete(right)
    if ((right !== null && !isLiveMarker(right)) || (left !== null && isGhost(left))) continue
    setRegister(insertMarker(tr, marker.parent as Sequence, first.left), 'gone', true)
    buryHidden(tr, right)
  }
}

/** New blocks that are inserted rather than split off: pasted, moved, duplicated, put in by a menu. */
export function bornBlocks(segment: Segment): Set<PlacedBlock> {
  const born = new Set<PlacedBlock>()
  let at = 0
  segment.hunks.forEach((hunk, index) => {
    at += hunk.keep + hunk.remove
    const tokens = segment.fresh.slice(hunk.from, hunk.to)
    const markers = tokens.flatMap(token => (token.kind === 'marker' ? [token.block] : []))
    const isTail = index === segment.hunks.length - 1 && at === segment.old.length
    // Text follows: it goes back to the block above when these are undone, which no ghost may stand in the way of.
    if (!isTail) markers.splice(0, markers.length, ...markers.filter(block => isTable(block.node)))
    else if (markers.length === 1 && tokens.at(-1)!.kind === 'marker' && isEnter(segment, markers[0]!)) markers.pop()
    for (const block of markers) born.add(block)
  })
  return born
}

/** Enter at the end of a block, or at the start of the one behind: an empty block of the same kind, or a paragraph. */
function isEnter(segment: Segment, block: PlacedBlock): boolean {
  if (isTable(block.node)) return false
  const kind = kindOf(block.node)
  if (kind === 'paragraph') return true
  return segment.head === null || kind === kindOf(segment.head.block.node)
}

/** The marker of a table is never removed: its rows and cells are known by it alone. */
function namesTable(marker: Item): boolean {
  return readRegister(marker, 'kind') === 'table'
}

function isGhost(item: Item): boolean {
  return isLiveMarker(item) && isGone(item) && !namesTable(item)
}

function isHiddenGhost(item: Item): boolean {
  return isGhost(item) && !hasUnitsBehind(item)
}

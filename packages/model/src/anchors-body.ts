// Anchors of a whole document, the cells of its tables included, in positions of the ProseMirror document that its index describes.

import { type Anchor, type AnchorPlace, makeAnchor, resolveAnchors } from './anchors.ts'
import type { Body } from './body.ts'
import { textOf } from './kinds.ts'

export interface AnchorRange {
  readonly by: AnchorPlace['by']
  /** Positions, the first never behind the second; equal only where the block is empty. */
  readonly from: number
  readonly to: number
}

/**
 * The anchor of what stands between two positions. What goes on from one cell into another, or out of a table, ends with the block
 * that it begins in. Null in a cell that nothing was written in yet: it has no block.
 */
export function anchorBetween(body: Body, from: number, to: number): Anchor | null {
  const { blocks, entry, start } = body.locate(from)
  if (blocks === null || entry === null) return null
  const end = body.locate(to)
  const size = textOf(entry.node!).size
  const isOneSequence = end.blocks === blocks && end.entry !== null
  const last = isOneSequence
    ? { entry: end.entry!, offset: within(to - end.start, textOf(end.entry!.node!).size) }
    : null
  return makeAnchor(blocks, {
    from: { entry, offset: within(from - start, size) },
    to: last ?? { entry, offset: size },
  })
}

/** Where anchors stand, in their order; null where nothing of one is left, or nothing of it is shown. */
export function placeAnchors(body: Body, anchors: readonly Anchor[]): (AnchorRange | null)[] {
  const sequences = [body.blocks, ...[...body.tables.cells].map(cell => cell.blocks)]
  return resolveAnchors(sequences, anchors).map(place => {
    if (place === null) return null
    const from = body.startOf(place.blocks, place.from.entry)
    const to = body.startOf(place.blocks, place.to.entry)
    if (from === null || to === null) return null
    return { by: place.by, from: from + place.from.offset, to: to + place.to.offset }
  })
}

function within(offset: number, size: number): number {
  return Math.min(Math.max(offset, 0), size)
}

// From places in the lists of a document to anchors, which outlive the edits of others.

import type { Anchor } from '../anchors.ts'
import { anchorBetween } from '../anchors-body.ts'
import type { Body } from '../body.ts'
import { type BlockList, positionOf, type Stretch } from './sheet.ts'

/** Null in a cell that nothing was written in yet. */
export function anchorOf(body: Body, lists: readonly BlockList[], { list, from, to }: Stretch): Anchor | null {
  return anchorBetween(body, positionOf(body.doc, lists, list, from), positionOf(body.doc, lists, list, to))
}

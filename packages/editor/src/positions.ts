// Positions of this view as caret ids, and back. Ids outlive every edit of others; positions are good for one document only.

import {
  type BlockPlace,
  type Blocks,
  caretId,
  type Entry,
  type Ledger,
  ledgerId,
  resolveCaret,
  startId,
} from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { type EditorState, Selection, TextSelection } from 'prosemirror-state'

/** A selection that means the same to everybody: what `caretId` and `startId` of the model write. */
export interface CaretIds {
  readonly anchor: string
  readonly head: string
}

/**
 * The selection of a state whose document is the one of the index; a start holds on to what is right of it, an end to what is left.
 * @param waiting blocks that show something else than the sequence holds
 */
export function caretIds(
  blocks: Blocks,
  selection: Selection,
  waiting: ReadonlyMap<Entry, Ledger> = new Map(),
): CaretIds {
  const { anchor, head, from, empty } = selection
  const idOf = (position: number): string => {
    const place = placeAt(blocks, position)
    const ledger = waiting.get(place.entry)
    if (ledger !== undefined) return ledgerId(ledger, place.offset) ?? place.entry.own ?? ''
    return !empty && position === from ? startId(blocks.sequence, place) : caretId(blocks.sequence, place)
  }
  return { anchor: idOf(anchor), head: idOf(head) }
}

/** The position of a caret id in the document of the index; null where this replica does not know it. */
export function positionOfCaret(blocks: Blocks, id: unknown): number | null {
  if (typeof id !== 'string') return null
  const place = resolveCaret(blocks, id)
  return place === null ? null : blocks.positionOf(place.entry) + 1 + place.offset
}

/** The selection that caret ids name now; null where nothing of it is known. */
export function selectionOf(blocks: Blocks, state: EditorState, carets: CaretIds): Selection | null {
  const anchor = positionOfCaret(blocks, carets.anchor)
  const head = positionOfCaret(blocks, carets.head)
  if (anchor === null || head === null) return null
  // What stood between the two is deleted: the start, which leans right, may have passed the end.
  const isCrossed = carets.anchor.startsWith('>') ? anchor > head : carets.head.startsWith('>') && head > anchor
  const end = carets.anchor.startsWith('>') ? head : anchor
  return textSelection(state.doc, isCrossed ? end : anchor, isCrossed ? end : head)
}

export function textSelection(doc: Node, anchor: number, head: number): Selection {
  const $anchor = doc.resolve(Math.min(anchor, doc.content.size))
  const $head = doc.resolve(Math.min(head, doc.content.size))
  return $anchor.parent.inlineContent && $head.parent.inlineContent
    ? new TextSelection($anchor, $head)
    : Selection.near($head)
}

function placeAt(blocks: Blocks, position: number): BlockPlace {
  const { entry, start } = blocks.entryAt(position)
  return { entry, offset: Math.min(Math.max(position - start, 0), entry.node!.content.size) }
}

// Positions of this view as caret ids, and back. Ids outlive every edit of others; positions are good for one document only.

import {
  type Body,
  caretId,
  type Entry,
  type Ledger,
  ledgerId,
  resolveCaret,
  sequenceOfCaret,
  startId,
  textOf,
} from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { Selection, TextSelection } from 'prosemirror-state'

/** A selection that means the same to everybody: what `caretId` and `startId` of the model write. */
export interface CaretIds {
  readonly anchor: string
  readonly head: string
}

/**
 * The selection of a state whose document is the one of the index; a start holds on to what is right of it, an end to what is left.
 * @param waiting blocks that show something else than the sequence holds
 */
export function caretIds(body: Body, selection: Selection, waiting: ReadonlyMap<Entry, Ledger> = new Map()): CaretIds {
  const { anchor, head, from, empty } = selection
  const idOf = (position: number): string => {
    const { blocks, entry, root, start } = body.locate(position)
    const home = blocks === body.blocks ? '' : root
    if (blocks === null || entry === null) return home
    const offset = Math.min(Math.max(position - start, 0), textOf(entry.node!).size)
    const ledger = waiting.get(entry)
    if (ledger !== undefined) return ledgerId(ledger, offset) ?? entry.own ?? home
    const place = { entry, offset }
    const id = !empty && position === from ? startId(blocks.sequence, place) : caretId(blocks.sequence, place)
    return id === '' ? home : id
  }
  return { anchor: idOf(anchor), head: idOf(head) }
}

/** The position of a caret id in the document of the index; null where this replica does not know it. */
export function positionOfCaret(body: Body, id: unknown): number | null {
  if (typeof id !== 'string') return null
  if (id.startsWith('cell:')) return body.startOfCell(id)
  const blocks = id === '' ? body.blocks : body.indexOf(sequenceOfCaret(body.ydoc, id))
  const place = blocks === null ? null : resolveCaret(blocks, id)
  const start = place === null ? null : body.startOf(blocks!, place.entry)
  return start === null ? null : start + place!.offset
}

/** The selection that caret ids name now; null where nothing of it is known. */
export function selectionOf(body: Body, doc: Node, carets: CaretIds): Selection | null {
  const anchor = positionOfCaret(body, carets.anchor)
  const head = positionOfCaret(body, carets.head)
  if (anchor === null || head === null) return null
  // What stood between the two is deleted: the start, which leans right, may have passed the end.
  const isCrossed = carets.anchor.startsWith('>') ? anchor > head : carets.head.startsWith('>') && head > anchor
  const end = carets.anchor.startsWith('>') ? head : anchor
  return textSelection(doc, isCrossed ? end : anchor, isCrossed ? end : head)
}

export function textSelection(doc: Node, anchor: number, head: number): Selection {
  const $anchor = doc.resolve(Math.min(anchor, doc.content.size))
  const $head = doc.resolve(Math.min(head, doc.content.size))
  return $anchor.parent.inlineContent && $head.parent.inlineContent
    ? new TextSelection($anchor, $head)
    : Selection.near($head)
}

// Marks are written as spans. Marking and unmarking are one act: delete both ends of the spans of that mark that lie wholly inside
// the range; where that is not enough, add one span. One end alone is never moved or deleted, so that overlapping acts of several
// people never leak a mark to the end of the document, and undo removes exactly one span.

import type { Mark, Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import type { Entry } from './blocks.ts'
import type { PlacedBlock } from './hole.ts'
import { hidesMarks, markName, writeMark } from './kinds.ts'
import {
  contentOf,
  deleteItem,
  firstItem,
  type Item,
  insertFormat,
  isLiveMarker,
  isLiveUnit,
  isMarker,
  type Sequence,
  splitBefore,
} from './layout.ts'
import { randomId } from './random.ts'
import { schema } from './schema.ts'
import { markNamed, type OpenSpans, parseSpanKey, spanKey } from './spans.ts'

/** A place between units: so many units behind the start of an entry's block. */
interface Place {
  readonly entry: Entry
  readonly offset: number
}

interface MarkRange {
  readonly name: string
  /** Null unmarks. */
  readonly mark: Mark | null
  readonly from: Place
  to: Place
}

/**
 * Brings the marks of what was read to those of the blocks that a document shows there.
 * @param fresh shown entries, one for each block of `shown`
 * @returns whether anything was written
 */
export function applyMarks(
  tr: Y.Transaction,
  sequence: Sequence,
  fresh: readonly Entry[],
  shown: readonly PlacedBlock[],
): boolean {
  const ranges = differingRanges(fresh, shown)
  for (const range of ranges) applyRange(tr, sequence, range)
  return ranges.length > 0
}

interface Run {
  readonly units: number
  readonly marks: readonly Mark[]
}

/** Maximal ranges in which one mark differs; blocks without text, and blocks that hide marks, do not interrupt them. */
function differingRanges(fresh: readonly Entry[], shown: readonly PlacedBlock[]): MarkRange[] {
  const ranges: MarkRange[] = []
  const growing = new Map<string, MarkRange>()
  fresh.forEach((entry, index) => {
    const have = entry.node!
    const want = shown[index]!.node
    if (have === want || hidesMarks(have.type)) return
    let offset = 0
    for (const [haveMarks, wantMarks, units] of alignRuns(runsOf(have), runsOf(want))) {
      const names = new Set([...haveMarks, ...wantMarks].map(markName))
      for (const [name, range] of growing) if (!names.has(name) && range.mark !== null) growing.delete(name)
      for (const name of names) {
        const wanted = markNamed(wantMarks, name)
        const present = markNamed(haveMarks, name)
        const isSame = wanted === null ? present === null : present?.eq(wanted) === true
        const range = growing.get(name)
        const to = { entry, offset: offset + units }
        if (isSame) {
          // What reads as it should already does not interrupt a range: unmarking all of what was unmarked in part is one act.
          if (range !== undefined && !sameMark(range.mark, wanted)) growing.delete(name)
        } else if (wanted !== null && writeMark(wanted) === null) growing.delete(name)
        else if (range !== undefined && sameMark(range.mark, wanted)) range.to = to
        else {
          const created: MarkRange = { name, mark: wanted, from: { entry, offset }, to }
          growing.set(name, created)
          ranges.push(created)
        }
      }
      offset += units
    }
  })
  return ranges
}

function sameMark(a: Mark | null, b: Mark | null): boolean {
  return a === null || b === null ? a === b : a.eq(b)
}

function runsOf(block: Node): Run[] {
  return block.children.map(child => ({
    units: child.type === schema.nodes.opaque_atom ? (child.attrs.size as number) : child.nodeSize,
    marks: child.marks,
  }))
}

/** The common pieces of two lists of runs, up to the end of the shorter. */
function alignRuns(a: readonly Run[], b: readonly Run[]): [readonly Mark[], readonly Mark[], number][] {
  const aligned: [readonly Mark[], readonly Mark[], number][] = []
  let i = 0
  let j = 0
  let leftA = a[0]?.units ?? 0
  let leftB = b[0]?.units ?? 0
  while (i < a.length && j < b.length) {
    const units = Math.min(leftA, leftB)
    aligned.push([a[i]!.marks, b[j]!.marks, units])
    leftA -= units
    leftB -= units
    if (leftA === 0) leftA = a[++i]?.units ?? 0
    if (leftB === 0) leftB = b[++j]?.units ?? 0
  }
  return aligned
}

function applyRange(tr: Y.Transaction, sequence: Sequence, range: MarkRange): void {
  const { name } = range
  const first = findUnitAt(tr, sequence, range.from)
  const last = findUnitBefore(tr, sequence, range.to)
  if (first === null || last === null) return
  // The gaps at both ends belong to the range: spans that end there lie wholly inside.
  let start = first.item
  while (start.left !== null && !isLiveUnit(start.left) && !isLiveMarker(start.left)) start = start.left
  let end = last
  while (end.right !== null && !isLiveUnit(end.right) && !isLiveMarker(end.right)) end = end.right

  const openBefore = spansBefore(sequence, range.from.entry, start)
  const ends: { item: Item; key: string }[] = []
  let spans = openBefore
  for (let item: Item | null = start; item !== null; item = item.right) {
    if (!item.deleted) {
      const content = contentOf(item)
      if (content.kind === 'format' && parseSpanKey(content.key)?.name === name) ends.push({ item, key: content.key })
      if (content.kind === 'format') spans = spans.after(content.key, content.value)
    }
    if (item === end) break
  }
  const openAfter = spans
  for (const { item, key } of ends) {
    if (!openBefore.has(key) && !openAfter.has(key)) deleteItem(tr, item)
  }

  spans = openBefore
  let counter = openBefore.highestCounter(name)
  let isEnough = true
  for (let item: Item | null = start; item !== null; item = item.right) {
    if (!item.deleted) {
      const content = contentOf(item)
      if (content.kind === 'format') spans = spans.after(content.key, content.value)
      counter = Math.max(counter, spans.highestCounter(name))
      if (isLiveUnit(item) && !sameMark(spans.mark(name), range.mark)) isEnough = false
    }
    if (item === end) break
  }
  if (isEnough) return
  const key = spanKey({ name, counter: counter + 1, uid: randomId(4) })
  const value = range.mark === null ? false : writeMark(range.mark)!.value
  insertFormat(tr, sequence, first.item.left, key, value)
  insertFormat(tr, sequence, last, key, null)
}

/** The item that begins with the unit behind a place. */
function findUnitAt(tr: Y.Transaction, sequence: Sequence, place: Place): { item: Item } | null {
  let left = place.offset
  for (let item = startOf(sequence, place.entry); item !== null; item = item.right) {
    if (!isLiveUnit(item)) continue
    if (left < item.length) return { item: splitBefore(tr, item, left) }
    left -= item.length
  }
  return null
}

/** The item that ends with the unit in front of a place. */
function findUnitBefore(tr: Y.Transaction, sequence: Sequence, place: Place): Item | null {
  let left = place.offset
  for (let item = startOf(sequence, place.entry); item !== null; item = item.right) {
    if (!isLiveUnit(item)) continue
    if (left <= item.length) {
      if (left < item.length) splitBefore(tr, item, left)
      return item
    }
    left -= item.length
  }
  return null
}

function startOf(sequence: Sequence, entry: Entry): Item | null {
  return entry.marker === null ? firstItem(sequence) : entry.marker.right
}

function spansBefore(sequence: Sequence, entry: Entry, until: Item): OpenSpans {
  let spans = entry.open
  for (let item = startOf(sequence, entry); item !== null && item !== until; item = item.right) {
    if (item.deleted || isMarker(item)) continue
    const content = contentOf(item)
    if (content.kind === 'format') spans = spans.after(content.key, content.value)
  }
  return spans
}

/** Deletes the spans that begin and end between two neighbouring live units, around an item: nothing is left inside them. */
export function deleteEmptySpans(tr: Y.Transaction, around: Item): void {
  let start = around
  while (start.left !== null && !isLiveUnit(start.left) && !isLiveMarker(start.left)) start = start.left
  const open = new Map<string, Item[]>()
  for (let item: Item | null = start; item !== null; item = item.right) {
    if (item.deleted) continue
    const content = contentOf(item)
    if (content.kind !== 'format') break
    if (parseSpanKey(content.key) === null) continue
    const begun = open.get(content.key)
    if (content.value !== null) open.set(content.key, [...(begun ?? []), item])
    else if (begun !== undefined) {
      for (const one of [...begun, item]) deleteItem(tr, one)
      open.delete(content.key)
    }
  }
}

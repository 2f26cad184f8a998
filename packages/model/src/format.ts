// Marks are written as spans. Marking and unmarking are one act: delete both ends of the spans of that mark that lie wholly inside
// the range; where that is not enough, add one span. One end alone is never moved or deleted, so that overlapping acts of several
// people never leak a mark to the end of the document, and undo removes exactly one span.

import type { Mark, Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import type { Entry } from './blocks.ts'
import type { PlacedBlock } from './hole.ts'
import { hidesMarks, markName, textOf, writeMark } from './kinds.ts'
import {
  contentOf,
  deleteItem,
  firstItem,
  type Item,
  insertFormat,
  isLiveMarker,
  isLiveUnit,
  type Sequence,
  splitBefore,
} from './layout.ts'
import { randomId } from './random.ts'
import { schema } from './schema.ts'
import { markNamed, OpenSpans, parseSpanKey, spanKey } from './spans.ts'

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
  const seeker = new Seeker(sequence)
  for (const range of ranges) applyRange(tr, sequence, range, seeker)
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
        const present = markNamed(haveMarks, name)
        const wanted = markNamed(wantMarks, name) ?? keptMark(present)
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

/** A mark that this version does not know stays on its text: what shows none, as code does, did not take it off. */
function keptMark(present: Mark | null): Mark | null {
  return present?.type === schema.marks.opaque_mark ? present : null
}

function sameMark(a: Mark | null, b: Mark | null): boolean {
  return a === null || b === null ? a === b : a.eq(b)
}

function runsOf(block: Node): Run[] {
  return textOf(block).content.map(child => ({
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

/**
 * Finds the starts of ranges, which come in document order. It only goes forward, so that a block costs one walk however often its
 * formatting changes; ranges change nothing in front of where they start.
 */
class Seeker {
  readonly #sequence: Sequence
  #entry: Entry | null = null
  /** The live unit or marker behind which the next gap begins; null at the start of the sequence. */
  #left: Item | null = null
  /** Units of the block up to there, and the spans that are open there. */
  #units = 0
  #spans = OpenSpans.none

  constructor(sequence: Sequence) {
    this.#sequence = sequence
  }

  /** The item that begins with the unit behind a place, the gap in front of it, and the spans that are open in front of the gap. */
  seek(tr: Y.Transaction, { entry, offset }: Place): { unit: Item; gap: Item; open: OpenSpans } | null {
    if (entry !== this.#entry) {
      this.#entry = entry
      this.#left = entry.marker
      this.#units = 0
      this.#spans = entry.open
    }
    let spans = this.#spans
    for (let item = this.#right; item !== null; item = item.right) {
      if (isLiveUnit(item)) {
        const into = offset - this.#units
        if (into <= 0) return { unit: item, gap: this.#right!, open: this.#spans }
        if (into < item.length) splitBefore(tr, item, into)
        this.#left = item
        this.#units += item.length
        this.#spans = spans
      } else if (!item.deleted) spans = spansAfter(spans, item)
    }
    return null
  }

  get #right(): Item | null {
    return this.#left === null ? firstItem(this.#sequence) : this.#left.right
  }
}

function applyRange(tr: Y.Transaction, sequence: Sequence, range: MarkRange, seeker: Seeker): void {
  const { name, from, to } = range
  const first = seeker.seek(tr, from)
  if (first === null) return
  const { unit, gap: start, open: openBefore } = first
  const last =
    to.entry === from.entry
      ? findUnitBefore(tr, unit, to.offset - from.offset)
      : findUnitBefore(tr, to.entry.marker, to.offset)
  if (last === null) return
  // The gaps at both ends belong to the range: spans that end there lie wholly inside.
  let end = last
  while (end.right !== null && !isLiveUnit(end.right) && !isLiveMarker(end.right)) end = end.right

  const ends: { item: Item; key: string }[] = []
  let spans = openBefore
  for (let item: Item | null = start; item !== null; item = item.right) {
    if (!item.deleted) {
      const content = contentOf(item)
      if (content.kind === 'format' && parseSpanKey(content.key)?.name === name) ends.push({ item, key: content.key })
      spans = spansAfter(spans, item)
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
      spans = spansAfter(spans, item)
      counter = Math.max(counter, spans.highestCounter(name))
      if (isLiveUnit(item) && !sameMark(spans.mark(name), range.mark)) isEnough = false
    }
    if (item === end) break
  }
  if (isEnough) return
  const key = spanKey({ name, counter: counter + 1, uid: randomId(4) })
  const value = range.mark === null ? false : writeMark(range.mark)!.value
  insertFormat(tr, sequence, unit.left, key, value)
  insertFormat(tr, sequence, last, key, null)
}

/** The item that ends so many units further on. */
function findUnitBefore(tr: Y.Transaction, from: Item | null, units: number): Item | null {
  let left = units
  for (let item = from; item !== null; item = item.right) {
    if (!isLiveUnit(item)) continue
    if (left <= item.length) {
      if (left < item.length) splitBefore(tr, item, left)
      return item
    }
    left -= item.length
  }
  return null
}

function spansAfter(spans: OpenSpans, item: Item): OpenSpans {
  const content = contentOf(item)
  return content.kind === 'format' ? spans.after(content.key, content.value) : spans
}

/** Deletes the spans that begin and end between two neighbouring live units, around an item: nothing is left inside them. */
export function deleteEmptySpans(tr: Y.Transaction, around: Item): void {
  // What is removed at once stands in one gap, and one look clears it.
  const seen: Set<Item> = tr.meta.get(deleteEmptySpans) ?? new Set()
  tr.meta.set(deleteEmptySpans, seen)
  if (seen.has(around)) return
  let start = around
  while (start.left !== null && !isLiveUnit(start.left) && !isLiveMarker(start.left)) start = start.left
  const open = new Map<string, Item[]>()
  for (let item: Item | null = start; item !== null; item = item.right) {
    seen.add(item)
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

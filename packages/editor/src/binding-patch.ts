// Brings a ProseMirror document to what was read: the smallest steps whose mapping is true, so that selections, decorations and the
// scroll position of this person stay with their text whatever others do. Pure but for the transaction that it adds steps to.

import { blocksAt, blocksOf, type Change, hidesMarks, isTable, type Place, type PlacedBlock } from '@sheaf/model'
import { Fragment, type Mark, type Node, Slice } from 'prosemirror-model'
import { Selection, type Transaction } from 'prosemirror-state'
import { AddMarkStep, AttrStep, RemoveMarkStep, ReplaceStep } from 'prosemirror-transform'

/** A place in a list of blocks. */
export interface Spot {
  readonly block: number
  readonly offset: number
}

/**
 * Replaces a region. Regions are patched from the last to the first, so that positions in front of one still hold.
 * @param place where the region begins in `tr.doc`
 * @param olds the blocks that stand there
 * @param changes what became of them (null: not known)
 */
export function patchRegion(
  tr: Transaction,
  place: Place,
  olds: readonly PlacedBlock[],
  fresh: readonly Node[],
  changes: readonly Change[] | null,
): void {
  const start = tr.steps.length
  const isPlain = olds.every(({ node }) => !isTable(node)) && fresh.every(node => !isTable(node))
  if (isPlain && changes !== null && fresh.length <= maxFineBlocks && olds.length <= maxFineBlocks) {
    try {
      for (const hunk of hunksOf(changes, olds, fresh).toReversed()) applyHunk(tr, place, olds, fresh, hunk)
      fixBlocks(tr, place, fresh)
      return
    } catch (error) {
      // Two blocks that cannot be joined (code and marked text): the blocks are replaced as they are.
      if (!(error instanceof RangeError) && !(error instanceof Error && error.name === 'TransformError')) throw error
      revert(tr, start)
    }
  }
  const isSameBlocks =
    fresh.length === olds.length && fresh.every((node, i) => node.attrs.id === olds[i]!.node.attrs.id)
  if (isSameBlocks && fresh.length <= maxFineBlocks) fixBlocks(tr, place, fresh)
  else replaceBlocks(tr, place, olds, fresh)
}

/** Replaces all blocks of a document by those of another one. */
export function patchAll(tr: Transaction, before: Node, after: Node): void {
  const olds = blocksAt(before, { section: 0, child: 0 }, countBlocks(before))
  patchRegion(tr, { section: 0, child: 0 }, olds, blocksOf(after), null)
}

function countBlocks(doc: Node): number {
  return doc.children.reduce((count, section) => count + section.childCount, 0)
}

/** How the parts of two tables are told to be the same: by what their ids say, or by where they stand. */
type Matching = 'by id' | 'by place'

/** Brings blocks, one by one, to what was read: the document has the same blocks already. */
export function fixBlocks(tr: Transaction, place: Place, fresh: readonly Node[], matching: Matching = 'by id'): void {
  const placed = blocksAt(tr.doc, place, fresh.length)
  if (fresh.length > maxFineBlocks && placed.every(({ node }, i) => node.nodeSize === fresh[i]!.nodeSize)) {
    exchangeBlocks(tr, placed, fresh)
  } else for (let i = fresh.length - 1; i >= 0; i--) fixBlock(tr, placed[i]!, fresh[i]!, matching)
}

/** Many blocks of the same sizes, like pasted ones that were given ids: one step a section, and the selection stays where it is. */
function exchangeBlocks(tr: Transaction, placed: readonly PlacedBlock[], fresh: readonly Node[]): void {
  const selection = tr.selection.toJSON()
  for (let end = placed.length; end > 0; ) {
    let start = end - 1
    while (start > 0 && endOf(placed[start - 1]!) === placed[start]!.position) start--
    const blocks = Fragment.from(fresh.slice(start, end))
    step(tr, placed[start]!.position, endOf(placed[end - 1]!), new Slice(blocks, 0, 0))
    end = start
  }
  tr.setSelection(Selection.fromJSON(tr.doc, selection))
}

/** Above so many blocks one step replaces them all: 20,000 single steps took 11 s. */
const maxFineBlocks = 300

/** Where a spot of the old blocks is now. `left` holds on to what is left of it, `right` to what is right of it. */
export function followSpot(changes: readonly Change[], spot: Spot, side: 'left' | 'right'): Spot | null {
  let oldBlock = -1
  let oldOffset = 0
  let block = -1
  let offset = 0
  let kept: Spot | null = null
  let isPast = false
  for (const { fate, of, size } of changes) {
    if (of === 'block') {
      if (isPast && fate === 'kept') return kept
      if (fate !== 'inserted') {
        oldBlock++
        oldOffset = 0
      }
      if (fate !== 'deleted') {
        block++
        offset = 0
      }
      if (fate === 'kept') kept = { block, offset: 0 }
      if (side === 'left' && fate !== 'inserted' && oldBlock === spot.block && spot.offset === 0) return kept
      continue
    }
    if (isPast && fate === 'kept') return { block, offset }
    if (fate !== 'inserted') {
      const into = spot.offset - oldOffset
      const isHere = oldBlock === spot.block && (side === 'left' ? into > 0 && into <= size : into >= 0 && into < size)
      if (isHere) {
        if (fate === 'kept') return { block, offset: offset + into }
        if (side === 'left') return kept
        isPast = true
      }
      oldOffset += size
    }
    if (fate !== 'deleted') offset += size
    if (fate === 'kept') kept = { block, offset }
  }
  return side === 'right' && !isPast ? followSpot(changes, spot, 'left') : kept
}

/** Two ends of what differs, between the same kept places on both sides. Block -1 is in front of the region. */
interface Hunk {
  readonly oldFrom: Spot
  readonly oldTo: Spot
  readonly newFrom: Spot
  readonly newTo: Spot
  /** Whether text goes on behind it; else it ends where a block does. */
  readonly isInText: boolean
}

function hunksOf(changes: readonly Change[], olds: readonly PlacedBlock[], fresh: readonly Node[]): Hunk[] {
  const hunks: Hunk[] = []
  let oldSpot: Spot = { block: -1, offset: 0 }
  let newSpot: Spot = { block: -1, offset: 0 }
  let from: { old: Spot; fresh: Spot } | null = null
  const finish = (isInText: boolean): void => {
    if (from !== null) {
      hunks.push({ oldFrom: from.old, oldTo: oldSpot, newFrom: from.fresh, newTo: newSpot, isInText })
    }
    from = null
  }
  for (const { fate, of, size } of changes) {
    if (fate === 'kept') finish(of === 'inline')
    else from ??= { old: oldSpot, fresh: newSpot }
    const move = (spot: Spot): Spot =>
      of === 'block' ? { block: spot.block + 1, offset: 0 } : { block: spot.block, offset: spot.offset + size }
    if (fate !== 'inserted') oldSpot = move(oldSpot)
    if (fate !== 'deleted') newSpot = move(newSpot)
  }
  finish(false)
  if (oldSpot.block !== olds.length - 1 || newSpot.block !== fresh.length - 1) {
    throw new RangeError('The changes do not describe these blocks')
  }
  return hunks
}

function applyHunk(
  tr: Transaction,
  place: Place,
  olds: readonly PlacedBlock[],
  fresh: readonly Node[],
  { oldFrom, oldTo, newFrom, newTo, isInText }: Hunk,
): void {
  if (isInText) {
    if (oldFrom.block < 0 || newFrom.block < 0) throw new RangeError('Text goes on in front of the region')
    step(tr, positionOf(olds, oldFrom), positionOf(olds, oldTo), sliceBetween(fresh, newFrom, newTo))
    return
  }
  // Blocks first, for they stand behind the text.
  const removed = olds.slice(oldFrom.block + 1, oldTo.block + 1)
  const added = fresh.slice(newFrom.block + 1, newTo.block + 1)
  replaceBlocks(tr, place, removed, added, oldFrom.block < 0 ? undefined : endOf(olds[oldFrom.block]!))
  if (oldFrom.block < 0 || newFrom.block < 0) return
  const old = olds[oldFrom.block]!
  const content = fresh[newFrom.block]!.content.cut(newFrom.offset)
  const to = endOf(old) - 1
  if (positionOf(olds, oldFrom) < to || content.size > 0) {
    step(tr, positionOf(olds, oldFrom), to, new Slice(content, 0, 0))
  }
}

/**
 * Replaces whole blocks by others.
 * @param after where the new blocks stand if no old ones do; else the place says so
 */
function replaceBlocks(
  tr: Transaction,
  place: Place,
  removed: readonly PlacedBlock[],
  added: readonly Node[],
  after: number = startOf(tr.doc, place),
): void {
  if (removed.length === 0 && added.length === 0) return
  let from = removed[0]?.position ?? after
  let to = removed.length === 0 ? after : endOf(removed.at(-1)!)
  if (added.length === 0) {
    // A section that would be empty goes with its last block.
    const $from = tr.doc.resolve(from)
    const $to = tr.doc.resolve(to)
    if ($from.parentOffset === 0 && $to.parentOffset === $to.parent.content.size) {
      from--
      to++
    }
  }
  step(tr, from, to, new Slice(Fragment.from(added), 0, 0))
}

function fixBlock(tr: Transaction, { node: have, position }: PlacedBlock, want: Node, matching: Matching): void {
  if (have === want) return
  if (isTable(have) && isTable(want)) {
    fixTree(tr, position, have, want, matching)
    return
  }
  if (hidesMarks(have.type) === hidesMarks(want.type) && isTable(have) === isTable(want)) {
    if (!have.content.eq(want.content)) {
      if (!fixMarks(tr, position + 1, have, want)) fixContent(tr, position + 1, have, want)
    }
    if (have.type !== want.type) tr.setNodeMarkup(position, want.type, want.attrs)
    else {
      for (const name in want.attrs) {
        if (have.attrs[name] !== want.attrs[name]) tr.step(new AttrStep(position, name, want.attrs[name]))
      }
    }
  }
  const now = tr.doc.nodeAt(position)!
  if (!now.eq(want)) step(tr, position, position + now.nodeSize, new Slice(Fragment.from(want), 0, 0))
}

/** A table, row by row and cell by cell: only what differs is touched, from the last to the first. */
function fixTree(tr: Transaction, position: number, have: Node, want: Node, matching: Matching): void {
  if (have === want) return
  if (have.isTextblock) {
    fixBlock(tr, { node: have, position }, want, matching)
    return
  }
  let from = 0
  let toHave = have.childCount
  let toWant = want.childCount
  while (from < toHave && from < toWant && have.child(from) === want.child(from)) from++
  while (toHave > from && toWant > from && have.child(toHave - 1) === want.child(toWant - 1)) {
    toHave--
    toWant--
  }
  const isSameParts =
    toHave === toWant &&
    (matching === 'by place' || range(from, toHave).every(index => isSamePart(have.child(index), want.child(index))))
  if (isSameParts) {
    let at = position + 1 + sizeOf(have, 0, toHave)
    for (let index = toHave - 1; index >= from; index--) {
      at -= have.child(index).nodeSize
      fixTree(tr, at, have.child(index), want.child(index), matching)
    }
  } else {
    const start = position + 1 + sizeOf(have, 0, from)
    const nodes = range(from, toWant).map(index => want.child(index))
    step(tr, start, start + sizeOf(have, from, toHave), new Slice(Fragment.from(nodes), 0, 0))
  }
  for (const name in want.attrs) {
    if (JSON.stringify(have.attrs[name]) !== JSON.stringify(want.attrs[name])) {
      tr.step(new AttrStep(position, name, want.attrs[name]))
    }
  }
}

/** The same row, column, or block; what was not written yet is what stands in its place. */
function isSamePart(have: Node, want: Node): boolean {
  if (have.isTextblock && want.isTextblock) return have.attrs.id === null || have.attrs.id === want.attrs.id
  const isSame = (name: string): boolean => have.attrs[name] == null || have.attrs[name] === want.attrs[name]
  return have.type === want.type && isSame('row') && isSame('column')
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}

function sizeOf(node: Node, from: number, to: number): number {
  return range(from, to).reduce((size, index) => size + node.child(index).nodeSize, 0)
}

/** Brings marks to what they should be, if nothing else differs. */
function fixMarks(tr: Transaction, start: number, have: Node, want: Node): boolean {
  const ranges: { from: number; to: number; mark: Mark; isAdded: boolean }[] = []
  let i = 0
  let j = 0
  let intoHave = 0
  let intoWant = 0
  let offset = 0
  while (i < have.childCount && j < want.childCount) {
    const a = have.child(i)
    const b = want.child(j)
    const size = Math.min(a.nodeSize - intoHave, b.nodeSize - intoWant)
    const isSame = a.isText
      ? b.isText && a.text!.slice(intoHave, intoHave + size) === b.text!.slice(intoWant, intoWant + size)
      : !b.isText && a.hasMarkup(b.type, b.attrs, a.marks)
    if (!isSame) return false
    const range = { from: start + offset, to: start + offset + size }
    for (const mark of a.marks) if (!mark.isInSet(b.marks)) ranges.push({ ...range, mark, isAdded: false })
    for (const mark of b.marks) if (!mark.isInSet(a.marks)) ranges.push({ ...range, mark, isAdded: true })
    offset += size
    intoHave += size
    intoWant += size
    if (intoHave === a.nodeSize) {
      i++
      intoHave = 0
    }
    if (intoWant === b.nodeSize) {
      j++
      intoWant = 0
    }
  }
  if (i < have.childCount || j < want.childCount) return false
  for (const { from, to, mark } of ranges.filter(range => !range.isAdded)) tr.step(new RemoveMarkStep(from, to, mark))
  for (const { from, to, mark } of ranges.filter(range => range.isAdded)) tr.step(new AddMarkStep(from, to, mark))
  return true
}

function fixContent(tr: Transaction, start: number, have: Node, want: Node): void {
  const from = have.content.findDiffStart(want.content)
  if (from === null) return
  const end = have.content.findDiffEnd(want.content)!
  const overlap = Math.max(0, from - Math.min(end.a, end.b))
  const content = want.content.cut(from, end.b + overlap)
  step(tr, start + from, start + end.a + overlap, new Slice(content, 0, 0))
}

function step(tr: Transaction, from: number, to: number, slice: Slice): void {
  if (from !== to || slice.size > 0) tr.step(new ReplaceStep(from, to, slice))
}

/** Takes back the steps since `start`; their maps cancel out. */
function revert(tr: Transaction, start: number): void {
  for (let i = tr.steps.length - 1; i >= start; i--) tr.step(tr.steps[i]!.invert(tr.docs[i]!))
}

function positionOf(blocks: readonly PlacedBlock[], { block, offset }: Spot): number {
  return blocks[block]!.position + 1 + offset
}

function endOf({ node, position }: PlacedBlock): number {
  return position + node.nodeSize
}

function startOf(doc: Node, { section, child }: Place): number {
  let position = 1
  for (let i = 0; i < section; i++) position += doc.child(i).nodeSize
  for (let i = 0; i < child; i++) position += doc.child(section).child(i).nodeSize
  return position
}

/** A slice of a list of blocks, open where it begins and ends inside of one. */
function sliceBetween(blocks: readonly Node[], from: Spot, to: Spot): Slice {
  const first = blocks[from.block]!
  if (from.block === to.block) return new Slice(first.content.cut(from.offset, to.offset), 0, 0)
  const last = blocks[to.block]!
  const nodes = [
    first.copy(first.content.cut(from.offset)),
    ...blocks.slice(from.block + 1, to.block),
    last.copy(last.content.cut(0, to.offset)),
  ]
  return new Slice(Fragment.from(nodes), 1, 1)
}

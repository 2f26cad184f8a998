// What others did, region by region: read again from the sequence, then patched into a transaction from the last region to the
// first. The selection is followed by what became of the very places it held on to, never by mapping alone: text that somebody
// else inserts at the caret stays behind it.

import {
  type Blocks,
  blocksAt,
  type Change,
  type Entry,
  type Place,
  type PlacedBlock,
  type Region,
  type Stretch,
} from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { Selection, TextSelection, type Transaction } from 'prosemirror-state'
import { followSpot, patchRegion, type Spot } from './binding-patch.ts'
import { textSelection } from './positions.ts'

export interface ReadRegion {
  readonly region: Region
  /** Where it stands in the document before, and the blocks that stood there. */
  readonly place: Place
  readonly olds: readonly PlacedBlock[]
  readonly fresh: readonly Node[]
}

/**
 * Reads stretches of the index again, in order. The index must still hold the document that is shown. Null where one reading ran
 * into another one: the index is of no use then.
 */
export function readRegions(blocks: Blocks, stretches: readonly Stretch[]): ReadRegion[] | null {
  const { doc } = blocks
  const places = new Map<Entry, Place>(stretches.map(({ from }) => [from, placeOf(blocks, from)]))
  const read: { region: Region; place: Place }[] = []
  for (const { from, until } of stretches) {
    const last = read.at(-1)
    if (last?.region.olds.includes(from) !== true) {
      const region = blocks.reread(from, until)
      // Nothing else is shown, or something else is again: the head is read as well.
      const place = region.olds[0] === from ? places.get(from)! : { section: 0, child: 0 }
      if (region.olds[0] !== from && read.length > 0) return null
      read.push({ region, place })
    } else if (until === null || !last.region.olds.includes(until)) {
      // Marks that are open longer than before led beyond the start of this stretch.
      const again = blocks.reread(last.region.fresh[0]!, until)
      last.region = {
        olds: [...last.region.olds, ...again.olds.slice(last.region.fresh.length)],
        fresh: again.fresh,
        renamed: new Map([...last.region.renamed, ...again.renamed]),
      }
    }
  }
  return read.map(({ region, place }) => ({
    region,
    place,
    olds: blocksAt(doc, place, shownNodes(region.olds).length),
    fresh: shownNodes(region.fresh),
  }))
}

/**
 * Adds the steps that bring the document of a transaction to what was read, and moves its selection along.
 * @param trace what became of the places of a region; null where it is not known, and the selection with it
 */
export function patchRegions(
  tr: Transaction,
  regions: readonly ReadRegion[],
  trace: ((region: Region) => Change[]) | null,
): void {
  const { selection } = tr
  const anchor = new Follower(
    selection.anchor,
    !selection.empty && selection.anchor === selection.from ? 'right' : 'left',
  )
  const head = new Follower(selection.head, !selection.empty && selection.head === selection.from ? 'right' : 'left')
  for (const { region } of regions) renameBlocks(tr, region)
  const patches = regions.map(({ region, ...one }) => ({ ...one, changes: trace?.(region) ?? null }))
  for (const patch of joinPatches(tr.doc, patches).toReversed()) {
    patchRegion(tr, patch.place, patch.olds, patch.fresh, patch.changes)
    anchor.follow(tr, patch)
    head.follow(tr, patch)
  }
  if (!(selection instanceof TextSelection) || (!anchor.isFollowed && !head.isFollowed)) return
  const from = anchor.position(tr)
  const to = head.position(tr)
  const isCrossed = !selection.empty && from > to !== selection.anchor > selection.head
  const end = selection.anchor < selection.head ? to : from
  const moved = isCrossed ? textSelection(tr.doc, end, end) : textSelection(tr.doc, from, to)
  if (!moved.eq(tr.selection)) tr.setSelection(moved)
}

interface Patch {
  readonly place: Place
  readonly olds: readonly PlacedBlock[]
  readonly fresh: readonly Node[]
  readonly changes: readonly Change[] | null
}

/** Where nothing that is shown stays as it is, all is one patch: one after the other they could leave no block for a moment. */
function joinPatches(doc: Node, patches: readonly Patch[]): readonly Patch[] {
  const shown = doc.children.reduce((count, section) => count + section.childCount, 0)
  const olds = patches.flatMap(patch => patch.olds)
  if (patches.length < 2 || olds.length < shown) return patches
  const changes = patches.every(patch => patch.changes !== null) ? patches.flatMap(patch => patch.changes ?? []) : null
  return [{ place: patches[0]!.place, olds, fresh: patches.flatMap(patch => patch.fresh), changes }]
}

/** Gives blocks outside of a region the ids that they have now. */
export function renameBlocks(tr: Transaction, { renamed }: Region): void {
  if (renamed.size === 0) return
  const ids = new Map([...renamed].map(([entry, node]) => [node, entry.id]))
  tr.doc.descendants((node, position) => {
    const id = ids.get(node)
    if (id !== undefined) tr.setNodeAttribute(position, 'id', id)
    return node.type.name === 'section'
  })
}

export function shownNodes(entries: readonly Entry[]): Node[] {
  return entries.flatMap(entry => entry.node ?? [])
}

/** One end of a selection on its way through the patches. */
class Follower {
  readonly #before: number
  readonly #side: 'left' | 'right'
  #now: { position: number; steps: number } | null = null

  constructor(before: number, side: 'left' | 'right') {
    this.#before = before
    this.#side = side
  }

  get isFollowed(): boolean {
    return this.#now !== null
  }

  follow(tr: Transaction, { place, olds, fresh, changes }: Patch): void {
    if (changes === null) return
    const block = olds.findIndex(
      ({ node, position }) => this.#before > position && this.#before < position + node.nodeSize,
    )
    if (block < 0) return
    const spot: Spot = { block, offset: this.#before - olds[block]!.position - 1 }
    const now = followSpot(changes, spot, this.#side)
    const placed = blocksAt(tr.doc, place, fresh.length)
    const at = now === null ? null : placed[now.block]!.position + 1 + now.offset
    this.#now = { position: at ?? nearStart(tr, placed, place), steps: tr.steps.length }
  }

  position(tr: Transaction): number {
    if (this.#now === null) return tr.mapping.map(this.#before, this.#side === 'left' ? -1 : 1)
    return tr.mapping.slice(this.#now.steps).map(this.#now.position, -1)
  }
}

/** Everything that the caret could hold on to is gone: the end of what stands in front. */
function nearStart(tr: Transaction, placed: readonly PlacedBlock[], place: Place): number {
  let start = placed[0]?.position
  if (start === undefined) {
    start = 1
    for (let i = 0; i < place.section; i++) start += tr.doc.child(i).nodeSize
    const section = tr.doc.maybeChild(place.section)
    for (let i = 0; i < Math.min(place.child, section?.childCount ?? 0); i++) start += section!.child(i).nodeSize
    start = Math.min(start, tr.doc.content.size)
  }
  return Selection.near(tr.doc.resolve(start), -1).head
}

function placeOf(blocks: Blocks, entry: Entry): Place {
  let child = 0
  for (const other of entry.section.entries) {
    if (other === entry) break
    if (other.node !== null) child++
  }
  return { section: blocks.sections.indexOf(entry.section), child }
}

// Carrying edits out on a replica. Edits that were made for an older state are made on a copy of that state, merged as everybody's edits are,
// and what comes out is written here, by the one client id that this replica writes under: so neither where somebody typed meanwhile
// is lost, nor does the state vector grow with the number of edits.

import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { placeAnchors } from '../anchors-body.ts'
import { blocksOf, cutSections } from '../blocks.ts'
import { Body } from '../body.ts'
import { resolveCaret } from '../carets.ts'
import { diffTokens } from '../diff.ts'
import { linesOf, readTitle } from '../document.ts'
import { write } from '../write.ts'
import { withAttrs } from './content.ts'
import type { Edit } from './edit.ts'
import { EditError } from './errors.ts'
import { anchorOf } from './places.ts'
import { type BlockMove, type EditPlan, type EditResult, planEdits } from './plan.ts'
import { type BlockList, listsOf, type Stretch, spotOf, textOfStretch } from './sheet.ts'
import type { Scene } from './targets.ts'

export interface EditOptions {
  /** The state that the edits were made for; it is used up. Default: what the replica holds. */
  readonly base?: Y.Doc | undefined
  /** Carets of people; an edit of words or blocks that one stands in is refused by `onBusy`. */
  readonly carets?: readonly string[]
  /** Called with the index of the edit; throws what it is refused with. */
  readonly onBusy?: (edit: number) => never
}

export interface Edited {
  readonly results: readonly EditResult[]
  /** The document before and after. */
  readonly before: Node
  readonly after: Node
  readonly title: { readonly before: string; readonly after: string }
}

/**
 * Makes edits, all or none, in one transaction.
 * @throws EditError, with nothing changed.
 */
export function editDocument(ydoc: Y.Doc, edits: readonly Edit[], options: EditOptions = {}): Edited {
  const { base, carets = [], onBusy } = options
  const body = new Body(ydoc)
  const before = body.doc
  const plan = planEdits(base === undefined ? body : new Body(base), edits, { leavesMoves: base !== undefined })
  const moved = new Set(plan.moves.flatMap(({ ids }) => ids))
  if (base !== undefined) assertStands(plan, body)
  if (onBusy !== undefined) for (const edit of busyEdits(plan, body, carets)) onBusy(edit)
  const isSame = plan.doc === plan.scene.body.doc && plan.moves.length === 0
  const doc = isSame ? before : base === undefined ? plan.doc : merged(ydoc, base, plan)
  const titleBefore = readTitle(ydoc)
  ydoc.transact(() => {
    if (doc !== before) write(body, doc, run => ydoc.transact(run), { moved })
    if (plan.title !== undefined) writeTitle(ydoc, plan.title)
  })
  const title = { before: titleBefore, after: readTitle(ydoc) }
  const results = plan.results.map((result): EditResult => {
    if (edits[result.op]!.op !== 'setTitle') return result
    return { ...result, ...title, status: title.before === title.after ? 'noop' : 'applied' }
  })
  return { results, before, after: doc, title }
}

/** Replaces what differs between the common beginning and the common end, so that what somebody else types stays. */
export function writeTitle(ydoc: Y.Doc, newTitle: string): void {
  const text = ydoc.getText('title')
  const before = [...text.toString()]
  const after = [...newTitle]
  let start = 0
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start += 1
  let end = 0
  const limit = Math.min(before.length, after.length) - start
  while (end < limit && before.at(-1 - end) === after.at(-1 - end)) end += 1
  const at = before.slice(0, start).join('').length
  text.delete(at, before.slice(start, before.length - end).join('').length)
  text.insert(at, after.slice(start, after.length - end).join(''))
}

/** What edits of an older state and all that was written since come to. */
function merged(ydoc: Y.Doc, base: Y.Doc, plan: EditPlan): Node {
  const known = Y.encodeStateVector(base)
  if (plan.doc !== plan.scene.body.doc) write(plan.scene.body, plan.doc, run => base.transact(run))
  const fork = new Y.Doc()
  Y.applyUpdate(fork, Y.encodeStateAsUpdate(ydoc))
  Y.applyUpdate(fork, Y.encodeStateAsUpdate(base, known))
  const { doc } = new Body(fork)
  fork.destroy()
  // Blocks that were made on the copy have no id here yet.
  const own = `${base.clientID.toString(36)}.`
  const blocks = blocksOf(doc).map(block =>
    String(block.attrs.id).startsWith(own) ? withAttrs(block, { id: null }) : block,
  )
  return cutSections(plan.moves.reduce(moveBlocks, blocks))
}

/** Blocks that were moved since are taken from where they are now: a move of an older state would leave behind what was written since. */
function moveBlocks(blocks: readonly Node[], { edit, ids, before }: BlockMove): Node[] {
  const isTaken = (block: Node) => ids.includes(block.attrs.id as string)
  const rest = blocks.filter(block => !isTaken(block))
  const at = before === null ? rest.length : rest.findIndex(block => block.attrs.id === before)
  if (at < 0) throw deleted(edit)
  return [...rest.slice(0, at), ...blocks.filter(isTaken), ...rest.slice(at)]
}

/** @throws EditError where what an edit takes away or changes is gone, or says something else by now. */
function assertStands({ scene, touched }: EditPlan, body: Body): void {
  const lists = listsOf(body.doc)
  const now = new Map(lists.flatMap(({ blocks }) => blocks.map(block => [block.attrs.id as string | null, block])))
  for (const { edit, list, from, to, needs } of touched) {
    const { blocks } = scene.searched.lists[list]!
    if (needs === 'kept') {
      assertKept({ scene, body, lists }, { list, from, to }, edit)
      continue
    }
    for (const block of needs === undefined ? [] : blocks.slice(from.block, to.block)) {
      const current = now.get(block.attrs.id as string | null)
      if (current === undefined) throw deleted(edit)
      const [was, is] = [block, current].map(one => linesOf(one).join('\n'))
      if (needs === 'same' && was !== is) throw changed(edit, is!)
    }
  }
}

/** Words that stand by themselves: others may have added to them, and taken nothing of them. */
function assertKept(
  { scene, body, lists }: { scene: Scene; body: Body; lists: readonly BlockList[] },
  stretch: Stretch,
  edit: number,
): void {
  const olds = scene.searched.lists
  const anchor = anchorOf(scene.body, olds, stretch)
  if (anchor === null || anchor.first === null) return
  const [place] = placeAnchors(body, [anchor])
  if (place == null || place.by === 'block') throw deleted(edit)
  const [from, to] = [spotOf(body.doc, lists, place.from), spotOf(body.doc, lists, place.to)]
  const is = textOfStretch(lists[from.list]!, { list: from.list, from: from.spot, to: to.spot })
  const was = textOfStretch(olds[stretch.list]!, stretch)
  if (was !== is && diffTokens(codesOf(was), codesOf(is)).some(({ remove }) => remove > 0)) throw changed(edit, is)
}

function deleted(edit: number): EditError {
  return new EditError('target-deleted', 'What this edit is about was taken away meanwhile.', { edit })
}

function changed(edit: number, current: string): EditError {
  return new EditError('target-changed', 'What this edit is about was changed meanwhile.', { edit, current })
}

function busyEdits({ scene, touched }: EditPlan, body: Body, carets: readonly string[]): number[] {
  const taken = new Set<string | null>()
  for (const caret of carets) {
    for (const blocks of [body.blocks, ...[...body.tables.cells].map(cell => cell.blocks)]) {
      const place = resolveCaret(blocks, caret)
      if (place !== null) taken.add(place.entry.id)
    }
  }
  const { lists } = scene.searched
  return touched
    .filter(({ list, from, to }) => {
      const end = to.offset < 0 ? to.block : to.block + 1
      return lists[list]!.blocks.slice(from.block, end).some(block => taken.has(block.attrs.id as string | null))
    })
    .map(({ edit }) => edit)
}

function codesOf(text: string): number[] {
  return [...text].map(character => character.codePointAt(0)!)
}

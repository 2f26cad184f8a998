// What a batch of edits comes to: all targets are resolved in the document as it is, what is to be changed must be apart, and then one
// new document is made of it. Nothing is written here.

import type { Mark, Node } from 'prosemirror-model'
import { cutSections } from '../blocks.ts'
import type { Body } from '../body.ts'
import { isTable, kindOf, readMark, readShape, textOf, wellFormed } from '../kinds.ts'
import { safeHref, schema } from '../schema.ts'
import {
  assertApart,
  type Change,
  inOrder,
  markBetween,
  putBetween,
  removeBetween,
  replaceBlocks,
  sayLines,
} from './changes.ts'
import { asBlocks, asInline, assertFits, fitting, readContent, withAttrs } from './content.ts'
import type { Edit, EditContent, MarkSpec } from './edit.ts'
import { EditError } from './errors.ts'
import { before } from './find.ts'
import { paired } from './pairing.ts'
import { type BlockList, compareSpots, type Spot, type Stretch, textOfStretch, withCells } from './sheet.ts'
import { type MatchedBy, type Resolved, Scene } from './targets.ts'

export interface EditResult {
  readonly op: number
  readonly status: 'applied' | 'noop'
  readonly matches: number
  readonly matchedBy?: MatchedBy
  /** The block that it is about, where it is about one. */
  readonly block?: string
  /** What stood there, and what stands there now, cut where it is long. */
  readonly before: string
  readonly after: string
}

export interface EditPlan {
  readonly doc: Node
  readonly moves: readonly BlockMove[]
  readonly title: string | undefined
  readonly results: readonly EditResult[]
  /** The places that words or blocks are taken from or changed at, by the edit that does it. */
  readonly touched: readonly Change[]
  readonly scene: Scene
}

/** Blocks by their ids, and the block in front of which they are put; null: the end of the body. */
export interface BlockMove {
  readonly edit: number
  readonly ids: readonly string[]
  readonly before: string | null
}

interface Drafted {
  readonly changes: readonly Omit<Change, 'edit'>[]
  readonly matches: number
  readonly matchedBy?: MatchedBy
  readonly before: string
  readonly after: string
  readonly title?: string
  readonly move?: Omit<BlockMove, 'edit'>
}

/**
 * @param leavesMoves moves are told, and not made in the document of the plan.
 * @throws EditError with the index of the edit.
 */
export function planEdits(body: Body, edits: readonly Edit[], { leavesMoves = false } = {}): EditPlan {
  const scene = new Scene(body)
  const { lists } = scene.searched
  const drafts = edits.map((edit, index) => {
    try {
      return draft(scene, edit)
    } catch (error) {
      if (error instanceof EditError) error.edit ??= index
      throw error
    }
  })
  const changes = drafts.flatMap(({ changes }, edit) => changes.map((change): Change => ({ ...change, edit })))
  assertApart(changes)
  assertCellsStay(lists, changes)
  const changed = new Set<number>()
  const make = (list: number, blocks: readonly Node[]): Node[] => {
    const kept = [...blocks]
    for (const change of inOrder(changes.filter(one => one.list === list))) {
      if (leavesMoves && edits[change.edit]!.op === 'move') continue
      if (change.make(kept)) changed.add(change.edit)
    }
    return kept.length > 0 ? kept : [schema.nodes.paragraph.create()]
  }
  // The places of cells are those of the old body: they are filled before its own blocks are moved about.
  const cells = lists.flatMap(({ cell, blocks }, list) =>
    cell !== null && changes.some(change => change.list === list) ? { cell, blocks: make(list, blocks) } : [],
  )
  const whole = make(0, withCells(lists[0]!.blocks, cells))
  const titles = drafts.flatMap(({ title }) => title ?? [])
  const title = titles.at(-1)
  if (titles.length > 1) throw new EditError('target-overlap', 'A document has one title.')
  return {
    doc: changed.size === 0 ? body.doc : cutSections(whole),
    moves: drafts.flatMap(({ move }, edit) => (move === undefined ? [] : { ...move, edit })),
    title,
    results: drafts.map(({ matches, matchedBy, before: was, after, changes: own }, op): EditResult => {
      const block = own.length === 1 ? blockIdAt(scene, own[0]!) : undefined
      return {
        op,
        status:
          changed.has(op) || drafts[op]!.move !== undefined || (edits[op]!.op === 'setTitle' && was !== after)
            ? 'applied'
            : 'noop',
        matches,
        ...(matchedBy !== undefined && { matchedBy }),
        ...(block !== undefined && { block }),
        before: cut(was),
        after: cut(after),
      }
    }),
    touched: changes.filter(({ from, to }) => compareSpots(from, to) < 0),
    scene,
  }
}

/** @throws EditError where a table is taken away or moved by one edit, and written into by another. */
function assertCellsStay(lists: readonly BlockList[], changes: readonly Change[]): void {
  const whole = changes.filter(({ list, kind }) => list === 0 && kind === 'content')
  for (const { list, edit } of changes) {
    const holder = lists[list]!.cell?.block
    if (holder === undefined) continue
    if (whole.some(({ from, to }) => from.block <= holder && compareSpots(before(holder), to) < 0)) {
      throw new EditError('target-overlap', 'One edit is about a table, and another about what stands in it.', { edit })
    }
  }
}

function draft(scene: Scene, edit: Edit): Drafted {
  if (edit.op === 'setTitle') {
    const title = wellFormed(edit.text).replace(/\s+/g, ' ').trim()
    return { changes: [], matches: 1, before: '', after: title, title }
  }
  const target = scene.resolve(edit.target)
  const { matchedBy } = target
  switch (edit.op) {
    case 'replaceText':
      return { matchedBy, ...replaceText(scene, target, edit) }
    case 'insert':
      return { matchedBy, ...insert(scene, edit, target) }
    case 'delete':
      return { matchedBy, ...remove(scene, target) }
    case 'format':
      return { matchedBy, ...format(scene, wordsOf(scene, target), edit.add ?? [], edit.remove ?? []) }
    case 'setBlock':
      return { matchedBy, ...setBlock(scene, target, edit.kind, edit.attrs ?? {}) }
    case 'replaceBlock':
      return { matchedBy, ...replaceBlock(scene, target, edit) }
    case 'move':
      return { matchedBy, ...move(scene, target, scene.resolve(edit.to)) }
  }
}

function replaceText(scene: Scene, target: Resolved, content: EditContent): Omit<Drafted, 'matchedBy'> {
  const brought = readContent(content)
  const stretches = wordsOf(scene, target)
  const inline = asInline(brought)
  const changes = stretches.map(stretch => {
    if (brought.kind === 'text') return contentChange(stretch, sayLines(stretch, brought.text), 'kept')
    const blocks = asBlocks(brought, indentAt(scene, stretch))
    assertFits(blocks, stretch.list > 0)
    return contentChange(stretch, putBetween(stretch, inline, blocks), 'kept')
  })
  const said = brought.kind === 'text' ? brought.text : linesIn(brought.blocks)
  return { changes, matches: stretches.length, ...proof(scene, stretches[0]!, said) }
}

function insert(scene: Scene, edit: Edit & { op: 'insert' }, target: Resolved): Omit<Drafted, 'matchedBy'> {
  const brought = readContent(edit)
  const said = brought.kind === 'text' ? brought.text : linesIn(brought.blocks)
  const place = placeOf(scene, target)
  const { list, spot, indent } = place
  const point: Stretch = { list, from: spot, to: spot }
  const { blocks } = scene.searched.lists[list]!
  const done = { matches: 1, before: '', after: said }
  if (spot.offset >= 0) {
    const inline = asInline(brought)
    if (brought.kind === 'text') return { changes: [contentChange(point, sayLines(point, brought.text))], ...done }
    const inserted = asBlocks(brought, indentAt(scene, point))
    assertFits(inserted, list > 0)
    return { changes: [contentChange(point, putBetween(point, inline, inserted))], ...done }
  }
  const inserted = asBlocks(brought, indent)
  assertFits(inserted, list > 0)
  const [only] = blocks
  const isEmpty = blocks.length === 1 && only!.type === schema.nodes.paragraph && only!.content.size === 0
  if (isEmpty && target.matchedBy === 'document' && !isTable(inserted[0]!)) {
    // Nobody wants the empty line that a new document begins with.
    const all: Stretch = { list, from: before(0), to: before(1) }
    const [first, ...rest] = inserted
    const next = [withAttrs(first!, { id: only!.attrs.id }), ...rest]
    return {
      changes: [blocksChange(all, () => next)],
      ...done,
    }
  }
  return {
    changes: [blocksChange(point, () => inserted)],
    ...done,
  }
}

function remove(scene: Scene, target: Resolved): Omit<Drafted, 'matchedBy'> {
  if (target.kind === 'blocks') {
    const stretch = stretchOf(target)
    const change = blocksChange(stretch, () => [], 'same')
    return { changes: [change], matches: 1, before: textAt(scene, stretch), after: '' }
  }
  const stretches = wordsOf(scene, target)
  const changes = stretches.map(stretch => contentChange(stretch, removeBetween(stretch), 'kept'))
  return { changes, matches: stretches.length, ...proof(scene, stretches[0]!, '') }
}

function format(
  scene: Scene,
  stretches: readonly Stretch[],
  add: readonly MarkSpec[],
  removed: readonly string[],
): Omit<Drafted, 'matchedBy'> {
  if (add.length === 0 && removed.length === 0) throw new EditError('invalid-edit', 'Give add or remove.')
  const marks = add.map(toMark)
  const types = removed.map(name => toMark({ type: name, attrs: { href: 'https:' } }).type)
  const changes = stretches.map(stretch => ({
    ...stretch,
    kind: 'marks' as const,
    needs: 'kept' as const,
    make: markBetween(stretch, marks, types),
  }))
  const said = textAt(scene, stretches[0]!)
  return { changes, matches: stretches.length, before: said, after: said }
}

const settableKinds: ReadonlySet<string> = new Set([
  ...['paragraph', 'h1', 'h2', 'h3', 'h4', 'bullet', 'ordered', 'task', 'quote', 'callout', 'toggle', 'code', 'math'],
])

function setBlock(
  scene: Scene,
  target: Resolved,
  kind: string | undefined,
  attrs: Readonly<Record<string, unknown>>,
): Omit<Drafted, 'matchedBy'> {
  if (kind === undefined && Object.keys(attrs).length === 0) throw new EditError('invalid-edit', 'Give kind or attrs.')
  if (kind !== undefined && !settableKinds.has(kind)) {
    throw new EditError('invalid-edit', `/kind: one of ${[...settableKinds].join(', ')}.`)
  }
  const stretch = target.kind === 'blocks' ? stretchOf(target) : blocksAround(wordsOf(scene, target)[0]!)
  const olds = scene.searched.lists[stretch.list]!.blocks.slice(stretch.from.block, stretch.to.block)
  const change = (block: Node): Node => {
    const name = kind ?? kindOf(block)
    if (kind !== undefined && isTable(block)) throw new EditError('unsupported-op', 'A table stays a table.')
    const values: Record<string, unknown> = { ...block.attrs, ...attrs, kind: name }
    const { type, attrs: read } = readShape(key => values[key])
    for (const key of Object.keys(attrs)) {
      if (!(key in read) || read[key] !== attrs[key]) {
        throw new EditError('invalid-edit', `/attrs/${key}: not an attribute of ${name}, or not a value that it takes.`)
      }
    }
    const own = isTable(block) ? { ...block.attrs, ...read } : { ...read, id: block.attrs.id }
    return type.create(own, isTable(block) ? block.content : fitting(type, block.content))
  }
  const news = olds.map(change)
  const kinds = (blocks: readonly Node[]) => blocks.map(kindOf).join(', ')
  const make = replaceBlocks(stretch, blocks => blocks.map(change))
  const changes = [{ ...stretch, kind: 'markup' as const, needs: 'there' as const, make }]
  return { changes, matches: olds.length, before: kinds(olds), after: kinds(news) }
}

function replaceBlock(scene: Scene, target: Resolved, content: EditContent): Omit<Drafted, 'matchedBy'> {
  const brought = readContent(content)
  const stretch = target.kind === 'blocks' ? stretchOf(target) : blocksAround(wordsOf(scene, target)[0]!)
  const isAll = target.matchedBy === 'document'
  const indent = isAll ? 0 : indentAt(scene, stretch)
  // Ids of JSON and of Markdown with ids say which block is which.
  const ids = brought.kind === 'blocks' ? brought.blocks.map(block => block.attrs.id as string | null) : []
  const news = asBlocks(brought, indent).map((block, index) => withAttrs(block, { id: ids[index] ?? null }))
  assertFits(news, stretch.list > 0)
  const change = blocksChange(stretch, olds => paired(olds, news), isAll ? undefined : 'there')
  return { changes: [change], matches: 1, before: textAt(scene, stretch), after: linesIn(news) }
}

function move(scene: Scene, target: Resolved, to: Resolved): Omit<Drafted, 'matchedBy'> {
  const from = target.kind === 'blocks' ? stretchOf(target) : blocksAround(wordsOf(scene, target)[0]!)
  const { list, spot } = placeOf(scene, to)
  if (spot.offset >= 0) throw new EditError('invalid-edit', '/to/edge: before or after.')
  if (list !== 0 || from.list !== 0) throw new EditError('unsupported-op', 'Blocks of a table stay in their cell.')
  const olds = scene.searched.lists[0]!.blocks.slice(from.from.block, from.to.block)
  const said = linesIn(olds)
  const done = { matches: olds.length, before: said, after: said }
  if (compareSpots(from.from, spot) <= 0 && compareSpots(spot, from.to) <= 0) return { changes: [], ...done }
  const point: Stretch = { list, from: spot, to: spot }
  return {
    changes: [blocksChange(from, () => [], 'there'), blocksChange(point, () => olds)],
    ...done,
    move: {
      ids: olds.flatMap(({ attrs }) => (attrs.id as string | null) ?? []),
      before: (scene.searched.lists[0]!.blocks[spot.block]?.attrs.id as string | null | undefined) ?? null,
    },
  }
}

function contentChange(stretch: Stretch, make: Change['make'], needs?: Change['needs']): Omit<Change, 'edit'> {
  const { list, from, to } = stretch
  return { list, from, to, kind: 'content', make, ...(needs !== undefined && { needs }) }
}

function blocksChange(
  stretch: Stretch,
  next: (olds: readonly Node[]) => readonly Node[],
  needs?: Change['needs'],
): Omit<Change, 'edit'> {
  return contentChange(stretch, replaceBlocks(stretch, next), needs)
}

/** The words of a target: what was quoted, or the text of one block. @throws EditError `unsupported-op`. */
function wordsOf({ searched }: Scene, target: Resolved): readonly Stretch[] {
  if (target.kind === 'words') return target.stretches
  if (target.kind === 'place') throw new EditError('unsupported-op', 'This wants words or blocks, not a place between.')
  const { list, from, to } = target
  const last = searched.lists[list]!.blocks[to - 1]!
  return [{ list, from: { block: from, offset: 0 }, to: { block: to - 1, offset: textOf(last).size } }]
}

/** Where something is put: behind, where the target says no edge. */
function placeOf({ searched }: Scene, target: Resolved): { list: number; spot: Spot; indent: number } {
  if (target.kind === 'place') return target
  if (target.kind === 'blocks') {
    const first = searched.lists[target.list]!.blocks[target.from]!
    const indent =
      target.matchedBy === 'heading' || target.matchedBy === 'document' ? 0 : Number(first.attrs.indent) || 0
    return { list: target.list, spot: before(target.to), indent }
  }
  const [stretch, second] = target.stretches
  if (second !== undefined) throw new EditError('unsupported-op', 'Something is put at one place at a time.')
  return { list: stretch!.list, spot: stretch!.to, indent: 0 }
}

function stretchOf({ list, from, to }: Resolved & { kind: 'blocks' }): Stretch {
  return { list, from: before(from), to: before(to) }
}

function blocksAround({ list, from, to }: Stretch): Stretch {
  return { list, from: before(from.block), to: before(to.block + 1) }
}

function indentAt({ searched }: Scene, { list, from }: Stretch): number {
  return Number(searched.lists[list]!.blocks[from.block]?.attrs.indent) || 0
}

function textAt({ searched }: Scene, stretch: Stretch): string {
  return textOfStretch(searched.lists[stretch.list]!, stretch)
}

/** The line around a place, before and after it says something else. */
function proof(scene: Scene, stretch: Stretch, said: string): { before: string; after: string } {
  const whole = scene.searched.contextOf(stretch)
  const words = textAt(scene, stretch)
  const at = scene.searched.linesOf(stretch.list).indexOf(stretch.from)
  const start = Math.min(40, at)
  return { before: whole, after: whole.slice(0, start) + said + whole.slice(start + words.length) }
}

function blockIdAt({ searched }: Scene, { list, from }: Stretch): string | undefined {
  const id = searched.lists[list]!.blocks[from.block]?.attrs.id as string | null | undefined
  return id ?? undefined
}

function linesIn(blocks: readonly Node[]): string {
  return blocks
    .map(block => textOf(block).textBetween(0, textOf(block).size, null, leaf => leaf.type.spec.leafText?.(leaf) ?? ''))
    .join('\n')
}

function toMark({ type, attrs }: MarkSpec): Mark {
  const value = type === 'link' || type === 'highlight' ? (attrs ?? true) : true
  const mark = type in schema.marks && type !== 'opaque_mark' ? readMark(type, value) : undefined
  if (mark == null) throw new EditError('invalid-edit', `/add: there is no mark ${type} with such attributes.`)
  if (mark.type === schema.marks.link && safeHref(String(mark.attrs.href)) !== mark.attrs.href) {
    throw new EditError('invalid-edit', '/add: the address of the link is of a scheme that is not allowed.')
  }
  return mark
}

function cut(text: string): string {
  return text.length <= maxProofLength ? text : `${wellFormed(text.slice(0, maxProofLength))}…`
}

const maxProofLength = 400

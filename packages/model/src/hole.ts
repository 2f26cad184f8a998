// What differs between the block index and a new document: the hole between the blocks that are the same nodes at both ends,
// which blocks in it are still the same, and per matched block one comparison of everything up to the next matched block, where a
// marker is a token like a character. Pure: nothing is written here.

import type { Fragment, Mark, Node } from 'prosemirror-model'
import type { Blocks, Entry } from './blocks.ts'
import { diffTokens, type Hunk, longestIncreasing } from './diff.ts'
import { isTable, textOf, textStart, wellFormed } from './kinds.ts'
import { schema } from './schema.ts'

export interface PlacedBlock {
  readonly node: Node
  /** Position before the block in the new document. */
  readonly position: number
}

export interface Hole {
  /** The entry before the first differing one; null at the start. */
  readonly before: Entry | null
  readonly olds: readonly Entry[]
  readonly after: Entry | null
  readonly news: readonly PlacedBlock[]
  /** Where the hole begins in the new document. */
  readonly place: Place
}

/** In front of a block of a document: section, and block in it. */
export interface Place {
  readonly section: number
  readonly child: number
}

/** One token of the new text, with what stands for it. */
export type NewToken =
  | { readonly kind: 'text'; readonly text: string; readonly marks: readonly Mark[] }
  | { readonly kind: 'atom'; readonly node: Node }
  | { readonly kind: 'marker'; readonly block: PlacedBlock }

/** A matched block with all that follows up to the next one; the first segment of a hole may have no matched block. */
export interface Segment {
  readonly head: { readonly entry: Entry; readonly block: PlacedBlock } | null
  /** Shown old blocks behind the head that are not blocks of the new document any more. */
  readonly removed: readonly Entry[]
  readonly added: readonly PlacedBlock[]
  readonly old: readonly OldToken[]
  readonly fresh: readonly NewToken[]
  readonly hunks: readonly Hunk[]
}

/** One token of the old text: a marker, or something of so many units that is `size` long in ProseMirror. */
export type OldToken =
  | { readonly marker: Entry; readonly units: 0; readonly size: 0 }
  | { readonly marker: null; readonly units: number; readonly size: number }

/** Null where index and document hold the same blocks, sections apart. */
export function findHole(blocks: Blocks, doc: Node): Hole | null {
  const { start, endOld, endNew } = blocks.differingSections(doc)
  const { olds, news, places } = differing(blocks, doc, { start, endOld, endNew })
  let fromOld = 0
  let fromNew = 0
  let toOld = olds.length
  let toNew = news.length
  for (;;) {
    let next = fromOld
    while (next < toOld && olds[next]!.node === null) next++
    if (next === toOld || fromNew === toNew || olds[next]!.node !== news[fromNew]!.node) break
    fromOld = next + 1
    fromNew++
  }
  for (;;) {
    let next = toOld
    while (next > fromOld && olds[next - 1]!.node === null) next--
    if (next === fromOld || fromNew === toNew || olds[next - 1]!.node !== news[toNew - 1]!.node) break
    toOld = next - 1
    toNew--
  }
  if (fromNew === toNew && olds.slice(fromOld, toOld).every(entry => entry.node === null)) return null
  const first = olds[fromOld]
  const before = fromOld > 0 ? olds[fromOld - 1]! : first !== undefined ? blocks.previous(first) : endOf(blocks, start)
  const last = olds[toOld - 1]
  const after =
    olds[toOld] ??
    (last !== undefined
      ? blocks.next(last)
      : before !== null
        ? blocks.next(before)
        : (blocks.sections[0]?.entries[0] ?? null))
  const preceding = places[fromNew - 1]
  const place =
    places[fromNew] ??
    (preceding === undefined
      ? { section: start, child: 0 }
      : { section: preceding.section, child: preceding.child + 1 })
  return { before, olds: olds.slice(fromOld, toOld), after, news: news.slice(fromNew, toNew), place }
}

/**
 * What stands in the differing sections: of what is the same at their start and at their end only the last and the first block, for a
 * key changes one of a hundred.
 */
function differing(
  blocks: Blocks,
  doc: Node,
  { start, endOld, endNew }: { start: number; endOld: number; endNew: number },
): { olds: Entry[]; news: PlacedBlock[]; places: Place[] } {
  const sections = blocks.sections
  const isBoth = start < endOld && start < endNew
  const ahead = isBoth ? commonStart(sections[start]!.entries, doc.child(start).children) : nothing
  const limit = { old: endOld - 1 === start ? ahead.old : 0, fresh: endNew - 1 === start ? ahead.fresh : 0 }
  const behind = isBoth ? commonEnd(sections[endOld - 1]!.entries, doc.child(endNew - 1).children, limit) : null
  const olds: Entry[] = []
  for (let i = start; i < endOld; i++) {
    const { entries } = sections[i]!
    const from = i === start ? ahead.old : 0
    const to = i === endOld - 1 && behind !== null ? behind.old : entries.length
    for (let k = from; k < to; k++) olds.push(entries[k]!)
  }
  const news: PlacedBlock[] = []
  const places: Place[] = []
  let position = 0
  for (let i = 0; i < start; i++) position += doc.child(i).nodeSize
  for (let i = start; i < endNew; i++) {
    const section = doc.child(i)
    const from = i === start ? ahead.fresh : 0
    const to = i === endNew - 1 && behind !== null ? behind.fresh : section.childCount
    let at = position + 1
    for (let child = 0; child < to; child++) {
      const node = section.child(child)
      if (child >= from) {
        news.push({ node, position: at })
        places.push({ section: i, child })
      }
      at += node.nodeSize
    }
    position += section.nodeSize
  }
  return { olds, news, places }
}

/** A place in a list of entries and in one of blocks. */
interface Twin {
  readonly old: number
  readonly fresh: number
}

const nothing: Twin = { old: 0, fresh: 0 }

/** The last of the blocks that both begin with; the start where there is none. */
function commonStart(entries: readonly Entry[], blocks: readonly Node[]): Twin {
  let last = nothing
  for (let old = 0, fresh = 0; ; old++, fresh++) {
    while (old < entries.length && entries[old]!.node === null) old++
    if (old === entries.length || fresh === blocks.length || entries[old]!.node !== blocks[fresh]) return last
    last = { old, fresh }
  }
}

/** Behind the first of the blocks that both end with, none of them in front of the limit or right behind it; the end where there is none. */
function commonEnd(entries: readonly Entry[], blocks: readonly Node[], limit: Twin): Twin {
  let first: Twin = { old: entries.length, fresh: blocks.length }
  for (let { old, fresh } = first; ; old--, fresh--) {
    while (old > limit.old && entries[old - 1]!.node === null) old--
    if (old <= limit.old + 1 || fresh <= limit.fresh + 1 || entries[old - 1]!.node !== blocks[fresh - 1]) return first
    first = { old, fresh }
  }
}

/** The place so many blocks in front of another one. */
export function stepBack(doc: Node, { section, child }: Place, count: number): Place {
  for (let left = count; left > 0; left--) {
    while (child === 0) child = doc.child(--section).childCount
    child--
  }
  return { section, child }
}

/** So many blocks of a document from a place on, whatever the sections between them. */
export function blocksAt(doc: Node, { section, child }: Place, count: number): PlacedBlock[] {
  let position = 0
  for (let i = 0; i < section; i++) position += doc.child(i).nodeSize
  const placed: PlacedBlock[] = []
  for (let left = count; left > 0; section++, child = 0) {
    const parent = doc.child(section)
    let at = position + 1
    for (let k = 0; k < parent.childCount && left > 0; k++) {
      if (k >= child) {
        placed.push({ node: parent.child(k), position: at })
        left--
      }
      at += parent.child(k).nodeSize
    }
    position += parent.nodeSize
  }
  return placed
}

/**
 * Cuts a hole into segments.
 * @param unchangedBefore position up to which the new document is known to be the old one
 * @param moved ids of blocks that a move command deleted here and inserted there: they never match
 */
export function cutSegments(hole: Hole, unchangedBefore: number, moved: ReadonlySet<string>): Segment[] {
  const olds = hole.olds.filter(entry => entry.node !== null)
  const pairs = matchBlocks(olds, hole.news, moved)
  const segments: Segment[] = []
  for (let i = -1; i < pairs.length; i++) {
    const pair = pairs[i] ?? null
    const next = pairs[i + 1]
    const removed = olds.slice(pair === null ? 0 : pair.old + 1, next?.old ?? olds.length)
    const added = hole.news.slice(pair === null ? 0 : pair.fresh + 1, next?.fresh ?? hole.news.length)
    if (pair === null && removed.length === 0 && added.length === 0) continue
    const head = pair === null ? null : { entry: olds[pair.old]!, block: hole.news[pair.fresh]! }
    segments.push(makeSegment(head, removed, added, unchangedBefore))
  }
  return segments
}

interface Pair {
  readonly old: number
  readonly fresh: number
}

/** Matches blocks by id, in order; what has no id is matched by its place and text. */
function matchBlocks(olds: readonly Entry[], news: readonly PlacedBlock[], moved: ReadonlySet<string>): Pair[] {
  const placeOf = new Map<string, number>()
  olds.forEach((entry, index) => {
    if (entry.id !== null && !moved.has(entry.id)) placeOf.set(entry.id, index)
  })
  const holder = new Map<string, number>()
  news.forEach(({ node }, index) => {
    const id = node.attrs.id as string | null
    if (id === null || !placeOf.has(id)) return
    const first = holder.get(id)
    // Enter at the start of a block leaves an empty one in front: the text keeps its id.
    if (first !== undefined && (textOf(news[first]!.node).size > 0 || textOf(node).size === 0)) return
    // A table never becomes anything else, nor anything else a table.
    if (isTable(olds[placeOf.get(id)!]!.node!) === isTable(node)) holder.set(id, index)
  })
  const candidates = [...holder]
    .map(([id, fresh]) => ({ old: placeOf.get(id)!, fresh }))
    .sort((a, b) => a.fresh - b.fresh)
  const matched = longestIncreasing(candidates.map(pair => pair.old)).map(index => candidates[index]!)
  const pairs: Pair[] = []
  let previous: Pair = { old: -1, fresh: -1 }
  for (const pair of [...matched, { old: olds.length, fresh: news.length }]) {
    pairs.push(...pairAnonymous(olds, news, previous, pair, moved))
    if (pair.old < olds.length) pairs.push(pair)
    previous = pair
  }
  return pairs
}

/** Between two matched blocks: pairs old blocks with new ones that lost their id, as `setBlockType` makes them. */
function pairAnonymous(
  olds: readonly Entry[],
  news: readonly PlacedBlock[],
  from: Pair,
  to: Pair,
  moved: ReadonlySet<string>,
): Pair[] {
  const free: number[] = []
  for (let i = from.old + 1; i < to.old; i++) if (olds[i]!.id === null || !moved.has(olds[i]!.id!)) free.push(i)
  const anonymous: number[] = []
  for (let i = from.fresh + 1; i < to.fresh; i++) if (news[i]!.node.attrs.id === null) anonymous.push(i)
  if (free.length === 0 || anonymous.length === 0) return []
  const isPair = (old: number, fresh: number): boolean => isTable(olds[old]!.node!) === isTable(news[fresh]!.node)
  if (free.length === anonymous.length && anonymous.length === to.fresh - from.fresh - 1) {
    const all = free.map((old, index) => ({ old, fresh: anonymous[index]! }))
    if (all.every(({ old, fresh }) => isPair(old, fresh))) return all
  }
  const pairs: Pair[] = []
  let next = 0
  for (const fresh of anonymous) {
    const found = free.findIndex(
      (old, index) => index >= next && isPair(old, fresh) && beginAlike(olds[old]!.node!, news[fresh]!.node),
    )
    if (found < 0) continue
    pairs.push({ old: free[found]!, fresh })
    next = found + 1
  }
  return pairs
}

function beginAlike(a: Node, b: Node): boolean {
  const x = a.textContent
  const y = b.textContent
  if (x === '' || y === '') return x === y
  const shorter = Math.min(x.length, y.length)
  let common = 0
  while (common < shorter && x[common] === y[common]) common++
  return common * 2 >= shorter
}

function makeSegment(
  head: Segment['head'],
  removed: readonly Entry[],
  added: readonly PlacedBlock[],
  unchangedBefore: number,
): Segment {
  if (head !== null && removed.length === 0 && added.length === 0) return makeTextSegment(head, unchangedBefore)
  const tokenizer = new Tokenizer()
  const old = tokenizer.old(head === null ? null : textOf(head.entry.node!), removed)
  const fresh = tokenizer.fresh(head === null ? null : textOf(head.block.node), added)
  const offset = head === null ? -1 : unchangedBefore - head.block.position - textStart(head.block.node)
  // Blocks that came and blocks that went have nothing to do with each other but a common start or end.
  const endsOnly = removed.length > 0 && added.length > 0
  const hunks = diffTokens(old.numbers, fresh.numbers, { prefixLimit: countTokens(old.tokens, offset), endsOnly })
  return { head, removed, added, old: old.tokens, fresh: fresh.tokens, hunks }
}

/** A segment of one block: what its text begins and ends with on both sides is one token each, however long the block is. */
function makeTextSegment(head: NonNullable<Segment['head']>, unchangedBefore: number): Segment {
  const before = textOf(head.entry.node!)
  const after = textOf(head.block.node)
  const difference = before.findDiffStart(after)
  const segment = { head, removed: [], added: [] }
  if (difference === null) return { ...segment, old: [], fresh: [], hunks: [] }
  const hint = unchangedBefore - head.block.position - textStart(head.block.node)
  let start = hint >= 0 ? Math.min(hint, difference) : difference
  const end = before.findDiffEnd(after)!
  const overlap = Math.max(0, start - Math.min(end.a, end.b))
  let oldEnd = end.a + overlap
  let newEnd = end.b + overlap
  // Never inside of a character: what is common there may be one half of two different ones.
  if (isInsideCharacter(before, start) || isInsideCharacter(after, start)) start--
  if (isInsideCharacter(before, oldEnd) || isInsideCharacter(after, newEnd)) {
    oldEnd++
    newEnd++
  }
  const tokenizer = new Tokenizer()
  const old = tokenizer.old(before.cut(start, oldEnd), [])
  const fresh = tokenizer.fresh(after.cut(start, newEnd), [])
  const prefixLimit = countTokens(old.tokens, hint - start) + (start > 0 ? 1 : 0)
  if (start > 0) {
    old.tokens.unshift(commonToken(before, 0, start))
    old.numbers.unshift(commonPrefix)
    fresh.tokens.unshift(commonText)
    fresh.numbers.unshift(commonPrefix)
  }
  if (oldEnd < before.size) {
    old.tokens.push(commonToken(before, oldEnd, before.size))
    old.numbers.push(commonSuffix)
    fresh.tokens.push(commonText)
    fresh.numbers.push(commonSuffix)
  }
  return {
    ...segment,
    old: old.tokens,
    fresh: fresh.tokens,
    hunks: diffTokens(old.numbers, fresh.numbers, { prefixLimit }),
  }
}

/** Tokens that end at or before an offset; no limit where the offset is not in the text. */
function countTokens(tokens: readonly OldToken[], offset: number): number {
  if (offset < 0) return Number.POSITIVE_INFINITY
  let left = offset
  for (const [count, { size }] of tokens.entries()) {
    left -= size
    if (left < 0 || size === 0) return count
  }
  return Number.POSITIVE_INFINITY
}

function commonToken(text: Fragment, from: number, to: number): OldToken {
  let units = to - from
  text.nodesBetween(from, to, node => {
    if (node.type === schema.nodes.opaque_atom) units += node.attrs.size - 1
  })
  return { marker: null, units, size: to - from }
}

function isInsideCharacter(text: Fragment, offset: number): boolean {
  if (offset <= 0 || offset >= text.size) return false
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.textBetween(offset - 1, offset + 1, '', ' '))
}

/** Private numbers begin above Unicode for atoms, equal ones for equal atoms; each marker has a negative one of its own. */
class Tokenizer {
  readonly #atoms = new Map<string, number>()
  #markers = 0

  old(head: Fragment | null, removed: readonly Entry[]): { tokens: OldToken[]; numbers: number[] } {
    const tokens: OldToken[] = []
    const numbers: number[] = []
    const addContent = (content: Fragment, isKept = true): void => {
      for (const child of content.content) {
        if (child.isText) {
          for (const character of child.text!) {
            tokens.push(character.length === 1 ? oneUnit : twoUnits)
            numbers.push(isKept ? character.codePointAt(0)! : --this.#markers)
          }
        } else {
          tokens.push(
            child.type === schema.nodes.opaque_atom ? { marker: null, units: child.attrs.size, size: 1 } : oneUnit,
          )
          numbers.push(isKept ? this.#atom(child) : --this.#markers)
        }
      }
    }
    if (head !== null) addContent(head)
    let isKept = true
    for (const entry of removed) {
      if (entry.marker !== null) {
        tokens.push({ marker: entry, units: 0, size: 0 })
        numbers.push(--this.#markers)
      }
      // The marker of a table is never deleted, so what stands behind it cannot become the text of a block before it.
      isKept &&= !isTable(entry.node!)
      addContent(textOf(entry.node!), isKept)
    }
    return { tokens, numbers }
  }

  fresh(head: Fragment | null, added: readonly PlacedBlock[]): { tokens: NewToken[]; numbers: number[] } {
    const tokens: NewToken[] = []
    const numbers: number[] = []
    const addContent = (content: Fragment): void => {
      for (const child of content.content) {
        if (child.isText) {
          for (const character of wellFormed(child.text!)) {
            tokens.push({ kind: 'text', text: character, marks: child.marks })
            numbers.push(character.codePointAt(0)!)
          }
        } else if (child.type === schema.nodes.hard_break) {
          tokens.push({ kind: 'text', text: '\n', marks: child.marks })
          numbers.push(newline)
        } else {
          tokens.push({ kind: 'atom', node: child })
          numbers.push(this.#atom(child))
        }
      }
    }
    if (head !== null) addContent(head)
    for (const block of added) {
      tokens.push({ kind: 'marker', block })
      numbers.push(--this.#markers)
      addContent(textOf(block.node))
    }
    return { tokens, numbers }
  }

  #atom(node: Node): number {
    if (node.type === schema.nodes.hard_break) return newline
    const key = JSON.stringify([node.type.name, node.attrs])
    let token = this.#atoms.get(key)
    if (token === undefined) {
      token = firstPrivate + this.#atoms.size
      this.#atoms.set(key, token)
    }
    return token
  }
}

const oneUnit: OldToken = { marker: null, units: 1, size: 1 }
const twoUnits: OldToken = { marker: null, units: 2, size: 2 }
const newline = 10
/** Stand for everything that both sides begin or end with. */
const commonPrefix = Number.MIN_SAFE_INTEGER
const commonSuffix = Number.MIN_SAFE_INTEGER + 1
const commonText: NewToken = { kind: 'text', text: '', marks: [] }
const firstPrivate = 0x11_0000

function endOf(blocks: Blocks, section: number): Entry | null {
  for (let i = section - 1; i >= 0; i--) {
    const last = blocks.sections[i]!.entries.at(-1)
    if (last !== undefined) return last
  }
  return null
}

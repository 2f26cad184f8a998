// The pen walks the items of one segment after another and carries out the hunks of its comparison: keep, insert, delete. It knows
// where in a gap things go: text hugs its left neighbour; a new block stands behind the end anchor, directly before the next marker,
// or, where text follows it, directly in front of that text.

import type { Mark, Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import type { Blocks, Entry } from './blocks.ts'
import { deleteEmptySpans } from './format.ts'
import { bornBlocks, bury } from './ghosts.ts'
import type { Hole, NewToken, OldToken, PlacedBlock, Segment } from './hole.ts'
import { hidesMarks, isKnownRegister, isTable, registerChanges, textOf, writeAtom, writeMark } from './kinds.ts'
import {
  contentOf,
  copyRegister,
  deleteItem,
  firstItem,
  type Item,
  insertAnchor,
  insertFormat,
  insertMarker,
  insertText,
  insertValue,
  isLiveMarker,
  isLiveUnit,
  lastItem,
  readRegister,
  registersOf,
  setRegister,
  splitBefore,
  takeMarker,
  takeRun,
} from './layout.ts'
import { type Ledger, type Run, runOf } from './ledger.ts'
import { OpenSpans, parseSpanKey, sameMarks, spanKey } from './spans.ts'

export interface PenOptions {
  /** Ids of blocks that a command moved: they keep them. */
  readonly moved: ReadonlySet<string>
  /** The tables that inserted blocks show. */
  readonly tables: ReadonlyMap<PlacedBlock, string>
  /** What blocks on the screen stand for, where that is not what the sequence holds. */
  readonly ledgers: ReadonlyMap<Entry, Ledger>
}

export class Pen {
  readonly #blocks: Blocks
  readonly #hole: Hole
  readonly #moved: ReadonlySet<string>
  /** The tables that inserted blocks show. */
  readonly #tables: ReadonlyMap<PlacedBlock, string>
  /** What moved blocks hold that this version does not know, by their ids: it moves with them. */
  readonly #unknown: ReadonlyMap<string, readonly [string, unknown][]>
  /** Markers that were born gone, by the block that they open. */
  readonly #born = new Map<PlacedBlock, Item>()
  /** The marker that the head of the sequence was given. */
  #headMarker: Item | null = null
  /** What blocks on the screen stand for, where that is not what the sequence holds. */
  readonly #ledgers: ReadonlyMap<Entry, Ledger>
  /** The rest of the ledger of the block that the cursor is in. */
  #rest: Run[] | null = null
  #left: Item | null = null
  #spans = OpenSpans.none
  readonly #trail: Run[] = []

  constructor(blocks: Blocks, hole: Hole, options: PenOptions) {
    this.#blocks = blocks
    this.#hole = hole
    this.#moved = options.moved
    this.#tables = options.tables
    this.#ledgers = options.ledgers
    this.#unknown = new Map(hole.olds.filter(({ id }) => id !== null && options.moved.has(id)).map(unknownOf))
  }

  /** What the one block that was written stands for now. */
  get ledger(): Ledger {
    return [...this.#trail, ...(this.#rest ?? [])]
  }

  /** Whether the segment inserts blocks that are to be born gone. */
  bears(segment: Segment): boolean {
    return bornBlocks(segment).size > 0
  }

  /** First pass, in a transaction that undo does not see: the markers of inserted blocks. */
  bear(tr: Y.Transaction, segment: Segment): void {
    const born = bornBlocks(segment)
    if (born.size === 0) return
    this.#giveHeadMarker(tr, segment)
    this.#begin(tr, segment)
    this.#walk(tr, segment, (tokens, isTail) => {
      const resume = this.#left
      if (isTail && tokens.some(token => token.kind === 'marker')) this.#moveToGapEnd()
      for (const token of tokens) {
        if (token.kind !== 'marker' || !born.has(token.block)) continue
        if (!isTail) this.#left = insertAnchor(tr, this.#blocks.sequence, this.#left)
        const marker = this.#insertMarker(tr, token.block)
        setRegister(marker, 'gone', true)
        this.#born.set(token.block, marker)
        if (isTail) this.#left = insertAnchor(tr, this.#blocks.sequence, marker)
      }
      // What the hunk removes stands in front of the new blocks of a tail.
      if (isTail) this.#left = resume
    })
  }

  /** Second pass: everything else. */
  write(tr: Y.Transaction, segment: Segment): void {
    this.#giveHeadMarker(tr, segment)
    this.#begin(tr, segment)
    const doomed: Item[] = []
    const removed = this.#walk(
      tr,
      segment,
      (tokens, isTail) => this.#insert(tr, tokens, isTail, segment),
      marker => doomed.push(marker),
    )
    if (this.#headMarker !== null && segment.removed.includes(this.#blocks.head)) doomed.unshift(this.#headMarker)
    bury(tr, doomed)
    for (const item of removed) if (this.#rest === null) deleteEmptySpans(tr, item)
    if (segment.head !== null) this.#writeRegisters(segment)
  }

  #markerOf(entry: Entry): Item | null {
    return entry.marker ?? this.#headMarker
  }

  /**
   * A first block without a marker is given one when its own user empties or changes it or puts something before it: here, when
   * it is more than typed into.
   */
  #giveHeadMarker(tr: Y.Transaction, segment: Segment): void {
    if (this.#headMarker !== null) return
    const { head } = this.#blocks
    const isHead = segment.head?.entry === head
    const isBefore = this.#hole.before === null && head.node !== null && segment.head === null
    if (!isHead && !isBefore) return
    if (isHead) {
      const { node } = segment.head!.block
      const isPlain = registerChanges(node, () => undefined).length === 0
      if (isPlain && (textOf(node).size > 0 || textOf(head.node!).size === 0) && segment.added.length === 0) return
    }
    const { sequence } = this.#blocks
    if (head.hasUnits) {
      // Its text ends where the first marker stands.
      let end = firstItem(sequence)
      while (end !== null && !isLiveMarker(end)) end = end.right
      insertAnchor(tr, sequence, end === null ? lastItem(firstItem(sequence)) : end.left)
    }
    this.#headMarker = insertMarker(tr, sequence, null)
    if (!head.hasUnits) insertAnchor(tr, sequence, this.#headMarker)
  }

  #begin(tr: Y.Transaction, segment: Segment): void {
    const { sequence } = this.#blocks
    if (segment.head !== null) {
      this.#enter(tr, segment.head.entry)
      this.#spans = segment.head.entry.open
      return
    }
    this.#rest = null
    // Nothing is matched yet: the segment stands before the first block of the hole, or before what follows it.
    const next = this.#hole.olds[0] ?? this.#hole.after
    const marker = next === null ? null : this.#markerOf(next)
    this.#left = marker === null ? (next === null ? lastItem(firstItem(sequence)) : null) : marker.left
    this.#spans = next?.open ?? OpenSpans.none
  }

  /**
   * Walks over the old tokens of a segment. `insert` is called in front of what a hunk removes, with the cursor there; without `bury`,
   * which is given the removed markers, nothing is removed.
   * @returns the deleted items of text
   */
  #walk(
    tr: Y.Transaction,
    segment: Segment,
    insert: (tokens: readonly NewToken[], isTail: boolean) => void,
    bury?: (marker: Item) => void,
  ): Item[] {
    const removed: Item[] = []
    let at = 0
    segment.hunks.forEach((hunk, index) => {
      this.#pass(tr, segment.old, at, at + hunk.keep)
      at += hunk.keep
      const end = at + hunk.remove
      const isTail = index === segment.hunks.length - 1 && end === segment.old.length
      if (hunk.to > hunk.from) insert(segment.fresh.slice(hunk.from, hunk.to), isTail)
      if (bury === undefined) this.#pass(tr, segment.old, at, end)
      else removed.push(...this.#remove(tr, segment.old, at, end, bury))
      at = end
    })
    return removed
  }

  get #right(): Item | null {
    return this.#left === null ? firstItem(this.#blocks.sequence) : this.#left.right
  }

  /** Moves behind old tokens. Items are split only where the cursor comes to stand. */
  #pass(tr: Y.Transaction, old: readonly OldToken[], from: number, to: number): void {
    eachRun(old, from, to, (marker, units) => {
      if (marker === null) this.#passUnits(tr, units, item => this.#trail.push(runOf(item)))
      else this.#passMarker(tr, marker)
    })
  }

  /** Moves behind old tokens and deletes what they stand for; markers are left to `bury`. */
  #remove(tr: Y.Transaction, old: readonly OldToken[], from: number, to: number, bury: (marker: Item) => void): Item[] {
    const removed: Item[] = []
    eachRun(old, from, to, (marker, units) => {
      if (marker === null) {
        this.#passUnits(tr, units, item => {
          deleteItem(tr, item)
          removed.push(item)
        })
      } else {
        this.#passMarker(tr, marker)
        bury(this.#markerOf(marker)!)
      }
    })
    return removed
  }

  #passUnits(tr: Y.Transaction, units: number, visit: (item: Item) => void): void {
    for (let left = units; left > 0; ) {
      const item = this.#nextUnit(tr, left)
      if (item.length > left) splitBefore(tr, item, left)
      left -= item.length
      visit(item)
      this.#left = item
    }
  }

  #passMarker(tr: Y.Transaction, entry: Entry): void {
    this.#stepTo(this.#markerOf(entry)!)
    this.#enter(tr, entry)
  }

  /** Stands behind the marker of a block. */
  #enter(tr: Y.Transaction, entry: Entry): void {
    const ledger = this.#ledgers.get(entry)
    this.#rest = ledger === undefined ? null : [...ledger]
    const marker = this.#markerOf(entry)
    this.#left = marker?.deleted ? takeMarker(tr, marker.id.client, marker.id.clock) : marker
  }

  /** The next live unit; what is deleted, formats and ghosts are stepped over. */
  #nextUnit(tr: Y.Transaction, most: number): Item {
    if (this.#rest !== null) return this.#nextOfLedger(tr, most)
    let item = this.#right
    while (item !== null && !isLiveUnit(item)) {
      this.#step(item)
      item = item.right
    }
    if (item === null) throw new RangeError('The index holds more text than the sequence')
    return item
  }

  /** The next place that the block on the screen stands for, wherever it is now. */
  #nextOfLedger(tr: Y.Transaction, most: number): Item {
    const run = this.#rest?.shift()
    const length = Math.min(run?.length ?? 0, most)
    const item = run === undefined ? null : takeRun(tr, run.client, run.clock, length)
    if (run === undefined || item === null) throw new RangeError('The ledger holds less than the block')
    if (run.length > item.length) {
      this.#rest!.unshift({ ...run, clock: run.clock + item.length, length: run.length - item.length })
    }
    return item
  }

  #step(item: Item): void {
    this.#left = item
    if (item.deleted) return
    const content = contentOf(item)
    if (content.kind === 'format') this.#spans = this.#spans.after(content.key, content.value)
  }

  #stepTo(marker: Item): void {
    for (let item = this.#right; item !== null && item !== marker; item = item.right) this.#step(item)
    this.#left = marker
  }

  #moveToGapEnd(): void {
    for (let item = this.#right; item !== null && !isLiveMarker(item); item = item.right) this.#step(item)
  }

  #insert(tr: Y.Transaction, tokens: readonly NewToken[], isTail: boolean, segment: Segment): void {
    const { sequence } = this.#blocks
    let type = segment.head?.block.node.type ?? null
    // In a tail each new block closes itself; in the middle each closes the one before it, for text follows the last.
    let isOpen = false
    // In a new block that no span reaches, spans are written together with its text, in 24 bytes less each than when they come behind it.
    let own: OwnSpans | null = null
    let resume: Item | null | undefined
    for (let i = 0; i < tokens.length; ) {
      const token = tokens[i]!
      if (token.kind === 'marker') {
        const born = this.#born.get(token.block)
        if (own !== null) this.#bringMarks(tr, own, [])
        if (isOpen) this.#left = insertAnchor(tr, sequence, this.#left)
        isOpen = false
        if (isTail && resume === undefined) resume = this.#left
        if (born !== undefined) {
          setRegister(born, 'gone', undefined)
          this.#writeWas(born, token.block.node)
          this.#stepTo(born)
        } else {
          if (!isTail) this.#left = insertAnchor(tr, sequence, this.#left)
          else if (this.#left === resume) this.#moveToGapEnd()
          const marker = this.#insertMarker(tr, token.block)
          this.#writeWas(marker, token.block.node)
          isOpen = isTail
        }
        type = token.block.node.type
        own = this.#spans === OpenSpans.none && !hidesMarks(type) ? new Map() : null
        i++
      } else if (token.kind === 'atom') {
        const value = writeAtom(token.node)
        if (own === null) this.#seekMarks(type, token.node.marks)
        else if (value !== null) this.#bringMarks(tr, own, token.node.marks)
        if (value !== null) {
          this.#left = insertValue(tr, sequence, this.#left, value)
          this.#trail.push(runOf(this.#left))
        }
        i++
      } else {
        let text = ''
        const { marks } = token
        for (; i < tokens.length; i++) {
          const next = tokens[i]!
          if (next.kind !== 'text' || !sameMarks(next.marks, marks)) break
          text += next.text
        }
        if (own === null) this.#seekMarks(type, marks)
        else this.#bringMarks(tr, own, marks)
        this.#left = insertText(tr, sequence, this.#left, text)
        this.#trail.push(runOf(this.#left))
      }
    }
    if (own !== null) this.#bringMarks(tr, own, [])
    if (isOpen) this.#left = insertAnchor(tr, sequence, this.#left)
    // What the hunk removes stands in front of the new blocks of a tail.
    if (resume !== undefined) this.#left = resume
  }

  /**
   * Closes and opens spans of a new block at the cursor, so that what comes next is marked so. They need no random id: they begin and end
   * in a block that nobody else knows yet, one behind the other, and where another one is open there are none.
   */
  #bringMarks(tr: Y.Transaction, own: OwnSpans, marks: readonly Mark[]): void {
    for (const [name, { key, mark }] of own) {
      if (marks.some(wanted => wanted.eq(mark))) continue
      this.#insertFormat(tr, key, null)
      own.delete(name)
    }
    for (const mark of marks) {
      const written = writeMark(mark)
      if (written === null || own.has(written.name)) continue
      const key = spanKey({ name: written.name, counter: 1, uid: '' })
      if (parseSpanKey(key) === null) continue
      this.#insertFormat(tr, key, written.value)
      own.set(written.name, { key, mark })
    }
  }

  #insertFormat(tr: Y.Transaction, key: string, value: unknown): void {
    this.#left = insertFormat(tr, this.#blocks.sequence, this.#left, key, value)
    this.#spans = this.#spans.after(key, value)
  }

  /** Text hugs its left neighbour, unless the marks that it wants are open a little further in the same gap. */
  #seekMarks(type: Node['type'] | null, marks: readonly Mark[]): void {
    if ((type !== null && hidesMarks(type)) || sameMarks(this.#spans.marks, marks)) return
    let spans = this.#spans
    for (let item = this.#right; item !== null && (item.deleted || !item.countable); item = item.right) {
      if (item.deleted) continue
      const content = contentOf(item)
      if (content.kind !== 'format') continue
      spans = spans.after(content.key, content.value)
      if (sameMarks(spans.marks, marks)) {
        this.#left = item
        this.#spans = spans
        return
      }
    }
  }

  #insertMarker(tr: Y.Transaction, block: PlacedBlock): Item {
    const marker = insertMarker(tr, this.#blocks.sequence, this.#left)
    for (const { name, value } of registerChanges(block.node, () => undefined)) setRegister(marker, name, value)
    for (const [name, value] of this.#unknown.get(block.node.attrs.id) ?? []) copyRegister(marker, name, value)
    const table = this.#tables.get(block)
    if (table !== undefined) setRegister(marker, 'table', table)
    this.#left = marker
    return marker
  }

  #writeWas(marker: Item, node: Node): void {
    const id = node.attrs.id as string | null
    if (id !== null && this.#moved.has(id)) setRegister(marker, 'was', id)
  }

  #writeRegisters({ head }: Segment): void {
    const { entry, block } = head!
    const marker = this.#markerOf(entry)
    if (marker === null || marker.deleted || block.node === entry.node) return
    // The caption of a table that another block shows: its marker stays what it is.
    if (entry.tid !== null && !isTable(block.node)) return
    // A waiting block does not show what others made of it; only its own changes count.
    if (this.#ledgers.has(entry) && block.node.sameMarkup(entry.node!)) return
    if (!entry.gone) {
      for (const { name, value } of registerChanges(block.node, name => readRegister(marker, name))) {
        setRegister(marker, name, value)
      }
      return
    }
    // A ghost that came back because somebody wrote into it stays what it looks like.
    setRegister(marker, 'gone', undefined)
    for (const { name, value } of registerChanges(block.node, name => readRegister(marker, name))) {
      setRegister(marker, name, value)
    }
  }
}

/** The spans that are open in a new block, by the names of their marks. */
type OwnSpans = Map<string, { readonly key: string; readonly mark: Mark }>

function unknownOf({ id, marker, node }: Entry): [string, [string, unknown][]] {
  const registers = marker === null ? [] : [...registersOf(marker).entries()]
  return [id!, registers.filter(([name]) => !isKnownRegister(node!, name))]
}

/** Calls with each marker, and with the units of each run of text between markers. */
function eachRun(
  old: readonly OldToken[],
  from: number,
  to: number,
  visit: (marker: Entry | null, units: number) => void,
): void {
  let units = 0
  for (let i = from; i < to; i++) {
    const token = old[i]!
    units += token.units
    if (token.marker === null && i + 1 < to) continue
    if (units > 0) visit(null, units)
    units = 0
    if (token.marker !== null) visit(token.marker, 0)
  }
}

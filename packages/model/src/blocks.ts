// The block index of one sequence: section → entries {marker, node, spans open at its start}. It answers "which block is at
// this position" and "where does this marker's block stand" without walking the document, and holds the very nodes of the
// ProseMirror document that it was last adopted from, so that changed blocks are found by identity.
//
// There is always one head entry (marker null) for what stands before the first marker. It is shown where it holds text, or where
// nothing else is shown, for a document needs a block.

import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import { type Claimant, Claims } from './ids.ts'
import { isTable } from './kinds.ts'
import { findUnit, type Item, itemId, type Sequence } from './layout.ts'
import { type Draft, draftNode, readDraft, readDrafts, showsDraft, withTable } from './read.ts'
import { schema } from './schema.ts'
import type { OpenSpans } from './spans.ts'

/** Blocks in a freshly cut section. */
export const sectionSize = 100

export interface Entry extends Claimant {
  readonly marker: Item | null
  readonly hasUnits: boolean
  /** The table that the marker names, whether it is shown here or not. */
  readonly tid: string | null
  /** Spans open where the block starts. */
  readonly open: OpenSpans
  /** Null where the block is not shown. */
  node: Node | null
  id: string | null
  section: Section
}

export interface Section {
  /** Null while the entries no longer match any node. */
  node: Node | null
  entries: Entry[]
}

/** A stretch of the index that was read again; the entries of `olds` stood where `fresh` stands now. */
export interface Region {
  readonly olds: readonly Entry[]
  readonly fresh: readonly Entry[]
  /** Entries outside the stretch whose id changed, with the node that they had. */
  readonly renamed: ReadonlyMap<Entry, Node>
}

/** What the index of a body knows about tables. */
export interface TablePort {
  /** Takes note of a marker that names a table. */
  note(tid: string, marker: Item): void
  /** The live markers that name a table. */
  claimants(tid: string): readonly Item[]
  /** The `table` node that the block of this marker shows now; null where another block shows it, or nothing is left of it. */
  show(tid: string, marker: Item): Node | null
  /** Takes over the nodes of a `table` that shows the same. */
  adopt(tid: string, table: Node): void
}

export class Blocks {
  readonly sequence: Sequence
  /** Name of its root. */
  readonly name: string
  readonly #tables: TablePort | null
  #isStale = false
  #sections: Section[]
  readonly #byMarker = new Map<Item, Entry>()
  readonly #claims = new Claims<Entry>()
  #doc: Node
  #shown = 0

  /**
   * @param tables null where tables are not shown: in a cell
   * @param name of the root that the sequence is
   */
  constructor(sequence: Sequence, tables: TablePort | null = null, name = 'body') {
    this.sequence = sequence
    this.#tables = tables
    this.name = name
    const holder: Section = { node: null, entries: [] }
    const drafts = this.#withTables(readDrafts(sequence))
    const others = drafts.slice(1).filter(isShown).length
    for (const draft of drafts) holder.entries.push(makeEntry(draft, holder, draft.marker === null && others === 0))
    this.#sections = [holder]
    for (const entry of holder.entries) this.#register(entry)
    const ids = this.#claims.resolve(
      holder.entries,
      own => this.#withMarker(own),
      entries => this.#inOrder(entries),
    )
    holder.entries.forEach((entry, index) => {
      entry.id = ids.get(entry) ?? null
      if (entry.shown) entry.node = draftNode(drafts[index]!, entry.id)
    })
    this.#doc = cutSections(holder.entries.flatMap(entry => entry.node ?? []))
    this.adopt(this.#doc)
  }

  /** The document that the index describes. */
  get doc(): Node {
    return this.#doc
  }

  /** True when a table is to be shown by another block, which was not read again: the index is of no use then. */
  get isStale(): boolean {
    return this.#isStale
  }

  get sections(): readonly Section[] {
    return this.#sections
  }

  get head(): Entry {
    return this.#sections[0]!.entries[0]!
  }

  entryOf(marker: Item): Entry | undefined {
    return this.#byMarker.get(marker)
  }

  /** The entry of a shown block by its id. */
  entryWithId(id: string): Entry | undefined {
    const own = this.#withMarker(id.replace(/~+$/, ''))
    if (own?.id === id) return own
    for (const entry of this.#claims.claimants(id)) {
      if (entry.id === id) return entry
    }
    return undefined
  }

  next(entry: Entry): Entry | null {
    const { entries } = entry.section
    const following = entries[entries.indexOf(entry) + 1]
    if (following !== undefined) return following
    for (let i = this.#sections.indexOf(entry.section) + 1; i < this.#sections.length; i++) {
      const first = this.#sections[i]!.entries[0]
      if (first !== undefined) return first
    }
    return null
  }

  /** The entries from one up to, not including, another; null is the end. */
  range(from: Entry, until: Entry | null): Entry[] {
    const range: Entry[] = []
    let at = from.section.entries.indexOf(from)
    for (let i = this.#sections.indexOf(from.section); i < this.#sections.length; i++) {
      const { entries } = this.#sections[i]!
      for (; at < entries.length; at++) {
        if (entries[at] === until) return range
        range.push(entries[at]!)
      }
      at = 0
    }
    return range
  }

  previous(entry: Entry): Entry | null {
    const { entries } = entry.section
    const preceding = entries[entries.indexOf(entry) - 1]
    if (preceding !== undefined) return preceding
    for (let i = this.#sections.indexOf(entry.section) - 1; i >= 0; i--) {
      const last = this.#sections[i]!.entries.at(-1)
      if (last !== undefined) return last
    }
    return null
  }

  /** Document order of two entries. */
  compare(a: Entry, b: Entry): number {
    if (a.section === b.section) return a.section.entries.indexOf(a) - b.section.entries.indexOf(b)
    return this.#sections.indexOf(a.section) - this.#sections.indexOf(b.section)
  }

  /** Position before the block of an entry, or before what would be it where it is not shown. */
  positionOf(entry: Entry): number {
    let position = 0
    for (const section of this.#sections) {
      if (section === entry.section) break
      position += section.node!.nodeSize
    }
    position++
    for (const other of entry.section.entries) {
      if (other === entry) break
      position += other.node?.nodeSize ?? 0
    }
    return position
  }

  /** The shown entry whose block holds a position, and the position before that block; the nearest one at an edge. */
  entryAt(position: number): { entry: Entry; before: number } {
    let before = 0
    let found: { entry: Entry; before: number } | null = null
    for (const section of this.#sections) {
      const after = before + section.node!.nodeSize
      if (position < after || section === this.#sections.at(-1)) {
        let start = before + 1
        for (const entry of section.entries) {
          if (entry.node === null) continue
          found = { entry, before: start }
          start += entry.node.nodeSize
          if (position < start) return found
        }
        if (found !== null) return found
      }
      before = after
    }
    throw new RangeError('A document has no block')
  }

  /**
   * Reads a stretch again: from an entry whose marker is alive (or the head) up to, not including, another (null: the end). Where the
   * open spans differ at the end it goes on until they agree. The index holds the fresh entries afterwards; `adopt` must follow.
   */
  reread(from: Entry, until: Entry | null): Region {
    const read: Draft[] = []
    let end = until
    let draft = readDraft(this.sequence, from.marker, from.open)
    for (;;) {
      read.push(draft)
      const { next } = draft
      if (next === null) {
        end = null
        break
      }
      if (end !== null && end.marker === next) {
        if (end.open.eq(draft.after)) break
        end = this.next(end)
      }
      draft = readDraft(this.sequence, next, draft.after)
    }
    const drafts = this.#withTables(read)
    const olds = this.range(from, end)
    const oldShown = olds.reduce((count, entry) => count + (entry.marker !== null && entry.shown ? 1 : 0), 0)
    const freshShown = drafts.reduce((count, one) => count + (one.marker !== null && isShown(one) ? 1 : 0), 0)
    const others = this.#shown - oldShown + freshShown
    const mustShowHead = others === 0
    if (from.marker !== null && this.head.shown !== (mustShowHead || this.head.hasUnits)) {
      return this.reread(this.head, end)
    }
    const holder = from.section
    const fresh = drafts.map(one => makeEntry(one, holder, one.marker === null && mustShowHead))
    this.#replace(olds, fresh)
    const renamed = this.#rename(olds, fresh, drafts)
    this.#noteElsewhere(olds, fresh)
    return { olds, fresh, renamed }
  }

  /** Takes over the nodes of a document whose blocks are, in order, those of the shown entries. */
  adopt(doc: Node): void {
    let { start, endOld, endNew } = this.differingSections(doc)
    if (start === endNew && start < endOld) {
      // Only hidden entries are left of these sections: their neighbour takes them.
      if (start > 0) start--
      else {
        endOld++
        endNew++
      }
    }
    if (endOld - start === 1 && endNew - start === 1) this.#adoptSection(this.#sections[start]!, doc.child(start))
    else this.#adoptSections(doc, { start, endOld, endNew })
    this.#doc = doc
  }

  /** The usual case: what changed is in one section. */
  #adoptSection(section: Section, node: Node): void {
    const blocks = node.children
    let at = 0
    for (const entry of section.entries) {
      if (entry.node !== null) this.#adoptBlock(entry, blocks[at++])
      entry.section = section
    }
    if (at !== blocks.length) throw new RangeError('The document has more blocks than the index')
    section.node = node
  }

  #adoptBlock(entry: Entry, block: Node | undefined): void {
    if (block === undefined) throw new RangeError('The index has more blocks than the document')
    if (entry.tid !== null && entry.node !== block && isTable(block)) this.#tables?.adopt(entry.tid, block.firstChild!)
    entry.node = block
  }

  #adoptSections(doc: Node, { start, endOld, endNew }: { start: number; endOld: number; endNew: number }): void {
    const entries = this.#sections.slice(start, endOld).flatMap(section => section.entries)
    const sections: Section[] = []
    let at = 0
    for (let i = start; i < endNew; i++) {
      const node = doc.child(i)
      const section: Section = { node, entries: [] }
      const take = (entry: Entry): void => {
        entry.section = section
        section.entries.push(entry)
      }
      for (let k = 0; k < node.childCount; k++) {
        while (entries[at]?.node === null) take(entries[at++]!)
        const entry = entries[at++]
        if (entry === undefined) throw new RangeError('The document has more blocks than the index')
        this.#adoptBlock(entry, node.child(k))
        take(entry)
      }
      if (i === endNew - 1) {
        while (at < entries.length && entries[at]!.node === null) take(entries[at++]!)
      }
      sections.push(section)
    }
    if (at !== entries.length) throw new RangeError('The index has more blocks than the document')
    this.#sections.splice(start, endOld - start, ...sections)
  }

  /** The sections, from both ends by identity, in which the index and a document differ. */
  differingSections(doc: Node): { start: number; endOld: number; endNew: number } {
    const sections = this.#sections
    let start = 0
    let endOld = sections.length
    let endNew = doc.childCount
    while (start < endOld && start < endNew && sections[start]!.node === doc.child(start)) start++
    while (endOld > start && endNew > start && sections[endOld - 1]!.node === doc.child(endNew - 1)) {
      endOld--
      endNew--
    }
    return { start, endOld, endNew }
  }

  /** The drafts of blocks that show a table, with it. */
  #withTables(drafts: readonly Draft[]): readonly Draft[] {
    const tables = this.#tables
    if (tables === null || drafts.every(draft => draft.tid === null)) return drafts
    for (const { tid, marker } of drafts) if (tid !== null) tables.note(tid, marker!)
    return drafts.map(draft => {
      const table = draft.tid === null ? null : tables.show(draft.tid, draft.marker!)
      return table === null ? draft : withTable(draft, table)
    })
  }

  /** Looks whether blocks that were not read show tables as they should. */
  #noteElsewhere(olds: readonly Entry[], fresh: readonly Entry[]): void {
    const tids = new Set([...olds, ...fresh].flatMap(entry => entry.tid ?? []))
    for (const tid of tids) {
      for (const marker of this.#tables?.claimants(tid) ?? []) {
        const entry = this.#byMarker.get(marker)
        if (entry === undefined || fresh.includes(entry)) continue
        const isShowing = entry.node !== null && isTable(entry.node)
        if (isShowing !== (this.#tables!.show(tid, marker) !== null)) this.#isStale = true
      }
    }
  }

  #withMarker(own: string): Entry | undefined {
    const unit = findMarker(this.sequence.doc!, own)
    return unit === null ? undefined : this.#byMarker.get(unit)
  }

  /** Live entries in document order; thousands of them cost no more than their sections. */
  #inOrder(entries: ReadonlySet<Entry>): Entry[] {
    const sections = new Set<Section>()
    for (const entry of entries) sections.add(entry.section)
    const ordered = sections.size === 1 ? [...sections] : this.#sections.filter(section => sections.has(section))
    return ordered.flatMap(section => section.entries.filter(entry => entries.has(entry)))
  }

  #register(entry: Entry): void {
    if (entry.marker !== null) {
      this.#byMarker.set(entry.marker, entry)
      if (entry.shown) this.#shown++
    }
    this.#claims.add(entry)
  }

  #replace(olds: readonly Entry[], fresh: readonly Entry[]): void {
    for (const entry of olds) {
      this.#claims.remove(entry)
      if (entry.marker !== null) {
        this.#byMarker.delete(entry.marker)
        if (entry.shown) this.#shown--
      }
    }
    for (const entry of fresh) this.#register(entry)
    // All fresh entries stand in the section of the first old one until the next document is adopted.
    const first = olds[0]!
    const sections = new Map<Section, number>()
    for (const entry of olds) sections.set(entry.section, (sections.get(entry.section) ?? 0) + 1)
    for (const [section, count] of sections) {
      const at = section === first.section ? section.entries.indexOf(first) : 0
      section.entries.splice(at, count, ...(section === first.section ? fresh : []))
      section.node = null
    }
  }

  #rename(olds: readonly Entry[], fresh: readonly Entry[], drafts: readonly Draft[]): Map<Entry, Node> {
    const ids = this.#claims.resolve(
      [...olds, ...fresh],
      own => this.#withMarker(own),
      entries => this.#inOrder(entries),
    )
    const oldByMarker = new Map(olds.map(entry => [entry.marker, entry]))
    fresh.forEach((entry, index) => {
      entry.id = ids.get(entry) ?? null
      if (!entry.shown) return
      const draft = drafts[index]!
      const before = oldByMarker.get(entry.marker)?.node ?? null
      const isSame = before !== null && before.attrs.id === entry.id && showsDraft(before, draft)
      entry.node = isSame ? before : draftNode(draft, entry.id)
    })
    const renamed = new Map<Entry, Node>()
    const inside = new Set<Entry>([...olds, ...fresh])
    for (const [entry, id] of ids) {
      if (inside.has(entry) || entry.id === id || entry.node === null) continue
      renamed.set(entry, entry.node)
      entry.id = id
      entry.node = entry.node.type.create({ ...entry.node.attrs, id }, entry.node.content)
      entry.section.node = null
    }
    return renamed
  }
}

/** A document of these blocks, at least one, in fresh sections. */
export function cutSections(blocks: readonly Node[]): Node {
  const count = Math.max(1, Math.round(blocks.length / sectionSize))
  const sections: Node[] = []
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * blocks.length) / count)
    const to = Math.floor(((i + 1) * blocks.length) / count)
    sections.push(schema.nodes.section.create(null, blocks.slice(from, to)))
  }
  return schema.nodes.doc.create(null, sections)
}

/** The blocks of a document, whatever its sections. */
export function blocksOf(doc: Node): Node[] {
  const blocks: Node[] = []
  for (let i = 0; i < doc.childCount; i++) blocks.push(...doc.child(i).children)
  return blocks
}

function findMarker(ydoc: Y.Doc, id: string): Item | null {
  const unit = findUnit(ydoc, id)
  return unit !== null && unit.offset === 0 && itemId(unit.item) === id ? unit.item : null
}

function isShown({ marker, gone, hasUnits, table, isTable }: Draft): boolean {
  return hasUnits || table !== null || (marker !== null && !gone && !isTable)
}

function makeEntry(draft: Draft, section: Section, isForced: boolean): Entry {
  const { marker, own, was, gone, hasUnits, tid, open } = draft
  const shown = isForced || isShown(draft)
  return { marker, own, was, gone, hasUnits, tid, open, shown, node: null, id: null, section }
}

// The one module that touches Yjs items (test/repo proves it). A sequence (`body`, or a table cell) is a Y.Text whose items are, block by block:
// marker, text, end anchor. The index API of Y.Text is never used to write: it writes no anchors, inherits formatting, and is
// linear as soon as one format item exists. yjs is pinned to one exact version because of this file.
//
// A unit is one countable place of a sequence: a UTF-16 code unit, an embedded value, a place of unknown content. Markers are
// countable too but are not units here. Items are split where needed and merged by Yjs after each transaction: inside one
// transaction every reference is good, across transactions only those to live markers are.

import * as Y from 'yjs'

export type Sequence = Y.Text
export type Item = Y.Item

/** The body of a document, kept from Yjs' own formatting clean-up. Call it before the first update is applied, on every replica. */
export function openBody(ydoc: Y.Doc): Sequence {
  return openSequence(ydoc, 'body')
}

/**
 * A root sequence. Yjs would walk the whole text after every remote change of formatting and make readers write deletions; it
 * asks `_hasFormatting` first.
 */
export function openSequence(ydoc: Y.Doc, name: string): Sequence {
  const sequence = ydoc.getText(name)
  if (Object.getOwnPropertyDescriptor(sequence, '_hasFormatting')?.get === undefined) {
    Object.defineProperty(sequence, '_hasFormatting', { get: () => false, set: ignore })
  }
  return sequence
}

/** The root of a table: a flat map. */
export function openMap(ydoc: Y.Doc, name: string): Y.Map<unknown> {
  return ydoc.getMap(name)
}

/** Whether there is text, or anything that is shown as text, in a sequence. */
export function hasUnits(sequence: Sequence): boolean {
  for (let item = sequence._start; item !== null; item = item.right) if (isLiveUnit(item)) return true
  return false
}

function ignore(): void {
  // Yjs sets the flag on every format item that it integrates.
}

export function firstItem(sequence: Sequence): Item | null {
  return sequence._start
}

/** Block id of a marker, id of a unit: `<client base36>.<clock base36>`. */
export function idString(client: number, clock: number): string {
  return `${client.toString(36)}.${clock.toString(36)}`
}

export function itemId(item: Item): string {
  return idString(item.id.client, item.id.clock)
}

/** Client and clock of an id; null where it is malformed. */
export function parseId(id: string): { client: number; clock: number } | null {
  const match = /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})$/.exec(id)
  if (match === null) return null
  const client = Number.parseInt(match[1]!, 36)
  const clock = Number.parseInt(match[2]!, 36)
  return Number.isSafeInteger(client) && Number.isSafeInteger(clock) ? { client, clock } : null
}

/** Whether the item is, or was before it was deleted in this transaction, the marker of a block. */
export function isMarker(item: Item): boolean {
  return item.content instanceof Y.ContentType && item.content.type instanceof Y.Map
}

export function isLiveMarker(item: Item): boolean {
  return !item.deleted && isMarker(item)
}

export function isLiveUnit(item: Item): boolean {
  return !item.deleted && item.countable && !isMarker(item)
}

/** The registers of a marker. */
export function registersOf(marker: Item): Y.Map<unknown> {
  return (marker.content as Y.ContentType).type as Y.Map<unknown>
}

export function readRegister(marker: Item, name: string): unknown {
  return registersOf(marker).get(name)
}

export function isGone(marker: Item): boolean {
  return readRegister(marker, 'gone') === true
}

/** What a live item holds, for readers. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'format'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unknown' }

export function contentOf(item: Item): Content {
  const { content } = item
  if (content instanceof Y.ContentString) return { kind: 'text', text: content.str }
  if (content instanceof Y.ContentFormat) return { kind: 'format', key: content.key, value: asSent(content.value) }
  if (content instanceof Y.ContentEmbed) return { kind: 'value', value: content.embed }
  return { kind: 'unknown' }
}

/** Format values travel as JSON, where a number that is none arrives as null, which closes a span. */
function asSent(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value
}

/** The live unit or marker at or to the left of an item; null at the start of the sequence. */
export function liveLeft(from: Item | null): Item | null {
  let item = from
  while (item !== null && (item.deleted || !item.countable)) item = item.left
  return item
}

/** The live unit or marker at or to the right of an item; null at the end of the sequence. */
export function liveRight(from: Item | null): Item | null {
  let item = from
  while (item !== null && (item.deleted || !item.countable)) item = item.right
  return item
}

/** Whether there is live text between a marker and the next live marker. */
export function hasUnitsBehind(marker: Item): boolean {
  const next = liveRight(marker.right)
  return next !== null && !isMarker(next)
}

/** The item and the place in it that an id names; null where this replica has no such item. */
export function findUnit(ydoc: Y.Doc, id: string): { item: Item; offset: number } | null {
  const parsed = parseId(id)
  if (parsed === null || parsed.clock >= Y.getState(ydoc.store, parsed.client)) return null
  let at = Y.createID(parsed.client, parsed.clock)
  for (;;) {
    const item = Y.getItem(ydoc.store, at) as Item | Y.GC
    if (!(item instanceof Y.Item)) return null
    const offset = at.clock - item.id.clock
    // An undone deletion is a copy of the item elsewhere in the store.
    if (item.redone === null || !item.deleted) return { item, offset }
    at = Y.createID(item.redone.client, item.redone.clock + offset)
  }
}

/** The markers among deleted structs that undo brought back, with the id of the marker that each stands for. */
export function redoneMarkers(
  ydoc: Y.Doc,
  deletions: Y.Transaction['deleteSet'],
): { readonly marker: Item; readonly old: string }[] {
  return markersIn(ydoc, deletions).flatMap(item => {
    const marker = item.redone === null ? null : Y.getItem(ydoc.store, item.redone)
    return marker !== null && isLiveMarker(marker) ? [{ marker, old: itemId(item) }] : []
  })
}

/** The markers of sequences among these structs that are deleted by now, and whose content is still kept. */
export function deletedMarkers(ydoc: Y.Doc, structs: Y.Transaction['deleteSet']): Item[] {
  return markersIn(ydoc, structs).filter(item => item.deleted && item.parent instanceof Y.Text)
}

function markersIn(ydoc: Y.Doc, { clients }: Y.Transaction['deleteSet']): Item[] {
  return [...itemsIn(ydoc, clients)].filter(isMarker)
}

/** A run of clocks of one client. */
export interface Run {
  readonly clock: number
  readonly len: number
}

/** The items that hold these clocks, and are not collected: by client, in the order of their clocks. */
export function* itemsIn(ydoc: Y.Doc, clients: ReadonlyMap<number, readonly Run[]>): Generator<Item> {
  for (const [client, runs] of clients) {
    const structs = ydoc.store.clients.get(client) ?? []
    for (const { clock, len } of runs) {
      if (clock >= Y.getState(ydoc.store, client)) continue
      for (let i = Y.findIndexSS(structs, clock); i < structs.length && structs[i]!.id.clock < clock + len; i++) {
        const item = structs[i]
        if (item instanceof Y.Item) yield item
      }
    }
  }
}

export function isPartOf(sequence: Sequence, item: Item): boolean {
  return item.parent === sequence && item.parentSub === null
}

// What a transaction did. To be asked while its observers run, before deleted content is collected.

/** Whether an item was there and not deleted when the transaction began. */
export function wasLive(tr: Y.Transaction, item: Item): boolean {
  if (item.id.clock >= (tr.beforeState.get(item.id.client) ?? 0)) return false
  return !item.deleted || Y.isDeleted(tr.deleteSet, item.id)
}

/** Visits every item that came or went. */
export function eachTouchedItem(tr: Y.Transaction, visit: (item: Item) => void): void {
  const visitStruct = (struct: Item | Y.GC): void => {
    if (struct instanceof Y.Item) visit(struct)
  }
  for (const [client, clock] of tr.afterState) {
    const before = tr.beforeState.get(client) ?? 0
    if (clock === before) continue
    const structs = tr.doc.store.clients.get(client)!
    for (let i = Y.findIndexSS(structs, before); i < structs.length; i++) visitStruct(structs[i]!)
  }
  Y.iterateDeletedStructs(tr, tr.deleteSet, visitStruct)
}

/** Where an item stands: what it is of, and the item of a sequence that it is or is a register of; null in a root that is a map. */
export function homeOf(item: Item): { readonly root: unknown; readonly item: Item | null } {
  const { parent } = item
  if (!(parent instanceof Y.Map)) return { root: parent, item: item.parentSub === null ? item : null }
  const marker = parent._item
  return marker === null ? { root: parent, item: null } : { root: marker.parent, item: marker }
}

// Writing. Every function needs the transaction that is under way.

/** The item that now holds `length` places from an id on, or the first of them, cut so that it begins there and ends with them. */
export function takeRun(tr: Y.Transaction, client: number, clock: number, length: number): Item | null {
  const item = Y.getItemCleanStart(tr, Y.createID(client, clock)) as Item | Y.GC
  if (!(item instanceof Y.Item)) return null
  if (item.length > length) Y.getItemCleanStart(tr, Y.createID(client, clock + length))
  return item
}

/** The item that ends with a marker, which may be deleted and collected by now. */
export function takeMarker(tr: Y.Transaction, client: number, clock: number): Item | null {
  const item = Y.getItemCleanEnd(tr, tr.doc.store, Y.createID(client, clock)) as Item | Y.GC
  return item instanceof Y.Item ? item : null
}

/** Splits the item so that a new one begins at `offset`; returns the item that begins there. */
export function splitBefore(tr: Y.Transaction, item: Item, offset: number): Item {
  return offset === 0 ? item : Y.getItemCleanStart(tr, Y.createID(item.id.client, item.id.clock + offset))
}

/** Puts content between two neighbouring items. */
function insertBetween(
  tr: Y.Transaction,
  sequence: Sequence,
  left: Item | null,
  right: Item | null,
  content: Y.Item['content'],
): Item {
  const { clientID, store } = tr.doc
  const id = Y.createID(clientID, Y.getState(store, clientID))
  const item = new Y.Item(id, left, left?.lastId ?? null, right, right?.id ?? null, sequence, null, content)
  item.integrate(tr, 0)
  // Search markers hold indexes, which only the index API keeps up to date.
  if (sequence._searchMarker) sequence._searchMarker.length = 0
  return item
}

function rightOf(sequence: Sequence, left: Item | null): Item | null {
  return left === null ? sequence._start : left.right
}

export function insertText(tr: Y.Transaction, sequence: Sequence, left: Item | null, text: string): Item {
  return insertBetween(tr, sequence, left, rightOf(sequence, left), new Y.ContentString(text))
}

export function insertValue(
  tr: Y.Transaction,
  sequence: Sequence,
  left: Item | null,
  value: Record<string, unknown>,
): Item {
  return insertBetween(tr, sequence, left, rightOf(sequence, left), new Y.ContentEmbed(value))
}

export function insertFormat(
  tr: Y.Transaction,
  sequence: Sequence,
  left: Item | null,
  key: string,
  value: unknown,
): Item {
  return insertBetween(tr, sequence, left, rightOf(sequence, left), new Y.ContentFormat(key, value as object))
}

export function insertMarker(tr: Y.Transaction, sequence: Sequence, left: Item | null): Item {
  return insertBetween(tr, sequence, left, rightOf(sequence, left), new Y.ContentType(new Y.Map()))
}

/**
 * The end anchor of a block: an item that is created deleted. Text of the block stays to its left, new blocks to its right, so
 * that Enter at the end of a line never tears what somebody else is typing there.
 */
export function insertAnchor(tr: Y.Transaction, sequence: Sequence, left: Item | null): Item {
  return insertBetween(tr, sequence, left, rightOf(sequence, left), new Y.ContentDeleted(1))
}

export function deleteItem(tr: Y.Transaction, item: Item): void {
  item.delete(tr)
  const sequence = item.parent as Sequence
  if (sequence._searchMarker) sequence._searchMarker.length = 0
}

/** Sets a register, or removes it where the value is undefined. */
export function setRegister(marker: Item, name: string, value: string | number | boolean | undefined): void {
  const registers = registersOf(marker)
  if (value !== undefined) registers.set(name, value)
  else if (registers.has(name)) registers.delete(name)
}

/** Writes what another marker holds in a register, if it is plain JSON; a shared type is at home in one place only. */
export function copyRegister(marker: Item, name: string, value: unknown): void {
  if (!(value instanceof Y.AbstractType)) registersOf(marker).set(name, value)
}

export function lastItem(from: Item | null): Item | null {
  let item = from
  while (item !== null && item.right !== null) item = item.right
  return item
}

// Anchors: what a comment holds on to. The ids of the first and last character say exactly where the words stand as long as one
// of them lives; moves and the undo of others write characters anew, with other ids, and then the quote finds them (docs/body.md,
// B25, B26). An anchor is plain JSON and never changes; where it stands is worked out anew from what the document says.

import type { Blocks, Entry } from './blocks.ts'
import { type BlockPlace, caretId, resolveCaret, startId } from './carets.ts'
import { isBlockId } from './ids.ts'
import { textOf, wellFormed } from './kinds.ts'
import { findUnit, isLiveUnit, isPartOf, parseId } from './layout.ts'
import {
  type FoundSpan,
  indexInBlock,
  nearestQuote,
  quoteAt,
  quoteOf,
  quotesThatStandOnce,
  type Span,
  shownBefore,
  shownBehind,
} from './quotes.ts'

/** Shorter quotes are looked for only near to where they stood: any other place may say the same. CJK counts threefold. */
const minTellingLength = 8
/** How near that is, in code units. */
const nearbyLength = 24

/** Longest quote that an anchor keeps, in UTF-16 code units; of longer words it keeps the beginning. */
export const maxQuoteLength = 120

/** Plain JSON, about 250 bytes at most beside the quote. */
export interface Anchor {
  /** Id of the block in which the words began; null for a first block without a marker. */
  readonly block: string | null
  /** Ids of the first and the last character, `<client base36>.<clock base36>`; both null where the block as a whole is meant. */
  readonly first: string | null
  readonly last: string | null
  /**
   * The words: characters, `\n` for a break and between two blocks, and for an atom what it says in plain text. Empty where the
   * block is meant, or only atoms that say nothing.
   */
  readonly quote: string
  /** Where the quote began in the text of the block, in UTF-16 code units of such text. */
  readonly offset: number
}

/** Where an anchor stands now. */
export interface AnchorPlace extends FoundSpan {
  /**
   * What told it: the ids of characters that live; the quote in the block; what stands between where the two characters were; the
   * quote, which stands nowhere else in the document; or only the block is left, and the place is all of it.
   */
  readonly by: 'ids' | 'quote' | 'between' | 'search' | 'block'
}

/**
 * The anchor of a span of one sequence. A span without a character in it is an anchor of the block in which it begins.
 * The index must show what the sequence holds: no block of it waits for a composition to end.
 */
export function makeAnchor(blocks: Blocks, span: Span): Anchor {
  const from = leanRight(blocks, span)
  const to = leanLeft(blocks, { from, to: span.to })
  const { sequence } = blocks
  if (!isBefore(blocks, from, to)) {
    return { block: span.from.entry.id, first: null, last: null, quote: '', offset: 0 }
  }
  return {
    block: from.entry.id,
    first: startId(sequence, from).slice(1),
    last: caretId(sequence, to),
    quote: quoteOf(blocks, { from, to }, maxQuoteLength),
    offset: indexInBlock(from),
  }
}

/**
 * An anchor from JSON that somebody else made. Properties that an anchor does not have are left out.
 * @throws TypeError that names what is wrong, and never anything else.
 */
export function parseAnchor(value: unknown): Anchor {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('', 'an object')
  const own = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  const block = own('block')
  const first = own('first')
  const last = own('last')
  const quote = own('quote')
  const offset = own('offset')
  if (block !== null && !isBlockId(block)) throw wrong('.block', 'a block id or null')
  if (first !== null && !isUnitId(first)) throw wrong('.first', 'the id of a character or null')
  if (last !== null && !isUnitId(last)) throw wrong('.last', 'the id of a character or null')
  if ((first === null) !== (last === null)) throw wrong('', 'an object with both ids or with none')
  if (typeof quote !== 'string') throw wrong('.quote', 'a string')
  if (quote.length > maxQuoteLength) throw wrong('.quote', `at most ${maxQuoteLength} code units long`)
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) {
    throw wrong('.offset', 'a whole number, 0 or more')
  }
  return { block, first, last, quote: wellFormed(quote), offset }
}

/** Where one anchor stands; null where nothing of it is left: it is an orphan, and its quote says what it was about. */
export function resolveAnchor(blocks: Blocks, anchor: Anchor): AnchorPlace | null {
  return resolveAnchors([blocks], [anchor])[0]!
}

/**
 * Where anchors stand, in their order. Total: whatever parses as an anchor resolves to something or to null. The text is searched
 * once for all anchors together that nothing else can place; everything else costs what the blocks cost that they stand in.
 * @param sequences the sequences of the document that anchors may stand in, the body first
 */
export function resolveAnchors(sequences: readonly Blocks[], anchors: readonly Anchor[]): (AnchorPlace | null)[] {
  const homes = new Map<unknown, Blocks>(sequences.map(blocks => [blocks.sequence, blocks]))
  const near = anchors.map(anchor => resolveNear(homes, anchor))
  const lost = anchors.filter((_, index) => near[index] === null)
  const searched = quotesThatStandOnce(
    sequences,
    lost.flatMap(({ quote }) => [quote, longestLine(quote)]).filter(isTelling),
  )
  return anchors.map((anchor, index): AnchorPlace | null => {
    const place = near[index]
    if (place != null) return place
    const found = searched.get(anchor.quote) ?? searched.get(longestLine(anchor.quote))
    if (found !== undefined) return { by: 'search', ...found }
    const block = blockOf(homes, anchor)
    return block === null ? null : { by: 'block', ...wholeBlock(block) }
  })
}

/** The sequences that anchors may stand in, the body first. */
type Homes = ReadonlyMap<unknown, Blocks>

interface FoundBlock {
  readonly blocks: Blocks
  readonly entry: Entry
}

/** What ids, the quote in its block, or the place of the deleted characters tell. */
function resolveNear(homes: Homes, anchor: Anchor): AnchorPlace | null {
  const first = findEnd(homes, anchor.first)
  const last = findEnd(homes, anchor.last)
  const blocks = first?.blocks ?? last?.blocks ?? null
  const span = blocks === null || first?.blocks !== last?.blocks ? null : spanOfIds(blocks, anchor)
  if (blocks !== null && (first?.isLive === true || last?.isLive === true)) {
    const found = spanOfLiving(blocks, anchor, first?.isLive === true, last?.isLive === true, span)
    if (found !== null) return { by: 'ids', blocks, ...found }
  }
  const block = blockOf(homes, anchor)
  // Where the block was moved away, what stands there now has nothing to do with it.
  const isMoved = block !== null && block.entry.own !== anchor.block
  const stood = blocks === null || span === null || isMoved ? null : { blocks, ...span }
  if (anchor.quote !== '') {
    const found = quoteNear(block, stood, anchor)
    if (found !== null) return { by: 'quote', ...found }
  }
  return stood !== null && hasWordsBetween(stood, anchor) ? { by: 'between', ...stood } : null
}

/** The quote in its block, nearest to where its characters stood or else to where it was made; or else where they stood. */
function quoteNear(block: FoundBlock | null, stood: FoundSpan | null, { quote, offset }: Anchor): FoundSpan | null {
  const within = isTelling(quote) ? undefined : nearbyLength
  const isThere = stood !== null && stood.from.entry === block?.entry
  if (block !== null) {
    const index = isThere ? indexInBlock(stood.from) : offset
    const span = nearestQuote(block.blocks, block.entry, quote, { index, within })
    if (span !== null) return { blocks: block.blocks, ...span }
  }
  if (stood === null || isThere) return null
  const span = nearestQuote(stood.blocks, stood.from.entry, quote, { index: indexInBlock(stood.from), within })
  return span === null ? null : { blocks: stood.blocks, ...span }
}

/** Whether something was written where the characters stood, and not just moved there. */
function hasWordsBetween({ blocks, from, to }: FoundSpan, { block, quote }: Anchor): boolean {
  if (!isBefore(blocks, from, to)) return false
  if (from.entry !== to.entry && !(quote.includes('\n') && from.entry.id === block)) return false
  // Of words that were taken away a space is left behind.
  return quoteOf(blocks, { from, to }, maxQuoteLength).trim() !== ''
}

/** The sequence that holds the character, dead or alive; null where this replica does not know it. */
function findEnd(homes: Homes, id: string | null): { blocks: Blocks; isLive: boolean } | null {
  const unit = id === null ? null : findIn(homes, id)
  if (unit === null) return null
  const blocks = homes.get(unit.item.parent)
  if (blocks === undefined || !isPartOf(blocks.sequence, unit.item)) return null
  return { blocks, isLive: isLiveUnit(unit.item) }
}

function findIn(homes: Homes, id: string): ReturnType<typeof findUnit> {
  const [blocks] = homes.values()
  const ydoc = blocks?.sequence.doc
  return ydoc == null ? null : findUnit(ydoc, id)
}

/** From where the first character stands, or stood, to where the last one does or did. */
function spanOfIds(blocks: Blocks, { first, last }: Anchor): Span | null {
  const from = resolveCaret(blocks, `>${first}`)
  const to = resolveCaret(blocks, last!)
  return from === null || to === null ? null : { from, to }
}

/** One end at least lives: where the other one is deleted, the quote may still stand whole at the living one. */
function spanOfLiving(
  blocks: Blocks,
  { first, last, quote }: Anchor,
  isFirstLive: boolean,
  isLastLive: boolean,
  span: Span | null,
): Span | null {
  if (isFirstLive && isLastLive) return span !== null && isBefore(blocks, span.from, span.to) ? span : null
  const place = isFirstLive ? resolveCaret(blocks, `>${first}`) : resolveCaret(blocks, last!)
  if (place === null) return null
  const quoted = quote === '' ? null : quoteAt(blocks, place, quote, isFirstLive ? 'behind' : 'before')
  if (span === null || !isBefore(blocks, span.from, span.to)) return quoted
  if (quoted === null) return span
  return {
    from: isBefore(blocks, quoted.from, span.from) ? quoted.from : span.from,
    to: isBefore(blocks, span.to, quoted.to) ? quoted.to : span.to,
  }
}

/** The block, in the sequence that its first marker was made in, or else in the first one: the body. */
function blockOf(homes: Homes, { block }: Anchor): FoundBlock | null {
  const marker = block === null ? null : findIn(homes, block.replace(/~+$/, ''))
  const [first] = homes.values()
  for (const blocks of [homes.get(marker?.item.parent), first]) {
    const entry = block === null ? blocks?.head : blocks?.entryWithId(block)
    if (blocks !== undefined && entry?.node != null) return { blocks, entry }
  }
  return null
}

function wholeBlock({ blocks, entry }: FoundBlock): FoundSpan {
  return { blocks, from: { entry, offset: 0 }, to: { entry, offset: endOf(entry) } }
}

/** The start of a span moved over the ends of blocks to its first character. */
function leanRight(blocks: Blocks, { from, to }: Span): BlockPlace {
  let place = from
  while (place.entry !== to.entry && place.offset >= endOf(place.entry)) {
    const next = shownBehind(blocks, place.entry)
    if (next === null) return place
    place = { entry: next, offset: 0 }
  }
  return place
}

/** The end of a span moved over the starts of blocks to its last character. */
function leanLeft(blocks: Blocks, { from, to }: Span): BlockPlace {
  let place = to
  while (place.entry !== from.entry && place.offset === 0) {
    const previous = shownBefore(blocks, place.entry)
    if (previous === null) return place
    place = { entry: previous, offset: endOf(previous) }
  }
  return place
}

/** The place behind the last character of a block. */
function endOf({ node }: Entry): number {
  return textOf(node!).size
}

function isBefore(blocks: Blocks, a: BlockPlace, b: BlockPlace): boolean {
  return a.entry === b.entry ? a.offset < b.offset : blocks.compare(a.entry, b.entry) < 0
}

/** Blocks go their own ways: of a quote over several, the longest is looked for alone. */
function longestLine(quote: string): string {
  return quote.split('\n').reduce((longest, line) => (line.length > longest.length ? line : longest), '')
}

function isTelling(quote: string): boolean {
  return quote.replace(/[\u2e80-\uffff]/g, '***').length >= minTellingLength
}

function isUnitId(value: unknown): value is string {
  return typeof value === 'string' && parseId(value) !== null
}

function wrong(path: string, expected: string): TypeError {
  return new TypeError(`anchor${path} is not ${expected}.`)
}

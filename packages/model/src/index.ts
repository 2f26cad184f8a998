export {
  type Anchor,
  type AnchorPlace,
  makeAnchor,
  maxQuoteLength,
  parseAnchor,
  resolveAnchor,
  resolveAnchors,
} from './anchors.ts'
export { type AnchorRange, anchorBetween, placeAnchors } from './anchors-body.ts'
export { Blocks, blocksOf, cutSections, type Entry, type Region, type Section, sectionSize } from './blocks.ts'
export { Body, type BodySpot } from './body.ts'
export { type BlockPlace, caretId, resolveCaret, sequenceOfCaret, startId } from './carets.ts'
export { type Cell, isBlankCell, rereadCell } from './cell.ts'
export { type Change, type Fate, type Stretch, stretchesOf, touchedEntries, traceChanges } from './changes.ts'
export { blockTexts, linesOf, plainText, readBody, readLine, readTitle, summarize, writeBody } from './document.ts'
export { leaveGhosts } from './ghosts.ts'
export { blocksAt, type Place, type PlacedBlock } from './hole.ts'
export { isBlockId } from './ids.ts'
export { hidesMarks, isTable, kindOf, scopeAt, textOf, textStart } from './kinds.ts'
export { deletedMarkers, openBody, type Run, readRegister, redoneMarkers, setRegister } from './layout.ts'
export { type Ledger, ledgerId, openLedger } from './ledger.ts'
export { type MissedPlace, type MissedRuns, missedPlaces } from './missed-places.ts'
export type { FoundSpan, Span } from './quotes.ts'
export {
  alignments,
  bodyFormat,
  calloutTones,
  imageAlignments,
  imageSize,
  maxIndent,
  safeHref,
  safeSource,
  schema,
  tableHeaders,
} from './schema.ts'
export { seedUpdate } from './seed.ts'
export { holdsUnknown, isOfNewerFormat } from './unknown.ts'
export { type Transact, type WriteOptions, type Written, write } from './write.ts'

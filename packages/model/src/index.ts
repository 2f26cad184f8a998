export { Blocks, blocksOf, cutSections, type Entry, type Region, type Section, sectionSize } from './blocks.ts'
export { type BlockPlace, caretId, resolveCaret, startId } from './carets.ts'
export { type Change, type Fate, type Stretch, stretchesOf, touchedEntries, traceChanges } from './changes.ts'
export { plainText, readBody, readLine, readTitle, summarize, writeBody } from './document.ts'
export { blocksAt, type Place, type PlacedBlock } from './hole.ts'
export { isBlockId } from './ids.ts'
export { hidesMarks, kindOf } from './kinds.ts'
export { openBody, readRegister, redoneMarkers, setRegister } from './layout.ts'
export { type Ledger, ledgerId, openLedger } from './ledger.ts'
export {
  alignments,
  bodyFormat,
  calloutTones,
  imageAlignments,
  maxIndent,
  safeHref,
  safeSource,
  schema,
} from './schema.ts'
export { seedUpdate } from './seed.ts'
export { type Transact, type WriteOptions, type Written, write } from './write.ts'

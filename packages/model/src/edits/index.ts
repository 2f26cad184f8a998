export { type Edited, type EditOptions, editDocument, writeTitle } from './apply.ts'
export type {
  Anchored,
  Edit,
  EditContent,
  EditTarget,
  MarkSpec,
  OfBlock,
  OfDocument,
  OfHeading,
  Quoted,
} from './edit.ts'
export { type Candidate, EditError, type EditErrorCode } from './errors.ts'
export { type Found, type QuoteTarget, Searched } from './find.ts'
export { changedLines } from './pairing.ts'
export { anchorOf } from './places.ts'
export type { EditResult } from './plan.ts'
export { Reversal, type Reverted } from './reversal.ts'
export { type BlockList, listsOf, textOfStretch } from './sheet.ts'
export { Streamed, type StreamTarget, showable } from './streamed.ts'
export type { MatchedBy } from './targets.ts'

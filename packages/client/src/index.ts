// What a program needs to take part in a document: open it, know what is saved, see who is there, list what there is.

export {
  type AssetResource,
  type DocumentInit,
  type DocumentPage,
  type DocumentResource,
  DocumentsApi,
  type ListQuery,
  type UploadOptions,
} from './api.ts'
export type { ConnectionState, Problem } from './connection.ts'
export { type OpenOptions, openDocument, type SheafDocument } from './document.ts'
export {
  type Block,
  type Change,
  type ChangesQuery,
  type Content,
  EditBuilder,
  type Edited,
  type EditOptions,
  type EditRequest,
  type EditResult,
  EditsApi,
  type FindQuery,
  type Form,
  type Heading,
  type Match,
  type PutOptions,
  type Read,
  type Target,
} from './edits.ts'
export { DocumentClosedError, NotSupportedError } from './errors.ts'
export { type IndexedDbOptions, indexedDbStore, listKept } from './indexeddb.ts'
export type {
  CopyAside,
  KeptBatch,
  KeptCopy,
  KeptDocument,
  KeptMeta,
  KeptRow,
  OfflineStore,
  Orphans,
} from './offline.ts'
export { type Caret, type Identity, type Peer, Presence } from './presence.ts'
export { type Candidate, EditRefused } from './refusals.ts'
export type { ApiOptions, CallOptions } from './requests.ts'
export type { Socket, SocketConstructor } from './runtime.ts'
export type { DocumentStatus } from './status.ts'

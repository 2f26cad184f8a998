// What a program needs to take part in a document: open it, know what is saved, see who is there, list what there is.

export {
  type ApiOptions,
  type AssetResource,
  type CallOptions,
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
  type Candidate,
  type Content,
  EditBuilder,
  type Edited,
  type EditOptions,
  EditRefused,
  type EditRequest,
  type EditResult,
  EditsApi,
  type Match,
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
export type { Socket, SocketConstructor } from './runtime.ts'
export type { DocumentStatus } from './status.ts'

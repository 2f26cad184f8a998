// The editor as others see it.

export type { PeerPlace, Place } from './carets.ts'
export type { EditorCatalog } from './catalog.ts'
export { createEditor, type Editor, type EditorOptions } from './editor.ts'
export type { MissedAuthor, MissedMarks } from './missed-marks.ts'
export type { Outline, OutlineEntry } from './outline.ts'
export type { FormattedPaste } from './paste-port.ts'
export type {
  DocumentsPort,
  FoundDocument,
  FoundPerson,
  PeoplePort,
  Ports,
  UploadOptions,
  UploadPort,
} from './ports.ts'
export type { Caret, Peer, PresencePort } from './presence.ts'
export { setWords } from './set-words.ts'
export type { ToolWords } from './tool-words.ts'
export type { Action, ToolSettings, Tools } from './tools.ts'
export { type EditorWords, words as editorWords } from './words.ts'

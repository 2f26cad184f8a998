// What the editor asks of the page around it: it has no network and no storage of its own. Whatever is left out is not offered.

import type { EditorView } from 'prosemirror-view'

export interface UploadOptions {
  /** Of this upload: names the file on this device until it has arrived. */
  readonly id: string
  /** @param sent 0 to 1; null while there is no network and the file waits on this device. */
  readonly onProgress: (sent: number | null) => void
  readonly signal: AbortSignal
}

/** Brings files to the server. */
export interface UploadPort {
  /** Who uploads, as the others are to see it. */
  readonly name: () => string
  /**
   * Keeps the file on this device and sends it, again and again where it fails for now. Resolves with the address of what was stored.
   * Rejects when it never will be: with an Error whose message is for the person who uploads, or the reason of `signal`.
   */
  upload(file: File, options: UploadOptions): Promise<string>
  /** A file that was on its way when the page was closed; undefined where this device does not have it. */
  kept(id: string): Promise<File | undefined>
  /** It has arrived, or is not wanted any more. */
  forget(id: string): Promise<void>
}

export interface FoundDocument {
  readonly id: string
  readonly title: string
}

/** Knows other documents. */
export interface DocumentsPort {
  /** Those whose titles have the words in them, the likeliest first. */
  search(query: string, signal: AbortSignal): Promise<readonly FoundDocument[]>
  /** What a document is called now; null where there is none, or none that this person may see. Rejects without a network. */
  title(id: string): Promise<string | null>
  /** Where a document is opened. */
  href(id: string): string
  /** Opens it in the place of this one. */
  open(id: string): void
  /** The document that an address opens; null where it is none of ours. */
  idOf(href: string): string | null
}

export interface FoundPerson {
  readonly id: string
  readonly name: string
  /** Tells two of one name apart. */
  readonly hint?: string
}

/** Knows the people of the server. */
export interface PeoplePort {
  /** Those in whose names the letters are, the likeliest first; nobody where this person may know of nobody. Rejects without a network. */
  search(query: string, signal: AbortSignal): Promise<readonly FoundPerson[]>
  /** Resolves with the id of the person who looks, once it is known; null for who has no account. */
  self(): Promise<string | null>
}

export interface Ports {
  readonly uploads?: UploadPort
  readonly documents?: DocumentsPort
  readonly people?: PeoplePort
}

const given = new WeakMap<EditorView, Ports>()
const waiting = new WeakMap<EditorView, (() => void)[]>()

export function givePorts(view: EditorView, ports: Ports): void {
  given.set(view, ports)
  for (const tell of waiting.get(view) ?? []) tell()
  waiting.delete(view)
}

/** None while the page has given none. */
export function portsOf(view: EditorView): Ports {
  return given.get(view) ?? {}
}

/** Whether there is anything that could be. */
export function mayMention(view: EditorView): boolean {
  const { documents, people } = portsOf(view)
  return documents !== undefined || people !== undefined
}

/** Runs at once, or when the page has given them. */
export function whenPorts(view: EditorView, run: () => void): void {
  if (given.has(view)) run()
  else waiting.set(view, [...(waiting.get(view) ?? []), run])
}

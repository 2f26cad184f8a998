// What a shell (shells.ts) and its dress (dresses.ts) know of each other.

import type { Node } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'

/** What a dress knows of what it is put on. */
export interface Shell {
  readonly view: EditorView
  readonly dom: HTMLElement
  /** Where the text is; null for an atom. */
  readonly contentDOM: HTMLElement | null
  readonly node: Node
  /** Undefined once it is gone. */
  getPos(): number | undefined
}

/** Elements of a dress bear `data-own`: events in them are its own. */
export interface Dress {
  /** The node is another one, of the same type. */
  update?(before: Node): void
  destroy?(): void
}

export type Dresser = (shell: Shell) => Dress

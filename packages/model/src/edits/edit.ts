// An edit of a document, as programs say it: what to do, and where. Plain JSON but for `holds`; docs/api.md says what each does.

import type { Anchor } from '../anchors.ts'

/** One of them. `text` says itself, a line per block; the others are read as their format. */
export interface EditContent {
  readonly text?: string | undefined
  readonly markdown?: string | undefined
  readonly html?: string | undefined
  /** ProseMirror JSON of a whole document. */
  readonly json?: unknown
}

export interface Quoted {
  readonly quote: string
  readonly prefix?: string | undefined
  readonly suffix?: string | undefined
  readonly within?: string | undefined
  /** Which of several; `only`, the default, refuses when there is more than one. Counted from 1. */
  readonly occurrence?: 'only' | 'all' | number | undefined
  readonly edge?: 'before' | 'after' | undefined
}

export interface OfBlock {
  /** Its id. */
  readonly block: string
  readonly edge?: 'before' | 'after' | 'start' | 'end' | undefined
}

/** A heading of the body with all that is below it. */
export interface OfHeading {
  readonly heading: string
  readonly level?: number | undefined
  readonly edge?: 'before' | 'start' | 'end' | undefined
}

export interface Anchored {
  readonly anchor: Anchor
  /** Whether what stands there now is what was meant. */
  readonly holds: (text: string) => boolean
  readonly edge?: 'before' | 'after' | undefined
}

export interface OfDocument {
  readonly document: 'start' | 'end' | 'all'
}

export type EditTarget = Quoted | OfBlock | OfHeading | Anchored | OfDocument

export interface MarkSpec {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>> | undefined
}

export type Edit =
  | ({ readonly op: 'replaceText'; readonly target: EditTarget } & EditContent)
  | ({ readonly op: 'insert'; readonly target: EditTarget } & EditContent)
  | ({ readonly op: 'replaceBlock'; readonly target: EditTarget } & EditContent)
  | { readonly op: 'delete'; readonly target: EditTarget }
  | {
      readonly op: 'format'
      readonly target: EditTarget
      readonly add?: readonly MarkSpec[] | undefined
      readonly remove?: readonly string[] | undefined
    }
  | {
      readonly op: 'setBlock'
      readonly target: EditTarget
      /** `paragraph`, `h1`…`h4`, `bullet`, `ordered`, `task`, `quote`, `callout`, `toggle`, `code`, `math`. */
      readonly kind?: string | undefined
      readonly attrs?: Readonly<Record<string, unknown>> | undefined
    }
  | { readonly op: 'move'; readonly target: EditTarget; readonly to: OfBlock | OfHeading | OfDocument }
  | { readonly op: 'setTitle'; readonly text: string }

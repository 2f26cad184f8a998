// What an edit is refused with. Who serves edits to others turns it into the failure of its own door.

import type { Anchor } from '../anchors.ts'

export type EditErrorCode =
  | 'invalid-edit'
  | 'target-not-found'
  | 'ambiguous-target'
  | 'target-changed'
  | 'target-deleted'
  | 'target-overlap'
  | 'unsupported-op'

/** A place that may have been meant. */
export interface Candidate {
  readonly anchor: Anchor | null
  readonly block: string | null
  /** What stands there. */
  readonly text: string
  /** The same with some around it. */
  readonly context: string
}

export class EditError extends Error {
  override readonly name = 'EditError'
  readonly code: EditErrorCode
  /** Which edit of the request. */
  edit: number | undefined
  readonly candidates: readonly Candidate[]
  /** What stands at the target now. */
  readonly current: string | undefined

  constructor(
    code: EditErrorCode,
    message: string,
    more: { candidates?: readonly Candidate[]; current?: string; edit?: number } = {},
  ) {
    super(message)
    this.code = code
    this.candidates = more.candidates ?? []
    this.current = more.current
    this.edit = more.edit
  }
}

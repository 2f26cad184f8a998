// Failures that only a request to the document API can meet, with what a caller needs to mend it: candidates, the current text, the
// newest revision. A socket never meets them, so they are no rows of errors.ts, which every page loads.

import type { ErrorKind } from './errors.ts'

type RequestErrorKind = Omit<ErrorKind, 'close'>

export const requestErrorKinds = {
  'insufficient-scope': { status: 403, retry: 'never', meaning: 'The token is not made for this.' },
  'target-not-found': { status: 422, retry: 'fix-request', meaning: 'There is no such place in the document.' },
  'ambiguous-target': { status: 422, retry: 'fix-request', meaning: 'The target is found at more than one place.' },
  'target-changed': { status: 409, retry: 'after-refresh', meaning: 'What the target says has changed since.' },
  'target-deleted': { status: 409, retry: 'after-refresh', meaning: 'What the target was is not there any more.' },
  'target-overlap': {
    status: 422,
    retry: 'fix-request',
    meaning: 'Two edits of one request are about the same words.',
  },
  'block-busy': { status: 409, retry: 'later', meaning: 'Somebody is typing there.' },
  'stale-base': { status: 409, retry: 'after-refresh', meaning: 'The document has changed since that revision.' },
  'unknown-revision': { status: 422, retry: 'fix-request', meaning: 'The document has not come to that revision.' },
  'revision-expired': { status: 410, retry: 'after-refresh', meaning: 'That revision is not kept any more.' },
  'epoch-mismatch': { status: 409, retry: 'after-refresh', meaning: 'That revision is of another timeline.' },
  'unsupported-op': { status: 422, retry: 'fix-request', meaning: 'This cannot be done to such a target.' },
  'idempotency-in-progress': { status: 409, retry: 'later', meaning: 'The same request is being answered just now.' },
  'idempotency-key-reused': { status: 422, retry: 'fix-request', meaning: 'The key was used for another request.' },
} as const satisfies Record<string, RequestErrorKind>

export type RequestErrorCode = keyof typeof requestErrorKinds

/** `code` picks the row of {@link requestErrorKinds}; `detail` says what exactly, and what to do. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: RequestErrorCode
  /** More for the caller, as JSON. May hold document text: it goes to who may read the document, and never into a log. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: RequestErrorCode, detail?: string, details: Readonly<Record<string, unknown>> = {}) {
    super(detail ?? requestErrorKinds[code].meaning)
    this.code = code
    this.details = details
  }

  get kind(): RequestErrorKind {
    return requestErrorKinds[this.code]
  }
}

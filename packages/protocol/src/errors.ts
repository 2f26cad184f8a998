// Every failure that crosses a boundary of Sheaf has a code of this one table. The HTTP edge, the socket edge, the client
// and the command line all read it, so that one failure has one name, one status and one close code wherever it is met.
// Close codes: RFC 6455 section 7.4, and the convention of y-websocket 3.1 that 4400-4499 are permanent.

/** What a caller may do about a failure: nothing, mend the request, read the newest state first, or try again later. */
export type Retry = 'never' | 'fix-request' | 'after-refresh' | 'later'

export interface ErrorKind {
  /** HTTP status (RFC 9110). */
  readonly status: number
  /** WebSocket close code; the slug sent as the reason is the error's code. */
  readonly close: number
  readonly retry: Retry
  /** One sentence for the person who meets it. */
  readonly meaning: string
}

export const errorKinds = {
  'going-away': { status: 503, close: 1001, retry: 'later', meaning: 'The server is shutting down.' },
  restarting: { status: 503, close: 1012, retry: 'later', meaning: 'The server is restarting; connect again.' },
  'text-frame': { status: 400, close: 1003, retry: 'never', meaning: 'The wire is binary; a text frame came.' },
  internal: { status: 500, close: 1011, retry: 'later', meaning: 'A bug in the server; its id is in the log.' },
  overloaded: { status: 503, close: 1013, retry: 'later', meaning: 'The server has no room for this now.' },
  'auth-unavailable': { status: 503, close: 1013, retry: 'later', meaning: 'Nobody can be signed in right now.' },
  malformed: {
    status: 400,
    close: 4400,
    retry: 'never',
    meaning: 'The bytes are no message, or the document id is not valid.',
  },
  unauthorized: {
    status: 401,
    close: 4401,
    retry: 'never',
    meaning: 'No token, or one that has expired or was revoked.',
  },
  forbidden: { status: 403, close: 4403, retry: 'never', meaning: 'No access, or access was removed.' },
  'not-found': { status: 404, close: 4404, retry: 'never', meaning: 'There is no such document.' },
  'document-deleted': { status: 404, close: 4404, retry: 'never', meaning: 'The document is in the trash.' },
  epoch: {
    status: 409,
    close: 4409,
    retry: 'after-refresh',
    meaning: 'The local copy belongs to another timeline of this document.',
  },
  'too-large': { status: 413, close: 4413, retry: 'fix-request', meaning: 'Larger than the limit allows.' },
  'invalid-update': {
    status: 422,
    close: 4422,
    retry: 'never',
    meaning: 'The update decodes to nothing that can be applied.',
  },
  gap: {
    status: 409,
    close: 4422,
    retry: 'after-refresh',
    meaning: 'The update builds on changes that the server has not seen.',
  },
  'upgrade-required': {
    status: 426,
    close: 4426,
    retry: 'never',
    meaning: 'The client or its document format is too old.',
  },
  'storage-failed': { status: 503, close: 4503, retry: 'later', meaning: 'The disk does not take writes right now.' },
  damaged: {
    status: 503,
    close: 4503,
    retry: 'later',
    meaning: 'The document is damaged on disk; its bytes are kept for repair.',
  },
  'slow-consumer': {
    status: 503,
    close: 4508,
    retry: 'later',
    meaning: 'The reader fell too far behind; connect again.',
  },
  'rate-limited': { status: 429, close: 4529, retry: 'later', meaning: 'Too many requests; slow down.' },
  // Failures that only a request can meet.
  'invalid-json': { status: 400, close: 4400, retry: 'fix-request', meaning: 'The body is not valid JSON.' },
  'invalid-field': { status: 400, close: 4400, retry: 'fix-request', meaning: 'A field has the wrong shape.' },
  'origin-not-allowed': {
    status: 403,
    close: 4403,
    retry: 'never',
    meaning: 'Requests from this web site are not accepted.',
  },
  'wrong-host': { status: 421, close: 4403, retry: 'never', meaning: 'The server does not answer to this host name.' },
  'not-acceptable': { status: 406, close: 4400, retry: 'fix-request', meaning: 'None of the accepted formats exists.' },
  'unsupported-media-type': {
    status: 415,
    close: 4400,
    retry: 'fix-request',
    meaning: 'The body is in a format that is not understood.',
  },
  'method-not-allowed': {
    status: 405,
    close: 4400,
    retry: 'fix-request',
    meaning: 'The resource does not have this method.',
  },
  'precondition-failed': {
    status: 412,
    close: 4409,
    retry: 'after-refresh',
    meaning: 'The document is not in the state that was asked for.',
  },
  'precondition-required': {
    status: 428,
    close: 4400,
    retry: 'fix-request',
    meaning: 'The request must say which state it expects.',
  },
  'already-exists': { status: 412, close: 4409, retry: 'never', meaning: 'A document with this id exists already.' },
  'read-only': { status: 403, close: 4403, retry: 'never', meaning: 'This copy of the document takes no changes.' },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds

/** The one error class of Sheaf. `code` picks the row of {@link errorKinds}; `detail` says what exactly, and what to do. */
export class SheafError extends Error {
  override readonly name = 'SheafError'
  readonly code: ErrorCode
  /** More for the caller: a JSON pointer in `field`, a limit in `limit`, seconds in `retryAfterS`. Never document text. */
  readonly details: Readonly<Record<string, string | number | boolean>>

  constructor(
    code: ErrorCode,
    detail?: string,
    options: { cause?: unknown; details?: Record<string, string | number | boolean> } = {},
  ) {
    super(detail ?? errorKinds[code].meaning, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
  }

  get kind(): ErrorKind {
    return errorKinds[this.code]
  }

  get retry(): Retry {
    return this.kind.retry
  }
}

/** True for close codes after which a client must not reconnect by itself (y-websocket's convention). */
export function isPermanentClose(closeCode: number): boolean {
  return closeCode >= 4400 && closeCode <= 4499
}

/** The code whose row has this close code and slug; undefined for closes that are not ours. */
export function errorCodeOfClose(closeCode: number, reason: string): ErrorCode | undefined {
  const slug = reason.split(/[ ;]/, 1)[0] ?? ''
  if (slug in errorKinds && errorKinds[slug as ErrorCode].close === closeCode) return slug as ErrorCode
  for (const [code, kind] of Object.entries(errorKinds)) if (kind.close === closeCode) return code as ErrorCode
  return undefined
}

// Every failure leaves as `application/problem+json` (RFC 9457), made from the tables of @sheaf/protocol. The
// detail is ours and never holds document text; what has no code is a bug: logged with its id, told as `internal`.

import { type ErrorCode, errorKinds, RequestError, type RequestErrorCode, SheafError } from '@sheaf/protocol'
import type { Log } from '../log.ts'

export interface Problem {
  /** `urn:sheaf:problem:<code>`: stable, and no address that somebody has to keep alive. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode | RequestErrorCode
  readonly retry: string
  readonly requestId: string
  /** JSON pointer of the field that is wrong, a limit, seconds to wait, candidates … */
  readonly [extension: string]: unknown
}

/** Seconds after which a failure with `retry: later` is worth another request, where the failure does not say. */
const defaultRetryAfterS = 2

export function problemOf(error: SheafError | RequestError, requestId: string): Problem {
  return {
    ...error.details,
    type: `urn:sheaf:problem:${error.code}`,
    title: error.kind.meaning,
    status: error.kind.status,
    detail: error.message,
    code: error.code,
    retry: error.kind.retry,
    requestId,
  }
}

export function problemResponse(error: SheafError | RequestError, requestId: string): Response {
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  })
  if (error.kind.retry === 'later') {
    headers.set('retry-after', String(error.details.retryAfterS ?? defaultRetryAfterS))
  }
  if (error.details.allow !== undefined) headers.set('allow', String(error.details.allow))
  return new Response(JSON.stringify(problemOf(error, requestId)), { status: error.kind.status, headers })
}

/** The failure as one that has a code; anything else is logged here, once, and becomes `internal`. */
export function toCodedError(cause: unknown, log: Log, requestId: string): SheafError | RequestError {
  if (cause instanceof RequestError) return cause
  if (cause instanceof SheafError) {
    if (cause.kind.status === 500) log.error('A request failed', { requestId, code: cause.code, cause: cause.cause })
    return cause
  }
  log.error('A bug was met while answering a request', { requestId, cause })
  return new SheafError('internal', `${errorKinds.internal.meaning} Request ${requestId}.`)
}

// What a server says instead of doing what was asked: a problem document (RFC 9457) as an error with `code` and `retry`.

import { type ErrorCode, errorKinds, type Retry, SheafError } from '@sheaf/protocol'

/** A place that may have been meant. */
export interface Candidate {
  readonly handle?: string
  readonly block?: string
  readonly context: string
}

/** The server understood the request and did nothing: what it says helps to mend it. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused'
  /** `ambiguous-target`, `target-changed` …: docs/api.md lists them. */
  readonly code: string
  readonly retry: Retry
  /** Which edit of the request. */
  readonly edit: number | undefined
  readonly candidates: readonly Candidate[]
  /** What stands at the target now. */
  readonly current: string | undefined
  /** The newest revision. */
  readonly rev: string | undefined

  constructor(problem: Readonly<Record<string, unknown>>) {
    super(String(problem.detail))
    this.code = String(problem.code)
    this.retry = (problem.retry as Retry | undefined) ?? 'never'
    this.edit = problem.edit as number | undefined
    this.candidates = (problem.candidates as readonly Candidate[] | undefined) ?? []
    this.current = problem.current as string | undefined
    this.rev = problem.rev as string | undefined
  }
}

/**
 * The error that a refusal is: a SheafError for what every request may meet, an {@link EditRefused} for what only edits meet; one that
 * follows from the status where there is no problem document (a proxy answered).
 */
export async function refusalOf(response: Response): Promise<SheafError | EditRefused> {
  const problem = await problemIn(response)
  const { code, detail } = problem
  if (typeof code === 'string' && !(code in errorKinds)) return new EditRefused(problem)
  const details: Record<string, string | number | boolean> = { status: response.status }
  for (const [name, value] of Object.entries(problem)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') details[name] ??= value
  }
  return new SheafError(
    typeof code === 'string' ? (code as ErrorCode) : codeOfStatus(response.status),
    typeof detail === 'string' ? detail : `The server answered ${response.status}.`,
    { details },
  )
}

async function problemIn(response: Response): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = await response.json()
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>
  } catch {
    // No problem document; the status has to do.
  }
  return {}
}

const statusCodes: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  429: 'rate-limited',
}

function codeOfStatus(status: number): ErrorCode {
  return statusCodes[status] ?? (status >= 500 ? 'overloaded' : 'malformed')
}

// The calls of the API that the pages for owners make, and that of sessions (paths and shapes of /api/v1).

export interface Overview {
  readonly version: string
  /** RFC 3339 */
  readonly startedAt: string
  readonly health: { readonly ready: boolean; readonly store: { readonly damaged: number } }
  readonly people: { readonly all: number; readonly disabled: number }
  readonly documents: { readonly all: number; readonly lately: number; readonly open: number }
  readonly sockets: number
  /** Absent where nothing is on a disk. */
  readonly storage?: { readonly bytes: number; readonly freeBytes: number }
  readonly limits: Readonly<Record<string, number>>
}

export interface Account {
  readonly id: string
  readonly name: string
  readonly login: string
  readonly color: number
  readonly isOwner: boolean
  readonly createdAt: string
  readonly isDisabled: boolean
}

export interface Invitation {
  readonly id: string
  readonly note: string
  readonly owner: boolean
  readonly untilAt: string
}

export interface PublicLink {
  readonly id: string
  readonly title: string
  readonly role: 'viewer' | 'commenter' | 'editor'
  readonly hasPassword: boolean
  readonly untilAt?: string
}

export interface LiveDocument {
  readonly id: string
  /** Null for one that is not for who asks. */
  readonly title: string | null
  readonly sockets: number
  readonly people: readonly { readonly name: string; readonly color: number }[]
}

/** What an entry says in values: a role, how far a link reaches. */
export type AuditFields = Readonly<Record<string, string | number | boolean | null>>

export interface AuditItem {
  readonly id: string
  readonly at: string
  readonly act: string
  readonly principal: string
  /** The name of who did it. */
  readonly by?: string
  readonly address: string
  readonly title?: string
  /** The name of whom it was done to. */
  readonly whom?: string
  readonly fields?: AuditFields
}

export interface SessionItem {
  readonly id: string
  readonly seenAt: string
  readonly agent: string
  readonly isCurrent: boolean
}

interface List<T> {
  readonly items: readonly T[]
  readonly next?: string
}

export const readOverview = () => call<Overview>('GET', '/admin/overview')
export const listAccounts = () => call<List<Account>>('GET', '/users')
export const listInvitations = () => call<List<Invitation>>('GET', '/invites')
export const listLinks = () => call<List<PublicLink>>('GET', '/admin/links')
export const listLive = () => call<List<LiveDocument>>('GET', '/admin/live')
export const listSessions = () => call<List<SessionItem>>('GET', '/sessions')
export const listAudit = (before?: string) =>
  call<List<AuditItem>>('GET', `/admin/audit${before === undefined ? '' : `?before=${encodeURIComponent(before)}`}`)

export const invite = (note: string, owner: boolean) => call<{ url: string }>('POST', '/invites', { note, owner })
export const takeBack = (inviteId: string) => call('DELETE', `/invites/${inviteId}`)
export const makeReset = (userId: string) => call<{ url: string }>('POST', `/users/${userId}/reset`)
export const setDisabled = (userId: string, disabled: boolean) =>
  call<Account>('PATCH', `/users/${userId}`, { disabled })
export const endLink = (id: string) => call('PATCH', `/documents/${id}/sharing`, { reach: 'restricted' })
export const endSession = (id: string) => call('DELETE', `/sessions/${id}`)

/** @throws Error with the server's sentence, or an empty one where no server answers. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => undefined)
  const text = (await response?.text()) ?? ''
  const answer = text === '' ? {} : JSON.parse(text)
  if (response?.ok) return answer as T
  throw new Error((answer as { detail?: string }).detail ?? '')
}

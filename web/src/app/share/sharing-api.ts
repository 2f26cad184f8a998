// The calls that sharing needs (paths and shapes of /api/v1).

export type GivenRole = 'owner' | 'editor' | 'commenter' | 'viewer'
export type Reach = 'restricted' | 'members' | 'anyone'

export interface Person {
  readonly id: string
  readonly name: string
  readonly login: string
  readonly color: number
}

/** What a folder gives to all that lies in it. */
export interface FolderGift {
  readonly folder: { readonly id: string; readonly name: string }
  readonly people: readonly (Person & { readonly role: GivenRole })[]
  readonly reach: Reach
  readonly reachRole: GivenRole
}

export interface FolderSharing extends Omit<FolderGift, 'folder'> {
  /** From the folders around it, the nearest first. */
  readonly inherited: readonly FolderGift[]
}

export interface Sharing {
  /** Of who asks. */
  readonly role: GivenRole
  readonly people: readonly (Person & { readonly role: GivenRole })[]
  readonly requests: readonly { readonly person: Person; readonly role: GivenRole; readonly message: string }[]
  readonly reach: Reach
  readonly reachRole: GivenRole
  readonly hasPassword: boolean
  /** RFC 3339 */
  readonly untilAt?: string
  /** From the folders that it lies in, the nearest first. */
  readonly inherited: readonly FolderGift[]
}

export interface ReachChange {
  readonly reach?: Reach
  readonly role?: GivenRole
  readonly password?: string | null
  readonly untilAt?: string | null
}

/** Null where it was not done: no server, or not any more allowed. */
type Answer<T> = Promise<T | null>

export const readSharing = (id: string): Answer<Sharing> => call('GET', `/documents/${id}/sharing`)
export const changeReach = (id: string, change: ReachChange): Answer<Sharing> =>
  call('PATCH', `/documents/${id}/sharing`, change)
export const giveRole = (id: string, userId: string, role: GivenRole): Answer<Sharing> =>
  call('PUT', `/documents/${id}/sharing/people/${userId}`, { role })
export const takeRole = (id: string, userId: string): Answer<Sharing> =>
  call('DELETE', `/documents/${id}/sharing/people/${userId}`)
export const newLink = (id: string): Answer<{ url: string }> => call('POST', `/documents/${id}/sharing/secrets`, {})

export const readFolderSharing = (id: string): Answer<FolderSharing> => call('GET', `/folders/${id}/sharing`)
export const changeFolderReach = (id: string, change: Pick<ReachChange, 'reach' | 'role'>): Answer<FolderSharing> =>
  call('PATCH', `/folders/${id}/sharing`, change)
export const giveFolderRole = (id: string, userId: string, role: GivenRole): Answer<FolderSharing> =>
  call('PUT', `/folders/${id}/sharing/people/${userId}`, { role })
export const takeFolderRole = (id: string, userId: string): Answer<FolderSharing> =>
  call('DELETE', `/folders/${id}/sharing/people/${userId}`)

export async function listPeople(): Promise<readonly Person[]> {
  return (await call<{ items: readonly Person[] }>('GET', '/users'))?.items ?? []
}

export async function decline(id: string, userId: string): Promise<Sharing | null> {
  await call('DELETE', `/documents/${id}/requests/${userId}`)
  return readSharing(id)
}

export async function requestAccess(id: string): Promise<boolean> {
  return (await call('POST', `/documents/${id}/requests`, {})) !== null
}

async function call<T>(method: string, path: string, body?: unknown): Answer<T> {
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) return null
    const text = await response.text()
    return (text === '' ? {} : JSON.parse(text)) as T
  } catch {
    return null
  }
}

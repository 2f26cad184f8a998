// Who the server says that I am. On an open server: nobody, and this browser's own name and colour stand.

import { signal } from '@preact/signals'
import { becomeKnown } from '../identity.ts'

export interface Me {
  readonly kind: 'anonymous' | 'guest' | 'user'
  readonly mode: 'open' | 'accounts'
  /** What the place is called. */
  readonly site?: string
  readonly principal?: string
  readonly user?: {
    readonly id: string
    readonly name: string
    readonly login: string
    readonly color: number
    readonly isOwner: boolean
  }
}

/** Null until the server has said it, and where it can't be reached. */
export const me = signal<Me | null>(null)

export async function loadMe(): Promise<void> {
  try {
    const response = await fetch('/api/v1/me', { headers: { accept: 'application/json' } })
    if (!response.ok) return
    const found = (await response.json()) as Me
    me.value = found
    if (found.principal !== undefined) becomeKnown(found.principal, found.user)
  } catch {
    // No server: what is kept on this device opens all the same.
  }
}

export async function signOut(): Promise<void> {
  await fetch('/api/v1/sessions/current', { method: 'DELETE' }).catch(() => undefined)
  location.assign('/')
}

/** Changes the profile on the server, where there is one; then everybody sees the new name. */
export async function changeProfile(profile: { name: string; color: number }): Promise<void> {
  if (me.peek()?.user === undefined) return
  await fetch('/api/v1/me', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(profile),
  }).catch(() => undefined)
  await loadMe()
}

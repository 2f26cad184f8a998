// Asks the server who I am, and tells it what I change of that. Comes after the page.

import { becomeKnown } from '../identity.ts'
import { type Me, me } from './closed.ts'

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
export async function changeProfile(profile: { name: string; color: number; language: string }): Promise<void> {
  if (me.peek()?.user === undefined) return
  await fetch('/api/v1/me', {
    method: 'PATCH',
    // Another language begins with a reload.
    keepalive: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(profile),
  }).catch(() => undefined)
  await loadMe()
}

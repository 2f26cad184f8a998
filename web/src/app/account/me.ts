// Asks the server who I am, and tells it what I change of that; language and theme of an account are the same on every device. Comes after
// the page.

import { becomeKnown } from '../identity.ts'
import { keepLanguage } from '../language.ts'
import { route } from '../router.ts'
import { chooseTheme, type Theme, theme } from '../theme.ts'
import { type Me, me } from './closed.ts'

export async function loadMe(): Promise<void> {
  try {
    const response = await fetch('/api/v1/me', { headers: { accept: 'application/json' } })
    if (!response.ok) return
    const found = (await response.json()) as Me
    me.value = found
    if (found.principal !== undefined) becomeKnown(found.principal, found.user)
    if (found.user !== undefined) look(found.user)
  } catch {
    // No server: what is kept on this device opens all the same.
  }
}

export async function signOut(): Promise<void> {
  await fetch('/api/v1/sessions/current', { method: 'DELETE' }).catch(() => undefined)
  location.assign('/')
}

/** A language comes with the next page that is loaded, at once only where nobody writes. */
function look({ language, theme: chosen }: NonNullable<Me['user']>): void {
  if (chosen !== undefined && chosen !== theme.peek()) chooseTheme(chosen)
  if (language !== undefined && keepLanguage(language) && route.peek().page === 'home') location.reload()
}

export function preferTheme(chosen: Theme): void {
  chooseTheme(chosen)
  void changeProfile({ theme: chosen })
}

export interface ProfileChange {
  readonly name?: string
  readonly color?: number
  readonly language?: string
  readonly theme?: Theme
}

/** Changes the profile on the server, where there is one; then everybody sees the new name. */
export async function changeProfile(profile: ProfileChange): Promise<void> {
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

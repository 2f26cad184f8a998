// A link to a document with a secret in its fragment, which browsers send to nobody: it is taken out of the address at once, and
// exchanged for a cookie before anything else is asked for.

import { closed } from './closed.ts'

/** The secret of this page's link while its password is asked for; nowhere else than here. */
let held: { readonly documentId: string; readonly secret: string } | null = null

/** Resolves when the page may go on, or says why it may not. */
export async function takeLink(): Promise<void> {
  const secret = /^#key=([\w-]{27})$/.exec(location.hash)?.[1]
  const documentId = /^\/d\/([^/]+)\/?$/.exec(location.pathname)?.[1]
  if (secret === undefined || documentId === undefined) return
  history.replaceState(null, '', location.pathname + location.search)
  held = { documentId, secret }
  await openHeld()
}

/** @returns false when the password is not the one. @throws Error where no server answers. */
export async function openHeld(password?: string): Promise<boolean> {
  if (held === null) return false
  const { documentId, secret } = held
  const response = await fetch(`/api/v1/documents/${documentId}/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, ...(password !== undefined && { password }) }),
  })
  if (response.ok) closed.value = null
  else if (response.status === 401) closed.value = 'password'
  else if (response.status !== 429) closed.value = 'ended'
  return response.ok
}

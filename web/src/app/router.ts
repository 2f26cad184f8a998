// Which page is shown. Links are plain `<a href>`; a click on one of our own is answered without a reload.

import { signal } from '@preact/signals'
import { isDocumentId } from '@sheaf/protocol'
import { type View, viewOf } from './home/views.ts'

export type Route =
  | { readonly page: 'home'; readonly view: View }
  | ({ readonly page: 'document' } & DocumentRoute)
  | { readonly page: 'account'; readonly kind: AccountKind }
  | { readonly page: 'nowhere' }

export interface DocumentRoute {
  readonly documentId: string
  readonly fresh: boolean
  readonly made: boolean
  readonly seenAs?: SeenAs
}

/** The lesser right with which an owner looks at a document: `?as=viewer`. */
export type SeenAs = 'viewer' | 'commenter' | 'editor'

/** Pages before anybody is in, and those about accounts; `/setup`, `/signin` and so on. */
export type AccountKind = 'setup' | 'signin' | 'invite' | 'reset' | 'admin' | 'devices'

/** Of a document that is opened for the first time. */
export interface Fresh {
  /** It was made this moment: its title gets the caret. */
  readonly fresh?: boolean
  /** On this device: the server does not know of it yet. */
  readonly made?: boolean
}

export const route = signal<Route>(parseRoute(here()))

export function parseRoute(path: string, { fresh = false, made = false }: Fresh = {}): Route {
  const [page = '', query = ''] = path.split('?')
  if (page === '/') return { page: 'home', view: viewOf(query) }
  const kind = /^\/(setup|signin|invite|reset|admin|devices)$/.exec(page)?.[1]
  if (kind !== undefined) return { page: 'account', kind: kind as AccountKind }
  const documentId = /^\/d\/([^/]+)\/?$/.exec(page)?.[1]
  if (documentId !== undefined && isDocumentId(documentId)) {
    const seenAs = /^as=(viewer|commenter|editor)$/.exec(query)?.[1] as SeenAs | undefined
    return { page: 'document', documentId, fresh, made, ...(seenAs && { seenAs }) }
  }
  return { page: 'nowhere' }
}

export function navigate(path: string, options: Fresh = {}): void {
  if (path !== here() + location.hash) history.pushState(null, '', path)
  route.value = parseRoute(path.replace(/#.*/, ''), options)
  scrollTo(0, 0)
}

addEventListener('popstate', () => {
  route.value = parseRoute(here())
})

addEventListener('click', event => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || link.target !== '' || link.origin !== location.origin || link.hasAttribute('download')) return
  // Links inside a document belong to the document.
  if (link.closest('[contenteditable]') !== null || parseRoute(link.pathname + link.search).page === 'nowhere') return
  event.preventDefault()
  navigate(link.pathname + link.search + link.hash)
})

function here(): string {
  return location.pathname + location.search
}

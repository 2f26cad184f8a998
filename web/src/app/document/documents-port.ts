// The other documents, as the editor of one asks for them: found by their names, called what they are called now, opened in their place.
// The server says which of them this person may know of.

import type { DocumentsPort, FoundDocument } from '@sheaf/editor'
import { fuzzyFit, wantedLetters } from '@sheaf/editor/fuzzy'
import { isDocumentId, SheafError } from '@sheaf/protocol'
import { listDocuments, readDocument } from '../api.ts'
import { navigate, parseRoute } from '../router.ts'

const mostFound = 8
/** How long the list of the last documents is believed while somebody types. */
const freshMs = 15_000

export function documentsPort(documentId: string): DocumentsPort {
  let recent: { readonly askedMs: number; readonly items: Promise<readonly FoundDocument[]> } | null = null
  const recentDocuments = (): Promise<readonly FoundDocument[]> => {
    if (recent === null || performance.now() - recent.askedMs > freshMs) {
      const items = listDocuments({}).then(page => page.items)
      recent = { askedMs: performance.now(), items }
      items.catch(() => {
        recent = null
      })
    }
    return recent.items
  }
  return {
    search: async (query, signal) => {
      const known = await recentDocuments()
      const near = fitting(known, query)
      // Older ones are found by a part of their names.
      const others = query.trim() === '' ? [] : (await listDocuments({ q: query.trim() }, signal)).items
      const found = new Map([...near, ...others].map(({ id, title }) => [id, { id, title }]))
      found.delete(documentId)
      return [...found.values()].slice(0, mostFound)
    },
    title: async id => {
      if (!isDocumentId(id)) return null
      try {
        return (await readDocument(id)).title
      } catch (error) {
        if (error instanceof SheafError && error.kind.retry !== 'later') return null
        throw error
      }
    },
    href: id => `/d/${id}`,
    open: id => navigate(`/d/${id}`),
    idOf: href => {
      const { origin, pathname, search, hash } = new URL(href, location.href)
      if (origin !== location.origin || search !== '' || hash !== '') return null
      const route = parseRoute(pathname)
      return route.page === 'document' ? route.documentId : null
    },
  }
}

function fitting(documents: readonly FoundDocument[], query: string): readonly FoundDocument[] {
  const wanted = wantedLetters(query)
  if (wanted === '') return documents
  return documents
    .map(found => ({ found, fit: fuzzyFit(found.title.toLowerCase(), wanted) }))
    .filter(({ fit }) => fit !== null)
    .sort((a, b) => b.fit!.score - a.fit!.score)
    .map(({ found }) => found)
}

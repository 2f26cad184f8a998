// The documents that are kept on this device, in the shape of the list. In a module of its own: it brings the client along.

import { listKept } from '@sheaf/client'
import type { DocumentEntry } from '../api.ts'
import { words } from './words.ts'

/** Newest first; only those that can be opened without the server. */
export async function keptEntries(): Promise<DocumentEntry[]> {
  // Where the storage is switched off nothing is kept, and nothing more can be said.
  const kept = await listKept().catch(() => [])
  return kept
    .filter(document => document.complete)
    .map(document => ({
      id: document.documentId,
      title: document.title,
      snippet: document.made ? words.madeHere : document.pending === 0 ? '' : words.waiting(document.pending),
      updatedAt: new Date(document.openedMs).toISOString(),
      layout: document.layout ?? 'sheaf',
    }))
}

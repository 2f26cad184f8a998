// Where a document lies: the folders above it and its star, in the header. Its code comes after the text.

import { signal } from '@preact/signals'
import { SheafError } from '@sheaf/protocol'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { listFolders, readDocument, starDocument, visitDocument } from '../api.ts'
import { folders, pathTo } from '../home/folders.ts'
import { refused } from '../home/refused.ts'
import { pathOf } from '../home/views.ts'
import { words } from '../home/words.ts'
import { Icon } from '../parts/icon.tsx'
import '../../css/breadcrumb.css'

interface Place {
  readonly id: string
  readonly folder: string | null
  readonly starred: boolean
}

const place = signal<Place | undefined>(undefined)
/** Of a deep place the last ones are shown. */
const maxShown = 3

export function DocumentPlace({ documentId }: { documentId: string }): VNode | null {
  useEffect(() => void read(documentId), [documentId])
  const known = place.value
  if (known?.id !== documentId) return null
  const path = pathTo(known.folder)
  return (
    <>
      {path.length > 0 && (
        <nav class="breadcrumb document-place" aria-label={words.breadcrumb}>
          {path.length > maxShown && <span>…</span>}
          {path.slice(-maxShown).map(({ id, name }) => (
            <a key={id} href={pathOf({ kind: 'folder', folder: id })}>
              {name}
            </a>
          ))}
        </nav>
      )}
      <button
        type="button"
        class={`button square header-star${known.starred ? ' starred' : ''}`}
        aria-pressed={known.starred}
        aria-label={words.star}
        data-tip={known.starred ? words.unstar : words.star}
        onClick={() => void toggleStar(known)}
      >
        <Icon name="star" size={18} />
      </button>
    </>
  )
}

/** Also remembers that it was opened. Without a network there is no place to be told, and nothing is missing. */
async function read(documentId: string): Promise<void> {
  try {
    const { folder = null, starred = false } = await readDocument(documentId)
    if (folder !== null) folders.value = await listFolders()
    place.value = { id: documentId, folder, starred }
    await visitDocument(documentId)
  } catch (error) {
    if (!(error instanceof SheafError)) throw error
  }
}

async function toggleStar(known: Place): Promise<void> {
  place.value = { ...known, starred: !known.starred }
  try {
    await starDocument(known.id, !known.starred)
  } catch (error) {
    refused(error)
    place.value = known
  }
}

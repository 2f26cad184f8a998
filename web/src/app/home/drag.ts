// Dragging documents and folders onto folders. What is dragged is known here; the browser only carries a picture of it.

import { signal } from '@preact/signals'
import type { DocumentEntry } from '../api.ts'
import { moveFolder } from './folders.ts'
import { listing, moveTo, selected } from './listing.ts'

type Dragged =
  | { readonly what: 'documents'; readonly entries: readonly DocumentEntry[] }
  | { readonly what: 'folder'; readonly id: string }

let dragged: Dragged | undefined
/** The folder under the pointer: an id, `none` for no folder. */
export const target = signal<string | undefined>(undefined)

/** A row of a selection takes the whole selection along. */
export function dragDocuments(event: DragEvent, entry: DocumentEntry): void {
  const list = listing.peek()
  const chosen = selected.peek()
  const entries =
    chosen.has(entry.id) && list.state === 'here' ? list.items.filter(({ id }) => chosen.has(id)) : [entry]
  begin(event, { what: 'documents', entries })
}

export function dragFolder(event: DragEvent, id: string): void {
  event.stopPropagation()
  begin(event, { what: 'folder', id })
}

/** Listeners of something that stands for a folder; null: for none. */
export function dropTarget(folder: string | null): {
  onDragOver: (event: DragEvent) => void
  onDragLeave: () => void
  onDrop: (event: DragEvent) => void
} {
  const name = folder ?? 'none'
  return {
    onDragOver: event => {
      if (dragged === undefined) return
      event.preventDefault()
      target.value = name
    },
    onDragLeave: () => {
      if (target.value === name) target.value = undefined
    },
    onDrop: event => {
      const what = dragged
      end()
      if (what === undefined) return
      event.preventDefault()
      if (what.what === 'folder') void moveFolder(what.id, folder)
      else void moveTo(what.entries, folder)
    },
  }
}

function begin(event: DragEvent, what: Dragged): void {
  dragged = what
  if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'move'
  addEventListener('dragend', end, { once: true })
}

function end(): void {
  dragged = undefined
  target.value = undefined
}

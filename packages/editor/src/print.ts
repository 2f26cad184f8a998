// On paper a link says nothing, so the addresses stand as notes at the end. They are made when somebody prints, and go with it; nothing of
// it is in the document.

import { safeHref, schema } from '@sheaf/model'
import type { Mark, Node } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'

/** @returns stops it. */
export function notesOnPaper(view: EditorView, layer: HTMLElement): () => void {
  const listening = new AbortController()
  const { signal } = listening
  let notes: HTMLElement | null = null
  const clear = (): void => {
    notes?.remove()
    notes = null
  }
  window.addEventListener(
    'beforeprint',
    () => {
      clear()
      const addresses = linksOf(view.state.doc)
      if (addresses.length === 0) return
      notes = document.createElement('ol')
      notes.className = 'sheaf-print-notes'
      notes.append(...addresses.map(href => Object.assign(document.createElement('li'), { textContent: href })))
      layer.append(notes)
    },
    { signal },
  )
  window.addEventListener('afterprint', clear, { signal })
  return () => {
    listening.abort()
    clear()
  }
}

/** One for each link as it is drawn: neighbours with one address are one. */
function linksOf(doc: Node): string[] {
  const addresses: string[] = []
  doc.descendants(block => {
    if (!block.isTextblock) return true
    let before: Mark | null = null
    block.forEach(inline => {
      const link = schema.marks.link.isInSet(inline.marks)
      if (link !== undefined && before?.eq(link) !== true) addresses.push(safeHref(link.attrs.href as string))
      before = link ?? null
    })
    return false
  })
  return addresses
}

// The notes at the end of the text, as in a book: made from where they stand, and no part of the document. A click on one goes to its place
// and opens it there.

import type { EditorView } from 'prosemirror-view'
import { words } from './block-words.ts'
import { span } from './parts.ts'

const lists = new WeakMap<EditorView, { readonly element: HTMLElement; says: string }>()

/** @param notes the elements that refer to them, in order. */
export function listNotes(view: EditorView, notes: readonly HTMLElement[], open: (note: HTMLElement) => void): void {
  const says = JSON.stringify(notes.map(({ dataset }) => dataset.footnote ?? ''))
  const known = lists.get(view)
  if (known?.says === says && known.element.isConnected) return
  if (notes.length === 0) return dropNotes(view)
  const element = known?.element ?? makeList()
  lists.set(view, { element, says })
  element
    .querySelector('ol')!
    .replaceChildren(...notes.map(({ dataset }, index) => row(view, dataset.footnote ?? '', { index, open })))
  if (!element.isConnected) view.dom.closest('.sheaf-surface')?.after(element)
}

export function dropNotes(view: EditorView): void {
  lists.get(view)?.element.remove()
  lists.delete(view)
}

function makeList(): HTMLElement {
  const element = document.createElement('section')
  element.className = 'sheaf-notes'
  element.setAttribute('role', 'doc-endnotes')
  element.setAttribute('aria-label', words.notes)
  element.append(document.createElement('ol'))
  return element
}

function row(
  view: EditorView,
  text: string,
  { index, open }: { readonly index: number; readonly open: (note: HTMLElement) => void },
): HTMLElement {
  const item = document.createElement('li')
  const button = document.createElement('button')
  button.type = 'button'
  button.dir = 'auto'
  button.append(
    span('sheaf-note-number', String(index + 1)),
    span(text === '' ? 'sheaf-note-empty' : '', text || words.noteHint),
  )
  button.addEventListener('click', () => {
    // Where it stands now: others may have put one before it.
    const note = view.dom.querySelectorAll<HTMLElement>('.sheaf-footnote')[index]
    if (note === undefined) return
    note.scrollIntoView({ block: 'center' })
    open(note)
  })
  item.append(button)
  return item
}

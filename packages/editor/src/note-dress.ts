// Footnotes: a number in the text, by their order, the note in a box, and all of them at the end. The number follows from where the note stands, so it is nobody's
// to keep; it is counted anew when notes came, went or moved.

import { schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { Plugin, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { words } from './block-words.ts'
import type { Dress, Shell } from './dress.ts'
import { dropNotes, listNotes } from './note-list.ts'
import { showAttributes } from './parts.ts'
import { place } from './picker.ts'

const { nodes } = schema

export function dressFootnote(shell: Shell): Dress {
  const { dom, view } = shell
  dom.setAttribute('role', 'doc-noteref')
  dom.addEventListener('click', () => openNote(shell))
  const show = (): void => {
    showAttributes(shell)
    dom.title = shell.node.attrs.text
  }
  show()
  number(view)
  return { update: show }
}

/** Numbers of notes, kept up with the text. */
export function noteNumbers(): Plugin {
  return new Plugin({
    view: shown => {
      // Also when other plugins came, and what this one showed went with it.
      if (countIn(shown.state.doc) > 0) number(shown)
      return {
        update: (view, before) => {
          if (before.doc === view.state.doc) return
          if (countIn(before.doc) > 0 || countIn(view.state.doc) > 0) number(view)
        },
        destroy: () => dropNotes(shown),
      }
    },
  })
}

const counting = new WeakSet<EditorView>()
const counts = new WeakMap<Node, number>()

/** Once a frame, whatever happens in it. */
function number(view: EditorView): void {
  if (counting.has(view)) return
  counting.add(view)
  requestAnimationFrame(() => {
    counting.delete(view)
    if (view.isDestroyed) return
    const notes = [...view.dom.querySelectorAll<HTMLElement>('.sheaf-footnote')]
    listNotes(view, notes, dom => openNoteOf(view, dom))
    for (const [index, note] of notes.entries()) {
      const number = String(index + 1)
      if (note.dataset.number === number) continue
      note.dataset.number = number
      note.setAttribute('aria-label', words.note(number))
    }
  })
}

/** Of what did not change it is known. */
function countIn(node: Node): number {
  if (node.type === nodes.footnote) return 1
  if (node.isLeaf) return 0
  let count = counts.get(node)
  if (count === undefined) {
    count = 0
    for (const child of node.children) count += countIn(child)
    counts.set(node, count)
  }
  return count
}

/** Opens the note that an element refers to, also where its dress has not come yet. */
export function openNoteOf(view: EditorView, dom: HTMLElement): void {
  const getPos = (): number | undefined => {
    const parent = dom.parentNode
    return parent === null ? undefined : view.posAtDOM(parent, [...parent.childNodes].indexOf(dom))
  }
  const node = view.state.doc.nodeAt(getPos() ?? -1)
  if (node?.type === nodes.footnote) openNote({ view, dom, node, contentDOM: null, getPos })
}

/** The box with the note. Leaving it keeps what was typed, Escape does not. */
function openNote({ view, dom, node, getPos }: Shell): void {
  const layer = view.dom.closest<HTMLElement>('.sheaf-editor')
  if (layer === null) return
  const box = document.createElement('div')
  box.className = 'sheaf-menu sheaf-note-box'
  const field = document.createElement('textarea')
  field.className = 'sheaf-note-field'
  field.setAttribute('aria-label', words.noteText)
  field.placeholder = words.noteHint
  field.maxLength = 3_000
  field.readOnly = !view.editable
  field.value = node.attrs.text
  box.append(field)
  let isOpen = true
  const close = (keep: boolean, back: boolean): void => {
    if (!isOpen) return
    isOpen = false
    box.remove()
    const pos = getPos()
    const now = pos === undefined ? null : view.state.doc.nodeAt(pos)
    if (pos === undefined || now === null) return
    const { tr } = view.state
    const text = field.value.trim()
    if (keep && view.editable && text !== now.attrs.text) tr.setNodeMarkup(pos, null, { ...now.attrs, text })
    if (back) tr.setSelection(TextSelection.create(tr.doc, pos + 1))
    if (tr.docChanged || tr.selectionSet) view.dispatch(tr.setMeta(structuralMeta, true))
    if (back) view.focus()
  }
  field.addEventListener('keydown', event => {
    if (event.isComposing) return
    const isDone = event.key === 'Enter' && !event.shiftKey
    if (!isDone && event.key !== 'Escape') return
    event.preventDefault()
    close(isDone, true)
  })
  field.addEventListener('blur', () => close(true, false))
  layer.append(box)
  place(box, dom, layer)
  field.focus({ preventScroll: true })
}

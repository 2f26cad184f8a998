// The title: a one-line view on the root `title`. A ProseMirror view of its own (so composition and selection are right), whose
// edits are written as the difference of two strings and whose remote changes are mapped through.

import { keymap } from 'prosemirror-keymap'
import { Fragment, Schema } from 'prosemirror-model'
import { EditorState, Plugin, TextSelection, type Transaction } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import { words } from './words.ts'

const titleSchema = new Schema({ nodes: { doc: { content: 'text*' }, text: {} } })

export interface TitleOptions {
  readonly mount: HTMLElement
  readonly ydoc: Y.Doc
  /** Origin of what is typed here: the same as the body's, so that both have one undo. */
  readonly origin: unknown
  readonly placeholder: string
  readonly isEditable: () => boolean
  readonly leaveDown: () => void
  readonly undo: () => boolean
  readonly redo: () => boolean
}

export interface Title {
  readonly view: EditorView
  /** At the end of the title. */
  focus(): void
  destroy(): void
}

export function createTitle(options: TitleOptions): Title {
  const text = options.ydoc.getText('title')
  const leave = (): boolean => {
    options.leaveDown()
    return true
  }
  const view = new EditorView(
    { mount: options.mount },
    {
      state: EditorState.create({
        schema: titleSchema,
        doc: titleDocument(text.toString()),
        plugins: [
          keymap({
            Enter: leave,
            'Shift-Enter': leave,
            Tab: leave,
            ArrowDown: (_state, _dispatch, at) => at?.endOfTextblock('down') === true && leave(),
            'Mod-z': options.undo,
            'Mod-y': options.redo,
            'Mod-Shift-z': options.redo,
          }),
          new Plugin({
            props: {
              attributes: state => ({
                class: state.doc.content.size === 0 ? 'sheaf-title sheaf-empty' : 'sheaf-title',
                dir: 'auto',
                role: 'textbox',
                'aria-label': words.title,
                'aria-multiline': 'false',
                'aria-readonly': String(!options.isEditable()),
                'data-hint': options.placeholder,
                translate: 'no',
              }),
              // One line: whatever is pasted, its breaks become spaces.
              transformPastedText: pasted => pasted.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' '),
              clipboardTextSerializer: slice => slice.content.textBetween(0, slice.content.size),
              handlePaste: (at, event) => {
                const pasted =
                  event.clipboardData?.getData('text/plain').replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ') ?? ''
                if (pasted !== '') at.dispatch(at.state.tr.insertText(pasted).scrollIntoView())
                return true
              },
            },
          }),
        ],
      }),
      editable: options.isEditable,
      dispatchTransaction: tr => {
        view.updateState(view.state.apply(tr))
        if (tr.docChanged && tr.getMeta(fromYjs) !== true)
          write(options.ydoc, text, view.state.doc.textContent, options.origin)
      },
    },
  )

  const onChange = (_event: Y.YTextEvent, transaction: Y.Transaction): void => {
    const tr = difference(view.state, text.toString())
    if (tr === null) return
    // Undo puts the caret where the change was; what others do leaves it alone.
    if (transaction.local) tr.setSelection(TextSelection.create(tr.doc, changedEnd(tr)))
    view.dispatch(tr.setMeta(fromYjs, true))
  }
  text.observe(onChange)

  return {
    view,
    focus: () => {
      view.dispatch(view.state.tr.setSelection(TextSelection.atEnd(view.state.doc)))
      view.focus()
    },
    destroy: () => {
      text.unobserve(onChange)
      view.destroy()
    },
  }
}

const fromYjs = 'sheaf-from-yjs'

function titleDocument(title: string) {
  const line = title.replace(/[\r\n]+/g, ' ')
  return titleSchema.node('doc', null, line === '' ? Fragment.empty : titleSchema.text(line))
}

/** Null where the view shows it already. */
function difference(state: EditorState, title: string): Transaction | null {
  const next = titleDocument(title)
  const start = state.doc.content.findDiffStart(next.content)
  if (start === null) return null
  const end = state.doc.content.findDiffEnd(next.content)!
  const overlap = Math.max(start - Math.min(end.a, end.b), 0)
  return state.tr.replace(start, end.a + overlap, next.slice(start, end.b + overlap))
}

function changedEnd(tr: Transaction): number {
  let end = 0
  for (const map of tr.mapping.maps) {
    map.forEach((_from, _to, _newFrom, newTo) => {
      end = newTo
    })
  }
  return Math.min(end, tr.doc.content.size)
}

/** The smallest change that makes the text say `title`: what others type in it meanwhile stays. */
function write(ydoc: Y.Doc, text: Y.Text, title: string, origin: unknown): void {
  const before = text.toString()
  const limit = Math.min(before.length, title.length)
  let start = 0
  while (start < limit && before[start] === title[start]) start++
  // Never between the halves of a character.
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--
  let end = 0
  while (end < limit - start && before[before.length - 1 - end] === title[title.length - 1 - end]) end++
  if (end > 0 && isLowSurrogate(before.charCodeAt(before.length - end))) end--
  if (start === before.length - end && start === title.length - end) return
  ydoc.transact(() => {
    const typed = title.slice(start, title.length - end)
    const gone = before.length - end - start
    // As in the body: what replaces stands before what it replaces.
    if (typed !== '') text.insert(start, typed)
    if (gone > 0) text.delete(start + typed.length, gone)
  }, origin)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

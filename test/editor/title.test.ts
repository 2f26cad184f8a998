// @vitest-environment happy-dom

// The title: a view on the root `title`, written as the smallest difference, so that two people can change one line.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { createTitle, type Title } from '../../packages/editor/src/title.ts'

describe('the title', () => {
  const origin = { name: 'test' }
  let ydoc: Y.Doc
  let title: Title
  let left: number

  beforeEach(() => {
    ydoc = new Y.Doc()
    ydoc.getText('title').insert(0, 'Reading Room')
    left = 0
    const mount = document.createElement('div')
    document.body.append(mount)
    title = createTitle({
      mount,
      ydoc,
      origin,
      placeholder: 'Untitled',
      isEditable: () => true,
      leaveDown: () => {
        left++
      },
      undo: () => false,
      redo: () => false,
    })
  })

  afterEach(() => {
    title.destroy()
    document.body.replaceChildren()
  })

  test('shows what the document says, and is a labelled text box', () => {
    expect(title.view.dom.textContent).toBe('Reading Room')
    expect(title.view.dom.getAttribute('role')).toBe('textbox')
    expect(title.view.dom.getAttribute('aria-label')).toBe('Title')
  })

  test('writes only what changed, with the origin of the binding', () => {
    const deltas: unknown[] = []
    const origins: unknown[] = []
    ydoc.getText('title').observe((event, transaction) => {
      deltas.push(event.delta)
      origins.push(transaction.origin)
    })
    title.view.dispatch(title.view.state.tr.insertText('ing the ', 8, 8))
    expect(ydoc.getText('title').toString()).toBe('Reading ing the Room')
    expect(deltas).toEqual([[{ retain: 8 }, { insert: 'ing the ' }]])
    expect(origins).toEqual([origin])
  })

  test('never cuts a character in two', () => {
    title.view.dispatch(title.view.state.tr.insertText('😀', 0, title.view.state.doc.content.size))
    const deltas: unknown[] = []
    ydoc.getText('title').observe(event => deltas.push(event.delta))
    // The two share their first half.
    title.view.dispatch(title.view.state.tr.insertText('😁', 0, 2))
    expect(ydoc.getText('title').toString()).toBe('😁')
    expect(deltas).toEqual([[{ insert: '😁' }, { delete: 2 }]])
  })

  test('what others write moves the caret along and writes nothing', () => {
    title.focus()
    const remote = new Y.Doc()
    Y.applyUpdate(remote, Y.encodeStateAsUpdate(ydoc))
    remote.getText('title').insert(0, 'The ')
    let updates = 0
    ydoc.on('update', () => updates++)
    Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(remote))
    expect(title.view.dom.textContent).toBe('The Reading Room')
    expect(title.view.state.selection.head).toBe(16)
    expect(updates).toBe(1)
  })

  test('two people who write in it at once both stay', () => {
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(ydoc))
    other.getText('title').insert(12, ', again')
    title.view.dispatch(title.view.state.tr.insertText('The ', 0, 0))
    Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(other))
    expect(title.view.dom.textContent).toBe('The Reading Room, again')
  })

  test('line breaks that somebody else wrote are spaces here', () => {
    ydoc.getText('title').insert(7, '\n')
    expect(title.view.dom.textContent).toBe('Reading  Room')
  })

  test('Enter goes on to the text', () => {
    title.view.dom.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    expect(left).toBe(1)
    expect(ydoc.getText('title').toString()).toBe('Reading Room')
  })

  test('says Untitled while it is empty', () => {
    ydoc.getText('title').delete(0, 12)
    expect(title.view.dom.classList.contains('sheaf-empty')).toBe(true)
    expect(title.view.dom.getAttribute('data-hint')).toBe('Untitled')
  })
})

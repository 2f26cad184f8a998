// The walk of one keystroke (docs/architecture.md), for real: from one editor's transaction, over a socket, through the gate and the
// log, onto the disk, out to another editor, and there again after a cold restart.

import { openDocument, type SheafDocument } from '@sheaf/client'
import { plainText, readBody } from '@sheaf/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bindBody } from '../../packages/editor/src/binding.ts'
import { createDocument, readDocument, readRevision } from '../helpers/documents.ts'
import { HeadlessView } from '../helpers/editors.ts'
import { ServerProcess } from '../helpers/server-process.ts'

let server: ServerProcess
const opened: SheafDocument[] = []

beforeAll(async () => {
  server = await ServerProcess.start()
})

afterAll(async () => {
  await Promise.all(opened.map(document => document.close()))
  await server.dispose()
})

function open(documentId: string, name: string): SheafDocument {
  const document = openDocument({ url: server.url, documentId, identity: { id: name, name }, offline: null })
  opened.push(document)
  return document
}

describe('one keystroke', () => {
  test('reaches the disk, the other client, and whoever comes after a cold restart', async () => {
    await createDocument(server.url, 'walk', { title: 'The walk', text: 'Hello' })
    const ada = open('walk', 'Ada')
    const ben = open('walk', 'Ben')
    await Promise.all([ada.synced, ben.synced])
    expect(plainText(ada.ydoc)).toBe(plainText(ben.ydoc))

    const before = await readRevision(server.url, 'walk')
    const adaSees = new HeadlessView(bindBody(ada.ydoc))
    const benSees = new HeadlessView(bindBody(ben.ydoc))
    // The end of the first block: behind the openings of the section and of the block.
    adaSees.dispatch(adaSees.state.tr.insertText('!', 2 + 'Hello'.length))
    expect(ada.status.pending).toBe(1)
    const { revision } = await ada.saved()
    expect(revision).toBe(before + 1)
    expect(ada.status.pending).toBe(0)
    // Nothing leaves the server before it is durable, so what Ben has is on the disk too.
    await seen(ben, 'Hello!')
    expect(benSees.state.doc.textContent).toBe('Hello!')
    expect(readBody(ben.ydoc).textContent).toBe('Hello!')

    await server.kill()
    await server.start()
    expect((await readDocument(server.url, 'walk')).getText('body').toString()).toBe('Hello!')
    const content = await fetch(`${server.url}/api/v1/documents/walk/content`, { headers: { accept: 'text/plain' } })
    expect((await content.text()).trim()).toContain('Hello!')

    // Both come back by themselves, and the next keystroke walks the same way.
    benSees.dispatch(benSees.state.tr.insertText('?', 2 + 'Hello!'.length))
    await ben.saved()
    await seen(ada, 'Hello!?')
    expect(adaSees.state.doc.textContent).toBe('Hello!?')
  })

  test('typed while the server is away, it is sent when the server is back', async () => {
    await createDocument(server.url, 'away')
    const ada = open('away', 'Ada')
    await ada.synced
    await server.kill()
    ada.ydoc.getText('body').insert(1, 'kept')
    expect(ada.status.pending).toBe(1)
    await server.start()
    await ada.saved()
    expect((await readDocument(server.url, 'away')).getText('body').toString()).toBe('kept')
  })

  test('a stop drains: 1012, exit code 0, and everything is there at the next start', async () => {
    await createDocument(server.url, 'drained')
    const ada = open('drained', 'Ada')
    await ada.synced
    for (const letter of 'drained') ada.ydoc.getText('body').insert(ada.ydoc.getText('body').length, letter)
    await ada.saved()
    const told = new Promise<void>(resolve => {
      ada.onStatus(status => {
        if (status.connection === 'offline') resolve()
      })
    })
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    await told
    await server.start()
    expect((await readDocument(server.url, 'drained')).getText('body').toString()).toBe('drained')
    await ada.synced
  })
})

/** Resolves when the document's body says `text`. */
async function seen(document: SheafDocument, text: string): Promise<void> {
  const body = document.ydoc.getText('body')
  await new Promise<void>(resolve => {
    const check = () => {
      if (body.toString() !== text) return
      document.ydoc.off('afterTransaction', check)
      resolve()
    }
    document.ydoc.on('afterTransaction', check)
    check()
  })
}

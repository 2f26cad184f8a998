// Documents that are made on a device without a server: they are made on the server once, and what was written is there once.

import { blockTexts, openBody } from '@sheaf/model'
import { newDocumentId } from '@sheaf/protocol'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { Device } from '../helpers/device.ts'
import { type RunningServer, startServer } from '../helpers/running-server.ts'

/** An address where a server is going to be. */
async function later(): Promise<{ url: string; start: () => Promise<RunningServer> }> {
  const { url, port, close } = await startServer()
  await close()
  return { url, start: () => startServer({ listen: { host: '127.0.0.1', port } }) }
}

async function linesOn(server: RunningServer, documentId: string): Promise<string[]> {
  return server.registry.withRoom(documentId, room => blockTexts(room.ydoc).map(({ text }) => text))
}

describe('a document that is made without a server', () => {
  test('is written in at once, survives a crash, and is made on the server once', async () => {
    const { url, start } = await later()
    const device = new Device()
    const id = newDocumentId()
    const first = device.open(id, { url, made: true })
    await first.document.ready
    openBody(first.document.ydoc).insert(0, 'Hello')
    first.document.ydoc.getText('title').insert(0, 'Plan')
    await first.document.kept()
    expect(await device.store().list()).toMatchObject([{ documentId: id, title: 'Plan', made: true, complete: true }])
    first.crash()

    const server = await start()
    const second = device.open(id, { url })
    await second.document.saved()
    expect(await server.store.find(id)).toMatchObject({ layout: 'sheaf' })
    expect(await linesOn(server, id)).toEqual(['Hello'])
    await second.document.kept()
    await second.document.close()
    expect(await device.store().list()).toMatchObject([{ documentId: id, made: false, pending: 0 }])
  })

  test('in two tabs, and with an answer that was lost, is one document with everything once', async () => {
    const { url, start } = await later()
    const device = new Device()
    const id = newDocumentId()
    const tabs = [device.open(id, { url, made: true }), device.open(id, { url, made: true })]
    for (const [place, { document }] of tabs.entries()) {
      await document.ready
      openBody(document.ydoc).insert(0, `tab ${place} `)
    }
    const server = await start()
    // The first tab asked, and never heard that it was made.
    await fetch(`${url}/api/v1/documents/${id}`, { method: 'PUT', headers: { 'if-none-match': '*' } })
    for (const { document } of tabs) await document.saved()
    const text = (await linesOn(server, id)).join('')
    for (const part of ['tab 0 ', 'tab 1 ']) expect(text.split(part)).toHaveLength(2)
    expect((await server.store.list()).items).toHaveLength(1)
  })

  test('the first marker of the server stands before what was typed, whoever came first', async () => {
    for (let round = 0; round < 10; round++) {
      const server = await startServer()
      const id = newDocumentId()
      const ydoc = new Y.Doc()
      openBody(ydoc).insert(0, 'typed')
      const headers = { 'if-none-match': '*' }
      await fetch(`${server.url}/api/v1/documents/${id}`, { method: 'PUT', headers })
      await server.registry.withRoom(id, room => room.submit(Y.encodeStateAsUpdate(ydoc), 'api'))
      expect(await linesOn(server, id)).toEqual(['typed'])
      await server.close()
    }
  })

  test('that is in the trash by then is not made again, and what was typed stays on the device', async () => {
    const { url, start } = await later()
    const device = new Device()
    const id = newDocumentId()
    const tab = device.open(id, { url, made: true })
    await tab.document.ready
    openBody(tab.document.ydoc).insert(0, 'Hello')
    await tab.document.kept()
    const server = await start()
    await server.registry.create(id, { updates: [], title: '', snippet: '' })
    await server.registry.trash(id)
    await expect(tab.document.saved()).rejects.toMatchObject({ code: 'document-deleted' })
    expect((await device.store().list())[0]).toMatchObject({ documentId: id, pending: 1 })
  })
})

// The client and the server as they ship, over real sockets on loopback.

import { DocumentsApi, openDocument, type SheafDocument } from '@sheaf/client'
import { type Limits, SheafError } from '@sheaf/protocol'
import { describe, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { Device, untilStatus } from '../helpers/device.ts'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { startServer } from '../helpers/running-server.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'

function open(url: string, name = 'Ana'): SheafDocument {
  const document = openDocument({ url, documentId: 'plan', identity: { id: name, name }, offline: null })
  onTestFinished(() => document.close())
  return document
}

/** Rows that are free text: `body` has the model's layout, which is not the client's business. */
const notes = (ydoc: Y.Doc) => ydoc.getText('title')

async function start(limits: Partial<Limits> = {}) {
  const server = await startServer({ limits })
  await createDocument(server.url, 'plan', { title: '' })
  return server
}

describe('documents', () => {
  test('two people type at once, both see both, and what was saved is what the API reads', async () => {
    const server = await start()
    const [ana, bo] = [open(server.url, 'Ana'), open(server.url, 'Bo')]
    await Promise.all([ana.synced, bo.synced])
    for (let i = 0; i < 20; i++) {
      notes(ana.ydoc).insert(0, 'a')
      notes(bo.ydoc).insert(notes(bo.ydoc).length, 'b')
    }
    const saved = await Promise.all([ana.saved(), bo.saved()])
    expect(Math.max(...saved.map(({ revision }) => revision))).toBeGreaterThan(1)
    const read = notes(await readDocument(server.url, 'plan')).toString()
    expect([read.length, read.replaceAll('b', '').length]).toEqual([40, 20])
    await untilText(bo, text => text.length === 40)
    await untilText(ana, text => text.length === 40)
    expect([notes(ana.ydoc).toString(), notes(bo.ydoc).toString()]).toEqual([read, read])
  })

  test('each sees who is there, and who left', async () => {
    const server = await start()
    const [ana, bo] = [open(server.url, 'Ana'), open(server.url, 'Bo')]
    await Promise.all([ana.synced, bo.synced])
    ana.presence.setCaret({ anchor: 1, head: 2 })
    await untilPeers(bo, peers => peers.some(peer => peer.name === 'Ana' && peer.caret?.head === 2))
    await untilPeers(ana, peers => peers.length === 1)
    await ana.close()
    await untilPeers(bo, peers => peers.length === 0)
  })

  test('presence is back right after a reconnect', async () => {
    const server = await start()
    const proxy = await TcpProxy.start(server.port)
    onTestFinished(() => proxy.close())
    const [ana, bo] = [open(proxy.url, 'Ana'), open(server.url, 'Bo')]
    await Promise.all([ana.synced, bo.synced])
    await Promise.all([ana, bo].map(one => untilPeers(one, peers => peers.length === 1)))
    proxy.cut()
    await Promise.all([ana, bo].map(one => untilPeers(one, peers => peers.length === 0)))
    proxy.mend()
    ana.retry()
    await untilPeers(bo, peers => peers.length === 1)
    // Bo has said nothing new meanwhile, and is there for Ana all the same.
    await untilPeers(ana, peers => peers.length === 1)
    // Without care it would be the next renewal that brings them, up to 15 s later.
  }, 10_000)

  test('a stock y-websocket client and ours share text and presence', async () => {
    const server = await start()
    const ours = open(server.url)
    const ydoc = new Y.Doc()
    const stock = new WebsocketProvider(`${server.url.replace('http', 'ws')}/ws`, 'plan', ydoc, {
      disableBc: true,
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    })
    onTestFinished(() => stock.destroy())
    stock.awareness.setLocalState({ user: { name: 'Stock', color: '#30bced' } })
    await ours.synced
    await untilPeers(ours, peers => peers.some(peer => peer.name === 'Stock'))
    notes(ours.ydoc).insert(0, 'from ours ')
    while (!notes(ydoc).toString().includes('from ours')) await new Promise(resolve => ydoc.once('update', resolve))
    notes(ydoc).insert(0, 'from stock ')
    await untilText(ours, text => text === 'from stock from ours ')
    while (stock.awareness.getStates().size < 2) await new Promise(resolve => stock.awareness.once('update', resolve))
  })

  test('a document that is not there is said so, to a program too', async () => {
    const server = await start()
    const document = openDocument({
      url: server.url,
      documentId: 'nothing-here',
      identity: { id: 'ana', name: 'Ana' },
      offline: null,
    })
    onTestFinished(() => document.close())
    await expect(document.ready).rejects.toMatchObject({ code: 'not-found' })
    expect(document.status).toMatchObject({ connection: 'closed', problem: { code: 'not-found', permanent: true } })
  })

  test('one that is moved to the trash while it is open closes, and comes back when it is restored', async () => {
    const server = await start()
    const document = open(server.url)
    await document.synced
    const api = new DocumentsApi({ url: server.url })
    await api.trash('plan')
    await untilStatus(document, status => status.connection === 'closed')
    expect(document.status.problem?.permanent).toBe(true)
    notes(document.ydoc).insert(0, 'meanwhile')
    await api.restore('plan')
    document.retry()
    await document.saved()
    expect(notes(await readDocument(server.url, 'plan')).toString()).toBe('meanwhile')
  })

  test('5 MiB go in and come out, and typing goes on behind them', async () => {
    const server = await start()
    const writer = open(server.url)
    await writer.synced
    const long = 'x'.repeat(5 * 1024 * 1024)
    notes(writer.ydoc).insert(0, long)
    await writer.saved()
    const reader = open(server.url)
    await reader.synced
    expect(notes(reader.ydoc).toString()).toBe(long)
    expect(server.logLines.filter(line => line.level === 'error')).toEqual([])
  })

  test('a script in a loop stays within the limits of the server, on one connection', async () => {
    const server = await start()
    const document = open(server.url)
    await document.synced
    let connections = 1
    document.onStatus(status => {
      if (status.connection === 'offline') connections += 1
    })
    for (let i = 0; i < 3_000; i++) {
      notes(document.ydoc).insert(0, 'x')
      if (i % 100 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await document.saved()
    expect([connections, notes(await readDocument(server.url, 'plan')).length]).toEqual([1, 3_000])
  })

  test('a refused change freezes the document and stays on the device', async () => {
    const server = await start()
    const device = new Device()
    const tab = device.open('plan', server)
    await tab.document.synced
    // No root of this name belongs to a document of this layout.
    tab.document.ydoc.getMap('elsewhere').set('a', 1)
    await expect(tab.document.saved()).rejects.toThrow(SheafError)
    expect(tab.document.status).toMatchObject({ readOnly: true, pending: 1, problem: { permanent: true } })
    await tab.document.kept()
    await tab.crash()
    const again = device.open('plan', server)
    await again.document.ready
    expect(again.document.status.pending).toBe(1)
    expect(again.document.ydoc.getMap('elsewhere').get('a')).toBe(1)
  })

  test('a tab that was offline with a kept copy costs the difference when it comes back', async () => {
    const server = await start()
    const proxy = await TcpProxy.start(server.port)
    onTestFinished(() => proxy.close())
    const device = new Device()
    const first = device.open('plan', proxy)
    await first.document.synced
    notes(first.document.ydoc).insert(0, 'x'.repeat(100_000))
    await first.document.saved()
    proxy.cut()
    await untilStatus(first.document, status => status.connection === 'offline')
    notes(first.document.ydoc).insert(0, 'mine ')
    await first.document.kept()
    await first.crash()
    proxy.mend()
    const bo = open(server.url, 'Bo')
    await bo.synced
    notes(bo.ydoc).insert(0, 'theirs ')
    await bo.saved()

    const again = device.open('plan', proxy)
    await again.document.ready
    let bytes = 0
    again.document.ydoc.on('update', (update: Uint8Array) => {
      bytes += update.byteLength
    })
    await again.document.saved()
    await again.document.synced
    expect(notes(again.document.ydoc).toString()).toMatch(/^(mine theirs |theirs mine )x+$/)
    expect(bytes).toBeLessThan(200)
  })
})

describe('the API', () => {
  test('makes, lists, finds, names, throws away and takes back', async () => {
    const server = await startServer()
    const api = new DocumentsApi({ url: server.url })
    const made = await api.create({ title: 'Plan', text: 'First words.' })
    expect(made).toMatchObject({ title: 'Plan', layout: 'sheaf', snippet: 'First words.' })
    await api.createAt('notes', { title: 'Notes' })
    expect((await api.rename('notes', 'Field notes')).title).toBe('Field notes')
    expect((await api.get('notes')).title).toBe('Field notes')
    const first = await api.list({ limit: 1, sort: 'id' })
    const second = await api.list({ limit: 1, sort: 'id', cursor: first.next! })
    expect([...first.items, ...second.items].map(item => item.title).sort()).toEqual(['Field notes', 'Plan'])
    expect((await api.list({ q: 'field' })).items.map(item => item.id)).toEqual(['notes'])
    await api.trash('notes')
    expect((await api.list({ trashed: true })).items.map(item => item.id)).toEqual(['notes'])
    await expect(api.get('notes')).rejects.toMatchObject({ code: 'document-deleted' })
    expect((await api.restore('notes')).deletedAt).toBeUndefined()
  })

  test('refuses with the code of the server, and the field', async () => {
    const server = await startServer()
    const api = new DocumentsApi({ url: server.url })
    await expect(api.get('nothing-here')).rejects.toMatchObject({ code: 'not-found', details: { status: 404 } })
    await api.createAt('plan')
    await expect(api.createAt('plan')).rejects.toMatchObject({ code: 'already-exists' })
    await expect(api.rename('plan', 'two\nlines')).rejects.toMatchObject({ code: 'invalid-field' })
    await expect(api.get('plan', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('a proxy that answers in HTML is an error of its status', async () => {
    const respond = (status: number) => async () => new Response('<h1>Bad gateway</h1>', { status })
    const api = (status: number) => new DocumentsApi({ url: 'http://127.0.0.1:1', fetch: respond(status) })
    await expect(api(502).list()).rejects.toMatchObject({ code: 'overloaded', details: { status: 502 } })
    await expect(api(401).list()).rejects.toMatchObject({ code: 'unauthorized' })
  })

  test('a token goes into the header of each call, fetched anew', async () => {
    const seen: (string | null)[] = []
    let count = 0
    const api = new DocumentsApi({
      url: 'https://docs.example/sheaf/',
      token: () => `token${++count}`,
      fetch: async (input, init) => {
        seen.push(`${String(input)} ${new Headers(init?.headers).get('authorization')}`)
        return Response.json({ items: [] })
      },
    })
    await api.list()
    await api.list({ trashed: true })
    expect(seen).toEqual([
      'https://docs.example/sheaf/api/v1/documents Bearer token1',
      'https://docs.example/sheaf/api/v1/documents?trashed=true Bearer token2',
    ])
  })
})

async function untilText(document: SheafDocument, isSo: (text: string) => boolean): Promise<void> {
  while (!isSo(notes(document.ydoc).toString())) await new Promise(resolve => document.ydoc.once('update', resolve))
}

async function untilPeers(
  document: SheafDocument,
  isSo: (peers: ReturnType<SheafDocument['presence']['peers']>) => boolean,
): Promise<void> {
  if (isSo(document.presence.peers())) return
  await new Promise<void>(resolve => {
    const stop = document.presence.onChange(() => {
      if (!isSo(document.presence.peers())) return
      stop()
      resolve()
    })
  })
}

describe('assets', () => {
  test('a file is uploaded, listed and served; too large a one is refused by name, and an upload can be given up', async () => {
    const server = await start({ maxUploadBytes: 1_000 })
    const api = new DocumentsApi({ url: server.url })
    const told: number[] = []
    const file = new Blob(['GIF89a and the rest'], { type: 'text/plain' })
    const asset = await api.upload('plan', file, { name: 'a.gif', onProgress: sent => told.push(sent) })
    expect(asset).toMatchObject({ name: 'a.gif', type: 'image/gif', size: 19 })
    expect(told).toEqual([1])
    expect(await api.assets('plan')).toEqual([asset])
    expect(await (await fetch(server.url + asset.url)).text()).toBe('GIF89a and the rest')
    await expect(api.upload('plan', new Blob(['x'.repeat(1_001)]))).rejects.toMatchObject({ code: 'too-large' })
    await expect(api.upload('plan', file, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/)
    expect(await api.assets('plan')).toEqual([asset])
  })
})

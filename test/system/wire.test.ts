// The numbered rules of docs/protocol.md, over real sockets, on a real server with its real store.

import {
  ChunkAssembly,
  chunked,
  decodeAwareness,
  decodeMessage,
  defaultLimits,
  encodeAwareness,
  encodeMessage,
} from '@sheaf/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { createDocument, edit, follow, readDocument, readRevision, sync } from '../helpers/documents.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'
import { WireClient } from '../helpers/wire-client.ts'

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start({ args: ['--limits', 'off'] })
})

afterAll(async () => {
  await server.dispose()
})

const append = (text: string) => (ydoc: Y.Doc) => {
  const ytext = ydoc.getText('text')
  ytext.insert(ytext.length, text)
}

describe('the base dialect', () => {
  test('W1: once step 2 has gone both ways, both sides hold the same state', async () => {
    const [left, right] = [new Y.Doc(), new Y.Doc()]
    append('left ')(left)
    append('right ')(right)
    const a = await WireClient.open(server.url, 'w1')
    await sync(a, left)
    const b = await WireClient.open(server.url, 'w1')
    await sync(b, right)
    // A step 2 reaches the others when it is on disk, which may be after their own handshake.
    const length = 'left right '.length
    await Promise.all([
      follow(a, left, () => left.getText('text').length === length),
      follow(b, right, () => right.getText('text').length === length),
    ])
    const onServer = await readDocument(server.url, 'w1')
    expect(left.getText('text').toString()).toBe(right.getText('text').toString())
    expect(Y.encodeStateAsUpdate(onServer)).toEqual(Y.encodeStateAsUpdate(left))
    await Promise.all([a.close(), b.close()])
  })

  test('W2: the updates of one socket apply in order', async () => {
    const [writing, reading] = [new Y.Doc(), new Y.Doc()]
    const writer = await WireClient.open(server.url, 'w2')
    await sync(writer, writing)
    const reader = await WireClient.open(server.url, 'w2')
    await sync(reader, reading)
    const words = Array.from({ length: 500 }, (_, i) => `${i} `)
    // Each before the last one, so that none goes on typing where that one has ended (W24).
    for (const word of words) {
      const update = edit(writing, ydoc => ydoc.getText('text').insert(0, word))
      writer.send({ type: 'update', update })
    }
    await follow(reader, reading, () => reading.getText('text').length === writing.getText('text').length)
    expect(reading.getText('text').toString()).toBe(words.toReversed().join(''))
    // One row for each: none was put aside and taken up again, or merged before it was logged.
    expect(await readRevision(server.url, 'w2')).toBe(words.length)
    await Promise.all([writer.close(), reader.close()])
  })

  test('W5: nobody can speak for, or remove, a client id that another socket brought', async () => {
    const present = async (client: WireClient, clientId: number) => {
      const { update } = await client.next('awareness', ({ update }) =>
        decodeAwareness(update).some(entry => entry.clientId === clientId),
      )
      return decodeAwareness(update).find(entry => entry.clientId === clientId)!.state
    }
    const say = (client: WireClient, clientId: number, clock: number, state: string) =>
      client.send({ type: 'awareness', update: encodeAwareness([{ clientId, clock, state }]) })
    const ada = await WireClient.open(server.url, 'w5')
    await sync(ada, new Y.Doc())
    say(ada, 11, 1, '{"user":{"name":"Ada"}}')
    const mallory = await WireClient.open(server.url, 'w5')
    await sync(mallory, new Y.Doc())
    expect(await present(mallory, 11)).toBe('{"user":{"name":"Ada"}}')
    say(mallory, 11, 1_000, 'null')
    say(mallory, 11, 2_000, '{"user":{"name":"Not Ada"}}')
    // Its own id comes behind the forgeries on the same socket, so they have been read when it is shown.
    say(mallory, 12, 1, '{"user":{"name":"Mallory"}}')
    expect(await present(ada, 12)).toBe('{"user":{"name":"Mallory"}}')
    const newcomer = await WireClient.open(server.url, 'w5')
    await sync(newcomer, new Y.Doc())
    expect(await present(newcomer, 11)).toBe('{"user":{"name":"Ada"}}')
    await ada.drop()
    expect(await present(newcomer, 11)).toBe('null')
    await Promise.all([mallory.close(), newcomer.close()])
  })

  test('W8: a reconnect costs the difference, not the document', async () => {
    const ydoc = new Y.Doc()
    const first = await WireClient.open(server.url, 'w8')
    await sync(first, ydoc)
    const long = 'All that was typed in a year. '.repeat(10_000)
    first.send({ type: 'update', update: edit(ydoc, append(long)) })
    await first.close()
    const known = Y.encodeStateVector(ydoc)
    const other = await WireClient.open(server.url, 'w8')
    await sync(other, ydoc)
    other.send({ type: 'update', update: edit(ydoc, append('One word more.')) })
    await other.close()
    const again = await WireClient.open(server.url, 'w8')
    again.send({ type: 'step1', stateVector: known })
    const { update } = await again.next('step2')
    expect(update.byteLength).toBeLessThan(100)
    await again.close()
  })

  test('W13: an update with a gap is held until the first step 2, and takes its place then', async () => {
    await createDocument(server.url, 'w13-held')
    const ydoc = await readDocument(server.url, 'w13-held')
    const first = edit(ydoc, doc => doc.getText('body').insert(1, 'first '))
    const second = edit(ydoc, doc => doc.getText('body').insert(7, 'second'))
    const client = await WireClient.open(server.url, 'w13-held', { extension: true })
    await client.next('step1')
    client.send({ type: 'sequenced', clientSeq: 2, message: { type: 'update', update: second } })
    client.send({ type: 'sequenced', clientSeq: 2, message: { type: 'step2', update: first } })
    await client.next('ack', ack => ack.clientSeq === 2)
    expect((await readDocument(server.url, 'w13-held')).getText('body').toString()).toBe('first second')
    expect(client.received.filter(message => message.type === 'nack')).toEqual([])
    await client.close()
  })

  test('W15: an id that does not exist becomes a raw document for a stock client, and is 4404 under sheaf.v1', async () => {
    const ours = await WireClient.open(server.url, 'w15', { extension: true })
    expect(await ours.closed).toEqual({ code: 4404, reason: 'not-found' })
    const stock = await WireClient.open(server.url, 'w15')
    await sync(stock, new Y.Doc())
    const record = await (await fetch(`${server.url}/api/v1/documents/w15`)).json()
    expect(record).toMatchObject({ id: 'w15', layout: 'raw' })
    const again = await WireClient.open(server.url, 'w15', { extension: true })
    expect((await again.next('hello')).hello.layout).toBe('raw')
    await Promise.all([stock.close(), again.close()])
  })
})

describe('durability', () => {
  test('W3: what anybody has seen, and what was acknowledged, is there after kill -9', async () => {
    const own = await ServerProcess.start({ args: ['--limits', 'off'] })
    try {
      await createDocument(own.url, 'w3')
      const [writing, reading] = [new Y.Doc(), new Y.Doc()]
      const writer = await WireClient.open(own.url, 'w3', { extension: true })
      await sync(writer, writing, 0)
      const reader = await WireClient.open(own.url, 'w3', { extension: true })
      await sync(reader, reading, 0)
      for (let clientSeq = 1; clientSeq <= 2_000; clientSeq++) {
        const update = edit(writing, ydoc => ydoc.getText('body').insert(1, 'x'))
        writer.send({ type: 'sequenced', clientSeq, message: { type: 'update', update } })
      }
      await follow(reader, reading, () => reading.getText('body').length > 1)
      await own.kill()
      const acknowledged = writer.received.reduce((n, m) => (m.type === 'ack' ? Math.max(n, m.clientSeq) : n), 0)
      for (const message of reader.received) if (message.type === 'update') Y.applyUpdate(reading, message.update)
      await own.start()
      const kept = (await readDocument(own.url, 'w3')).getText('body').length
      expect(kept).toBeGreaterThanOrEqual(reading.getText('body').length)
      expect(kept).toBeGreaterThanOrEqual(1 + acknowledged)
    } finally {
      await own.dispose()
    }
  })
})

describe('opening', () => {
  test('W14: a program gets the HTTP status, a browser a close code it can see, another web site nothing', async () => {
    await expect(WireClient.open(server.url, '-not-an-id')).rejects.toThrow('400')
    const browser = await WireClient.open(server.url, '-not-an-id', { origin: server.url })
    expect(await browser.closed).toEqual({ code: 4400, reason: 'malformed' })
    await expect(WireClient.open(server.url, 'w14', { origin: 'https://elsewhere.example' })).rejects.toThrow('403')
    const rebound = server.url.replace('127.0.0.1', 'localhost')
    const named = await WireClient.open(rebound, 'w14', { origin: rebound })
    await named.next('step1')
    await named.close()
  })

  test.each(['/', '/a/b', `/${'x'.repeat(129)}`, '/..%2f', '/%00', '/a b'])(
    'W14: the document id %s is refused',
    async path => {
      const { status } = await upgradeStatus(`/ws${path}`)
      expect([400, 404]).toContain(status)
    },
  )

  test('W16: the server chooses sheaf.v1 whatever is offered beside it, and never a token', async () => {
    const { default: WebSocket } = await import('ws')
    const chosen = (offered: string[]) =>
      new Promise<string>((resolve, reject) => {
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/w16`, offered)
        socket.once('open', () => {
          resolve(socket.protocol)
          socket.terminate()
        })
        socket.once('error', reject)
      })
    expect(await chosen(['sheaf.bearer.secret', 'other', 'sheaf.v1'])).toBe('sheaf.v1')
    // `ws` itself refuses a server that chooses nothing of what was offered: it must have been told so.
    await expect(chosen(['sheaf.bearer.secret'])).rejects.toThrow(/no subprotocol/i)
    expect(await chosen([])).toBe('')
  })

  test('W16: a client that did not ask for the extension is sent none of it', async () => {
    const stock = await WireClient.open(server.url, 'w16-stock')
    const ydoc = new Y.Doc()
    await sync(stock, ydoc)
    stock.send({ type: 'update', update: edit(ydoc, append('x')) })
    stock.send({ type: 'step1', stateVector: new Uint8Array([0]) })
    await stock.next('step2')
    expect(stock.received.filter(({ type }) => !['step1', 'step2', 'update', 'awareness'].includes(type))).toEqual([])
    await stock.close()
  })
})

describe('the extension sheaf.v1', () => {
  test('W17: an acknowledgement covers every smaller number and nothing that is not durable', async () => {
    await createDocument(server.url, 'w17')
    const ydoc = new Y.Doc()
    const client = await WireClient.open(server.url, 'w17', { extension: true })
    expect(client.received[0]?.type ?? (await client.next('hello')).type).toBe('hello')
    await sync(client, ydoc, 0)
    for (let clientSeq = 1; clientSeq <= 100; clientSeq++) {
      const update = edit(ydoc, doc => doc.getText('body').insert(1, 'x'))
      client.send({ type: 'sequenced', clientSeq, message: { type: 'update', update } })
    }
    const acks: number[] = []
    while (acks.at(-1) !== 100) {
      const ack = await client.next('ack')
      acks.push(ack.clientSeq)
      // Row 1 made the document; each of the updates is one row.
      expect(ack.revision).toBeGreaterThanOrEqual(1 + ack.clientSeq)
    }
    expect(acks).toEqual([...acks].sort((a, b) => a - b))
    await client.close()
  })

  test('W18: after a reconnect the step 2 is acknowledged, also when it adds nothing', async () => {
    await createDocument(server.url, 'w18')
    const ydoc = new Y.Doc()
    const first = await WireClient.open(server.url, 'w18', { extension: true })
    await sync(first, ydoc, 0)
    const update = edit(ydoc, doc => doc.getText('body').insert(1, 'typed'))
    first.send({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update } })
    await first.next('ack', ack => ack.clientSeq === 1)
    await first.drop()
    const revision = await readRevision(server.url, 'w18')
    // As if the acknowledgement had been lost.
    const second = await WireClient.open(server.url, 'w18', { extension: true })
    await sync(second, ydoc, 1)
    await second.next('ack', ack => ack.clientSeq === 1)
    expect(await readRevision(server.url, 'w18')).toBe(revision)
    const deletion = edit(ydoc, doc => doc.getText('body').delete(1, 5))
    second.send({ type: 'sequenced', clientSeq: 2, message: { type: 'update', update: deletion } })
    // Lost on the way, together with the socket: the step 2 brings it, though the state vector does not show it.
    await second.drop()
    const third = await WireClient.open(server.url, 'w18', { extension: true })
    await sync(third, ydoc, 2)
    await third.next('ack', ack => ack.clientSeq === 2)
    expect((await readDocument(server.url, 'w18')).getText('body').toString()).toBe('')
    await third.close()
  })

  test('W19: a long message travels in chunks, both ways', async () => {
    await createDocument(server.url, 'w19')
    const ydoc = new Y.Doc()
    const client = await WireClient.open(server.url, 'w19', { extension: true })
    await sync(client, ydoc, 0)
    const text = 'Imported. '.repeat(70_000)
    edit(ydoc, doc => doc.getText('body').insert(1, text))
    const message = { type: 'step2', update: Y.encodeStateAsUpdate(ydoc) } as const
    const frames = chunked(encodeMessage({ type: 'sequenced', clientSeq: 1, message }))
    expect(frames.length).toBeGreaterThan(2)
    for (const frame of frames) {
      client.sendBytes(frame)
      client.send({ type: 'query-awareness' })
    }
    await client.next('ack', ack => ack.clientSeq === 1)
    client.send({ type: 'step1', stateVector: new Uint8Array([0]) })
    const assembly = new ChunkAssembly(defaultLimits.maxStep2Bytes)
    let whole: Uint8Array | undefined
    while (whole === undefined) whole = assembly.add(await client.next('chunk'))
    const answer = decodeMessage(whole)
    const reading = new Y.Doc()
    if (answer.type === 'step2') Y.applyUpdate(reading, answer.update)
    expect(reading.getText('body').toString()).toBe(text)
    await client.close()
  })

  test('W13: after the first step 2 a gap gets a nack and a step 1, and the socket stays', async () => {
    await createDocument(server.url, 'w13')
    const ydoc = new Y.Doc()
    const client = await WireClient.open(server.url, 'w13', { extension: true })
    await sync(client, ydoc, 0)
    edit(ydoc, doc => doc.getText('body').insert(1, 'lost '))
    const update = edit(ydoc, doc => doc.getText('body').insert(6, 'after'))
    // The server asks at most once a second, and has asked at the start.
    while (!client.received.some(message => message.type === 'step1')) {
      client.send({ type: 'sequenced', clientSeq: 2, message: { type: 'update', update } })
      expect(await client.next('nack')).toMatchObject({ clientSeq: 2, code: 'gap' })
    }
    const asked = await client.next('step1')
    const message = { type: 'step2', update: Y.encodeStateAsUpdate(ydoc, asked.stateVector) } as const
    client.send({ type: 'sequenced', clientSeq: 2, message })
    await client.next('ack', ack => ack.clientSeq === 2)
    expect((await readDocument(server.url, 'w13')).getText('body').toString()).toBe('lost after')
    expect(client.isOpen).toBe(true)
    await client.close()
  })
})

describe('slow readers', () => {
  test('W20: a socket that does not drain gets one difference afterwards, and nothing is missing', async () => {
    const proxy = await TcpProxy.start(server.port)
    try {
      const [writing, reading, following] = [new Y.Doc(), new Y.Doc(), new Y.Doc()]
      const writer = await WireClient.open(server.url, 'w20')
      await sync(writer, writing)
      const follower = await WireClient.open(server.url, 'w20')
      await sync(follower, following)
      const reader = await WireClient.open(proxy.url, 'w20')
      await sync(reader, reading)
      const before = await resyncs()
      proxy.holdStill()
      // More than the kernel's buffers and the soft bound hold together.
      for (let i = 0; i < 40; i++) {
        writer.send({ type: 'update', update: edit(writing, append(`${i} ${'x'.repeat(300_000)}`)) })
      }
      await follow(follower, following, () => following.getText('text').length === writing.getText('text').length)
      proxy.flow()
      await follow(reader, reading, () => reading.getText('text').length === writing.getText('text').length)
      expect(reading.getText('text').toString() === writing.getText('text').toString()).toBe(true)
      expect(reader.isOpen).toBe(true)
      expect(await resyncs()).toBeGreaterThan(before)
      await Promise.all([writer.close(), reader.close(), follower.close()])
    } finally {
      await proxy.close()
    }
  })
})

/** How often a socket that was behind got one difference instead of what it had missed. */
async function resyncs(): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^sheaf_ws_resync_coalesced_total(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1] ?? 0)
}

async function upgradeStatus(path: string): Promise<{ status: number }> {
  const { connect } = await import('node:net')
  const head = await new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
    })
    socket.once('data', data => {
      resolve(data.toString('latin1'))
      socket.destroy()
    })
    socket.once('error', reject)
  })
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]) }
}

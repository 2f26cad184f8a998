// Promise P5 over real sockets: a bad frame closes its own socket with a documented code; those beside it notice nothing, and
// the document still loads after a restart.

import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type ErrorCode, encodeAwareness, encodeMessage, errorKinds } from '@sheaf/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { createDocument, edit, follow, readDocument, readRevision, sync } from '../helpers/documents.ts'
import { seededRandom } from '../helpers/random.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { repositoryRoot } from '../helpers/sources.ts'
import { WireClient } from '../helpers/wire-client.ts'

const documentId = 'hostile'
const corpus = join(repositoryRoot, 'test/corpus')

let server: ServerProcess
/** Two people who type all the time in the document that is attacked, over sockets of both dialects. */
let writer: Bystander
let reader: Bystander

interface Bystander {
  readonly client: WireClient
  readonly ydoc: Y.Doc
}

beforeAll(async () => {
  server = await ServerProcess.start()
  await createDocument(server.url, documentId, { title: 'Attacked' })
  writer = await standBy(true)
  reader = await standBy(false)
})

afterAll(async () => {
  await server.dispose()
})

async function standBy(extension: boolean): Promise<Bystander> {
  const ydoc = new Y.Doc()
  const client = await WireClient.open(server.url, documentId, { extension })
  await sync(client, ydoc, extension ? 0 : undefined)
  return { client, ydoc }
}

let typed = 0

/** One keystroke passes from one bystander to the other: both are still there, and the document works. */
async function expectUndisturbed(): Promise<void> {
  typed += 1
  const update = edit(writer.ydoc, ydoc => ydoc.getText('body').insert(1, 'x'))
  writer.client.send({ type: 'sequenced', clientSeq: typed, message: { type: 'update', update } })
  await follow(
    reader.client,
    reader.ydoc,
    () => reader.ydoc.getText('body').length === writer.ydoc.getText('body').length,
  )
  expect(reader.ydoc.getText('body').toString()).toBe('x'.repeat(typed))
}

async function expectClose(client: WireClient, code: ErrorCode): Promise<void> {
  expect(await client.closed).toEqual({ code: errorKinds[code].close, reason: code })
}

const stateVector = Y.encodeStateVector(new Y.Doc())
const whole = encodeMessage({ type: 'step1', stateVector })

describe('bad frames', () => {
  const frames: readonly (readonly [string, Uint8Array, ErrorCode])[] = [
    ['an empty frame', new Uint8Array(), 'malformed'],
    ['a message type that does not exist', Uint8Array.of(42), 'malformed'],
    ['a type that only servers send', encodeMessage({ type: 'ack', clientSeq: 1, revision: 1 }), 'malformed'],
    ['auth denied from a client', encodeMessage({ type: 'denied', reason: 'no' }), 'malformed'],
    ['a sync message that does not exist', Uint8Array.of(0, 9, 0), 'malformed'],
    ['a message that ends inside a field', whole.subarray(0, whole.byteLength - 1), 'malformed'],
    ['a length beyond the frame', Uint8Array.of(0, 2, 0xff, 0xff, 0xff, 0x7f), 'malformed'],
    ['an integer without end', new Uint8Array(64).fill(0xff), 'malformed'],
    ['bytes behind the message', Uint8Array.of(...whole, 0), 'malformed'],
    ['two messages in one frame', Uint8Array.of(...whole, ...whole), 'malformed'],
    ['an extension message without the extension', Uint8Array.of(106, 1, 0, 2, 2, 0, 0), 'malformed'],
    ['a state vector that is none', encodeMessage({ type: 'step1', stateVector: Uint8Array.of(9, 9) }), 'malformed'],
    [
      'awareness that is no JSON',
      encodeMessage({ type: 'awareness', update: encodeAwareness([{ clientId: 7, clock: 1, state: '{' }]) }),
      'malformed',
    ],
    [
      'awareness nested too deep',
      encodeMessage({
        type: 'awareness',
        update: encodeAwareness([{ clientId: 7, clock: 1, state: `${'['.repeat(99)}${']'.repeat(99)}` }]),
      }),
      'malformed',
    ],
    [
      'an awareness state above 4 KiB',
      encodeMessage({
        type: 'awareness',
        update: encodeAwareness([{ clientId: 7, clock: 1, state: JSON.stringify('x'.repeat(5_000)) }]),
      }),
      'too-large',
    ],
    ['a live update above 1 MiB', encodeMessage({ type: 'update', update: longUpdate(1_100_000) }), 'too-large'],
    [
      'an update of garbage',
      encodeMessage({ type: 'update', update: new Uint8Array(40).fill(0x81) }),
      'invalid-update',
    ],
    ['an empty update', encodeMessage({ type: 'update', update: new Uint8Array() }), 'invalid-update'],
  ]

  test.each(frames)('W7, W11: %s closes its own socket', async (_name, frame, code) => {
    const attacker = await WireClient.open(server.url, documentId)
    await sync(attacker, new Y.Doc())
    attacker.sendBytes(frame)
    await expectClose(attacker, code)
    await expectUndisturbed()
  })

  test('W7, W11: a text frame closes with 1003', async () => {
    const attacker = await WireClient.open(server.url, documentId)
    attacker.sendText('hello')
    expect(await attacker.closed).toEqual({ code: 1003, reason: 'text-frame' })
    await expectUndisturbed()
  })

  test('a frame above twice the largest legal one is cut off by the socket itself', async () => {
    const attacker = await WireClient.open(server.url, documentId)
    attacker.sendBytes(new Uint8Array(37 << 20))
    expect((await attacker.closed).code).toBe(1009)
    await expectUndisturbed()
  })

  test('bytes that are no WebSocket frame end the connection', async () => {
    const ended = await afterHandshake(Buffer.from('ffffffffffffffffffff', 'hex'))
    expect(ended).toBe(true)
    await expectUndisturbed()
  })

  test('a thousand random frames end sockets, and nothing else', async () => {
    const random = seededRandom(4)
    for (let i = 0; i < 1_000; i++) {
      const attacker = await WireClient.open(server.url, documentId, { extension: random.chance(0.5) })
      const frame = Uint8Array.from({ length: 1 + random.below(60) }, () => random.below(random.pick([4, 128, 256])))
      attacker.sendBytes(frame)
      attacker.sendText('the end')
      const { code, reason } = await attacker.closed
      expect(errorKinds[reason as ErrorCode]?.close, `frame ${Buffer.from(frame).toString('hex')}`).toBe(code)
      if (i % 100 === 0) await expectUndisturbed()
    }
    await expectUndisturbed()
  })
})

describe('bad updates', () => {
  test('W12: every truncation of an update is refused whole, with a nack before the close', async () => {
    const source = new Y.Doc()
    const update = edit(source, ydoc => {
      ydoc.getText('body').insert(0, 'poison')
      ydoc.getText('body').format(0, 3, { strong: true })
      ydoc.getText('body').delete(4, 1)
    })
    const revision = await readRevision(server.url, documentId)
    for (let length = 0; length < update.byteLength; length++) {
      const attacker = await WireClient.open(server.url, documentId, { extension: true })
      await sync(attacker, new Y.Doc(), 0)
      const message = { type: 'update', update: update.subarray(0, length) } as const
      attacker.send({ type: 'sequenced', clientSeq: 1, message })
      const { code } = await attacker.closed
      expect(code).toBe(4422)
      expect(attacker.received.filter(({ type }) => type === 'nack')).toMatchObject([{ clientSeq: 1 }])
      expect(
        attacker.received.filter(({ type, ...rest }) => type === 'ack' && 'clientSeq' in rest && rest.clientSeq === 1),
      ).toEqual([])
    }
    expect(await readRevision(server.url, documentId)).toBe(revision)
    await expectUndisturbed()
  })

  const poisons = readdirSync(corpus).filter(name => name.endsWith('.bin') || name.endsWith('.hex'))

  test.each(poisons)('the poison %s harms nobody', async name => {
    const bytes = readFileSync(join(corpus, name))
    const update = name.endsWith('.hex')
      ? Uint8Array.from(Buffer.from(bytes.toString('utf8').replace(/\s|#.*/g, ''), 'hex'))
      : new Uint8Array(bytes)
    const attacker = await WireClient.open(server.url, documentId, { extension: true })
    await sync(attacker, new Y.Doc(), 0)
    attacker.send({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update } })
    attacker.sendText('the end')
    const { code, reason } = await attacker.closed
    expect(errorKinds[reason as ErrorCode]?.close).toBe(code)
    await expectUndisturbed()
  })
})

describe('too much of it', () => {
  test('W10: hello says the limits', async () => {
    const client = await WireClient.open(server.url, documentId, { extension: true })
    const { hello } = await client.next('hello')
    const { defaultLimits } = await import('@sheaf/protocol')
    expect(hello.limits).toMatchObject(defaultLimits)
    await client.close()
  })

  test('W10: more updates than 60 a second, 300 at once, close with 4529', async () => {
    const attacker = await WireClient.open(server.url, documentId)
    const ydoc = new Y.Doc()
    await sync(attacker, ydoc)
    for (let i = 0; i < 2_000; i++) {
      attacker.send({ type: 'update', update: edit(ydoc, doc => doc.getMap('meta').set('flood', i)) })
    }
    await expectClose(attacker, 'rate-limited')
    await expectUndisturbed()
  })

  test('W10: asking for the whole document again and again closes with 4529', async () => {
    const attacker = await WireClient.open(server.url, documentId)
    for (let i = 0; i < 10; i++) attacker.send({ type: 'step1', stateVector })
    await expectClose(attacker, 'rate-limited')
    await expectUndisturbed()
  })

  test('W10: one address gets at most 50 sockets', async () => {
    const opened: WireClient[] = []
    let refusal: unknown
    while (refusal === undefined && opened.length < 60) {
      try {
        opened.push(await WireClient.open(server.url, documentId))
      } catch (error) {
        refusal = error
      }
    }
    expect(String(refusal)).toContain('503')
    // The two bystanders are of the same address.
    expect(opened.length).toBe(48)
    await Promise.all(opened.map(client => client.close()))
    await expectUndisturbed()
  })
})

describe('afterwards', () => {
  test('P5, P6: the bystanders were never closed, and the document loads after kill -9 as they left it', async () => {
    await expectUndisturbed()
    expect(writer.client.isOpen && reader.client.isOpen).toBe(true)
    await server.kill()
    await server.start()
    const loaded = await readDocument(server.url, documentId)
    expect(loaded.getText('body').toString()).toBe('x'.repeat(typed))
    expect(server.log).not.toMatch(/"level":(?:50|"error")/)
  })
})

function longUpdate(length: number): Uint8Array {
  return edit(new Y.Doc(), ydoc => ydoc.getText('body').insert(0, 'x'.repeat(length)))
}

/** Shakes hands, sends the bytes as they are. @returns true when the server ended the connection. */
function afterHandshake(bytes: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(
        `GET /ws/${documentId} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
    })
    socket.once('data', () => socket.write(bytes))
    socket.once('close', () => resolve(true))
    socket.once('error', reject)
    socket.resume()
  })
}

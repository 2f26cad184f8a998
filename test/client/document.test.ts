// One document against a server that does what the test says: what is pending, saved, refused, and when it reconnects.

import {
  DocumentClosedError,
  type DocumentStatus,
  NotSupportedError,
  openDocument,
  type SheafDocument,
} from '@sheaf/client'
import { SheafError } from '@sheaf/protocol'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { untilStatus } from '../helpers/device.ts'
import { ScriptedServer } from '../helpers/scripted-server.ts'

const identity = { id: 'ana', name: 'Ana' }

function open(server: ScriptedServer, options: { token?: string | (() => string) } = {}): SheafDocument {
  const document = openDocument({ url: server.url, documentId: 'plan', identity, offline: null, ...options })
  onTestFinished(() => document.close())
  return document
}

const write = (document: SheafDocument, text: string) => document.ydoc.getText('body').insert(0, text)
const text = (ydoc: Y.Doc) => ydoc.getText('body').toString()

describe('saved', () => {
  test('C1: what is typed is pending at once and saved when the server says so', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    write(document, 'hello')
    expect(document.status.pending).toBe(1)
    expect(await document.saved()).toEqual({ revision: 1 })
    expect(document.status.pending).toBe(0)
    expect(text(server.ydoc)).toBe('hello')
  })

  test('C1: nothing is saved while the server does not acknowledge, however long it has the bytes', async () => {
    const server = await ScriptedServer.start()
    server.holdAcks = true
    const document = open(server)
    await document.synced
    write(document, 'hello')
    let saved = false
    const saving = document.saved().then(() => {
      saved = true
    })
    await server.until(() => text(server.ydoc) === 'hello')
    expect([saved, document.status.pending]).toEqual([false, 1])
    server.say({ type: 'ack', clientSeq: 1, revision: 7 })
    await saving
    expect(document.status.pending).toBe(0)
  })

  test('C2: an acknowledgement covers every smaller number, and only those', async () => {
    const server = await ScriptedServer.start()
    server.holdAcks = true
    const document = open(server)
    await document.synced
    for (const letter of 'abc') write(document, letter)
    await server.until(() => text(server.ydoc) === 'cba')
    server.say({ type: 'ack', clientSeq: 2, revision: 2 })
    expect((await untilStatus(document, status => status.pending < 3)).pending).toBe(1)
    server.say({ type: 'ack', clientSeq: 3, revision: 3 })
    expect(await document.saved()).toEqual({ revision: 3 })
  })

  test('C2: a lost acknowledgement is made good by the step 2 of the next connection, which bears the highest number', async () => {
    const server = await ScriptedServer.start()
    server.holdAcks = true
    const document = open(server)
    await document.synced
    write(document, 'a')
    write(document, 'b')
    await server.until(() => text(server.ydoc) === 'ba')
    server.holdAcks = false
    server.received.length = 0
    server.cut()
    await document.saved()
    const numbered = server.received.filter(message => message.type === 'sequenced')
    expect(numbered.map(({ clientSeq, message }) => [clientSeq, message.type])).toEqual([[2, 'step2']])
    expect([server.revision, text(server.ydoc)]).toEqual([2, 'ba'])
  })

  test('a first step 2 with nothing of ours bears number 0, and nothing is pending', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    await server.until(() => server.received.some(message => message.type === 'sequenced'))
    expect(server.received.find(message => message.type === 'sequenced')).toMatchObject({ clientSeq: 0 })
    expect(await document.saved()).toEqual({ revision: 0 })
  })

  test('C3: edits from before the first connection go out in the first step 2, and never as updates before it', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    write(document, 'b')
    write(document, 'a')
    expect(document.status.pending).toBe(2)
    await document.saved()
    expect(server.received.filter(message => message.type === 'sequenced').map(({ message }) => message.type)).toEqual([
      'step2',
    ])
    expect(text(server.ydoc)).toBe('ab')
  })

  test('a replica of the caller is sent with what is in it', async () => {
    const server = await ScriptedServer.start()
    const ydoc = new Y.Doc()
    ydoc.getText('body').insert(0, 'brought along')
    const document = openDocument({ url: server.url, documentId: 'plan', identity, offline: null, ydoc })
    onTestFinished(() => document.close())
    expect(document.status.pending).toBe(1)
    await document.saved()
    expect(text(server.ydoc)).toBe('brought along')
  })

  test('what others write is not ours to save', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    const arrived = new Promise(resolve => document.ydoc.once('update', resolve))
    server.edit(ydoc => ydoc.getText('body').insert(0, 'from Bo'))
    await arrived
    expect([text(document.ydoc), document.status.pending]).toEqual(['from Bo', 0])
  })

  test('C12: a plain y-websocket server syncs, and saved() says that it cannot know', async () => {
    const server = await ScriptedServer.start({ dialect: 'plain' })
    const document = open(server)
    await document.synced
    write(document, 'hello')
    await server.until(() => text(server.ydoc) === 'hello')
    await expect(document.saved()).rejects.toThrow(NotSupportedError)
    expect(document.status).toMatchObject({ connection: 'online', synced: true, pending: 1 })
    expect(server.received.some(message => message.type === 'sequenced')).toBe(false)
  })

  test('C12: edits made while the handshake runs reach a plain server too', async () => {
    const server = await ScriptedServer.start({ dialect: 'plain' })
    server.greets = false
    const document = open(server)
    await server.until(() => server.received.some(message => message.type === 'step1'))
    write(document, 'early')
    await document.synced
    // This server never asked; the update itself has to carry it.
    await server.until(() => text(server.ydoc) === 'early')
  })
})

describe('refusals', () => {
  test('C4: a refused change freezes the document, stays pending whatever is acknowledged later, and is tried again on demand', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    server.refuse = (_update, clientSeq) => (clientSeq === 2 ? 'invalid-update' : undefined)
    write(document, 'a')
    await document.saved()
    write(document, 'b')
    await expect(document.saved()).rejects.toMatchObject({ code: 'invalid-update' })
    expect(document.status).toMatchObject({
      pending: 1,
      readOnly: true,
      problem: { code: 'invalid-update', permanent: true },
    })
    server.received.length = 0
    write(document, 'c')
    server.say({ type: 'ack', clientSeq: 9, revision: 9 })
    server.edit(ydoc => ydoc.getText('body').insert(0, 'others go on '))
    await untilText(document, /others go on/)
    expect(document.status.pending).toBe(2)
    expect(server.received.filter(message => message.type === 'sequenced')).toEqual([])

    server.refuse = () => undefined
    document.retry()
    await document.saved()
    expect(document.status).toMatchObject({ pending: 0, readOnly: false })
    expect(document.status.problem).toBeUndefined()
    expect(text(server.ydoc).replace('others go on ', '')).toBe('cba')
  })

  test('C4: a refusal for now is tried again by itself', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    let refusals = 0
    server.refuse = () => (refusals++ === 0 ? 'storage-failed' : undefined)
    write(document, 'a')
    const offline = await untilStatus(document, status => status.connection === 'offline')
    expect(offline.problem).toMatchObject({ code: 'storage-failed', permanent: false })
    expect(offline.readOnly).toBe(false)
    await document.saved()
    expect(text(server.ydoc)).toBe('a')
  })

  test('a gap is filled by the step 2 that the server asks for', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    let gaps = 0
    server.refuse = () => {
      if (gaps++ > 0) return undefined
      server.say({ type: 'step1', stateVector: Y.encodeStateVector(server.ydoc) })
      return 'gap'
    }
    write(document, 'a')
    await document.saved()
    expect([server.connections, document.status.problem]).toEqual([1, undefined])
  })

  test('a gap that nobody asks about is filled by a fresh connection', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    let gaps = 0
    server.refuse = () => (gaps++ === 0 ? 'gap' : undefined)
    write(document, 'a')
    await document.saved()
    expect([server.connections, text(server.ydoc)]).toEqual([2, 'a'])
  })
})

describe('closes', () => {
  const permanent: [number, string, string][] = [
    [4400, 'malformed', 'malformed'],
    [4401, 'unauthorized', 'unauthorized'],
    [4403, 'forbidden', 'forbidden'],
    [4404, 'not-found', 'not-found'],
    [4404, 'document-deleted', 'document-deleted'],
    [4409, 'epoch', 'epoch'],
    [4413, 'too-large', 'too-large'],
    [4422, 'invalid-update', 'invalid-update'],
    [4426, 'upgrade-required', 'upgrade-required'],
    [4499, 'of another server', 'forbidden'],
  ]
  test.each(permanent)(
    'C5: %i %s is permanent: no reconnect, the document takes no changes',
    async (code, reason, expected) => {
      const server = await ScriptedServer.start()
      server.holdAcks = true
      const document = open(server)
      await document.synced
      write(document, 'unsent')
      await server.until(() => text(server.ydoc) === 'unsent')
      server.close(code, reason)
      const status = await untilStatus(document, status => status.connection === 'closed')
      expect(status).toMatchObject({ readOnly: true, pending: 1, problem: { code: expected, permanent: true } })
      await expect(document.saved()).rejects.toMatchObject({ code: expected })
      expect(server.connections).toBe(1)
      server.holdAcks = false
      document.retry()
      await document.saved()
      expect(document.status).toMatchObject({ connection: 'online', readOnly: false, pending: 0 })
    },
  )

  test('C5: a permanent close is told also to who has been refused a change before', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    server.refuse = () => 'read-only'
    write(document, 'unsent')
    await untilStatus(document, ({ problem }) => problem?.code === 'read-only')
    server.close(4403, 'forbidden')
    const status = await untilStatus(document, ({ problem }) => problem?.code === 'forbidden')
    expect(status).toMatchObject({ readOnly: true, pending: 1, connection: 'closed' })
  })

  const transient: [number, string, string | undefined][] = [
    [1001, 'going-away', 'going-away'],
    [1003, 'text-frame', 'text-frame'],
    [1011, 'internal', 'internal'],
    [1012, 'restarting retry=0.01', 'restarting'],
    [1013, 'overloaded', 'overloaded'],
    [4000, '', undefined],
    [4503, 'storage-failed', 'storage-failed'],
    [4508, 'slow-consumer', 'slow-consumer'],
    [4529, 'rate-limited', 'rate-limited'],
  ]
  test.each(transient)(
    'C5: %i %s is transient: it says so, keeps the changes and comes back',
    async (code, reason, expected) => {
      const server = await ScriptedServer.start()
      server.holdAcks = true
      const document = open(server)
      await document.synced
      write(document, 'kept')
      await server.until(() => text(server.ydoc) === 'kept')
      server.holdAcks = false
      const seen: DocumentStatus[] = []
      document.onStatus(status => seen.push(status))
      server.close(code, reason)
      await document.saved()
      expect(seen[0]).toMatchObject({ connection: 'offline', pending: 1, readOnly: false })
      expect(seen[0]?.problem?.code).toBe(expected)
      expect(document.status.problem).toBeUndefined()
      expect(document.status.connection).toBe('online')
    },
  )

  test('ready and synced reject when the server says no before there was anything to show', async () => {
    const server = await ScriptedServer.start()
    server.greets = false
    const document = open(server)
    await server.until(() => server.sockets === 1)
    server.close(4404, 'not-found')
    await expect(document.ready).rejects.toThrow(SheafError)
    await expect(document.synced).rejects.toMatchObject({ code: 'not-found' })
    expect(document.status.ready).toBe(false)
  })

  test('an id that can be no document is refused without a connection', async () => {
    const server = await ScriptedServer.start()
    const document = openDocument({ url: server.url, documentId: '../plan', identity, offline: null })
    onTestFinished(() => document.close())
    await expect(document.ready).rejects.toMatchObject({ code: 'malformed' })
    expect(server.connections).toBe(0)
  })

  test('a server that stops and comes back gets what was typed meanwhile', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    await server.stop()
    await untilStatus(document, status => status.connection === 'offline')
    write(document, 'offline')
    await server.listen()
    document.retry()
    await document.saved()
    expect(text(server.ydoc)).toBe('offline')
  })

  test('garbage from the server costs the socket, not the document', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    for (const garbage of [Uint8Array.of(101, 255), 'text']) {
      server.sayBytes(garbage)
      await untilStatus(document, status => status.connection === 'offline')
      document.retry()
      await untilStatus(document, status => status.synced)
    }
    write(document, 'still here')
    await document.saved()
  })
})

describe('the server speaks', () => {
  test('draining, a failing disk and its recovery are shown', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    server.notice({ kind: 'storage-failed', cause: 'full' })
    expect(await untilStatus(document, status => status.storage === 'failing')).toMatchObject({ storageCause: 'full' })
    server.notice({ kind: 'storage-ok' })
    await untilStatus(document, status => status.storage === 'ok')
    server.notice({ kind: 'draining' })
    await untilStatus(document, status => status.draining)
    server.close(1012, 'restarting retry=0')
    await untilStatus(document, status => !status.draining && status.connection === 'online')
  })

  test('a viewer is read only, a role that changes is obeyed at once', async () => {
    const server = await ScriptedServer.start({ hello: { role: 'viewer' } })
    const document = open(server)
    await document.synced
    expect(document.status).toMatchObject({ readOnly: true, role: 'viewer' })
    server.notice({ kind: 'role-changed', role: 'editor' })
    await untilStatus(document, status => !status.readOnly)
    server.notice({ kind: 'read-only' })
    await untilStatus(document, status => status.readOnly)
  })

  test('a bearer token is offered as a subprotocol, fetched anew for each connection, and kept out of the address', async () => {
    const server = await ScriptedServer.start()
    let count = 0
    const document = open(server, { token: () => `token${++count}` })
    await document.synced
    expect(server.offered.replace(/ /g, '')).toBe('sheaf.v1,sheaf.bearer.token1')
    expect(server.requested).not.toContain('token1')
    server.close(4401, 'unauthorized')
    await server.until(() => server.connections === 2)
    expect(server.offered).toContain('sheaf.bearer.token2')
  })

  test('the server may ask for a fresh token in place', async () => {
    const server = await ScriptedServer.start()
    let count = 0
    const document = open(server, { token: () => `token${++count}` })
    await document.synced
    server.say({ type: 'token', token: '' })
    await server.until(() => server.received.some(message => message.type === 'token'))
    expect(server.received.find(message => message.type === 'token')).toEqual({ type: 'token', token: 'token2' })
  })

  test('C9: another timeline is never merged', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    write(document, 'old timeline')
    await document.saved()
    await server.stop()
    server.hello = { epoch: 'epoch-02' }
    server.received.length = 0
    await server.listen()
    document.retry()
    const status = await untilStatus(document, status => status.connection === 'closed')
    expect(status.problem).toMatchObject({ code: 'epoch', permanent: true })
    expect(server.received.filter(message => message.type === 'sequenced')).toEqual([])
    expect(text(document.ydoc)).toBe('old timeline')
  })

  test('the epoch is asked for in the address of a reconnect', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    expect(server.requested).toBe('/ws/plan')
    server.cut()
    await server.until(() => server.connections === 2 && server.sockets === 1)
    expect(server.requested).toBe('/ws/plan?epoch=epoch-01')
  })
})

describe('long messages', () => {
  const long = 'x'.repeat(5 * 1024 * 1024)

  test('C10: 5 MiB go out in chunks of at most 256 KiB and arrive whole', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    write(document, long)
    await document.saved()
    expect(text(server.ydoc)).toBe(long)
    expect(Math.max(...server.frameBytes)).toBeLessThan(256 * 1024 + 64)
    // It is longer than a live update may be.
    expect(server.received.findLast(message => message.type === 'sequenced')).toMatchObject({
      message: { type: 'step2' },
    })
  })

  test('5 MiB come in chunks and are put together', async () => {
    const server = await ScriptedServer.start()
    server.edit(ydoc => ydoc.getText('body').insert(0, long))
    const document = open(server)
    await document.synced
    expect(text(document.ydoc)).toBe(long)
    server.edit(ydoc => ydoc.getText('body').insert(0, `${long}!`))
    await untilText(document, /!/)
    expect(document.ydoc.getText('body').length).toBe(2 * long.length + 1)
  })
})

describe('close', () => {
  test('C13: leaves the server, rejects what is waited for, and says so', async () => {
    const server = await ScriptedServer.start()
    server.holdAcks = true
    const document = open(server)
    await document.synced
    write(document, 'a')
    const saving = document.saved()
    await document.close()
    await expect(saving).rejects.toThrow(DocumentClosedError)
    await expect(document.saved()).rejects.toThrow(DocumentClosedError)
    expect(document.status.connection).toBe('closed')
    await server.until(() => server.sockets === 0)
  })

  test('waits for what is pending when asked to', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    write(document, 'last words')
    await document.close({ drainMs: 5_000 })
    expect([document.status.pending, text(server.ydoc)]).toEqual([0, 'last words'])
  })

  test('does not wait for what cannot come', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.synced
    server.refuse = () => 'invalid-update'
    write(document, 'refused')
    await document.saved().catch(() => undefined)
    await document.close({ drainMs: 60_000 })
    expect(document.status.pending).toBe(1)
  })

  test('await using drains and closes', async () => {
    const server = await ScriptedServer.start()
    {
      await using document = openDocument({ url: server.url, documentId: 'plan', identity, offline: null })
      await document.synced
      write(document, 'in a block')
    }
    expect(text(server.ydoc)).toBe('in a block')
    await server.until(() => server.sockets === 0)
  })

  test('while it still connects is no trouble', async () => {
    const server = await ScriptedServer.start()
    const document = open(server)
    await document.close()
    await expect(document.ready).rejects.toThrow(DocumentClosedError)
    expect(process.listenerCount('exit')).toBe(0)
  })
})

async function untilText(document: SheafDocument, pattern: RegExp): Promise<void> {
  while (!pattern.test(text(document.ydoc))) await new Promise(resolve => document.ydoc.once('update', resolve))
}

// In open mode a browser is known by a cookie, so that one guest is not another (P8).

import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { deviceOf, principalOf } from '../../../server/src/http/device.ts'
import { plainRequest, type RunningServer, startServer } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

async function cookieOf(server: RunningServer, path: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await plainRequest(server.url + path, { headers })
  return String(answer.headers['set-cookie'] ?? '')
}

async function principalsOf(server: RunningServer, documentId: string): Promise<string[]> {
  return (await server.registry.authorshipOf(documentId)).map(({ principal }) => principal)
}

/** Writes one word over a socket of its own, and waits until it is in the log. */
async function write(server: RunningServer, clientId: number, cookie?: string): Promise<void> {
  const client = await WireClient.open(server.url, 'plan', cookie === undefined ? {} : { cookie })
  await client.next('step1')
  const ydoc = new Y.Doc()
  ydoc.clientID = clientId
  ydoc.getText('body').insert(0, 'word')
  client.send({ type: 'step2', update: Y.encodeStateAsUpdate(ydoc) })
  await expect
    .poll(async () => (await server.registry.authorshipOf('plan')).some(row => row.client === clientId))
    .toBe(true)
  await client.close()
}

describe('the cookie of a device', () => {
  test('comes with the first page or answer, out of reach of scripts and other sites', async () => {
    const server = await startServer()
    for (const path of ['/api/v1/me', '/api/v1/documents']) {
      const cookie = await cookieOf(server, path)
      expect(cookie).toMatch(/^sheaf_device=[\w-]{22}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
      expect(await cookieOf(server, path, { cookie })).toBe('')
    }
    expect(await cookieOf(server, '/healthz')).toBe('')
  })

  test('is renewed by each page, and stays the same', async () => {
    const server = await startServer()
    const first = await cookieOf(server, '/')
    const secret = deviceOf(first)
    expect(secret).toBeDefined()
    expect(deviceOf(await cookieOf(server, '/d/plan', { cookie: `other=1; sheaf_device=${secret}` }))).toBe(secret)
  })

  test('P8: makes a principal of a browser, and programs without one are one together; the secret is in no log', async () => {
    const server = await startServer()
    const [ann, bob] = [await cookieOf(server, '/'), await cookieOf(server, '/')].map(cookie => cookie.split(';')[0]!)
    await write(server, 10, ann)
    await write(server, 20, bob)
    await write(server, 30)
    await write(server, 40, 'sheaf_device=too-short')
    const principals = await principalsOf(server, 'plan')
    expect(principals).toEqual([principalOf(deviceOf(ann)), principalOf(deviceOf(bob)), 'open', 'open'])
    expect(principals[0]).not.toBe(principals[1])
    expect(principals[0]).toMatch(/^device:/)
    expect(JSON.stringify([server.logLines, principals])).not.toContain(deviceOf(ann))
  })

  test('P8: who has it may write under their client id, and nobody else', async () => {
    const server = await startServer()
    const [ann, eve] = [await cookieOf(server, '/'), await cookieOf(server, '/')].map(cookie => cookie.split(';')[0]!)
    await write(server, 10, ann)
    const ydoc = new Y.Doc()
    ydoc.clientID = 10
    ydoc.getText('body').insert(0, 'word')
    const before = Y.encodeStateVector(ydoc)
    ydoc.getText('body').insert(4, '!')
    const update = Y.encodeStateAsUpdate(ydoc, before)
    const forger = await WireClient.open(server.url, 'plan', { cookie: eve! })
    forger.send({ type: 'update', update })
    expect(await forger.closed).toEqual({ code: 4422, reason: 'invalid-update' })
    const owner = await WireClient.open(server.url, 'plan', { cookie: ann! })
    owner.send({ type: 'update', update })
    await expect.poll(() => server.registry.authorshipOf('plan')).toMatchObject([{ client: 10, end: 5 }])
    await owner.close()
  })
})

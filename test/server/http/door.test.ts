// The door for sockets: who is let in, who is told why not, and what ends a socket.

import { connect } from 'node:net'
import { encodeMessage } from '@sheaf/protocol'
import { describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { plainRequest, type RunningServer, startServer, upgradeHeaders } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

const emptyStep1 = encodeMessage({ type: 'step1', stateVector: new Uint8Array([0]) })

function upgrade(server: RunningServer, path: string, headers: Record<string, string> = {}) {
  return plainRequest(server.url + path, { headers: { ...upgradeHeaders, ...headers } })
}

describe('P13: an upgrade', () => {
  test('with a foreign Host gets 421 and no socket', async () => {
    const server = await startServer()
    const answer = await upgrade(server, '/ws/plan', { host: 'evil.example' })
    expect(answer.status).toBe(421)
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'wrong-host', status: 421 })
    expect((await server.store.list()).items).toEqual([])
  })

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1'])(
    'from a page of %s gets 403 and no socket',
    async origin => {
      const server = await startServer()
      const answer = await upgrade(server, '/ws/plan', { origin })
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'origin-not-allowed' })
      expect((await server.store.list()).items).toEqual([])
    },
  )

  test('from a page of this server is let in, and so is a program without Origin', async () => {
    const server = await startServer()
    const page = await WireClient.open(server.url, 'plan', { origin: server.url })
    const program = await WireClient.open(server.url, 'plan')
    await Promise.all([page.next('step1'), program.next('step1')])
    await Promise.all([page.close(), program.close()])
  })
})

describe('the subprotocol', () => {
  function chosen(server: RunningServer, offered: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/plan`, offered)
      socket.once('open', () => {
        resolve(socket.protocol)
        socket.close()
      })
      socket.once('error', reject)
    })
  }

  test('is sheaf.v1 wherever it stands in the offer', async () => {
    const server = await startServer()
    await server.registry.create('plan', { updates: [], title: '', snippet: '' })
    expect(await chosen(server, ['other', 'sheaf.v1'])).toBe('sheaf.v1')
    expect(await chosen(server, ['sheaf.bearer.secret', 'sheaf.v1'])).toBe('sheaf.v1')
  })

  test('a bearer token is never chosen, and never logged', async () => {
    const server = await startServer()
    const answer = await upgrade(server, '/ws/plan?token=secret', { 'sec-websocket-protocol': 'sheaf.bearer.secret' })
    expect(answer.status).toBe(101)
    expect(answer.headers['sec-websocket-protocol']).toBeUndefined()
    await expect.poll(() => server.logLines.some(line => line.msg === 'Socket closed')).toBe(true)
    expect(JSON.stringify(server.logLines)).not.toContain('secret')
  })
})

describe('a document id', () => {
  const malformed = ['-plan', 'a/b', 'a%2Fb', '', '%zz', 'x'.repeat(129), 'a%00b', '%F0%9F%98%80']

  test.each(malformed)('%j that is malformed gets a program 400', async id => {
    const server = await startServer()
    const answer = await upgrade(server, `/ws/${id}`)
    expect(answer.status).toBe(400)
  })

  test.each(malformed)('%j that is malformed gets a browser 4400', async id => {
    const server = await startServer()
    const client = await WireClient.open(server.url, id, { origin: server.url })
    expect(await client.closed).toEqual({ code: 4400, reason: 'malformed' })
  })

  test('may be percent-encoded, for some clients do that', async () => {
    const server = await startServer()
    const client = await WireClient.open(server.url, 'a%7Eb')
    await client.next('step1')
    expect((await server.store.find('a~b'))?.layout).toBe('raw')
    await client.close()
  })

  test('that does not exist gets a sheaf.v1 client 4404', async () => {
    const server = await startServer()
    const client = await WireClient.open(server.url, 'nowhere', { extension: true })
    expect(await client.closed).toEqual({ code: 4404, reason: 'not-found' })
  })
})

describe('a copy of another timeline', () => {
  test('gets 4409 before anything else, one of this timeline is let in', async () => {
    const server = await startServer()
    await server.registry.create('plan', { updates: [], title: '', snippet: '' })
    const epoch = await server.registry.withRoom('plan', room => room.epoch)
    const other = await WireClient.open(server.url, 'plan', { extension: true, query: '?epoch=another1' })
    expect(await other.closed).toEqual({ code: 4409, reason: 'epoch' })
    expect(other.received).toEqual([])
    const same = await WireClient.open(server.url, 'plan', { extension: true, query: `?epoch=${epoch}` })
    expect((await same.next('hello')).hello.epoch).toBe(epoch)
    await same.close()
  })
})

describe('a socket ends', () => {
  test('W11: with 1003 after a text frame', async () => {
    const server = await startServer()
    const client = await WireClient.open(server.url, 'plan')
    client.sendText('hello')
    expect(await client.closed).toEqual({ code: 1003, reason: 'text-frame' })
  })

  test('with 4400 after bytes that are no message, and nobody else notices', async () => {
    const server = await startServer()
    const [bad, good] = [await WireClient.open(server.url, 'plan'), await WireClient.open(server.url, 'plan')]
    await good.next('step1')
    bad.sendBytes(new Uint8Array([99, 1, 2, 3]))
    expect(await bad.closed).toMatchObject({ code: 4400 })
    good.sendBytes(emptyStep1)
    await good.next('step2')
    await good.close()
  })

  test('with 4413 after a frame above the limit, and with 1009 above twice that', async () => {
    const server = await startServer({ limits: { maxFrameBytes: 10_000 } })
    const large = await WireClient.open(server.url, 'plan')
    large.sendBytes(new Uint8Array(10_001))
    expect(await large.closed).toEqual({ code: 4413, reason: 'too-large' })
    const huge = await WireClient.open(server.url, 'plan')
    huge.sendBytes(new Uint8Array(20_001))
    expect((await huge.closed).code).toBe(1009)
  })

  test('and the process goes on, after a frame that no WebSocket sends', async () => {
    const server = await startServer()
    const raw = connect(server.port, '127.0.0.1')
    const head = Object.entries({ host: `127.0.0.1:${server.port}`, ...upgradeHeaders }).map(([k, v]) => `${k}: ${v}`)
    raw.write(`GET /ws/plan HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`)
    await new Promise(resolve => raw.once('data', resolve))
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))
    await new Promise(resolve => raw.once('close', resolve))
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })

  test('when the peer resets it during the handshake', async () => {
    const server = await startServer()
    const raw = connect(server.port, '127.0.0.1')
    const head = Object.entries({ host: `127.0.0.1:${server.port}`, ...upgradeHeaders }).map(([k, v]) => `${k}: ${v}`)
    raw.write(`GET /ws/plan HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`, () => raw.resetAndDestroy())
    await new Promise(resolve => raw.once('close', resolve))
    const client = await WireClient.open(server.url, 'plan')
    await client.next('step1')
    await client.close()
  })
})

describe('frames that come before the room lets the socket in', () => {
  test('are kept in order', async () => {
    const server = await startServer()
    const client = await WireClient.open(server.url, 'plan')
    client.sendBytes(emptyStep1)
    client.send({ type: 'query-awareness' })
    await client.next('step2')
    await client.close()
  })
})

describe('limits on sockets', () => {
  test('one address gets so many: then a program gets 503, a browser 1013', async () => {
    const server = await startServer({ limits: { socketsPerAddress: 2 } })
    const first = await WireClient.open(server.url, 'plan')
    const second = await WireClient.open(server.url, 'plan')
    const refused = await upgrade(server, '/ws/plan')
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('2')
    const page = await WireClient.open(server.url, 'plan', { origin: server.url })
    expect(await page.closed).toEqual({ code: 1013, reason: 'overloaded' })
    await first.close()
    await expect.poll(async () => (await upgrade(server, '/ws/plan')).status).toBe(101)
    await second.close()
  })

  test('the process has so many', async () => {
    const server = await startServer({ limits: { socketsPerProcess: 1 } })
    const client = await WireClient.open(server.url, 'plan')
    expect((await upgrade(server, '/ws/other')).status).toBe(503)
    await client.close()
  })

  test('headers have 16 KiB', async () => {
    const server = await startServer()
    expect((await upgrade(server, '/ws/plan', { 'x-long': 'x'.repeat(17_000) })).status).toBe(431)
  })
})

test('a plain request to the door says that it speaks WebSocket', async () => {
  const server = await startServer()
  const answer = await fetch(`${server.url}/ws/plan`)
  expect(answer.status).toBe(426)
  expect(await answer.json()).toMatchObject({ code: 'upgrade-required' })
})

test('one line is logged for each socket, when it has closed', async () => {
  const server = await startServer()
  const client = await WireClient.open(server.url, 'plan')
  await client.next('step1')
  await client.close()
  await expect.poll(() => server.logLines.filter(line => line.msg === 'Socket closed').length).toBe(1)
  const line = server.logLines.find(({ msg }) => msg === 'Socket closed')
  expect(line).toMatchObject({ level: 'info', documentId: 'plan', ip: '127.0.0.0' })
  expect(line?.framesOut).toBeGreaterThan(0)
})

// How a server stops: nobody new, everybody told, everything on disk, nothing left behind.

import { connect } from 'node:net'
import { seedUpdate } from '@sheaf/model'
import { describe, expect, test } from 'vitest'
import { plainRequest, startServer, upgradeHeaders } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

function clients(url: string, count: number): Promise<WireClient[]> {
  return Promise.all(Array.from({ length: count }, () => WireClient.open(url, 'plan')))
}

describe('a stop', () => {
  test('closes every socket with 1012, stores included, and the port is free', async () => {
    const server = await startServer()
    const open = await clients(server.url, 3)
    await Promise.all(open.map(client => client.next('step1')))
    await server.close()
    for (const client of open) expect(await client.closed).toMatchObject({ code: 1012, reason: 'restarting' })
    expect(server.store.state).toEqual({ state: 'closed' })
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
    await server.close()
  })

  test('spreads many sockets over the time it has; new ones get 503 meanwhile, and readiness is 503', async () => {
    const server = await startServer({ limits: { socketsPerAddress: 100 }, drainMs: 400 })
    await server.registry.create('told', { updates: [seedUpdate()], title: '', snippet: '' })
    const told = await WireClient.open(server.url, 'told', { extension: true })
    await told.next('hello')
    const open = await clients(server.url, 60)
    const ends: number[] = []
    for (const client of open) client.closed.then(() => ends.push(performance.now()))
    const stopped = server.close()
    const notice = told.next('notice')
    const [ready, upgrade, api] = await Promise.all([
      plainRequest(`${server.url}/readyz`),
      plainRequest(`${server.url}/ws/plan`, { headers: upgradeHeaders }),
      plainRequest(`${server.url}/api/v1/documents`),
    ])
    expect(ready.status).toBe(503)
    expect(JSON.parse(ready.text)).toMatchObject({ ready: false, draining: true })
    expect(upgrade.status).toBe(503)
    expect(upgrade.headers['retry-after']).toBe('2')
    expect(api.status).toBe(503)
    expect((await notice).notice).toEqual({ kind: 'draining' })
    await stopped
    for (const client of open) expect((await client.closed).code).toBe(1012)
    expect(Math.max(...ends) - Math.min(...ends)).toBeGreaterThan(200)
  })

  test('asked for again is at once', async () => {
    const server = await startServer({ limits: { socketsPerAddress: 100 }, drainMs: 3_600_000 })
    const open = await clients(server.url, 60)
    const stopped = server.close()
    server.close({ atOnce: true })
    await stopped
    for (const client of open) expect((await client.closed).code).toBe(1012)
  })

  test('cuts off who does not answer', async () => {
    const server = await startServer()
    const raw = connect(server.port, '127.0.0.1')
    const head = Object.entries({ host: `127.0.0.1:${server.port}`, ...upgradeHeaders }).map(([k, v]) => `${k}: ${v}`)
    raw.write(`GET /ws/plan HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`)
    await new Promise(resolve => raw.once('data', resolve))
    const ended = new Promise(resolve => raw.once('close', resolve))
    raw.on('error', () => undefined)
    await server.close()
    await ended
  })

  test('lets a request that is under way finish', async () => {
    const server = await startServer()
    const raw = connect(server.port, '127.0.0.1')
    const body = JSON.stringify({ title: 'Last words' })
    raw.write(
      `POST /api/v1/documents HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
        `content-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    )
    // The server has read the head once it answers somebody who came later.
    await fetch(`${server.url}/healthz`)
    const stopped = server.close()
    raw.write(body.slice(5))
    const answer = await new Promise<string>(resolve => raw.once('data', data => resolve(data.toString())))
    expect(answer).toContain('HTTP/1.1 201')
    await stopped
  })

  test('when the port is taken leaves nothing open', async () => {
    const server = await startServer()
    const second = startServer({ listen: { host: '127.0.0.1', port: server.port } })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
    const third = await startServer({ listen: { host: '127.0.0.1', port: server.port, orNext: true } })
    expect(third.port).toBeGreaterThan(server.port)
  })
})

describe('the heartbeat', () => {
  test('W6: keeps who answers and ends who has left two pings unanswered', async () => {
    const server = await startServer({ pingMs: 40 })
    const alive = await WireClient.open(server.url, 'plan')
    await alive.next('step1')
    const raw = connect(server.port, '127.0.0.1')
    const head = Object.entries({ host: `127.0.0.1:${server.port}`, ...upgradeHeaders }).map(([k, v]) => `${k}: ${v}`)
    raw.write(`GET /ws/plan HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`)
    let received = Buffer.alloc(0)
    raw.on('data', data => {
      received = Buffer.concat([received, data])
    })
    await new Promise(resolve => raw.once('close', resolve))
    // Two pings without payload, and then the end.
    expect(received.toString('latin1').split('\u0089\u0000').length - 1).toBe(2)
    expect(alive.isOpen).toBe(true)
    await alive.close()
  })
})

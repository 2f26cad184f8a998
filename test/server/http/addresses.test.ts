// W10: what one address may ask of the server, and what it costs who asks for more.

import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { defaultLimits, type Limits } from '@sheaf/protocol'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../../../server/src/clock.ts'
import { Addresses } from '../../../server/src/http/addresses.ts'
import { Sockets } from '../../../server/src/http/sockets.ts'
import { silentLog } from '../../../server/src/log.ts'
import { createMetrics } from '../../../server/src/metrics.ts'
import type { Session } from '../../../server/src/room/ports.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { settle } from '../../helpers/room-client.ts'
import { plainRequest, startServer, upgradeHeaders } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

function start(limits: Partial<Limits> = {}) {
  const clock = new ManualClock()
  return { clock, addresses: new Addresses({ clock, limits: { ...defaultLimits, ...limits } }) }
}

describe('W10: repeated denials from one address', () => {
  test('W10: are answered later and later, and at once again after a minute without one', async () => {
    const { clock, addresses } = start()
    const waits: number[] = []
    const deny = async () => {
      const answered = addresses.denied('a')
      let isAnswered = false
      void answered.then(() => {
        isAnswered = true
      })
      for (let waitedMs = 0; ; waitedMs += 100) {
        await settle()
        if (isAnswered) return waits.push(waitedMs)
        clock.advance(100)
      }
    }
    for (let i = 0; i < 13; i++) await deny()
    expect(waits).toEqual([0, 0, 0, 0, 0, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
    await addresses.denied('b')
    clock.advance(61_000)
    await deny()
    expect(waits.at(-1)).toBe(0)
  })

  test('are kept back in bounded number, and addresses are forgotten in time', async () => {
    const { clock, addresses } = start()
    for (let i = 0; i < 5; i++) await addresses.denied('a')
    for (let i = 0; i < 50; i++) void addresses.denied('a')
    await addresses.denied('a')
    expect(clock.timers).toBe(50)
    for (let i = 0; i < 25_000; i++) await addresses.denied(`b${i}`)
    expect(addresses.size).toBeLessThanOrEqual(10_000)
  })

  test('W10: hold up nobody else: a client that asks for what is not there, ten times a second', async () => {
    const server = await startServer()
    const ask = () => WireClient.open(server.url, 'not-there', { extension: true }).then(client => client.closed)
    const startMs = performance.now()
    const asked = Promise.all(Array.from({ length: 9 }, ask))
    const bystander = await WireClient.open(server.url, 'plan')
    await bystander.next('step1')
    expect((await asked).every(({ code }) => code === 4404)).toBe(true)
    expect(performance.now() - startMs).toBeGreaterThan(750)
    const [refused] = await Promise.all([
      plainRequest(`${server.url}/ws/not%20valid`, { headers: upgradeHeaders }),
      bystander.roundTrip(),
    ])
    expect(refused.status).toBe(400)
    await bystander.close()
  })
})

describe('W10: sockets of one account', () => {
  test('W10: are bounded by themselves, however many addresses they come from, and free their place when they end', async () => {
    const door = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    onTestFinished(() => door.close())
    await once(door, 'listening')
    const limits = { ...defaultLimits, socketsPerUser: 2, socketsPerAddress: 1 }
    const metrics = createMetrics({ version: 'test' })
    const sockets = new Sockets({ limits, clock: systemClock, log: silentLog, metrics, pingMs: 25_000 })
    onTestFinished(() => sockets.drain(0))
    const session: Session = { id: 's', receive: () => undefined, leave: () => undefined }
    const open = async (asking: { address: string; user: string }) => {
      const { port } = door.address() as AddressInfo
      const client = new WebSocket(`ws://127.0.0.1:${port}`)
      const [socket, request] = (await once(door, 'connection')) as [WebSocket, IncomingMessage]
      sockets.checkRoomFor(asking)
      sockets.add({ socket, connection: request.socket }, asking, async () => session, {})
      return client
    }
    const first = await open({ address: 'a', user: 'ann' })
    await open({ address: 'b', user: 'ann' })
    await expect(open({ address: 'c', user: 'ann' })).rejects.toMatchObject({ code: 'overloaded' })
    await open({ address: 'a', user: 'bob' })
    expect(() => sockets.checkRoomFor({ address: 'a' })).toThrow('Your address')
    first.terminate()
    await expect.poll(() => sockets.addresses.sockets('a')).toBe(1)
    expect(() => sockets.checkRoomFor({ address: 'c', user: 'ann' })).not.toThrow()
  })
})

describe('W10: bytes from one address', () => {
  test('W10: are read at a bounded rate behind a burst, over all its sockets; nothing is refused', () => {
    const { clock, addresses } = start({ intakeBytesPerSecond: 1_000, intakeBytesBurst: 5_000 })
    expect(addresses.read('a', 4_000)).toBe(0)
    expect(addresses.read('a', 3_000)).toBeGreaterThanOrEqual(2_000)
    expect(addresses.read('b', 4_000)).toBe(0)
    clock.advance(2_010)
    expect(addresses.read('a', 1)).toBeLessThan(10)
  })

  test('W10: a socket that sends faster is not read meanwhile, and all of it comes in the end', async () => {
    const server = await startServer({ limits: { intakeBytesPerSecond: 200_000, intakeBytesBurst: 100_000 } })
    const client = await WireClient.open(server.url, 'plan')
    await client.next('step1')
    const startMs = performance.now()
    // Echoes of presence: allowed, and large.
    const noise = new Uint8Array(60_000)
    for (let i = 0; i < 5; i++) client.send({ type: 'chunk', offset: i * noise.length, total: 1e6, bytes: noise })
    expect((await client.closed).code).toBe(4400)
    const other = await WireClient.open(server.url, 'plan', { extension: true }).catch(() => undefined)
    expect(other).toBeDefined()
    for (let i = 0; i < 4; i++) other!.send({ type: 'chunk', offset: i * noise.length, total: 1e6, bytes: noise })
    await other!.roundTrip()
    expect(performance.now() - startMs).toBeGreaterThan(400)
    await other!.drop()
  })
})

describe('W10: the handshake', () => {
  test('W10: of a peer that says nothing ends in time, and so does one that never ends its head', async () => {
    const server = await startServer({ limits: { handshakeMs: 100 } })
    const bystander = await WireClient.open(server.url, 'plan')
    for (const said of ['', 'GET /ws/plan HTTP/1.1\r\nHost: 127.0.0.1\r\n']) {
      const socket = connect(server.port, '127.0.0.1')
      await once(socket, 'connect')
      if (said !== '') socket.write(said)
      socket.resume()
      await once(socket, 'close')
    }
    expect(bystander.isOpen).toBe(true)
    await bystander.roundTrip()
    await bystander.close()
  })

  test('W10: has a head of bounded size', async () => {
    const server = await startServer({ limits: { maxHeaderBytes: 4_096 } })
    const headers = { ...upgradeHeaders, 'x-long': 'x'.repeat(5_000) }
    expect((await plainRequest(`${server.url}/ws/plan`, { headers })).status).toBe(431)
  })
})

// One socket as a room sees it: a real WebSocket on one side, a session of the test on the other.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SheafError } from '@sheaf/protocol'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../../../server/src/clock.ts'
import { Socket, type Traffic } from '../../../server/src/http/socket.ts'
import { createLog } from '../../../server/src/log.ts'
import type { Channel, Session } from '../../../server/src/room/ports.ts'

class TestSession implements Session {
  readonly id = 'session'
  readonly received: Uint8Array[] = []
  left = 0
  fault: Error | undefined

  receive(frame: Uint8Array): void {
    if (this.fault !== undefined) throw this.fault
    this.received.push(frame)
  }

  leave(): void {
    this.left += 1
  }
}

async function connected(join: (channel: Channel) => Promise<Session>, onRead: (bytes: number) => number = () => 0) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  await once(server, 'listening')
  const total: Traffic = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 }
  const logLines: string[] = []
  const taken = new Promise<Socket>(resolve =>
    server.once('connection', (socket, request) =>
      resolve(
        new Socket(
          {
            socket,
            connection: request.socket,
            asking: { address: '127.0.0.1' },
            about: { documentId: 'plan' },
            host: {
              total,
              maxFrameBytes: 1_000_000,
              clock: systemClock,
              log: createLog({ level: 'debug', format: 'json', write: line => logLines.push(line) }),
              read: (_address, bytes) => onRead(bytes),
              ended: () => undefined,
            },
          },
          join,
        ),
      ),
    ),
  )
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => client.terminate())
  const closed = once(client, 'close').then(([code, reason]) => ({ code, reason: String(reason) }))
  await once(client, 'open')
  return { client, closed, total, logLines, socket: await taken }
}

describe('before the room has let it in', () => {
  test('frames wait in order, and when many wait the peer is not read any more', async () => {
    const session = new TestSession()
    let letIn: (session: Session) => void = () => undefined
    const { client, total } = await connected(
      () =>
        new Promise(resolve => {
          letIn = resolve
        }),
    )
    const frames = Array.from({ length: 400 }, (_, i) => new Uint8Array(50_000).fill(i % 251))
    for (const frame of frames) client.send(frame)
    await expect.poll(() => total.bytesIn).toBeGreaterThan(256 * 1024)
    // Turns of the event loop in which more would come if the peer were read.
    for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))
    expect(total.bytesIn).toBeLessThan(1_000_000)
    letIn(session)
    await expect.poll(() => session.received.length).toBe(frames.length)
    expect(session.received.every((frame, i) => frame[0] === i % 251)).toBe(true)
    expect(session.received[0]).not.toBeInstanceOf(Buffer)
  })

  test('it is closed with what the room refuses it for', async () => {
    const { closed } = await connected(() => Promise.reject(new SheafError('damaged')))
    expect(await closed).toEqual({ code: 4503, reason: 'damaged' })
  })

  test('a peer that has gone leaves the session that it gets too late', async () => {
    const session = new TestSession()
    let letIn: (session: Session) => void = () => undefined
    const { client, logLines } = await connected(
      () =>
        new Promise(resolve => {
          letIn = resolve
        }),
    )
    client.terminate()
    await expect.poll(() => logLines.length).toBe(1)
    letIn(session)
    await expect.poll(() => session.left).toBe(1)
    expect(session.received).toEqual([])
  })
})

describe('a bug in a session', () => {
  test('closes its socket with 1011 and is logged, without what was in the frame', async () => {
    const session = new TestSession()
    session.fault = new TypeError('planted')
    const { client, closed, logLines } = await connected(async () => session)
    client.send(new TextEncoder().encode('secret words'))
    expect(await closed).toEqual({ code: 1011, reason: 'internal' })
    expect(logLines.some(line => line.includes('planted') && line.includes('"error"'))).toBe(true)
    expect(logLines.join('')).not.toContain('secret')
    expect(session.left).toBe(1)
  })
})

describe('after it has been closed', () => {
  test('nothing is written, and nothing reaches the session', async () => {
    const session = new TestSession()
    const { client, closed, socket, total } = await connected(async () => session)
    client.send(new Uint8Array([1]))
    await expect.poll(() => session.received.length).toBe(1)
    socket.close('rate-limited', 'Too fast')
    socket.close('internal')
    socket.send(new Uint8Array([2]))
    client.send(new Uint8Array([3]))
    expect(await closed).toEqual({ code: 4529, reason: 'rate-limited' })
    expect(session.received.length).toBe(1)
    expect(total.framesOut).toBe(0)
    expect(session.left).toBeGreaterThan(0)
  })
})

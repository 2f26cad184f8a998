// Sockets on which nobody types: kept alive for the watchdogs of their clients, and ended when nobody is there any more. Real
// sockets, on a server whose clock stands still until it is moved.

import { once } from 'node:events'
import { defaultLimits } from '@sheaf/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { silentLog } from '../../server/src/log.ts'
import { createServer, type SheafServer } from '../../server/src/server.ts'
import { ManualClock } from '../helpers/clock.ts'
import { WireClient } from '../helpers/wire-client.ts'

describe('an idle socket', () => {
  let clock: ManualClock
  let server: SheafServer

  beforeEach(async () => {
    clock = new ManualClock()
    const listen = { host: '127.0.0.1', port: 0 }
    server = await createServer({
      data: '',
      listen,
      openMode: true,
      limits: defaultLimits,
      log: silentLog,
      memory: true,
      clock,
    })
  })

  afterEach(async () => {
    const closed = server.close({ atOnce: true })
    // Peers that do not answer are cut off after a while.
    clock.advance(60_000)
    await closed
  })

  test('W6: is sent an application message at least every 20 seconds', async () => {
    const client = await WireClient.open(server.url, 'idle')
    client.send({ type: 'step1', stateVector: new Uint8Array([0]) })
    await client.next('step2')
    for (let i = 0; i < 6; i++) {
      client.received.length = 0
      clock.advance(20_000)
      await client.next('awareness')
      await client.roundTrip()
    }
    await client.close()
  })

  test('W6: is dropped when it leaves two pings unanswered', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/silent`, { autoPong: false })
    await once(socket, 'open')
    const closed = once(socket, 'close')
    for (let i = 0; i < 2; i++) {
      const pinged = once(socket, 'ping')
      clock.advance(25_000)
      await pinged
    }
    expect(socket.readyState).toBe(socket.OPEN)
    clock.advance(25_000)
    expect((await closed)[0]).toBe(1006)
  })

  test('W6: stays as long as it answers', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/patient`)
    await once(socket, 'open')
    for (let i = 0; i < 6; i++) {
      const pinged = once(socket, 'ping')
      clock.advance(25_000)
      await pinged
      // The server answers our ping behind our answer to its own.
      const ponged = once(socket, 'pong')
      socket.ping()
      await ponged
    }
    expect(socket.readyState).toBe(socket.OPEN)
    const closed = once(socket, 'close')
    socket.close()
    await closed
  })
})

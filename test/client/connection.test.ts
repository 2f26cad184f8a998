// A connection whose network misbehaves without a word: silent servers, machines that lose and find their network.

import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Connection, type ConnectionState, type Participant } from '../../packages/client/src/connection.ts'
import { watchNetwork } from '../../packages/client/src/runtime.browser.ts'
import { runtimeWebSocket } from '../../packages/client/src/runtime.node.ts'
import { ScriptedServer } from '../helpers/scripted-server.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'

afterEach(() => void vi.useRealTimers())

/** A connection and the states it went through. */
function connect(url: string) {
  const ydoc = new Y.Doc()
  const awareness = new Awareness(ydoc)
  const states: ConnectionState[] = []
  const watchers = new Set<() => void>()
  const pending = { count: 0 }
  const participant: Participant = {
    lastSeq: () => 0,
    frozen: () => false,
    pending: () => pending.count,
    epoch: () => undefined,
    prepare: async () => undefined,
    greeted: () => undefined,
    acknowledged: () => undefined,
    refused: () => undefined,
    noticed: () => undefined,
    becameSynced: () => undefined,
    connectionChanged: () => {
      if (states.at(-1) !== connection.state) states.push(connection.state)
      for (const wake of watchers) wake()
      watchers.clear()
    },
  }
  const connection = new Connection({
    serverUrl: `${url.replace('http', 'ws')}/ws`,
    documentId: 'plan',
    ydoc,
    awareness,
    WebSocket: runtimeWebSocket()!,
    token: undefined,
    format: Number.POSITIVE_INFINITY,
    participant,
  })
  onTestFinished(() => {
    connection.stop()
    awareness.destroy()
  })
  connection.start()
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>(resolve => watchers.add(resolve))
  }
  return { connection, states, until, pending }
}

test('a network in doubt: a server that answers is kept', async () => {
  const server = await ScriptedServer.start()
  const { connection, states, until } = connect(server.url)
  await until(() => connection.state === 'online')
  connection.doubtful()
  await server.until(() => server.received.some(message => message.type === 'query-awareness'))
  await new Promise<void>(resolve => {
    const { ws } = connection.provider
    const { onmessage } = ws!
    ws!.onmessage = event => {
      onmessage?.call(ws!, event)
      resolve()
    }
  })
  expect([states, server.connections]).toEqual([['online'], 1])
})

test('a network in doubt: a server that stays silent is left within seconds, and looked for again', async () => {
  const server = await ScriptedServer.start()
  const proxy = await TcpProxy.start(Number(new URL(server.url).port))
  onTestFinished(() => proxy.close())
  const { connection, until } = connect(proxy.url)
  await until(() => connection.state === 'online')
  proxy.holdStill()
  connection.doubtful()
  connection.doubtful()
  await until(() => connection.state === 'offline')
  proxy.flow()
  connection.available()
  await until(() => connection.state === 'online')
  expect(server.connections).toBeGreaterThanOrEqual(2)
})

test('a network that comes back ends the wait between two attempts', async () => {
  const server = await ScriptedServer.start()
  const { connection, until } = connect(server.url)
  await until(() => connection.state === 'online')
  server.close(1012, 'restarting retry=60')
  await until(() => connection.state === 'offline')
  connection.available()
  await until(() => connection.state === 'online')
})

test('the watchdog of the provider, which hears nothing for 30 s, leads to a reconnect that is ours', async () => {
  // The provider has taken Date.now for itself; its interval and its memory of the last message are what can be moved.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const server = await ScriptedServer.start()
  const { connection, until } = connect(server.url)
  await until(() => connection.state === 'online')
  connection.provider.wsLastMessageReceived -= 29_000
  vi.advanceTimersByTime(3_000)
  expect([connection.state, server.connections]).toEqual(['online', 1])
  connection.provider.wsLastMessageReceived -= 2_000
  vi.advanceTimersByTime(3_000)
  expect([connection.state, connection.provider.shouldConnect]).toEqual(['offline', false])
  await until(() => connection.state === 'online')
  expect(server.connections).toBe(2)
})

test('C15: without anybody who looks the socket is left after five minutes, but never with anything unsent, and is back at once', async () => {
  const server = await ScriptedServer.start()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { connection, until, pending } = connect(server.url)
  vi.advanceTimersByTime(0)
  await until(() => connection.state === 'online')
  pending.count = 1
  connection.watched(false)
  vi.advanceTimersByTime(5 * 60_000)
  expect([connection.state, server.connections]).toEqual(['online', 1])
  pending.count = 0
  vi.advanceTimersByTime(5 * 60_000)
  expect(connection.state).toBe('connecting')
  vi.advanceTimersByTime(60 * 60_000)
  expect(server.connections).toBe(1)
  connection.watched(true)
  vi.advanceTimersByTime(0)
  await until(() => connection.state === 'online')
  expect(server.connections).toBe(2)
  connection.watched(false)
  connection.watched(true)
  vi.advanceTimersByTime(60 * 60_000)
  expect([connection.state, server.connections]).toEqual(['online', 2])
})

test('a browser tells of its network and of its page that wakes up, until it is told to stop', () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const machine = new EventTarget()
  vi.stubGlobal('document', page)
  vi.stubGlobal('addEventListener', machine.addEventListener.bind(machine))
  vi.stubGlobal('removeEventListener', machine.removeEventListener.bind(machine))
  onTestFinished(() => void vi.unstubAllGlobals())
  const heard: string[] = []
  const stop = watchNetwork({
    available: () => void heard.push('available'),
    doubtful: () => void heard.push('doubtful'),
    watched: isWatched => void heard.push(isWatched ? 'watched' : 'unwatched'),
  })
  machine.dispatchEvent(new Event('offline'))
  machine.dispatchEvent(new Event('online'))
  expect(heard.splice(0)).toEqual(['doubtful', 'available'])
  machine.dispatchEvent(new Event('pageshow'))
  page.dispatchEvent(new Event('visibilitychange'))
  expect(heard.splice(0)).toEqual(['watched', 'doubtful', 'available', 'watched', 'doubtful', 'available'])
  page.visibilityState = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  expect(heard.splice(0)).toEqual(['unwatched'])
  stop()
  machine.dispatchEvent(new Event('offline'))
  page.visibilityState = 'visible'
  page.dispatchEvent(new Event('visibilitychange'))
  expect(heard).toEqual([])
})

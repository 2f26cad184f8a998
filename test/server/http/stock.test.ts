// The published y-websocket client, 3.1 and 2.1, unchanged, against a whole server over real sockets.

import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import { WebsocketProvider as WebsocketProvider2 } from 'y-websocket-2'
import * as Y from 'yjs'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'

/** Frames and bytes that a provider got, over all its sockets. */
interface Received {
  frames: number
  bytes: number
}

function open(Provider: typeof WebsocketProvider, server: RunningServer, room: string, ydoc = new Y.Doc()) {
  const received: Received = { frames: 0, bytes: 0 }
  class CountingSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      this.on('message', (data: Buffer) => {
        received.frames += 1
        received.bytes += data.byteLength
      })
    }
  }
  const provider = new Provider(`${server.url.replace('http', 'ws')}/ws`, room, ydoc, {
    WebSocketPolyfill: CountingSocket as never,
    disableBc: true,
  })
  onTestFinished(() => provider.destroy())
  return { provider, ydoc, received, text: ydoc.getText('text') }
}

async function synced(provider: WebsocketProvider): Promise<void> {
  if (!provider.synced) await new Promise<void>(resolve => provider.once('sync', () => resolve()))
}

afterEach(() => {
  vi.useRealTimers()
})

describe.each([
  ['3.1.0', WebsocketProvider],
  ['2.1.0', WebsocketProvider2 as unknown as typeof WebsocketProvider],
])('y-websocket %s', (_version, Provider) => {
  test('makes a document by opening it, and syncs with the others', async () => {
    const server = await startServer()
    const ada = open(Provider, server, 'plan')
    await synced(ada.provider)
    ada.text.insert(0, 'Ship in May')
    const ben = open(Provider, server, 'plan')
    await expect.poll(() => ben.text.toString()).toBe('Ship in May')
    ben.text.insert(8, 'early ')
    await expect.poll(() => ada.text.toString()).toBe('Ship in early May')
    expect(await server.store.find('plan')).toMatchObject({ layout: 'raw' })
  })

  test('shows who is there, and who has left', async () => {
    const server = await startServer()
    const [ada, ben] = [open(Provider, server, 'plan'), open(Provider, server, 'plan')]
    ada.provider.awareness.setLocalStateField('user', { name: 'Ada' })
    ben.provider.awareness.setLocalStateField('user', { name: 'Ben' })
    const names = (provider: WebsocketProvider) =>
      [...provider.awareness.getStates().values()]
        .map(state => (state.user as { name: string } | undefined)?.name)
        .sort()
    await expect.poll(() => names(ada.provider)).toEqual(['Ada', 'Ben'])
    await expect.poll(() => names(ben.provider)).toEqual(['Ada', 'Ben'])
    const late = open(Provider, server, 'plan')
    late.provider.awareness.setLocalState(null)
    await expect.poll(() => names(late.provider)).toEqual(['Ada', 'Ben'])
    ada.provider.destroy()
    await expect.poll(() => names(ben.provider)).toEqual(['Ben'])
  })

  test('W8: comes back with what it typed meanwhile, and gets the difference and not the document', async () => {
    const server = await startServer()
    const [ada, ben] = [open(Provider, server, 'plan'), open(Provider, server, 'plan')]
    await Promise.all([synced(ada.provider), synced(ben.provider)])
    ada.text.insert(0, 'x'.repeat(50_000))
    await expect.poll(() => ben.text.length).toBe(50_000)
    ben.provider.disconnect()
    await expect.poll(() => ben.provider.wsconnected).toBe(false)
    ada.text.insert(0, 'from Ada ')
    ben.text.insert(50_000, ' from Ben')
    ben.received.bytes = 0
    ben.provider.connect()
    const whole = `from Ada ${'x'.repeat(50_000)} from Ben`
    await expect.poll(() => ada.text.toString()).toBe(whole)
    await expect.poll(() => ben.text.toString()).toBe(whole)
    expect(ben.received.bytes).toBeLessThan(1_000)
  })

  test('W6: stays connected for two idle minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const server = await startServer()
    const { provider, received } = open(Provider, server, 'plan')
    const statuses: string[] = []
    provider.on('status', ({ status }: { status: string }) => statuses.push(status))
    await vi.waitFor(() => expect(provider.synced).toBe(true))
    const before = received.frames
    for (let second = 0; second < 120; second++) {
      // lib0 has taken hold of the real clock, so the provider's own watchdog is made to see the time pass.
      provider.wsLastMessageReceived -= 1_000
      await vi.advanceTimersByTimeAsync(1_000)
      // Real packets move between two seconds of pretended time.
      for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
    }
    expect(statuses.filter(status => status !== 'connected')).toEqual([])
    expect(provider.wsconnected).toBe(true)
    expect(received.frames - before).toBeGreaterThanOrEqual(5)
    vi.useRealTimers()
  })

  test('stops for good where the server says so', async () => {
    const server = await startServer()
    const { provider } = open(Provider, server, 'plan')
    await synced(provider)
    const closed = new Promise<{ code: number }>(resolve =>
      provider.on('connection-close', event => event !== null && resolve(event)),
    )
    await server.registry.trash('plan')
    expect((await closed).code).toBe(4404)
    provider.disconnect()
  })
})

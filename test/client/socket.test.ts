// The translating socket around a network that the test moves by hand: what leaves, when, and what happens when nothing does.

import {
  chunkBytes,
  decodeAwareness,
  decodeMessage,
  defaultLimits,
  encodeAwareness,
  encodeMessage,
  type Hello,
  joinFrame,
  type Limits,
  type Message,
  sheafSubprotocol,
} from '@sheaf/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { Socket } from '../../packages/client/src/runtime.ts'
import { DocumentSocket, maxBufferedBytes, openTimeoutMs, stallMs } from '../../packages/client/src/socket.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The end of a network: what was sent stays in the buffer until the test drains it. */
class Wire implements Socket {
  binaryType: BinaryType = 'blob'
  readyState = 1
  protocol = sheafSubprotocol
  bufferedAmount = 0
  isClosed = false
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  readonly sent: Uint8Array[] = []
  /** False: the network takes nothing. */
  flows = true

  send(data: Uint8Array): void {
    this.sent.push(data)
    if (!this.flows) this.bufferedAmount += data.byteLength
  }

  close(): void {
    this.isClosed = true
  }

  say(message: Message): void {
    this.onmessage?.({ data: encodeMessage(message).slice().buffer } as MessageEvent)
  }

  take(): Message[] {
    return this.sent.splice(0).map(frame => decodeMessage(frame))
  }
}

const hello: Hello = {
  revision: 0,
  epoch: 'epoch-01',
  role: 'editor',
  layout: 'sheaf',
  format: 1,
  serverTimeMs: 0,
  limits: {},
}

function connect(limits: Partial<Limits> = {}) {
  const wire = new Wire()
  const state = { seq: 0, frozen: false }
  const socket = new DocumentSocket(wire, {
    clientId: 7,
    lastSeq: () => state.seq,
    frozen: () => state.frozen,
    limits: () => limits,
    recognized: () => undefined,
  })
  const closes: CloseEvent[] = []
  socket.onclose = event => void closes.push(event)
  wire.onopen?.(new Event('open'))
  return { wire, socket, state, closes }
}

/** Greeted, and step 2 sent. */
function ready(limits: Partial<Limits> = {}) {
  const connected = connect(limits)
  connected.wire.say({ type: 'hello', hello })
  connected.socket.send(encodeMessage({ type: 'step2', update: Uint8Array.of(0, 0) }))
  connected.wire.take()
  return connected
}

function typing(ydoc: Y.Doc, text: string): Uint8Array {
  let made: Uint8Array = new Uint8Array()
  ydoc.once('update', update => {
    made = update
  })
  ydoc.getText('body').insert(ydoc.getText('body').length, text)
  return encodeMessage({ type: 'update', update: made })
}

describe('bufferedAmount', () => {
  test('C10: a burst waits until the socket has drained, and then leaves as one update with the highest number', () => {
    const { wire, socket, state } = ready()
    const ydoc = new Y.Doc()
    wire.flows = false
    wire.bufferedAmount = maxBufferedBytes
    for (const letter of 'abc') {
      state.seq += 1
      socket.send(typing(ydoc, letter))
    }
    vi.advanceTimersByTime(1_000)
    expect(wire.take()).toEqual([])
    wire.bufferedAmount = 0
    vi.advanceTimersByTime(100)
    const [message, ...others] = wire.take()
    expect(others).toEqual([])
    expect(message).toMatchObject({ type: 'sequenced', clientSeq: 3, message: { type: 'update' } })
    const copy = new Y.Doc()
    if (message?.type === 'sequenced' && message.message.type === 'update') Y.applyUpdate(copy, message.message.update)
    expect(copy.getText('body').toString()).toBe('abc')
  })

  test('W21: a frame of several messages reaches the provider message by message, chunks put together', () => {
    const { wire, socket } = connect()
    const heard: Message[] = []
    socket.onmessage = event => void heard.push(decodeMessage(new Uint8Array(event.data as ArrayBuffer)))
    wire.say({ type: 'hello', hello })
    heard.length = 0
    const update = encodeMessage({ type: 'update', update: Uint8Array.of(0, 0) })
    const messages: Message[] = [
      { type: 'ack', clientSeq: 3, revision: 9 },
      { type: 'chunk', offset: 0, total: update.length, bytes: update.subarray(0, 2) },
      { type: 'ack', clientSeq: 4, revision: 10 },
      { type: 'chunk', offset: 2, total: update.length, bytes: update.subarray(2) },
      { type: 'update', update: Uint8Array.of(0, 0) },
    ]
    wire.onmessage?.({ data: joinFrame(messages.map(encodeMessage)).slice().buffer } as MessageEvent)
    expect(heard.map(message => message.type)).toEqual(['ack', 'awareness', 'ack', 'update', 'update'])
  })

  test('W21: what stands behind the message that ended a connection is not read', () => {
    const { wire, socket, closes } = connect()
    wire.say({ type: 'hello', hello })
    let heard = 0
    socket.onmessage = () => {
      heard += 1
      socket.abort('enough')
    }
    const ack = encodeMessage({ type: 'ack', clientSeq: 1, revision: 1 })
    wire.onmessage?.({ data: joinFrame([ack, ack]).slice().buffer } as MessageEvent)
    expect(heard).toBe(1)
    expect(closes).toHaveLength(1)
  })

  test('a long message leaves chunk by chunk as the socket drains, presence in between', () => {
    const { wire, socket, state } = ready({ maxUpdateBytes: defaultLimits.maxUpdateBytes })
    wire.flows = false
    state.seq = 1
    socket.send(encodeMessage({ type: 'step2', update: new Uint8Array(2 * 1024 * 1024) }))
    const first = wire.take()
    expect(first.every(message => message.type === 'chunk')).toBe(true)
    expect(first.length * chunkBytes).toBeLessThanOrEqual(maxBufferedBytes + chunkBytes)
    socket.send(encodeMessage({ type: 'awareness', update: encodeAwareness([{ clientId: 7, clock: 1, state: '{}' }]) }))
    wire.bufferedAmount = 0
    vi.advanceTimersByTime(100)
    expect(wire.take().map(message => message.type)).toEqual(['awareness', 'chunk', 'chunk'])
    wire.flows = true
    wire.bufferedAmount = 0
    vi.advanceTimersByTime(100)
    expect(wire.take().filter(message => message.type === 'chunk')).toHaveLength(5)
  })

  test('of presence only the newest state waits', () => {
    const { wire, socket } = ready()
    wire.bufferedAmount = maxBufferedBytes
    for (const clock of [1, 2, 3]) {
      socket.send(encodeMessage({ type: 'awareness', update: encodeAwareness([{ clientId: 7, clock, state: '{}' }]) }))
    }
    wire.bufferedAmount = 0
    vi.advanceTimersByTime(100)
    expect(wire.take()).toEqual([
      { type: 'awareness', update: encodeAwareness([{ clientId: 7, clock: 3, state: '{}' }]) },
    ])
  })

  test('C10: a socket that takes no bytes is given up after a while', () => {
    const { wire, socket, state, closes } = ready()
    wire.flows = false
    state.seq = 1
    socket.send(typing(new Y.Doc(), 'a'))
    vi.advanceTimersByTime(stallMs - 2_000)
    expect(closes).toEqual([])
    vi.advanceTimersByTime(4_000)
    expect(closes).toMatchObject([{ code: 1006 }])
    expect(wire.isClosed).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a slow socket that moves is not', () => {
    const { wire, socket, closes } = ready()
    wire.flows = false
    socket.send(encodeMessage({ type: 'step2', update: new Uint8Array(200_000) }))
    for (let seconds = 0; seconds < 120; seconds++) {
      wire.bufferedAmount -= 1_000
      vi.advanceTimersByTime(1_000)
    }
    expect(closes).toEqual([])
    wire.bufferedAmount = 0
    vi.advanceTimersByTime(2_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a handshake that never ends is given up', () => {
    const wire = new Wire()
    const socket = new DocumentSocket(wire, {
      clientId: 7,
      lastSeq: () => 0,
      frozen: () => false,
      limits: () => ({}),
      recognized: () => undefined,
    })
    const onclose = vi.fn()
    socket.onclose = onclose
    vi.advanceTimersByTime(openTimeoutMs)
    expect(onclose).toHaveBeenCalledOnce()
    expect(socket.readyState).toBe(socket.CLOSED)
  })
})

describe('dialects', () => {
  test('C3: no update leaves before the first step 2', () => {
    const { wire, socket, state } = connect()
    const ydoc = new Y.Doc()
    wire.say({ type: 'hello', hello })
    state.seq = 1
    socket.send(typing(ydoc, 'a'))
    expect(wire.take()).toEqual([])
    socket.send(encodeMessage({ type: 'step2', update: Y.encodeStateAsUpdate(ydoc) }))
    state.seq = 2
    socket.send(typing(ydoc, 'b'))
    expect(wire.take()).toMatchObject([
      { type: 'sequenced', clientSeq: 1, message: { type: 'step2' } },
      { type: 'sequenced', clientSeq: 2, message: { type: 'update' } },
    ])
  })

  test('a server that agrees to the subprotocol and says no hello gets the bytes as they are', () => {
    const { wire, socket } = connect()
    const frame = typing(new Y.Doc(), 'a')
    socket.send(frame)
    wire.say({ type: 'step1', stateVector: Uint8Array.of(0) })
    expect(wire.sent).toEqual([frame])
  })

  test('the presence of others is not repeated to the server', () => {
    const { wire, socket } = ready()
    const entries = [7, 8, 9].map(clientId => ({ clientId, clock: 1, state: '{}' }))
    socket.send(encodeMessage({ type: 'awareness', update: encodeAwareness(entries) }))
    socket.send(encodeMessage({ type: 'awareness', update: encodeAwareness(entries.slice(1)) }))
    const sent = wire.take()
    expect(sent).toHaveLength(1)
    expect(sent[0]?.type === 'awareness' && decodeAwareness(sent[0].update)).toEqual(entries.slice(0, 1))
  })

  test('nothing of the document leaves while it is frozen', () => {
    const { wire, socket, state } = ready()
    state.frozen = true
    state.seq = 1
    socket.send(typing(new Y.Doc(), 'a'))
    socket.send(encodeMessage({ type: 'step2', update: Uint8Array.of(0, 0) }))
    vi.advanceTimersByTime(1_000)
    expect(wire.take()).toEqual([])
  })
})

describe('limits of the server', () => {
  const limits = { ...defaultLimits, updatesPerSecond: 10, updatesBurst: 20, updateBytesPerSecond: 10_000 }

  test('C10: a script that edits in a loop is slowed, and its updates merge while they wait', () => {
    const { wire, socket, state } = ready(limits)
    const ydoc = new Y.Doc()
    for (let i = 0; i < 1_000; i++) {
      state.seq += 1
      socket.send(typing(ydoc, 'x'))
      vi.advanceTimersByTime(5)
    }
    vi.advanceTimersByTime(1_000)
    const sent = wire.take()
    // 16 at once, then 8 a second for 6 seconds.
    expect(sent.length).toBeGreaterThan(20)
    expect(sent.length).toBeLessThanOrEqual(20 + 10 * 6)
    expect(sent.at(-1)).toMatchObject({ clientSeq: 1_000 })
    const copy = new Y.Doc()
    for (const message of sent) {
      if (message.type === 'sequenced' && message.message.type === 'update') Y.applyUpdate(copy, message.message.update)
    }
    expect(copy.getText('body').length).toBe(1_000)
  })

  test('a large one leaves at once and is paid for afterwards', () => {
    const { wire, socket, state } = ready(limits)
    const ydoc = new Y.Doc()
    state.seq = 1
    socket.send(typing(ydoc, 'x'.repeat(40_000)))
    expect(wire.take()).toHaveLength(1)
    state.seq = 2
    socket.send(typing(ydoc, 'y'))
    vi.advanceTimersByTime(2_000)
    expect(wire.take()).toEqual([])
    vi.advanceTimersByTime(4_000)
    expect(wire.take()).toMatchObject([{ clientSeq: 2 }])
  })

  test('longer than a live update may be, it travels as a step 2', () => {
    const { wire, socket, state } = ready({ maxUpdateBytes: 1_000 })
    state.seq = 1
    socket.send(typing(new Y.Doc(), 'x'.repeat(2_000)))
    expect(wire.take()).toMatchObject([{ clientSeq: 1, message: { type: 'step2' } }])
  })
})

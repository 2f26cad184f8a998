// Who is here: what we show, how often, and what we make of what others show.

import { type Peer, Presence } from '@sheaf/client'
import { presenceColor } from '@sheaf/protocol'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function present(identity = { id: 'ana', name: 'Ana' }) {
  const awareness = new Awareness(new Y.Doc())
  const presence = new Presence(awareness, identity)
  onTestFinished(() => {
    presence.close()
    awareness.destroy()
  })
  return { awareness, presence }
}

/** Shows `state` to `awareness` as another client would. */
function show(awareness: Awareness, clientId: number, state: unknown, clock = 1): void {
  const other = { states: new Map([[clientId, state]]), meta: new Map([[clientId, { clock }]]) }
  applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other as unknown as Awareness, [clientId]), 'test')
}

test('our state is user and caret, with a colour that follows from the id', () => {
  const { awareness, presence } = present()
  expect(awareness.getLocalState()).toEqual({
    user: { id: 'ana', name: 'Ana', color: presenceColor(undefined, 'ana') },
    caret: null,
  })
  presence.set({ name: 'Ana B.', color: 4 })
  expect(awareness.getLocalState()?.user).toEqual({ id: 'ana', name: 'Ana B.', color: 4 })
})

test('a caret is shown at once, then at most every 50 ms, the newest wins, and the same one is not shown twice', () => {
  const { awareness, presence } = present()
  vi.advanceTimersByTime(1_000)
  const shown: unknown[] = []
  awareness.on('update', () => shown.push(awareness.getLocalState()?.caret))
  presence.setCaret({ anchor: 1, head: 1 })
  for (let head = 2; head <= 9; head++) presence.setCaret({ anchor: 1, head })
  expect(shown).toEqual([{ anchor: 1, head: 1 }])
  vi.advanceTimersByTime(50)
  expect(shown).toEqual([
    { anchor: 1, head: 1 },
    { anchor: 1, head: 9 },
  ])
  presence.setCaret({ anchor: 1, head: 9 })
  vi.advanceTimersByTime(50)
  presence.setCaret(null)
  vi.advanceTimersByTime(50)
  expect(shown.slice(2)).toEqual([null])
})

test('peers are the others, stock clients and strangers included, whatever they wrote', () => {
  const { awareness, presence } = present()
  show(awareness, 11, { user: { id: 'bo', name: 'Bo', color: 5 }, caret: { anchor: 'x', head: 'y', more: 1 } })
  show(awareness, 12, { user: { name: 'Stock', color: '#30bced' } })
  show(awareness, 13, { user: 'nobody', caret: 7 })
  show(awareness, 14, { user: { id: 'long', name: 'n'.repeat(500), color: 99 }, caret: { anchor: 1 } })
  expect(presence.peers()).toEqual<Peer[]>([
    { sessionKey: '11', id: 'bo', name: 'Bo', color: 5, caret: { anchor: 'x', head: 'y' } },
    { sessionKey: '12', id: '12', name: 'Stock', color: presenceColor('#30bced', '12'), caret: null },
    { sessionKey: '13', id: '13', name: '', color: presenceColor(undefined, '13'), caret: null },
    { sessionKey: '14', id: 'long', name: 'n'.repeat(64), color: presenceColor(99, 'long'), caret: null },
  ])
})

test('listeners hear of others and not of us, and peers() is the same until then', () => {
  const { awareness, presence } = present()
  const listener = vi.fn()
  const stop = presence.onChange(listener)
  const before = presence.peers()
  presence.setCaret({ anchor: 1, head: 1 })
  expect([listener.mock.calls.length, presence.peers()]).toEqual([0, before])
  show(awareness, 11, { user: { id: 'bo', name: 'Bo' } })
  expect(listener).toHaveBeenCalledOnce()
  expect(presence.peers()).toHaveLength(1)
  show(awareness, 11, null, 2)
  expect(presence.peers()).toEqual([])
  stop()
  show(awareness, 11, { user: { id: 'bo', name: 'Bo' } }, 3)
  expect(listener).toHaveBeenCalledTimes(2)
})

test('close leaves no timer', () => {
  const { awareness, presence } = present()
  presence.setCaret({ anchor: 1, head: 1 })
  presence.setCaret({ anchor: 2, head: 2 })
  presence.close()
  awareness.destroy()
  expect(vi.getTimerCount()).toBe(0)
})

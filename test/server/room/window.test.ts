import { describe, expect, it } from 'vitest'
import { CommitWindow, commitWindowMs } from '../../../server/src/room/window.ts'
import type { UpdateRow } from '../../../server/src/store/store.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { startRooms } from '../../helpers/rooms.ts'

function row(seq: number): UpdateRow {
  const update = new Uint8Array(10)
  return { seq, wallTimeMs: 0, principal: '', session: '', clientSeq: 0, origin: 'socket', update }
}

function openWindow(people: number) {
  const clock = new ManualClock()
  const left: number[] = []
  const window = new CommitWindow({
    clock,
    people: () => people,
    leave: ({ seq }) => void left.push(seq),
    onError: cause => {
      throw cause
    },
  })
  return { clock, left, window }
}

describe('the commit window', () => {
  it('W23: holds nothing back where few people are', () => {
    const { clock, left, window } = openWindow(24)
    for (let seq = 1; seq <= 3; seq++) window.add(row(seq))
    expect(left).toEqual([1, 2, 3])
    expect(clock.timers).toBe(0)
  })

  it('W23: gathers what comes within some milliseconds where many are, in order, and nothing after a pause', () => {
    const { clock, left, window } = openWindow(200)
    window.add(row(1))
    expect(left).toEqual([1])
    window.add(row(2))
    clock.advance(3)
    window.add(row(3))
    expect(left).toEqual([1])
    expect(window.bytes).toBe(20)
    clock.advance(4)
    expect(left).toEqual([1, 2, 3])
    expect(window.bytes).toBe(0)
    clock.advance(7)
    window.add(row(4))
    expect(left).toEqual([1, 2, 3, 4])
    expect(clock.timers).toBe(0)
  })

  it('W23: is a 25th of the people in milliseconds, and never more than 7', () => {
    expect([1, 24, 25, 100, 1_000].map(people => commitWindowMs(people, 0))).toEqual([0, 0, 1, 4, 7])
  })

  it('W23: is wider where it takes long to write to everybody, and never wider than 10', () => {
    expect([0.1, 1.5, 5].map(relayMs => commitWindowMs(200, relayMs))).toEqual([7, 9, 10])
    const { clock, left, window } = openWindow(200)
    for (let i = 0; i < 100; i++) window.relayed(5)
    window.add(row(1))
    window.add(row(2))
    clock.advance(9)
    expect(left).toEqual([1])
    clock.advance(1)
    expect(left).toEqual([1, 2])
  })

  it('gives out what it holds when it is told to', () => {
    const { clock, left, window } = openWindow(200)
    for (let seq = 1; seq <= 3; seq++) window.add(row(seq))
    window.flush()
    expect(left).toEqual([1, 2, 3])
    expect(clock.timers).toBe(0)
  })

  it('W3: what waits in it is on disk when the server has stopped, and what was acknowledged was too', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const writer = await rooms.join(documentId, { extension: true })
    for (let i = 0; i < 30; i++) await rooms.join(documentId)
    for (const letter of 'abc') writer.text.insert(writer.text.length, letter)
    await rooms.registry.drain()
    expect(await rooms.logText(documentId)).toBe('abc')
  })
})

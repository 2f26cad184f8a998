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
    for (let seq = 1; seq <= 3; seq++) window.add(row(seq), 1)
    expect(left).toEqual([1, 2, 3])
    expect(clock.timers).toBe(0)
  })

  it('W23: gathers what comes within some milliseconds where many are, in order, and nothing after a pause', () => {
    const { clock, left, window } = openWindow(200)
    window.add(row(1), 1)
    expect(left).toEqual([1])
    window.add(row(2), 1)
    clock.advance(3)
    window.add(row(3), 1)
    expect(left).toEqual([1])
    expect(window.bytes).toBe(20)
    clock.advance(4)
    expect(left).toEqual([1, 2, 3])
    expect(window.bytes).toBe(0)
    clock.advance(7)
    window.add(row(4), 1)
    expect(left).toEqual([1, 2, 3, 4])
    expect(clock.timers).toBe(0)
  })

  it('W23: is a 25th of the people in milliseconds, and never more than 7', () => {
    const windowMs = (people: number) => commitWindowMs({ people, relayMs: 0, updatesPerMs: 0 })
    expect([1, 24, 25, 100, 1_000].map(windowMs)).toEqual([0, 0, 1, 4, 7])
  })

  it('W23: is wider where it takes long to write to everybody, and never wider than 10', () => {
    const windowMs = (relayMs: number) => commitWindowMs({ people: 200, relayMs, updatesPerMs: 0 })
    expect([0.1, 1.5, 5].map(windowMs)).toEqual([7, 9, 10])
    const { clock, left, window } = openWindow(200)
    for (let i = 0; i < 100; i++) window.relayed(5)
    window.add(row(1), 1)
    window.add(row(2), 1)
    clock.advance(9)
    expect(left).toEqual([1])
    clock.advance(1)
    expect(left).toEqual([1, 2])
  })

  it('W23: is 5 ms where programs write, and nothing again when they have stopped', () => {
    const { clock, left, window } = openWindow(3)
    let seq = 0
    // Twenty people who type fast.
    for (let ms = 0; ms < 1_000; ms += 5) {
      window.add(row(++seq), 1)
      clock.advance(5)
      expect(left).toHaveLength(seq)
    }
    let most = 0
    for (let ms = 0; ms < 200; ms++) {
      window.add(row(++seq), 10)
      most = Math.max(most, seq - left.length)
      clock.advance(1)
    }
    expect(most).toBe(5)
    clock.advance(5)
    expect(left).toEqual(Array.from({ length: seq }, (_, i) => i + 1))
    clock.advance(200)
    for (let i = 0; i < 3; i++) window.add(row(++seq), 1)
    expect(left).toHaveLength(seq)
  })

  it('gives out what it holds when it is told to', () => {
    const { clock, left, window } = openWindow(200)
    for (let seq = 1; seq <= 3; seq++) window.add(row(seq), 1)
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

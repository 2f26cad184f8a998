// The pure parts: when to connect again, and what an acknowledgement covers.

import { describe, expect, test } from 'vitest'
import { maxBackoffMs, reconnectDelayMs } from '../../packages/client/src/backoff.ts'
import { Outbox } from '../../packages/client/src/outbox.ts'

describe('when to connect again', () => {
  test('soon at first, then later and later, never later than the bound', () => {
    const delays = Array.from({ length: 12 }, (_, attempt) => reconnectDelayMs(attempt, 1006, '', 0.5))
    expect(delays[0]).toBeLessThanOrEqual(200)
    for (const [i, delay] of delays.entries()) expect(delay).toBeGreaterThanOrEqual(delays[i - 1] ?? 0)
    expect(reconnectDelayMs(1_000, 1006, '', 0.999)).toBeLessThanOrEqual(maxBackoffMs)
  })

  test('clients that lost the same server come back at different moments', () => {
    const [early, late] = [reconnectDelayMs(4, 1006, '', 0), reconnectDelayMs(4, 1006, '', 0.99)]
    expect(late / early).toBeGreaterThan(1.9)
  })

  test('a server that asks for quiet gets it', () => {
    for (const code of [1013, 4503, 4508, 4529]) {
      expect(reconnectDelayMs(0, code, '', 0)).toBeGreaterThanOrEqual(1_000)
    }
  })

  test('the reason may say when', () => {
    expect(reconnectDelayMs(9, 1012, 'restarting retry=3', 0)).toBe(3_000)
    expect(reconnectDelayMs(0, 1001, 'going-away; retry=0.5', 0)).toBe(500)
    expect(reconnectDelayMs(0, 1012, 'restarting retry=1000000', 0)).toBeLessThanOrEqual(300_000)
    expect(reconnectDelayMs(0, 1012, 'restarting', 0)).toBe(100)
  })
})

describe('the outbox', () => {
  test('numbers rise by one; pending drops only by acknowledgement', () => {
    const outbox = new Outbox()
    expect([outbox.add(), outbox.add(5), outbox.add()]).toEqual([1, 2, 3])
    expect(outbox.pending).toBe(7)
    expect(outbox.acknowledge(2)).toBe(2)
    expect([outbox.pending, outbox.holds(2), outbox.holds(3)]).toEqual([1, true, false])
    expect(outbox.acknowledge(2)).toBeUndefined()
    expect(outbox.acknowledge(1_000)).toBe(3)
    expect([outbox.pending, outbox.lastSeq]).toEqual([0, 3])
  })

  test('what was refused, and all that follows, is acknowledged by nothing until it is tried again', () => {
    const outbox = new Outbox()
    for (let i = 0; i < 4; i++) outbox.add()
    outbox.refuse(3)
    expect(outbox.acknowledge(4)).toBe(2)
    expect([outbox.pending, outbox.frozen]).toEqual([2, true])
    outbox.refuse(4)
    expect(outbox.acknowledge(4)).toBeUndefined()
    outbox.thaw()
    expect(outbox.acknowledge(4)).toBe(4)
  })
})

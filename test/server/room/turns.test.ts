// P10: turns of the event loop, shared out.

import { describe, expect, it } from 'vitest'
import { TurnShare, Turns } from '../../../server/src/room/turns.ts'
import { ManualClock } from '../../helpers/clock.ts'

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

describe('P10: long work', () => {
  it('P10: gets turns one by one, in order, whoever asks', async () => {
    const turns = new Turns()
    const order: string[] = []
    const work = async (name: string) => {
      for (let part = 0; part < 3; part++) {
        await turns.next()
        order.push(name)
      }
    }
    const both = Promise.all([work('a'), work('b')])
    const seen: number[] = []
    while (order.length < 6) {
      await turn()
      seen.push(order.length)
    }
    await both
    expect(order.join('')).toBe('ababab')
    expect(seen.every((length, i) => length - (seen[i - 1] ?? 0) <= 1)).toBe(true)
  })
})

describe('P10: long work that takes longer than it should', () => {
  it('P10: leaves as much time to everybody else', async () => {
    const clock = new ManualClock()
    const turns = new Turns(clock)
    let parts = 0
    const work = (async () => {
      for (; parts < 2; parts++) {
        await turns.next()
        expect(turns.isOver).toBe(false)
        clock.advance(40)
        expect(turns.isOver).toBe(true)
      }
    })()
    for (let i = 0; i < 5; i++) await turn()
    expect(parts).toBe(1)
    clock.advance(39)
    await turn()
    expect(parts).toBe(1)
    clock.advance(1)
    for (let i = 0; i < 5; i++) await turn()
    await work
    expect(parts).toBe(2)
  })
})

describe('P10: short work that comes in crowds', () => {
  it('P10: has a share of each turn, and goes on in the next ones, each in its turn', async () => {
    const share = new TurnShare(10)
    const done: string[] = []
    const crowd = async (name: string, count: number) => {
      for (let i = 0; i < count; i++) {
        await share.take()
        done.push(name)
      }
    }
    const all = Promise.all([crowd('a', 40), crowd('b', 5)])
    await turn()
    expect(done.length).toBeLessThanOrEqual(20)
    expect(done.filter(name => name === 'b').length).toBeGreaterThan(1)
    await all
    expect(done).toHaveLength(45)
    expect(done.slice(0, 20).filter(name => name === 'b').length).toBe(5)
  })

  it('takes no turn for what is alone', () => {
    const share = new TurnShare(10)
    for (let i = 0; i < 10; i++) expect(share.take()).toBeUndefined()
    expect(share.take()).toBeInstanceOf(Promise)
  })
})

// P9, P10: large updates are judged a few at a time, the documents in turn.

import { describe, expect, it } from 'vitest'
import { Turnstile } from '../../../server/src/room/turnstile.ts'

const MiB = 1024 * 1024

/** Judgements that end when the test says so. */
class Judgements {
  readonly begun: string[] = []
  readonly refused: string[] = []
  readonly #ends = new Map<string, () => void>()

  ask(turnstile: Turnstile, documentId: string, name: string, bytes = 1_000): void {
    const judge = () => {
      this.begun.push(name)
      return new Promise<void>(resolve => this.#ends.set(name, resolve))
    }
    turnstile.pass(documentId, bytes, judge).catch(() => this.refused.push(name))
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)!()
    await settled()
  }
}

function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

describe('P10: large updates', () => {
  it('P9: are judged one at a time in one document, in their order', async () => {
    const turnstile = new Turnstile()
    const judgements = new Judgements()
    for (const name of ['a', 'b', 'c']) judgements.ask(turnstile, 'one', name)
    expect(judgements.begun).toEqual(['a'])
    await judgements.end('a')
    expect(judgements.begun).toEqual(['a', 'b'])
    await judgements.end('b')
    expect(judgements.begun).toEqual(['a', 'b', 'c'])
  })

  it('P9: one of the largest at a time, beside smaller ones of other documents', async () => {
    const turnstile = new Turnstile()
    const judgements = new Judgements()
    judgements.ask(turnstile, 'one', 'huge', 14 * MiB)
    judgements.ask(turnstile, 'two', 'huge too', 14 * MiB)
    for (const documentId of ['three', 'four', 'five', 'six']) judgements.ask(turnstile, documentId, documentId)
    expect(judgements.begun).toEqual(['huge', 'three', 'four', 'five'])
    await judgements.end('huge')
    expect(judgements.begun.slice(4)).toEqual(['huge too'])
    await judgements.end('three')
    expect(judgements.begun.slice(5)).toEqual(['six'])
  })

  it('wait for one of each other document, and not for all of one that floods', async () => {
    const turnstile = new Turnstile()
    const judgements = new Judgements()
    for (let i = 0; i < 4; i++) judgements.ask(turnstile, 'flooded', `flood ${i}`, 2 * MiB)
    judgements.ask(turnstile, 'other', 'paste', 2 * MiB)
    await judgements.end('flood 0')
    await judgements.end('flood 1')
    expect(judgements.begun).toEqual(['flood 0', 'flood 1', 'paste'])
  })

  it('are refused where most of them wait, and nowhere else', async () => {
    const turnstile = new Turnstile({ maxWaitingBytes: 10 * MiB })
    const judgements = new Judgements()
    for (let i = 0; i < 6; i++) judgements.ask(turnstile, 'flooded', `flood ${i}`, 2 * MiB)
    judgements.ask(turnstile, 'other', 'paste', 2 * MiB)
    await settled()
    expect(judgements.refused).toEqual(['flood 5'])
    judgements.ask(turnstile, 'flooded', 'one more', 2 * MiB)
    await settled()
    expect(judgements.refused).toEqual(['flood 5', 'one more'])
    await judgements.end('flood 0')
    await judgements.end('flood 1')
    expect(judgements.begun).toContain('paste')
  })

  it('let the next one in when a judgement fails', async () => {
    const turnstile = new Turnstile()
    const failed = turnstile.pass('one', 1, () => Promise.reject(new Error('no')))
    const next = turnstile.pass('one', 1, async () => 'judged')
    await expect(failed).rejects.toThrow('no')
    await expect(next).resolves.toBe('judged')
  })
})

// An update that comes in pieces is judged as the same update in one piece, whatever it is made of, and ends in the same
// document. Honest sessions and the fuzz run in pieces too (honest.test.ts, fuzz.test.ts).

import { defaultLimits } from '@sheaf/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { cutUpdate, type PieceSize } from '../../../server/src/room/gate-pieces.ts'
import { type Hostile, readCorpus } from '../../corpus/corpus.ts'
import { seededRandom } from '../../helpers/random.ts'
import { bases } from './bases.ts'
import { craft, text } from './craft.ts'
import { GatedReplica, visible } from './gated-replica.ts'
import { editRaw, editSheaf, Party } from './parties.ts'

const tiny: PieceSize = { structs: 2, bytes: 40, deletes: 1 }

function serverWith({ layout, base }: Pick<Hostile, 'layout' | 'base'>, pieceSize?: PieceSize): GatedReplica {
  const server = new GatedReplica(layout)
  for (const update of bases[base]) server.offer(update)
  server.land()
  server.pieceSize = pieceSize
  return server
}

describe('every input of the corpus', () => {
  // Lies about clocks that are known, which nobody looks at: refused where they would put the pieces out of order.
  const lies = new Set(['clock-lies'])

  it.each(
    readCorpus()
      .filter(({ name }) => !lies.has(name))
      .map(hostile => [hostile.gate, hostile.name, hostile] as const),
  )('%s: %s is judged the same in pieces', (gate, _name, hostile) => {
    for (const kind of ['update', 'step2'] as const) {
      const server = serverWith(hostile, tiny)
      const before = Y.encodeStateAsUpdate(server.ydoc)
      const verdict = server.refusedBy(hostile.update, kind)
      if (gate === 'admit') expect([verdict, server.inFlight]).toEqual([undefined, 1])
      else expect(verdict ?? server.outcome(hostile.update, kind)).toBe(gate)
      expect(Y.encodeStateAsUpdate(server.ydoc)).toEqual(before)
    }
  })
})

describe('a cut', () => {
  it.each(['sheaf', 'raw'] as const)(
    'gives pieces that build on each other and make up the whole, under layout %s',
    layout => {
      const edit = layout === 'sheaf' ? editSheaf : editRaw
      for (let seed = 1; seed <= 25; seed++) {
        const random = seededRandom(seed)
        // Two who type into each other's text, so that their structs wait for each other in both directions.
        const parties = [new Party(random.below(2 ** 32), edit), new Party(random.below(2 ** 32), edit)]
        for (let step = 0; step < 60; step++) {
          random.pick(parties).edit(random)
          if (random.chance(0.5)) parties[0]!.meet(parties[1]!)
        }
        parties[0]!.meet(parties[1]!)
        const update = Y.encodeStateAsUpdate(parties[0]!.ydoc)
        const whole = serverWith({ layout, base: 'empty' })
        const inPieces = serverWith({ layout, base: 'empty' }, tiny)
        for (const server of [whole, inPieces]) expect(server.offer(update, 'step2'), `seed ${seed}`).toBe('admit')
        for (const server of [whole, inPieces]) server.land()
        expect(visible(inPieces.ydoc)).toEqual(visible(whole.ydoc))
        expect(visible(inPieces.reload())).toEqual(visible(whole.ydoc))
        expect(Y.encodeStateVector(inPieces.ydoc)).toEqual(Y.encodeStateVector(whole.ydoc))
        expect(inPieces.outcome(update, 'step2')).toBe('nothing')
      }
    },
  )

  it('keeps to the size of a piece', () => {
    const structs = Array.from({ length: 1_000 }, (_, i) =>
      text(i === 0 ? { root: 'body' } : { right: [7, i - 1] }, 'a'),
    )
    const update = craft([{ client: 7, structs }], [[7, ...Array.from({ length: 400 }, (_, i) => [2 * i, 1] as const)]])
    const cut = cutUpdate({ update, kind: 'step2', layout: 'sheaf', limits: defaultLimits, clocks: new Map() })
    if (cut.kind !== 'pieces') throw new Error(cut.kind)
    const sizes = cut.pieces.map(piece => Y.decodeUpdate(piece).structs.length)
    expect(Math.max(...sizes)).toBe(64)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000)
  })

  it('holds one row of the log for all its pieces, without what was known', () => {
    const server = serverWith({ layout: 'sheaf', base: 'text' }, tiny)
    const later = Array.from({ length: 9 }, (_, i) => text({ origin: [1, 10 + i] }, '!'))
    const update = craft(
      [{ client: 1, structs: [text({ root: 'body' }, 'hello world'), ...later] }],
      [[1, [0, 2], [4, 1], [12, 3]]],
    )
    expect(server.offer(craft([], [[1, [0, 2]]]))).toBe('admit')
    expect(server.offer(update, 'step2')).toBe('admit')
    expect(server.log.at(-1)).toEqual(craft([{ client: 1, clock: 11, structs: later }], [[1, [4, 1], [12, 3]]]))
    server.land()
    expect(server.ydoc.getText('body').toString()).toBe('ll world!!!!!!')
  })
})

describe('what is admitted while pieces are examined', () => {
  it('puts the verdict out of date, so that it cannot be taken up', () => {
    const server = serverWith({ layout: 'sheaf', base: 'text' })
    const passage = server.gate.begin('step2')
    passage.take(craft([{ client: 7, structs: [text({ origin: [1, 10] }, 'a')] }]))
    expect(server.offer(craft([{ client: 8, structs: [text({ origin: [1, 10] }, 'b')] }]))).toBe('admit')
    passage.take(craft([{ client: 7, clock: 1, structs: [text({ origin: [7, 0] }, 'c')] }]))
    const verdict = passage.verdict()
    if (verdict.kind !== 'admit') throw new Error(verdict.kind)
    expect(server.gate.isCurrent(verdict)).toBe(false)
    expect(() => server.gate.admitted(verdict)).toThrow(TypeError)
  })

  it('may land between two pieces, and nothing changes for those that follow', () => {
    const server = serverWith({ layout: 'sheaf', base: 'text' })
    expect(server.offer(craft([{ client: 8, structs: [text({ origin: [1, 10] }, 'b')] }], [[1, [3, 2]]]))).toBe('admit')
    const passage = server.gate.begin('step2')
    passage.take(craft([{ client: 7, structs: [text({ origin: [8, 0] }, 'c')] }]))
    server.land()
    passage.take(craft([{ client: 7, clock: 1, structs: [text({ origin: [1, 3] }, 'd')] }], [[1, [3, 3]]]))
    const verdict = passage.verdict()
    if (verdict.kind !== 'admit') throw new Error(verdict.kind)
    expect(server.gate.isCurrent(verdict)).toBe(true)
    expect(verdict.ranges).toEqual([{ client: 7, clock: 0, end: 2 }])
  })
})

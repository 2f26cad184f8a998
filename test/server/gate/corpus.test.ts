// Every input that ever broke something, against the gate and against stock Yjs. The second half keeps the first honest: an
// entry that says what it breaks must break it, or it is no attack.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { gateRules } from '../../../server/src/room/gate-rules.ts'
import { type Hostile, readCorpus } from '../../corpus/corpus.ts'
import { bases, lastWritten } from './bases.ts'
import { craft, text } from './craft.ts'
import { GatedReplica, reencoded, visible } from './gated-replica.ts'

const corpus = readCorpus()

function serverWith({ layout, base }: Hostile): GatedReplica {
  const server = new GatedReplica(layout)
  for (const update of bases[base]) expect(server.offer(update)).toBe('admit')
  server.land()
  return server
}

/** A rule, or what the gate lets be. */
function judge(server: GatedReplica, hostile: Hostile, kind: 'update' | 'step2'): string {
  return server.refusedBy(hostile.update, kind) ?? server.outcome(hostile.update, kind)
}

describe('the corpus', () => {
  it('has entries, and each says what it is, in its header and in the README', () => {
    const readme = readFileSync(new URL('../../corpus/README.md', import.meta.url), 'utf8')
    expect(corpus.length).toBeGreaterThan(70)
    for (const { name, what, gate, yjs, update } of corpus) {
      expect(readme).toContain(`| ${name} | ${what} | ${gate} | ${yjs ?? ''} |`)
      expect(what, name).not.toBe('')
      expect(gate, name).toMatch(/^(U\d+|gap|nothing|admit)$/)
      expect(update.length, name).toBeGreaterThan(0)
    }
  })

  // U14 weighs what is too large for a file (cost.test.ts), U15 the thread that looks at it (cutter.test.ts), and U16 asks who
  // sends it (room/authorship.test.ts).
  it('U1, U2, U3, U4, U5, U6, U7, U8, U9, U10, U11, U12, U13: each has an input that it refuses', () => {
    const refusing = new Set(corpus.map(({ gate }) => gate))
    expect(Object.keys(gateRules).filter(rule => !refusing.has(rule))).toEqual(['U14', 'U15', 'U16'])
  })

  it.each(corpus.map(hostile => [hostile.gate, hostile.name, hostile] as const))('%s: %s', (gate, _name, hostile) => {
    for (const kind of ['update', 'step2'] as const) {
      for (const inFlight of [false, true]) {
        const server = serverWith(hostile)
        if (inFlight)
          expect(server.offer(craft([{ client: 3, structs: [text({ root: 'body' }, 'in flight')] }]))).toBe('admit')
        const before = Y.encodeStateAsUpdate(server.ydoc)
        const verdict = judge(server, hostile, kind)
        // What is admitted is known the second time.
        expect(gate === 'admit' ? [verdict, server.inFlight] : verdict).toEqual(
          gate === 'admit' ? ['nothing', inFlight ? 2 : 1] : gate,
        )
        expect(Y.encodeStateAsUpdate(server.ydoc)).toEqual(before)
        server.land()
        // A victim goes on writing, and the document loads.
        const state = Y.getState(server.ydoc.store, 1)
        const where = hostile.base === 'empty' ? { root: 'body' } : { origin: lastWritten[hostile.base] }
        expect(server.offer(craft([{ client: 1, clock: state, structs: [text(where, 'still here')] }]))).toBe('admit')
        server.land()
        const shown = visible(server.ydoc)
        expect(JSON.stringify(shown.body)).toContain([...'still here'].join('","'))
        for (const copy of [server.reload(), ...reencoded(server.ydoc)]) expect(visible(copy)).toEqual(shown)
      }
    }
  })
})

describe('stock Yjs without the gate', () => {
  const breaking = corpus.filter(({ yjs }) => yjs !== undefined)

  it.each(breaking.map(hostile => [hostile.yjs, hostile.name, hostile] as const))(
    'is %s by %s',
    (yjs, _name, hostile) => {
      expect(harm(hostile)).toContain(yjs)
    },
  )
})

/** What an update does to a plain Y.Doc. */
function harm(hostile: Hostile): string[] {
  const ydoc = new Y.Doc()
  for (const update of bases[hostile.base]) Y.applyUpdate(ydoc, update)
  const harms: string[] = []
  const before = encodedOrRuined(ydoc)
  try {
    Y.applyUpdate(ydoc, hostile.update)
  } catch {
    harms.push(encodedOrRuined(ydoc) === before ? 'throws' : 'half-applied')
  }
  if (encodedOrRuined(ydoc) === 'ruined') harms.push('ruined')
  if (ydoc.store.pendingStructs !== null || ydoc.store.pendingDs !== null) harms.push('pending')
  if (harms.length > 0) return harms
  // What deletes the block of the base is honest.
  if (hostile.base === 'block') Y.applyUpdate(ydoc, craft([], [[1, [0, 1], [4, 1]]]))
  try {
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(ydoc))
    if (copy.store.pendingStructs !== null || copy.store.pendingDs !== null) harms.push('unloadable')
    else if (JSON.stringify(visible(copy)) !== JSON.stringify(visible(ydoc))) harms.push('forgetful')
  } catch {
    harms.push('unloadable')
  }
  const value = ydoc.getMap('map').get('a')
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== Object.prototype)
    harms.push('polluted')
  return harms
}

function encodedOrRuined(ydoc: Y.Doc): string {
  try {
    return JSON.stringify(Y.encodeStateAsUpdate(ydoc))
  } catch {
    return 'ruined'
  }
}

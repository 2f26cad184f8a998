// What the model writes is what the gate expects of layout `sheaf`: blocks, anchors, marks, atoms and registers as they really
// come, from two writers who work at the same time.

import { cutSections, openBody, readBody, seedUpdate, writeBody } from '@sheaf/model'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { randomBlock } from '../../helpers/blocks.ts'
import { seededRandom } from '../../helpers/random.ts'
import { GatedReplica, reencoded, visible } from './gated-replica.ts'

function open(): { ydoc: Y.Doc; outbox: Uint8Array[] } {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  const outbox: Uint8Array[] = []
  ydoc.on('update', (update, origin) => {
    if (origin !== 'server') outbox.push(update)
  })
  return { ydoc, outbox }
}

describe('the gate and the model', () => {
  it('agree: no seed, no edit and no step 2 of two concurrent writers is refused', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = seededRandom(seed)
      const server = new GatedReplica('sheaf')
      expect(server.offer(seedUpdate({ title: 'A title', text: 'first\nsecond' }))).toBe('admit')
      server.land()
      const writers = [open(), open()]
      for (let round = 0; round < 4; round++) {
        for (const { ydoc } of writers) {
          Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(server.ydoc, Y.encodeStateVector(ydoc)), 'server')
        }
        for (const { ydoc, outbox } of writers) {
          const kept = readBody(ydoc).firstChild?.firstChild
          const blocks = Array.from({ length: 1 + random.below(6) }, () => randomBlock(random))
          writeBody(ydoc, cutSections(kept === null || kept === undefined ? blocks : [kept, ...blocks]))
          ydoc.getText('title').insert(0, 'x')
          if (random.chance(0.5)) {
            for (const update of outbox.splice(0)) expect(server.offer(update), `seed ${seed}`).toBe('admit')
          } else {
            outbox.length = 0
            const step2 = Y.encodeStateAsUpdate(ydoc, Y.encodeStateVector(server.ydoc))
            expect(server.offer(step2, 'step2'), `seed ${seed}`).toBe('admit')
          }
        }
        server.land()
      }
      for (const copy of [server.reload(), ...reencoded(server.ydoc)]) {
        expect(visible(copy), `seed ${seed}`).toEqual(visible(server.ydoc))
      }
    }
  })
})

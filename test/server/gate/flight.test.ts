// Updates build on each other faster than the disk takes them: what was admitted and is not in the replica yet is known.

import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { bases } from './bases.ts'
import { any, craft, garbage, skip, text, tombstone, type } from './craft.ts'
import { GatedReplica, reencoded, visible } from './gated-replica.ts'

const body = { root: 'body' }

function serverWith(base: keyof typeof bases, layout: 'sheaf' | 'raw' = 'sheaf'): GatedReplica {
  const server = new GatedReplica(layout)
  for (const update of bases[base]) server.offer(update)
  server.land()
  return server
}

function shown(server: GatedReplica): string {
  server.land()
  for (const copy of [server.reload(), ...reencoded(server.ydoc)]) expect(visible(copy)).toEqual(visible(server.ydoc))
  return server.ydoc.getText('body').toString()
}

describe('updates in flight', () => {
  it('are built on: by clock, origin, right origin, parent and deletion, across clients', () => {
    const server = serverWith('empty')
    expect(server.offer(craft([{ client: 1, structs: [type(body), text({ origin: [1, 0] }, 'ad')] }]))).toBe('admit')
    expect(server.offer(craft([{ client: 2, structs: [text({ origin: [1, 1], right: [1, 2] }, 'bc')] }]))).toBe('admit')
    expect(server.offer(craft([{ client: 3, structs: [any({ parent: [1, 0], key: 'kind' }, 'h1')] }]))).toBe('admit')
    expect(server.offer(craft([{ client: 1, clock: 3, structs: [text({ origin: [1, 2] }, 'e')] }]))).toBe('admit')
    expect(server.offer(craft([], [[2, [0, 1]]]))).toBe('admit')
    expect(server.inFlight).toBe(5)
    expect(shown(server)).toBe('acde')
  })

  it('leave a gap behind them as the replica does, which names what is missing', () => {
    const server = serverWith('empty')
    server.offer(craft([{ client: 1, structs: [text(body, 'ab')] }]))
    const gap = (update: Uint8Array) => server.gate.examine(update, 'update')
    expect(gap(craft([{ client: 1, clock: 3, structs: [text({ origin: [1, 1] }, 'd')] }]))).toEqual({
      kind: 'gap',
      missing: new Map([[1, 2]]),
    })
    expect(gap(craft([{ client: 2, structs: [text({ origin: [1, 2] }, 'd')] }]))).toEqual({
      kind: 'gap',
      missing: new Map([[1, 2]]),
    })
    expect(gap(craft([], [[1, [1, 2]]]))).toEqual({ kind: 'gap', missing: new Map([[1, 2]]) })
    expect(gap(craft([], [[5, [0, 1]]]))).toEqual({ kind: 'gap', missing: new Map([[5, 0]]) })
  })

  it('are nothing when they come again, deletions too, and still nothing when they have landed', () => {
    const server = serverWith('text')
    const updates = [
      craft([{ client: 2, structs: [text({ origin: [1, 10] }, 'abc')] }], [[1, [0, 3]]]),
      craft(
        [],
        [
          [1, [5, 1]],
          [2, [1, 1]],
        ],
      ),
      craft([{ client: 2, clock: 3, structs: [garbage(2), tombstone({ origin: [2, 2] }, 3)] }]),
    ]
    for (const update of updates) expect(server.offer(update)).toBe('admit')
    const again = [
      ...updates,
      craft(
        [],
        [
          [1, [0, 3], [5, 1]],
          [2, [1, 1], [3, 5]],
        ],
      ),
    ]
    for (let landed = 0; landed <= 3; landed++) {
      for (const update of again) expect(server.offer(update)).toBe('nothing')
      server.land(Math.min(1, server.inFlight))
    }
    expect(server.offer(craft([], [[1, [0, 4]]]))).toBe('admit')
  })

  it('are forgotten when the admission is not taken up, and refuse to be taken up late', () => {
    const server = serverWith('empty')
    const first = server.gate.examine(craft([{ client: 1, structs: [text(body, 'a')] }]), 'update')
    const second = server.gate.examine(craft([{ client: 1, structs: [text(body, 'b')] }]), 'update')
    if (first.kind !== 'admit' || second.kind !== 'admit') throw new Error('Both are sound.')
    server.gate.admitted(second)
    expect(() => server.gate.admitted(first)).toThrow(TypeError)
  })

  it('cannot land when they are not there', () => {
    expect(() => serverWith('empty').gate.applied(1)).toThrow(RangeError)
  })

  it('keep the neighbours of a type that is deleted meanwhile: what is half in the replica is garbage on both sides', () => {
    const server = serverWith('empty', 'raw')
    server.offer(craft([{ client: 1, structs: [type({ root: 'list' }, 0), text({ parent: [1, 0] }, 'a')] }]))
    server.offer(craft([], [[1, [0, 2]]]))
    server.offer(craft([{ client: 2, structs: [text({ origin: [1, 1] }, 'b')] }]))
    // The list and its `a` are collected; `b` waits for the disk. Somebody who had both alive writes between them.
    server.land(2)
    expect(server.offer(craft([{ client: 3, structs: [text({ origin: [1, 1], right: [2, 0] }, 'c')] }]))).toBe('admit')
    expect(shown(server)).toBe('')
  })
})

describe('what is logged', () => {
  it('is the update itself when all of it is new', () => {
    const server = serverWith('text')
    const update = craft([{ client: 2, structs: [text({ origin: [1, 10] }, 'abc')] }], [[1, [0, 3]]])
    const verdict = server.gate.examine(update, 'update')
    expect(verdict).toMatchObject({ kind: 'admit', ranges: [{ client: 2, clock: 0, end: 3 }] })
    expect(verdict.kind === 'admit' && verdict.update).toBe(update)
  })

  it('is the new part where structs are known: whole, in part, or left out by a skip', () => {
    const server = serverWith('text')
    const update = craft([
      { client: 2, structs: [text({ origin: [1, 10] }, '!')] },
      { client: 1, clock: 6, structs: [text({ origin: [1, 5] }, 'wor'), skip(1), text({ origin: [1, 9] }, 'd?')] },
    ])
    expect(server.offer(update, 'step2')).toBe('admit')
    expect(server.log.at(-1)).toEqual(
      craft([
        { client: 2, structs: [text({ origin: [1, 10] }, '!')] },
        { client: 1, clock: 11, structs: [text({ origin: [1, 10] }, '?')] },
      ]),
    )
    expect(shown(server)).toMatch(/^hello world[!?]{2}$/)
  })

  it('is without the deletions that are known, of which a step 2 brings all that the document ever had', () => {
    const server = serverWith('text')
    server.offer(craft([], [[1, [0, 2], [4, 2]]]))
    const offline = craft([{ client: 2, structs: [text({ origin: [1, 10] }, '!')] }], [[1, [0, 2], [4, 2], [8, 1]]])
    expect(server.offer(offline, 'step2')).toBe('admit')
    expect(server.log.at(-1)).toEqual(craft([{ client: 2, structs: [text({ origin: [1, 10] }, '!')] }], [[1, [8, 1]]]))
  })

  it('keeps the deletion of what comes as a tombstone, for readers who have it alive from elsewhere', () => {
    const server = serverWith('empty')
    const alive = craft([{ client: 1, structs: [text(body, 'a'), text({ origin: [1, 0] }, 'b')] }])
    const dead = craft([{ client: 1, structs: [text(body, 'a'), tombstone({ origin: [1, 0] }, 1)] }], [[1, [1, 1]]])
    const reader = new Y.Doc()
    Y.applyUpdate(reader, alive)
    expect(server.offer(dead, 'step2')).toBe('admit')
    Y.applyUpdate(reader, server.log.at(-1)!)
    expect(reader.getText('body').toString()).toBe('a')
  })
})

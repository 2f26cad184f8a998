// U10 to U13: what has its place passes, and each bound bites, where it should and not before.

import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { any, craft, embed, format, garbage, jsons, text, tombstone, type, type Where } from './craft.ts'
import { GatedReplica } from './gated-replica.ts'

const body = { root: 'body' }

function many<T>(count: number, f: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => f(index))
}

/** Behind the struct before it; the first at the start of the body. */
function next(index: number, client = 9): Where {
  return index === 0 ? body : { origin: [client, index - 1] }
}

describe('U10: layout sheaf', () => {
  it('has a place for blocks, text, atoms, marks, anchors and registers', () => {
    const server = new GatedReplica('sheaf')
    const update = craft([
      {
        client: 9,
        structs: [
          type(body),
          any({ parent: [9, 0], key: 'kind' }, 'h1'),
          any({ parent: [9, 0], key: 'indent' }, 2),
          any({ parent: [9, 0], key: 'width' }, 0.5),
          any({ parent: [9, 0], key: 'checked' }, null),
          jsons({ parent: [9, 0], key: 'old' }, '"value"'),
          format({ origin: [9, 0] }, 'strong~1~abc'),
          text({ origin: [9, 6] }, 'a\u{1F600}b'),
          embed({ origin: [9, 10] }, '{"type":"mention","ref":{"a":[1]}}'),
          format({ origin: [9, 11] }, 'strong~1~abc', 'null'),
          tombstone({ origin: [9, 12] }, 1),
          text({ root: 'title' }, 'Title'),
          any({ root: 'meta', key: 'format' }, 1),
          any({ root: 'table:t_1', key: 'r:a' }, 'm'),
          text({ root: 'cell:r-1:c_2' }, 'cell'),
          type({ root: 'cell:r-1:c_3' }),
          garbage(5),
        ],
      },
    ])
    expect(server.offer(update)).toBe('admit')
    server.land()
    expect(server.ydoc.getText('body').toString()).toBe('a\u{1F600}b')
  })

  it('leaves raw documents to their editors: any root, any type but subdocuments', () => {
    const server = new GatedReplica('raw')
    const structs = [
      ...many(7, ref => type({ root: 'list' }, ref, ref === 3 || ref === 5 ? 'p' : undefined)),
      any({ root: 'quill' }, 1n, undefined, new Uint8Array(3), { constructor: 1 }),
      text({ root: 'with spaces/and:slashes' }, 'a'),
      any({ root: 'map', key: 'constructor' }, 1),
    ]
    expect(server.offer(craft([{ client: 9, structs }]))).toBe('admit')
    server.land()
    expect(server.ydoc.getMap('map').get('constructor')).toBe(1)
  })
})

describe('U11 and U12', () => {
  it('U11: types nest as deep as editors nest them, and no deeper', () => {
    const nested = (depth: number) =>
      craft([
        {
          client: 9,
          structs: many(depth, i => type(i === 0 ? { root: 'map', key: 'a' } : { parent: [9, i - 1], key: 'a' })),
        },
      ])
    expect(new GatedReplica('raw').refusedBy(nested(200))).toBeUndefined()
    expect(new GatedReplica('raw').refusedBy(nested(201))).toBe('U11')
    const server = new GatedReplica('raw')
    server.offer(nested(200))
    server.land()
    expect(server.refusedBy(craft([{ client: 8, structs: [type({ parent: [9, 199], key: 'b' })] }]))).toBe('U11')
    server.ydoc.getMap('map').delete('a')
  })

  it('U12: a tombstone is at most a million long, of which only the new part counts', () => {
    const server = new GatedReplica('sheaf')
    const grow = (length: number) => craft([{ client: 9, structs: [tombstone(body, length)] }], [[9, [0, length]]])
    expect(server.refusedBy(grow(1_000_001))).toBe('U12')
    for (let length = 1_000_000; length <= 3_000_000; length += 1_000_000) {
      expect(server.offer(grow(length))).toBe('admit')
      if (length === 2_000_000) server.land()
    }
    server.land()
    expect(Y.getState(server.ydoc.store, 9)).toBe(3_000_000)
  })
})

describe('U13', () => {
  it('an update has at most so many bytes, more in a step 2, and so many structs', () => {
    const limits = { maxUpdateBytes: 100, maxStep2Bytes: 200, maxStructs: 20 }
    const server = new GatedReplica('sheaf', limits)
    const update = craft([{ client: 9, structs: [text(body, 'x'.repeat(120))] }])
    expect(server.outcome(update)).toBe('too-large')
    expect(server.outcome(craft([{ client: 9, structs: [text(body, 'x'.repeat(220))] }]), 'step2')).toBe('too-large')
    expect(server.outcome(update, 'step2')).toBe('admit')
    expect(server.outcome(craft([{ client: 8, structs: many(21, () => garbage(1)) }]))).toBe('too-large')
    expect(server.outcome(craft([{ client: 8, structs: many(20, () => garbage(1)) }]))).toBe('admit')
  })

  it('a document has at most so many bytes; who only deletes gets in, and makes room', () => {
    const server = new GatedReplica('sheaf', { maxDocumentBytes: 300_000 })
    const write = (client: number) => craft([{ client, structs: [text(body, 'x'.repeat(120_000))] }])
    expect([write(1), write(2), write(3)].map(update => server.outcome(update))).toEqual([
      'admit',
      'admit',
      'too-large',
    ])
    server.land()
    expect(server.outcome(write(3))).toBe('too-large')
    expect(server.outcome(craft([], [[1, [0, 120_000]]]))).toBe('admit')
    server.land()
    expect(server.outcome(write(3))).toBe('admit')
  })

  it('counts what a document holds when it is opened', () => {
    const full = new GatedReplica('sheaf', { maxDocumentBytes: 300_000 })
    full.offer(craft([{ client: 1, structs: [text(body, 'é'.repeat(149_000))] }]))
    full.land()
    const reopened = new GatedReplica('sheaf', { maxDocumentBytes: 300_000 }, full.reload())
    expect(reopened.outcome(craft([{ client: 2, structs: [text(body, 'x'.repeat(3_000))] }]))).toBe('too-large')
    expect(reopened.outcome(craft([{ client: 2, structs: [text(body, 'x'.repeat(1_000))] }]))).toBe('admit')
  })

  it('bounds format items by the text that there is', () => {
    const server = new GatedReplica('sheaf')
    const formats = (client: number, count: number) =>
      craft([{ client, structs: many(count, i => format(next(i, client), 'strong~1~a')) }])
    expect(server.outcome(formats(1, 1_001))).toBe('too-large')
    expect(server.outcome(formats(1, 1_000))).toBe('admit')
    expect(server.outcome(formats(2, 1))).toBe('too-large')
    expect(server.outcome(craft([{ client: 3, structs: [text(body, 'x')] }]))).toBe('admit')
    expect(server.outcome(formats(2, 4))).toBe('admit')
    expect(server.outcome(formats(4, 1))).toBe('too-large')
  })

  it('lets a mark be put on and taken off for ever', () => {
    const server = new GatedReplica('sheaf')
    server.offer(craft([{ client: 1, structs: [text(body, 'word')] }]))
    for (let i = 0; i < 3_000; i++) {
      const marks = [format({ right: [1, 0] }, `strong~${i}~a`), format({ origin: [1, 3] }, `strong~${i}~a`, 'null')]
      expect(server.offer(craft([{ client: 2, clock: 2 * i, structs: marks }]))).toBe('admit')
      expect(server.offer(craft([], [[2, [2 * i, 2]]]))).toBe('admit')
      if (i % 10 === 0) server.land()
    }
  })

  it('bounds blocks, of those that are alive', () => {
    const server = new GatedReplica('sheaf')
    const blocks = (client: number, count: number) =>
      craft([{ client, structs: many(count, i => type(next(i, client))) }])
    expect(server.outcome(blocks(1, 200_000), 'step2')).toBe('admit')
    server.land()
    expect(server.outcome(blocks(2, 1))).toBe('too-large')
    expect(server.outcome(craft([], [[1, [0, 150_000]]]))).toBe('admit')
    server.land()
    expect(server.outcome(blocks(2, 1))).toBe('admit')
  })

  it('bounds tables and clients, of which only new ones count', () => {
    const server = new GatedReplica('sheaf')
    const tables = many(10_001, i => any({ root: `table:${i}`, key: 'r:a' }, 'm'))
    expect(server.outcome(craft([{ client: 1, structs: tables }]), 'step2')).toBe('too-large')
    const clients = (from: number, count: number) =>
      craft(many(count, i => ({ client: from + count - i, structs: [garbage(1)] })))
    expect(server.outcome(clients(0, 1_001))).toBe('too-large')
    expect(server.outcome(clients(0, 1_000))).toBe('admit')
    expect(server.outcome(clients(0, 2_000))).toBe('admit')
    expect(server.outcome(clients(2_000, 2_000), 'step2')).toBe('admit')
  })
})

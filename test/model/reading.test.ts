// Reading is total: every content of a Y.Text reads to a schema-valid document, the same on every replica, and never writes.

import { blocksOf, openBody, readBody, schema } from '@sheaf/model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { insertFormat, insertText } from '../../packages/model/src/layout.ts'
import { seeds } from '../helpers/cases.ts'
import { seededRandom } from '../helpers/random.ts'
import { disturb } from '../helpers/strangers.ts'

test('B10: whatever stands in a body reads to a valid document, the same on every replica', () => {
  for (const seed of seeds({ short: 100, long: 2_000 })) {
    const random = seededRandom(seed)
    const replicas = [0, 1, 2].map(index => {
      const ydoc = new Y.Doc()
      ydoc.clientID = 280 + index
      openBody(ydoc)
      return ydoc
    })
    for (let round = 0; round < 4; round++) {
      for (const ydoc of replicas) for (let i = random.below(8); i > 0; i--) disturb(random, ydoc)
      const updates = replicas.map(ydoc => Y.encodeStateAsUpdate(ydoc))
      for (const ydoc of replicas) for (const update of updates) Y.applyUpdate(ydoc, update)
    }
    const state = Y.encodeStateAsUpdate(replicas[0]!)
    const fresh = new Y.Doc()
    Y.applyUpdate(fresh, state)
    const readings = [...replicas, fresh].map(readBody)
    for (const reading of readings) {
      reading.check()
      expect(reading.toJSON(), `seed ${seed}`).toEqual(readings[0]!.toJSON())
    }
    const ids = blocksOf(readings[0]!).flatMap(block => block.attrs.id ?? [])
    expect(new Set(ids).size, `seed ${seed}: ids are unique`).toBe(ids.length)
    expect(Y.encodeStateAsUpdate(replicas[0]!), 'reading never writes').toEqual(state)
  }
})

test('B10: of thousands of open spans of one mark a few count, and reading stays quick', () => {
  const ydoc = new Y.Doc()
  const body = openBody(ydoc)
  ydoc.transact(tr => {
    let last = insertText(tr, body, null, 'x')
    for (let i = 0; i < 10_000; i++) {
      last = insertText(tr, body, insertFormat(tr, body, last, `strong~${i + 1}~${i}`, i % 2 === 0), 'y')
    }
  })
  const start = process.cpuUsage()
  readBody(ydoc).check()
  const { user, system } = process.cpuUsage(start)
  expect((user + system) / 1_000).toBeLessThan(2_000)
})

test('B4: the highest counter wins among overlapping spans, and false is not marked', () => {
  const ydoc = new Y.Doc()
  const body = openBody(ydoc)
  body.insert(0, 'abcdef')
  body.format(0, 6, { 'strong~1~aa': true })
  body.format(2, 2, { 'strong~2~bb': false })
  const [block] = blocksOf(readBody(ydoc))
  expect(block!.children.map(child => [child.text, child.marks.length])).toEqual([
    ['ab', 1],
    ['cd', 0],
    ['ef', 1],
  ])
})

test('B9: text in front of the first marker is a paragraph without an id; an empty body is one empty paragraph', () => {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  expect(readBody(ydoc).toString()).toBe('doc(section(paragraph))')
  ydoc.getText('body').insert(0, 'hi')
  expect(blocksOf(readBody(ydoc))[0]!.toJSON()).toEqual(schema.node('paragraph', null, schema.text('hi')).toJSON())
})

test('B1, B10: a register of a wrong type or out of range reads as its default, and never as what it looks like', () => {
  const read = (registers: Record<string, unknown>): Record<string, unknown> => {
    const ydoc = new Y.Doc()
    openBody(ydoc).insertEmbed(0, new Y.Map(Object.entries(registers)))
    const [block] = blocksOf(readBody(ydoc))
    const { id, ...attrs } = block!.attrs
    expect(typeof id).toBe('string')
    return { type: block!.type.name, ...attrs }
  }
  const wrong = [undefined, null, '1', 'true', 1.5, -1, Number.POSITIVE_INFINITY, 1e12, {}, [1], true, 'x'.repeat(9)]
  expect(read({ kind: 7, indent: '2' })).toEqual(read({}))
  for (const [kind, register, right] of [
    ['h1', 'indent', 3],
    ['task', 'checked', true],
    ['toggle', 'open', false],
    ['ordered', 'start', 4],
    ['image', 'width', 240],
    ['image', 'align', 'center'],
    ['callout', 'tone', 'tip'],
    ['h2', 'align', 'end'],
  ] as const) {
    const plain = read({ kind })
    expect(read({ kind, [register]: right }), `${kind} ${register}`).toEqual({ ...plain, [register]: right })
    for (const value of wrong) {
      if (typeof value === 'boolean' && typeof right === 'boolean') continue
      if (value === -1 && register === 'start') continue
      expect(read({ kind, [register]: value }), `${kind} ${register} ${String(value)}`).toEqual(plain)
    }
  }
})

test('B10: the first 32 open spans of one mark count', () => {
  for (const before of [31, 32]) {
    const ydoc = new Y.Doc()
    const body = openBody(ydoc)
    ydoc.transact(tr => {
      let last = insertText(tr, body, null, 'x')
      for (let i = 1; i <= before; i++) last = insertFormat(tr, body, last, `strong~${i}~a`, true)
      insertText(tr, body, insertFormat(tr, body, last, `strong~${before + 1}~a`, false), 'y')
    })
    const { lastChild } = blocksOf(readBody(ydoc))[0]!
    expect(lastChild!.marks.length, `behind ${before}`).toBe(before === 31 ? 0 : 1)
  }
})

test('B11: neighbouring units that this version does not know are one opaque atom of that many places', () => {
  const ydoc = new Y.Doc()
  const body = openBody(ydoc)
  body.insert(0, 'ab')
  for (const kind of ['poll', 'sound', 'poll']) body.insertEmbed(1, { kind })
  body.insertEmbed(5, { kind: 'math', tex: 'x' })
  expect(blocksOf(readBody(ydoc))[0]!.children.map(({ type, attrs }) => [type.name, attrs.size ?? null])).toEqual([
    ['text', null],
    ['opaque_atom', 3],
    ['text', null],
    ['inline_math', null],
  ])
})

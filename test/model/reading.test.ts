// Reading is total: every content of a Y.Text reads to a schema-valid document, the same on every replica, and never writes.

import { blocksOf, openBody, readBody, schema } from '@sheaf/model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { insertFormat, insertText } from '../../packages/model/src/layout.ts'
import { type Random, seededRandom } from '../helpers/random.ts'

const cases = Number(process.env.CASES ?? 600)

const registers = [
  'kind',
  'indent',
  'checked',
  'language',
  'src',
  'alt',
  'width',
  'tone',
  'open',
  'align',
  'start',
  'gone',
  'was',
]
const kinds = [
  'paragraph',
  'h1',
  'h4',
  'h9',
  'bullet',
  'ordered',
  'task',
  'code',
  'image',
  'divider',
  'table',
  'constructor',
  '',
]

function strangeValue(random: Random): unknown {
  return random.pick([
    null,
    true,
    false,
    0,
    -5,
    3,
    1.5,
    1e300,
    Number.NaN,
    'x',
    '',
    '12',
    'center',
    '😀',
    '\ud83d',
    [],
    [1],
    {},
    { href: 'javascript:alert(1)' },
    { href: 5 },
    { color: 3 },
    { kind: 'mention', label: 7 },
    { kind: 'unknown', a: { b: 1 } },
    { kind: 'math', tex: 'x' },
    { ['__proto__']: 1 },
    1n,
    new Uint8Array([1, 2]),
  ])
}

function strangeKey(random: Random): string {
  const name = random.pick(['strong', 'em', 'link', 'highlight', 'newer', 'constructor', '__proto__', 'code'])
  return random.pick([
    name,
    `${name}~1~ab`,
    `${name}~${random.below(5)}~${random.pick(['ab', 'cd', 'Z'])}`,
    `${name}~~`,
    `${name}~-1~x`,
    `${name}~1e9~x`,
    '~1~a',
    `${name}~${'9'.repeat(30)}~a`,
  ])
}

/**
 * One strange act on the body, through whatever Yjs offers. No characters of two code units: where a foreign client writes between
 * the two, Yjs itself keeps different texts on different replicas.
 */
function disturb(random: Random, ydoc: Y.Doc): void {
  const body = ydoc.getText('body')
  const at = random.below(body.length + 1)
  const kind = random.below(9)
  if (kind <= 1) body.insert(at, random.pick(['hello', 'a\nb', '\r\n', '\u0000', 'x'.repeat(50), '\ufffc']))
  else if (kind <= 3) {
    const map = new Y.Map<unknown>()
    for (const name of registers) {
      if (random.chance(0.25))
        map.set(name, name === 'kind' && random.chance(0.7) ? random.pick(kinds) : strangeValue(random))
    }
    if (random.chance(0.1)) map.set('kind', new Y.Map())
    if (random.chance(0.2)) map.set('was', random.pick(['a.1', 'a.1~', '7s.0', '7s.1', '7s.5', '7s.9~']))
    body.insertEmbed(at, map)
  } else if (kind === 4) body.insertEmbed(at, random.pick([new Y.Text('inner'), new Y.Array(), new Y.XmlElement('p')]))
  else if (kind === 5) {
    const value = strangeValue(random)
    if (typeof value === 'object' && value !== null) body.insertEmbed(at, value)
  } else if (kind <= 7 && body.length > 0) {
    const from = random.below(body.length)
    const value = strangeValue(random)
    if (typeof value === 'bigint') return
    body.format(from, 1 + random.below(body.length - from), { [strangeKey(random)]: value })
  } else if (body.length > 0) {
    const from = random.below(body.length)
    body.delete(from, Math.min(1 + random.below(3), body.length - from))
  }
}

test('whatever stands in a body reads to a valid document, the same on every replica', () => {
  for (let seed = Number(process.env.SEED ?? 1); seed <= cases; seed++) {
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

test('of thousands of open spans of one mark a few count, and reading stays quick', () => {
  const ydoc = new Y.Doc()
  const body = openBody(ydoc)
  ydoc.transact(tr => {
    let last = insertText(tr, body, null, 'x')
    for (let i = 0; i < 10_000; i++) {
      last = insertText(tr, body, insertFormat(tr, body, last, `strong~${i + 1}~${i}`, i % 2 === 0), 'y')
    }
  })
  const start = performance.now()
  readBody(ydoc).check()
  expect(performance.now() - start).toBeLessThan(2_000)
})

test('the highest counter wins among overlapping spans, and false is not marked', () => {
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

test('text in front of the first marker is a paragraph without an id; an empty body is one empty paragraph', () => {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  expect(readBody(ydoc).toString()).toBe('doc(section(paragraph))')
  ydoc.getText('body').insert(0, 'hi')
  expect(blocksOf(readBody(ydoc))[0]!.toJSON()).toEqual(schema.node('paragraph', null, schema.text('hi')).toJSON())
})

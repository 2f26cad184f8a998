// Noticing what this version does not know.

import { bodyFormat, holdsUnknown, isOfNewerFormat, openBody, readBody, seedUpdate, writeBody } from '@sheaf/model'
import { parseMarkdown } from '@sheaf/model/formats'
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededRandom } from '../helpers/random.ts'
import { disturb } from '../helpers/strangers.ts'

function documentOf(text: string): Y.Doc {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate({ text }))
  return ydoc
}

test.each([
  ['a kind', (body: Y.Text) => body.insertEmbed(3, new Y.Map([['kind', 'board']]))],
  ['an atom', (body: Y.Text) => body.insertEmbed(3, { kind: 'poll' })],
  ['content of another type', (body: Y.Text) => body.insertEmbed(3, new Y.Array())],
  ['a mark', (body: Y.Text) => body.format(2, 3, { 'glow~1~ab': { strength: 2 } })],
])('B29: %s that is not known is noticed, and no longer when it goes', (_what, write) => {
  const ydoc = documentOf('The sea\nis deep')
  const before = readBody(ydoc)
  expect(holdsUnknown(before)).toBe(false)
  write(ydoc.getText('body'))
  expect(holdsUnknown(readBody(ydoc))).toBe(true)
  ydoc.getText('body').delete(0, ydoc.getText('body').length)
  expect(holdsUnknown(readBody(ydoc))).toBe(false)
})

test('B29: what is known is not taken for unknown: malformed keys, wrong values and plain words', () => {
  const ydoc = documentOf('The sea\nis deep')
  const body = ydoc.getText('body')
  body.format(2, 3, { glow: true, 'glow~~': true, 'strong~1~ab': true })
  body.insertEmbed(4, new Y.Map<unknown>([['kind', 5]]))
  body.insertEmbed(4, { kind: 'mention', label: 7 })
  expect(holdsUnknown(readBody(ydoc))).toBe(false)
})

test('B29: a newer layout is a greater number in `meta`, and nothing else is', () => {
  const ydoc = documentOf('')
  expect(isOfNewerFormat(ydoc)).toBe(false)
  for (const format of [bodyFormat, 0, -1, '2', null, Number.NaN, {}]) {
    ydoc.getMap('meta').set('format', format)
    expect(isOfNewerFormat(ydoc)).toBe(false)
  }
  ydoc.getMap('meta').set('format', bodyFormat + 1)
  expect(isOfNewerFormat(ydoc)).toBe(true)
})

test('B29: after any edit the answer is that of a walk over the document', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = seededRandom(seed)
    const ydoc = documentOf('first\nsecond\nthird')
    for (let round = 0; round < 8; round++) {
      disturb(random, ydoc)
      const doc = readBody(ydoc)
      expect(holdsUnknown(doc), `seed ${seed}`).toBe(walked(doc))
      // Sections and blocks that are shared with the document before were looked at already.
      writeBody(ydoc, doc)
      expect(holdsUnknown(readBody(ydoc)), `seed ${seed}`).toBe(walked(readBody(ydoc)))
    }
  }
})

test('B29: a document that names no unknown marks leaves them on the text that stays, and one that names others writes those', () => {
  const ydoc = documentOf('The sea\nis deep')
  const body = ydoc.getText('body')
  // "The sea", and "is".
  body.format(1, 7, { 'glow~1~ab': { strength: 2 } })
  body.format(9, 2, { 'glow~1~cd': true })
  writeBody(ydoc, parseMarkdown('The wide *sea*\n\n# is <span data-mark="glow" data-value="7">very</span> deep'))
  expect(glowing(readBody(ydoc))).toEqual(['The wide =2', 'sea=2', 'is=true', 'very=7'])
})

/** Texts with the mark `glow`, and its value or strength. */
function glowing(doc: Node): string[] {
  const texts: string[] = []
  doc.descendants(node => {
    const mark = node.marks.find(({ attrs }) => attrs.name === 'glow')
    if (mark !== undefined) texts.push(`${node.text}=${mark.attrs.value.strength ?? mark.attrs.value}`)
  })
  return texts
}

function walked(doc: Node): boolean {
  let found = false
  doc.descendants(node => {
    found ||= node.type.name.startsWith('opaque') || node.marks.some(mark => mark.type.name === 'opaque_mark')
  })
  return found
}

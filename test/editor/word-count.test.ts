import { cutSections, schema } from '@sheaf/model'
import { expect, test } from 'vitest'
import { countDocument } from '../../packages/editor/src/word-count.ts'
import { seededRandom } from '../helpers/random.ts'
import { makeTable } from '../helpers/table-acts.ts'

const paragraph = (text: string) => schema.nodes.paragraph.create(null, schema.text(text))

const words = (doc: Parameters<typeof countDocument>[0]): number => countDocument(doc).words

test('words are counted as people count them, in any script, and those of each cell by themselves', () => {
  expect(words(cutSections([paragraph('It’s two lines — no more.')]))).toBe(5)
  expect(words(cutSections([paragraph('東京都')]))).toBeGreaterThan(0)
  const table = makeTable([
    ['Team', 'Goal'],
    ['Editor', '12 ms'],
  ])
  expect(words(cutSections([paragraph('Numbers first.'), table]))).toBe(7)
})

test('plain text is counted as the rules of Unicode count it', () => {
  const rules = new Intl.Segmenter(undefined, { granularity: 'word' })
  const random = seededRandom(1)
  for (let i = 0; i < 3_000; i++) {
    const text = `a${Array.from({ length: random.below(14) }, () => random.pick([...'aZ09 .,;:!?()"-b7'])).join('')}`
    const expected = [...rules.segment(text)].filter(part => part.isWordLike).length
    expect([text, words(cutSections([paragraph(text)]))]).toEqual([text, expected])
  }
})

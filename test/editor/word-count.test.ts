import { cutSections, schema } from '@sheaf/model'
import { expect, test } from 'vitest'
import { countDocument } from '../../packages/editor/src/word-count.ts'
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

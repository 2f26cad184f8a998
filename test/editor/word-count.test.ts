import { cutSections, schema } from '@sheaf/model'
import { expect, test } from 'vitest'
import { countWords } from '../../packages/editor/src/word-count.ts'
import { makeTable } from '../helpers/table-acts.ts'

const paragraph = (text: string) => schema.nodes.paragraph.create(null, schema.text(text))

test('words are counted as people count them, in any script, and those of each cell by themselves', () => {
  expect(countWords(cutSections([paragraph('It’s two lines — no more.')]))).toBe(5)
  expect(countWords(cutSections([paragraph('東京都')]))).toBeGreaterThan(0)
  const table = makeTable([
    ['Team', 'Goal'],
    ['Editor', '12 ms'],
  ])
  expect(countWords(cutSections([paragraph('Numbers first.'), table]))).toBe(7)
})

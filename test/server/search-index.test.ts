// The index of the search, beside a search that reads everything.

import { describe, expect, test } from 'vitest'
import { SearchIndex } from '../../server/src/accounts/search-index.ts'
import { fold, isNear, wordsOf } from '../../server/src/accounts/search-words.ts'
import { seededRandom } from '../helpers/random.ts'

const vocabulary = [
  'lamp',
  'lamps',
  'gutter',
  'shelf',
  'shelves',
  'room',
  'reading',
  'über',
  '図書館',
  '東京',
  'a1',
  'Ω',
]

function add(index: SearchIndex, id: string, title: string, text: string): void {
  for (const _ of index.add(id, title, [text])) {
    // All at once.
  }
}

describe('the index', () => {
  test('finds exactly the documents that have every word, through edits and deletions', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed)
      const index = new SearchIndex()
      const texts = new Map<string, string>()
      const some = (): string => Array.from({ length: random.below(8) }, () => random.pick(vocabulary)).join(' ')
      for (let step = 0; step < 400; step++) {
        const id = `d${random.below(30)}`
        if (random.below(4) === 0) {
          texts.delete(id)
          index.remove(id)
        } else {
          const text = some()
          texts.set(id, text)
          add(index, id, '', text)
        }
      }
      expect(index.documents).toBe(texts.size)
      for (let query = 0; query < 30; query++) {
        const words = [random.pick(vocabulary), random.pick(vocabulary)]
        // The space closes the last word: whole words only.
        const found = index.search(`${words.join(' ')} `).hits.map(({ documentId }) => documentId)
        const has = (text: string, word: string) => {
          const all = new Set([...wordsOf(text)].map(({ text }) => text))
          return [...wordsOf(word)].every(({ text }) => all.has(text))
        }
        const expected = [...texts].filter(([, text]) => words.every(word => has(text, word))).map(([id]) => id)
        expect(found.sort()).toEqual(expected.sort())
      }
    }
  })

  test('forgets what is dead: a document that is written ten thousand times costs no more than once', () => {
    const index = new SearchIndex()
    for (let i = 0; i < 10_000; i++) add(index, 'plan', 'Plan', `word${i % 50} lamp w${i}`)
    expect(index.words).toBeLessThan(3_000)
    expect(index.search('lamp').hits).toHaveLength(1)
  })
})

describe('words', () => {
  test.each([
    ['Don’t stop', ['don', 't', 'stop']],
    ['naïve ÉCOLE', ['naive', 'ecole']],
    ['東京の図書館', ['東京', '京の', 'の図', '図書', '書館']],
    ['v2 図 a', ['v2', '図', 'a']],
    ['😀 ok', ['ok']],
    ['مرحبا بالعالم', ['مرحبا', 'بالعالم']],
    ['กขค', ['กข', 'ขค']],
  ])('%s', (text, words) => {
    expect([...wordsOf(text)].map(word => word.text)).toEqual(words)
    for (const { from, to, text: word } of wordsOf(text)) expect(fold(text.slice(from, to))).toBe(word)
  })

  test('near is one or two slips of a finger', () => {
    expect(isNear('gutter', 'guttre', 1)).toBe(true)
    expect(isNear('gutter', 'guter', 1)).toBe(true)
    expect(isNear('gutter', 'butler', 1)).toBe(false)
    expect(isNear('gutter', 'butler', 2)).toBe(true)
  })
})

// Finding in documents: what is a match, where it is, and that a document is searched once.

import { cutSections } from '@sheaf/model'
import { expect, test } from 'vitest'
import { Finder, type Match, nearestMatch, patternOf, type Query } from '../../packages/editor/src/find.ts'
import { readLines, stateOf } from '../helpers/lines.ts'

const plain: Query = { text: '', isCaseSensitive: false, isWholeWord: false, isPattern: false }

function finder(query: Partial<Query>): Finder {
  return new Finder(patternOf({ ...plain, ...query })!)
}

function texts(lines: readonly string[], query: Partial<Query>): string[] {
  const { doc } = stateOf(lines, 2)
  return finder(query)
    .find(doc)
    .map(({ from, to }) => doc.textBetween(from, to, '|', '\ufffc'))
}

test('finds letters in any case, words by their edges in every script, and nothing over the end of a block', () => {
  expect(texts(['p Anna and ann', 'h1 ANNa'], { text: 'ann' })).toEqual(['Ann', 'ann', 'ANN'])
  expect(texts(['p Anna and ann', 'h1 ANNa'], { text: 'ann', isCaseSensitive: true })).toEqual(['ann'])
  expect(texts(['p Anna and ann', 'h1 ANNa'], { text: 'ann', isWholeWord: true })).toEqual(['ann'])
  expect(texts(['p über Überzug'], { text: 'ÜBER', isWholeWord: true })).toEqual(['über'])
  expect(texts(['p ab', 'p cd'], { text: 'bc' })).toEqual([])
})

test('what is typed is no expression unless that is asked for', () => {
  expect(texts(['p a.c abc (x)'], { text: 'a.c' })).toEqual(['a.c'])
  expect(texts(['p a.c abc (x)'], { text: '(x)' })).toEqual(['(x)'])
  expect(texts(['p a.c abc (x)'], { text: 'a.c', isPattern: true })).toEqual(['a.c', 'abc'])
  expect(texts(['p aXa'], { text: 'x*', isPattern: true })).toEqual(['X'])
  expect(texts(['p 😀a😀'], { text: '^|$', isPattern: true })).toEqual([])
  expect(() => patternOf({ ...plain, text: '(', isPattern: true })).toThrow(SyntaxError)
  expect(patternOf(plain)).toBeNull()
})

test('a replacement takes groups from an expression, and stands for itself otherwise', () => {
  const dates = finder({ text: '(\\d+)\\.(\\d+)', isPattern: true })
  expect(dates.replacement('on 24.12 or', { from: 3, to: 8 }, '$2/$1 ($&) $$ $3', true)).toBe('12/24 (24.12) $ $3')
  expect(dates.replacement('on 24.12 or', { from: 3, to: 8 }, '$2', false)).toBe('$2')
})

test('the nearest match is the next one, and behind the last one the first', () => {
  const matches: Match[] = [3, 9, 20].map(from => ({ from, to: from + 1 }))
  expect([0, 3, 4, 20, 21].map(position => nearestMatch(matches, position))).toEqual([0, 0, 1, 2, 0])
  expect(nearestMatch([], 5)).toBe(-1)
})

test('10,000 blocks are searched once; after an edit only the block that changed', () => {
  const { blocks } = readLines(Array.from({ length: 10_000 }, (_, i) => `p line ${i} with a needle in it`))
  const doc = cutSections(blocks)
  const looking = finder({ text: 'needle' })
  let searched = 0
  const search = looking.findInText.bind(looking)
  looking.findInText = text => {
    searched++
    return search(text)
  }
  expect(looking.find(doc)).toHaveLength(10_000)
  expect(searched).toBe(10_000)
  const section = doc.child(7)
  const edited = section.copy(section.content.replaceChild(3, blocks[0]!.copy(blocks[1]!.content)))
  const after = looking.find(doc.copy(doc.content.replaceChild(7, edited)))
  expect(after).toHaveLength(10_000)
  expect(searched).toBe(10_001)
  expect(looking.find(doc)[0]).toEqual(after[0])
})

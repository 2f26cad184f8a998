// Which language a page speaks, and numbers in its sentences.
// @vitest-environment happy-dom

import { phrase, plural } from '@sheaf/editor/plural'
import { afterEach, describe, expect, test } from 'vitest'
import { pickLanguage } from '../../web/src/app/language.ts'

const known = ['en', 'de', 'pt', 'zh-Hans']

describe('the language of the interface', () => {
  test.each([
    [null, ['de-AT', 'en'], 'de'],
    [null, ['xx', 'PT-br', 'en'], 'pt'],
    [null, ['zh-CN'], 'zh-Hans'],
    [null, ['zh-Hans-CN'], 'zh-Hans'],
    [null, ['xx'], 'en'],
    [null, [], 'en'],
    ['de', ['en'], 'de'],
    ['gone', ['pt'], 'pt'],
  ] as const)('chosen %s, wanted %j: %s', (chosen, wanted, tag) => {
    expect(pickLanguage(chosen, wanted, known)).toBe(tag)
  })
})

describe('numbers in sentences', () => {
  afterEach(() => {
    phrase.tag = 'en'
  })

  test('each language has its own plural forms and its own digits', () => {
    expect([1, 2, 1_200].map(n => plural(n, { one: '1 word', other: '# words' }))).toEqual([
      '1 word',
      '2 words',
      '1,200 words',
    ])
    phrase.tag = 'ar'
    const forms = { zero: 'z', one: 'o', two: 't', few: 'f #', many: 'm #', other: 'x #' }
    expect([0, 1, 2, 3, 11, 100].map(n => plural(n, forms)[0])).toEqual(['z', 'o', 't', 'f', 'm', 'x'])
    phrase.tag = 'de'
    expect(plural(1_200, { one: '1 Wort', other: '# Wörter' })).toBe('1.200 Wörter')
  })

  test('a form that is left out is the one for all others', () => {
    expect(plural(1, { other: '# kept' })).toBe('1 kept')
  })
})

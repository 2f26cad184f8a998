// How a query in the slash menu finds a block.

import { describe, expect, test } from 'vitest'
import { findItems } from '../../packages/editor/src/slash-items.ts'

function names(query: string): string[] {
  return findItems(query).map(({ item }) => item.name)
}

describe('the slash menu', () => {
  test('offers everything before anything is typed', () => {
    expect(names('')).toContain('Divider')
    expect(names('').length).toBe(19)
  })

  test.each([
    ['h2', 'Heading 2'],
    ['head', 'Heading 1'],
    ['todo', 'Task list'],
    ['bul', 'Bulleted list'],
    ['num', 'Numbered list'],
    ['hr', 'Divider'],
    ['cb', 'Code block'],
    ['QUOTE', 'Quote'],
    ['fold', 'Toggle'],
  ])('%s finds %s first', (query, name) => {
    expect(names(query)[0]).toBe(name)
  })

  test('tells which letters it found, so that they can be shown', () => {
    expect(findItems('bul')[0]?.letters).toEqual([0, 1, 2])
    expect(findItems('cb')[0]?.letters).toEqual([0, 5])
  })

  test('finds nothing for words that name no block', () => {
    expect(names('dear')).toEqual([])
    expect(names('x')).toEqual([])
  })
})

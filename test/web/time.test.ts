// Times at the end of a row, and the groups of a list. Local times throughout, as a person at the screen reads them.

import { describe, expect, test } from 'vitest'
import { dayGroup, groupBy, shortTime } from '../../web/src/app/time.ts'

/** A Friday. */
const now = new Date(2026, 10, 20, 11, 0)

describe('the time of a row', () => {
  test.each([
    ['today', new Date(2026, 10, 20, 10, 51), '10:51'],
    ['a moment ahead, by a clock that is fast', new Date(2026, 10, 20, 11, 2), '11:02'],
    ['yesterday', new Date(2026, 10, 19, 16, 2), 'Thu 16:02'],
    ['six days ago', new Date(2026, 10, 14, 9, 5), 'Sat 09:05'],
    ['this year', new Date(2026, 9, 3, 9, 5), '3 Oct'],
    ['another year', new Date(2025, 10, 14, 9, 5), '14 Nov 2025'],
  ])('%s', (_name, time, words) => {
    expect(shortTime(time, now)).toBe(words)
  })
})

describe('the group of a row', () => {
  test.each([
    ['a minute after midnight', new Date(2026, 10, 20, 0, 1), 'Today'],
    ['a minute before midnight', new Date(2026, 10, 19, 23, 59), 'Yesterday'],
    ['the Monday of this week', new Date(2026, 10, 16, 8), 'This week'],
    ['the Sunday before', new Date(2026, 10, 15, 8), 'Last week'],
    ['the Monday before', new Date(2026, 10, 9, 8), 'Last week'],
    ['two weeks ago', new Date(2026, 10, 8, 8), 'November'],
    ['another year', new Date(2025, 10, 8, 8), 'November 2025'],
  ])('%s', (_name, time, heading) => {
    expect(dayGroup(time, now)).toBe(heading)
  })

  test('rows under one heading stay together in their order', () => {
    const groups = groupBy([3, 1, 4, 15, 9], value => (value < 10 ? 'small' : 'large'))
    expect(groups).toEqual([
      { heading: 'small', items: [3, 1, 4] },
      { heading: 'large', items: [15] },
      { heading: 'small', items: [9] },
    ])
  })
})

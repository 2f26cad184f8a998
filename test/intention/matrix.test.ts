// A part of the matrix as a test, all of it in the long run; `npx tsx test/intention/run.ts` prints it.

import { expect, test } from 'vitest'
import { judge } from './cases.ts'
import { runMatrix } from './matrix.ts'
import { runTableMatrix } from './tables.ts'

const isLong = process.env.SHEAF_LONG === '1'

test('B23: no structural edit loses or displaces what somebody else types at the same time', () => {
  const cases = runMatrix('', isLong ? 1 : 9)
  const bad = cases.filter(({ outcome }) => outcome !== 'kept' && outcome !== 'named')
  expect(bad).toEqual([])
  expect(cases.length).toBeGreaterThan(isLong ? 3_000 : 300)
})

test('B23: no edit of a table loses or displaces what somebody else types in it at the same time', () => {
  const cases = runTableMatrix('', isLong ? 1 : 21)
  const bad = cases.filter(({ outcome }) => outcome !== 'kept' && outcome !== 'named')
  expect(bad).toEqual([])
  expect(cases.length).toBeGreaterThan(isLong ? 3_000 : 150)
})

test('the judge tells kept, displaced and lost apart', () => {
  const before = ['abc', 'def']
  const spot = { block: 1, offset: 1 }
  expect(judge(before, ['abc', 'd', 'ef'], ['abc', 'd①②③', 'ef'], spot)).toBe('kept')
  expect(judge(before, ['abc', 'def'], ['abc', 'de①②③f'], spot)).toBe('displaced')
  expect(judge(before, ['abc'], ['abc①②③'], spot)).toBe('displaced')
  expect(judge(before, ['abc'], ['abc', '①②③'], spot)).toBe('kept')
  expect(judge(before, ['abc', 'def'], ['abc', 'd①②③①②③ef'], spot)).toBe('lost')
  expect(judge(before, ['abc', 'def'], ['abc', 'def'], spot)).toBe('lost')
})

// P9 in small: the churn of test/prove/churn.ts for a minute of its clock.

import { expect, test } from 'vitest'
import { churn } from '../prove/churn.ts'

test('P9: whoever joined, typed, fell behind and left has left nothing behind', async () => {
  const { joins, edits, documents, timersLeft } = await churn({ minutes: 1, seed: 7 })
  expect(timersLeft).toBe(0)
  expect(Math.min(joins, edits, documents)).toBeGreaterThan(10)
})

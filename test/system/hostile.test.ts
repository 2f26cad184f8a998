// P5 in small: the campaign of test/prove/P5.ts with a thousand frames.

import { expect, test } from 'vitest'
import { prove } from '../prove/P5.ts'

test('P5: a thousand hostile frames cost no process, no bystander and no edit', async () => {
  const { frames, processDeaths, bystandersDropped, editsLost, edits } = await prove({ full: false, frames: 1_000 })
  expect(frames).toBeGreaterThanOrEqual(1_000)
  expect({ processDeaths, bystandersDropped, editsLost }).toEqual({
    processDeaths: 0,
    bystandersDropped: 0,
    editsLost: 0,
  })
  expect(edits).toBeGreaterThan(50)
})

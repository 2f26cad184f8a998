// P5 in small: the campaign of test/prove/P5.ts with a few hundred frames.

import { expect, test } from 'vitest'
import { prove } from '../prove/P5.ts'

test('P5: hundreds of hostile frames cost no process, no bystander and no edit', async () => {
  const { frames, processDeaths, bystandersDropped, editsLost, edits } = await prove({ full: false, frames: 300 })
  expect(frames).toBeGreaterThanOrEqual(300)
  expect({ processDeaths, bystandersDropped, editsLost }).toEqual({
    processDeaths: 0,
    bystandersDropped: 0,
    editsLost: 0,
  })
  expect(edits).toBeGreaterThan(50)
})

// Every kind of byte of a small write-ahead file, flipped, and the file cut there (docs/storage.md S60).

import { expect, test } from 'vitest'
import { isLongRun } from '../../helpers/requirements.ts'
import { damageEveryByte } from '../../simulation/damage.ts'

const step = isLongRun ? 1 : 7

test('S60: whichever byte is flipped, no document opens shorter than it was without saying so', async () => {
  const { positions, whole, earlier, wrong } = await damageEveryByte('flipped', { step })
  expect(wrong).toEqual([])
  // A flipped byte costs the row that it is in: most of them are in none that a document needs.
  expect(whole).toBeGreaterThan(positions * 2)
  expect(earlier).toBeGreaterThan(20)
})

test('S60: wherever the file is cut, every document opens as a state that it once had', async () => {
  const { wrong, untold, whole } = await damageEveryByte('cut', { step })
  expect(wrong).toEqual([])
  expect(untold).toBeGreaterThan(20)
  expect(whole).toBeGreaterThan(20)
})

// P6: a document always opens: whole, or as its last good state with a report; never blank. A write-ahead file is damaged at every byte
// on a simulated disk, and every file of a real LevelDB in every way.

import { damageLevel } from '../crash/damage.ts'
import { damageEveryByte } from '../simulation/damage.ts'

/** @param options.full every byte, and 60 places in each real file; otherwise every 7th, and 6. */
export async function prove({ full }: { full: boolean }) {
  const step = full ? 1 : 7
  const flipped = await damageEveryByte('flipped', { step })
  const cut = await damageEveryByte('cut', { step })
  const level = await damageLevel({ places: full ? 60 : 6 })
  const wrong = [...flipped.wrong, ...cut.wrong, ...level.wrong]
  return { promise: 'P6', ok: wrong.length === 0, flipped, cut, level, wrong: wrong.slice(0, 20) }
}

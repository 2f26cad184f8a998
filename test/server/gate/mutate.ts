// Bytes that were sound once.

import type { Random } from '../../helpers/random.ts'

/** One to three changes: a bit, a byte, a small difference, bytes cut out or put in, the end of another update. */
export function mutate(update: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = [...update]
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(bytes.length)
    const roll = random.below(7)
    if (roll === 0) bytes[at]! ^= 1 << random.below(8)
    else if (roll === 1) bytes[at] = random.below(256)
    else if (roll <= 3) bytes[at] = (bytes[at]! + random.pick([1, 2, 255, 254])) & 255
    else if (roll === 4) bytes.splice(at, 1 + random.below(3))
    else if (roll === 5) bytes.splice(at, 0, ...other.subarray(0, random.below(4)), random.below(12))
    else bytes = [...bytes.slice(0, at), ...other.subarray(random.below(other.length))]
  }
  return Uint8Array.from(bytes)
}

// P9: bounded memory and time per connection, document and process. A hundred readers that stop reading, at the real server; and hours of coming
// and going on a clock of its own, with a heap that stays as it is.

import { type ChurnFigure, churn } from './churn.ts'
import { type SlowReadersFigure, slowReaders } from './slow-readers.ts'

export interface BoundsFigure {
  readonly promise: 'P9'
  readonly ok: boolean
  readonly slowReaders: SlowReadersFigure
  readonly churn: ChurnFigure
}

/** What all slow readers together may cost, MB. */
const maxSlowMb = 50

/** @param options.full two hours of churn and minutes of slow readers; otherwise twelve minutes and some seconds. */
export async function prove({ full }: { full: boolean }): Promise<BoundsFigure> {
  const slow = await slowReaders({ readers: 100, megabytes: 8, rounds: full ? 20 : 3 })
  const town = await churn({ minutes: full ? 120 : 12 })
  return { promise: 'P9', ok: slow.costMb < maxSlowMb && isFlat(town), slowReaders: slow, churn: town }
}

/** True when the heap is in the end what it was when everything was warm, as far as chance lets one say. */
export function isFlat({ heapMb: [early, late], timersLeft }: ChurnFigure): boolean {
  return late - early < 3 + early * 0.05 && timersLeft <= 0
}

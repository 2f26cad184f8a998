// P2: nothing is called saved that was refused, is pending, or could not be stored. The store is made to fail at every write; a real
// server gets a disk whose syncs fail, one whose syncs take two seconds, and one that is full.

import { failingSyncs, fullDisk, type Outcome, slowSyncs } from '../crash/failing-disks.ts'
import { failEveryWrite } from '../crash/write-points.ts'

/** The page says within this time that nothing is being saved. */
const shownWithinMs = 2_000

/** @param options.full every write, and three rounds on each real disk; otherwise every second, and one. */
export async function prove({ full }: { full: boolean }) {
  const writePoints = await failEveryWrite({ step: full ? 1 : 2 })
  const disks: Record<string, Outcome[]> = { failingSyncs: [], slowSyncs: [], fullDisk: [] }
  for (let round = 0; round < (full ? 3 : 1); round++) {
    for (const [name, fail] of Object.entries({ failingSyncs, slowSyncs, fullDisk })) disks[name]!.push(await fail())
  }
  const measured = Object.values(disks)
    .flat()
    .flatMap(outcome => ('notMeasured' in outcome ? [] : [outcome]))
  const falseAcknowledgements = measured.reduce((sum, disk) => sum + disk.falseAcknowledgements, 0)
  const isShown = ({ shownAfterMs }: { shownAfterMs: number }) => shownAfterMs >= 0 && shownAfterMs < shownWithinMs
  return {
    promise: 'P2',
    ok:
      writePoints.falseAcknowledgements + writePoints.stuck + falseAcknowledgements === 0 &&
      measured.every(disk => isShown(disk) && disk.arrived),
    falseAcknowledgements: writePoints.falseAcknowledgements + falseAcknowledgements,
    writePoints,
    disks,
  }
}

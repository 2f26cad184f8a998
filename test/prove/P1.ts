// P1: “saved” means on disk: it survives kill -9 and power loss, and so does what anybody has seen. A real server is killed under load;
// the real LevelDB is copied under load with its unsynced bytes torn; and simulated runs lose power on a simulated disk.

import { levelImages } from '../crash/images.ts'
import { crashLoop } from '../crash/loop.ts'
import { simulate } from '../simulation/simulation.ts'

const seed = 20_240_229

/** @param options.full 1,000 kills, 2,000 images of LevelDB, 10,000 of the simulated disk; otherwise 15, 100 and 500. */
export async function prove({ full }: { full: boolean }) {
  const killed = await crashLoop({ kills: full ? 1_000 : 15, seed })
  const level = await levelImages({ images: full ? 2_000 : 100, seed })
  const simulated = await simulatedImages(full ? 10_000 : 500)
  return {
    promise: 'P1',
    ok: killed.lost === 0 && killed.converged && level.lost + level.damaged === 0 && simulated.failures.length === 0,
    kills: killed.kills,
    acknowledged: killed.acknowledged,
    lost: killed.lost,
    levelImages: level,
    simulated,
  }
}

/** Runs seeds until so many states of the disk have been opened and judged. */
async function simulatedImages(wanted: number) {
  const failures: string[] = []
  const total = { seeds: 0, images: 0, powerLosses: 0, acknowledged: 0 }
  for (let seed = 1; total.images < wanted && failures.length < 10; seed++) {
    total.seeds += 1
    try {
      const { images, powerLosses, acknowledged } = await simulate(seed, { images: 64 })
      total.images += images
      total.powerLosses += powerLosses
      total.acknowledged += acknowledged
    } catch (cause) {
      failures.push(`Seed ${seed}: ${cause instanceof Error ? cause.message : cause}`)
    }
  }
  return { ...total, failures }
}

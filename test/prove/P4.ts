// P4: replicas converge, and nothing that somebody typed is lost or there twice. Simulated runs of eight clients each, decided by their
// seeds; and bugs planted on purpose, to show that such a run finds them.

import { plantedBugs } from '../simulation/bugs.ts'
import { simulate } from '../simulation/simulation.ts'

/** @param options.full 10,000 seeds; otherwise 60. */
export async function prove({ full }: { full: boolean }) {
  const seeds = full ? 10_000 : 60
  const failures: string[] = []
  const total = { edits: 0, acknowledged: 0, powerLosses: 0, images: 0 }
  for (let seed = 1; seed <= seeds && failures.length < 10; seed++) {
    try {
      const report = await simulate(seed, { clients: 8 })
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += report[name]
    } catch (cause) {
      failures.push(`Seed ${seed}: ${cause instanceof Error ? cause.message : cause}`)
    }
  }
  const plantedFoundAfterSeeds: Record<string, number | null> = {}
  for (const bug of Object.keys(plantedBugs)) plantedFoundAfterSeeds[bug] = await seedsUntilFound(bug)
  const allFound = Object.values(plantedFoundAfterSeeds).every(found => found !== null)
  return {
    promise: 'P4',
    ok: failures.length === 0 && allFound,
    seeds,
    clients: 8,
    ...total,
    failures,
    plantedFoundAfterSeeds,
  }
}

/** @returns null when a thousand seeds do not find it. */
async function seedsUntilFound(bug: string): Promise<number | null> {
  for (let seed = 1; seed <= 1_000; seed++) {
    const isFound = await simulate(seed, { bug }).then(
      () => false,
      () => true,
    )
    if (isFound) return seed
  }
  return null
}

// One seed on one disk, and the command that repeats it.

import { levelDisk, memoryDisk } from './disks.ts'
import { simulate } from './simulation.ts'

export const diskNames = ['memory', 'level'] as const

export interface Run {
  readonly seed: number
  readonly disk: (typeof diskNames)[number]
  readonly steps: number
}

export function replayCommand({ seed, disk, steps }: Run): string {
  return `npm run fuzz -- --seed ${seed} --steps ${steps} --disk ${disk}`
}

/** @throws Error that says what does not hold, and how to repeat the run. */
export async function runSeed(run: Run): Promise<void> {
  const disk = run.disk === 'memory' ? memoryDisk() : await levelDisk()
  try {
    await simulate({ seed: run.seed, disk, steps: run.steps })
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Seed ${run.seed} on the ${run.disk} disk: ${what} Repeat it with: ${replayCommand(run)}`, {
      cause,
    })
  } finally {
    await disk.close()
  }
}

import { describe, it } from 'vitest'
import { isLongRun } from '../helpers/requirements.ts'
import { diskNames, runSeed } from './run.ts'

// As many seeds as one likes: `npm run fuzz`.
const seeds = isLongRun ? { memory: 200, level: 50 } : { memory: 12, level: 4 }

describe('P1, P4: whatever comes late, twice or never, replicas and log agree, and nothing acknowledged is lost', () => {
  for (const disk of diskNames) {
    it(`over ${seeds[disk]} seeds on the ${disk} disk`, async () => {
      for (let seed = 1; seed <= seeds[disk]; seed++) await runSeed({ seed, disk, steps: 300 })
    })
  }
})

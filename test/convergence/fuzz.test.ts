import { describe, it } from 'vitest'
import { diskNames, runSeed } from './run.ts'

// The long form is `npm run fuzz`.
const seeds = { memory: 40, level: 10 }

describe('P1, P4: whatever comes late, twice or never, replicas and log agree, and nothing acknowledged is lost', () => {
  for (const disk of diskNames) {
    it(`over ${seeds[disk]} seeds on the ${disk} disk`, { timeout: 120_000 }, async () => {
      for (let seed = 1; seed <= seeds[disk]; seed++) await runSeed({ seed, disk, steps: 300 })
    })
  }
})

// `npm run fuzz -- [--seed N] [--seeds N] [--steps N] [--disk memory|level]`: seeded runs of clients on a real room. `--seed`
// is the first of `--seeds`; without it there are 100, the first one from the clock. Prints what repeats a run that failed.

import { parseArgs } from 'node:util'
import { diskNames, runSeed } from './run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    steps: { type: 'string', default: '300' },
    disk: { type: 'string' },
  },
})

const steps = wholeNumber('steps', values.steps)
const first = values.seed === undefined ? Date.now() % 1_000_000 : wholeNumber('seed', values.seed)
const count = wholeNumber('seeds', values.seeds ?? (values.seed === undefined ? '100' : '1'))
const disks = diskNames.filter(disk => values.disk === undefined || values.disk === disk)
if (disks.length === 0) throw new TypeError(`--disk is one of ${diskNames.join(', ')}.`)

const startMs = Date.now()
let failures = 0
for (let seed = first; seed < first + count; seed++) {
  for (const disk of disks) {
    try {
      await runSeed({ seed, disk, steps })
    } catch (cause) {
      failures += 1
      console.error(cause)
    }
  }
}
console.log(JSON.stringify({ seeds: count, first, steps, disks, failures, seconds: (Date.now() - startMs) / 1000 }))
if (failures > 0) process.exitCode = 1

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`--${name} is a whole number.`)
  return value
}

// `npm run crash -- --kills N [--seed S]`: the crash loop by hand. Prints one line of JSON; exit code 1 when anything was lost.

import { parseArgs } from 'node:util'
import { crashLoop } from './loop.ts'

const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } })
const kills = Number(values.kills ?? '20')
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  console.error('Usage: npm run crash -- --kills N [--seed S]')
  process.exit(2)
}
const report = await crashLoop({ kills, seed })
console.log(JSON.stringify(report))
process.exit(report.lost === 0 && report.converged ? 0 : 1)

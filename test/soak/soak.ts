// `npm run soak -- --minutes N [--people 8] [--seed S]`: a simulated day in real Chromium. Prints one line of JSON; exit code 1 when
// anything was lost, somebody's screen strayed, a console complained or memory grew.

import { parseArgs } from 'node:util'
import { simulateDay } from './day.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, people: { type: 'string' }, seed: { type: 'string' } },
})
const minutes = Number(values.minutes ?? '60')
const people = Number(values.people ?? '8')
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (!(minutes > 0) || !Number.isInteger(people) || people < 1 || !Number.isInteger(seed)) {
  console.error('Usage: npm run soak -- --minutes N [--people 8] [--seed S]')
  process.exit(2)
}
const report = await simulateDay({ minutes, people, seed })
console.log(JSON.stringify(report, null, report.ok ? 0 : 2))
process.exit(report.ok ? 0 : 1)

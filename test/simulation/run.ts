// `tsx test/simulation/run.ts [--seed N] [--count N] [--clients N] [--bug NAME]`: seeds by hand. One line of JSON; exit code 1 when
// one of them found something.

import { parseArgs } from 'node:util'
import { simulate } from './simulation.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1' },
    clients: { type: 'string', default: '4' },
    images: { type: 'string', default: '4' },
    bug: { type: 'string' },
  },
})
const [first, count, clients, images] = [values.seed, values.count, values.clients, values.images].map(Number) as [
  number,
  number,
  number,
  number,
]
const startMs = Date.now()
let failures = 0
const total = { edits: 0, acknowledged: 0, powerLosses: 0, images: 0, seconds: 0 }
for (let seed = first; seed < first + count; seed++) {
  try {
    const report = await simulate(seed, { clients, images, ...(values.bug === undefined ? {} : { bug: values.bug }) })
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += report[name]
  } catch (cause) {
    failures += 1
    console.error(`Seed ${seed}: ${cause instanceof Error ? cause.message : cause}`)
    if (count === 1) console.error(cause)
  }
}
console.log(JSON.stringify({ seeds: count, first, failures, ...total, tookMs: Date.now() - startMs }))
if (failures > 0) process.exitCode = 1

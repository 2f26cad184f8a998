// `npm run fuzz -- [server|body] [options]`: what is tried at random for as long as one likes.
// `server` (the default): clients on a real room, see test/convergence/fuzz.ts for its options.
// `body [--cases N] [--first N]`: editors on one document, reading, writing, tables, anchors, formats and imports, 100,000 cases each.

import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const bodyTests = [
  'test/editor/binding-fuzz.test.ts',
  'test/editor/newer.test.ts',
  'test/editor/tables-fuzz.test.ts',
  'test/model/reading.test.ts',
  'test/model/write.test.ts',
  'test/model/tables.test.ts',
  'test/model/anchors-fuzz.test.ts',
  'test/model/formats/round-trip.test.ts',
  'test/model/importing/properties.test.ts',
]

const [name = 'server', ...rest] = process.argv.slice(2)
if (name === 'body') fuzzBody(rest)
else {
  // Its options stand where it looks for them.
  process.argv.splice(2, process.argv.length, ...(name === 'server' ? rest : [name, ...rest]))
  await import('./convergence/fuzz.ts')
}

function fuzzBody(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: { cases: { type: 'string', default: '100000' }, first: { type: 'string', default: '1' } },
  })
  for (const [option, value] of Object.entries(values)) {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new TypeError(`--${option} is a whole number above 0.`)
  }
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'unit', '--testTimeout', '0', ...bodyTests], {
    stdio: 'inherit',
    env: { ...process.env, CASES: values.cases, FIRST: values.first, SHEAF_SEED: values.first },
  })
  process.exitCode = status ?? 1
}

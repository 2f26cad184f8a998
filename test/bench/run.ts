// `npm run bench -- <scenario> [options]`: loads test/bench/<scenario>.ts and calls the `run` that it exports; without a name it lists what
// there is. The contract of a scenario:
//
// - its file stands directly in test/bench, is named as it is called, and begins with a comment whose first sentence is its line in the
//   list; what it consists of besides goes into folders;
// - `export async function run(args: readonly string[]): Promise<void>` gets everything behind the name. `--peers` measures other
//   products beside ours where that is not always so, `--quick` is a small run that shows that all of it works;
// - it prints the figures, says of each goal whether it was reached, and throws where it could not measure. A goal that is missed is a
//   result and no error: the exit code is 0 when everything was measured, 1 when something was not, 2 when nobody knows the scenario.

import { readdirSync, readFileSync } from 'node:fs'

interface Scenario {
  run(args: readonly string[]): Promise<void>
}

const directory = new URL('./', import.meta.url)

const [name, ...args] = process.argv.slice(2)
const names = readdirSync(directory)
  .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'run.ts')
  .map(file => file.slice(0, -'.ts'.length))

if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`There is no scenario “${name}”.\n`)
  console.log('npm run bench -- <scenario> [--peers] [--quick] [options]\n')
  for (const known of names) console.log(`  ${known.padEnd(12)} ${firstSentence(known)}`)
  process.exitCode = name === undefined ? 0 : 2
} else {
  const scenario = (await import(new URL(`${name}.ts`, directory).href)) as Scenario
  await scenario.run(args)
}

function firstSentence(scenario: string): string {
  const lines = readFileSync(new URL(`${scenario}.ts`, directory), 'utf8').split('\n')
  const code = lines.findIndex(line => !line.startsWith('//'))
  const text = lines.slice(0, code).map(line => line.slice(2).trim())
  return /^.*?[.:](?= |$)/.exec(text.join(' '))?.[0] ?? ''
}

// `npm run intention [-- <part of an edit's name>] [--all] [--peers]`: the matrix in full, one line for each edit that does harm
// (`--all`: for each); exits 1 where something was lost or displaced. `--peers` first prints the table of docs/benchmarks.md.

import type { Case } from './cases.ts'
import { runMatrix } from './matrix.ts'
import { runTableMatrix } from './tables.ts'

const options = process.argv.slice(2)
const filter = options.find(option => !option.startsWith('--')) ?? ''

if (options.includes('--peers')) {
  // Only here: it brings a DOM with it, which ours has to do without.
  const { compare } = await import('./compare.ts')
  for (const line of compare(filter)) console.log(line)
  console.log()
}

const cases = [...runMatrix(filter), ...runTableMatrix(filter)]
const byEdit = new Map<string, Case[]>()
for (const one of cases) {
  const edit = one.act === 'do' ? one.edit : `${one.act} of ${one.edit}`
  byEdit.set(edit, [...(byEdit.get(edit) ?? []), one])
}
const count = (of: readonly Case[], outcome: Case['outcome']): number =>
  of.filter(one => one.outcome === outcome).length
for (const [edit, of] of byEdit) {
  const bad = of.filter(one => one.outcome !== 'kept' && one.outcome !== 'named')
  if (bad.length > 0 || options.includes('--all')) console.log(`${edit}: ${of.length - bad.length} of ${of.length}`)
  for (const { place, swapped, outcome, after } of bad) {
    console.log(`   ${outcome}: ${place}${swapped ? ' (ids swapped)' : ''} → ${after.join(' | ')}`)
  }
}
const diverged = count(cases, 'diverged')
if (diverged > 0) console.log(`${diverged} diverged`)
const [kept, named] = [count(cases, 'kept'), count(cases, 'named')]
if (named > 0)
  console.log(`${named} in a block that was moved meanwhile: in a paragraph where it was, as docs/body.md says`)
console.log(
  `${kept} of ${cases.length - named} kept in place, ${count(cases, 'lost')} lost, ${count(cases, 'displaced')} displaced`,
)
process.exitCode = kept + named === cases.length ? 0 : 1

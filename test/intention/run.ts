// `npm run intention`: the matrix in full, one line for each edit; exits 1 where something was lost or displaced.

import { type Case, runMatrix } from './matrix.ts'

const cases = runMatrix(process.argv[2] ?? '')
const byEdit = new Map<string, Case[]>()
for (const one of cases) {
  const edit = one.act === 'do' ? one.edit : `${one.act} of ${one.edit}`
  byEdit.set(edit, [...(byEdit.get(edit) ?? []), one])
}
const count = (of: readonly Case[], outcome: Case['outcome']): number =>
  of.filter(one => one.outcome === outcome).length
for (const [edit, of] of byEdit) {
  const bad = of.filter(one => one.outcome !== 'kept' && one.outcome !== 'named')
  if (bad.length > 0 || process.argv.includes('--all'))
    console.log(`${edit}: ${of.length - bad.length} of ${of.length}`)
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

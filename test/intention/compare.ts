// The matrix for the edits that a tree of elements has too: ours beside y-prosemirror and the binding of Tiptap, as the table that
// docs/benchmarks.md keeps.

import { readFileSync } from 'node:fs'
import { type Case, typed } from './cases.ts'
import { runEdit } from './matrix.ts'
import { peerEdits, peerNames, runPeerEdit, runPeerTableEdit } from './peers.ts'
import { tableEdits } from './table-edits.ts'
import { runTableEdit } from './tables.ts'

const subjects = ['Sheaf', ...peerNames]

/** The lines of both tables, of text and of tables, each as soon as it is known. Where the block is moved or deleted, what survives elsewhere counts as kept. */
export function* compare(filter = ''): Generator<string> {
  yield* table(
    peerEdits.filter(edit => edit.name.includes(filter)),
    edit => [runEdit(edit.ours), ...peerNames.map(name => runPeerEdit(name, edit))],
  )
  yield ''
  yield* table(
    tableEdits.filter(edit => edit.name.includes(filter)),
    edit => [runTableEdit(edit), ...peerNames.map(name => runPeerTableEdit(name, edit))],
  )
}

function* table<E extends { readonly name: string }>(
  edits: readonly E[],
  run: (edit: E) => Case[][],
): Generator<string> {
  if (edits.length === 0) return
  yield `| kept / displaced / lost | ${['Sheaf', ...peerNames.map(withVersion)].join(' | ')} |`
  yield `|---|${subjects.map(() => '---').join('|')}|`
  const all: Case[][] = subjects.map(() => [])
  for (const edit of edits) {
    const cases = run(edit)
    for (const [index, some] of cases.entries()) all[index]!.push(...some)
    yield row(edit.name, cases.map(score))
  }
  const acts = { do: 'all of these', undo: 'all, undone', redo: 'all, redone' }
  for (const [act, name] of Object.entries(acts)) {
    yield row(
      `**${name}**`,
      all.map(cases => score(cases.filter(one => one.act === act))),
    )
  }
  yield row('**sum**', all.map(score))
  yield row('kept, of all', all.map(share))
  yield row('lost: not there / not once / other text hurt', all.map(losses))
}

function row(name: string, cells: readonly string[]): string {
  return `| ${[name, ...cells].join(' | ')} |`
}

function score(cases: readonly Case[]): string {
  const elsewhere = count(cases, 'named')
  const kept = `${count(cases, 'kept') + elsewhere}${elsewhere > 0 ? ` (${elsewhere} elsewhere)` : ''}`
  const diverged = count(cases, 'diverged')
  const figures = `${kept} / ${count(cases, 'displaced')} / ${count(cases, 'lost')}`
  return diverged > 0 ? `${figures} (${diverged} diverged)` : figures
}

function share(cases: readonly Case[]): string {
  return `${((100 * (count(cases, 'kept') + count(cases, 'named'))) / cases.length).toFixed(1)} %`
}

function losses(cases: readonly Case[]): string {
  const lost = cases.filter(({ outcome }) => outcome === 'lost').map(({ after }) => after.join(''))
  const copies = lost.map(text => text.split(typed).length - 1)
  const gone = lost.filter(text => ![...typed].some(letter => text.includes(letter))).length
  const whole = copies.filter(number => number === 1).length
  return `${gone} / ${lost.length - gone - whole} / ${whole}`
}

function count(cases: readonly Case[], outcome: Case['outcome']): number {
  return cases.filter(one => one.outcome === outcome).length
}

function withVersion(name: string): string {
  const file = readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')
  return `${name} ${(JSON.parse(file) as { version: string }).version}`
}

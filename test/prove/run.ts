// `npm run prove -- P1 [P2 …] [--full]`: measures what Sheaf promises, and prints the figure of each promise as one line of JSON.
// Without a name it lists what can be proved, `all` takes each in turn. Exit code 0 when every promise holds, 1 when one does
// not, 2 when nobody knows its name. The contract of a proof, test/prove/P<n>.ts:
//
// - it begins with a comment whose first sentence is its line in the list;
// - `export async function prove(options: { full: boolean })` resolves with the figure: `promise`, `ok`, and what was measured. It throws
//   where it could not measure. In full it is as large as the promise says; otherwise it takes a minute or two.

import { readdirSync, readFileSync } from 'node:fs'

interface Proof {
  prove(options: { readonly full: boolean }): Promise<{ readonly ok: boolean }>
}

const directory = new URL('./', import.meta.url)
const known = readdirSync(directory)
  .flatMap(file => /^(P\d+)\.ts$/.exec(file)?.[1] ?? [])
  .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))

const words = process.argv.slice(2)
const full = words.includes('--full')
const named = words.filter(word => word !== '--full').map(word => word.toUpperCase())
const promises = named.includes('ALL') ? known : named
const unknown = promises.filter(promise => !known.includes(promise))

if (promises.length === 0 || unknown.length > 0) {
  for (const promise of unknown) console.error(`There is no proof of “${promise}”.`)
  console.log('npm run prove -- <promise> … [--full]\n')
  for (const promise of known) console.log(`  ${firstSentence(promise)}`)
  process.exitCode = unknown.length === 0 ? 0 : 2
} else {
  // The timers of the server's parts do not keep a process alive.
  setInterval(() => undefined, 60_000)
  for (const promise of promises) {
    const startMs = performance.now()
    const { prove } = (await import(new URL(`${promise}.ts`, directory).href)) as Proof
    const figure = await prove({ full })
    const seconds = Math.round((performance.now() - startMs) / 1_000)
    console.log(JSON.stringify({ ...figure, full, seconds }))
    if (!figure.ok) process.exitCode = 1
  }
  // What a proof has left open (a socket that is closing, a timer) is no reason to stay.
  process.exit()
}

function firstSentence(promise: string): string {
  const lines = readFileSync(new URL(`${promise}.ts`, directory), 'utf8').split('\n')
  const code = lines.findIndex(line => !line.startsWith('//'))
  const text = lines.slice(0, code).map(line => line.slice(2).trim())
  return /^.*?\.(?= |$)/.exec(text.join(' '))?.[0] ?? ''
}

// `sheaf watch`: what happens to a document, a line for each change as it comes, until it is told to stop.

import { parseRemoteArguments } from './remote.ts'
import type { Terminal } from './terminal.ts'

const options = [{ name: 'since', value: 'REVISION', about: 'what came behind it first' }]

/** @returns 0 when it was told to stop. @throws SheafError when the document goes, or the right to read it. */
export async function watch(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server, words, flags, json } = await parseRemoteArguments(args, terminal, { names: ['DOCUMENT'], options })
  const stop = new AbortController()
  terminal.onStop(() => stop.abort())
  const since = flags.get('since')
  const changes = server.events.watch(words[0]!, { signal: stop.signal, ...(since !== undefined && { since }) })
  for await (const change of changes) {
    const { rev, at, by, origin, run } = change
    const line = [rev, at, by, origin, ...(run === undefined ? [] : [run])].join('\t')
    terminal.out(json ? `${JSON.stringify(change)}\n` : `${line}\n`)
  }
  return 0
}

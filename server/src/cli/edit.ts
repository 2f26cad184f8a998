// `sheaf edit`: a document in the editor of the terminal, merged with what others wrote meanwhile when the editor ends. What was written
// is never lost: where it cannot be sent the file stays, and its path is said.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { UsageError } from '../config.ts'
import { say } from './data.ts'
import { lineOf } from './documents.ts'
import { parseRemoteArguments, type RemoteArguments } from './remote.ts'
import type { Terminal } from './terminal.ts'

const options = [
  { name: 'replace', value: 'OLD', about: 'without an editor: these words, which stand once,' },
  { name: 'with', value: 'NEW', about: 'by these' },
  { name: 'dry-run', about: 'shows what --replace would do' },
]

export async function edit(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = await parseRemoteArguments(args, terminal, { names: ['DOCUMENT'], options })
  const { flags } = given
  const [old, replacement] = [flags.get('replace'), flags.get('with')]
  if ((old === undefined) !== (replacement === undefined)) throw new UsageError('--replace and --with belong together.')
  if (old !== undefined) return replace(given, terminal, { old, replacement: replacement! })
  if (flags.has('dry-run')) throw new UsageError('--dry-run is for --replace.')
  return editFile(given, terminal)
}

async function replace(
  { server, words, flags, json }: RemoteArguments,
  terminal: Terminal,
  { old, replacement }: { readonly old: string; readonly replacement: string },
): Promise<number> {
  const mode = flags.has('dry-run') ? 'preview' : 'apply'
  const edited = await server.edits.edit(words[0]!, e => e.replaceText(old, replacement), { mode })
  say(terminal, { json }, edited, [edited.diff?.trimEnd() ?? lineOf(edited)])
  return 0
}

async function editFile({ server, words, json }: RemoteArguments, terminal: Terminal): Promise<number> {
  const [id = ''] = words
  const { body, rev } = await server.edits.read(id)
  const path = join(await mkdtemp(join(tmpdir(), 'sheaf-')), 'document.md')
  await writeFile(path, body, { mode: 0o600 })
  const code = await terminal.run(editorOf(terminal), path)
  const text = await readFile(path, 'utf8')
  if (text === body) {
    await rm(dirname(path), { recursive: true })
    say(terminal, { json }, { rev, merged: false, changed: false }, ['Nothing was changed.'])
    return code === 0 ? 0 : 1
  }
  try {
    if (code !== 0) throw new Error(`The editor ended with ${code}, so nothing was sent.`)
    const edited = await server.edits.put(id, text, { base: rev })
    await rm(dirname(path), { recursive: true })
    say(terminal, { json }, { ...edited, changed: true }, [lineOf(edited)])
    return 0
  } catch (cause) {
    terminal.err(`sheaf: what you wrote is in ${path}; it was made from revision ${rev}.\n`)
    throw cause
  }
}

function editorOf({ env }: Terminal): string {
  return env.VISUAL || env.EDITOR || 'vi'
}

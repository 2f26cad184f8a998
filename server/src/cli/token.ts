// `sheaf token`: tokens from the command line. A server that holds the directory is asked to do it; otherwise the store is opened here.

import type { Token } from '../accounts/tokens.ts'
import { scopes } from '../auth/scopes.ts'
import { systemClock } from '../clock.ts'
import { UsageError, unknown } from '../config.ts'
import { accountsIn, verbOf } from './accounts.ts'
import { type DataArguments, parseDataArguments } from './arguments.ts'
import { say, withData } from './data.ts'
import type { Terminal } from './terminal.ts'
import { runTokenTask, type TokenTask } from './token-tasks.ts'

const options = [
  { name: 'scope', value: 'SCOPES', about: `with commas between: ${scopes.join(', ')}` },
  { name: 'note', value: 'TEXT', about: 'what it is for' },
  { name: 'document', value: 'IDS', about: 'the documents that it is for, with commas between; all by default' },
  { name: 'days', value: 'N', about: 'how long it lasts; until it is revoked by default' },
]
const verbs = ['create', 'list', 'revoke'] as const

const dayMs = 24 * 60 * 60_000

/** @throws UsageError; SheafError `not-found`, `too-large`. */
export async function token(args: readonly string[], terminal: Terminal): Promise<number> {
  const verb = verbOf('token', verbs, args[0])
  const names = verb === 'revoke' ? ['LOGIN', 'TOKEN-ID'] : ['LOGIN']
  const given = parseDataArguments(args.slice(1), terminal, { names, options })
  const task = taskOf(verb, given)
  const report = await withData(given, terminal, {
    server: admin => admin.token(task),
    here: async store => runTokenTask(await accountsIn(store), task),
  })
  say(terminal, given, report, [...(report.text === undefined ? [] : [report.text]), ...report.tokens.map(lineOf)])
  return 0
}

function taskOf(verb: (typeof verbs)[number], { words, flags }: DataArguments): TokenTask {
  const [login = '', tokenId = ''] = words
  if (verb === 'list') return { do: verb, login }
  if (verb === 'revoke') return { do: verb, login, tokenId }
  const documents = listOf(flags.get('document'))
  const days = flags.get('days')
  if (days !== undefined && !/^[1-9]\d{0,3}$/.test(days)) throw new UsageError('--days is a number, 1 or more.')
  return {
    do: verb,
    login,
    note: flags.get('note') ?? '',
    scopes: scopesOf(flags.get('scope')),
    ...(documents.length > 0 && { documents }),
    ...(days !== undefined && { untilMs: systemClock.nowMs() + Number(days) * dayMs }),
  }
}

function scopesOf(given: string | undefined) {
  const names = listOf(given)
  if (names.length === 0) throw new UsageError(`--scope is missing: ${scopes.join(', ')}.`)
  return names.map(name => {
    const scope = scopes.find(candidate => candidate === name)
    if (scope === undefined) throw new UsageError(unknown(name, scopes))
    return scope
  })
}

function listOf(given: string | undefined): string[] {
  return (given ?? '').split(',').flatMap(part => part.trim() || [])
}

function lineOf({ tokenId, note, scopes, documents }: Token): string {
  return [tokenId, scopes.join(','), ...(documents ?? []), ...(note === '' ? [] : [note])].join('  ')
}

// `sheaf login`: remembers a server and a token for the commands that speak to one.

import { readFile } from 'node:fs/promises'
import { connect } from '@sheaf/client/http'
import { SheafError } from '@sheaf/protocol'
import { jsonOption, parseArguments } from './arguments.ts'
import { say } from './data.ts'
import { readLogins, serverUrl, writeLogins } from './remote.ts'
import type { Terminal } from './terminal.ts'

const options = [
  jsonOption,
  { name: 'token-file', value: 'FILE', about: 'its first line is the token; else standard input is read' },
  { name: 'forget', about: 'forgets the server and its token' },
]

/** Asks the server who the token is before it is kept. @throws SheafError `unauthorized`, `going-away`. */
export async function login(args: readonly string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(args, { names: ['URL'], options })
  const url = serverUrl(words[0]!)
  const json = flags.has('json')
  const logins = await readLogins(terminal)
  if (flags.has('forget')) {
    const { [url]: _, ...servers } = logins.servers
    await writeLogins(terminal, { servers, ...(logins.current !== url && { current: logins.current }) })
    say(terminal, { json }, { server: url, forgotten: true }, [`${url} is forgotten.`])
    return 0
  }
  const { mode } = await connect(url).me()
  const token = mode === 'open' ? undefined : await tokenFor(url, flags.get('token-file'), terminal)
  const me = await connect(url, token === undefined ? {} : { token }).me()
  const kept = { ...logins.servers, [url]: token === undefined ? {} : { token } }
  await writeLogins(terminal, { current: url, servers: kept })
  const name = me.user?.name ?? 'a guest'
  say(terminal, { json }, { server: url, name }, [`${url} is the server now, and you are ${name}.`])
  return 0
}

async function tokenFor(url: string, file: string | undefined, terminal: Terminal): Promise<string> {
  if (url.startsWith('http:') && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(url)) {
    terminal.err('sheaf: without https everybody on the way can read the token.\n')
  }
  if (file === undefined && terminal.isInputInteractive) terminal.err('Token (sheaf token create, or your account): ')
  const text = file === undefined ? await firstLine(terminal) : await readFile(file, 'utf8')
  const token = text.split('\n')[0]!.trim()
  if (!/^[\x21-\x7e]+$/.test(token)) throw new SheafError('unauthorized', 'No token was given.')
  return token
}

/** Without waiting for the end of the input. */
async function firstLine(terminal: Terminal): Promise<string> {
  for await (const line of terminal.lines()) return line
  return ''
}

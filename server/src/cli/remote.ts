// Which server a command speaks to, and as whom: what was named, else the last login. Tokens are kept in a file that only the user may read.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Connected, connect, FilesApi } from '@sheaf/client/http'
import { type OptionDefinition, UsageError } from '../config.ts'
import { type Arguments, jsonOption, parseArguments, type WordNames } from './arguments.ts'
import type { Terminal } from './terminal.ts'

export const serverOption: OptionDefinition = {
  name: 'server',
  value: 'URL',
  about: 'which server: SHEAF_SERVER, else the one of the last login, else http://127.0.0.1:4747',
}

export interface RemoteArguments extends Arguments {
  readonly json: boolean
  readonly server: Server
}

export interface Server extends Connected {
  readonly url: string
  readonly token: string | undefined
  readonly files: FilesApi
}

/** By address. */
export interface Logins {
  readonly current?: string
  readonly servers: Readonly<Record<string, { readonly token?: string }>>
}

const localServer = 'http://127.0.0.1:4747'

/** @throws UsageError as {@link parseArguments}, and for an address that is none. */
export async function parseRemoteArguments(
  args: readonly string[],
  terminal: Terminal,
  { options = [], ...names }: WordNames & { readonly options?: readonly OptionDefinition[] } = {},
): Promise<RemoteArguments> {
  const given = parseArguments(args, { ...names, options: [serverOption, jsonOption, ...options] })
  const logins = await readLogins(terminal)
  const { env } = terminal
  const url = serverUrl(given.flags.get('server') ?? env.SHEAF_SERVER ?? logins.current ?? localServer)
  const token = env.SHEAF_TOKEN ?? logins.servers[url]?.token
  const asked = token === undefined ? {} : { token }
  const server = { url, token, files: new FilesApi({ url, ...asked }), ...connect(url, asked) }
  return { ...given, json: given.flags.has('json'), server }
}

/** Without a `/` at its end: the form under which a login is kept. @throws UsageError */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new UsageError(`A server is https://HOST or http://HOST:PORT; it cannot be “${text}”.`)
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

export async function readLogins({ env }: Terminal): Promise<Logins> {
  const path = loginsPath(env)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    // Nobody has signed in from here.
    return { servers: {} }
  }
  try {
    return JSON.parse(text) as Logins
  } catch (cause) {
    throw new Error(`${path} is not as sheaf login has written it. Remove it, and sign in again.`, { cause })
  }
}

export async function writeLogins({ env, pid }: Terminal, logins: Logins): Promise<void> {
  const path = loginsPath(env)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const partial = `${path}.${pid}`
  await writeFile(partial, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 })
  await rename(partial, path)
}

function loginsPath(env: Terminal['env']): string {
  return join(env.XDG_CONFIG_HOME ?? join(env.HOME ?? homedir(), '.config'), 'sheaf', 'logins.json')
}

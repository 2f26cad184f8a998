// What `sheaf serve` can be told, and where from: flag, then environment, then default; one name for each option
// (`--log-level` = SHEAF_LOG_LEVEL). Pure: arguments and environment come in, a checked configuration or a UsageError comes out.

import type { MailSettings } from './accounts/mail.ts'
import type { OidcSettings } from './auth/oidc.ts'
import type { TlsFiles } from './http/certificate.ts'
import { isLoopbackAddress, isLoopbackHost } from './http/guard.ts'
import { Proxies } from './http/proxies.ts'
import type { LogFormat, LogLevel } from './log.ts'

/** A command line that cannot be meant as it stands; the message says what to write instead. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface ServeConfig {
  readonly listen: { readonly host: string; readonly port: number }
  /** Take the next free port when this one is taken. */
  readonly nextPort: boolean
  readonly data: string
  readonly open: boolean
  /** Where people reach the server from elsewhere. */
  readonly publicUrl?: URL
  /** The server speaks TLS itself. */
  readonly tls?: TlsFiles
  /** With whose accounts people sign in, too. */
  readonly oidc?: OidcOptions
  /** By which links for new passwords are sent. */
  readonly mail?: MailOptions
  /** Addresses and networks of proxies whose word is taken for who asks. */
  readonly trustedProxies: readonly string[]
  readonly json: boolean
  /** False: rates, sockets and queues are unbounded; for replay and load. */
  readonly limits: boolean
  readonly logLevel: LogLevel
  /** Absent: short lines at a terminal, JSON otherwise. */
  readonly logFormat?: LogFormat
  readonly drainMs: number
}

/** What the settings of an OpenID provider are made of; its secret stands in a file. */
export interface OidcOptions extends Omit<OidcSettings, 'clientSecret'> {
  readonly secretFile?: string
}

/** What the settings of mail are made of; the password stands in a file. */
export interface MailOptions extends Omit<MailSettings, 'password'> {
  readonly passwordFile?: string
}

export interface OptionDefinition {
  readonly name: string
  /** What the value is called in the help text; absent for a flag that has none. */
  readonly value?: string
  readonly about: string
  readonly default?: string
}

export const serveOptions: readonly OptionDefinition[] = [
  { name: 'listen', value: 'HOST:PORT', default: '127.0.0.1:4747', about: 'where to listen; port 0 picks a free one' },
  { name: 'data', value: 'DIR', default: './sheaf-data', about: 'where documents are kept; made when it is not there' },
  { name: 'url', value: 'URL', about: 'where people reach it from elsewhere: https://docs.example' },
  {
    name: 'tls-cert',
    value: 'FILE',
    about: 'PEM file of a certificate: the server speaks TLS itself; read anew when it changes',
  },
  { name: 'tls-key', value: 'FILE', about: 'PEM file of its key' },
  {
    name: 'trust-proxy',
    value: 'ADDRESSES',
    about: 'proxies whose X-Forwarded-For and -Proto are believed: 127.0.0.1,10.0.0.0/8',
  },
  { name: 'oidc-issuer', value: 'URL', about: 'people sign in with accounts of this OpenID provider, too' },
  { name: 'oidc-client-id', value: 'ID', about: 'what the provider calls this server' },
  { name: 'oidc-secret-file', value: 'FILE', about: 'its first line is the secret that the provider gave it' },
  { name: 'oidc-name', value: 'NAME', about: 'what the button calls the provider; the name of its host otherwise' },
  { name: 'oidc-sign-up', about: 'everybody whom the provider knows may become a member, without an invitation' },
  { name: 'oidc-match-mail', about: 'a mail address that the provider has verified opens the account of that name' },
  { name: 'smtp-url', value: 'URL', about: 'mail server for links to a new password: smtps://user@mail.example' },
  { name: 'smtp-password-file', value: 'FILE', about: 'its first line is the password of that user' },
  { name: 'mail-from', value: 'ADDRESS', about: 'whom mails come from: "Sheaf <sheaf@docs.example>"' },
  { name: 'open', about: 'until it has an owner, whoever reaches the server edits; loopback only' },
  { name: 'next-port', about: 'take the next free port when this one is taken' },
  { name: 'json', about: 'the ready line, and every error, as JSON' },
  { name: 'limits', value: 'on|off', default: 'on', about: 'off lifts rates and numbers of sockets, for load tests' },
  { name: 'drain-seconds', value: 'N', default: '10', about: 'time over which many sockets are closed at a stop' },
  { name: 'log-level', value: 'LEVEL', default: 'info', about: 'debug, info, warn, error or silent' },
  { name: 'log-format', value: 'FORMAT', about: 'json or pretty; pretty at a terminal, json otherwise' },
]

type Values = Readonly<Record<string, string | undefined>>

/** @throws UsageError for what is unknown, misspelt, or not safe. */
export function parseServe(args: readonly string[], env: Values): ServeConfig {
  const flags = parseFlags(args, serveOptions)
  const value = (name: string) =>
    flags.get(name) ??
    env[`SHEAF_${name.toUpperCase().replaceAll('-', '_')}`] ??
    serveOptions.find(option => option.name === name)?.default
  const isSet = (name: string) => isTrue(name, value(name))
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T => {
    const chosen = allowed.find(candidate => candidate === value(name))
    if (chosen === undefined) throw new UsageError(`--${name} is ${allowed.join(', ')}; it cannot be “${value(name)}”.`)
    return chosen
  }
  const config: ServeConfig = {
    listen: parseAddress(value('listen')!),
    nextPort: isSet('next-port'),
    data: value('data')!,
    open: isSet('open'),
    ...(value('url') === undefined ? {} : { publicUrl: parseUrl(value('url')!) }),
    ...tlsOf(value('tls-cert'), value('tls-key')),
    ...oidcOf(value, isSet),
    ...mailOf(value),
    trustedProxies: parseProxies(value('trust-proxy') ?? ''),
    json: isSet('json'),
    limits: oneOf('limits', ['on', 'off']) === 'on',
    logLevel: oneOf('log-level', ['debug', 'info', 'warn', 'error', 'silent']),
    ...(value('log-format') === undefined ? {} : { logFormat: oneOf('log-format', ['json', 'pretty']) }),
    drainMs: parseSeconds('drain-seconds', value('drain-seconds')!) * 1000,
  }
  refuseUnsafe(config)
  return config
}

/** The data directory of any command, told before the command is read; nothing is refused here. */
export function dataOf(args: readonly string[], env: Values): string {
  const at = args.findIndex(arg => arg === '--data' || arg.startsWith('--data='))
  const flag = args[at] === '--data' ? args[at + 1] : args[at]?.slice('--data='.length)
  return flag || env.SHEAF_DATA || serveOptions.find(({ name }) => name === 'data')!.default!
}

/** Nobody is let in by accident: what is open stays on this machine, and what others reach is told under which name. */
function refuseUnsafe(config: ServeConfig): void {
  const { host, port } = config.listen
  if (!config.limits && !isLoopbackAddress(host)) {
    throw new UsageError(
      `--limits off is for replay and load on this machine: without limits anybody who reaches ${host} could fill the server up.`,
    )
  }
  if (config.tls !== undefined && config.publicUrl?.protocol === 'http:') {
    throw new UsageError(`With --tls-cert people come by https, so --url is https://${config.publicUrl.host}.`)
  }
  if (!config.open) {
    if (isLoopbackAddress(host) || config.publicUrl !== undefined) return
    throw new UsageError(
      `Others can reach ${host}, so say where: --url https://docs.example. The server answers to no other name, and its ` +
        `sign-in is only as safe as that address. Without --url it listens on --listen 127.0.0.1:${port}.`,
    )
  }
  if (!isLoopbackAddress(host)) {
    throw new UsageError(
      `An open server lets everybody who reaches it read and change every document, so it does not listen on ${host}. ` +
        `Use --listen 127.0.0.1:${port}, and reach it from elsewhere through a tunnel that knows who you are ` +
        `(ssh -L ${port || 4747}:127.0.0.1:${port || 4747} this-machine).`,
    )
  }
}

/** @throws UsageError for an unknown flag (with the likely one), a missing value, or words that are no flags. */
export function parseFlags(args: readonly string[], options: readonly OptionDefinition[]): Map<string, string> {
  const flags = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(args[i]!)
    if (match === null) throw new UsageError(`“${args[i]}” means nothing here; options begin with --.`)
    const [, name = '', inline] = match
    const option = options.find(candidate => candidate.name === name)
    if (option === undefined)
      throw new UsageError(
        unknown(
          `--${name}`,
          options.map(({ name }) => `--${name}`),
        ),
      )
    if (option.value === undefined) {
      flags.set(name, inline ?? 'true')
      continue
    }
    const next = inline ?? args[++i]
    if (next === undefined || (inline === undefined && next.startsWith('--'))) {
      throw new UsageError(`--${name} needs a value: --${name} ${option.value}.`)
    }
    flags.set(name, next)
  }
  return flags
}

/** `There is no --lisen. Did you mean --listen?` */
export function unknown(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map(name => ({ name, distance: distance(word, name) }))
    .sort((a, b) => a.distance - b.distance)
  const isNear = nearest !== undefined && nearest.distance <= Math.max(2, Math.floor(word.length / 3))
  return `There is no ${word}.${isNear ? ` Did you mean ${nearest.name}?` : ` There are ${known.join(', ')}.`}`
}

function isTrue(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false' || text === '0' || text === '') return false
  if (text === 'true' || text === '1') return true
  throw new UsageError(`--${name} is there or not; it cannot be “${text}”.`)
}

function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw new UsageError(`--listen is HOST:PORT, for example 127.0.0.1:4747; it cannot be “${text}”.`)
  }
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port }
}

/** @throws UsageError for what is more, or less, than scheme, host and port. */
function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href
  if (isPlain) return url
  throw new UsageError(`--url is https://HOST or https://HOST:PORT, without a path; it cannot be “${text}”.`)
}

/** @throws UsageError for one without the other. */
function tlsOf(cert: string | undefined, key: string | undefined): { tls?: TlsFiles } {
  if (cert === undefined && key === undefined) return {}
  if (cert !== undefined && key !== undefined) return { tls: { cert, key } }
  throw new UsageError('A certificate and its key belong together: --tls-cert FILE --tls-key FILE.')
}

/** @throws UsageError for a part without the others, and for a provider that others could pretend to be. */
function oidcOf(value: (name: string) => string | undefined, isSet: (name: string) => boolean): { oidc?: OidcOptions } {
  const [issuerText, clientId, secretFile] = ['oidc-issuer', 'oidc-client-id', 'oidc-secret-file'].map(value)
  const [signUp, matchMail] = [isSet('oidc-sign-up'), isSet('oidc-match-mail')]
  if (issuerText === undefined) {
    if (clientId === undefined && secretFile === undefined && !signUp && !matchMail) return {}
    throw new UsageError('Which provider? --oidc-issuer URL, as the provider itself writes it.')
  }
  if (clientId === undefined) throw new UsageError('--oidc-issuer needs --oidc-client-id ID, which the provider gives.')
  const issuer = URL.canParse(issuerText) ? new URL(issuerText) : undefined
  const isSafe = issuer?.protocol === 'https:' || (issuer?.protocol === 'http:' && isLoopbackHost(issuer.host))
  if (issuer === undefined || !isSafe) {
    throw new UsageError(`--oidc-issuer is an https address; it cannot be “${issuerText}”.`)
  }
  const name = value('oidc-name') ?? issuer.hostname
  return { oidc: { issuer, clientId, name, signUp, matchMail, ...(secretFile !== undefined && { secretFile }) } }
}

/** @throws UsageError for a part without the others. */
function mailOf(value: (name: string) => string | undefined): { mail?: MailOptions } {
  const [urlText, passwordFile, from] = ['smtp-url', 'smtp-password-file', 'mail-from'].map(value)
  if (urlText === undefined) {
    if (passwordFile === undefined && from === undefined) return {}
    throw new UsageError('By which mail server? --smtp-url smtps://user@mail.example.')
  }
  const url = URL.canParse(urlText) ? new URL(urlText) : undefined
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || url.password !== '') {
    throw new UsageError(
      '--smtp-url is smtps://USER@HOST or smtp://USER@HOST:587; the password stands in --smtp-password-file FILE.',
    )
  }
  if (from === undefined || !/^[^\r\n]*[^\s@<]@[^\s@>]+>?$/.test(from)) {
    throw new UsageError('--mail-from is whom mails come from: "Sheaf <sheaf@docs.example>".')
  }
  return { mail: { url, from, ...(passwordFile !== undefined && { passwordFile }) } }
}

/** @throws UsageError for what is no address and no network. */
function parseProxies(text: string): readonly string[] {
  const trusted = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
  try {
    new Proxies(trusted)
  } catch (cause) {
    throw new UsageError(`--trust-proxy is addresses and networks, 127.0.0.1,10.0.0.0/8. ${(cause as Error).message}`, {
      cause,
    })
  }
  return trusted
}

function parseSeconds(name: string, text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds >= 0 && seconds <= 3_600) return seconds
  throw new UsageError(`--${name} is a number of seconds from 0 to 3600; it cannot be “${text}”.`)
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap))
    }
    row = next
  }
  return row.at(-1)!
}

// `sheaf serve`: runs a server until it is told to stop. Standard output gets exactly one line, for scripts: where it listens.

import { resolve } from 'node:path'
import { defaultLimits, limitsOff } from '@sheaf/protocol'
import type { MailSettings } from '../accounts/mail.ts'
import type { OidcSettings } from '../auth/oidc.ts'
import { systemClock } from '../clock.ts'
import { type MailOptions, type OidcOptions, parseServe, type ServeConfig } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { createServer, type SheafServer } from '../server.ts'
import { LevelStore } from '../store/level.ts'
import { openAdmin } from './admin.ts'
import { firstLineOf } from './first-line.ts'
import type { Terminal } from './terminal.ts'
import { productVersion } from './version.ts'

/** npm passes a Ctrl-C on that the terminal has sent to us already; so soon after the first it is the same one. */
const sameSignalMs = 300

/** What is on its way to the disk gets so long after an error that nobody caught. */
const crashGraceMs = 3_000

/** @returns 0 after an orderly stop, 1 after an error that nobody caught. */
export async function serve(args: readonly string[], terminal: Terminal): Promise<number> {
  const config = parseServe(args, terminal.env)
  const format = config.logFormat ?? (terminal.isInteractive && !config.json ? 'pretty' : 'json')
  const log = createLog({ level: config.logLevel, format, write: line => terminal.err(line) })
  // Whoever has read the ready line may send a signal at once, so signals are listened to before there is a server.
  const starting = start(config, terminal, log)
  const ended = endOf(starting, terminal, log)
  const server = await starting
  terminal.out(readyLine(server, config, terminal.pid))
  // Never into a log, which others may read and which is kept.
  if (format === 'pretty') terminal.err(welcome(server, config))
  if (config.publicUrl?.protocol === 'http:') {
    log.warn('Without TLS everybody on the way can read what is written and who signs in', {
      url: config.publicUrl.origin,
    })
  }
  return ended
}

/** @returns the exit code, once the server has been told to stop and has, or has failed. */
function endOf(starting: Promise<SheafServer>, terminal: Terminal, log: Log): Promise<number> {
  return new Promise(done => {
    let firstSignalMs: number | undefined
    terminal.onStop(signal => {
      const nowMs = systemClock.monotonicMs()
      const isFirst = firstSignalMs === undefined
      if (!isFirst && nowMs - firstSignalMs! < sameSignalMs) return
      firstSignalMs ??= nowMs
      log.info(isFirst ? 'Stopping' : 'Stopping at once', { signal })
      stop(starting, { atOnce: !isFirst }).then(
        () => {
          if (isFirst) log.info('Stopped')
          done(0)
        },
        (cause: unknown) => {
          if (isFirst) log.error('The stop failed', { cause })
          done(1)
        },
      )
    })
    // After such an error nothing in memory can be trusted to go on, but every row that waits for the disk has passed the
    // gate before it: the rows are written, and the process ends.
    terminal.onCrash(cause => {
      log.error('An error that nobody caught; stopping', { cause })
      systemClock.after(crashGraceMs, () => done(1))
      stop(starting, { atOnce: true }).then(
        () => done(1),
        () => done(1),
      )
    })
  })
}

async function stop(starting: Promise<SheafServer>, options: { atOnce: boolean }): Promise<void> {
  const server = await starting
  await server.close(options)
}

async function start(config: ServeConfig, terminal: Terminal, log: Log): Promise<SheafServer> {
  const { host, port } = config.listen
  try {
    const server = await createServer({
      data: resolve(config.data),
      listen: { host, port, orNext: config.nextPort },
      openMode: config.open,
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
      ...(config.tls === undefined ? {} : { tls: config.tls }),
      ...(config.mail === undefined ? {} : { mail: await mailOf(config.mail) }),
      ...(config.oidc === undefined ? {} : { oidc: await oidcOf(config.oidc) }),
      trustedProxies: config.trustedProxies,
      limits: config.limits ? defaultLimits : limitsOff,
      log,
      version: productVersion,
      metrics: createMetrics({ version: productVersion, runtime: terminal.runtime, probes: true }),
      drainMs: config.drainMs,
      ...terminal.built,
    })
    return await withAdmin(server, resolve(config.data), log)
  } catch (cause) {
    const { code } = cause as { code?: unknown }
    if (code === 'EADDRINUSE') {
      throw new Error(
        `Port ${port} of ${host} is taken, maybe by another Sheaf. Stop that one, choose another with --listen ${host}:PORT, or ` +
          'let --next-port find one.',
        { cause },
      )
    }
    if (code === 'EACCES') throw new Error(`Port ${port} of ${host} may not be used by this user.`, { cause })
    throw cause
  }
}

/** @throws UsageError when there is no secret in the file. */
async function oidcOf({ secretFile, ...settings }: OidcOptions): Promise<OidcSettings> {
  if (secretFile === undefined) return settings
  return { ...settings, clientSecret: await firstLineOf(secretFile) }
}

/** @throws UsageError when there is no password in the file. */
async function mailOf({ passwordFile, ...settings }: MailOptions): Promise<MailSettings> {
  if (passwordFile === undefined) return settings
  return { ...settings, password: await firstLineOf(passwordFile) }
}

/** Commands on the store are taken as long as the server runs. */
async function withAdmin(server: SheafServer, data: string, log: Log): Promise<SheafServer> {
  const closeAdmin =
    server.store instanceof LevelStore
      ? await openAdmin({ store: server.store, authority: server.authority, data, log }).catch(async cause => {
          await server.close({ atOnce: true })
          throw cause
        })
      : undefined
  return {
    ...server,
    async close(options) {
      await closeAdmin?.()
      await server.close(options)
    },
  }
}

function readyLine(server: SheafServer, config: ServeConfig, pid: number): string {
  const { url, port } = server
  if (!config.json) return `sheaf listening on ${url}\n`
  return `${JSON.stringify({ event: 'listening', url, port, data: resolve(config.data), pid })}\n`
}

function welcome(server: SheafServer, config: ServeConfig): string {
  const isMoved = config.listen.port !== 0 && server.port !== config.listen.port
  const port = isMoved ? `  Port ${config.listen.port} is taken, so this is ${server.port}.\n` : ''
  const url = config.publicUrl?.origin ?? server.url
  const secret = server.authority.invitations.beginSetUp()
  const setUp =
    secret === undefined
      ? ''
      : `
  ${config.open ? 'To have accounts, make yours first' : 'Make the first account'} (this link works once, for 30 minutes):
    ${url}/setup#${secret}
`
  const what = server.authority.isOpen
    ? `Open it in two windows and write in both. Documents are kept in ${config.data}.`
    : `Documents are kept in ${config.data}.`
  return `
  Sheaf is ready:  ${url}
${port}  ${what}
  Ctrl-C stops it.
${setUp}
`
}

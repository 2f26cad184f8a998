// `sheaf serve`: runs a server until it is told to stop. Standard output gets exactly one line, for scripts: where it listens.

import { resolve } from 'node:path'
import { defaultLimits, limitsOff } from '@sheaf/protocol'
import { systemClock } from '../clock.ts'
import { parseServe, type ServeConfig } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { createServer, type SheafServer } from '../server.ts'
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
  const server = await start(config, terminal, log)
  terminal.out(readyLine(server, config, terminal.pid))
  if (format === 'pretty') terminal.err(welcome(server, config))
  return new Promise(done => {
    let firstSignalMs: number | undefined
    terminal.onStop(signal => {
      const nowMs = systemClock.monotonicMs()
      if (firstSignalMs !== undefined) {
        // The same stop again; what is left of its waiting is skipped.
        if (nowMs - firstSignalMs < sameSignalMs) return
        log.info('Stopping at once', { signal })
        server.close({ atOnce: true })
        return
      }
      firstSignalMs = nowMs
      log.info('Stopping', { signal })
      server.close().then(
        () => {
          log.info('Stopped')
          done(0)
        },
        (cause: unknown) => {
          log.error('The stop failed', { cause })
          done(1)
        },
      )
    })
    // After such an error nothing in memory can be trusted to go on, but every row that waits for the disk has passed the
    // gate before it: the rows are written, and the process ends.
    terminal.onCrash(cause => {
      log.error('An error that nobody caught; stopping', { cause })
      const timer = setTimeout(() => done(1), crashGraceMs)
      server.close({ atOnce: true }).then(
        () => done(1),
        () => done(1),
      )
      timer.unref()
    })
  })
}

async function start(config: ServeConfig, terminal: Terminal, log: Log): Promise<SheafServer> {
  const { host, port } = config.listen
  try {
    return await createServer({
      data: resolve(config.data),
      listen: { host, port, orNext: config.nextPort },
      openMode: config.open,
      limits: config.limits ? defaultLimits : limitsOff,
      log,
      metrics: createMetrics({ version: productVersion, runtime: terminal.runtime, probes: true }),
      drainMs: config.drainMs,
    })
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

function readyLine(server: SheafServer, config: ServeConfig, pid: number): string {
  const { url, port } = server
  if (!config.json) return `sheaf listening on ${url}\n`
  return `${JSON.stringify({ event: 'listening', url, port, data: resolve(config.data), pid })}\n`
}

function welcome(server: SheafServer, config: ServeConfig): string {
  const isMoved = config.listen.port !== 0 && server.port !== config.listen.port
  const port = isMoved ? `  Port ${config.listen.port} is taken, so this is ${server.port}.\n` : ''
  return `
  Sheaf is ready:  ${server.url}
${port}  Open it in two windows and write in both. Documents are kept in ${config.data}.
  Ctrl-C stops it.

`
}

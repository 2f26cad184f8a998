// The structured log. One line for each thing that happened, written where it is handled; never document text or tokens.
// JSON lines for machines, short lines for a person at a terminal; always on standard error, for standard output belongs
// to the one line that says where the server listens.

import { pino } from 'pino'

export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
export type LogFormat = 'json' | 'pretty'

const nothing = () => undefined

export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/**
 * @param options.write gets whole lines with their line end. Errors among the fields (`cause`, `error`) are written with
 * their stack; nothing else is looked into.
 */
export function createLog(options: { level: LogLevel; format: LogFormat; write: (line: string) => void }): Log {
  const { write } = options
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'msg',
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
      serializers: { cause: serializeError, error: serializeError },
    },
    { write: options.format === 'json' ? write : line => write(pretty(line)) },
  )
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  }
}

const serializeError = pino.stdSerializers.err

const reset = '\u001b[0m'
const dim = '\u001b[2m'
const colors: Readonly<Record<string, string>> = { warn: '\u001b[33m', error: '\u001b[31m', debug: dim }

/** `12:04:31 warn  The disk is full  rows=3`. A stack goes below its line. */
function pretty(line: string): string {
  const { level, ts, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const color = colors[String(level)] ?? ''
  const clock = String(ts).slice(11, 19)
  let tail = ''
  let below = ''
  for (const [key, value] of Object.entries(fields)) {
    const stack = (value as { stack?: unknown } | null)?.stack
    if (typeof stack === 'string') below += `${dim}${stack}${reset}\n`
    else tail += `  ${dim}${key}=${reset}${typeof value === 'string' ? value : JSON.stringify(value)}`
  }
  return `${dim}${clock}${reset} ${color}${String(level).padEnd(5)}${reset} ${String(msg)}${tail}\n${below}`
}

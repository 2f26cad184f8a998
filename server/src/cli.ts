// The command line: which command, and with what exit code it ends. 0 done, 1 failed or damage found, 2 cannot be meant as
// written, 3 not found, 4 denied, 5 in the way of what is there or ambiguous, 6 not possible now.

import { EditRefused } from '@sheaf/client/http'
import { errorKinds, type RequestErrorCode, requestErrorKinds, SheafError } from '@sheaf/protocol'
import { backup, compact, repair, restore, verify } from './cli/data.ts'
import { append, cat, ls, newDocument, put } from './cli/documents.ts'
import { edit } from './cli/edit.ts'
import { exportFiles, importFiles } from './cli/files.ts'
import { healthcheck } from './cli/healthcheck.ts'
import { help } from './cli/help.ts'
import { login } from './cli/login.ts'
import { mcp } from './cli/mcp.ts'
import { serve } from './cli/serve.ts'
import type { Terminal } from './cli/terminal.ts'
import { token } from './cli/token.ts'
import { user } from './cli/user.ts'
import { version } from './cli/version.ts'
import { watch } from './cli/watch.ts'
import { UsageError, unknown } from './config.ts'

const commands: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => number | Promise<number>>> = {
  serve,
  user,
  token,
  verify,
  compact,
  backup,
  restore,
  repair,
  healthcheck,
  login,
  ls,
  cat,
  new: newDocument,
  put,
  edit,
  append,
  watch,
  export: exportFiles,
  import: importFiles,
  mcp,
  help,
  version,
}

/** @param args without the interpreter and the script. @returns the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [word = 'help', ...rest] = args
  const name = word === '--help' || word === '-h' ? 'help' : word === '--version' ? 'version' : word
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  try {
    if (command === undefined) throw new UsageError(unknown(name, Object.keys(commands)))
    if (rest.includes('--help') || rest.includes('-h')) return await help([name], terminal)
    return await command(rest, terminal)
  } catch (cause) {
    const isUsage = cause instanceof UsageError
    const isRefused = cause instanceof EditRefused
    const code = isRefused || cause instanceof SheafError ? cause.code : isUsage ? 'usage' : 'error'
    const message = cause instanceof Error ? cause.message : String(cause)
    const candidates = isRefused ? cause.candidates : []
    if (args.includes('--json')) {
      const more = candidates.length > 0 ? { candidates } : {}
      terminal.err(`${JSON.stringify({ event: 'failed', code, detail: message, ...more })}\n`)
    } else {
      terminal.err(`sheaf: ${message}\n${isUsage ? 'Try: sheaf help\n' : ''}`)
      for (const { context } of candidates) terminal.err(`  ${context}\n`)
    }
    if (isUsage) return 2
    if (isRefused) return exitCodeOfRefusal(code)
    // Who starts a server asks whether it runs, and nothing else.
    return cause instanceof SheafError && name !== 'serve' ? exitCodeOf(cause) : 1
  }
}

/** By HTTP status. */
const exitCodes: Readonly<Record<number, number>> = {
  401: 4,
  403: 4,
  404: 3,
  409: 5,
  410: 5,
  412: 5,
  429: 6,
  503: 6,
}

/** Of a place in a document: none is not found, more than one are in each other's way. */
const exitCodesOfPlaces: Readonly<Record<string, number>> = { 'target-not-found': 3, 'ambiguous-target': 5 }

function exitCodeOfRefusal(code: string): number {
  const known = Object.hasOwn(requestErrorKinds, code) ? requestErrorKinds[code as RequestErrorCode] : undefined
  return exitCodesOfPlaces[code] ?? exitCodes[known?.status ?? 0] ?? 1
}

function exitCodeOf({ code }: SheafError): number {
  if (code === 'damaged') return 1
  const { status } = errorKinds[code]
  return exitCodes[status] ?? 1
}

// The command line: which command, and with what exit code it ends. 0 done, 1 failed, 2 cannot be meant as written; 3 to 6 (not
// found, denied, conflict, unavailable) belong to commands that speak to a server.

import { help } from './cli/help.ts'
import { serve } from './cli/serve.ts'
import type { Terminal } from './cli/terminal.ts'
import { version } from './cli/version.ts'
import { UsageError, unknown } from './config.ts'

const commands: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => number | Promise<number>>> = {
  serve,
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
    const message = cause instanceof Error ? cause.message : String(cause)
    if (args.includes('--json')) {
      terminal.err(`${JSON.stringify({ event: 'failed', code: isUsage ? 'usage' : 'error', detail: message })}\n`)
    } else {
      terminal.err(`sheaf: ${message}\n${isUsage ? 'Try: sheaf help\n' : ''}`)
    }
    return isUsage ? 2 : 1
  }
}

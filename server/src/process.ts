// The process: its arguments, signals and streams, handed to the command line. With config.ts the only place that touches
// `process`.

import type { BuiltParts } from './cli/terminal.ts'
import { run } from './cli.ts'

type Values = Readonly<Record<string, string | undefined>>

/** Runs the command that the process was started with, and ends the process with its exit code. */
export async function runProcess(partsFor: (args: readonly string[], env: Values) => BuiltParts): Promise<never> {
  // Whoever read our output has gone; what we do for others goes on.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)

  const args = process.argv.slice(2)
  const code = await run(args, {
    env: process.env,
    pid: process.pid,
    runtime: `node ${process.versions.node}`,
    built: partsFor(args, process.env),
    isInteractive: process.stderr.isTTY === true,
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    onStop(f) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => f(signal))
    },
    onCrash(f) {
      process.on('uncaughtException', f)
      process.on('unhandledRejection', f)
    },
  })
  process.exit(code)
}

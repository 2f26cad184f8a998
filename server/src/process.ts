// The process: its arguments, signals and streams, handed to the command line. With config.ts the only place that touches
// `process`.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
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
    isInputInteractive: process.stdin.isTTY === true,
    read: () => text(process.stdin),
    lines: () => createInterface({ input: process.stdin }),
    run: runInShell,
    out: what => void process.stdout.write(what),
    err: what => void process.stderr.write(what),
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

function runInShell(command: string, argument: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${command} "$1"`, 'sheaf', argument], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (exitCode, signal) => resolve(signal === null ? (exitCode ?? 1) : 1))
  })
}

// The process: its arguments, signals and streams, handed to the command line. With config.ts the only place that touches
// `process`.

import { run } from './cli.ts'

// Whoever read our output has gone; what we do for others goes on.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

const code = await run(process.argv.slice(2), {
  env: process.env,
  pid: process.pid,
  runtime: `node ${process.versions.node}`,
  compactionWorker: new URL('compaction-worker.js', import.meta.url),
  gateWorker: new URL('gate-worker.js', import.meta.url),
  convertWorker: new URL('convert-worker.js', import.meta.url),
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

// `npm start`: from a fresh clone to an address that works. Arguments go on to `sheaf serve`.

import { prepareOrExit } from './prepare.mjs'

await prepareOrExit()
const defaults = { OPEN: 'true', NEXT_PORT: 'true', LOG_FORMAT: 'pretty', LOG_LEVEL: 'warn' }
for (const [name, value] of Object.entries(defaults)) process.env[`SHEAF_${name}`] ??= value

// npm starts us through a shell that does not pass signals on: when npm is told to end, we are to end too.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}

process.argv.splice(2, 0, 'serve')
await import('../dist/main.js')

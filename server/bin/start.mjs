// `npm start`: from a fresh clone to an address that works. Arguments go on to `sheaf serve`.

import { prepareOrExit } from './prepare.mjs'

await prepareOrExit()
const defaults = { OPEN: 'true', NEXT_PORT: 'true', LOG_FORMAT: 'pretty', LOG_LEVEL: 'warn' }
for (const [name, value] of Object.entries(defaults)) process.env[`SHEAF_${name}`] ??= value
process.argv.splice(2, 0, 'serve')
await import('../dist/main.js')

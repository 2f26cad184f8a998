// `npm start`: from a fresh clone to an address that works. Arguments go on to `sheaf serve`.

import { prepare } from './prepare.mjs'

await prepare()
const args = ['serve', '--open', '--next-port', '--log-format', 'pretty', '--log-level', 'warn']
process.argv.splice(2, 0, ...args)
await import('../dist/main.js')

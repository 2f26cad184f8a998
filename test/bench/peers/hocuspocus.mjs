// Hocuspocus with its SQLite extension, as its documentation sets it up.

import { join } from 'node:path'
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'

const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  extensions: [new SQLite({ database: join(process.env.BENCH_DATA, 'hocuspocus.sqlite') })],
})
// Its `listen` takes 0 for "the port of the configuration", which defaults to 80.
server.configuration.port = 0
await server.listen()
console.log(`port ${server.address.port}`)

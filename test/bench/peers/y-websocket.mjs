// @y/websocket-server with LevelDB, as its own server.js does it, on a port that is free.

import { createServer } from 'node:http'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'

process.env.YPERSISTENCE = join(process.env.BENCH_DATA, 'y-leveldb')
const { setupWSConnection } = await import('@y/websocket-server/utils')

const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', setupWSConnection)
const server = createServer()
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, ws => sockets.emit('connection', ws, request))
})
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`))
process.on('SIGTERM', () => process.exit(0))

// The limit: passes each frame on to everybody else of its document and does nothing besides. No document, no disk, no rights. What
// came within one turn of the loop leaves in one write for each socket.

import { createServer } from 'node:http'
import { Sender, WebSocketServer } from 'ws'

const rooms = new Map()
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
const server = createServer()
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, ws => {
    const room = rooms.get(request.url) ?? { members: new Set(), waiting: [] }
    rooms.set(request.url, room)
    const member = { ws, socket }
    room.members.add(member)
    ws.on('message', data => {
      if (room.waiting.length === 0) setImmediate(flush, room)
      const options = { fin: true, opcode: 2, mask: false, readOnly: true, rsv1: false }
      room.waiting.push({ from: member, frame: Buffer.concat(Sender.frame(data, options)) })
    })
    ws.on('error', () => undefined)
    ws.on('close', () => room.members.delete(member))
  })
})
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`))
process.on('SIGTERM', () => process.exit(0))

function flush(room) {
  const { waiting } = room
  room.waiting = []
  const speakers = new Set(waiting.map(({ from }) => from))
  const all = Buffer.concat(waiting.map(({ frame }) => frame))
  for (const member of room.members) {
    const bytes = speakers.has(member)
      ? Buffer.concat(waiting.filter(({ from }) => from !== member).map(({ frame }) => frame))
      : all
    if (bytes.length > 0) member.socket.write(bytes)
  }
}

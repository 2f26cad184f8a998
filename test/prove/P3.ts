// P3: nobody changes a byte outside their right. Everybody who could ask × everything that can be asked, over HTTP and over the socket, and
// 100,000 random updates by a viewer, after which the document's hash is what it was.

import { createHash } from 'node:crypto'
import { defaultLimits, limitsOff } from '@sheaf/protocol'
import * as Y from 'yjs'
import { accountsServer, Browser, settle } from '../helpers/browsers.ts'
import { runMatrix } from './matrix.ts'

export async function prove({ full }: { full: boolean }) {
  const matrix = await runMatrix(await place(false))
  const viewer = await writeAsViewer(full ? 100_000 : 10_000)
  const ok = matrix.wrong.length === 0 && viewer.isUnchanged && viewer.refused === viewer.updates
  return { promise: 'P3', ok, cells: matrix.cells, wrong: matrix.wrong.slice(0, 20), ...viewer }
}

async function place(isUnlimited: boolean) {
  const server = await accountsServer({
    limits: isUnlimited ? limitsOff : { ...defaultLimits, socketsPerUser: 1_000, socketsPerAddress: 1_000 },
  })
  return settle(server)
}

/** Every update is numbered, so that each refusal can be counted. */
async function writeAsViewer(updates: number) {
  const { server, owner, join } = await place(true)
  const { registry, authority } = server
  const viewer = await join('viewer')
  const made = await owner.ask('POST', '/documents', { title: 'Plan', text: 'What we know\nWhat it costs' })
  const documentId = String(made.body?.id)
  await authority.sharing.give(documentId, viewer.userId, 'viewer')
  const hash = () =>
    registry.withRoom(documentId, room => createHash('sha256').update(Y.encodeStateAsUpdate(room.ydoc)).digest('hex'))
  const before = await hash()
  const client = await new Browser(server.url, viewer.cookie).open(documentId)
  await client.next('step1')
  const base = await registry.withRoom(documentId, room => Y.encodeStateAsUpdate(room.ydoc))
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, base)
  client.send({ type: 'sequenced', clientSeq: 0, message: { type: 'step2', update: base } })
  let refused = 0
  let sent = 0
  ydoc.on('update', (update: Uint8Array) => {
    sent += 1
    client.send({ type: 'sequenced', clientSeq: sent, message: { type: 'update', update } })
  })
  const [title, body] = [ydoc.getText('title'), ydoc.getText('body')]
  for (let step = 0; sent < updates; step++) {
    const text = step % 3 === 0 ? title : body
    const at = (step * 7_919) % (text.length + 1)
    if (step % 5 === 4 && text.length > 1) text.delete(at % text.length, 1)
    else if (step % 7 === 6) text.format(0, text.length, { strong: step })
    else text.insert(at, String.fromCharCode(97 + (step % 26)))
    if (step % 500 === 0) await client.roundTrip()
  }
  await client.roundTrip()
  await registry.withRoom(documentId, room => room.whole())
  await client.next('nack', ({ clientSeq }) => clientSeq === sent)
  refused = 1 + client.received.filter(({ type }) => type === 'nack').length
  const isUnchanged = (await hash()) === before
  await client.close()
  await server.close({ atOnce: true })
  return { updates: sent, refused, isUnchanged }
}

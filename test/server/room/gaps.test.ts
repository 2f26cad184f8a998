import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'

/** Updates of one author that build on each other. */
function chain(length: number): { updates: Uint8Array[]; ydoc: Y.Doc } {
  const ydoc = new Y.Doc()
  const updates: Uint8Array[] = []
  ydoc.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 0; i < length; i++) ydoc.getText('body').insert(i, String(i % 10))
  return { updates, ydoc }
}

describe('a gap', () => {
  it('W13: before the first step 2 is held, and closed by it', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    ann.cut()
    ann.text.insert(0, 'offline ')
    // The client types before it has answered the server's step 1, as stock clients do.
    const pair = ann.open()
    ann.text.insert(8, 'and on')
    await ann.enter(rooms.registry, documentId, pair)
    await settle()
    expect(ann.all('nack')).toEqual([])
    expect(ann.ackedSeq).toBe(2)
    expect(await rooms.logText(documentId)).toBe('offline and on')
  })

  it('W17: of numbers is never acknowledged: not before the first step 2 is durable, which covers them all', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('text')
    const ann = await rooms.join(documentId, { extension: true })
    ann.cut()
    ann.text.insert(0, 'offline ')
    const pair = ann.open()
    pair.toClient.hold()
    await ann.enter(rooms.registry, documentId, pair)
    // A deletion of old text needs nothing of what was typed offline, so it is taken before that is known.
    ann.text.delete(8, 1)
    await settle()
    expect(await rooms.logText(documentId)).toBe('ext')
    rooms.store.breakDisk('full')
    pair.toClient.release()
    await settle()
    expect(ann.ackedSeq).toBe(0)
    rooms.store.mendDisk()
    await settle()
    expect(ann.ackedSeq).toBe(2)
    expect(await rooms.logText(documentId)).toBe('offline ext')
  })

  it('W17: is never acknowledged while it is held', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    ann.cut()
    const { updates, ydoc } = chain(3)
    const pair = ann.open()
    pair.toClient.hold()
    await ann.enter(rooms.registry, documentId, pair)
    ann.send({ type: 'sequenced', clientSeq: 2, message: { type: 'update', update: updates[1]! } })
    ann.send({
      type: 'sequenced',
      clientSeq: 3,
      message: { type: 'update', update: Y.encodeStateAsUpdate(new Y.Doc()) },
    })
    await settle()
    pair.toClient.release()
    await settle()
    // Its own answer to step 1 was empty and covers nothing but number 0; the held one was refused then.
    expect(ann.all('nack')).toMatchObject([{ clientSeq: 2, code: 'gap' }])
    ann.send({ type: 'sequenced', clientSeq: 3, message: { type: 'step2', update: Y.encodeStateAsUpdate(ydoc) } })
    await settle()
    expect(ann.all('ack').at(-1)).toMatchObject({ clientSeq: 3, revision: 1 })
  })

  it('W13: later is answered with a step 1 of the server, and with a nack under sheaf.v1, and closes nothing', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    for (const extension of [true, false]) {
      const ann = await rooms.join(documentId, { extension })
      await rooms.tick(2_000)
      const { updates } = chain(3)
      const asked = ann.all('step1').length
      const message = { type: 'update', update: updates[2]! } as const
      ann.send(extension ? { type: 'sequenced', clientSeq: 7, message } : message)
      await settle()
      expect(ann.all('step1')).toHaveLength(asked + 1)
      expect(ann.all('nack')).toMatchObject(extension ? [{ clientSeq: 7, code: 'gap' }] : [])
      expect(ann.closedWith).toBeUndefined()
    }
    await rooms.registry.withRoom(documentId, room => {
      expect(room.ydoc.store.pendingStructs).toBeNull()
      expect(room.revision).toBe(0)
    })
  })

  it('that comes again and again is asked about once a second', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    await rooms.tick(2_000)
    const asked = ann.all('step1').length
    const { updates } = chain(20)
    for (const update of updates.slice(1)) {
      ann.send({ type: 'update', update })
      await settle()
    }
    expect(ann.all('step1')).toHaveLength(asked + 1)
    // The last ones came after the question, so it is put again by itself.
    await rooms.tick(2_000)
    expect(ann.all('step1')).toHaveLength(asked + 2)
    await rooms.tick(2_000)
    expect(ann.all('step1')).toHaveLength(asked + 2)
  })

  it('heals: the step 2 that answers brings everything', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId)
    await rooms.tick(2_000)
    // One update is lost in between, which a real socket cannot do.
    ann.pair!.toServer.hold()
    ann.text.insert(0, 'lost ')
    ann.pair!.toServer.drop()
    ann.pair!.toServer.release()
    ann.text.insert(5, 'found')
    await settle()
    expect(bob.text.toString()).toBe('lost found')
    expect(ann.isPending).toBe(false)
  })

  it('holds no more than its bound, and loses nothing by that', async () => {
    const rooms = startRooms({ limits: { updateBytesPerSecond: 1e9 } })
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    ann.cut()
    ann.text.insert(0, 'start')
    const pair = ann.open()
    pair.toServer.hold()
    await ann.enter(rooms.registry, documentId, pair)
    for (let i = 0; i < 4; i++) ann.text.insert(0, 'large '.repeat(60_000))
    expect(pair.toServer.waitingBytes).toBeGreaterThan(1024 * 1024)
    pair.toServer.release()
    await settle()
    expect(ann.isPending).toBe(false)
    expect(await rooms.logText(documentId)).toBe(ann.text.toString())
  })
})

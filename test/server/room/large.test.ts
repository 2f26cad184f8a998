// Large updates: they take their time, in turns of their own, and nobody else waits for it; what they come to is what it
// would be in one turn.

import { blocksOf, cutSections, openBody, plainText, readBody, seedUpdate, writeBody } from '@sheaf/model'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type Cutter, inlineCutter } from '../../../server/src/room/gate-cutter.ts'
import { gateLimits } from '../../../server/src/room/gate-rules.ts'
import { settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'
import { craft, text } from '../gate/craft.ts'

/** An update of so many structs that none merge: each stands before the one before it. */
function manyStructs(client: number, count: number, root = 'body'): Uint8Array {
  return craft([
    {
      client,
      structs: Array.from({ length: count }, (_, i) => text(i === 0 ? { root } : { right: [client, i - 1] }, 'm')),
    },
  ])
}

/** Cuts when the test says so. */
function patientCutter() {
  const waiting: (() => void)[] = []
  const cutter: Cutter = {
    async cut(documentId, request) {
      const kept = { ...request, update: request.update.slice() }
      await new Promise<void>(resolve => waiting.push(resolve))
      return inlineCutter.cut(documentId, kept)
    },
    close: async () => undefined,
  }
  const goOn = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  return { cutter, waiting, goOn }
}

describe('an update that is larger than what one turn may take', () => {
  it('W2: holds up the updates of its own socket, in order, and nobody else', async () => {
    const { cutter, waiting, goOn } = patientCutter()
    const rooms = startRooms({ cutter })
    const documentId = await rooms.document('text')
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId, { extension: true })
    ann.text.insert(4, 'p'.repeat(gateLimits.turnBytes))
    ann.text.insert(0, 'then ')
    bob.text.insert(0, 'bob ')
    await settle()
    expect(waiting).toHaveLength(1)
    expect(await rooms.logText(documentId)).toBe('bob text')
    expect([ann.ackedSeq, bob.isPending]).toEqual([0, false])
    goOn()
    await settle()
    expect(await rooms.logText(documentId)).toHaveLength('bob then text'.length + gateLimits.turnBytes)
    expect(ann.isPending).toBe(false)
    expect(ann.text.toString()).toBe(bob.text.toString())
  })

  it('W12: is one row of the log; the others see it come in parts, and it is acknowledged when it is whole', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId)
    const { revision } = (await rooms.store.find(documentId))!
    bob.received = []
    const update = manyStructs(7, 20_000)
    ann.send({ type: 'sequenced', clientSeq: 1, message: { type: 'step2', update } })
    while (bob.all('update').length === 0) await new Promise(resolve => setImmediate(resolve))
    expect(bob.text.length).toBeLessThan(20_000)
    expect(ann.ackedSeq).toBe(0)
    // Who reads the document in process reads whole updates.
    await rooms.registry.withRoom(documentId, room => expect(room.ydoc.getText('body').length).toBe(20_000))
    expect(bob.text.length).toBe(20_000)
    expect(bob.all('update').length).toBeGreaterThan(4)
    expect(ann.ackedSeq).toBe(1)
    expect((await rooms.store.find(documentId))!.revision).toBe(revision + 1)
    expect((await rooms.log(documentId)).getText('body').length).toBe(20_000)
    await rooms.restart()
    expect(await rooms.logText(documentId)).toHaveLength(20_000)
  })

  it('is examined again when somebody else was quicker, and those who come then wait a moment', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('text')
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId, { extension: true })
    ann.send({ type: 'sequenced', clientSeq: 1, message: { type: 'step2', update: manyStructs(7, 30_000) } })
    // Bob types in each turn, before, while and after the update is examined.
    let typed = 0
    while (ann.ackedSeq === 0) {
      bob.text.insert(0, 'b')
      typed += 1
      await new Promise(resolve => setImmediate(resolve))
    }
    await settle()
    expect(typed).toBeGreaterThan(10)
    expect(bob.isPending).toBe(false)
    expect([ann.closedWith, bob.closedWith]).toEqual([undefined, undefined])
    expect(await rooms.logText(documentId)).toHaveLength(4 + typed + 30_000)
    expect(bob.text.length).toBe(4 + typed + 30_000)
  })

  it('W12: is refused whole, however late the fault stands, and closes its own socket only', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('text')
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId)
    const structs = Array.from({ length: 10_000 }, (_, i) =>
      text(i === 0 ? { root: 'body' } : { right: [7, i - 1] }, 'm'),
    )
    const update = craft([{ client: 7, structs: [...structs, text({ root: 'body', key: 'k' }, 'x'), text({}, '')] }])
    ann.send({ type: 'sequenced', clientSeq: 1, message: { type: 'step2', update } })
    await settle()
    expect(ann.all('nack')).toMatchObject([{ clientSeq: 1, code: 'invalid-update' }])
    expect(ann.closedWith?.code).toBe('invalid-update')
    bob.text.insert(0, 'still ')
    await settle()
    expect(await rooms.logText(documentId)).toBe('still text')
    expect(bob.closedWith).toBeUndefined()
  })

  it('W4: brings no change from who may not write, and is no offence when it holds nothing new', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    ann.send({ type: 'sequenced', clientSeq: 1, message: { type: 'step2', update: manyStructs(7, 20_000) } })
    while (ann.ackedSeq === 0) await settle()
    const reader = await rooms.join(documentId, { extension: true, role: 'viewer' })
    const whole = Y.encodeStateAsUpdate(ann.ydoc)
    reader.send({ type: 'sequenced', clientSeq: 1, message: { type: 'step2', update: whole } })
    while (reader.ackedSeq === 0) await settle()
    expect(reader.all('nack')).toEqual([])
    reader.send({ type: 'sequenced', clientSeq: 2, message: { type: 'step2', update: manyStructs(8, 20_000, 'list') } })
    while (reader.all('nack').length === 0) await settle()
    expect(reader.all('nack')).toMatchObject([{ clientSeq: 2, code: 'read-only' }])
    expect(await rooms.logText(documentId)).toHaveLength(20_000)
  })

  it('ends with its room: nothing is judged, logged or left behind', async () => {
    const { cutter, waiting, goOn } = patientCutter()
    const rooms = startRooms({ cutter })
    const documentId = await rooms.document('text')
    const ann = await rooms.join(documentId, { extension: true })
    ann.text.insert(4, 'p'.repeat(gateLimits.turnBytes))
    await settle()
    expect(waiting).toHaveLength(1)
    await rooms.registry.drain()
    goOn()
    await settle()
    expect(ann.ackedSeq).toBe(0)
    expect(await rooms.logText(documentId)).toBe('text')
    expect(rooms.clock.timers).toBe(0)
  })
})

describe('an edit of the server that is large', () => {
  it('keeps its place before those that build on it', async () => {
    const { cutter, goOn } = patientCutter()
    const rooms = startRooms({ cutter })
    const documentId = await rooms.document()
    await rooms.registry.withRoom(documentId, async room => {
      const long = room.edit('api', ydoc => ydoc.getText('body').insert(0, 'x'.repeat(gateLimits.turnBytes)))
      const short = room.edit('api', ydoc => ydoc.getText('body').insert(gateLimits.turnBytes, '!'))
      await settle()
      goOn()
      expect((await long).revision).toBeLessThan((await short).revision)
    })
    expect((await rooms.logText(documentId)).endsWith('x!')).toBe(true)
  })

  it('U14: is taken when it empties a document of 20,000 blocks', { timeout: 60_000 }, async () => {
    const rooms = startRooms()
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`)
    const documentId = 'long'
    const seed = { updates: [seedUpdate({ text: lines.join('\n') })], title: '', snippet: '' }
    await rooms.registry.create(documentId, seed)
    await rooms.registry.withRoom(documentId, async room => {
      const ydoc = new Y.Doc()
      openBody(ydoc)
      Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(room.ydoc))
      expect(blocksOf(readBody(ydoc))).toHaveLength(20_000)
      const before = Y.encodeStateVector(ydoc)
      const kept = blocksOf(readBody(ydoc))[0]!
      writeBody(ydoc, cutSections([kept.copy()]))
      await room.submit(Y.encodeStateAsUpdate(ydoc, before), 'api')
      expect(plainText(room.ydoc)).toBe('')
    })
  })
})

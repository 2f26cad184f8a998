// P8: who wrote what is known and stays known, and nobody writes under the client id of somebody else.

import { describe, expect, it } from 'vitest'
import { Authorship } from '../../../server/src/room/authorship.ts'
import { settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'
import { craft, text } from '../gate/craft.ts'

const by = (principal: string, wallTimeMs = 0) => ({ principal, origin: 'socket', wallTimeMs }) as const

describe('the table of who wrote what', () => {
  it('P8: names for each clock range of a client its principal and its time, over rows, sessions and a restart', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const startMs = rooms.clock.nowMs()
    const ann = await rooms.join(documentId, { principal: 'device:ann', clientId: 70 })
    const bob = await rooms.join(documentId, { principal: 'device:bob', clientId: 50 })
    ann.text.insert(0, 'abc')
    bob.text.insert(0, 'de')
    await settle()
    await rooms.tick(60_000)
    ann.text.insert(3, 'f')
    await rooms.tick(11 * 60_000)
    ann.text.insert(0, 'gh')
    await settle()
    const table = [
      { client: 50, clock: 0, end: 2, principal: 'device:bob', origin: 'socket', wallTimeMs: startMs },
      { client: 70, clock: 0, end: 4, principal: 'device:ann', origin: 'socket', wallTimeMs: startMs },
      { client: 70, clock: 4, end: 6, principal: 'device:ann', origin: 'socket', wallTimeMs: startMs + 12 * 60_000 },
    ]
    expect(await rooms.registry.authorshipOf(documentId)).toEqual(table)
    await rooms.restart()
    expect(await rooms.registry.authorshipOf(documentId)).toEqual(table)
    const record = (await rooms.store.find(documentId))!
    for await (const row of rooms.store.readRows(record.number, 1, 9))
      expect(row.principal).toMatch(/^device:(ann|bob)$/)
  })

  it('P8: knows the edits of the server, and what a document was made with', async () => {
    const rooms = startRooms()
    const seed = craft([{ client: 9, structs: [text({ root: 'body' }, 'seed')] }])
    await rooms.registry.create('plan', { updates: [seed], title: '', snippet: '' })
    await rooms.registry.withRoom('plan', room => room.edit('api', ydoc => ydoc.getText('title').insert(0, 'Plan')))
    const table = await rooms.registry.authorshipOf('plan')
    // Under one id for ever, and told apart by the clocks.
    expect(table).toMatchObject([
      { client: 9, clock: 0, end: 4, principal: '', origin: 'server' },
      { client: 9, clock: 4, end: 8, principal: '', origin: 'api' },
    ])
  })

  it('grows with authors and hours, and not with keystrokes', () => {
    const authorship = new Authorship([])
    let claims = 0
    for (let i = 0; i < 100_000; i++) {
      claims += authorship.note([{ client: 5, clock: i, end: i + 1 }], by('ann', i * 200)).length
    }
    // 100,000 keystrokes in five and a half hours.
    expect(claims).toBe(34)
  })
})

describe('U16: a client id', () => {
  it('U16: of the server is nobody else’s over HTTP either, where everybody goes on under their own', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    await rooms.registry.withRoom(documentId, async room => {
      await room.edit('api', ydoc => ydoc.getText('body').insert(0, 'a'), { principal: 'user:ann' })
      const { client } = room.authorship()[0]!
      const forged = craft([{ client, clock: 1, structs: [text({ origin: [client, 0] }, '!')] }])
      await expect(room.submit(forged, 'api', { principal: 'user:eve' })).rejects.toMatchObject({
        code: 'invalid-update',
      })
      const ann = await rooms.join(documentId, { principal: 'user:ann', clientId: 70 })
      ann.text.insert(1, 'b')
      await settle()
      const own = craft([{ client: 70, clock: 1, structs: [text({ origin: [70, 0] }, 'c')] }])
      await expect(room.submit(own, 'api', { principal: 'user:eve' })).rejects.toMatchObject({ code: 'invalid-update' })
      await room.submit(own, 'api', { principal: 'user:ann' })
    })
    expect(await rooms.logText(documentId)).toBe('abc')
  })

  it('U16: that somebody else has used is refused, now, in flight, and after a restart; its owner goes on', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { principal: 'device:ann', clientId: 70 })
    const forged = (clock: number) => craft([{ client: 70, clock, structs: [text({ origin: [70, clock - 1] }, '!')] }])
    const forge = async (clock: number) => {
      const eve = await rooms.join(documentId, { principal: 'device:eve', extension: true })
      eve.send({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update: forged(clock) } })
      await settle()
      expect(eve.all('nack')).toMatchObject([{ clientSeq: 1, code: 'invalid-update' }])
      expect(eve.all('nack')[0]!.reason).toContain('U16')
      expect(eve.closedWith?.code).toBe('invalid-update')
    }
    ann.text.insert(0, 'ann')
    const eve = await rooms.join(documentId, { principal: 'device:eve', extension: true })
    eve.send({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update: forged(3) } })
    await settle()
    expect(eve.closedWith?.code).toBe('invalid-update')
    await forge(3)
    await rooms.restart()
    await forge(3)
    await ann.connect(rooms.registry, documentId)
    ann.text.insert(3, '?')
    await settle()
    expect(ann.closedWith).toBeUndefined()
    expect(await rooms.logText(documentId)).toBe('ann?')
  })

  it('U16: of the server is nobody else’s', async () => {
    const rooms = startRooms()
    const seed = craft([{ client: 9, structs: [text({ root: 'body' }, 'seed')] }])
    await rooms.registry.create('plan', { updates: [seed], title: '', snippet: '' })
    const eve = await rooms.join('plan', { principal: '', extension: true })
    const update = craft([{ client: 9, clock: 4, structs: [text({ origin: [9, 3] }, '!')] }])
    eve.send({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update } })
    await settle()
    expect(eve.closedWith?.code).toBe('invalid-update')
    expect(await rooms.logText('plan')).toBe('seed')
  })

  it('U16: is nobody’s by a deletion alone, and what is known already may come from anybody', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { principal: 'device:ann' })
    const bob = await rooms.join(documentId, { principal: 'device:bob' })
    ann.text.insert(0, 'text of ann')
    await settle()
    bob.text.delete(0, 5)
    await settle()
    bob.cut()
    await bob.connect(rooms.registry, documentId)
    await settle()
    expect(bob.closedWith).toBeUndefined()
    expect(await rooms.logText(documentId)).toBe('of ann')
  })

  it('serves one person on many devices, and one device in many tabs', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const first = await rooms.join(documentId, { principal: 'device:ann', clientId: 70 })
    first.text.insert(0, 'one ')
    await settle()
    first.cut()
    // What the first tab could not send goes out through another one.
    const second = await rooms.join(documentId, { principal: 'device:ann' })
    first.text.insert(4, 'two ')
    second.send({
      type: 'update',
      update: craft([{ client: 70, clock: 4, structs: [text({ origin: [70, 3] }, 'two ')] }]),
    })
    await settle()
    expect(second.closedWith).toBeUndefined()
    expect(await rooms.logText(documentId)).toBe('one two ')
  })
})

describe('presence', () => {
  it('P8: under a client id that somebody has written with is theirs, also while they are away', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { principal: 'device:ann', clientId: 70 })
    const bob = await rooms.join(documentId, { principal: 'device:bob' })
    ann.text.insert(0, 'ann')
    await settle()
    await rooms.restart()
    const eve = await rooms.join(documentId, { principal: 'device:eve', clientId: 70 })
    await bob.connect(rooms.registry, documentId)
    eve.awareness.setLocalState({ user: { name: 'Ann' } })
    await rooms.tick(1_000)
    expect(bob.names()).toEqual([])
    ann.awareness.setLocalState({ user: { name: 'Ann herself' } })
    await ann.connect(rooms.registry, documentId)
    await rooms.tick(1_000)
    expect(bob.names()).toEqual(['Ann herself'])
  })

  it('P8: under a client id that somebody has only shown is theirs when they come back', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const bob = await rooms.join(documentId, { principal: 'device:bob' })
    const ann = await rooms.join(documentId, { principal: 'device:ann', clientId: 70 })
    ann.awareness.setLocalState({ user: { name: 'Ann' } })
    await rooms.tick(1_000)
    expect(bob.names()).toEqual(['Ann'])
    ann.cut()
    await rooms.tick(1_000)
    const eve = await rooms.join(documentId, { principal: 'device:eve', clientId: 70 })
    for (let i = 0; i < 5; i++) eve.awareness.setLocalState({ user: { name: 'Ann' }, i })
    await rooms.tick(1_000)
    expect(bob.names()).toEqual([])
    await ann.connect(rooms.registry, documentId)
    await rooms.tick(1_000)
    expect(bob.names()).toEqual(['Ann'])
  })
})

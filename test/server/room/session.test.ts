import { type BaseMessage, type ErrorCode, encodeMessage, type Message } from '@sheaf/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'
import { craft, text } from '../gate/craft.ts'

function updateOf(text: string): Uint8Array {
  const ydoc = new Y.Doc()
  ydoc.getText('body').insert(0, text)
  return Y.encodeStateAsUpdate(ydoc)
}

const sequenced = (message: BaseMessage): Message => ({ type: 'sequenced', clientSeq: 1, message })

describe('a bad frame', () => {
  const update = updateOf('x')
  const frames: [string, Uint8Array, ErrorCode][] = [
    ['nothing', new Uint8Array(), 'malformed'],
    ['a type that does not exist', new Uint8Array([99]), 'malformed'],
    ['a message that ends too early', encodeMessage({ type: 'update', update }).subarray(0, 5), 'malformed'],
    ['bytes behind a message', new Uint8Array([...encodeMessage({ type: 'update', update }), 0]), 'malformed'],
    ['a message that only a server sends', encodeMessage({ type: 'ack', clientSeq: 1, revision: 1 }), 'malformed'],
    ['a state vector that is none', encodeMessage({ type: 'step1', stateVector: new Uint8Array([9]) }), 'malformed'],
    [
      'an awareness update that is none',
      encodeMessage({ type: 'awareness', update: new Uint8Array([5]) }),
      'malformed',
    ],
    ['an update that is none', encodeMessage({ type: 'update', update: new Uint8Array([7, 7, 7]) }), 'invalid-update'],
    ['a truncated update', encodeMessage({ type: 'update', update: update.subarray(0, 9) }), 'invalid-update'],
    [
      'an update above the limit',
      encodeMessage({ type: 'update', update: updateOf('x'.repeat(1_100_000)) }),
      'too-large',
    ],
    [
      'a message of the extension in the base dialect',
      encodeMessage({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update } }),
      'malformed',
    ],
  ]
  for (const [what, frame, code] of frames) {
    it(`W11: ${what} closes its own socket with ${code}, and nobody else notices`, async () => {
      const rooms = startRooms()
      const documentId = await rooms.document('text')
      const bob = await rooms.join(documentId)
      const eve = await rooms.join(documentId)
      eve.sendBytes(frame)
      await settle()
      expect(eve.closedWith?.code).toBe(code)
      expect(bob.closedWith).toBeUndefined()
      bob.text.insert(0, 'still ')
      await settle()
      expect(await rooms.logText(documentId)).toBe('still text')
    })
  }

  const extended: [string, Message, ErrorCode][] = [
    ['a numbered message that is no update', sequenced({ type: 'query-awareness' }), 'malformed'],
    ['a chunk out of order', { type: 'chunk', offset: 5, total: 10, bytes: new Uint8Array(5) }, 'malformed'],
    ['a chunk of too much', { type: 'chunk', offset: 0, total: 1e9, bytes: new Uint8Array(5) }, 'too-large'],
    [
      'a chunk inside chunks',
      {
        type: 'chunk',
        offset: 0,
        total: 5,
        bytes: encodeMessage({ type: 'chunk', offset: 0, total: 1, bytes: new Uint8Array(1) }),
      },
      'malformed',
    ],
  ]
  for (const [what, message, code] of extended) {
    it(`W11: ${what} closes a sheaf.v1 socket with ${code}`, async () => {
      const rooms = startRooms()
      const eve = await rooms.join(await rooms.document(), { extension: true })
      eve.send(message)
      await settle()
      expect(eve.closedWith?.code).toBe(code)
    })
  }

  it('W12: is named by a nack before the close under sheaf.v1, and never acknowledged', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const eve = await rooms.join(documentId, { extension: true })
    eve.send({ type: 'sequenced', clientSeq: 3, message: { type: 'update', update: new Uint8Array([7, 7]) } })
    await settle()
    expect(eve.all('nack')).toMatchObject([{ clientSeq: 3, code: 'invalid-update' }])
    expect(eve.closedWith?.code).toBe('invalid-update')
    expect(eve.all('ack').every(({ clientSeq }) => clientSeq < 3)).toBe(true)
    expect(rooms.counts.of('sheaf_update_rejected_total', { reason: 'invalid-update' })).toBe(1)
  })
})

describe('somebody without the right to write', () => {
  it('W4: changes no byte, is told each time, and goes on reading', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('text')
    const ann = await rooms.join(documentId)
    for (const role of ['viewer', 'commenter', 'suggester'] as const) {
      const reader = await rooms.join(documentId, { extension: true, role })
      const stock = await rooms.join(documentId, { role })
      expect(reader.hello?.role).toBe(role)
      // Their first step 2 brings nothing, and is no offence.
      expect(reader.all('nack')).toEqual([])
      expect(stock.all('denied')).toEqual([])
      for (const client of [reader, stock]) client.text.insert(0, 'forbidden ')
      await settle()
      expect(reader.all('nack')).toMatchObject([{ clientSeq: 1, code: 'read-only' }])
      expect(stock.all('denied')).toEqual([{ type: 'denied', reason: 'read-only' }])
      ann.text.insert(0, '.')
      await settle()
      expect(reader.text.toString().replace('forbidden ', '')).toBe(ann.text.toString())
      for (const client of [reader, stock]) expect(client.closedWith).toBeUndefined()
      for (const client of [reader, stock]) client.cut()
    }
    expect(await rooms.logText(documentId)).toBe('...text')
  })
})

describe('a damaged document', () => {
  it('P6: opens with its last good state, for reading only, and says so', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('the last good state')
    const load = rooms.store.load.bind(rooms.store)
    const damage = [{ what: 'gap' as const, fromSeq: 2, toSeq: 9, detail: 'rows are missing' }]
    rooms.store.load = async id => ({ ...(await load(id)), damage })
    const ann = await rooms.join(documentId, { extension: true })
    const stock = await rooms.join(documentId)
    expect(ann.text.toString()).toBe('the last good state')
    expect(stock.text.toString()).toBe('the last good state')
    expect(ann.all('notice').map(({ notice }) => notice.kind)).toEqual(['read-only'])
    for (const client of [ann, stock]) client.text.insert(0, 'lost? ')
    await settle()
    expect(ann.all('nack')).toMatchObject([{ clientSeq: 1, code: 'read-only' }])
    expect(stock.all('denied')).toHaveLength(1)
    await rooms.registry.withRoom(documentId, async room => {
      expect(room.damage).toEqual(damage)
      await expect(room.edit('api', ydoc => ydoc.getText('body').insert(0, 'x'))).rejects.toMatchObject({
        code: 'read-only',
      })
      await expect(room.submit(updateOf('x'), 'api')).rejects.toMatchObject({ code: 'read-only' })
    })
    await rooms.restart()
    rooms.store.load = load
    expect(await rooms.logText(documentId)).toBe('the last good state')
  })

  it('P6: is also one whose rows are whole but do not apply: it opens up to the last good one', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('good')
    const load = rooms.store.load.bind(rooms.store)
    const bytes = [
      new Uint8Array([1, 1, 1]),
      // A struct that builds on one which never came.
      (() => {
        const ydoc = new Y.Doc()
        ydoc.getText('body').insert(0, 'a')
        const before = Y.encodeStateVector(ydoc)
        ydoc.getText('body').insert(1, 'b')
        return Y.encodeStateAsUpdate(ydoc, before)
      })(),
    ]
    for (const update of bytes) {
      rooms.store.load = async id => {
        const loaded = await load(id)
        const rows = [...loaded.rows, { ...loaded.rows[0]!, seq: 2, update }, { ...loaded.rows[0]!, seq: 3 }]
        return { ...loaded, revision: 3, rows }
      }
      const ann = await rooms.join(documentId, { extension: true })
      expect(ann.text.toString()).toBe('good')
      expect(ann.all('notice').map(({ notice }) => notice.kind)).toEqual(['read-only'])
      await rooms.registry.withRoom(documentId, room => {
        expect(room.revision).toBe(1)
        expect(room.damage).toMatchObject([{ what: 'row', fromSeq: 2, toSeq: 3 }])
        expect(room.ydoc.store.pendingStructs).toBeNull()
      })
      await rooms.restart()
    }
  })
})

describe('the limits of one socket', () => {
  it('W10: updates: a burst, then so many a second; what is ahead of that waits, and nothing of it is lost', async () => {
    const rooms = startRooms({ limits: { updatesBurst: 10, updatesPerSecond: 5 } })
    const documentId = await rooms.document()
    const [ann, bob] = [await rooms.join(documentId, { extension: true }), await rooms.join(documentId)]
    for (let i = 0; i < 30; i++) ann.text.insert(0, 'x')
    await settle()
    expect(await rooms.logText(documentId)).toHaveLength(10)
    expect(ann.ackedSeq).toBe(10)
    bob.text.insert(0, 'b')
    await settle()
    expect(await rooms.logText(documentId)).toHaveLength(11)
    for (let second = 1; second <= 4; second++) {
      await rooms.tick(1_000)
      expect(await rooms.logText(documentId)).toHaveLength(Math.min(11 + 5 * second, 31))
    }
    expect(ann.isPending).toBe(false)
    expect(ann.closedWith).toBeUndefined()
  })

  it('W10: updates: who does not stop sending is closed, and the others notice nothing', async () => {
    const limits = { updatesBurst: 10, updatesPerSecond: 5, maxWaitingUpdates: 20 }
    const rooms = startRooms({ limits })
    const documentId = await rooms.document()
    const [ann, bob] = [await rooms.join(documentId), await rooms.join(documentId)]
    for (let i = 0; i < 30; i++) ann.text.insert(0, 'x')
    await settle()
    expect(ann.closedWith).toBeUndefined()
    ann.text.insert(0, 'x')
    await settle()
    expect(ann.closedWith?.code).toBe('rate-limited')
    bob.text.insert(0, 'b')
    await settle()
    expect(await rooms.logText(documentId)).toHaveLength(11)
    expect(bob.closedWith).toBeUndefined()
    expect(rooms.clock.timers).toBeLessThan(4)
  })

  it('W10: bytes: two large pastes and a keystroke wait for their turn; who goes on is closed', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    for (let i = 0; i < 2; i++) ann.text.insert(0, 'x'.repeat(700_000))
    ann.text.insert(0, 'k')
    await rooms.tick(0)
    expect(await rooms.logText(documentId)).toHaveLength(1_400_000)
    await rooms.tick(1_000)
    expect(await rooms.logText(documentId)).toHaveLength(1_400_001)
    for (let i = 0; i < 7; i++) ann.text.insert(0, 'x'.repeat(700_000))
    await settle()
    expect(ann.closedWith?.code).toBe('rate-limited')
  })

  it('W10: work: updates that are small and cost much to apply wait for their time', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const [ann, bob] = [await rooms.join(documentId), await rooms.join(documentId)]
    // Each begins the document as all before it claim to, so Yjs passes them all to find its place.
    const costly = (client: number) =>
      craft([{ client, structs: Array.from({ length: 600 }, () => text({ root: 'body' }, 'a')) }])
    for (let sent = 0; sent < 30; sent++) ann.send({ type: 'step2', update: costly(1_000_000 + sent) })
    for (let i = 0; i < 30; i++) await settle()
    const taken = (await rooms.logText(documentId)).length / 600
    expect(taken).toBeGreaterThan(3)
    expect(taken).toBeLessThan(12)
    bob.text.insert(0, 'b')
    await settle()
    expect(await rooms.logText(documentId)).toHaveLength(600 * taken + 1)
    await rooms.tick(8_000)
    for (let i = 0; i < 10; i++) await settle()
    expect((await rooms.logText(documentId)).length).toBeGreaterThan(600 * taken + 600)
    expect(ann.closedWith).toBeUndefined()
  })

  it('W10: step 1: three, then one every ten seconds; the newest that waits stands for the others', async () => {
    const rooms = startRooms()
    const ann = await rooms.join(await rooms.document())
    const ask = async () => {
      ann.send({ type: 'step1', stateVector: new Uint8Array([0]) })
      await settle()
    }
    for (let i = 0; i < 5; i++) await ask()
    expect(ann.all('step2')).toHaveLength(3)
    await rooms.tick(10_000)
    expect(ann.all('step2')).toHaveLength(4)
    expect(ann.closedWith).toBeUndefined()
    for (let i = 0; i < 4; i++) await ask()
    expect(ann.closedWith).toBeUndefined()
    await ask()
    expect(ann.closedWith?.code).toBe('rate-limited')
  })

  it('W10: a fast typist with a held key, who pastes a page now and then and asks anew each half minute, never waits', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    for (let key = 0; key < 40 * 60; key++) {
      ann.text.insert(ann.text.length, key % 400 === 0 ? 'a page '.repeat(600) : 'k')
      if (key % (30 * 40) === 0) ann.send({ type: 'step1', stateVector: Y.encodeStateVector(ann.ydoc) })
      if (key % 10 === 0) {
        await settle()
        expect(ann.isPending).toBe(false)
      }
      rooms.clock.advance(25)
    }
    await settle()
    expect(ann.closedWith).toBeUndefined()
    expect(await rooms.logText(documentId)).toBe(ann.text.toString())
  })

  it('W10: a script in a hurry is slowed down, and what it wrote is there in the end', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    for (let i = 0; i < 1_400; i++) ann.text.insert(0, 'x')
    for (let second = 0; second < 20; second++) await rooms.tick(1_000)
    expect(ann.closedWith).toBeUndefined()
    expect(ann.isPending).toBe(false)
    expect(await rooms.logText(documentId)).toHaveLength(1_400)
  })

  it('W10: long messages that are half here: no more of them than there is memory for, over all sockets', async () => {
    const rooms = startRooms({ limits: { maxAssemblingBytes: 300_000 } })
    const documentId = await rooms.document()
    const eves = await Promise.all([1, 2, 3, 4].map(() => rooms.join(documentId, { extension: true })))
    const bob = await rooms.join(documentId, { extension: true })
    for (const eve of eves) eve.send({ type: 'chunk', offset: 0, total: 1e6, bytes: new Uint8Array(90_000) })
    await settle()
    expect(eves.map(({ closedWith }) => closedWith?.code)).toEqual([undefined, undefined, undefined, 'overloaded'])
    for (const eve of eves) eve.cut()
    bob.text.insert(0, 'x'.repeat(280_000))
    await settle()
    expect(bob.isPending).toBe(false)
    bob.text.insert(0, 'y'.repeat(290_000))
    await settle()
    expect(bob.isPending).toBe(false)
  })

  it('P9, P10: of those who never send the rest the one goes who holds most, and never somebody else', async () => {
    const rooms = startRooms({ limits: { maxAssemblingBytes: 600_000 } })
    const documentId = await rooms.document()
    const as = (principal: string) => rooms.join(documentId, { extension: true, principal })
    const eves = await Promise.all([as('eve'), as('eve'), as('eve')])
    const bob = await as('bob')
    for (const [i, eve] of eves.entries()) {
      eve.send({ type: 'chunk', offset: 0, total: 1e6, bytes: new Uint8Array(150_000 + 10_000 * i) })
    }
    bob.text.insert(0, 'x'.repeat(280_000))
    await settle()
    expect(bob.isPending).toBe(false)
    expect(eves.map(({ closedWith }) => closedWith?.code)).toEqual([undefined, undefined, 'overloaded'])
  })

  it('W10: messages of any kind', async () => {
    const rooms = startRooms()
    const ann = await rooms.join(await rooms.document())
    for (let i = 0; i < 2_390; i++) ann.send({ type: 'query-awareness' })
    await settle()
    expect(ann.closedWith).toBeUndefined()
    for (let i = 0; i < 20; i++) ann.send({ type: 'query-awareness' })
    await settle()
    expect(ann.closedWith?.code).toBe('rate-limited')
  })

  it('do not count the answers to questions of the server', async () => {
    const rooms = startRooms({ limits: { updateBytesPerSecond: 1_000 } })
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    ann.cut()
    ann.text.insert(0, 'days offline '.repeat(10_000))
    await ann.connect(rooms.registry, documentId)
    ann.text.insert(0, 'and on ')
    await settle()
    expect(ann.closedWith).toBeUndefined()
    expect(await rooms.logText(documentId)).toBe(ann.text.toString())
  })
})

describe('a silent socket', () => {
  it('W6: hears something at least every 20 s', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    const bob = await rooms.join(documentId, { extension: true })
    await rooms.tick(1_000)
    for (let minute = 0; minute < 6; minute++) {
      for (const client of [ann, bob]) client.received = []
      await rooms.tick(20_000)
      for (const client of [ann, bob]) {
        expect(client.received.length).toBeGreaterThanOrEqual(1)
        expect(client.received.length).toBeLessThanOrEqual(2)
        expect(client.received[0]).toMatchObject({ type: 'awareness', update: new Uint8Array([0]) })
        expect(client.closedWith).toBeUndefined()
      }
    }
  })
})

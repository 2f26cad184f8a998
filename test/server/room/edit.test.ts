import { SheafError } from '@sheaf/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'

const insert = (text: string) => (ydoc: Y.Doc) => ydoc.getText('body').insert(0, text)

describe('an edit in process', () => {
  it('is seen by nobody before it is durable, not even through the replica', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    await rooms.registry.withRoom(documentId, async room => {
      rooms.store.breakDisk('full')
      let isDurable = false
      const edited = room.edit('api', insert('from the api')).then(result => {
        isDurable = true
        return result
      })
      await settle()
      expect(isDurable).toBe(false)
      expect(room.ydoc.getText('body').toString()).toBe('')
      expect(ann.text.toString()).toBe('')
      rooms.store.mendDisk()
      expect(await edited).toEqual({ revision: 1, isChanged: true })
      expect(room.ydoc.getText('body').toString()).toBe('from the api')
      await settle()
      expect(ann.text.toString()).toBe('from the api')
    })
  })

  it('builds on what is in flight, its own and that of others', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    await rooms.registry.withRoom(documentId, async room => {
      rooms.store.breakDisk('full')
      ann.text.insert(0, 'b')
      await settle()
      const first = room.edit('api', insert('a'))
      ann.text.insert(1, 'c')
      await settle()
      const second = room.edit('api', ydoc => {
        expect(ydoc.getText('body').toString()).toBe('abc')
        ydoc.getText('body').insert(3, 'd')
      })
      rooms.store.mendDisk()
      expect(await Promise.all([first, second])).toMatchObject([{ revision: 2 }, { revision: 4 }])
      await settle()
      expect(ann.text.toString()).toBe('abcd')
    })
  })

  it('is one update, however many changes it makes, under one client id', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    await rooms.registry.withRoom(documentId, async room => {
      for (let i = 0; i < 100; i++) {
        await room.edit('api', ydoc => {
          insert('x')(ydoc)
          insert('y')(ydoc)
        })
      }
      expect(room.revision).toBe(100)
      expect(Y.decodeStateVector(Y.encodeStateVector(room.ydoc)).size).toBe(1)
    })
    const { rows } = await rooms.store.load(documentId)
    expect(rows[0]).toMatchObject({ origin: 'api', session: '' })
  })

  it('that throws changes nothing, also not by way of the next one', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    await rooms.registry.withRoom(documentId, async room => {
      const edit = room.edit('api', ydoc => {
        insert('half')(ydoc)
        throw new RangeError('no')
      })
      await expect(edit).rejects.toThrow(RangeError)
      await room.edit('api', insert('whole'))
      expect(room.ydoc.getText('body').toString()).toBe('whole')
      expect(room.revision).toBe(1)
    })
  })

  it('that changes nothing makes no row', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('text')
    await rooms.registry.withRoom(documentId, async room => {
      expect(await room.edit('api', () => undefined)).toEqual({ revision: 1, isChanged: false })
    })
    expect((await rooms.store.find(documentId))!.revision).toBe(1)
  })

  it('goes on after the scratch replica was let go', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    await rooms.registry.withRoom(documentId, async room => {
      await room.edit('api', insert('a'))
      await rooms.tick(20_000)
      ann.text.insert(0, 'b')
      await settle()
      await room.edit('api', insert('c'))
      expect(room.ydoc.getText('body').toString()).toBe('cba')
      expect(Y.decodeStateVector(Y.encodeStateVector(room.ydoc)).size).toBe(2)
    })
  })

  it('submit takes a foreign update through the gate, and refuses a gap', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ydoc = new Y.Doc()
    const updates: Uint8Array[] = []
    ydoc.on('update', (update: Uint8Array) => updates.push(update))
    insert('a')(ydoc)
    insert('b')(ydoc)
    await rooms.registry.withRoom(documentId, async room => {
      await expect(room.submit(updates[1]!, 'api')).rejects.toMatchObject({ code: 'gap' })
      await expect(room.submit(new Uint8Array([9, 9, 9]), 'api')).rejects.toBeInstanceOf(SheafError)
      expect(await room.submit(updates[0]!, 'api')).toEqual({ revision: 1 })
      expect(await room.submit(updates[1]!, 'api')).toEqual({ revision: 2 })
      expect(await room.submit(updates[1]!, 'api')).toEqual({ revision: 2 })
      expect(room.ydoc.getText('body').toString()).toBe('ba')
    })
  })
})

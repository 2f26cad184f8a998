import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newDocumentId, SheafError } from '@sheaf/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RoomClient, settle } from '../../helpers/room-client.ts'
import { Rooms, startRooms } from '../../helpers/rooms.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'

/** Rooms whose loads are counted, and can be told to fail or to wait. */
function startWatched() {
  const rooms = startRooms()
  const watched = { loads: 0, failure: undefined as SheafError | undefined, wait: Promise.resolve() }
  const load = rooms.store.load.bind(rooms.store)
  rooms.store.load = async documentId => {
    watched.loads += 1
    await watched.wait
    if (watched.failure !== undefined) throw watched.failure
    return load(documentId)
  }
  return { rooms, watched }
}

/** Something to wait for until the test lets it pass. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}

describe('joining', () => {
  it('loads a document once, however many come at the same moment', async () => {
    const { rooms, watched } = startWatched()
    const documentId = await rooms.document('here')
    const clients = await Promise.all(Array.from({ length: 20 }, () => rooms.join(documentId)))
    expect(watched.loads).toBe(1)
    expect(rooms.registry.openDocuments).toBe(1)
    expect(rooms.counts.of('sheaf_documents_open')).toBe(1)
    for (const client of clients) expect(client.text.toString()).toBe('here')
  })

  it('W15: lets everybody into a new document, also who came while it was being made', async () => {
    const rooms = startRooms({ openMode: true })
    const { store } = rooms
    const [load, create] = [store.load.bind(store), store.create.bind(store)]
    const made = gate()
    const looked = gate()
    let loads = 0
    store.load = async documentId => {
      loads += 1
      const isSecond = loads === 2
      const outcome = await load(documentId).catch((error: unknown) => error as SheafError)
      // The second has looked before the document was there, and says so afterwards.
      if (isSecond) await looked.opened
      if (outcome instanceof SheafError) throw outcome
      return outcome
    }
    store.create = async (documentId, options) => {
      await made.opened
      return create(documentId, options)
    }
    const first = rooms.join('plan', { extension: false })
    await settle()
    const second = rooms.join('plan', { extension: false })
    await settle()
    made.open()
    await settle()
    looked.open()
    const clients = await Promise.all([first, second])
    for (const client of clients) expect(client.closedWith).toBeUndefined()
    clients[0].text.insert(0, 'x')
    await settle()
    expect(clients[1].text.toString()).toBe('x')
  })

  it('W9: makes no blank document where damage may have taken the one of this name', async () => {
    const directory = await tempDirectory()
    let rooms = new Rooms(await openStore(directory), { openMode: true })
    onTestFinished(() => rooms.registry.drain())
    const stock = { extension: false }
    const first = await rooms.join('plan', stock)
    first.text.insert(0, 'all of it')
    await rooms.store.flush()
    await rooms.registry.drain()
    await rooms.store.close()
    // Opened once more, the store has what it had in a table.
    await (await openStore(directory)).close()
    const files = join(directory, 'store')
    for (const name of await readdir(files)) if (name.endsWith('.ldb')) await rm(join(files, name))
    rooms = new Rooms(await openStore(directory), { openMode: true })
    await expect(rooms.join('plan', stock)).rejects.toMatchObject({ code: 'damaged' })
    await expect(rooms.join('new', stock)).rejects.toMatchObject({ code: 'damaged' })
    expect((await rooms.store.list()).items).toEqual([])
  })

  it('W9: fails for all who wait when the load fails, serves nothing, and tries again for the next one', async () => {
    const { rooms, watched } = startWatched()
    const documentId = await rooms.document('here')
    watched.failure = new SheafError('damaged')
    const joins = await Promise.allSettled([1, 2, 3].map(() => rooms.join(documentId)))
    for (const join of joins) expect(join).toMatchObject({ status: 'rejected', reason: { code: 'damaged' } })
    expect(watched.loads).toBe(1)
    expect(rooms.registry.openDocuments).toBe(0)
    watched.failure = undefined
    expect((await rooms.join(documentId)).text.toString()).toBe('here')
    expect(watched.loads).toBe(2)
  })

  it('refuses ids that are none, and unknown documents', async () => {
    const rooms = startRooms()
    await expect(rooms.join('../etc/passwd')).rejects.toMatchObject({ code: 'malformed' })
    await expect(rooms.join('unknown')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('W15: in open mode makes a raw document for a stock client, and none for sheaf.v1', async () => {
    const rooms = startRooms({ openMode: true })
    await expect(rooms.join('unknown', { extension: true })).rejects.toMatchObject({ code: 'not-found' })
    const clients = await Promise.all([rooms.join('unknown'), rooms.join('unknown'), rooms.join('unknown')])
    clients[0]!.text.insert(0, 'made')
    await settle()
    for (const client of clients) expect(client.text.toString()).toBe('made')
    expect(await rooms.store.find('unknown')).toMatchObject({ layout: 'raw' })
    expect((await rooms.join('unknown', { extension: true })).hello).toMatchObject({ layout: 'raw' })
  })

  it('has room for as many sockets as the limits say', async () => {
    const rooms = startRooms({ limits: { socketsPerDocument: 2, socketsPerProcess: 3 } })
    const one = await rooms.document()
    const other = await rooms.document()
    const first = await rooms.join(one)
    await rooms.join(one)
    await expect(rooms.join(one)).rejects.toMatchObject({ code: 'overloaded' })
    await rooms.join(other)
    await expect(rooms.join(other)).rejects.toMatchObject({ code: 'overloaded' })
    first.cut()
    await rooms.join(other)
  })
})

describe('unloading', () => {
  it('lets a document go a minute after the last session, and loads it again', async () => {
    const { rooms, watched } = startWatched()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    ann.text.insert(0, 'kept')
    await settle()
    await rooms.tick(120_000)
    expect(rooms.registry.openDocuments).toBe(1)
    ann.cut()
    await rooms.tick(59_000)
    expect(rooms.registry.openDocuments).toBe(1)
    await rooms.tick(1_000)
    expect(rooms.registry.openDocuments).toBe(0)
    expect(rooms.counts.of('sheaf_documents_open')).toBe(0)
    const bob = await rooms.join(documentId)
    expect(bob.text.toString()).toBe('kept')
    expect(watched.loads).toBe(2)
  })

  it('starts the minute again for everybody who comes and goes', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    ann.cut()
    await rooms.tick(50_000)
    await rooms.registry.withRoom(documentId, () => undefined)
    await rooms.tick(50_000)
    expect(rooms.registry.openDocuments).toBe(1)
    await rooms.tick(10_000)
    expect(rooms.registry.openDocuments).toBe(0)
  })

  it('never happens while a row is not durable', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    rooms.store.breakDisk('full')
    ann.text.insert(0, 'not yet on disk')
    await settle()
    ann.cut()
    await rooms.tick(600_000)
    expect(rooms.registry.openDocuments).toBe(1)
    rooms.store.mendDisk()
    await rooms.tick(120_000)
    expect(rooms.registry.openDocuments).toBe(0)
    expect(await rooms.logText(documentId)).toBe('not yet on disk')
  })

  it('does not happen under a lease of the API', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    let end = (): void => undefined
    const used = rooms.registry.withRoom(documentId, () => new Promise<void>(resolve => (end = resolve)))
    await settle()
    await rooms.tick(600_000)
    expect(rooms.registry.openDocuments).toBe(1)
    end()
    await used
    await rooms.tick(60_000)
    expect(rooms.registry.openDocuments).toBe(0)
  })
})

describe('the trash', () => {
  it('closes the sockets of a document that goes there, and lets nobody in', async () => {
    const rooms = startRooms({ openMode: true })
    const documentId = await rooms.document('text')
    const ann = await rooms.join(documentId)
    const record = await rooms.registry.trash(documentId)
    expect(record.deletedMs).toBe(rooms.clock.nowMs())
    await settle()
    expect(ann.closedWith?.code).toBe('document-deleted')
    await expect(rooms.join(documentId)).rejects.toMatchObject({ code: 'document-deleted' })
    await rooms.tick(60_000)
    await expect(rooms.join(documentId)).rejects.toMatchObject({ code: 'document-deleted' })
    await expect(rooms.registry.withRoom(documentId, () => 1)).rejects.toMatchObject({ code: 'document-deleted' })
    await rooms.registry.restore(documentId)
    expect((await rooms.join(documentId)).text.toString()).toBe('text')
  })

  it('catches a document that is just being loaded', async () => {
    const { rooms, watched } = startWatched()
    const documentId = await rooms.document('text')
    let open = (): void => undefined
    watched.wait = new Promise<void>(resolve => (open = resolve))
    const join = rooms.join(documentId)
    const trashed = rooms.registry.trash(documentId)
    open()
    await expect(join).rejects.toMatchObject({ code: 'document-deleted' })
    await trashed
  })

  it('gives a document back while it is still loaded', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('text')
    await rooms.join(documentId)
    await rooms.registry.trash(documentId)
    await rooms.registry.restore(documentId)
    expect((await rooms.join(documentId)).text.toString()).toBe('text')
  })
})

describe('summaries and compaction', () => {
  it('writes a summary some time after edits, and before unloading', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    ann.text.insert(0, 'x')
    await settle()
    await rooms.tick(2_000)
    expect((await rooms.store.find(documentId))!.summary.revision).toBe(0)
    await rooms.tick(4_000)
    expect((await rooms.store.find(documentId))!.summary).toEqual({ title: documentId, snippet: '', revision: 1 })
    ann.text.insert(0, 'y')
    await settle()
    ann.cut()
    await rooms.restart()
    expect((await rooms.store.find(documentId))!.summary.revision).toBe(2)
  })

  it('compacts when the store says that it is worth it', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    for (let i = 0; i < 1_001; i++) {
      if (i % 50 === 0) rooms.clock.advance(1_000)
      ann.text.insert(0, 'x')
      await settle()
    }
    await rooms.tick(4_000)
    const { snapshotSeq, rows } = await rooms.store.load(documentId)
    expect(snapshotSeq).toBeGreaterThanOrEqual(1_000)
    expect(rows.length).toBeLessThan(10)
    expect(await rooms.logText(documentId)).toHaveLength(1_001)
  })
})

describe('draining', () => {
  it('tells, makes durable, closes with restarting, and leaves no timer and no listener behind', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId)
    ann.awareness.setLocalState({ user: { name: 'ann' } })
    await rooms.registry.withRoom(documentId, room => room.edit('api', ydoc => ydoc.getText('body').insert(0, 'api')))
    ann.text.insert(0, 'last words')
    await Promise.resolve()
    await rooms.registry.drain()
    await settle()
    expect(ann.all('notice').map(({ notice }) => notice.kind)).toContain('draining')
    expect(ann.isPending).toBe(false)
    for (const client of [ann, bob]) expect(client.closedWith?.code).toBe('restarting')
    expect(rooms.registry.openDocuments).toBe(0)
    expect(rooms.clock.timers).toBe(0)
    await expect(rooms.join(documentId)).rejects.toMatchObject({ code: 'restarting' })
    expect(await rooms.logText(documentId)).toContain('last words')
    // The listener is gone: nobody is told any more, nothing throws.
    rooms.store.breakDisk('full')
  })

  it('does not wait for a broken disk for ever, and acknowledges nothing then', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    rooms.store.breakDisk('full')
    ann.text.insert(0, 'unsafe')
    await settle()
    const drained = rooms.registry.drain(5_000)
    await rooms.tick(4_000)
    expect(ann.closedWith).toBeUndefined()
    await rooms.tick(1_000)
    await drained
    expect(ann.closedWith?.code).toBe('restarting')
    expect(ann.isPending).toBe(true)
    expect(rooms.clock.timers).toBe(0)
  })

  it('turns away who is waiting for a load', async () => {
    const { rooms, watched } = startWatched()
    const documentId = await rooms.document('text')
    let open = (): void => undefined
    watched.wait = new Promise<void>(resolve => (open = resolve))
    const join = rooms.join(documentId)
    const drained = rooms.registry.drain()
    open()
    await expect(join).rejects.toMatchObject({ code: 'restarting' })
    await drained
    expect(rooms.clock.timers).toBe(0)
  })

  it('and starting again keeps everything', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    ann.text.insert(0, 'before ')
    await settle()
    await rooms.restart()
    await settle()
    ann.text.insert(7, 'between ')
    await ann.connect(rooms.registry, documentId)
    await settle()
    expect(ann.isPending).toBe(false)
    expect(await rooms.logText(documentId)).toBe('before between ')
  })
})

describe('a room whose replica is in doubt', () => {
  it('is given up, its sockets are closed with internal, and the document is read again from the log', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('safe ')
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId)
    // The disk reports other bytes than those that were handed to it.
    const append = rooms.store.append.bind(rooms.store)
    const other = new Uint8Array([1, 2, 3])
    rooms.store.append = pending => {
      const { sink } = pending
      append({ ...pending, sink: { durable: rows => sink.durable(rows.map(row => ({ ...row, update: other }))) } })
    }
    ann.text.insert(5, 'and sound')
    await settle()
    for (const client of [ann, bob]) expect(client.closedWith?.code).toBe('internal')
    expect(ann.isPending).toBe(true)
    rooms.store.append = append
    await bob.connect(rooms.registry, documentId)
    await settle()
    expect(bob.text.toString()).toBe('safe and sound')
    expect(rooms.registry.openDocuments).toBe(1)
  })
})

describe('the storage', () => {
  it('is told about to sheaf.v1 clients when it fails and when it is well again', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId)
    rooms.store.breakDisk('full')
    await settle()
    const late = new RoomClient({ extension: true })
    await late.connect(rooms.registry, documentId)
    rooms.store.mendDisk()
    await settle()
    const notices = (client: RoomClient) => client.all('notice').map(({ notice }) => notice)
    const told = [{ kind: 'storage-failed', cause: 'full' }, { kind: 'storage-ok' }]
    expect(notices(ann)).toEqual(told)
    expect(notices(late)).toEqual(told)
    expect(notices(bob)).toEqual([])
  })

  it('makes a document with its first content in one step', async () => {
    const rooms = startRooms()
    const documentId = newDocumentId()
    const record = await rooms.registry.create(documentId, { updates: [], title: 'Plan', snippet: '' })
    expect(record).toMatchObject({ documentId, layout: 'sheaf', summary: { title: 'Plan' } })
    const seed = { updates: [], title: '', snippet: '' }
    await expect(rooms.registry.create(documentId, seed)).rejects.toMatchObject({ code: 'already-exists' })
  })
})

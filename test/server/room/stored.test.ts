// Documents that are served as they are stored, without a replica.

import { defaultLimits } from '@sheaf/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Contents } from '../../../server/src/room/contents.ts'
import { StoredDocument } from '../../../server/src/room/stored.ts'
import { mergeInline } from '../../../server/src/store/compaction.ts'
import type { LoadedDocument, UpdateRow } from '../../../server/src/store/store.ts'
import { seededRandom } from '../../helpers/random.ts'
import { settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'

const noDeletions = Uint8Array.of(0, 0)

/** Some people's edits of one document, as updates that follow each other. */
function edited(seed: number, edits: number): { ydoc: Y.Doc; updates: Uint8Array[] } {
  const random = seededRandom(seed)
  const ydoc = new Y.Doc()
  const updates: Uint8Array[] = []
  ydoc.on('update', (update: Uint8Array) => void updates.push(update))
  const text = ydoc.getText('body')
  for (let i = 0; i < edits; i++) {
    if (random.chance(1 / 8)) ydoc.clientID = 1 + random.below(5)
    if (text.length > 3 && random.chance(1 / 3)) text.delete(random.below(text.length - 2), 1 + random.below(2))
    else text.insert(random.below(text.length + 1), `<${i}>`)
  }
  return { ydoc, updates }
}

/** As the store gives it, with a snapshot of the first `compacted` updates. */
function loadedOf(updates: readonly Uint8Array[], compacted: number): LoadedDocument {
  const rows = updates.map(
    (update, i): UpdateRow => ({
      seq: i + 1,
      wallTimeMs: 0,
      principal: 'open',
      session: '',
      clientSeq: 0,
      origin: 'socket',
      update,
    }),
  )
  return {
    record: {
      documentId: 'doc',
      number: 1,
      layout: 'raw',
      createdMs: 0,
      updatedMs: 0,
      revision: rows.length,
      summary: { title: '', snippet: '', revision: 0 },
    },
    epoch: 'epoch',
    revision: rows.length,
    snapshot: compacted === 0 ? null : mergeInline(null, updates.slice(0, compacted)),
    snapshotSeq: compacted,
    rows: rows.slice(compacted),
    claims: [],
    damage: [],
  }
}

function storedOf(updates: readonly Uint8Array[], compacted: number): StoredDocument {
  return StoredDocument.of(loadedOf(updates, compacted), 'raw', defaultLimits)!
}

function replicaOf(updates: readonly Uint8Array[]): Y.Doc {
  const ydoc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(ydoc, update)
  expect(ydoc.store.pendingStructs ?? ydoc.store.pendingDs).toBeNull()
  return ydoc
}

const isSame = (a: Y.Doc, b: Y.Doc) => Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b))

describe('W1: a stored document', () => {
  it('gives everything that its rows make, whatever part of them is in a snapshot', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { ydoc, updates } = edited(seed, 40)
      for (const compacted of [0, 1, 20, 39, 40]) {
        const stored = storedOf(updates, compacted)
        const reader = replicaOf(stored.everything())
        expect(isSame(reader, ydoc), `seed ${seed}, ${compacted} compacted`).toBe(true)
        expect(reader.getText('body').toString()).toBe(ydoc.getText('body').toString())
        expect(Y.decodeStateVector(stored.stateVector)).toEqual(Y.decodeStateVector(Y.encodeStateVector(ydoc)))
      }
    }
  })

  it('W8: gives who comes back what they lack, deletions included, or says that it cannot', () => {
    let told = 0
    for (let seed = 1; seed <= 20; seed++) {
      const { ydoc, updates } = edited(seed, 40)
      const stored = storedOf(updates, 20)
      for (const had of [5, 19, 20, 21, 30, 40]) {
        const reader = replicaOf(updates.slice(0, had))
        const since = stored.since(Y.decodeStateVector(Y.encodeStateVector(reader)))
        if (had >= 20) expect(since).toBeDefined()
        if (since === undefined) continue
        told += 1
        for (const update of since) Y.applyUpdate(reader, update)
        expect(isSame(reader, ydoc), `seed ${seed}, had ${had}`).toBe(true)
      }
      const bytes = stored.since(Y.decodeStateVector(Y.encodeStateVector(ydoc)))!.reduce((sum, u) => sum + u.length, 0)
      expect(bytes).toBeLessThan(Y.encodeStateAsUpdate(ydoc).length)
    }
    expect(told).toBeGreaterThanOrEqual(80)
  })

  it('holds what a client that has everything answers with, and nothing that is new', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { ydoc, updates } = edited(seed, 40)
      const stored = storedOf(updates, 30)
      expect(stored.holds(noDeletions)).toBe(true)
      const reader = replicaOf(updates)
      const answer = Y.encodeStateAsUpdate(reader, stored.stateVector)
      // Deletions that lie in the snapshot in part, and in a row in part, are for the gate.
      if (stored.holds(answer)) expect(Y.snapshot(reader).ds.clients.size).toBeGreaterThan(0)
      expect(storedOf(updates, 40).holds(answer)).toBe(true)
      reader.getText('body').delete(0, 1)
      expect(stored.holds(Y.encodeStateAsUpdate(reader, stored.stateVector))).toBe(false)
      ydoc.getText('body').insert(0, 'new')
      expect(stored.holds(Y.encodeStateAsUpdate(ydoc, stored.stateVector))).toBe(false)
    }
    for (const bytes of [[], [0], [0, 1], [0, 0, 0], [0, 1, 1, 1, 5, 0]]) {
      expect(storedOf([], 0).holds(Uint8Array.from(bytes)), String(bytes)).toBe(false)
    }
  })

  it('P6: is not served as it is when a row is missing, or is no update', () => {
    const { updates } = edited(3, 20)
    const others = [...updates.slice(0, 10), ...updates.slice(11)]
    expect(StoredDocument.of(loadedOf(others, 0), 'raw', defaultLimits)).toBeUndefined()
    const broken = updates.with(15, Uint8Array.of(1, 1, 1))
    expect(StoredDocument.of(loadedOf(broken, 10), 'raw', defaultLimits)).toBeUndefined()
    const damage = [{ what: 'gap', fromSeq: 21, toSeq: 21, detail: 'Row 21 is missing.' }] as const
    expect(StoredDocument.of({ ...loadedOf(updates, 10), damage }, 'raw', defaultLimits)).toBeUndefined()
  })
})

describe('the contents of a room', () => {
  it('are read when something needs a replica, and not before', () => {
    const { ydoc, updates } = edited(5, 30)
    const contents = new Contents({
      loaded: loadedOf(updates, 20),
      layout: 'raw',
      limits: defaultLimits,
      onDamage: () => undefined,
    })
    expect(contents.isRead).toBe(false)
    expect(contents.stored).toBeDefined()
    expect(isSame(contents.ydoc, ydoc)).toBe(true)
    expect(contents.isRead).toBe(true)
  })

  it('P6: end before a row that is whole and does not apply, also when that is found late', () => {
    const { ydoc, updates } = edited(5, 30)
    // It follows, and stands beside something that never came.
    const lost = new Y.Doc()
    lost.clientID = 77
    lost.getText('body').insert(0, 'lost')
    const stray = new Y.Doc()
    stray.clientID = 88
    Y.applyUpdate(stray, Y.encodeStateAsUpdate(lost))
    const before = Y.encodeStateVector(stray)
    stray.getText('body').insert(2, 'stray')
    const found: number[] = []
    const contents = new Contents({
      loaded: loadedOf([...updates, Y.encodeStateAsUpdate(stray, before)], 20),
      layout: 'raw',
      limits: defaultLimits,
      onDamage: revision => void found.push(revision),
    })
    expect(contents.damage).toEqual([])
    expect(isSame(contents.ydoc, ydoc)).toBe(true)
    expect(found).toEqual([30])
    expect(contents.damage).toMatchObject([{ what: 'row', fromSeq: 31, toSeq: 31 }])
    expect(contents.stored).toBeUndefined()
  })
})

describe('a room that has not read its document', () => {
  it('W1, W3: lets people in, and takes the first edit as if it had', async () => {
    for (const extension of [false, true]) {
      const rooms = startRooms()
      const documentId = await rooms.document('x'.repeat(100_000))
      const author = await rooms.join(documentId)
      for (let i = 0; i < 20; i++) author.text.insert(i * 100, 'typed')
      await settle()
      author.cut()
      await rooms.restart()
      const [ann, bob] = [await rooms.join(documentId, { extension }), await rooms.join(documentId)]
      expect(ann.text.toString() === author.text.toString()).toBe(true)
      expect(bob.text.toString() === author.text.toString()).toBe(true)
      ann.text.insert(500, 'the first edit')
      bob.text.delete(10, 5)
      await settle()
      const cid = await rooms.join(documentId, { extension })
      for (const { text } of [ann, bob, cid]) expect(text.toString() === ann.text.toString()).toBe(true)
      expect((await rooms.logText(documentId)) === ann.text.toString()).toBe(true)
      if (extension) expect(ann.isPending).toBe(false)
    }
  })

  it('P6: tells who is in it when it turns out that its last rows do not apply, and takes nothing more', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('good')
    const load = rooms.store.load.bind(rooms.store)
    const lost = new Y.Doc()
    lost.getText('body').insert(0, 'lost')
    const stray = new Y.Doc()
    Y.applyUpdate(stray, Y.encodeStateAsUpdate(lost))
    const before = Y.encodeStateVector(stray)
    stray.getText('body').insert(2, 'stray')
    const update = Y.encodeStateAsUpdate(stray, before)
    rooms.store.load = async id => {
      const loaded = await load(id)
      return { ...loaded, revision: 2, rows: [...loaded.rows, { ...loaded.rows[0]!, seq: 2, update }] }
    }
    const ann = await rooms.join(documentId, { extension: true })
    expect(ann.all('notice')).toEqual([])
    ann.text.insert(0, 'typed')
    await settle()
    expect(ann.all('notice').map(({ notice }) => notice.kind)).toEqual(['read-only'])
    expect(ann.all('nack').map(({ code }) => code)).toEqual(['read-only'])
    const bob = await rooms.join(documentId)
    expect(bob.text.toString()).toBe('good')
    expect(await rooms.store.load(documentId)).toMatchObject({ record: { revision: 1 } })
  })
})

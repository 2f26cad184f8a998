// The numbered contract of DocumentStore (docs/storage.md, S1 to S19, S45, S46): one suite, run for every engine.

import { SheafError } from '@sheaf/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { RecordQuery } from '../../../server/src/store/records.ts'
import { type Snapshot, updateOf } from '../../../server/src/store/snapshot.ts'
import type {
  Claim,
  DocumentRecord,
  DocumentStore,
  ListOptions,
  LoadedDocument,
  StoreState,
  UpdateRow,
} from '../../../server/src/store/store.ts'
import { typeInto } from '../../helpers/typing.ts'

export interface StoreHarness {
  readonly store: DocumentStore
  /** From now on no write reaches the disk. */
  breakDisk(cause: 'full' | 'error'): Promise<void> | void
  /** The disk works again, and the store has been given the time to notice. */
  mendDisk(): Promise<void> | void
  dispose(): Promise<void>
}

export function storeContract(engine: string, open: () => Promise<StoreHarness>): void {
  describe(`the store contract on ${engine}`, () => {
    const opened: StoreHarness[] = []
    const start = async () => {
      const harness = await open()
      opened.push(harness)
      return harness
    }
    const startStore = async () => (await start()).store
    afterEach(async () => {
      for (const harness of opened.splice(0)) await harness.dispose()
    })

    describe('S1: creating', () => {
      test('S1: gives a record, and the first updates are rows 1..n', async () => {
        const store = await startStore()
        const updates = typeInto('ab')
        const record = await store.create('notes', {
          layout: 'sheaf',
          nowMs: 1_000,
          updates,
          summary: { title: 'Notes', snippet: 'ab' },
        })
        expect(record).toEqual({
          documentId: 'notes',
          number: record.number,
          layout: 'sheaf',
          createdMs: 1_000,
          updatedMs: 1_000,
          revision: 2,
          summary: { title: 'Notes', snippet: 'ab', revision: 2 },
        })
        const loaded = await store.load('notes')
        expect(loaded.rows.map(row => [row.seq, row.wallTimeMs, row.origin])).toEqual([
          [1, 1_000, 'server'],
          [2, 1_000, 'server'],
        ])
        expect(loaded.rows.map(row => row.update)).toEqual(updates)
      })

      test('S1: records that come with a document are there with it, and not without it', async () => {
        const store = await startStore()
        const made = (value: string) =>
          store.create('kept', {
            layout: 'sheaf',
            nowMs: 1_000,
            updates: [],
            records: [{ collection: 'idempotency', key: value, value }],
          })
        await made('one')
        await expect(made('two')).rejects.toMatchObject({ code: 'already-exists' })
        expect(await store.records.list('idempotency')).toEqual([{ key: 'one', value: 'one' }])
      })

      test('S1: numbers grow and are never given twice', async () => {
        const store = await startStore()
        const numbers = []
        for (let i = 0; i < 5; i++) numbers.push((await createEmpty(store, `d${i}`)).number)
        expect(numbers[0]).toBeGreaterThanOrEqual(1)
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
        expect(new Set(numbers).size).toBe(5)
      })

      test('S1: two creations of one id at once: one wins, the other is told', async () => {
        const store = await startStore()
        const both = await Promise.allSettled([createEmpty(store, 'same'), createEmpty(store, 'same')])
        expect(both.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
        const refused = both.find(result => result.status === 'rejected') as PromiseRejectedResult
        expect((refused.reason as SheafError).code).toBe('already-exists')
      })
    })

    test('S17: claims on client ids are durable with their row, or with the document, and come back in order', async () => {
      const { store, breakDisk, mendDisk } = await start()
      const claim = (client: number, clock: number, principal: string): Claim => {
        return { client, clock, principal, origin: principal === '' ? 'server' : 'socket', wallTimeMs: 1_000 + clock }
      }
      const [update] = typeInto('a')
      const options = { layout: 'sheaf', nowMs: 1_000, updates: [update!], claims: [claim(900, 0, '')] } as const
      const { number } = await store.create('plan', options)
      await createEmpty(store, 'other')
      const sink = { durable: () => undefined }
      const first = [claim(2 ** 40, 7, 'ann'), claim(5, 300, 'bob')]
      store.append({ number, row: rowOf(2, update!), claims: first, sink })
      await store.flush()
      await breakDisk('error')
      store.append({ number, row: rowOf(3, update!), claims: [claim(5, 2, 'ann')], sink })
      await mendDisk()
      await store.flush()
      const { claims } = await store.load('plan')
      expect(claims).toEqual([claim(5, 2, 'ann'), claim(5, 300, 'bob'), claim(900, 0, ''), claim(2 ** 40, 7, 'ann')])
      expect((await store.load('other')).claims).toEqual([])
      await store.compact('plan')
      expect((await store.load('plan')).claims).toEqual(claims)
    })

    test('S2: an id that exists is refused, also from the trash', async () => {
      const store = await startStore()
      await createEmpty(store, 'kept')
      await expect(createEmpty(store, 'kept')).rejects.toMatchObject({ code: 'already-exists' })
      await store.setDeleted('kept', 5_000)
      await expect(createEmpty(store, 'kept')).rejects.toMatchObject({ code: 'already-exists' })
    })

    test('S3: finding knows what exists, in the trash too, and nothing else', async () => {
      const store = await startStore()
      const record = await createEmpty(store, 'here')
      expect(await store.find('here')).toEqual(record)
      expect(await store.find('her')).toBeUndefined()
      expect(await store.find('here2')).toBeUndefined()
      await store.setDeleted('here', 7_000)
      expect(await store.find('here')).toEqual({ ...record, deletedMs: 7_000 })
    })

    describe('S4: listing', () => {
      test('S4: newest edit first, each document once, page by page', async () => {
        const store = await startStore()
        for (let i = 0; i < 25; i++) await createEmpty(store, `d${String(i).padStart(2, '0')}`, 1_000 + (i % 5))
        const all = await listAll(store, { limit: 7 })
        expect(all).toHaveLength(25)
        expect(new Set(all.map(record => record.documentId)).size).toBe(25)
        const order = all.map(record => [record.updatedMs, record.number] as const)
        expect(order).toEqual([...order].sort((a, b) => b[0] - a[0] || b[1] - a[1]))
      })

      test('S4: an edit moves a document to the top', async () => {
        const store = await startStore()
        for (let i = 0; i < 3; i++) await createEmpty(store, `d${i}`, 1_000 + i)
        await new Author(store, await found(store, 'd0')).write(1, 9_000)
        expect((await store.list()).items.map(record => record.documentId)).toEqual(['d0', 'd2', 'd1'])
      })

      test('S4: by id, in the order of its bytes', async () => {
        const store = await startStore()
        for (const id of ['b', 'A', 'a.b', 'a', 'B', 'a-b']) await createEmpty(store, id)
        const all = await listAll(store, { sort: 'id', limit: 2 })
        expect(all.map(record => record.documentId)).toEqual(['A', 'B', 'a', 'a-b', 'a.b', 'b'])
      })

      test('S4: the trash is another list', async () => {
        const store = await startStore()
        for (const id of ['a', 'b', 'c']) await createEmpty(store, id)
        await store.setDeleted('b', 2_000)
        for (const sort of ['id', 'updated'] as const) {
          expect((await listAll(store, { sort })).map(record => record.documentId).sort()).toEqual(['a', 'c'])
          expect((await listAll(store, { sort, trashed: true })).map(record => record.documentId)).toEqual(['b'])
        }
        await store.setDeleted('b', undefined)
        expect(await listAll(store)).toHaveLength(3)
        expect(await listAll(store, { trashed: true })).toHaveLength(0)
      })

      test('S4: titleContains looks for a part of the title, in any case, over all pages', async () => {
        const store = await startStore()
        for (let i = 0; i < 20; i++) {
          const title = i % 4 === 0 ? `Plan ${i}` : `Other ${i}`
          await store.create(`d${i}`, { layout: 'sheaf', nowMs: i, updates: [], summary: { title, snippet: '' } })
        }
        const all = await listAll(store, { titleContains: 'pLAN', limit: 2 })
        expect(all.map(record => record.summary.title)).toEqual(['Plan 16', 'Plan 12', 'Plan 8', 'Plan 4', 'Plan 0'])
      })

      test.each([{ limit: 0 }, { limit: 201 }, { limit: 1.5 }, { cursor: 'nonsense' }])(
        'S4: %o is refused',
        async options => {
          const store = await startStore()
          await expect(store.list(options)).rejects.toMatchObject({ code: 'invalid-field' })
        },
      )

      test('S4: a cursor of one order is refused by the other', async () => {
        const store = await startStore()
        for (const id of ['a', 'b']) await createEmpty(store, id)
        const { next } = await store.list({ limit: 1 })
        await expect(store.list({ sort: 'id', cursor: next! })).rejects.toMatchObject({ code: 'invalid-field' })
      })

      test('S4: the last page has no next', async () => {
        const store = await startStore()
        for (const id of ['a', 'b']) await createEmpty(store, id)
        expect((await store.list({ limit: 2 })).next).toBeUndefined()
        expect((await store.list()).next).toBeUndefined()
      })
    })

    describe('S5: loading', () => {
      test('S5: gives every row as it was handed over', async () => {
        const store = await startStore()
        const record = await createEmpty(store, 'doc')
        const sink = new Sink()
        const rows: UpdateRow[] = [
          { seq: 1, wallTimeMs: 5, principal: '', session: '', clientSeq: 0, origin: 'server', update: bytes(0, 0) },
          {
            seq: 2,
            wallTimeMs: 4,
            principal: 'émile',
            session: 's1',
            clientSeq: 7,
            origin: 'socket',
            update: bytes(1, 2, 3),
          },
          {
            seq: 3,
            wallTimeMs: Date.UTC(2400, 0),
            principal: 'p'.repeat(300),
            session: 'x',
            clientSeq: 2 ** 40,
            origin: 'api',
            update: new Uint8Array(300_000).fill(9),
          },
        ]
        for (const row of rows) store.append({ number: record.number, row, sink })
        await store.flush()
        const loaded = await store.load('doc')
        expect(loaded.rows.map(plain)).toEqual(rows.map(plain))
        expect(loaded).toMatchObject({ revision: 3, snapshot: null, snapshotSeq: 0, damage: [] })
        expect(loaded.record).toMatchObject({ revision: 3, updatedMs: Date.UTC(2400, 0) })
      })

      test('S5: the epoch has eight characters and stays', async () => {
        const store = await startStore()
        const record = await createEmpty(store, 'doc')
        const { epoch } = await store.load('doc')
        expect(epoch).toMatch(/^[0-9A-Za-z]{8}$/)
        await new Author(store, record).write(3)
        await store.compact('doc')
        expect((await store.load('doc')).epoch).toBe(epoch)
      })

      test('S5: a document in the trash loads and says so; an unknown one is not found', async () => {
        const store = await startStore()
        await createEmpty(store, 'doc')
        await store.setDeleted('doc', 99)
        expect((await store.load('doc')).record.deletedMs).toBe(99)
        await expect(store.load('other')).rejects.toMatchObject({ code: 'not-found' })
      })

      test('S5: a document without rows is revision 0, and whole', async () => {
        const store = await startStore()
        await createEmpty(store, 'doc')
        expect(await store.load('doc')).toMatchObject({ revision: 0, rows: [], snapshot: null, damage: [] })
      })
    })

    describe('S6: appending', () => {
      test('S6: a sink hears of each row once, in order, and never inside append', async () => {
        const store = await startStore()
        const author = new Author(store, await createEmpty(store, 'doc'))
        author.hand(50)
        expect(author.sink.seqs).toEqual([])
        await store.flush()
        author.hand(50)
        await store.flush()
        expect(author.sink.seqs).toEqual(count(1, 100))
      })

      test('S6: at the time it hears of a row, the row can be read', async () => {
        const store = await startStore()
        const record = await createEmpty(store, 'doc')
        const revisions: Promise<number>[] = []
        const sink = { durable: () => void revisions.push(store.load('doc').then(loaded => loaded.revision)) }
        store.append({ number: record.number, row: rowOf(1, bytes(0, 0)), sink })
        await store.flush()
        expect(await Promise.all(revisions)).toEqual([1])
      })

      test('S6: many documents at once: each in its own order', async () => {
        const store = await startStore()
        const authors = await Promise.all(
          count(1, 20).map(async i => new Author(store, await createEmpty(store, `d${i}`))),
        )
        for (let round = 0; round < 20; round++) for (const author of authors) author.hand(1)
        await store.flush()
        for (const author of authors) expect(author.sink.seqs).toEqual(count(1, 20))
      })

      test('S6: a row that does not follow its predecessor is a mistake of the caller', async () => {
        const store = await startStore()
        const record = await createEmpty(store, 'doc')
        const sink = new Sink()
        const hand = (seq: number) => store.append({ number: record.number, row: rowOf(seq, bytes(0, 0)), sink })
        expect(() => hand(2)).toThrow(RangeError)
        hand(1)
        expect(() => hand(1)).toThrow(RangeError)
        expect(() => hand(3)).toThrow(RangeError)
        expect(() => store.append({ number: 4_711, row: rowOf(1, bytes(0, 0)), sink })).toThrow(RangeError)
        hand(2)
        await store.flush()
        expect(sink.seqs).toEqual([1, 2])
      })

      test('S6: a sink that throws keeps nobody else from being told', async () => {
        const store = await startStore()
        const a = await createEmpty(store, 'a')
        const author = new Author(store, await createEmpty(store, 'b'))
        const sink = {
          durable: () => {
            throw new Error('a bug of the room')
          },
        }
        store.append({ number: a.number, row: rowOf(1, bytes(0, 0)), sink })
        author.hand(1)
        await store.flush()
        expect(author.sink.seqs).toEqual([1])
      })
    })

    test('S7: flush resolves when all that was handed over before is durable, and at once when there is nothing', async () => {
      const store = await startStore()
      await store.flush()
      const author = new Author(store, await createEmpty(store, 'doc'))
      author.hand(10)
      await store.flush()
      expect(author.sink.seqs).toHaveLength(10)
    })

    test('S8: readRows gives any range, before and after compaction', async () => {
      const store = await startStore()
      const author = new Author(store, await createEmpty(store, 'doc'))
      await author.write(10)
      const range = async (from: number, to: number) =>
        (await readRows(store, author.record.number, from, to)).map(plain)
      const before = await range(1, 10)
      expect(before.map(row => row.seq)).toEqual(count(1, 10))
      expect(await range(3, 5)).toEqual(before.slice(2, 5))
      expect(await range(9, 99)).toEqual(before.slice(8))
      expect(await range(11, 99)).toEqual([])
      await store.compact('doc')
      await author.write(5)
      expect(await range(1, 10)).toEqual(before)
      expect((await range(8, 13)).map(row => row.seq)).toEqual(count(8, 13))
      await store.compact('doc')
      expect((await range(1, 15)).map(row => row.seq)).toEqual(count(1, 15))
    })

    describe('S9: compaction', () => {
      test('S9: leaves the same document in a snapshot, with later rows after it', async () => {
        const store = await startStore()
        const author = new Author(store, await createEmpty(store, 'doc'))
        await author.write(30)
        await store.compact('doc')
        const compacted = await store.load('doc')
        expect(compacted).toMatchObject({ revision: 30, snapshotSeq: 30, rows: [], damage: [] })
        await author.write(3)
        const loaded = await store.load('doc')
        expect(loaded.rows.map(row => row.seq)).toEqual([31, 32, 33])
        expect(loaded.snapshotSeq).toBe(30)
        expect(textOf(loaded)).toBe(author.text)
      })

      test('S9: again and again, and with nothing new it does nothing', async () => {
        const store = await startStore()
        const author = new Author(store, await createEmpty(store, 'doc'))
        for (let round = 1; round <= 5; round++) {
          await author.write(7)
          await store.compact('doc')
          await store.compact('doc')
          const loaded = await store.load('doc')
          expect(loaded).toMatchObject({ revision: round * 7, snapshotSeq: round * 7, rows: [] })
          expect(textOf(loaded)).toBe(author.text)
        }
      })

      test('S9: rows that come while it runs are kept', async () => {
        const store = await startStore()
        const author = new Author(store, await createEmpty(store, 'doc'))
        await author.write(20)
        const running = store.compact('doc')
        for (let i = 0; i < 20; i++) {
          author.hand(1)
          await new Promise(resolve => setImmediate(resolve))
        }
        await running
        await store.flush()
        const loaded = await store.load('doc')
        expect(loaded.revision).toBe(40)
        expect(textOf(loaded)).toBe(author.text)
      })

      test('S9: two at once are one', async () => {
        const store = await startStore()
        const author = new Author(store, await createEmpty(store, 'doc'))
        await author.write(20)
        await Promise.all([store.compact('doc'), store.compact('doc')])
        expect(textOf(await store.load('doc'))).toBe(author.text)
      })

      test('S9: rows that are no updates fail it and stay as they are', async () => {
        const store = await startStore()
        const record = await createEmpty(store, 'doc')
        store.append({ number: record.number, row: rowOf(1, bytes(1, 2, 3)), sink: new Sink() })
        await store.flush()
        await expect(store.compact('doc')).rejects.toThrow()
        expect(await store.load('doc')).toMatchObject({ revision: 1, snapshot: null })
      })

      test('S9: it is due for 1,000 rows or 256 KiB, and earlier when the document is idle', async () => {
        const store = await startStore()
        const author = new Author(store, await createEmpty(store, 'rows'))
        const due = (idle: boolean) => store.isCompactionDue(author.record.number, idle)
        expect([due(false), due(true)]).toEqual([false, false])
        await author.write(16)
        expect([due(false), due(true)]).toEqual([false, true])
        await author.write(984)
        expect(due(false)).toBe(true)
        await store.compact('rows')
        expect([due(false), due(true)]).toEqual([false, false])

        const large = await createEmpty(store, 'bytes')
        const update = new Uint8Array(256 * 1024)
        store.append({ number: large.number, row: rowOf(1, update), sink: new Sink() })
        await store.flush()
        expect(store.isCompactionDue(large.number, false)).toBe(true)
      })
    })

    test('S10: a summary shows in find and in lists, with the revision that it was made from', async () => {
      const store = await startStore()
      await createEmpty(store, 'doc')
      const summary = { title: 'Plans', snippet: 'We shall', revision: 0 }
      await store.putSummary('doc', summary)
      expect((await store.find('doc'))?.summary).toEqual(summary)
      expect((await store.list()).items[0]?.summary).toEqual(summary)
      await expect(store.putSummary('other', summary)).rejects.toMatchObject({ code: 'not-found' })
    })

    test('S11: the trash and back change nothing else', async () => {
      const store = await startStore()
      const author = new Author(store, await createEmpty(store, 'doc'))
      await author.write(3)
      const before = await store.find('doc')
      expect(await store.setDeleted('doc', 4_000)).toEqual({ ...before, deletedMs: 4_000 })
      expect(await store.setDeleted('doc', undefined)).toEqual(before)
      expect(textOf(await store.load('doc'))).toBe(author.text)
      await expect(store.setDeleted('other', 1)).rejects.toMatchObject({ code: 'not-found' })
    })

    describe('S12: a failing disk', () => {
      test.each(['full', 'error'] as const)(
        'S12: %s: nothing is acknowledged, and everything is when it works again',
        async cause => {
          const { store, breakDisk, mendDisk } = await start()
          const author = new Author(store, await createEmpty(store, 'doc'))
          await author.write(5)
          const states: StoreState[] = []
          store.onState(state => states.push(state))
          await breakDisk(cause)
          author.hand(10)
          await new Promise(resolve => setImmediate(resolve))
          author.hand(10)
          await expect(store.probe()).rejects.toMatchObject({ code: 'storage-failed' })
          expect(store.state).toMatchObject({ state: 'failing', cause })
          expect(author.sink.seqs).toEqual(count(1, 5))
          await expect(createEmpty(store, 'another')).rejects.toMatchObject({ code: 'storage-failed' })
          await expect(store.setDeleted('doc', 1)).rejects.toMatchObject({ code: 'storage-failed' })
          await mendDisk()
          await store.flush()
          expect(author.sink.seqs).toEqual(count(1, 25))
          expect(store.state).toEqual({ state: 'ok' })
          expect(states.map(state => state.state)).toContain('failing')
          expect(states.at(-1)).toEqual({ state: 'ok' })
          expect(textOf(await store.load('doc'))).toBe(author.text)
          await store.probe()
        },
      )

      test('S12: it closes with an error that counts what is not on disk', async () => {
        const { store, breakDisk } = await start()
        const author = new Author(store, await createEmpty(store, 'doc'))
        await breakDisk('full')
        author.hand(3)
        await expect(store.close()).rejects.toMatchObject({
          code: 'storage-failed',
          message: expect.stringMatching(/^3 rows/),
        })
        expect(author.sink.seqs).toEqual([])
      })
    })

    test('S13: the ring of rows that wait is bounded, and empties', async () => {
      const { store, breakDisk, mendDisk } = await start()
      const record = await createEmpty(store, 'doc')
      await breakDisk('full')
      const update = new Uint8Array(1024 * 1024)
      const sink = new Sink()
      let seq = 0
      while (store.hasRoom(update.length) && seq < 100) {
        store.append({ number: record.number, row: rowOf(++seq, update), sink })
      }
      expect(seq).toBeGreaterThan(1)
      expect(seq).toBeLessThan(100)
      expect(sink.seqs).toEqual([])
      await mendDisk()
      await store.flush()
      expect(sink.seqs).toEqual(count(1, seq))
      expect(store.hasRoom(update.length)).toBe(true)
    })

    test('S14: a listener of the state can leave', async () => {
      const { store, breakDisk } = await start()
      const states: StoreState[] = []
      const leave = store.onState(state => states.push(state))
      leave()
      await breakDisk('error')
      await expect(store.probe()).rejects.toThrow()
      expect(states).toEqual([])
    })

    test('S15: after close nothing is taken, and closing twice is closing once', async () => {
      const store = await startStore()
      const author = new Author(store, await createEmpty(store, 'doc'))
      author.hand(3)
      await store.close()
      expect(author.sink.seqs).toEqual([1, 2, 3])
      expect(store.state).toEqual({ state: 'closed' })
      await store.close()
      expect(() => author.hand(1)).toThrow(SheafError)
      await expect(store.find('doc')).rejects.toThrow(SheafError)
      await expect(store.load('doc')).rejects.toThrow(SheafError)
      await expect(createEmpty(store, 'other')).rejects.toThrow(SheafError)
    })

    describe('S45: records', () => {
      test('S45: a change is all or none, and reads what it wrote', async () => {
        const { records } = await startStore()
        const seen = await records.change(async change => {
          change.put('folder', 'a', { name: 'Plans' })
          change.put('folder', 'b', { name: 'Notes' })
          change.delete('folder', 'b')
          return [await change.get('folder', 'a'), await change.get('folder', 'b')]
        })
        expect(seen).toEqual([{ name: 'Plans' }, undefined])
        const thrown = records.change(change => {
          change.put('folder', 'a', { name: 'Gone' })
          throw new RangeError('no')
        })
        await expect(thrown).rejects.toThrow(RangeError)
        expect(await records.get('folder', 'a')).toEqual({ name: 'Plans' })
        expect(await records.get('star', 'a')).toBeUndefined()
      })

      test('S45: changes run one after another', async () => {
        const { records } = await startStore()
        const raise = () =>
          records.change(async change => {
            const { count } = (await change.get<{ count: number }>('setting', 'n')) ?? { count: 0 }
            await Promise.resolve()
            change.put('setting', 'n', { count: count + 1 })
          })
        await Promise.all(Array.from({ length: 20 }, raise))
        expect(await records.get('setting', 'n')).toEqual({ count: 20 })
      })

      test('S45: what a failing disk does not take is refused, and was never there', async () => {
        const { store, breakDisk, mendDisk } = await start()
        await store.records.change(change => change.put('setting', 'kept', 1))
        await breakDisk('full')
        const refused = store.records.change(change => change.put('setting', 'lost', 1))
        await expect(refused).rejects.toMatchObject({ code: 'storage-failed' })
        await mendDisk()
        expect(await store.records.get('setting', 'kept')).toBe(1)
        await store.records.change(change => change.put('setting', 'after', 2))
        expect(await store.records.get('setting', 'after')).toBe(2)
      })

      test('S46: they list in the order of their keys, by prefix, from a key on and backwards', async () => {
        const { records } = await startStore()
        const keys = ['a', 'a/1', 'a/2', 'a/é', 'a/😀', 'b']
        await records.change(change => {
          for (const key of keys.toReversed()) change.put('visit', key, key.length)
          change.put('star', 'a/0', 0)
        })
        const listed = async (query?: RecordQuery) => (await records.list('visit', query)).map(({ key }) => key)
        expect(await listed()).toEqual(keys)
        expect(await listed({ prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/é', 'a/😀'])
        expect(await listed({ prefix: 'a/', after: 'a/1', limit: 2 })).toEqual(['a/2', 'a/é'])
        expect(await listed({ prefix: 'a/', reverse: true, limit: 2 })).toEqual(['a/😀', 'a/é'])
        expect(await listed({ prefix: 'a/', after: 'a/é', reverse: true })).toEqual(['a/2', 'a/1'])
      })

      test('S46: a key that is too long, or has a zero byte, is refused', async () => {
        const { records } = await startStore()
        for (const key of ['x'.repeat(2_000), 'a\0b']) {
          await expect(records.get('star', key)).rejects.toMatchObject({ code: 'malformed' })
          await expect(records.change(change => change.put('star', key, 1))).rejects.toMatchObject({
            code: 'malformed',
          })
        }
      })
    })

    test('S80: a document deleted for good is gone, and its name never leads anywhere again', async () => {
      const store = await startStore()
      await createEmpty(store, 'kept')
      const author = new Author(store, await createEmpty(store, 'doc'))
      await author.write(20)
      await store.compact('doc')
      await author.write(3)
      await expect(store.purge('doc')).rejects.toMatchObject({ code: 'precondition-failed' })
      expect(textOf(await store.load('doc'))).toBe(author.text)
      await store.setDeleted('doc', 5_000)
      await store.purge('doc')
      expect(await store.find('doc')).toBeUndefined()
      expect(await store.findMany(['doc', 'kept', 'never'])).toEqual([await found(store, 'kept')])
      for (const sort of ['updated', 'id'] as const) {
        expect(await listAll(store, { sort, trashed: true })).toEqual([])
        expect((await listAll(store, { sort })).map(record => record.documentId)).toEqual(['kept'])
      }
      for (const ask of [() => store.load('doc'), () => store.setDeleted('doc', undefined), () => store.purge('doc')]) {
        await expect(ask()).rejects.toMatchObject({ code: 'not-found' })
      }
      await expect(createEmpty(store, 'doc')).rejects.toMatchObject({ code: 'already-exists' })
      expect(store.report).toEqual([])
    })

    test('S80: who is quicker, the one who takes it back or the one who deletes it, and nothing between', async () => {
      const store = await startStore()
      for (let round = 0; round < 20; round++) {
        const documentId = `doc-${round}`
        const author = new Author(store, await createEmpty(store, documentId))
        await author.write(2)
        await store.setDeleted(documentId, 5_000)
        const both = [store.purge(documentId), store.setDeleted(documentId, undefined)]
        const [purged, restored] = await Promise.allSettled(round % 2 === 0 ? both : both.reverse())
        expect([purged!.status, restored!.status].sort()).toEqual(['fulfilled', 'rejected'])
        const record = await store.find(documentId)
        if (record !== undefined) expect(textOf(await store.load(documentId))).toBe(author.text)
      }
    })

    test('S16: a clock that goes back changes no order of rows', async () => {
      const store = await startStore()
      const author = new Author(store, await createEmpty(store, 'doc', 50_000))
      await author.write(2, 90_000)
      await author.write(2, 10_000)
      const loaded = await store.load('doc')
      expect(loaded.rows.map(row => [row.seq, row.wallTimeMs])).toEqual([
        [1, 90_000],
        [2, 90_000],
        [3, 10_000],
        [4, 10_000],
      ])
      expect(loaded.record.updatedMs).toBe(10_000)
      expect((await store.list()).items.map(record => record.updatedMs)).toEqual([10_000])
    })
  })
}

/** Remembers what it was told. */
export class Sink {
  readonly seqs: number[] = []
  durable(rows: readonly UpdateRow[]): void {
    for (const row of rows) this.seqs.push(row.seq)
  }
}

/** Somebody who types one character for each row. */
export class Author {
  readonly sink = new Sink()
  readonly record: DocumentRecord
  #store: DocumentStore
  readonly #ydoc = new Y.Doc()
  #seq: number
  #updates: Uint8Array[] = []
  readonly #remembers: boolean
  readonly #texts = new Map<number, string>()

  /** @param options.remember whether {@link textAt} is going to be asked. */
  constructor(store: DocumentStore, record: DocumentRecord, options: { remember: boolean } = { remember: true }) {
    this.#remembers = options.remember
    this.#store = store
    this.record = record
    this.#seq = record.revision
    this.#ydoc.on('update', (update: Uint8Array) => this.#updates.push(update))
  }

  get text(): string {
    return this.#ydoc.getText('body').toString()
  }

  /** The text as it was after this row. */
  textAt(revision: number): string | undefined {
    return this.#texts.get(revision)
  }

  /** Goes on writing into the same document, opened by another store. */
  moveTo(store: DocumentStore): void {
    this.#store = store
  }

  hand(rows: number, wallTimeMs = 1_000): void {
    const text = this.#ydoc.getText('body')
    for (let i = 0; i < rows; i++) {
      // Every fifth row deletes, so that compaction has something to collect.
      if (this.#seq % 5 === 4) text.delete(text.length >> 1, 1)
      else text.insert(text.length >> 1, String.fromCharCode(97 + (this.#seq % 26)))
      this.#append(wallTimeMs)
    }
  }

  /** One row that inserts this text. */
  insert(inserted: string): void {
    this.#ydoc.getText('body').insert(0, inserted)
    this.#append(1_000)
  }

  /** Goes on from what another author wrote. */
  catchUp(loaded: LoadedDocument): void {
    if (loaded.snapshot !== null) Y.applyUpdate(this.#ydoc, updateOf(loaded.snapshot))
    for (const row of loaded.rows) Y.applyUpdate(this.#ydoc, row.update)
    this.#updates = []
    this.#seq = loaded.revision
  }

  #append(wallTimeMs: number): void {
    const [update] = this.#updates.splice(0)
    const row = rowOf(this.#seq + 1, update!, wallTimeMs)
    this.#store.append({ number: this.record.number, row, sink: this.sink })
    this.#seq++
    if (this.#remembers) this.#texts.set(this.#seq, this.text)
  }

  async write(rows: number, wallTimeMs = 1_000): Promise<void> {
    this.hand(rows, wallTimeMs)
    await this.#store.flush()
  }
}

export function createEmpty(store: DocumentStore, documentId: string, nowMs = 1_000): Promise<DocumentRecord> {
  return store.create(documentId, { layout: 'sheaf', nowMs, updates: [] })
}

export async function found(store: DocumentStore, documentId: string): Promise<DocumentRecord> {
  const record = await store.find(documentId)
  if (record === undefined) throw new Error(`no document ${documentId}`)
  return record
}

export async function listAll(store: DocumentStore, options: ListOptions = {}): Promise<DocumentRecord[]> {
  const all: DocumentRecord[] = []
  let page = await store.list(options)
  all.push(...page.items)
  while (page.next !== undefined) {
    page = await store.list({ ...options, cursor: page.next })
    all.push(...page.items)
  }
  return all
}

export async function readRows(store: DocumentStore, number: number, from: number, to: number): Promise<UpdateRow[]> {
  const rows: UpdateRow[] = []
  for await (const row of store.readRows(number, from, to)) rows.push(row)
  return rows
}

/** The text of root `body` after snapshot and rows. */
export function textOf(loaded: { snapshot: Snapshot | null; rows: readonly UpdateRow[] }): string {
  const ydoc = new Y.Doc()
  if (loaded.snapshot !== null) Y.applyUpdate(ydoc, updateOf(loaded.snapshot))
  for (const row of loaded.rows) Y.applyUpdate(ydoc, row.update)
  return ydoc.getText('body').toString()
}

export function rowOf(seq: number, update: Uint8Array, wallTimeMs = 1_000): UpdateRow {
  return { seq, wallTimeMs, principal: 'guest', session: 's1', clientSeq: seq, origin: 'socket', update }
}

export function count(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

/** A row with its bytes as text, so that comparing large rows is quick and prints well. */
function plain(row: UpdateRow): Record<string, unknown> {
  return { ...row, update: Buffer.from(row.update).toString('base64') }
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values)
}

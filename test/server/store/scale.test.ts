// Many documents and long logs (docs/storage.md S70, S71).

import { expect, test } from 'vitest'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { Author, count, createEmpty, listAll, rowOf, Sink, textOf } from './contract.ts'

test('S70: 10,000 documents: each once in the pages of every list, also of the next start', async () => {
  const directory = await tempDirectory()
  const store = await openStore(directory)
  const ids = count(1, 10_000).map(i => `doc-${String(i).padStart(5, '0')}`)
  await Promise.all(
    ids.map((documentId, i) =>
      store.create(documentId, {
        layout: 'sheaf',
        nowMs: 1_000 + (i % 100),
        updates: [],
        summary: { title: i % 1_000 === 7 ? 'A needle' : 'Hay', snippet: '' },
      }),
    ),
  )
  const expectComplete = async (listed: typeof store) => {
    const byId = await listAll(listed, { sort: 'id', limit: 200 })
    expect(byId.map(record => record.documentId)).toEqual(ids)
    const byEdit = await listAll(listed, { limit: 199 })
    expect(new Set(byEdit.map(record => record.documentId)).size).toBe(10_000)
    const order = byEdit.map(record => record.updatedMs)
    expect(order).toEqual([...order].sort((a, b) => b - a))
    expect(await listAll(listed, { titleContains: 'needle', limit: 3 })).toHaveLength(10)
  }
  await expectComplete(store)
  // Edits between two pages move documents to the top, and nothing is shown twice below or left out.
  const first = await store.list({ limit: 200 })
  const author = new Author(store, first.items[0]!)
  await author.write(1, 9_000)
  const moved = new Author(store, await createEmpty(store, 'new', 9_999))
  await moved.write(1, 9_999)
  const rest = await listAll(store, { limit: 200, cursor: first.next! })
  expect(rest).toHaveLength(9_800)
  await store.close()
  const again = await openStore(directory)
  expect(again.report).toEqual([])
  expect((await again.list({ limit: 2 })).items.map(record => record.documentId)).toEqual([
    'new',
    first.items[0]!.documentId,
  ])
})

test('S71: a log of 20,000 keystrokes loads whole, before and after its compaction', async () => {
  const directory = await tempDirectory()
  const store = await openStore(directory)
  const author = new Author(store, await createEmpty(store, 'doc'), { remember: false })
  await author.write(20_000)
  const loaded = await store.load('doc')
  expect(loaded.rows).toHaveLength(20_000)
  expect(textOf(loaded)).toBe(author.text)
  await store.compact('doc')
  await store.close()
  const again = await openStore(directory)
  const compacted = await again.load('doc')
  expect(compacted).toMatchObject({ revision: 20_000, snapshotSeq: 20_000, rows: [], damage: [] })
  expect(textOf(compacted)).toBe(author.text)
  let rows = 0
  for await (const row of again.readRows(compacted.record.number, 1, 20_000)) expect(row.seq).toBe(++rows)
  expect(rows).toBe(20_000)
})

test('S71: one row of 17 MiB, the largest there is, is kept and read back', async () => {
  const directory = await tempDirectory()
  const store = await openStore(directory)
  const record = await createEmpty(store, 'doc')
  const sink = new Sink()
  const update = new Uint8Array(17 * 1024 * 1024).map((_, i) => i * 31)
  store.append({ number: record.number, row: rowOf(1, update), sink })
  store.append({ number: record.number, row: rowOf(2, Uint8Array.of(0, 0)), sink })
  await store.flush()
  expect(sink.seqs).toEqual([1, 2])
  await store.close()
  const { rows } = await (await openStore(directory)).load('doc')
  expect(rows.map(row => row.seq)).toEqual([1, 2])
  expect(Buffer.compare(rows[0]!.update, update)).toBe(0)
})

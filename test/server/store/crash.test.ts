// Compaction that is interrupted by a crash at each of its writes (docs/storage.md S23, S24).

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { levelDriver } from '../../../server/src/store/disk.ts'
import {
  allChunksRange,
  historyRange,
  type KeyRange,
  snapshotIdOfChunkKey,
  sweepRange,
  updateRange,
} from '../../../server/src/store/keys.ts'
import { FaultyDriver } from '../../helpers/faulty-driver.ts'
import { seededRandom } from '../../helpers/random.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { Author, count, createEmpty, readRows, textOf } from './contract.ts'

const lastSeq = Number.MAX_SAFE_INTEGER - 1

/** What is on disk of a document, without a store. */
async function remains(directory: string, number: number) {
  const disk = await levelDriver.open(join(directory, 'store'), { create: false })
  const keys = async (range: KeyRange) => {
    const found: Uint8Array[] = []
    for await (const page of disk.pages(range, { keysOnly: true })) for (const [key] of page) found.push(key)
    return found
  }
  try {
    return {
      rows: (await keys(updateRange(number, 0, lastSeq))).length,
      segments: (await keys(historyRange(number, 0, lastSeq))).length,
      snapshots: [...new Set((await keys(allChunksRange(number))).map(snapshotIdOfChunkKey))],
      sweeps: (await keys(sweepRange)).length,
    }
  } finally {
    await disk.close()
  }
}

describe('S23: a crash at each write of a compaction', () => {
  // The second compaction is the one that is interrupted: it has a snapshot before it and one to throw away after.
  const compactions = async (dieAt: number) => {
    const directory = await tempDirectory()
    const driver = new FaultyDriver()
    const store = await openStore(directory, { driver })
    const author = new Author(store, await createEmpty(store, 'doc'))
    for (let round = 0; round < 2; round++) {
      await author.write(40)
      await store.compact('doc')
    }
    await author.write(40)
    const first = driver.writes
    driver.fault = async ({ index }) => {
      if (index === first + dieAt) await driver.die()
      return undefined
    }
    const outcome = await store.compact('doc').then(
      () => 'done' as const,
      () => 'died' as const,
    )
    return { directory, author, outcome, writes: driver.writes - first }
  }

  test('S23: loses nothing, at any of them', async () => {
    const { writes, outcome } = await compactions(Number.POSITIVE_INFINITY)
    expect(outcome).toBe('done')
    expect(writes).toBeGreaterThanOrEqual(6)
    for (let dieAt = 1; dieAt <= writes; dieAt++) {
      const { directory, author, outcome } = await compactions(dieAt)
      expect(outcome).toBe('died')
      const again = await openStore(directory)
      const loaded = await again.load('doc')
      expect(loaded).toMatchObject({ revision: 120, damage: [] })
      expect(textOf(loaded)).toBe(author.text)
      expect((await readRows(again, loaded.record.number, 1, 120)).map(row => row.seq)).toEqual(count(1, 120))
      expect(again.report).toEqual([])
      expect((await again.verify()).findings).toEqual([])
      // And what was half done is in nobody's way.
      const later = new Author(again, loaded.record)
      later.catchUp(loaded)
      await later.write(5)
      await again.compact('doc')
      expect(textOf(await again.load('doc'))).toBe(later.text)
      await again.close()
      expect(await remains(directory, loaded.record.number)).toMatchObject({ rows: 0, sweeps: 0 })
      expect((await remains(directory, loaded.record.number)).snapshots).toHaveLength(2)
    }
  })

  test('S24: what a crash after the flip left is swept at the next start', async () => {
    let swept = 0
    const { writes } = await compactions(Number.POSITIVE_INFINITY)
    for (let dieAt = 1; dieAt <= writes; dieAt++) {
      const { directory, author } = await compactions(dieAt)
      const before = await remains(directory, author.record.number)
      if (before.sweeps === 0) continue
      swept++
      await (await openStore(directory)).close()
      expect(await remains(directory, author.record.number)).toMatchObject({ rows: 0, sweeps: 0, snapshots: [2, 3] })
    }
    expect(swept).toBeGreaterThan(0)
  })
})

test('S25: the snapshot before is kept, and the one before that is not', async () => {
  const directory = await tempDirectory()
  const store = await openStore(directory)
  const author = new Author(store, await createEmpty(store, 'doc'))
  for (let round = 0; round < 4; round++) {
    await author.write(10)
    await store.compact('doc')
  }
  await store.close()
  expect(await remains(directory, author.record.number)).toEqual({ rows: 0, segments: 4, snapshots: [3, 4], sweeps: 0 })
})

test('S27: a clean stop takes what was folded away out of the files, and leaves everything else', async () => {
  const directory = join(await tempDirectory(), 'data')
  const store = await openStore(directory)
  const author = new Author(store, await createEmpty(store, 'doc'), { remember: false })
  const other = new Author(store, await createEmpty(store, 'other'), { remember: false })
  await author.write(6_000)
  await other.write(50)
  await store.compact('doc')
  await store.close()
  const sizes = await Promise.all(
    (await readdir(join(directory, 'store'))).map(file => stat(join(directory, 'store', file))),
  )
  expect(sizes.reduce((sum, { size }) => sum + size, 0) / 6_000).toBeLessThan(10)
  const again = await openStore(directory)
  expect(again.report).toEqual([])
  expect(await again.verify()).toMatchObject({ findings: [] })
  expect(textOf(await again.load('doc'))).toBe(author.text)
  expect(textOf(await again.load('other'))).toBe(other.text)
  expect(await readRows(again, author.record.number, 1, 6_000)).toHaveLength(6_000)
})

test('S26: a document larger than one piece is written in pieces of 256 KiB and read back', async () => {
  const directory = await tempDirectory()
  const store = await openStore(directory)
  const author = new Author(store, await createEmpty(store, 'doc'))
  const random = seededRandom(26)
  const text = Array.from({ length: 1_200_000 }, () => String.fromCharCode(33 + random.below(90))).join('')
  author.insert(text)
  await store.flush()
  await store.compact('doc')
  await author.write(2)
  await store.close()
  const again = await openStore(directory)
  const loaded = await again.load('doc')
  expect(loaded.snapshot!.deflated.length).toBeGreaterThan(800_000)
  expect(loaded).toMatchObject({ revision: 3, snapshotSeq: 1, damage: [] })
  expect(textOf(loaded)).toBe(author.text)
})

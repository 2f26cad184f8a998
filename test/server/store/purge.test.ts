// A document deleted for good, interrupted by a crash at each of its writes (docs/storage.md S80, S81).

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { levelDriver } from '../../../server/src/store/disk.ts'
import { documentRanges, purgeRange } from '../../../server/src/store/keys.ts'
import { FaultyDriver } from '../../helpers/faulty-driver.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { Author, createEmpty, textOf } from './contract.ts'

/** Deletes a document that has rows, a snapshot and history, with the process dying at one of the writes. */
async function purging(dieAt: number) {
  const directory = await tempDirectory()
  const driver = new FaultyDriver()
  const store = await openStore(directory, { driver })
  await createEmpty(store, 'other')
  const author = new Author(store, await createEmpty(store, 'doc'))
  await author.write(40)
  await store.compact('doc')
  await author.write(5)
  await store.putSummary('doc', { title: 'A secret', snippet: 'Nobody knows', revision: 45 })
  await store.setDeleted('doc', 9_000)
  const first = driver.writes
  driver.fault = async ({ index }) => {
    if (index === first + dieAt) await driver.die()
    return undefined
  }
  const outcome = await store.purge('doc').then(
    () => 'done' as const,
    () => 'died' as const,
  )
  if (outcome === 'done') await store.close()
  return { directory, author, outcome, writes: driver.writes - first }
}

async function keysLeft(directory: string, number: number): Promise<number> {
  const disk = await levelDriver.open(join(directory, 'store'), { create: false })
  let left = 0
  for (const range of [...documentRanges(number), purgeRange]) {
    for await (const page of disk.pages(range, { keysOnly: true })) left += page.length
  }
  await disk.close()
  return left
}

test('S81: a crash at any write of it leaves a whole document in the trash, or nothing at all', async () => {
  const whole = await purging(Number.POSITIVE_INFINITY)
  expect(whole.outcome).toBe('done')
  expect(await keysLeft(whole.directory, whole.author.record.number)).toBe(0)
  expect(whole.writes).toBeGreaterThanOrEqual(4)
  const outcomes = new Set<string>()
  for (let dieAt = 1; dieAt <= whole.writes; dieAt++) {
    const { directory, author, outcome } = await purging(dieAt)
    expect(outcome).toBe('died')
    const again = await openStore(directory)
    expect(again.report).toEqual([])
    expect((await again.verify()).findings).toEqual([])
    const record = await again.find('doc')
    outcomes.add(record === undefined ? 'gone' : 'kept')
    if (record !== undefined) {
      expect(record.deletedMs).toBe(9_000)
      expect(textOf(await again.load('doc'))).toBe(author.text)
      await again.purge('doc')
    }
    await expect(createEmpty(again, 'doc')).rejects.toMatchObject({ code: 'already-exists' })
    await again.close()
    expect(await keysLeft(directory, author.record.number)).toBe(0)
  }
  expect([...outcomes].sort()).toEqual(['gone', 'kept'])
})

test('S81: after a start, its number is not given to another document', async () => {
  const { directory, author } = await purging(Number.POSITIVE_INFINITY)
  const again = await openStore(directory)
  expect((await createEmpty(again, 'later')).number).toBeGreaterThan(author.record.number)
})

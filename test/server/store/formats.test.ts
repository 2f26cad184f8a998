// Data of earlier formats, as they were written then (test/fixtures/stores).

import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../server/src/clock.ts'
import { silentLog } from '../../../server/src/log.ts'
import { restoreBackup } from '../../../server/src/store/restoring.ts'
import { repositoryRoot } from '../../helpers/sources.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { textOf } from './contract.ts'

const fixtures = join(repositoryRoot, 'test', 'fixtures', 'stores')
const text = 'stores open for ever. This came later.'

test('P14: a store of format 1 opens whole, goes on, and is compacted into this format', async () => {
  const directory = join(await tempDirectory(), 'data')
  await cp(join(fixtures, 'format-1'), directory, { recursive: true })
  const store = await openStore(directory)
  expect(store.report).toEqual([])
  expect(await store.verify()).toMatchObject({ findings: [] })
  const loaded = await store.load('compacted')
  expect(loaded).toMatchObject({ revision: 6, snapshotSeq: 5, damage: [], claims: [{ client: 7, principal: 'open' }] })
  expect(textOf(loaded)).toBe(text)
  expect(textOf(await store.load('plain'))).toBe('Never compacted.')
  await store.compact('compacted')
  await store.close()
  const again = await openStore(directory)
  expect(again.report).toEqual([])
  const compacted = await again.load('compacted')
  expect(compacted).toMatchObject({ revision: 6, snapshotSeq: 6, rows: [] })
  expect(textOf(compacted)).toBe(text)
})

test('P14: a backup of format 1 is restored', async () => {
  const directory = join(await tempDirectory(), 'data')
  const bytes = await readFile(join(fixtures, 'format-1.sheafbackup'))
  const open = async function* () {
    yield bytes
  }
  await restoreBackup({ directory, open, force: false, clock: systemClock, log: silentLog })
  const store = await openStore(directory)
  expect(store.report).toEqual([])
  expect(textOf(await store.load('compacted'))).toBe(text)
})

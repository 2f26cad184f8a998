// Records whose bytes on disk are not what was written.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { levelDriver } from '../../../server/src/store/disk.ts'
import { recordKey } from '../../../server/src/store/keys.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'

test('S47: a damaged record reads as none and is reported; the others are read', async () => {
  const directory = await tempDirectory()
  const store = await openStore(directory)
  await store.records.change(change => {
    change.put('grant', 'plan/ada', { role: 'viewer' })
    change.put('grant', 'plan/bo', { role: 'editor' })
  })
  await store.close()
  const disk = await levelDriver.open(join(directory, 'store'), { create: false })
  const key = recordKey('grant', 'plan/ada')
  const bytes = Buffer.from((await disk.get(key)) as Uint8Array)
  bytes[bytes.length - 2]! ^= 1
  const batch = disk.batch()
  batch.put(key, bytes)
  await batch.write(true)
  await disk.close()
  const again = await openStore(directory)
  expect(await again.records.get('grant', 'plan/ada')).toBeUndefined()
  expect(await again.records.list('grant')).toEqual([{ key: 'plan/bo', value: { role: 'editor' } }])
  expect(again.report.map(({ damage }) => damage.what)).toContain('record')
})

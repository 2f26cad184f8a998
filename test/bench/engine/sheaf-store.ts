// How many bytes of a store are the present state of a document: its newest snapshot and the rows behind it.

import { join } from 'node:path'
import { systemClock } from '../../../server/src/clock.ts'
import { silentLog } from '../../../server/src/log.ts'
import { noMetrics } from '../../../server/src/metrics.ts'
import { inlineCompactor } from '../../../server/src/store/compaction.ts'
import { LevelStore } from '../../../server/src/store/level.ts'

/** Of a server that has been stopped. */
export async function snapshotBytes(data: string, documentId: string): Promise<number> {
  const directory = join(data, 'sheaf')
  const options = { directory, clock: systemClock, log: silentLog, metrics: noMetrics, compactor: inlineCompactor }
  const store = await LevelStore.open(options)
  try {
    const { snapshot, rows } = await store.load(documentId)
    return (snapshot?.deflated.byteLength ?? 0) + rows.reduce((sum, row) => sum + row.update.byteLength, 0)
  } finally {
    await store.close()
  }
}

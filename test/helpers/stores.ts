// LevelStores of tests: opened on a directory, with what a test does not care about filled in.

import { onTestFinished } from 'vitest'
import { systemClock } from '../../server/src/clock.ts'
import { silentLog } from '../../server/src/log.ts'
import { noMetrics } from '../../server/src/metrics.ts'
import { inlineCompactor } from '../../server/src/store/compaction.ts'
import { LevelStore, type LevelStoreOptions } from '../../server/src/store/level.ts'

/** Opens a store; closed when the test has finished, if it is still open then. */
export async function openStore(
  directory: string,
  options: Partial<Omit<LevelStoreOptions, 'directory'>> = {},
): Promise<LevelStore> {
  const store = await LevelStore.open({
    directory,
    clock: systemClock,
    log: silentLog,
    metrics: noMetrics,
    compactor: inlineCompactor,
    ...options,
  })
  // A store whose disk was broken by the test refuses to close well; that is for the test to say.
  onTestFinished(() => store.close().catch(() => undefined))
  return store
}

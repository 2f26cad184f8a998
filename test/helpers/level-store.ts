// A LevelStore with what most callers do not care about filled in; also for proofs that run outside of the test runner.

import { systemClock } from '../../server/src/clock.ts'
import { silentLog } from '../../server/src/log.ts'
import { noMetrics } from '../../server/src/metrics.ts'
import { inlineCompactor } from '../../server/src/store/compaction.ts'
import { LevelStore, type LevelStoreOptions } from '../../server/src/store/level.ts'

export type StoreChoices = Partial<Omit<LevelStoreOptions, 'directory'>>

export function openLevelStore(directory: string, choices: StoreChoices = {}): Promise<LevelStore> {
  return LevelStore.open({
    directory,
    clock: systemClock,
    log: silentLog,
    metrics: noMetrics,
    compactor: inlineCompactor,
    ...choices,
  })
}

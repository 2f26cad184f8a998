import { systemClock } from '../../../server/src/clock.ts'
import { silentLog } from '../../../server/src/log.ts'
import { noMetrics } from '../../../server/src/metrics.ts'
import { inlineCompactor } from '../../../server/src/store/compaction.ts'
import { LevelStore } from '../../../server/src/store/level.ts'
import { FaultyDriver, ioError } from '../../helpers/faulty-driver.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { storeContract } from './contract.ts'

storeContract('LevelDB', async () => {
  const driver = new FaultyDriver()
  const store = await LevelStore.open({
    directory: await tempDirectory(),
    clock: systemClock,
    log: silentLog,
    metrics: noMetrics,
    compactor: inlineCompactor,
    ringBytes: 8 * 1024 * 1024,
    driver,
  })
  return {
    store,
    breakDisk: async cause => {
      driver.fault = () => ioError(cause === 'full' ? 'ENOSPC' : 'EIO')
      await store.probe().catch(() => undefined)
    },
    mendDisk: () => {
      driver.fault = () => undefined
      return new Promise(resolve => store.onState(({ state }) => state === 'ok' && resolve()))
    },
    dispose: () => store.close().catch(() => undefined),
  }
})

import { MemoryStore } from '../../../server/src/store/memory.ts'
import { storeContract } from './contract.ts'

storeContract('memory', async () => {
  const store = new MemoryStore({ ringBytes: 8 * 1024 * 1024 })
  return {
    store,
    breakDisk: cause => store.breakDisk(cause),
    mendDisk: () => store.mendDisk(),
    dispose: () => store.close().catch(() => undefined),
  }
})

// The disks of a simulated run: one in memory that can stop and lose power, and the real store in a directory.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../server/src/clock.ts'
import { silentLog } from '../../server/src/log.ts'
import { noMetrics } from '../../server/src/metrics.ts'
import { inlineCompactor } from '../../server/src/store/compaction.ts'
import { LevelStore } from '../../server/src/store/level.ts'
import { MemoryStore } from '../../server/src/store/memory.ts'
import type { SimulatedDisk } from './simulation.ts'

/** In memory: a crash leaves what was durable. */
export function memoryDisk(): SimulatedDisk {
  let store = new MemoryStore()
  return {
    get store() {
      return store
    },
    stop: () => store.breakDisk('error'),
    resume: () => store.mendDisk(),
    async crash() {
      const before = store
      store = new MemoryStore()
      const { items } = await before.list()
      for (const { documentId, number, layout, createdMs, revision } of items) {
        const updates: Uint8Array[] = []
        for await (const row of before.readRows(number, 1, revision)) updates.push(row.update)
        await store.create(documentId, { layout, nowMs: createdMs, updates })
      }
    },
    reopen: async () => undefined,
    async close() {
      // A run that failed may have left it stopped.
      if (store.state.state === 'failing') store.mendDisk()
      await store.close()
    },
  }
}

/** LevelDB in a directory of its own, which is removed in the end. */
export async function levelDisk(): Promise<SimulatedDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'sheaf-fuzz-'))
  const open = () =>
    LevelStore.open({ directory, clock: systemClock, log: silentLog, metrics: noMetrics, compactor: inlineCompactor })
  let store = await open()
  return {
    get store() {
      return store
    },
    async reopen() {
      await store.close()
      store = await open()
    },
    async close() {
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

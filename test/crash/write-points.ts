// A disk that fails at one write, for each write in turn and in each way: before anything was written, and after all of it was. What
// must hold: whatever was called durable is there when the process has died; and when the disk works again, everything is.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Y from 'yjs'
import { levelDriver } from '../../server/src/store/disk.ts'
import type { LevelStore } from '../../server/src/store/level.ts'
import type { DocumentRecord } from '../../server/src/store/store.ts'
import { FaultyDriver, ioError } from '../helpers/faulty-driver.ts'
import { openLevelStore } from '../helpers/level-store.ts'

export interface WritePointsReport {
  /** Writes that were made to fail, one in each run. */
  readonly points: number
  readonly acknowledged: number
  /** Rows that were called durable and are not there. */
  readonly falseAcknowledgements: number
  /** Runs in which the disk worked again and not all rows became durable. */
  readonly stuck: number
}

const rows = 24

export async function failEveryWrite(options: { readonly step: number }): Promise<WritePointsReport> {
  const total = { points: 0, acknowledged: 0, falseAcknowledgements: 0, stuck: 0 }
  for (const code of ['ENOSPC', 'EIO'] as const) {
    for (const when of ['before', 'after'] as const) {
      let writes = Number.POSITIVE_INFINITY
      // The first write is that of the start; a start that fails acknowledges nothing.
      for (let point = 2; point <= writes; point += options.step) {
        const run = await failOnce(code, when, point)
        writes = run.writes
        total.points += 1
        total.acknowledged += run.acknowledged
        total.falseAcknowledgements += run.falseAcknowledgements
        total.stuck += run.stuck
      }
    }
  }
  return total
}

async function failOnce(code: 'ENOSPC' | 'EIO', when: 'before' | 'after', point: number) {
  const directory = await mkdtemp(join(tmpdir(), 'sheaf-points-'))
  const driver = new FaultyDriver()
  driver.fault = ({ index }) => {
    driver.failAfterWriting = when === 'after' && index === point ? ioError(code) : undefined
    return when === 'before' && index === point ? ioError(code) : undefined
  }
  try {
    const store = await openLevelStore(directory, { driver })
    const { number } = await createDocument(store)
    let acknowledged = 0
    const ydoc = new Y.Doc()
    ydoc.on('update', (update: Uint8Array) => {
      const seq = ydoc.getText('body').length
      const row = { seq, wallTimeMs: 1, principal: '', session: '', clientSeq: seq, origin: 'socket', update } as const
      store.append({ number, row, sink: { durable: durable => (acknowledged = durable.at(-1)!.seq) } })
    })
    for (let i = 0; i < rows; i++) {
      ydoc.getText('body').insert(0, 'x')
      // Some rows share a batch.
      if (i % 3 === 0) await store.flush()
      if (i === rows / 2) await store.compact('doc').catch(() => undefined)
    }
    await store.flush()
    const stuck = acknowledged === rows ? 0 : 1
    await driver.die()
    const after = await openLevelStore(directory, { driver: levelDriver })
    const { revision, damage } = await after.load('doc')
    await after.close()
    const missing = damage.length > 0 ? acknowledged : Math.max(0, acknowledged - revision)
    return { writes: driver.writes, acknowledged, falseAcknowledgements: missing, stuck }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Who asked and was refused because of the disk asks again; the first time may have counted after all. */
async function createDocument(store: LevelStore): Promise<DocumentRecord> {
  for (;;) {
    try {
      const known = await store.find('doc')
      return known ?? (await store.create('doc', { layout: 'raw', nowMs: 1, updates: [] }))
    } catch (error) {
      if ((error as { code?: string }).code !== 'storage-failed') throw error
      await new Promise<void>(resolve => setTimeout(resolve, 20))
    }
  }
}

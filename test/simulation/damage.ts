// Damage to a small store on a simulated disk, at every byte of its write-ahead file: flipped, or the file cut there. What
// must hold at each: a document opens whole, or as an earlier state that says so, or not at all with a report; never blank, and
// never shorter than it was without a word. Two things nobody can tell: whether the last record was ever acknowledged, and a
// file that is cut exactly between two records.

import * as Y from 'yjs'
import type { LevelStore } from '../../server/src/store/level.ts'
import { readLogFile, writeLogFile } from '../../server/src/store/logfile.ts'
import { updateOf } from '../../server/src/store/snapshot.ts'
import { openLevelStore } from '../helpers/level-store.ts'
import { seededRandom } from '../helpers/random.ts'
import { FaultDisk } from './fault-disk.ts'
import { logEngine } from './log-engine.ts'

export interface DamageReport {
  readonly positions: number
  readonly whole: number
  /** Opened as an earlier state, and said so. */
  readonly earlier: number
  /** Not opened, with a report. */
  readonly refused: number
  /** Opened as an earlier state where nobody can tell that there was more. */
  readonly untold: number
  /** What must not be: each with its place. */
  readonly wrong: readonly string[]
}

const directory = '/data'
const documentIds = ['a', 'b', 'c'] as const

/** @param options.step looks at every so-many-th byte. */
export async function damageEveryByte(how: 'flipped' | 'cut', options: { step: number }): Promise<DamageReport> {
  const { disk, path, texts } = await crashedStore()
  const bytes = await disk.read(path)
  const { records } = readLogFile(bytes)
  const lastAt = writeLogFile(records.slice(0, -1)).length
  const report = { positions: 0, whole: 0, earlier: 0, refused: 0, untold: 0, wrong: [] as string[] }
  for (let at = 0; at < bytes.length; at += options.step) {
    report.positions += 1
    const copy = disk.copy(diskOptions)
    await copy.write(path, how === 'cut' ? bytes.subarray(0, at) : flipped(bytes, at))
    const store = await openLevelStore(directory, { driver: logEngine(copy) })
    for (const documentId of documentIds) {
      const state = await stateOf(store, documentId, texts.get(documentId)!)
      const isReported = store.report.length > 0
      const mayBeUntold = how === 'cut' || (at >= lastAt && isReported)
      if (state === 'whole') report.whole += 1
      else if ((state === 'earlier' || state === 'refused') && (isReported || how === 'cut')) report[state] += 1
      else if (state === 'shorter' && mayBeUntold) report.untold += 1
      else report.wrong.push(`${documentId} is ${state} with byte ${at} of ${bytes.length} ${how}`)
    }
  }
  return report
}

export type State = 'whole' | 'earlier' | 'shorter' | 'refused' | 'something else'

/** How a document opens. @param texts its text at each revision. */
export async function stateOf(store: LevelStore, documentId: string, texts: readonly string[]): Promise<State> {
  try {
    const { snapshot, rows, revision, damage } = await store.load(documentId)
    const ydoc = new Y.Doc()
    if (snapshot !== null) Y.applyUpdate(ydoc, updateOf(snapshot))
    for (const { update } of rows) Y.applyUpdate(ydoc, update)
    if (ydoc.getText('body').toString() !== texts[revision]) return 'something else'
    if (damage.length > 0) return 'earlier'
    return revision === texts.length - 1 ? 'whole' : 'shorter'
  } catch {
    // Refused for damage, or not found: which of them is for the report to say.
    return 'refused'
  }
}

/** A filled store, on the disk of a machine whose server was killed. */
async function crashedStore() {
  const disk = new FaultDisk(diskOptions)
  const texts = await fillStore(await openLevelStore(directory, { driver: logEngine(disk) }))
  const [name] = (await disk.list(`${directory}/store`)).filter(name => name.endsWith('.log'))
  return { disk: disk.copy(diskOptions), path: `${directory}/store/${name}`, texts }
}

/** Three documents with a dozen rows each, and one compaction. @returns of each its text at each revision. */
export async function fillStore(store: LevelStore): Promise<ReadonlyMap<string, readonly string[]>> {
  const texts = new Map<string, string[]>()
  for (const [index, documentId] of documentIds.entries()) {
    const { number } = await store.create(documentId, { layout: 'raw', nowMs: 1_000, updates: [] })
    const ydoc = new Y.Doc()
    ydoc.clientID = index + 1
    const known = ['']
    texts.set(documentId, known)
    for (let seq = 1; seq <= 12; seq++) {
      let update: Uint8Array = new Uint8Array(0)
      ydoc.once('update', (made: Uint8Array) => {
        update = made
      })
      ydoc.getText('body').insert(0, `${documentId}${seq} `)
      known.push(ydoc.getText('body').toString())
      const fields = {
        wallTimeMs: 1_000 + seq,
        principal: 'ann',
        session: 's',
        clientSeq: seq,
        origin: 'socket',
      } as const
      store.append({ number, row: { ...fields, seq, update }, sink: { durable: () => undefined } })
      // Some rows share a batch.
      if (seq % 3 !== 0) await store.flush()
      if (seq !== 6 || documentId !== 'a') continue
      await store.flush()
      await store.compact('a')
    }
    await store.flush()
  }
  return texts
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed[at]! ^= 1 << (at % 8)
  return changed
}

const diskOptions = { random: seededRandom(1), wait: async () => undefined }

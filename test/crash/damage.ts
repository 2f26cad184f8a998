// Damage to the real LevelDB's files, of every kind and everywhere: a byte flipped, a file cut, emptied or gone; after a clean
// stop and after a crash. What must hold is what test/simulation/damage.ts says.

import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LevelStore } from '../../server/src/store/level.ts'
import { openLevelStore } from '../helpers/level-store.ts'
import { type DamageReport, fillStore, stateOf } from '../simulation/damage.ts'

type How = 'flipped' | 'cut' | 'emptied' | 'gone'

/** @param options.places how many in each file. */
export async function damageLevel(options: { readonly places: number }): Promise<DamageReport> {
  const base = await mkdtemp(join(tmpdir(), 'sheaf-damage-'))
  const origin = join(base, 'origin')
  const report = { positions: 0, whole: 0, earlier: 0, refused: 0, untold: 0, wrong: [] as string[] }
  try {
    const filled = await openLevelStore(origin)
    const texts = await fillStore(filled)
    await crowd(filled)
    await filled.close()
    // A start makes tables of the log, and the next rows begin a log of their own.
    const again = await openLevelStore(origin)
    await again.putSummary('b', { title: 'B', snippet: '', revision: 12 })
    await again.close()
    for (const name of (await readdir(join(origin, 'store'))).filter(name => !/^LO/.test(name))) {
      const bytes = await readFile(join(origin, 'store', name))
      for (const { how, at } of damages(name, bytes.length, options.places)) {
        for (const stop of ['clean', 'crash'] as const) {
          report.positions += 1
          const directory = join(base, 'copy')
          await cp(origin, directory, { recursive: true })
          if (stop === 'crash') await rm(join(directory, 'clean-stop.json'))
          await damage(join(directory, 'store', name), bytes, how, at)
          const what = `${name} ${how} at ${at} of ${bytes.length} after a ${stop}`
          // Where a log ends after a crash nobody can tell.
          const mayBeUntold = stop === 'crash' && name.endsWith('.log') && how !== 'flipped'
          await judge(directory, texts, report, what, mayBeUntold)
          await rm(directory, { recursive: true, force: true })
        }
      }
    }
    return report
  } finally {
    await rm(base, { recursive: true, force: true })
  }
}

/** So many other documents that a table has blocks enough for an index that is searched. */
async function crowd(store: LevelStore): Promise<void> {
  for (let i = 0; i < 120; i++) {
    const updates = Array.from({ length: 8 }, (_, seq) => Buffer.alloc(10 + ((i * seq) % 90), i + seq))
    await store.create(`other-${i}`, { layout: 'raw', nowMs: 1_000, updates })
  }
}

async function judge(
  directory: string,
  texts: ReadonlyMap<string, readonly string[]>,
  report: { -readonly [name in Exclude<keyof DamageReport, 'wrong'>]: number } & { wrong: string[] },
  what: string,
  mayBeUntold: boolean,
): Promise<void> {
  let store: LevelStore
  try {
    store = await openLevelStore(directory)
  } catch (error) {
    report.wrong.push(`the store does not open with ${what}: ${error}`)
    return
  }
  for (const [documentId, known] of texts) {
    const state = await stateOf(store, documentId, known)
    const isReported = store.report.length > 0
    if (state === 'whole') report.whole += 1
    else if ((state === 'earlier' || state === 'refused') && (isReported || mayBeUntold)) report[state] += 1
    else if (state === 'shorter' && (isReported || mayBeUntold)) report.untold += 1
    else report.wrong.push(`${documentId} is ${state} with ${what}`)
  }
  await store.close()
}

function* damages(name: string, length: number, places: number): Generator<{ how: How; at: number }> {
  yield { how: 'emptied', at: 0 }
  yield { how: 'gone', at: 0 }
  const tailBytes = name.endsWith('.ldb') ? Math.min(length, tableTailBytes) : 0
  for (const [from, to] of [
    [0, length - tailBytes],
    [length - tailBytes, length],
  ] as const) {
    const count = Math.min(places, to - from)
    for (let place = 0; place < count; place++) {
      const at = from + Math.floor(((to - from) * (place + 0.5)) / count)
      yield { how: 'flipped', at }
      yield { how: 'cut', at }
    }
  }
}

/** The filters, the index and the footer of a table are here, in a small part of it, and are looked at as closely as the rest. */
const tableTailBytes = 3_000

async function damage(path: string, bytes: Uint8Array, how: How, at: number): Promise<void> {
  if (how === 'gone') await rm(path)
  else if (how === 'emptied') await truncate(path, 0)
  else if (how === 'cut') await truncate(path, at)
  else await writeFile(path, Uint8Array.from(bytes).fill(bytes[at]! ^ (1 << (at % 8)), at, at + 1))
}

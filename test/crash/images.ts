// Crash images of the real LevelDB: its files, copied while it writes, with what was not synced cut off or torn. A write-ahead file
// is known to be on the disk up to where it reached when the last synced write returned; behind that a power loss may leave
// any sectors of it. Tables and the MANIFEST are synced by LevelDB before anything depends on them, and are taken as they are.

import { copyFile, mkdir, mkdtemp, open, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Y from 'yjs'
import { type DiskDriver, levelDriver } from '../../server/src/store/disk.ts'
import type { LevelStore } from '../../server/src/store/level.ts'
import { openLevelStore } from '../helpers/level-store.ts'
import { type Random, seededRandom } from '../helpers/random.ts'

export interface ImagesReport {
  readonly images: number
  /** Bytes behind the last sync that were there to be torn, over all images. */
  readonly unsyncedBytes: number
  readonly acknowledged: number
  /** Rows that were acknowledged and are not in an image, over all images. */
  readonly lost: number
  /** Documents that an image does not open whole. */
  readonly damaged: number
}

const documentIds = ['one', 'two', 'three'] as const
const sectorBytes = 512

export async function levelImages(options: { readonly images: number; readonly seed: number }): Promise<ImagesReport> {
  const random = seededRandom(options.seed)
  const base = await mkdtemp(join(tmpdir(), 'sheaf-images-'))
  const report = { images: 0, unsyncedBytes: 0, acknowledged: 0, lost: 0, damaged: 0 }
  const watched = new SyncedLengths(join(base, 'data', 'store'))
  const store = await openLevelStore(join(base, 'data'), { driver: watched.driver })
  try {
    const writers = []
    for (const documentId of documentIds) writers.push(await Writer.start(store, documentId))
    while (report.images < options.images) {
      for (const writer of writers) writer.write(1 + random.below(30), random.pick([1, 40, 2_000]))
      // Sometimes while a batch is on its way, sometimes right after one, sometimes with a compaction.
      if (random.chance(0.1)) void store.compact(random.pick(documentIds))
      for (let turns = random.below(6); turns > 0; turns--) await new Promise<void>(resolve => setImmediate(resolve))
      const acknowledged = writers.map(writer => writer.acknowledged)
      const image = join(base, `image-${report.images}`)
      const unsynced = await watched.copy(join(image, 'store'), random)
      if (unsynced !== undefined) {
        report.images += 1
        report.unsyncedBytes += unsynced
        const { lost, damaged } = await judge(image, acknowledged)
        report.lost += lost
        report.damaged += damaged
      }
      await rm(image, { recursive: true, force: true })
      if (random.chance(0.3)) await store.flush()
    }
    await store.flush()
    report.acknowledged = writers.reduce((sum, writer) => sum + writer.acknowledged, 0)
    return report
  } finally {
    await store.close()
    await rm(base, { recursive: true, force: true })
  }
}

async function judge(directory: string, acknowledged: readonly number[]): Promise<{ lost: number; damaged: number }> {
  const store = await openLevelStore(directory, { driver: levelDriver })
  let lost = 0
  let damaged = 0
  for (const [index, documentId] of documentIds.entries()) {
    const loaded = await store.load(documentId).catch(() => undefined)
    if (loaded === undefined || loaded.damage.length > 0) damaged += 1
    lost += Math.max(0, acknowledged[index]! - (loaded?.revision ?? 0))
  }
  await store.close()
  return { lost, damaged }
}

/** Types into one document, and knows how much of it is acknowledged. */
class Writer {
  readonly #store: LevelStore
  readonly #number: number
  readonly #ydoc = new Y.Doc()
  #seq = 0
  acknowledged = 0

  static async start(store: LevelStore, documentId: string): Promise<Writer> {
    const { number } = await store.create(documentId, { layout: 'raw', nowMs: Date.now(), updates: [] })
    return new Writer(store, number)
  }

  private constructor(store: LevelStore, number: number) {
    this.#store = store
    this.#number = number
    this.#ydoc.on('update', (update: Uint8Array) => this.#append(update))
  }

  write(rows: number, characters: number): void {
    for (let i = 0; i < rows; i++) this.#ydoc.getText('body').insert(0, 'x'.repeat(characters))
  }

  #append(update: Uint8Array): void {
    const seq = ++this.#seq
    const row = {
      seq,
      wallTimeMs: Date.now(),
      principal: 'ann',
      session: 's',
      clientSeq: seq,
      origin: 'socket',
    } as const
    const durable = (rows: readonly { seq: number }[]) => {
      this.acknowledged = rows.at(-1)!.seq
    }
    this.#store.append({ number: this.#number, row: { ...row, update }, sink: { durable } })
  }
}

/** How far each write-ahead file is known to be on disk. */
class SyncedLengths {
  readonly #store: string
  readonly #synced = new Map<string, number>()
  readonly driver: DiskDriver

  constructor(store: string) {
    this.#store = store
    const noteSynced = () => this.#note()
    this.driver = {
      ...levelDriver,
      async open(directory, options) {
        const disk = await levelDriver.open(directory, options)
        return {
          ...disk,
          batch() {
            const batch = disk.batch()
            return {
              put: (key, value) => batch.put(key, value),
              del: key => batch.del(key),
              get length() {
                return batch.length
              },
              async write(sync) {
                await batch.write(sync)
                if (sync) await noteSynced()
              },
            }
          },
        }
      },
    }
  }

  /** @returns how many bytes were not synced; undefined when LevelDB changed its files meanwhile, so that it is no image. */
  async copy(target: string, random: Random): Promise<number | undefined> {
    const before = await this.#names()
    // What was synced then is synced in the copy, whatever is written while it is made.
    const synced = new Map(this.#synced)
    await mkdir(target, { recursive: true })
    for (const name of before) {
      await copyFile(join(this.#store, name), join(target, name)).catch(() => undefined)
    }
    if ((await this.#names()).join() !== before.join()) return undefined
    let unsynced = 0
    for (const name of before.filter(name => name.endsWith('.log'))) {
      unsynced += await tear(join(target, name), synced.get(name) ?? 0, random)
    }
    return unsynced
  }

  async #names(): Promise<string[]> {
    return (await readdir(this.#store)).filter(name => /^CURRENT$|^MANIFEST|\.(log|ldb)$/.test(name)).sort()
  }

  /** No other write has begun when a synced one has just returned. */
  async #note(): Promise<void> {
    const names = (await readdir(this.#store)).filter(name => name.endsWith('.log'))
    for (const name of names) {
      const { size } = await stat(join(this.#store, name)).catch(() => ({ size: 0 }))
      this.#synced.set(name, size)
    }
  }
}

/** Leaves any sectors of what is behind `synced`, up to any length. */
async function tear(path: string, synced: number, random: Random): Promise<number> {
  const { size } = await stat(path)
  const unsynced = Math.max(0, size - synced)
  if (unsynced === 0) return 0
  const file = await open(path, 'r+')
  for (let at = synced; at < size; at = at - (at % sectorBytes) + sectorBytes) {
    const end = Math.min(size, at - (at % sectorBytes) + sectorBytes)
    if (random.chance(0.5)) await file.write(new Uint8Array(end - at), 0, end - at, at)
  }
  await file.close()
  await truncate(path, synced + random.below(unsynced + 1))
  return unsynced
}

// A disk that can be made to fail, to wait or to die, between the store and the real LevelDB.

import { type Disk, type DiskDriver, levelDriver } from '../../server/src/store/disk.ts'

/** What becomes of a write: nothing for success, an error for failure. May wait. Writes are counted from 1. */
export type Fault = (write: { index: number; sync: boolean }) => Promise<Error | undefined> | Error | undefined

export class FaultyDriver implements DiskDriver {
  readonly files = levelDriver.files
  /** Writes asked for so far, over all disks that were opened. */
  writes = 0
  opens = 0
  repairs = 0
  /** Every write reaches the disk, and then is said to have failed. */
  failAfterWriting: Error | undefined
  /** Every write is said to have succeeded, and does not happen. */
  pretend = false
  #fault: Fault = () => undefined
  #dead = false
  readonly #disks = new Set<Disk>()
  readonly #locks = new Set<() => Promise<void>>()

  /** Decides about every write from now on, and about probes as write 0. */
  set fault(fault: Fault) {
    this.#fault = fault
  }

  async open(directory: string, options: { readonly create: boolean }): Promise<Disk> {
    this.#assertAlive()
    this.opens++
    const disk = await levelDriver.open(directory, options)
    this.#disks.add(disk)
    return {
      get: key => disk.get(key),
      getMany: keys => disk.getMany(keys),
      pages: (range, pageOptions) => disk.pages(range, pageOptions),
      getSync: key => disk.getSync(key),
      merge: range => disk.merge(range),
      view: () => disk.view(),
      batch: () => {
        const batch = disk.batch()
        return {
          put: (key, value) => batch.put(key, value),
          del: key => batch.del(key),
          get length() {
            return batch.length
          },
          write: async sync => {
            this.#assertAlive()
            const failure = await this.#fault({ index: ++this.writes, sync })
            this.#assertAlive()
            if (failure !== undefined) throw failure
            if (!this.pretend) await batch.write(sync)
            this.#assertAlive()
            if (this.failAfterWriting !== undefined) throw this.failAfterWriting
          },
        }
      },
      close: async () => {
        this.#assertAlive()
        this.#disks.delete(disk)
        await disk.close()
      },
    }
  }

  async lock(directory: string): Promise<() => Promise<void>> {
    const unlock = await levelDriver.lock(directory)
    this.#locks.add(unlock)
    return async () => {
      this.#assertAlive()
      this.#locks.delete(unlock)
      await unlock()
    }
  }

  async repair(directory: string): Promise<void> {
    this.repairs++
    await levelDriver.repair(directory)
  }

  async probe(): Promise<void> {
    this.#assertAlive()
    const failure = await this.#fault({ index: 0, sync: true })
    if (failure !== undefined) throw failure
  }

  /** What a crash does: nothing more is written, and the store that used this driver never hears of anything again. */
  async die(): Promise<void> {
    this.#dead = true
    for (const disk of this.#disks) await disk.close()
    for (const unlock of this.#locks) await unlock()
  }

  #assertAlive(): void {
    if (this.#dead) throw new Error('the process is dead')
  }
}

export function ioError(code: 'ENOSPC' | 'EIO'): Error {
  const text = code === 'ENOSPC' ? 'No space left on device' : 'Input/output error'
  return Object.assign(new Error(`IO error: 000005.log: ${text}`), { code: 'LEVEL_IO_ERROR' })
}

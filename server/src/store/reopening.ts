// The disk that the store has open now. After a failed write LevelDB refuses every further one until it is opened again, so
// the store must be able to change the disk under its feet: readers wait while that happens, and are told when it fails.

import { SheafError } from '@sheaf/protocol'
import type { Disk, DiskBatch } from './disk.ts'

export class ReopeningDisk {
  readonly #open: (afterFailure: unknown) => Promise<Disk>
  #disk: Disk | undefined
  #reopening: Promise<void> | undefined

  /** @param open opens the directory; given the failure that made it necessary, undefined for the first time. */
  constructor(open: (afterFailure: unknown) => Promise<Disk>) {
    this.#open = open
  }

  async open(): Promise<Disk> {
    this.#disk = await this.#open(undefined)
    return this.#disk
  }

  /** For reading. @throws SheafError `storage-failed` while the disk cannot be opened. */
  async reader(): Promise<Disk> {
    await this.#reopening
    return this.now()
  }

  /** @throws SheafError `storage-failed` while the disk is not open. */
  now(): Disk {
    if (this.#disk === undefined) throw new SheafError('storage-failed')
    return this.#disk
  }

  batch(): DiskBatch {
    return this.now().batch()
  }

  /** Closes and opens again. Rejects when that fails; then there is no disk until it is called again. */
  async reopen(failure: unknown): Promise<void> {
    const reopened = async () => {
      const old = this.#disk
      this.#disk = undefined
      // What cannot be closed in order was not written in order either, and is not believed until it has been read again.
      await old?.close().catch(() => undefined)
      this.#disk = await this.#open(failure)
    }
    const running = reopened()
    this.#reopening = running.then(
      () => undefined,
      () => undefined,
    )
    await running
  }

  async close(): Promise<void> {
    const disk = this.#disk
    this.#disk = undefined
    await disk?.close()
  }
}

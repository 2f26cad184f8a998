// A backup becomes a data directory. It is checked before anything is touched, written beside what is there, checked again
// as a store, and only then put in its place by one rename. Every document gets a new epoch: a client that has seen what came
// after the backup keeps its copy apart, and does not bring back what was gone back behind.

import { join } from 'node:path'
import { randomId, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type BackupSummary, readBackup } from './backup.ts'
import { BlobFiles } from './blob-files.ts'
import { type DiskDriver, levelDriver } from './disk.ts'
import { isHeadKey } from './keys.ts'
import { DataDirectory } from './recovery.ts'
import { decodeHead, encodeHead } from './rows.ts'
import { type VerifyReport, verifyDocuments } from './verify.ts'

export interface RestoreOptions {
  readonly directory: string
  /** The bytes of the backup, from their beginning at each call. */
  readonly open: () => AsyncIterable<Uint8Array>
  /** What is in the directory is kept aside, in `damaged/`, and the backup takes its place. */
  readonly force: boolean
  readonly clock: Clock
  readonly log: Log
  readonly driver?: DiskDriver
}

export interface RestoreReport extends BackupSummary {
  readonly verified: VerifyReport
  /** Where the data that were there are kept, relative to the directory. */
  readonly replaced?: string
}

const batchBytes = 1024 * 1024

/**
 * @throws SheafError `damaged` for a backup that is not whole, `already-exists` for a directory with data in it,
 * `storage-failed` when the directory is in use or cannot be written. The directory is as it was then.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { directory, open, force, clock, log, driver = levelDriver } = options
  const { files } = driver
  const summary = await readBackup(open())
  const data = await DataDirectory.claim(directory, driver, clock, log)
  let isDone = false
  try {
    const hasData = await data.hasData()
    if (hasData && !force) {
      throw new SheafError(
        'already-exists',
        `${directory} holds documents already. Choose another directory, or --force.`,
      )
    }
    const fresh = join(directory, 'store.restoring')
    await files.removeDirectory(fresh)
    const blobs = new BlobFiles(join(directory, 'assets'), files)
    const verified = await fill(driver, { fresh, open, blobs })
    const replaced = await data.replaceStore(fresh)
    isDone = true
    return { ...summary, verified, ...(replaced === undefined ? {} : { replaced }) }
  } finally {
    await data.release({ clean: isDone })
  }
}

/** Uploaded files go to their place at once: beside others they do no harm, and the same bytes have the same name. */
async function fill(
  driver: DiskDriver,
  { fresh, open, blobs }: { fresh: string; open: RestoreOptions['open']; blobs: BlobFiles },
): Promise<VerifyReport> {
  const disk = await driver.open(fresh, { create: true })
  try {
    let batch = disk.batch()
    let bytes = 0
    await readBackup(open(), {
      async entries(entries) {
        for (const [key, value] of entries) {
          batch.put(key, isHeadKey(key) ? withNewEpoch(key, value) : value)
          bytes += value.length
        }
        if (bytes < batchBytes) return
        await batch.write(false)
        batch = disk.batch()
        bytes = 0
      },
      async blob(bytes) {
        await blobs.put(only(bytes), { maxBytes: bytes.byteLength })
      },
    })
    // The last write is synced, and with it all before it.
    await batch.write(true)
    return await verifyDocuments(disk, blobs)
  } finally {
    await disk.close()
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function withNewEpoch(key: Uint8Array, value: Uint8Array): Uint8Array {
  const head = decodeHead(key, value)
  return head === undefined ? value : encodeHead(key, { ...head, epoch: randomId(8) })
}

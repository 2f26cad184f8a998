// A document deleted for good: its rows, snapshots, history, authors and summary. One batch is the commit point: afterwards its name
// leads nowhere, for ever, and a mark says that what is left is to be deleted, which start-up finishes after a crash.

import { SheafError } from '@sheaf/protocol'
import type { DiskReader } from './disk.ts'
import { deleteRange, type Submit } from './folding.ts'
import {
  burntName,
  documentRanges,
  headKey,
  identityKey,
  nameKey,
  numberOfKey,
  purgeKey,
  purgeRange,
  recencyKey,
  summaryKey,
} from './keys.ts'
import { encodeNumber } from './rows.ts'

export interface PurgeJob {
  readonly number: number
  readonly documentId: string
  readonly disk: DiskReader
  readonly submit: Submit
  /** Called in the batch that is the commit point, before it is written. */
  readonly committing: () => void
}

/** @throws SheafError `precondition-failed` for a document that is not in the trash; nothing is deleted then. */
export async function purgeDocument(job: PurgeJob): Promise<void> {
  const { number, documentId, disk, submit, committing } = job
  await submit(draft => {
    const { identity, head } = draft.state(number)
    if (identity.deletedMs === undefined) {
      throw new SheafError('precondition-failed', 'Only what is in the trash can be deleted for good.')
    }
    committing()
    draft.put(nameKey(documentId), encodeNumber(nameKey(documentId), burntName))
    draft.put(purgeKey(number), encodeNumber(purgeKey(number), number))
    draft.del(recencyKey(true, head.updatedMs, number))
    for (const key of [identityKey(number), headKey(number), summaryKey(number)]) draft.del(key)
  })
  await finishPurge(disk, submit, number)
}

/** Deletes what is left. Idempotent. */
export async function finishPurge(disk: DiskReader, submit: Submit, number: number): Promise<void> {
  for (const range of documentRanges(number)) await deleteRange(disk, submit, range)
  await submit(draft => draft.del(purgeKey(number)))
}

/** The documents whose deletion was interrupted. */
export async function unfinishedPurges(disk: DiskReader): Promise<number[]> {
  const numbers: number[] = []
  for await (const page of disk.pages(purgeRange, { keysOnly: true })) {
    for (const [key] of page) numbers.push(numberOfKey(key))
  }
  return numbers
}

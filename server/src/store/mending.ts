// A write-ahead file with damage, made one that LevelDB reads to its end: sound records as they are, and in the place of a
// damaged one what can be proved of it. Pure.
//
// The order of all writes is kept: the sequence number of a damaged record is not sealed, so what is saved of it gets the one
// that follows from its neighbours.

import { isWholeBatch, plausible, renumbered, salvageBatch, sequenceAfter, sequenceOf, writeBatch } from './batches.ts'
import { type LogProblem, readLogFile, writeLogFile } from './logfile.ts'
import { isSealed } from './rows.ts'

/** One damaged place of the file. */
export interface DamagedPlace {
  readonly offset: number
  /**
   * `whole`: the record around the bytes was damaged and they are not, so nothing is lost. `lost`: something that was once
   * written whole is not there any more. `doubtful`: at the end after a crash, where it may never have been written whole.
   */
  readonly kind: 'whole' | 'lost' | 'doubtful'
  readonly bytes: Uint8Array
}

/** @returns undefined when the file is to stay as it is: sound, but for what a crash may have torn at its end. */
export function mendLogFile(
  file: Uint8Array,
  { afterCleanStop }: { readonly afterCleanStop: boolean },
): { readonly mended: Uint8Array; readonly places: readonly DamagedPlace[] } | undefined {
  const { records, problems } = readLogFile(file)
  const places = problems.map(problem => ({ problem, kind: kindOf(problem, afterCleanStop) }))
  const damaged = places.filter(({ kind }) => kind !== undefined)
  if (damaged.length === 0) return undefined
  const mended: Uint8Array[] = []
  for (let index = 0; index <= records.length; index++) {
    for (const { problem, kind } of damaged) {
      if (problem.after !== index || kind === 'doubtful') continue
      const saved = kind === 'whole' ? problem.bytes : salvage(problem.bytes)
      if (saved !== undefined) mended.push(renumbered(saved, place(saved, mended.at(-1), records[index])))
    }
    const record = records[index]
    if (record !== undefined) mended.push(record)
  }
  return {
    mended: writeLogFile(mended),
    places: damaged.map(({ problem: { offset, bytes }, kind }) => ({ offset, bytes, kind: kind! })),
  }
}

function kindOf({ kind, bytes }: LogProblem, afterCleanStop: boolean): DamagedPlace['kind'] | undefined {
  if (isWholeBatch(bytes, isSealed)) return 'whole'
  if (kind === 'middle' || afterCleanStop) return 'lost'
  // After a crash the last record may be cut off: it was never acknowledged.
  return kind === 'torn' ? undefined : 'doubtful'
}

function salvage(bytes: Uint8Array): Uint8Array | undefined {
  const entries = salvageBatch(bytes, isSealed)
  return entries.length === 0 ? undefined : writeBatch(sequenceOf(bytes), entries)
}

/** Where a batch belongs in the order of all writes: right behind the one before, or else right before the next. */
function place(batch: Uint8Array, before: Uint8Array | undefined, next: Uint8Array | undefined): bigint {
  if (before !== undefined) return sequenceAfter(before)
  // Alone in its file: its own number, which may be damaged, moved up so far that it is behind all that was written before.
  if (next === undefined) return plausible(sequenceOf(batch)) + 2n ** 40n
  const count = sequenceAfter(batch) - sequenceOf(batch)
  return sequenceOf(next) > count ? sequenceOf(next) - count : 1n
}

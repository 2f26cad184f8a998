// The replica of a document in memory: a Y.Doc that holds exactly what the log holds. Yjs by itself would break that:
// after a remote format change it tidies format marks away in a transaction of its own, which would be in nobody's log, and
// different again after the next load. So tidying is left to the editors, whose deletions come in as updates.

import { SheafError } from '@sheaf/protocol'
import * as Y from 'yjs'
import { updateOf } from '../store/snapshot.ts'
import type { Damage, LoadedDocument } from '../store/store.ts'

/** An empty replica. Collects garbage; never tidies formats; makes no change of its own. */
export function newReplica(): Y.Doc {
  // Yjs would draw a random `guid` for each, which costs more than a small document; nobody reads it.
  const ydoc = new Y.Doc({ gc: true, guid: '' })
  ydoc.on('afterTransaction', (transaction: Y.Transaction) => {
    transaction._needFormattingCleanup = false
  })
  return ydoc
}

/**
 * Applies updates in one transaction.
 * @returns what they added, as one Yjs v1 update; null when they added nothing.
 */
export function applyUpdates(ydoc: Y.Doc, updates: readonly Uint8Array[]): Uint8Array | null {
  let added: Uint8Array | null = null
  const take = (update: Uint8Array) => {
    added = update
  }
  ydoc.on('update', take)
  try {
    ydoc.transact(() => {
      for (const update of updates) Y.applyUpdate(ydoc, update)
    })
  } finally {
    ydoc.off('update', take)
  }
  return added
}

/** True when a part of some update waits for one that has not come. Never so in a sound document. */
export function hasPending(ydoc: Y.Doc): boolean {
  return ydoc.store.pendingStructs !== null || ydoc.store.pendingDs !== null
}

/**
 * Builds the replica of what the store has read. Rows that do not apply, and all behind them, are left out and reported:
 * the caller opens the last good state read-only.
 * @throws SheafError `damaged` when there is no good state at all. Never an empty document instead.
 */
export function buildReplica(loaded: LoadedDocument): { ydoc: Y.Doc; revision: number; damage: readonly Damage[] } {
  const updates = loaded.rows.map(row => row.update)
  const snapshot = snapshotUpdates(loaded)
  const whole = tryBuild([...snapshot, ...updates])
  if (whole !== undefined) return { ydoc: whole, revision: loaded.snapshotSeq + updates.length, damage: loaded.damage }
  // Rare, so it may cost: find the longest run of rows that applies.
  let ydoc = tryBuild(snapshot)
  if (ydoc === undefined) throw new SheafError('damaged', 'The snapshot of the document is whole, and does not apply.')
  let good = 0
  let bad = updates.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    const attempt = tryBuild([...snapshot, ...updates.slice(0, middle)])
    if (attempt === undefined) bad = middle
    else {
      good = middle
      ydoc = attempt
    }
  }
  const revision = loaded.snapshotSeq + good
  const damage: Damage = {
    what: 'row',
    fromSeq: revision + 1,
    toSeq: loaded.snapshotSeq + updates.length,
    detail: 'The bytes are whole, and do not apply.',
  }
  return { ydoc, revision, damage: [...loaded.damage, damage] }
}

function snapshotUpdates({ snapshot }: LoadedDocument): Uint8Array[] {
  try {
    return snapshot === null ? [] : [updateOf(snapshot)]
  } catch (cause) {
    throw new SheafError('damaged', 'The snapshot of the document is whole, and cannot be inflated.', { cause })
  }
}

function tryBuild(updates: readonly Uint8Array[]): Y.Doc | undefined {
  const ydoc = newReplica()
  try {
    ydoc.transact(() => {
      for (const update of updates) Y.applyUpdate(ydoc, update)
    })
    if (!hasPending(ydoc)) return ydoc
  } catch {
    // Nothing is lost: the bytes stay in the store, and the caller reports the damage.
  }
  ydoc.destroy()
  return undefined
}

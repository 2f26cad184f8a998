// Takes note of what comes from others while nobody looks, as runs of clocks: what that is now, and where, is asked when somebody is back.

import type { MissedRuns, Run } from '@sheaf/model'
import type * as Y from 'yjs'

export interface Missed {
  /** Begins anew. */
  begin(): void
  /** What came since then, and the end of taking note; null for nothing. */
  take(): MissedRuns | null
  destroy(): void
}

/** Takes note from the beginning: what the device kept is shown before the server has brought the rest. */
export function noteMissed(ydoc: Y.Doc): Missed {
  let inserted: Map<number, Run[]> | null = new Map()
  let deleted = new Map<number, Run[]>()
  const note = (tr: Y.Transaction): void => {
    if (inserted === null || tr.local) return
    for (const [client, end] of tr.afterState) {
      const clock = tr.beforeState.get(client) ?? 0
      if (end > clock) add(inserted, client, { clock, len: end - clock })
    }
    for (const [client, runs] of tr.deleteSet.clients) for (const run of runs) add(deleted, client, run)
  }
  ydoc.on('afterTransaction', note)
  const begin = (): void => {
    inserted = new Map()
    deleted = new Map()
  }
  return {
    begin,
    take: () => {
      const taken = inserted === null || inserted.size + deleted.size === 0 ? null : { inserted, deleted }
      inserted = null
      return taken
    },
    destroy: () => ydoc.off('afterTransaction', note),
  }
}

function add(runs: Map<number, Run[]>, client: number, { clock, len }: Run): void {
  const known = runs.get(client) ?? []
  const last = known.at(-1)
  // Somebody's keys, one after the other, are one run.
  if (last !== undefined && last.clock + last.len === clock)
    known[known.length - 1] = { clock: last.clock, len: last.len + len }
  else known.push({ clock, len })
  runs.set(client, known)
}

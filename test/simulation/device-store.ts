// What a device keeps, in simulated time: an OfflineStore whose transactions take a while, happen whole or not at all, and end
// for good when their tab crashes. What they had completed stays for the next tab. The real one, on IndexedDB, has tests of
// its own; this one keeps its contract (packages/client/src/offline.ts).

import type {
  CopyAside,
  KeptBatch,
  KeptCopy,
  KeptDocument,
  KeptMeta,
  KeptRow,
  OfflineStore,
  Orphans,
} from '@sheaf/client'
import { mergeUpdates } from 'yjs'

interface StoredRow extends KeptRow {
  readonly id: number
  readonly session: Session
}

/** One opened copy. Rows above `acknowledged` are unsent. */
interface Session {
  acknowledged: number
  /** `ended`: what is unsent is an orphan now. */
  state: 'alive' | 'ended'
}

export class DeviceStore implements OfflineStore {
  readonly #wait: () => Promise<void>
  #rows: StoredRow[] = []
  #meta: KeptMeta = {}
  #lastId = 0
  #session: Session | undefined

  /** @param wait what one transaction takes. */
  constructor(wait: () => Promise<void>) {
    this.#wait = wait
  }

  /** The tab is gone between two instructions. */
  crash(): void {
    if (this.#session !== undefined) this.#session.state = 'ended'
  }

  async open(): Promise<KeptCopy> {
    const session: Session = { acknowledged: 0, state: 'alive' }
    this.#session = session
    let loadedId = 0
    let orphansTaken = false
    return {
      read: async () => {
        await this.#transaction(session)
        loadedId = this.#lastId
        const rows = [...this.#rows].sort((a, b) => Number(isOwn(a)) - Number(isOwn(b)) || a.id - b.id)
        return { meta: this.#meta, updates: rows.map(row => row.update) }
      },
      write: async (batch: KeptBatch) => {
        await this.#transaction(session)
        for (const row of batch.rows) this.#rows.push({ ...row, id: ++this.#lastId, session })
        this.#rows = this.#rows.filter(row => !batch.replaces?.includes(row.id))
        session.acknowledged = Math.max(session.acknowledged, batch.acknowledged ?? 0)
        this.#meta = { ...this.#meta, ...batch.meta }
      },
      orphans: async () => {
        await this.#transaction(session)
        if (orphansTaken) return undefined
        orphansTaken = true
        return orphansOf(this.#rows.filter(row => row.session.state === 'ended' && isUnsent(row)))
      },
      compact: async (state, unsent) => {
        await this.#transaction(session)
        const others = this.#rows.filter(row => row.session !== session && isUnsent(row))
        const own = unsent ?? merged(this.#rows.filter(row => row.session === session && isUnsent(row)))
        const strange = this.#rows.filter(row => row.session !== session && row.id > loadedId && !others.includes(row))
        const update = mergeUpdates([state(), ...strange.map(row => row.update)])
        const rows: KeptRow[] = [{ seq: null, changes: 0, update }, ...(own === undefined ? [] : [own])]
        this.#rows = [...others, ...rows.map(row => ({ ...row, id: ++this.#lastId, session }))]
      },
      close: async () => {
        session.state = 'ended'
      },
    }
  }

  list = async (): Promise<KeptDocument[]> => []
  setAside = async (): Promise<void> => undefined
  listAside = async (): Promise<CopyAside[]> => []
  discardAside = async (): Promise<void> => undefined
  persist = async (): Promise<boolean> => true

  /** A transaction of a tab that crashes meanwhile never happens. */
  async #transaction(session: Session): Promise<void> {
    await this.#wait()
    if (session.state === 'ended') await new Promise<never>(() => undefined)
  }
}

function isOwn(row: StoredRow): boolean {
  return row.seq !== null
}

function isUnsent(row: StoredRow): boolean {
  return row.seq !== null && row.seq > row.session.acknowledged
}

function merged(rows: readonly StoredRow[]): KeptRow | undefined {
  if (rows.length === 0) return undefined
  return {
    seq: Math.max(...rows.map(row => row.seq!)),
    changes: rows.reduce((sum, row) => sum + row.changes, 0),
    update: mergeUpdates(rows.map(row => row.update)),
  }
}

function orphansOf(rows: readonly StoredRow[]): Orphans | undefined {
  const whole = merged(rows)
  return whole && { ids: rows.map(row => row.id), changes: whole.changes, update: whole.update }
}

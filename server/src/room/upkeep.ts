// What an open document needs besides its edits: a fresh summary for lists, and compaction. Both are derived from what is
// durable, so a failure costs nothing but a line in the log, and is tried again.

import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { DocumentRecord, DocumentStore } from '../store/store.ts'
import type { Summarize } from './ports.ts'
import type { Room } from './room.ts'

export interface UpkeepOptions {
  readonly room: Room
  readonly record: DocumentRecord
  readonly store: DocumentStore
  readonly clock: Clock
  readonly log: Log
  readonly summarize: Summarize | undefined
  readonly onSummary: ((documentId: string) => void) | undefined
}

/** A summary is written when nothing was edited for so long, and while edits go on, at least so often. */
const summaryQuietMs = 3_000
const summaryMaxMs = 30_000

/** Without edits for so long, the store may compact a log that is not worth it yet. */
const idleMs = 60_000

/** After a failure nothing is tried for so long. */
const retryMs = 30_000

export class Upkeep {
  readonly #options: UpkeepOptions
  #seenRevision: number
  #changedMs: number
  #summaryRevision: number
  #summaryMs: number
  #notBeforeMs = Number.NEGATIVE_INFINITY
  #running: Promise<void> | undefined

  constructor(options: UpkeepOptions) {
    const nowMs = options.clock.monotonicMs()
    this.#options = options
    this.#seenRevision = options.room.revision
    this.#changedMs = nowMs
    this.#summaryRevision = options.record.summary.revision
    this.#summaryMs = nowMs
  }

  /** Starts what is due; called from time to time. */
  look(): void {
    const { room, store, clock } = this.#options
    const nowMs = clock.monotonicMs()
    if (room.revision !== this.#seenRevision) {
      this.#seenRevision = room.revision
      this.#changedMs = nowMs
    }
    if (this.#running !== undefined || nowMs < this.#notBeforeMs || store.state.state !== 'ok') return
    const quietMs = nowMs - this.#changedMs
    const summaryDue = quietMs >= summaryQuietMs || nowMs - this.#summaryMs >= summaryMaxMs
    this.#start(summaryDue, quietMs >= idleMs)
  }

  /** Does what is left to do before the document is unloaded. Never rejects. */
  async finish(): Promise<void> {
    await this.#running
    if (this.#options.store.state.state !== 'ok') return
    this.#start(true, true)
    await this.#running
  }

  #start(summaryDue: boolean, isIdle: boolean): void {
    const { room, record, store } = this.#options
    if (room.damage.length > 0) return
    const writesSummary = summaryDue && this.#summaryRevision !== room.revision
    const compacts = store.isCompactionDue(record.number, isIdle)
    if (!writesSummary && !compacts) return
    this.#running = this.#run(writesSummary, compacts).finally(() => {
      this.#running = undefined
    })
  }

  async #run(writesSummary: boolean, compacts: boolean): Promise<void> {
    const { record, store, clock, log } = this.#options
    try {
      if (writesSummary) await this.#writeSummary()
      if (compacts) await store.compact(record.documentId)
    } catch (cause) {
      this.#notBeforeMs = clock.monotonicMs() + retryMs
      log.warn('The upkeep of a document failed; it is tried again', { documentId: record.documentId, cause })
    }
  }

  async #writeSummary(): Promise<void> {
    const { room, store, clock, summarize } = this.#options
    const { revision } = room
    const summary =
      room.layout === 'sheaf' && summarize !== undefined
        ? summarize(room.ydoc)
        : { title: room.layout === 'raw' ? room.documentId : '', snippet: '' }
    await store.putSummary(room.documentId, { title: summary.title, snippet: summary.snippet, revision })
    this.#options.onSummary?.(room.documentId)
    this.#summaryRevision = revision
    this.#summaryMs = clock.monotonicMs()
  }
}

// A registry over a memory store and a clock that stands still: everything of the server but HTTP, sockets and disk.

import { defaultLimits, type Limits, newDocumentId } from '@sheaf/protocol'
import * as Y from 'yjs'
import { type Log, silentLog } from '../../server/src/log.ts'
import type { MetricLabels, Metrics } from '../../server/src/metrics.ts'
import { type Cutter, inlineCutter } from '../../server/src/room/gate-cutter.ts'
import { Registry } from '../../server/src/room/registry.ts'
import { newReplica } from '../../server/src/room/replica.ts'
import { MemoryStore } from '../../server/src/store/memory.ts'
import { updateOf } from '../../server/src/store/snapshot.ts'
import type { DocumentStore } from '../../server/src/store/store.ts'
import { ManualClock } from './clock.ts'
import { RoomClient, type RoomClientOptions, settle } from './room-client.ts'

export interface RoomsOptions {
  readonly limits?: Partial<Limits>
  readonly openMode?: boolean
  readonly log?: Log
  readonly cutter?: Cutter
}

export class Rooms<S extends DocumentStore = MemoryStore> {
  readonly clock = new ManualClock()
  readonly counts = new Counts()
  readonly store: S
  registry: Registry
  readonly #options: RoomsOptions

  constructor(store: S, options: RoomsOptions = {}) {
    this.store = store
    this.#options = options
    this.registry = this.#newRegistry()
  }

  /** A client that is connected and has everything. */
  async join(documentId: string, options?: RoomClientOptions): Promise<RoomClient> {
    const client = new RoomClient(options)
    await client.connect(this.registry, documentId)
    await settle()
    return client
  }

  /** A document with a text in root `body`. */
  async document(text = ''): Promise<string> {
    const documentId = newDocumentId()
    const ydoc = new Y.Doc()
    ydoc.clientID = 1
    ydoc.getText('body').insert(0, text)
    await this.store.create(documentId, {
      layout: 'raw',
      nowMs: this.clock.nowMs(),
      updates: text === '' ? [] : [Y.encodeStateAsUpdate(ydoc)],
    })
    return documentId
  }

  /** The document as the log holds it. */
  async log(documentId: string): Promise<Y.Doc> {
    return readLog(this.store, documentId)
  }

  async logText(documentId: string): Promise<string> {
    return (await this.log(documentId)).getText('body').toString()
  }

  /** Ends the registry and starts another one on the same store, as a restart does. */
  async restart(): Promise<void> {
    await this.registry.drain()
    this.registry = this.#newRegistry()
  }

  /** Time passes, when what is under way has come through. */
  async tick(ms: number): Promise<void> {
    await settle()
    this.clock.advance(ms)
    await settle()
  }

  #newRegistry(): Registry {
    const { limits, openMode = false, log = silentLog, cutter = inlineCutter } = this.#options
    return new Registry({
      store: this.store,
      clock: this.clock,
      limits: { ...defaultLimits, ...limits },
      log,
      metrics: this.counts,
      makesUnknown: () => openMode,
      cutter,
    })
  }
}

/** A document read from its store, without a room. */
export async function readLog(store: DocumentStore, documentId: string): Promise<Y.Doc> {
  const { snapshot, rows, damage } = await store.load(documentId)
  if (damage.length > 0) throw new Error(`The log is damaged: ${damage[0]!.detail}`)
  const log = newReplica()
  if (snapshot !== null) Y.applyUpdate(log, updateOf(snapshot))
  for (const row of rows) Y.applyUpdate(log, row.update)
  return log
}

/** Metrics that a test can read. */
export class Counts implements Metrics {
  readonly #values = new Map<string, number>()

  count(name: string, amount = 1, labels: MetricLabels = {}): void {
    const key = keyOf(name, labels)
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount)
  }

  gauge(name: string, value: number, labels: MetricLabels = {}): void {
    this.#values.set(keyOf(name, labels), value)
  }

  observe(name: string, _value: number, labels: MetricLabels = {}): void {
    this.count(name, 1, labels)
  }

  /** A counter's sum, a gauge's value, a histogram's number of observations. */
  of(name: string, labels: MetricLabels = {}): number {
    return this.#values.get(keyOf(name, labels)) ?? 0
  }
}

export function startRooms(options: RoomsOptions = {}): Rooms {
  return new Rooms(new MemoryStore(), options)
}

function keyOf(name: string, labels: MetricLabels): string {
  return `${name}${JSON.stringify(labels)}`
}

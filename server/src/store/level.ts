// The store on LevelDB (docs/storage.md). It puts the parts together: one committer for all writes that must be durable,
// consistent views for all reads, compaction, and what start-up found.

import { join } from 'node:path'
import { randomId, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { readClaims } from './authors.ts'
import { type BackupSummary, writeBackup } from './backup.ts'
import { BlobFiles } from './blob-files.ts'
import { findNumber, findRecord, findRecords, listRecords, recordOf } from './catalogue.ts'
import { Committer, type Draft, writeProbe } from './committer.ts'
import { compactionDue } from './compaction.ts'
import { type DiskDriver, type DiskReader, levelDriver, type PageOptions } from './disk.ts'
import { OpenDocuments } from './documents.ts'
import { compactDocument, sweep } from './folding.ts'
import { documentRanges, type KeyRange, metaKey, nameKey, summaryKey } from './keys.ts'
import { Leftovers } from './leftovers.ts'
import { listQuery } from './list.ts'
import { type DocumentState, logPages, readDocument, readState } from './loading.ts'
import { finishPurge, purgeDocument, unfinishedPurges } from './purging.ts'
import { openRecords, recordWrite } from './record-keeping.ts'
import type { Records } from './records.ts'
import { DataDirectory } from './recovery.ts'
import { ReopeningDisk } from './reopening.ts'
import { type Repaired, repairDocument } from './repair.ts'
import { encodeNumber, encodeSummary, newHead } from './rows.ts'
import { type Finding, startUp } from './startup.ts'
import type {
  Compactor,
  CreateOptions,
  Damage,
  DocumentRecord,
  DocumentStore,
  ListOptions,
  ListPage,
  LoadedDocument,
  PendingRow,
  StoreState,
  Summary,
  UpdateRow,
} from './store.ts'
import { type VerifyReport, verifyDocument, verifyDocuments } from './verify.ts'

export interface LevelStoreOptions {
  /** Belongs to the store alone; made when it is not there. */
  readonly directory: string
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** The store's from now on: closed with it. */
  readonly compactor: Compactor
  /** `os`: acknowledged when the operating system has it, which a power loss may take back. Default `fsync`. */
  readonly durability?: 'fsync' | 'os'
  /** Bytes of rows that may wait for the disk. Default 64 MiB. */
  readonly ringBytes?: number
  /** Another engine below, for faults and simulation. */
  readonly driver?: DiskDriver
}

export class LevelStore implements DocumentStore {
  readonly durability: 'fsync' | 'os'
  readonly records: Records
  readonly blobs: BlobFiles
  readonly #options: LevelStoreOptions
  readonly #directory: DataDirectory
  readonly #disk: ReopeningDisk
  readonly #documents = new OpenDocuments()
  readonly #committer: Committer
  readonly #findings: Finding[] = []
  /** Creations under way, by document id: the second waits to hear what became of the first. */
  readonly #creating = new Map<string, Promise<unknown>>()
  readonly #compacting = new Map<string, Promise<void>>()
  /** Deleted for good in this process: no change that was on its way brings them back. */
  readonly #purged = new Set<number>()
  readonly #leftovers = new Leftovers()
  #lastNumber = 0
  #closing: Promise<void> | undefined

  /**
   * @throws SheafError `storage-failed` when the directory is in use, is not a store, or holds data of a newer version;
   * the sentence says what to do.
   */
  static async open(options: LevelStoreOptions): Promise<LevelStore> {
    const driver = options.driver ?? levelDriver
    const directory = await DataDirectory.claim(options.directory, driver, options.clock, options.log)
    const store = new LevelStore(options, directory)
    try {
      await store.#start()
    } catch (error) {
      await store.#disk.close().catch(() => undefined)
      await directory.release({ clean: false })
      throw error
    }
    return store
  }

  private constructor(options: LevelStoreOptions, directory: DataDirectory) {
    this.#options = options
    this.#directory = directory
    this.durability = options.durability ?? 'fsync'
    this.blobs = new BlobFiles(join(directory.path, 'assets'), (options.driver ?? levelDriver).files)
    this.#disk = new ReopeningDisk(async failure => {
      const { disk, findings } = await directory.open(failure)
      for (const damage of findings) this.#found({ damage })
      return disk
    })
    this.#committer = new Committer({
      disk: this.#disk,
      documents: this.#documents,
      clock: options.clock,
      log: options.log,
      metrics: options.metrics,
      ringBytes: options.ringBytes ?? 64 * 1024 * 1024,
      sync: this.durability === 'fsync',
      probe: bytes => directory.probe(bytes),
      lost: ({ documentId, revision, expected }) => {
        const detail = `Rows ${revision + 1} to ${expected} were acknowledged, and are not there after the disk failed.`
        this.#found({ documentId, damage: { what: 'gap', fromSeq: revision + 1, toSeq: expected, detail } })
      },
    })
    this.records = openRecords({
      get: key => this.#reading(disk => disk.get(key)),
      pages: (range, options) => this.#pages(range, options),
      commit: async writes => {
        this.#assertOpen()
        await this.#committer.submit(draft => {
          for (const { key, value } of writes.values()) value === null ? draft.del(key) : draft.put(key, value)
        })
      },
      damaged: (collection, key) => {
        const detail = `A record fails its checksum: ${collection} ${key}.`
        this.#found({ damage: { what: 'record', detail } })
      },
    })
  }

  async #start(): Promise<void> {
    const { path } = this.#directory
    await this.blobs.sweep()
    const disk = await this.#disk.open()
    const started = await startUp(disk, path, this.#directory).catch(async error => {
      if (error instanceof SheafError) throw error
      // A table that every start must read is damaged: mended once, it either reads or the start fails.
      await this.#disk.reopen(error)
      return startUp(this.#disk.now(), path, this.#directory)
    })
    this.#lastNumber = started.lastNumber
    for (const finding of started.findings) this.#found(finding)
    for (const number of await unfinishedPurges(this.#disk.now())) {
      await finishPurge(this.#disk.now(), write => this.#committer.submit(write), number).catch(error =>
        this.#options.log.warn('what is left of a deleted document is still there', { number, error }),
      )
    }
    for (const { number, head } of started.unswept) {
      // What cannot be swept now is swept at the next start.
      await sweep(this.#disk.now(), write => this.#committer.submit(write), number, head).catch(error =>
        this.#options.log.warn('what a compaction left behind is still there', { number, error }),
      )
    }
  }

  async create(documentId: string, options: CreateOptions): Promise<DocumentRecord> {
    this.#assertOpen()
    const before = this.#creating.get(documentId)
    const creating = (async () => {
      await before?.catch(() => undefined)
      return this.#create(documentId, options)
    })()
    this.#creating.set(documentId, creating)
    try {
      return await creating
    } finally {
      if (this.#creating.get(documentId) === creating) this.#creating.delete(documentId)
    }
  }

  async #create(documentId: string, options: CreateOptions): Promise<DocumentRecord> {
    const disk = await this.#disk.reader()
    if ((await disk.get(nameKey(documentId))) !== undefined) throw new SheafError('already-exists')
    const { layout, nowMs, updates, claims = [], records = [] } = options
    const number = ++this.#lastNumber
    const state: DocumentState = {
      identity: { documentId, layout, createdMs: nowMs },
      head: { ...newHead, epoch: randomId(8), updatedMs: nowMs },
    }
    const summary = { title: '', snippet: '', ...options.summary, revision: updates.length }
    await this.#committer.submit(draft => {
      draft.put(metaKey('last-number'), encodeNumber(metaKey('last-number'), this.#lastNumber))
      draft.put(nameKey(documentId), encodeNumber(nameKey(documentId), number))
      draft.put(summaryKey(number), encodeSummary(summaryKey(number), summary))
      draft.setState(number, state)
      for (const [index, update] of updates.entries()) draft.row(number, createdRow(index + 1, nowMs, update))
      draft.claims(number, claims)
      for (const record of records) {
        const { key, value } = recordWrite(record)
        draft.put(key, value)
      }
    })
    const created = { ...state.head, revision: updates.length }
    return recordOf(number, { ...state, head: created }, summary)
  }

  async find(documentId: string): Promise<DocumentRecord | undefined> {
    return this.#viewing(view => findRecord(view, documentId))
  }

  async findMany(documentIds: readonly string[]): Promise<DocumentRecord[]> {
    return this.#viewing(view => findRecords(view, documentIds))
  }

  async list(options?: ListOptions): Promise<ListPage> {
    const query = listQuery(options)
    return this.#viewing(view => listRecords(view, query))
  }

  async load(documentId: string): Promise<LoadedDocument> {
    return this.#viewing(async view => {
      const number = await this.#numberOf(view, documentId)
      // Both at once: each wait for a thread of the disk costs more than what it reads.
      const [reading, claiming] = await Promise.allSettled([
        readDocument(view, number, documentId),
        readClaims(view, number),
      ])
      if (reading.status === 'rejected') {
        const error: unknown = reading.reason
        if (error instanceof SheafError) this.#found({ documentId, damage: { what: 'head', detail: error.message } })
        throw error
      }
      if (claiming.status === 'rejected') throw claiming.reason
      const read = reading.value
      const { identity, head, revision, snapshot, snapshotSeq, damage } = read
      if (damage.length === 0) this.#documents.put(number, { identity, head })
      for (const found of [...damage, ...read.overcome]) this.#found({ documentId, damage: found })
      const { claims, damage: lostClaims } = claiming.value
      for (const found of lostClaims) this.#found({ documentId, damage: found })
      return {
        record: { ...recordOf(number, read, read.summary), revision },
        epoch: head.epoch,
        revision,
        snapshot,
        snapshotSeq,
        rows: read.rows.map(({ row }) => row),
        claims,
        damage,
      }
    })
  }

  async *readRows(number: number, fromSeq: number, toSeq: number): AsyncGenerator<UpdateRow> {
    this.#assertOpen()
    const view = (await this.#disk.reader()).view()
    try {
      // In the same turn as the view, so that the head is no newer than what the view shows.
      const known = this.#documents.get(number)?.state
      const { head } = known ?? (await readState(view, number, ''))
      const last = Math.min(toSeq, head.revision)
      for await (const page of logPages(view, number, head.floor, Math.max(head.historyStart, fromSeq), last)) {
        if ('detail' in page) throw new SheafError('damaged', page.detail)
        for (const { row } of page) yield row
      }
    } catch (error) {
      throw asStorageFailure(error)
    } finally {
      await view.close()
    }
  }

  hasRoom(bytes: number): boolean {
    return this.#committer.hasRoom(bytes)
  }

  append(pending: PendingRow): void {
    this.#committer.append(pending)
  }

  flush(): Promise<void> {
    return this.#committer.flush()
  }

  async putSummary(documentId: string, summary: Summary): Promise<void> {
    this.#assertOpen()
    const disk = await this.#disk.reader()
    const number = await this.#numberOf(disk, documentId)
    const key = summaryKey(number)
    await this.#committer.submit(draft => {
      if (!this.#purged.has(number)) draft.put(key, encodeSummary(key, summary))
    })
  }

  async setDeleted(documentId: string, deletedMs: number | undefined): Promise<DocumentRecord> {
    this.#assertOpen()
    const disk = await this.#disk.reader()
    const number = await this.#numberOf(disk, documentId)
    await this.#viewing(view => this.#holdSound(view, number, documentId))
    await this.#committer.submit(draft => {
      if (this.#purged.has(number)) throw new SheafError('not-found')
      const { identity, head } = draft.state(number)
      const { deletedMs: _, ...alive } = identity
      draft.setState(number, { head, identity: deletedMs === undefined ? alive : { ...alive, deletedMs } })
    })
    const record = await this.find(documentId)
    if (record === undefined) throw new SheafError('not-found')
    return record
  }

  async purge(documentId: string): Promise<void> {
    this.#assertOpen()
    await this.#compacting.get(documentId)?.catch(() => undefined)
    const disk = await this.#disk.reader()
    const number = await this.#numberOf(disk, documentId)
    await this.#viewing(view => this.#holdSound(view, number, documentId))
    try {
      await purgeDocument({
        number,
        documentId,
        disk,
        submit: write => this.#committer.submit(write),
        committing: () => this.#purged.add(number),
      })
    } catch (error) {
      // It may be there still: then it can be taken back, and asked for again.
      if ((await findNumber(disk, documentId).catch(() => undefined)) !== undefined) this.#purged.delete(number)
      throw error
    } finally {
      this.#documents.drop(number)
    }
  }

  isCompactionDue(number: number, idle: boolean): boolean {
    const head = this.#documents.get(number)?.state.head
    if (head === undefined) return false
    const { revision, snapshotSeq, logBytes, snapshotBytes } = head
    return compactionDue({ rows: revision - snapshotSeq, bytes: logBytes, snapshotBytes }, idle)
  }

  compact(documentId: string): Promise<void> {
    const running = this.#compacting.get(documentId)
    if (running !== undefined) return running
    const compacting = this.#compact(documentId).finally(() => this.#compacting.delete(documentId))
    this.#compacting.set(documentId, compacting)
    return compacting
  }

  async #compact(documentId: string): Promise<void> {
    this.#assertOpen()
    const { clock, metrics, compactor, log } = this.#options
    const startedMs = clock.monotonicMs()
    const number = await this.#viewing(view => this.#numberOf(view, documentId))
    try {
      const folded = await compactDocument({
        number,
        documentId,
        disk: this.#disk,
        compactor,
        submit: write => this.#committer.submit(write),
      })
      if (folded === undefined) return
      this.#leftovers.add(number, folded.rows, folded.bytes)
      metrics.count('sheaf_compactions_total', 1, { result: 'done' })
      metrics.observe('sheaf_compaction_seconds', (clock.monotonicMs() - startedMs) / 1_000)
    } catch (error) {
      metrics.count('sheaf_compactions_total', 1, { result: 'failed' })
      log.warn('a compaction failed; the document is as it was', { documentId, error })
      throw error
    }
  }

  /** Reads everything there is of every document. What it finds is in the report too. */
  async verify(): Promise<VerifyReport> {
    const verified = await this.#viewing(view => verifyDocuments(view, this.blobs))
    for (const finding of verified.findings) this.#found(finding)
    return verified
  }

  /** Everything as it is on disk at the moment of the first read, whatever is written meanwhile; see backup.ts. */
  async *backup(): AsyncGenerator<Uint8Array, BackupSummary> {
    this.#assertOpen()
    const view = (await this.#disk.reader()).view()
    try {
      return yield* writeBackup(view, this.#options.clock.nowMs(), { blobs: this.blobs })
    } catch (error) {
      throw asStorageFailure(error)
    } finally {
      await view.close()
    }
  }

  /**
   * Makes the last good state of a damaged document the document, in a new epoch; a sound one stays as it is. Nobody may
   * have it open.
   * @returns what was done, and where everything that there was is kept, relative to the data directory; undefined when
   * there was nothing to repair.
   * @throws SheafError `not-found`; `damaged` when there is no good state.
   */
  async repair(documentId: string): Promise<(Repaired & { readonly exported: string }) | undefined> {
    const { compactor, clock } = this.#options
    return this.#viewing(async view => {
      const number = await this.#numberOf(view, documentId)
      if ((await verifyDocument(view, number)).length === 0) return undefined
      const name: KeyRange = { gte: nameKey(documentId), lt: nameKey(`${documentId}\0`) }
      const parts: Uint8Array[] = []
      for await (const part of writeBackup(view, clock.nowMs(), { ranges: [name, ...documentRanges(number)] }))
        parts.push(part)
      const exported = await this.#directory.keepAside(`${documentId}.sheafbackup`, Buffer.concat(parts))
      this.#documents.drop(number)
      const submit = (write: (draft: Draft) => void) => this.#committer.submit(write)
      const repaired = await repairDocument({ number, documentId, disk: view, compactor, submit })
      return { ...repaired, exported }
    })
  }

  get state(): StoreState {
    return this.#committer.state
  }

  onState(listener: (state: StoreState) => void): () => void {
    return this.#committer.onState(listener)
  }

  get report(): readonly { readonly documentId?: string; readonly damage: Damage }[] {
    return this.#findings
  }

  async probe(): Promise<void> {
    await this.#committer.submit(writeProbe)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.#options.compactor.close()
    // A compaction that was under way fails with its compactor, and says so itself.
    await Promise.allSettled([...this.#compacting.values(), ...this.#creating.values()])
    const lost = await this.#committer.close()
    if (lost === 0 && !this.#committer.hasFailed) await this.#clearLeftovers()
    let failure: unknown
    try {
      await this.#disk.close()
    } catch (error) {
      failure = error
    }
    await this.#directory.release({ clean: lost === 0 && failure === undefined && !this.#committer.hasFailed })
    if (lost > 0) throw new SheafError('storage-failed', `${lost} rows were not durable when the store was closed.`)
    if (failure !== undefined) throw new SheafError('storage-failed', undefined, { cause: failure })
  }

  async #clearLeftovers(): Promise<void> {
    try {
      await this.#leftovers.clear(this.#disk.now())
    } catch (error) {
      // Nothing is lost: they take up room until LevelDB merges them.
      this.#options.log.warn('what compactions left behind is still there', { error })
    }
  }

  async #reading<T>(read: (disk: DiskReader) => Promise<T>): Promise<T> {
    this.#assertOpen()
    try {
      return await read(await this.#disk.reader())
    } catch (error) {
      throw asStorageFailure(error)
    }
  }

  async *#pages(range: KeyRange, options: PageOptions): ReturnType<DiskReader['pages']> {
    this.#assertOpen()
    const view = (await this.#disk.reader()).view()
    try {
      yield* view.pages(range, options)
    } catch (error) {
      throw asStorageFailure(error)
    } finally {
      await view.close()
    }
  }

  /** Reads the disk as it is at one moment, whatever is written meanwhile. */
  async #viewing<T>(read: (view: DiskReader) => Promise<T>): Promise<T> {
    this.#assertOpen()
    const view = (await this.#disk.reader()).view()
    try {
      return await read(view)
    } catch (error) {
      const isCorrupt = error instanceof Error && (error as NodeJS.ErrnoException).code === 'LEVEL_CORRUPTION'
      if (isCorrupt) this.#found({ damage: { what: 'log-file', detail: `A table cannot be read: ${error.message}` } })
      throw asStorageFailure(error)
    } finally {
      await view.close()
    }
  }

  /** Takes the document in hand for a change of its small rows. @throws SheafError `damaged` when they are not sound. */
  async #holdSound(view: DiskReader, number: number, documentId: string): Promise<void> {
    if (this.#documents.get(number) !== undefined) return
    const { identity, head, damage } = await readState(view, number, documentId)
    const broken = damage.find(({ what }) => what === 'head')
    if (broken !== undefined) throw new SheafError('damaged', broken.detail)
    this.#documents.put(number, { identity, head })
  }

  async #numberOf(disk: DiskReader, documentId: string): Promise<number> {
    const number = await findNumber(disk, documentId)
    if (number === undefined) throw new SheafError('not-found')
    return number
  }

  #found(finding: Finding): void {
    const same = (known: Finding) =>
      known.documentId === finding.documentId && known.damage.detail === finding.damage.detail
    if (this.#findings.some(same)) return
    this.#findings.push(finding)
    this.#options.metrics.count('sheaf_store_damage_total', 1, { what: finding.damage.what })
    this.#options.log.error('the store is damaged', { documentId: finding.documentId, ...finding.damage })
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new SheafError('going-away', 'The store is closed.')
  }
}

/** The engine's own errors (it was closed under a reader, say) have one name outside. */
function asStorageFailure(error: unknown): unknown {
  const isEngine = error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('LEVEL_')
  return isEngine ? new SheafError('storage-failed', undefined, { cause: error }) : error
}

function createdRow(seq: number, wallTimeMs: number, update: Uint8Array): UpdateRow {
  return { seq, wallTimeMs, principal: '', session: '', clientSeq: 0, origin: 'server', update }
}

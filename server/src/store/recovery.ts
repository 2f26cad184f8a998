// The data directory before and around LevelDB. LevelDB replays a damaged write-ahead file silently, makes an empty store
// where CURRENT is missing, and deletes what its MANIFEST does not name; so the files are looked at before it is let near
// them, what is damaged is kept aside in `damaged/`, and everything that is found is reported.
//
//   DIR/store/            LevelDB's own files
//   DIR/owner/            a LevelDB that is only ever locked: who has it open owns DIR. Node has no file locks; LevelDB has.
//   DIR/owner.json        who that is, for the sentence that a second start ends with
//   DIR/clean-stop.json   the files of store/ with their sizes, written at a clean stop and taken away at the next start
//   DIR/damaged/TIME/     files as they were found, before they were mended, repaired or replaced
//   DIR/admin.sock        where the server takes commands while it runs
//   DIR/store.restoring/  a backup that is being restored; DIR/store.restored/ when it is whole and about to take its place

import { join } from 'node:path'
import { pid } from 'node:process'
import { SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { plausible, writeBatch } from './batches.ts'
import type { Disk, DiskDriver } from './disk.ts'
import { type DiskFiles, replaceFile } from './disk-files.ts'
import {
  changesSince,
  type FileSize,
  isCorruption,
  isFresh,
  isMissingFile,
  isTable,
  newestRows,
} from './engine-files.ts'
import { rowsSeenIn } from './keys.ts'
import { readLogFile, writeLogFile } from './logfile.ts'
import { mendLogFile } from './mending.ts'
import { isSealed } from './rows.ts'
import type { Suspect } from './startup.ts'
import type { Damage } from './store.ts'
import { isTableSound, salvageTable } from './tablefile.ts'

/** A row in a write batch takes at least its key (20) and the head of its value. */
const minRowBytes = 32

/**
 * After a clean stop no more of the tables is looked at than takes half a second. One that is damaged behind that may end the process
 * when it is read; then the stop was not clean, and the next start looks at all of them.
 */
const checkedBytesAfterCleanStop = 128 * 1024 * 1024

const ownFiles = [
  'store',
  'store.restoring',
  'store.restored',
  'owner',
  'owner.json',
  'clean-stop.json',
  'damaged',
  'probe',
  'admin.sock',
]

/** What is known of a damaged place, for its report. */
const outcomes = {
  whole: 'Nothing is lost by it. ',
  lost: '',
  doubtful: 'It may be a write that a power loss interrupted. ',
} as const

export class DataDirectory {
  readonly path: string
  /** Rows that were seen in damaged parts of write-ahead files. */
  readonly suspects: Suspect[] = []
  #damagedBytes = 0
  readonly #driver: DiskDriver
  readonly #clock: Clock
  readonly #log: Log
  readonly #unlock: () => Promise<void>

  /**
   * Makes the directory this process's own.
   * @throws SheafError `storage-failed` when it is another's, or holds something else.
   */
  static async claim(path: string, driver: DiskDriver, clock: Clock, log: Log): Promise<DataDirectory> {
    try {
      await driver.files.makeDirectory(path)
      await refuseForeign(path, driver.files)
    } catch (error) {
      if (error instanceof SheafError) throw error
      throw new SheafError('storage-failed', `The data directory ${path} cannot be used: ${messageOf(error)}`, {
        cause: error,
      })
    }
    const unlock = await lock(path, driver)
    try {
      await driver.files.write(join(path, 'owner.json'), Buffer.from(`${JSON.stringify({ pid })}\n`))
    } catch (error) {
      await unlock()
      throw cannotBeWritten(path, error)
    }
    return new DataDirectory(path, driver, clock, log, unlock)
  }

  private constructor(path: string, driver: DiskDriver, clock: Clock, log: Log, unlock: () => Promise<void>) {
    this.path = path
    this.#driver = driver
    this.#clock = clock
    this.#log = log
    this.#unlock = unlock
  }

  /** More rows than this cannot have stood in what is damaged. */
  get mostLostRows(): number {
    return Math.ceil(this.#damagedBytes / minRowBytes)
  }

  get #disk(): DiskFiles {
    return this.#driver.files
  }

  get #store(): string {
    return join(this.path, 'store')
  }

  get #restored(): string {
    return join(this.path, 'store.restored')
  }

  /**
   * Opens LevelDB, after its files have been looked at and, where they must be, mended.
   * @param failure why it is opened again; undefined for the first time.
   */
  async open(failure: unknown): Promise<{ disk: Disk; findings: Damage[] }> {
    const findings: Damage[] = []
    if (await this.#disk.exists(this.#restored)) await this.#finishRestore()
    const mark = failure === undefined ? await this.#readCleanStop() : undefined
    const files = await this.#files()
    if (isFresh(files)) {
      if (mark !== undefined && mark.length > 0) {
        throw new SheafError(
          'storage-failed',
          `The files of the store in ${this.path} are gone. Put them back, or restore a backup; ` +
            'to begin with an empty store, choose another directory.',
        )
      }
      return { disk: await this.#openEngine({ create: true }), findings }
    }
    // From now on the files change.
    if (mark !== undefined) {
      await this.#disk.remove(join(this.path, 'clean-stop.json'))
      await this.#disk.syncDirectory(this.path)
    }
    const changed = mark === undefined ? [] : changesSince(mark, files)
    for (const detail of changed)
      findings.push({ what: 'log-file', detail: `Changed since the clean stop: ${detail}.` })
    await this.#checkLogs(files, mark !== undefined, findings)
    const mustRepair =
      isCorruption(failure) ||
      changed.some(detail => !detail.includes('.log ')) ||
      !(await this.#isManifestSound(files)) ||
      !(await this.#areTablesSound(files, { afterCleanStop: mark !== undefined }))
    if (!mustRepair) {
      try {
        return { disk: await this.#openEngine({ create: false }), findings }
      } catch (error) {
        if (!isCorruption(error) && !isMissingFile(error)) throw error
        failure = error
      }
    }
    await this.#repair(failure, findings)
    return { disk: await this.#openEngine({ create: false }), findings }
  }

  async #openEngine(options: { readonly create: boolean }): Promise<Disk> {
    const disk = await this.#driver.open(this.#store, options)
    // LevelDB gives CURRENT its new content by a rename, and leaves it to chance when that is on disk.
    await this.#disk.syncDirectory(this.#store).catch(async error => {
      await disk.close()
      throw error
    })
    return disk
  }

  /** True when there are documents, or may have been. */
  async hasData(): Promise<boolean> {
    return !isFresh(await this.#files()) || (await this.#disk.exists(join(this.path, 'clean-stop.json')))
  }

  /**
   * Puts a store that is whole, synced and closed in the place of this one. A crash meanwhile is made good at the next start.
   * @returns where the files of the store before are kept, relative to the data directory; undefined when there were none.
   */
  async replaceStore(fresh: string): Promise<string | undefined> {
    await this.#disk.syncDirectory(fresh)
    await this.#disk.rename(fresh, this.#restored)
    await this.#disk.syncDirectory(this.path)
    return this.#finishRestore()
  }

  async #finishRestore(): Promise<string | undefined> {
    let replaced: string | undefined
    if (!isFresh(await this.#files())) {
      replaced = join(await this.#newAside(), 'store')
      await this.#disk.rename(this.#store, join(this.path, replaced))
    }
    await this.#disk.removeDirectory(this.#store)
    await this.#disk.remove(join(this.path, 'clean-stop.json'))
    await this.#disk.rename(this.#restored, this.#store)
    await this.#disk.syncDirectory(this.path)
    return replaced
  }

  /** Keeps bytes in `damaged/`. @returns where, relative to the data directory. */
  async keepAside(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(await this.#newAside(), name)
    await this.#disk.write(join(this.path, path), bytes)
    return path
  }

  probe(bytes: number): Promise<void> {
    return this.#driver.probe(this.path, bytes)
  }

  /** @param clean LevelDB is closed and everything handed over is in its files. */
  async release({ clean }: { readonly clean: boolean }): Promise<void> {
    try {
      if (clean) {
        const text = JSON.stringify({ files: await this.#files() })
        await this.#disk.write(join(this.path, 'clean-stop.json'), Buffer.from(text))
        await this.#disk.syncDirectory(this.path)
      }
      await this.#disk.remove(join(this.path, 'owner.json'))
    } finally {
      await this.#unlock()
    }
  }

  async #readCleanStop(): Promise<readonly FileSize[] | undefined> {
    let text: string
    try {
      text = textOf(await this.#disk.read(join(this.path, 'clean-stop.json')))
    } catch {
      return undefined // There is none: the last stop was not clean, or there was none.
    }
    try {
      return (JSON.parse(text) as { files: FileSize[] }).files
    } catch (error) {
      this.#log.warn('the mark of the clean stop cannot be read', { error })
      return undefined
    }
  }

  async #files(): Promise<FileSize[]> {
    const files: FileSize[] = []
    for (const name of await this.#disk.list(this.#store).catch(() => [])) {
      if (!/^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb|sst))$/.test(name)) continue
      files.push({ name, bytes: await this.#disk.size(join(this.#store, name)) })
    }
    return files.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Write-ahead files: what is damaged is kept aside, and every record that is sound is kept for LevelDB. */
  async #checkLogs(files: readonly FileSize[], afterCleanStop: boolean, findings: Damage[]): Promise<void> {
    for (const { name } of files.filter(file => file.name.endsWith('.log'))) {
      const path = join(this.#store, name)
      const mending = mendLogFile(await this.#disk.read(path), { afterCleanStop })
      if (mending === undefined) continue
      const aside = await this.#setAside([name])
      for (const { offset, kind, bytes } of mending.places) {
        findings.push({
          what: 'log-file',
          detail: `The write-ahead file ${name} is damaged at byte ${offset}. ${outcomes[kind]}It is kept in ${aside}.`,
        })
        if (kind !== 'lost') continue
        this.suspects.push(...rowsSeenIn(bytes))
        this.#damagedBytes += bytes.length
      }
      await replaceFile(this.#disk, path, mending.mended)
    }
  }

  async #isManifestSound(files: readonly FileSize[]): Promise<boolean> {
    try {
      const current = textOf(await this.#disk.read(join(this.#store, 'CURRENT')))
      const name = current.slice(0, -1)
      if (current.at(-1) !== '\n' || !files.some(file => file.name === name)) return false
      const { records, problems } = readLogFile(await this.#disk.read(join(this.#store, name)))
      return records.length > 0 && problems.length === 0
    } catch {
      return false // CURRENT is missing or cannot be read.
    }
  }

  /** One after the other, so that a server whose disk came back goes on answering meanwhile. */
  async #areTablesSound(
    files: readonly FileSize[],
    { afterCleanStop }: { readonly afterCleanStop: boolean },
  ): Promise<boolean> {
    let leftBytes = afterCleanStop ? checkedBytesAfterCleanStop : Number.POSITIVE_INFINITY
    for (const { name, bytes } of files.filter(isTable)) {
      leftBytes -= bytes
      if (leftBytes < 0) return true
      if (!isTableSound(await this.#disk.read(join(this.#store, name)))) return false
    }
    return true
  }

  /** Tables that are not sound give what can be read of them; then LevelDB makes a new MANIFEST from what is there. */
  async #repair(failure: unknown, findings: Damage[]): Promise<void> {
    const files = await this.#files()
    const aside = await this.#setAside(files.map(({ name }) => name))
    const reason = failure === undefined ? 'its files do not fit together' : messageOf(failure)
    findings.push({ what: 'log-file', detail: `The store was repaired (${reason}). Its files are kept in ${aside}.` })
    let nextNumber = 1 + Math.max(0, ...files.map(({ name }) => Number(/\d+/.exec(name)?.[0] ?? 0)))
    for (const { name, bytes } of files.filter(isTable)) {
      const path = join(this.#store, name)
      const salvaged = salvageTable(await this.#disk.read(path), isSealed)
      if (salvaged.sound) continue
      findings.push({
        what: 'log-file',
        detail: `The table ${name} is damaged; ${salvaged.entries.length} rows of it were saved.`,
      })
      // The newest head of a document may be lost where an older one is left in another table.
      this.suspects.push(...newestRows(salvaged.entries.map(({ key }) => key)))
      this.#damagedBytes += bytes
      await replaceFile(
        this.#disk,
        join(this.#store, `${String(nextNumber++).padStart(6, '0')}.log`),
        writeLogFile(salvaged.entries.map(entry => writeBatch(plausible(entry.sequence), [entry]))),
      )
      await this.#disk.remove(path)
    }
    await this.#driver.repair(this.#store)
  }

  /** Keeps files as they are now. @returns where, relative to the data directory. */
  async #setAside(names: readonly string[]): Promise<string> {
    const aside = await this.#newAside()
    for (const name of names) await this.#disk.keep(join(this.#store, name), join(this.path, aside, name))
    return aside
  }

  /** @returns a new directory, relative to the data directory. */
  async #newAside(): Promise<string> {
    const stamp = new Date(this.#clock.nowMs()).toISOString().replace(/[:.]/g, '-')
    let aside = join('damaged', stamp)
    for (let i = 2; await this.#disk.exists(join(this.path, aside)); i++) aside = join('damaged', `${stamp}-${i}`)
    await this.#disk.makeDirectory(join(this.path, aside))
    return aside
  }
}

async function lock(path: string, driver: DiskDriver): Promise<() => Promise<void>> {
  try {
    return await driver.lock(join(path, 'owner'))
  } catch (error) {
    if (error instanceof SheafError) throw error
    if ((error as NodeJS.ErrnoException).code !== 'LEVEL_LOCKED') {
      throw cannotBeWritten(path, error)
    }
    const owner = await driver.files.read(join(path, 'owner.json')).catch(() => new Uint8Array(0))
    const holder = /"pid":(\d+)/.exec(textOf(owner))?.[1]
    throw new SheafError(
      'storage-failed',
      `The data directory ${path} is in use by another Sheaf${holder ? ` (process ${holder})` : ''}. ` +
        'Stop that one first, or start this one with another data directory.',
      { cause: error },
    )
  }
}

function cannotBeWritten(path: string, cause: unknown): SheafError {
  return new SheafError('storage-failed', `The data directory ${path} cannot be written: ${messageOf(cause)}`, {
    cause,
  })
}

async function refuseForeign(path: string, files: DiskFiles): Promise<void> {
  const names = await files.list(path)
  if (names.includes('store') || names.includes('clean-stop.json')) return
  const foreign = names.filter(name => !ownFiles.includes(name))
  if (foreign.length === 0) return
  const some = foreign.slice(0, 3).join(', ')
  throw new SheafError(
    'storage-failed',
    `The directory ${path} holds other files (${some}${foreign.length > 3 ? ', …' : ''}) and no Sheaf data. ` +
      'Choose an empty directory, or one that does not exist yet.',
  )
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

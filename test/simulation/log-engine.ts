// A small engine in the place of LevelDB, on a simulated disk, with LevelDB's files: write-ahead files, MANIFEST and CURRENT in
// its formats and in its order of writing and syncing, so that the store's own recovery reads them. What it has no use for are
// tables: at each start everything goes into a new write-ahead file. As LevelDB it drops a torn end without a word, and
// refuses every write after one that failed.

import { join } from 'node:path'
import { ByteReader, ByteWriter } from '../../server/src/store/bytes.ts'
import type { Disk, DiskBatch, DiskDriver, DiskReader } from '../../server/src/store/disk.ts'
import { readLogFile, writeLogFile } from '../../server/src/store/logfile.ts'
import type { FaultDisk } from './fault-disk.ts'

type Entries = ReadonlyMap<string, Uint8Array>
type Change = readonly [key: string, value: Uint8Array | undefined]

export function logEngine(disk: FaultDisk): DiskDriver {
  return {
    files: disk,

    async open(directory, { create }) {
      await disk.makeDirectory(directory)
      const names = await disk.list(directory)
      const hasCurrent = names.includes('CURRENT')
      if (!hasCurrent && !create) throw new Error(`${directory}: does not exist`)
      const entries = new Map<string, Uint8Array>()
      if (hasCurrent) await replay(disk, directory, names, await firstLog(disk, directory), entries)
      const log = await begin(disk, directory, names, entries)
      return new OpenLog(disk, log, entries)
    },

    async lock(directory) {
      if (disk.locks.has(directory)) throw Object.assign(new Error('locked'), { code: 'LEVEL_LOCKED' })
      disk.locks.add(directory)
      return async () => void disk.locks.delete(directory)
    },

    async repair(directory) {
      const names = await disk.list(directory)
      const entries = new Map<string, Uint8Array>()
      await replay(disk, directory, names, 0, entries)
      await begin(disk, directory, names, entries)
    },

    async probe(directory, bytes) {
      await disk.write(join(directory, 'probe'), new Uint8Array(bytes))
      await disk.remove(join(directory, 'probe'))
    },
  }
}

/** The oldest write-ahead file that is still needed. */
async function firstLog(disk: FaultDisk, directory: string): Promise<number> {
  const manifest = Buffer.from(await disk.read(join(directory, 'CURRENT'))).toString()
  const [record] = readLogFile(await disk.read(join(directory, manifest.trim()))).records
  return new ByteReader(record!).varUint()
}

async function replay(
  disk: FaultDisk,
  directory: string,
  names: readonly string[],
  first: number,
  entries: Map<string, Uint8Array>,
): Promise<void> {
  for (const name of names.filter(name => name.endsWith('.log') && numberOf(name) >= first).sort()) {
    for (const batch of readLogFile(await disk.read(join(directory, name))).records) {
      for (const [key, value] of readBatch(batch)) {
        if (value === undefined) entries.delete(key)
        else entries.set(key, value)
      }
    }
  }
}

/** A new write-ahead file with everything, a MANIFEST that names it, and CURRENT; then the old ones are not needed. */
async function begin(disk: FaultDisk, directory: string, names: readonly string[], entries: Entries): Promise<string> {
  const number = 1 + Math.max(0, ...names.map(numberOf))
  const padded = String(number).padStart(6, '0')
  const log = join(directory, `${padded}.log`)
  const manifest = `MANIFEST-${padded}`
  const batches = [...entries].map(entry => writeBatch([entry]))
  // LevelDB would write a table, which nobody looks at before it is synced and named in the MANIFEST.
  await disk.write(`${log}.dbtmp`, writeLogFile(batches))
  await disk.rename(`${log}.dbtmp`, log)
  await disk.write(join(directory, manifest), writeLogFile([new ByteWriter().varUint(number).finish()]))
  await disk.syncDirectory(directory)
  await disk.write(join(directory, `${padded}.dbtmp`), Buffer.from(`${manifest}\n`))
  await disk.rename(join(directory, `${padded}.dbtmp`), join(directory, 'CURRENT'))
  for (const name of names) if (/\.(log|dbtmp)$|^MANIFEST/.test(name)) await disk.remove(join(directory, name))
  return log
}

class OpenLog implements Disk {
  readonly #disk: FaultDisk
  readonly #log: string
  #entries: Map<string, Uint8Array>
  #isViewed = false
  #failure: unknown

  constructor(disk: FaultDisk, log: string, entries: Map<string, Uint8Array>) {
    this.#disk = disk
    this.#log = log
    this.#entries = entries
  }

  get = async (key: Uint8Array) => this.getSync(key)
  getMany = async (keys: readonly Uint8Array[]) => keys.map(key => this.getSync(key))
  pages: DiskReader['pages'] = (range, options) => readerOf(this.#view()).pages(range, options)

  getSync(key: Uint8Array): Uint8Array | undefined {
    return this.#entries.get(textOf(key))
  }

  view() {
    return { ...readerOf(this.#view()), close: async () => undefined }
  }

  batch(): DiskBatch {
    const changes: Change[] = []
    return {
      put: (key, value) => void changes.push([textOf(key), value.slice()]),
      del: key => void changes.push([textOf(key), undefined]),
      get length() {
        return changes.length
      },
      write: sync => this.#write(changes, sync),
    }
  }

  /** There are no tables, and each opening begins a file without what was deleted. */
  merge = async () => undefined

  async close(): Promise<void> {
    this.#failure ??= new Error('closed')
  }

  async #write(changes: readonly Change[], sync: boolean): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    try {
      const record = writeBatch(changes)
      await this.#disk.append(this.#log, writeBehind((await this.#disk.size(this.#log)) % blockBytes, record))
      if (sync) await this.#disk.sync(this.#log)
    } catch (error) {
      this.#failure = error
      throw error
    }
    if (this.#isViewed) {
      this.#entries = new Map(this.#entries)
      this.#isViewed = false
    }
    for (const [key, value] of changes) {
      if (value === undefined) this.#entries.delete(key)
      else this.#entries.set(key, value)
    }
  }

  #view(): Entries {
    this.#isViewed = true
    return this.#entries
  }
}

const blockBytes = 32 * 1024
const headerBytes = 7

/** The bytes of a record that begins so far into a block: behind a record that fills what is used. */
function writeBehind(used: number, record: Uint8Array): Uint8Array {
  return used === 0 ? writeLogFile([record]) : writeLogFile([new Uint8Array(used - headerBytes), record]).subarray(used)
}

function readerOf(entries: Entries): DiskReader {
  return {
    get: async key => entries.get(textOf(key)),
    getMany: async keys => keys.map(key => entries.get(textOf(key))),
    async *pages({ gte, lt }, { reverse = false, limit = -1, keysOnly = false } = {}) {
      const [from, to] = [textOf(gte), textOf(lt)]
      const keys = [...entries.keys()].filter(key => key >= from && key < to).sort()
      if (reverse) keys.reverse()
      const wanted = limit < 0 ? keys : keys.slice(0, limit)
      const page = wanted.map(key => [bytesOf(key), keysOnly ? new Uint8Array(0) : entries.get(key)!] as const)
      if (page.length > 0) yield page
    },
  }
}

/** LevelDB's write batch: sequence, count, and for each change its kind, key and value with their lengths. */
function writeBatch(changes: readonly Change[]): Uint8Array {
  const writer = new ByteWriter().u32(0).u32(0).u32(changes.length)
  for (const [key, value] of changes) {
    const bytes = bytesOf(key)
    writer
      .u8(value === undefined ? 0 : 1)
      .varUint(bytes.length)
      .bytes(bytes)
    if (value !== undefined) writer.varUint(value.length).bytes(value)
  }
  return writer.finish()
}

function* readBatch(batch: Uint8Array): Generator<Change> {
  const count = Buffer.from(batch).readUInt32LE(8)
  const reader = new ByteReader(batch, 12)
  for (let i = 0; i < count; i++) {
    const isPut = reader.u8() === 1
    const key = textOf(reader.view(reader.varUint()))
    yield [key, isPut ? reader.view(reader.varUint()).slice() : undefined]
  }
}

function numberOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0)
}

/** One character for each byte: sorts as the bytes do. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

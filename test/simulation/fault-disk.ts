// A disk of which one knows what is on the platter. What is written is in the cache of the machine until it is synced; a
// power loss keeps what was synced, and of the rest any part: each sector of 512 bytes by itself, in any order, with zeros
// where a file had grown and its bytes had not come. Names change in their order, as in a file system with a journal: a
// power loss keeps some first part of the changes that were not synced, and syncing a file makes its own name durable.

import { dirname } from 'node:path'
import type { DiskFiles, GrowingFile } from '../../server/src/store/disk-files.ts'
import type { Random } from '../helpers/random.ts'

export const sectorBytes = 512

/** What goes wrong from now on: writes that fail after some sectors, or syncs that fail and leave the bytes in doubt. */
export interface DiskFault {
  readonly code: 'ENOSPC' | 'EIO'
  readonly at: 'write' | 'sync'
}

export interface FaultDiskOptions {
  readonly random: Random
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>
  /** Time that a sync takes. Default: none. */
  readonly syncMs?: () => number
}

class Inode {
  /** As the machine sees it. */
  bytes: Uint8Array
  /** As it is on the platter, but for the sectors in `dirty`. */
  durable: Uint8Array
  readonly dirty = new Set<number>()

  constructor(durable: Uint8Array) {
    this.bytes = durable
    this.durable = durable
  }

  write(at: number, bytes: Uint8Array): void {
    const grown = new Uint8Array(Math.max(this.bytes.length, at + bytes.length))
    grown.set(this.bytes)
    grown.set(bytes, at)
    this.bytes = grown
    for (let sector = at - (at % sectorBytes); sector < at + bytes.length; sector += sectorBytes) this.dirty.add(sector)
  }

  /** What a power loss leaves when these sectors had reached the platter, and the file had grown to at least so much. */
  torn(sectors: ReadonlySet<number>, minLength: number): Uint8Array {
    const ends = [...sectors].map(sector => Math.min(sector + sectorBytes, this.bytes.length))
    const left = new Uint8Array(Math.max(this.durable.length, minLength, ...ends))
    left.set(this.durable)
    for (const sector of sectors) left.set(this.bytes.subarray(sector, sector + sectorBytes), sector)
    return left
  }
}

type NameChange = { readonly path: string; readonly inode: Inode | undefined }

export class FaultDisk implements DiskFiles {
  readonly #options: FaultDiskOptions
  readonly #names = new Map<string, Inode>()
  readonly #directories = new Set<string>()
  #durableNames = new Map<string, Inode>()
  /** In their order; a rename is one step with two changes. */
  #changes: (readonly NameChange[])[] = []
  #isDead = false
  /** Locks of the process that runs on this machine. */
  readonly locks = new Set<string>()
  fault: DiskFault | undefined
  /** Added to every sync. */
  slowMs = 0

  constructor(options: FaultDiskOptions) {
    this.#options = options
  }

  // What the store asks.

  async list(directory: string): Promise<string[]> {
    await this.#alive()
    if (!this.#directories.has(directory)) throw systemError('ENOENT', directory)
    const names = new Set<string>()
    for (const path of [...this.#names.keys(), ...this.#directories]) {
      if (dirname(path) === directory && path !== directory) names.add(path.slice(directory.length + 1))
    }
    return [...names]
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#alive()
    for (let at = path; !this.#directories.has(at); at = dirname(at)) this.#directories.add(at)
  }

  async exists(path: string): Promise<boolean> {
    await this.#alive()
    return this.#names.has(path) || this.#directories.has(path)
  }

  async size(path: string): Promise<number> {
    await this.#alive()
    return this.#inode(path).bytes.length
  }

  async read(path: string): Promise<Uint8Array> {
    await this.#alive()
    return this.#inode(path).bytes.slice()
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    await this.create(path)
    await this.append(path, bytes)
    await this.sync(path)
  }

  async grow(path: string): Promise<GrowingFile> {
    if (this.#names.has(path)) throw systemError('EEXIST', path)
    await this.create(path)
    return {
      append: bytes => this.append(path, bytes),
      sync: () => this.sync(path),
      close: async () => undefined,
    }
  }

  async *stream(path: string, { first, last }: { first: number; last: number }): AsyncIterable<Uint8Array> {
    await this.#alive()
    yield this.#inode(path).bytes.slice(first, last + 1)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#alive()
    const inode = this.#inode(from)
    this.#change({ path: from, inode: undefined }, { path: to, inode })
  }

  async remove(path: string): Promise<void> {
    await this.#alive()
    if (this.#names.has(path)) this.#change({ path, inode: undefined })
  }

  async removeDirectory(path: string): Promise<void> {
    for (const name of this.#names.keys()) if (name.startsWith(`${path}/`)) await this.remove(name)
    this.#directories.delete(path)
  }

  async keep(from: string, to: string): Promise<void> {
    await this.#alive()
    this.#change({ path: to, inode: this.#inode(from) })
  }

  async syncDirectory(_path: string): Promise<void> {
    await this.#sync()
    this.#commitNames(this.#changes.length)
  }

  // What an engine asks besides.

  /** An empty file, in the place of any that has the name. */
  async create(path: string): Promise<void> {
    await this.#alive()
    this.#change({ path, inode: new Inode(new Uint8Array(0)) })
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    await this.#alive()
    const inode = this.#inode(path)
    if (this.fault?.at === 'write') {
      const sectors = this.#options.random.below(Math.ceil(bytes.length / sectorBytes) + 1)
      inode.write(inode.bytes.length, bytes.subarray(0, sectors * sectorBytes))
      throw systemError(this.fault.code, path)
    }
    inode.write(inode.bytes.length, bytes)
  }

  async sync(path: string): Promise<void> {
    await this.#alive()
    const inode = this.#inode(path)
    const named = this.#changes.findLastIndex(step => step.some(change => change.inode === inode))
    const sectors = new Set(inode.dirty)
    try {
      await this.#sync(path)
    } catch (error) {
      // The machine may count as written what it could not write, and never try again.
      if (this.#options.random.chance(0.5)) for (const sector of sectors) inode.dirty.delete(sector)
      throw error
    }
    inode.durable = inode.torn(sectors, inode.bytes.length)
    for (const sector of sectors) inode.dirty.delete(sector)
    this.#commitNames(named + 1)
  }

  // What happens to the machine.

  /** The process is killed and another one comes: the machine goes on, and what was written is in its cache as before. */
  kill(options: FaultDiskOptions): FaultDisk {
    const next = new FaultDisk(options)
    for (const [path, inode] of this.#names) next.#names.set(path, inode)
    for (const path of this.#directories) next.#directories.add(path)
    next.#durableNames = new Map(this.#durableNames)
    next.#changes = [...this.#changes]
    this.die()
    return next
  }

  /** How many states a power loss may leave now. */
  get imageCount(): number {
    let sectors = 0
    for (const inode of this.#reachable()) sectors += inode.dirty.size
    return 2 ** sectors * (this.#changes.length + 1)
  }

  /** One of the states that a power loss may leave now. With `index` the one of that number, else any. */
  image(options: FaultDiskOptions, index?: number): FaultDisk {
    const { random } = this.#options
    let rest = index
    const choose = (below: number) => {
      if (rest === undefined) return random.below(below)
      const chosen = rest % below
      rest = Math.floor(rest / below)
      return chosen
    }
    const steps = choose(this.#changes.length + 1)
    const names = new Map(this.#durableNames)
    for (const step of this.#changes.slice(0, steps)) apply(names, step)
    const torn = new Map<Inode, Uint8Array>()
    // In some of the states most sectors have come, in some hardly any, so that both ends are seen.
    const share = random.pick([0.1, 0.5, 0.9, 1])
    for (const inode of this.#reachable()) {
      const kept = new Set<number>()
      for (const sector of inode.dirty) {
        if (index === undefined ? random.chance(share) : choose(2) === 1) kept.add(sector)
      }
      torn.set(inode, inode.torn(kept, random.chance(0.3) ? inode.bytes.length : 0))
    }
    return this.#successor(options, [...names], inode => torn.get(inode) ?? inode.durable)
  }

  /** The same on another machine, for a look at it. What was not synced counts as synced. */
  copy(options: FaultDiskOptions): FaultDisk {
    return this.#successor(options, [...this.#names], inode => inode.bytes)
  }

  /** From now on nothing that was asked of this disk is ever answered. */
  die(): void {
    this.#isDead = true
  }

  #successor(
    options: FaultDiskOptions,
    names: readonly (readonly [string, Inode])[],
    bytesOf: (inode: Inode) => Uint8Array,
  ): FaultDisk {
    const next = new FaultDisk(options)
    const inodes = new Map<Inode, Inode>()
    for (const [path, inode] of names) {
      const copy = inodes.get(inode) ?? new Inode(bytesOf(inode))
      inodes.set(inode, copy)
      next.#names.set(path, copy)
    }
    next.#durableNames = new Map(next.#names)
    for (const path of this.#directories) next.#directories.add(path)
    return next
  }

  #reachable(): Set<Inode> {
    const inodes = new Set(this.#durableNames.values())
    for (const step of this.#changes) for (const { inode } of step) if (inode !== undefined) inodes.add(inode)
    return inodes
  }

  #change(...step: NameChange[]): void {
    apply(this.#names, step)
    this.#changes.push(step)
  }

  #commitNames(steps: number): void {
    for (const step of this.#changes.splice(0, steps)) apply(this.#durableNames, step)
  }

  async #sync(path = ''): Promise<void> {
    await this.#alive()
    const { wait, syncMs } = this.#options
    const ms = (syncMs?.() ?? 0) + this.slowMs
    if (ms > 0) await wait(ms)
    await this.#alive()
    if (this.fault?.at === 'sync') throw systemError(this.fault.code, path)
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path)
    if (inode === undefined) throw systemError('ENOENT', path)
    return inode
  }

  #alive(): Promise<void> | undefined {
    return this.#isDead ? new Promise<void>(() => undefined) : undefined
  }
}

function apply(names: Map<string, Inode>, step: readonly NameChange[]): void {
  for (const { path, inode } of step) {
    if (inode === undefined) names.delete(path)
    else names.set(path, inode)
  }
}

const meanings = {
  EEXIST: 'File exists',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  EIO: 'Input/output error',
}

function systemError(code: keyof typeof meanings, path: string): Error {
  return Object.assign(new Error(`IO error: ${path}: ${meanings[code]}`), { code })
}

// What the store asks of a file system, beside what LevelDB does there by itself. An interface, so that a simulated disk can
// stand in its place, lose what was not synced, and show every state that a power loss may leave behind.

import { constants, createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Paths as the operating system has them. Every call rejects with the system's error (`ENOENT`, `ENOSPC`, `EIO` …). */
export interface DiskFiles {
  /** Names in a directory, in no order. */
  list(directory: string): Promise<string[]>
  /** Makes a directory and those above it; it may be there. */
  makeDirectory(path: string): Promise<void>
  exists(path: string): Promise<boolean>
  /** In bytes. */
  size(path: string): Promise<number>
  read(path: string): Promise<Uint8Array>
  /** Makes the file, or puts these bytes in its place; resolves when they are on disk. Its name may not be yet. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** A new file, for bytes that come one after the other. Rejects with `EEXIST` where there is one. */
  grow(path: string): Promise<GrowingFile>
  /** The bytes from `first` to `last` inclusive, some at a time. */
  stream(path: string, range: { readonly first: number; readonly last: number }): AsyncIterable<Uint8Array>
  /** Takes the place of what is at `to`. */
  rename(from: string, to: string): Promise<void>
  /** It may be gone already. */
  remove(path: string): Promise<void>
  /** With everything in it; it may be gone already. */
  removeDirectory(path: string): Promise<void>
  /** Gives the bytes as they are now a second name; what replaces the first file leaves the second as it is. */
  keep(from: string, to: string): Promise<void>
  /** Resolves when every name in the directory is on disk. */
  syncDirectory(path: string): Promise<void>
}

export interface GrowingFile {
  append(bytes: Uint8Array): Promise<void>
  /** Resolves when everything that was appended is on disk. The name may not be yet. */
  sync(): Promise<void>
  close(): Promise<void>
}

export const systemFiles: DiskFiles = {
  list: directory => readdir(directory),

  makeDirectory,

  exists: path =>
    stat(path).then(
      () => true,
      () => false,
    ),

  size: async path => (await stat(path)).size,

  read: path => readFile(path),

  async write(path, bytes) {
    const file = await open(path, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  },

  async grow(path) {
    const file = await open(path, 'wx', 0o600)
    return {
      append: bytes => file.appendFile(bytes),
      sync: () => file.sync(),
      close: () => file.close(),
    }
  },

  stream: (path, { first, last }) => createReadStream(path, { start: first, end: last }),

  rename,

  remove: path => rm(path, { force: true }),

  removeDirectory: path => rm(path, { recursive: true, force: true }),

  async keep(from, to) {
    // LevelDB and we replace files and do not change them in place, so another name for the same bytes is enough.
    await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE))
  },

  async syncDirectory(path) {
    const directory = await open(path, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  },
}

/** Puts new bytes in the place of a file: after a crash there is the one or the other, whole. */
export async function replaceFile(files: DiskFiles, path: string, bytes: Uint8Array): Promise<void> {
  await files.write(`${path}.new`, bytes)
  await files.rename(`${path}.new`, path)
}

/** Node's own way to make what is above as well never ends where the system refuses a name with ENOENT, as /proc does. */
async function makeDirectory(path: string): Promise<void> {
  const above = dirname(path)
  if (above !== path && !(await isDirectory(above))) await makeDirectory(above)
  try {
    await mkdir(path)
  } catch (error) {
    if (!(await isDirectory(path))) throw error
  }
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
}

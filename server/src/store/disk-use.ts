// How much room a data directory takes, and how much there is left.

import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

export interface DiskUse {
  readonly bytes: number
  readonly freeBytes: number
}

/** Walks the directory; files that go meanwhile count for nothing. */
export async function diskUseOf(directory: string): Promise<DiskUse> {
  const { bavail, bsize } = await statfs(directory)
  return { bytes: await bytesBelow(directory), freeBytes: bavail * bsize }
}

async function bytesBelow(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) bytes += await bytesBelow(path)
    else if (entry.isFile()) bytes += (await stat(path).catch(() => undefined))?.size ?? 0
  }
  return bytes
}

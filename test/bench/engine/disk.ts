// What the disk itself takes to make a few bytes durable, measured in the same run as what is compared with it.

import { closeSync, fdatasyncSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Milliseconds of so many appends of 300 bytes, each followed by fdatasync, as LevelDB does it. */
export function fsyncMs(directory: string, count = 200): number[] {
  const path = join(directory, 'fsync.probe')
  const file = openSync(path, 'a')
  const bytes = Buffer.alloc(300)
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const startMs = performance.now()
    writeSync(file, bytes)
    fdatasyncSync(file)
    times.push(performance.now() - startMs)
  }
  closeSync(file)
  rmSync(path)
  return times
}

/** Bytes of all files below a directory. */
export function diskBytes(directory: string): number {
  let sum = 0
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    sum += entry.isDirectory() ? diskBytes(path) : statSync(path).size
  }
  return sum
}

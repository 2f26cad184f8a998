// What can be told of LevelDB's files by their names, sizes and keys, and of its errors by what they say.

import { rowOfKey } from './keys.ts'
import type { Suspect } from './startup.ts'

export interface FileSize {
  readonly name: string
  readonly bytes: number
}

/** Nothing was ever stored: at most the beginnings of a first start that was interrupted. */
export function isFresh(files: readonly FileSize[]): boolean {
  return files.every(({ name }) => name.startsWith('MANIFEST'))
}

export function isTable({ name }: FileSize): boolean {
  return /\.(ldb|sst)$/.test(name)
}

/** Of each document the last of its rows among these keys. */
export function newestRows(keys: readonly Uint8Array[]): Suspect[] {
  const newest = new Map<number, Suspect>()
  for (const key of keys) {
    const row = rowOfKey(key)
    if (row !== undefined && row.seq > (newest.get(row.number)?.seq ?? 0)) newest.set(row.number, row)
  }
  return [...newest.values()]
}

export function changesSince(mark: readonly FileSize[], files: readonly FileSize[]): string[] {
  const now = new Map(files.map(({ name, bytes }) => [name, bytes]))
  const then = new Map(mark.map(({ name, bytes }) => [name, bytes]))
  const changes: string[] = []
  for (const [name, bytes] of then) {
    const found = now.get(name)
    if (found === undefined) changes.push(`${name} is missing`)
    else if (found !== bytes) changes.push(`${name} had ${bytes} bytes and has ${found}`)
  }
  for (const name of now.keys()) if (!then.has(name)) changes.push(`${name} was not there`)
  return changes
}

/** LevelDB cannot read its own files. A table that is too short for its footer is to it an argument that is not valid. */
export function isCorruption(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    (error as NodeJS.ErrnoException).code === 'LEVEL_CORRUPTION' || /\.(ldb|sst): Invalid argument/.test(error.message)
  )
}

/** LevelDB says so for a file that CURRENT or the MANIFEST names. */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && /No such file|does not exist/.test(error.message)
}

// The addon of LevelDB inside the single file. The system loads addons from files only, and only from where programs may run:
// it is written into a fresh directory, loaded, and gone again. Stands where classic-level asks for its `./binding`
// (server/binary.mjs), and loads with the first use, so that `sheaf --help` writes nothing.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SheafError } from '@sheaf/protocol'

export interface EngineSource {
  bytes(): Uint8Array
  /** Where it may be written, best first; of one that is not there yet the nearest that is. */
  readonly directories: readonly string[]
}

let source: EngineSource | undefined
let loaded: object | undefined

/** Before the first store is opened. */
export function provideEngine(given: EngineSource): void {
  source = given
}

/** What classic-level finds at `./binding`. @throws SheafError `storage-failed`, which says what to do, at its first use. */
export const binding: object = new Proxy(
  {},
  {
    get(_, name) {
      loaded ??= load(source!)
      return Reflect.get(loaded, name)
    },
  },
)

function load({ bytes, directories }: EngineSource): object {
  const refusals = new Map<string, string>()
  for (const directory of directories.map(nearest)) {
    if (refusals.has(directory)) continue
    try {
      return loadIn(directory, bytes())
    } catch (cause) {
      refusals.set(directory, reasonOf(cause))
    }
  }
  throw new SheafError(
    'storage-failed',
    'The database engine is inside this program, and the system loads it only from a directory that files can be written to ' +
      `and programs may run from. Tried: ${[...refusals].map(entry => entry.join(' ')).join('; ')}. Name another with TMPDIR: ` +
      'TMPDIR=/var/lib/sheaf sheaf serve.',
  )
}

function loadIn(directory: string, bytes: Uint8Array): object {
  const fresh = mkdtempSync(join(directory, '.sheaf-engine-'))
  try {
    const path = join(fresh, 'classic-level.node')
    writeFileSync(path, bytes, { mode: 0o700 })
    const module = { exports: {} }
    process.dlopen(module, path)
    return module.exports
  } finally {
    // What is loaded stays loaded.
    rmSync(fresh, { recursive: true, force: true })
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return '(is not there)'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return '(cannot be written to)'
  if (code === 'ENOSPC' || code === 'EDQUOT') return '(is full)'
  // What the dynamic linker says of a file that it may not map as code.
  if (/failed to map segment|Operation not permitted/i.test(message)) return '(is mounted noexec)'
  return `(${message})`
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path))
}

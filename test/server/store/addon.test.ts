// How the single file loads its engine: from the first directory that will, and from none with a sentence about each.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SheafError } from '@sheaf/protocol'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { describeUnless } from '../../helpers/requirements.ts'

const require = createRequire(import.meta.url)
const prebuild = join(
  dirname(require.resolve('classic-level/package.json')),
  ...['prebuilds', 'linux-x64', 'classic-level.node'],
)
const notHere =
  process.platform === 'linux' && process.arch === 'x64' ? undefined : 'the addon of Linux on x64 is taken'

let directory = ''
let file = ''

beforeEach(async () => {
  // Loaded is loaded: each test asks a module of its own.
  vi.resetModules()
  directory = await mkdtemp(join(tmpdir(), 'sheaf-addon-'))
  file = join(directory, 'file')
  await writeFile(file, '')
  return () => rm(directory, { recursive: true, force: true })
})

async function withEngine(bytes: Uint8Array, directories: readonly string[]) {
  const { binding, provideEngine } = await import('../../../server/src/addon.ts')
  provideEngine({ bytes: () => bytes, directories })
  // In a box: whoever awaits it asks it for `then`, and any question loads it.
  return { engine: binding as { db_init?: unknown } }
}

describeUnless(notHere, 'the engine in the single file', () => {
  test('is loaded from the first directory that will, or from what is there above it, and leaves nothing behind', async () => {
    const { engine } = await withEngine(await readFile(prebuild), [file, join(directory, 'not', 'yet')])
    expect(await readdir(directory)).toEqual(['file'])
    expect(engine.db_init).toBeTypeOf('function')
    expect(await readdir(directory)).toEqual(['file'])
  })
})

describe('an engine that cannot be loaded', () => {
  test('says of each directory why, and what to do, and is tried again when it is asked again', async () => {
    const { engine } = await withEngine(new Uint8Array([1, 2, 3]), [file, directory])
    for (const _ of [1, 2]) {
      let refusal: unknown
      try {
        void engine.db_init
      } catch (cause) {
        refusal = cause
      }
      expect(refusal).toMatchObject({ code: 'storage-failed' })
      const { message } = refusal as SheafError
      expect(message).toContain(`Tried: ${file} (`)
      expect(message).toContain(`; ${directory} (`)
      expect(message).toContain('TMPDIR=')
    }
    expect(await readdir(directory)).toEqual(['file'])
  })
})

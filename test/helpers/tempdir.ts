// Directories that are gone after the test.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty directory; removed when the test that asked for it has finished. */
export async function tempDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sheaf-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

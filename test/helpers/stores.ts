// LevelStores of tests: opened on a directory, with what a test does not care about filled in.

import { onTestFinished } from 'vitest'
import type { LevelStore } from '../../server/src/store/level.ts'
import { openLevelStore, type StoreChoices } from './level-store.ts'

/** Opens a store; closed when the test has finished, if it is still open then. */
export async function openStore(directory: string, options: StoreChoices = {}): Promise<LevelStore> {
  const store = await openLevelStore(directory, options)
  // A store whose disk was broken by the test refuses to close well; that is for the test to say.
  onTestFinished(() => store.close().catch(() => undefined))
  return store
}

// What a catalog of languages/ says: all of these words. What it leaves out is said in English, and test/web/catalogs.test.ts names it.

import type { BlockWords } from './block-words.ts'
import type { Translated } from './overlay.ts'
import type { ToolWords } from './tool-words.ts'
import type { EditorWords } from './words.ts'

export type EditorCatalog = Translated<Omit<EditorWords, 'tools' | 'inBlocks'>> & {
  readonly tools: Translated<ToolWords>
  readonly inBlocks: Translated<BlockWords>
}

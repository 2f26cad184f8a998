// The same for the words of the editor, which only documents need.

import type { EditorCatalog } from '@sheaf/editor'
import { setWords } from '@sheaf/editor/set-words'
import type { Tag } from './tags.ts'

export const editorCatalogs: Readonly<Record<Exclude<Tag, 'en'>, () => Promise<{ readonly catalog: EditorCatalog }>>> =
  {
    de: () => import('@sheaf/editor/languages/de'),
    fr: () => import('@sheaf/editor/languages/fr'),
    es: () => import('@sheaf/editor/languages/es'),
    pt: () => import('@sheaf/editor/languages/pt'),
    ja: () => import('@sheaf/editor/languages/ja'),
    'zh-Hans': () => import('@sheaf/editor/languages/zh-Hans'),
    ar: () => import('@sheaf/editor/languages/ar'),
  }

export async function speakInEditor(tag: Exclude<Tag, 'en'>): Promise<void> {
  const { catalog } = await editorCatalogs[tag]()
  setWords(catalog, tag)
}

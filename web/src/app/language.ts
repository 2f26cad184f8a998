// Which language the interface speaks: the one that was chosen in this browser, else the first of the browser's own that there is a
// catalog for, else English, which is built in. A catalog is fetched before the first page is drawn; another choice takes a reload.

import { phrase } from '@sheaf/editor/plural'
import { type Tag, tags } from './languages/tags.ts'

const languageKey = 'sheaf.language'

/** The tag of the language that this page speaks. */
export const language = pickLanguage(chosen(), navigator.languages) as Tag

/** @param wanted tags, the dearest first; a tag finds its own language and, with the parts after a hyphen left out, its wider one. */
export function pickLanguage(
  chosenTag: string | null,
  wanted: readonly string[],
  known: readonly string[] = tags,
): string {
  for (const tag of chosenTag === null ? wanted : [chosenTag, ...wanted]) {
    for (let part = tag; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('-')))) {
      const found = known.find(key => key.toLowerCase() === part.toLowerCase())
      if (found !== undefined) return found
    }
    // Chinese without more is written in simplified characters by most who ask for it.
    const wider = known.find(key => key.split('-')[0] === tag.split('-')[0])
    if (wider !== undefined) return wider
  }
  return 'en'
}

/** Resolves when `words` speak the language of this page; stays with English where the catalog cannot be fetched. */
export async function loadLanguage(): Promise<void> {
  if (language === 'en') return
  try {
    const { speakLanguage } = await import('./languages/catalogs.ts')
    await speakLanguage(language)
  } catch {
    // No network, and not in the cache: English is better than nothing.
  }
}

/** The same for the words of the editor. */
export async function loadEditorLanguage(): Promise<void> {
  if (language === 'en' || phrase.tag === 'en') return
  try {
    const { speakInEditor } = await import('./languages/editor-catalogs.ts')
    await speakInEditor(language)
  } catch {
    // As above.
  }
}

/** @returns whether the page is to be loaded anew to speak it. */
export function keepLanguage(tag: string): boolean {
  try {
    localStorage.setItem(languageKey, tag)
  } catch {
    // Storage is switched off: the browser's own language counts.
    return false
  }
  return pickLanguage(tag, navigator.languages) !== language
}

function chosen(): string | null {
  try {
    return localStorage.getItem(languageKey)
  } catch {
    return null
  }
}

// Which language the interface speaks: the one that was chosen in this browser, else the first of the browser's own that there is a
// catalog for, else English. A catalog is fetched before the first page is drawn; another choice takes a reload.

import { phrase } from '@sheaf/editor/plural'
import { speak, type Words } from './words.ts'

interface Language {
  /** As its speakers call it. */
  readonly name: string
  readonly rightToLeft?: boolean
  /** Absent for English, which is built in. */
  readonly load?: () => Promise<Words>
  /** The words of the editor. */
  readonly loadEditor?: () => Promise<void>
}

/** By BCP 47 tag. */
export const languages: Readonly<Record<string, Language>> = {
  en: { name: 'English' },
}

export const languageKey = 'sheaf.language'

/** The tag of the language that this page speaks. */
export const language = pickLanguage(chosen(), navigator.languages)

/** @param wanted tags, the dearest first; a tag finds its own language and, with the parts after a hyphen left out, its wider one. */
export function pickLanguage(
  chosenTag: string | null,
  wanted: readonly string[],
  known: Readonly<Record<string, unknown>> = languages,
): string {
  for (const tag of chosenTag === null ? wanted : [chosenTag, ...wanted]) {
    for (let part = tag; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('-')))) {
      const found = Object.keys(known).find(key => key.toLowerCase() === part.toLowerCase())
      if (found !== undefined) return found
    }
    // Chinese without more is written in simplified characters by most who ask for it.
    const wider = Object.keys(known).find(key => key.split('-')[0] === tag.split('-')[0])
    if (wider !== undefined) return wider
  }
  return 'en'
}

/** Resolves when `words` speak the language of this page; stays with English where the catalog cannot be fetched. */
export async function loadLanguage(): Promise<void> {
  const spoken = languages[language]!
  if (spoken.load === undefined) return
  try {
    speak(await spoken.load(), language)
  } catch {
    // No network, and not in the cache: English is better than nothing.
    return
  }
  document.documentElement.lang = language
  document.documentElement.dir = spoken.rightToLeft === true ? 'rtl' : 'ltr'
}

/** The same for the words of the editor. */
export async function loadEditorLanguage(): Promise<void> {
  if (phrase.tag === language) await languages[language]!.loadEditor?.().catch(() => undefined)
}

export function chooseLanguage(tag: string): void {
  try {
    localStorage.setItem(languageKey, tag)
  } catch {
    // Storage is switched off: the browser's own language counts.
    return
  }
  location.reload()
}

function chosen(): string | null {
  try {
    return localStorage.getItem(languageKey)
  } catch {
    return null
  }
}

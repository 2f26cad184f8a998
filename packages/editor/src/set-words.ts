// The words of another language in the place of those there are.

import { overlay, type Translated } from './overlay.ts'
import { phrase } from './plural.ts'
import { type EditorWords, words } from './words.ts'

/**
 * What the catalog leaves out stays English. Before the first editor is made.
 * @param tag of the language (BCP 47), for numbers and plurals.
 */
export function setWords(catalog: Translated<EditorWords>, tag: string): void {
  overlay(words, catalog)
  phrase.tag = tag
}

// The catalogs of the interface, each in a file that comes when it is spoken. None of this comes to those who read English.

import { overlay } from '@sheaf/editor/overlay'
import { phrase } from '@sheaf/editor/plural'
import { nameNewGuest } from '../identity.ts'
import { words } from '../words.ts'
import type { Catalog } from './catalog.ts'
import type { Tag } from './tags.ts'

type Loaded<T> = () => Promise<T>

export const catalogs: Readonly<Record<Exclude<Tag, 'en'>, Loaded<{ readonly catalog: Catalog }>>> = {
  de: () => import('./de.ts'),
  fr: () => import('./fr.ts'),
  es: () => import('./es.ts'),
  pt: () => import('./pt.ts'),
  ja: () => import('./ja.ts'),
  'zh-Hans': () => import('./zh-Hans.ts'),
  ar: () => import('./ar.ts'),
}

/** Resolves when all pages speak it. */
export async function speakLanguage(tag: Exclude<Tag, 'en'>): Promise<void> {
  const { catalog } = await catalogs[tag]()
  overlay(words, catalog)
  phrase.tag = tag
  nameNewGuest()
  document.documentElement.lang = tag
  document.documentElement.dir = tag === 'ar' ? 'rtl' : 'ltr'
}

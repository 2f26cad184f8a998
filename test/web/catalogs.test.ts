// Every catalog of the interface and of the editor says all that English says: each word, with the same places for names, and with each
// plural form that the language has. What is missing is said in English until it is there, and named here.
// @vitest-environment happy-dom

import { phrase } from '@sheaf/editor/plural'
import { afterEach, describe, expect, test } from 'vitest'
import { words as blockWords } from '../../packages/editor/src/block-words.ts'
import { toolWords } from '../../packages/editor/src/tool-words.ts'
import { words as editorWords } from '../../packages/editor/src/words.ts'
import { accountWords } from '../../web/src/app/account/account-words.ts'
import { adminWords } from '../../web/src/app/admin/admin-words.ts'
import { aroundWords } from '../../web/src/app/document/around-words.ts'
import { endingWords } from '../../web/src/app/document/ending-words.ts'
import { templateWords } from '../../web/src/app/home/template-words.ts'
import { words as homeWords } from '../../web/src/app/home/words.ts'
import { catalogs } from '../../web/src/app/languages/catalogs.ts'
import { editorCatalogs } from '../../web/src/app/languages/editor-catalogs.ts'
import { type Counted, words } from '../../web/src/app/words.ts'

type Say = (...args: (string | number)[]) => string

const english = {
  ...words,
  around: aroundWords,
  homePage: { ...homeWords },
  templates: templateWords,
  ending: endingWords,
  account: accountWords,
  admin: adminWords,
}
const editorEnglish = { ...editorWords, keys: {}, tools: toolWords, inBlocks: blockWords }

describe.each(Object.keys(catalogs) as (keyof typeof catalogs)[])('the catalog in %s', tag => {
  afterEach(() => {
    phrase.tag = 'en'
  })

  test('says all that the pages say', async () => {
    const { catalog } = await catalogs[tag]()
    phrase.tag = tag
    expect(faults(english, catalog, tag)).toEqual([])
  })

  test('says all that the editor says', async () => {
    const { catalog } = await editorCatalogs[tag]()
    phrase.tag = tag
    expect(faults(editorEnglish, { ...catalog, keys: {} }, tag)).toEqual([])
  })
})

/** What a catalog lacks, or says with other places for names than English, as `key: what is wrong`. */
function faults(own: object, other: object, tag: string, path = ''): string[] {
  const all = [...new Set([...Object.keys(own), ...Object.keys(other)])]
  return all.flatMap(key => {
    const at = path === '' ? key : `${path}.${key}`
    const [here, there]: unknown[] = [Reflect.get(own, key), Reflect.get(other, key)]
    if (there === undefined) return [`${at}: is missing`]
    if (here === undefined) return [`${at}: is not said in English any more`]
    if (typeof here === 'function') {
      return typeof there === 'function' ? sayingFaults(here as Say, there as Say, tag, at) : [`${at}: is no function`]
    }
    if (typeof here === 'object') {
      if (Array.isArray(here) && here.length !== (there as string[]).length) return [`${at}: has another length`]
      return faults(here as object, there as object, tag, at)
    }
    return there === '' ? [`${at}: is empty`] : []
  })
}

function sayingFaults(here: Say, there: Say, tag: string, at: string): string[] {
  const forms = (there as unknown as Partial<Counted>).forms
  if (forms !== undefined) {
    // One form for all numbers is a choice; two of six are a mistake.
    const isAlike = Object.keys(forms).length === 1
    return [...(isAlike ? [] : missingForms(forms, tag, at)), ...silentForms(forms, at)]
  }
  const names = Array.from({ length: here.length }, (_, index) => `name${index}`)
  const kept = (say: Say): string[] => names.filter(name => say(...names).includes(name))
  const lost = kept(here).filter(name => !kept(there).includes(name))
  return lost.map(name => `${at}: leaves out the place of ${name}`)
}

/** The forms that numbers of everyday use take. */
function missingForms(forms: object, tag: string, at: string): string[] {
  const rules = new Intl.PluralRules(tag)
  const wanted = new Set(Array.from({ length: 1_000 }, (_, count) => rules.select(count)))
  return [...wanted].filter(form => !(form in forms)).map(form => `${at}: has no form for “${form}”`)
}

/** Only where a form stands for one number may it leave the number out; a sentence without any number is another thing. */
function silentForms(forms: Readonly<Record<string, string>>, at: string): string[] {
  if (!Object.values(forms).some(form => form.includes('#'))) return []
  return Object.entries(forms)
    .filter(([name, form]) => !['zero', 'one', 'two'].includes(name) && !form.includes('#'))
    .map(([name]) => `${at}: leaves out the number in “${name}”`)
}

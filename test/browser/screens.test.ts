// Every screen in both themes as axe sees it: WCAG 2.2 AA, no exception. A new screen is one entry in the list.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

interface Screen {
  readonly name: string
  /** `document` or a path; the document holds every kind of block. */
  readonly at: string
  /** Brings the page from there to what is looked at. */
  readonly show?: (page: Page) => Promise<void>
}

const screens: readonly Screen[] = [
  { name: 'home', at: '/' },
  { name: 'a menu of the home page', at: '/', show: page => page.locator('[aria-haspopup=menu]').last().click() },
  { name: 'a document', at: 'document' },
  { name: 'the menu of a document', at: 'document', show: page => page.getByRole('button', { name: 'More' }).click() },
  {
    name: 'the dialog for name and colour',
    at: 'document',
    show: async page => {
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Change name' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'the slash menu',
    at: 'document',
    show: async page => {
      await page.locator('.sheaf-text').click()
      await page.keyboard.press('Control+End')
      await page.keyboard.press('Enter')
      await page.keyboard.type('/')
      await page.getByRole('listbox').waitFor()
    },
  },
  {
    name: 'find',
    at: 'document',
    show: async page => {
      await page.keyboard.press('Control+f')
      await page.getByRole('search').waitFor()
    },
  },
]

/** One of each, with marks, for the colours of all of them. */
const markdown = [
  '# Head',
  'A paragraph with **bold**, `code`, [a link](https://example.org) and <mark>a mark</mark>.',
  '- bullet',
  '1. number',
  '- [x] done',
  '- [ ] task',
  '> quote',
  '> [!TIP]\n> tip',
  '> [!WARNING]\n> careful',
  '```js\nconst a = 1\n```',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '---',
].join('\n\n')

describeUnless(noChromium, 'every screen is accessible', () => {
  const here = adaAlone()

  beforeAll(async () => {
    await createDocument(here.server.url, 'screens', { title: 'Screens', text: 'A line.' })
    const { page } = here.ada
    await here.ada.open(here.server.url, 'screens')
    await here.ada.clickBody()
    await page.keyboard.press('Control+a')
    await page.evaluate(text => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.querySelector('.sheaf-text')!.dispatchEvent(paste)
    }, markdown)
    await here.ada.sees('A paragraph', 'careful')
    await here.ada.says(/^Saved$/)
  })

  test.each(screens)('$name', async ({ at, show }) => {
    const { page } = here.ada
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    if (at === 'document') await here.ada.open(here.server.url, 'screens')
    else {
      await page.goto(`${here.server.url}${at}`)
      await page.locator('h1').first().waitFor()
    }
    await show?.(page)
    const light = await violations(page)
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    expect({ light, dark: await violations(page) }).toEqual({ light: [], dark: [] })
  })

  /** Rule and element of whatever is wrong. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe)
    return page.evaluate(async tags => {
      // What fades in, or takes the colours of another theme, is looked at when it is there.
      await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
      await Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => undefined)))
      const { run } = (globalThis as unknown as { axe: { run: (...args: unknown[]) => Promise<Results> } }).axe
      const found = await run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
      return found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}`))
    }, rules)
  }
})

interface Results {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}

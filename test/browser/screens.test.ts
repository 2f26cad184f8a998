// Every screen in both themes as axe sees it: WCAG 2.2 AA, no exception. A new screen is one entry in the list.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { defaultLimits } from '@sheaf/protocol'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../server/src/log.ts'
import { createServer, type SheafServer } from '../../server/src/server.ts'
import { type Place, quickPasswords, settle } from '../helpers/browsers.ts'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const everyRule = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
/** What another theme can change. */
const rulesOfColour = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

interface Screen {
  readonly name: string
  /** `document`, or a path; the document holds every kind of block. */
  readonly at: string
  /** The open server, by default; `place` has accounts, and the owner looks; `stranger` has none; `new` has not been set up yet. */
  readonly on?: 'place' | 'stranger' | 'new'
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
    name: 'the formats that a document can be had in',
    at: 'document',
    show: async page => {
      await page.getByRole('button', { name: 'More', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Export…' }).click()
      await page.getByRole('dialog').getByRole('link', { name: 'Word' }).waitFor()
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
  {
    name: 'the bubble menu',
    at: 'document',
    show: async page => {
      await page.locator('strong').dblclick()
      await page.getByRole('toolbar', { name: 'Format' }).waitFor()
    },
  },
  {
    name: 'the block menu',
    at: 'document',
    show: async page => {
      await page.getByText('A paragraph with').hover()
      await page.getByRole('button', { name: 'Block menu' }).click()
      await page.getByRole('menu', { name: 'Block menu' }).waitFor()
    },
  },
  {
    name: 'the menu of a table',
    at: 'document',
    show: async page => {
      await page.locator('td').first().click()
      await page.getByRole('button', { name: 'Table' }).click()
      await page.getByRole('menu', { name: 'Table' }).waitFor()
    },
  },
  {
    name: 'the command palette',
    at: 'document',
    show: async page => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
    },
  },
  {
    name: 'the shortcut sheet',
    at: 'document',
    show: async page => {
      await page.keyboard.press('Control+Shift+?')
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'folders', at: '/?folders' },
  { name: 'documents on this device', at: '/?kept' },
  {
    name: 'the trash',
    at: '/?trash',
    show: page => page.getByText('Thrown away').waitFor(),
  },
  { name: 'an address that is none', at: '/nowhere' },
  { name: 'a document that is in the trash', at: '/d/thrown-away' },
  { name: 'first run', at: '/setup', on: 'new' },
  { name: 'signing in', at: '/signin', on: 'stranger' },
  { name: 'a link that has ended', at: '/reset', on: 'stranger' },
  { name: 'the home page of somebody with an account', at: '/', on: 'place' },
  ...['overview', 'people', 'links', 'live', 'limits', 'audit'].map(section => ({
    name: `the administration, ${section}`,
    at: `/admin?${section}`,
    on: 'place' as const,
    show: (page: Page) =>
      page.locator('.admin-main :is(.admin-rows li, .admin-figures, .admin-note, tbody)').first().waitFor(),
  })),
  {
    name: 'where one is signed in',
    at: '/devices',
    on: 'place',
    show: page => page.locator('.admin-rows li').first().waitFor(),
  },
  {
    name: 'the share dialog',
    at: '/d/shared',
    on: 'place',
    show: async page => {
      await page.getByRole('button', { name: 'Share' }).click()
      await page.getByRole('dialog').getByText('mira@example.org').waitFor()
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
  let place: Place
  let unset: SheafServer

  beforeAll(async () => {
    place = await settle(await accounts())
    unset = await accounts()
    return async () => {
      await Promise.all([place.server.close({ atOnce: true }), unset.close({ atOnce: true })])
    }
  })

  beforeAll(async () => {
    await place.owner.ask('PUT', '/documents/shared', { title: 'Shared' }, { 'if-none-match': '*' })
    await createDocument(here.server.url, 'thrown-away', { title: 'Thrown away' })
    await fetch(`${here.server.url}/api/v1/documents/thrown-away`, { method: 'DELETE' })
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

  test.each(screens)('$name', async ({ at, on, show }) => {
    const { page } = here.ada
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await goTo(at, on)
    await show?.(page)
    const light = await violations(page, everyRule)
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    expect({ light, dark: await violations(page, rulesOfColour) }).toEqual({ light: [], dark: [] })
    // The next one may look at the same page: what was opened is closed.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
  })

  test.each(['/', 'document', '/signin'])('on %s the focus can be seen wherever Tab takes it', async at => {
    const { page } = here.ada
    await goTo(at, at === '/signin' ? 'stranger' : undefined)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    const hidden: string[] = []
    const seen = new Set<string>()
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab')
      const found = await page.evaluate(lookAtFocus)
      if (found === null || seen.has(found.name)) continue
      seen.add(found.name)
      if (!found.isShown) hidden.push(found.name)
    }
    expect(seen.size).toBeGreaterThanOrEqual(3)
    expect(hidden).toEqual([])
  })

  /** Not anew where the page is there already. */
  async function goTo(at: string, on: Screen['on']): Promise<void> {
    const { page } = here.ada
    if (at === 'document') {
      if (page.url() !== `${here.server.url}/d/screens`) await here.ada.open(here.server.url, 'screens')
      return
    }
    await page.goto(await address(at, on))
    await page.locator('h1').first().waitFor()
  }

  /** Where a screen is, for whoever looks at it. */
  async function address(path: string, on: Screen['on']): Promise<string> {
    if (on === undefined) return `${here.server.url}${path}`
    if (on === 'new') return `${unset.url}${path}#${unset.authority.invitations.beginSetUp()}`
    await here.ada.context.clearCookies()
    if (on === 'place') await here.ada.context.addCookies(cookies(place.owner.cookie, place.server.url))
    return `${place.server.url}${path}`
  }

  /** Rule and element of whatever is wrong. */
  async function violations(page: Page, runOnly: object): Promise<string[]> {
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
    return page.evaluate(async only => {
      // What fades in, or takes the colours of another theme, is looked at when it is there.
      await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
      await Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => undefined)))
      const { run } = (globalThis as unknown as { axe: { run: (...args: unknown[]) => Promise<Results> } }).axe
      const found = await run(document, { runOnly: only, resultTypes: ['violations'] })
      return found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}`))
    }, runOnly)
  }
})

/** Runs in the page. Null where the page itself has the focus; the text shows its caret. */
function lookAtFocus(): { name: string; isShown: boolean } | null {
  const element = document.activeElement as HTMLElement | null
  if (element === null || element === document.body) return null
  const name = `${element.tagName} ${element.className} ${element.getAttribute('aria-label') ?? element.textContent?.slice(0, 20) ?? ''}`
  const isRinged = (pseudo: string | null): boolean => {
    const style = getComputedStyle(element, pseudo)
    return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2
  }
  const field = element.closest('.field')
  const isFramed = field !== null && getComputedStyle(field).boxShadow !== 'none'
  return { name, isShown: element.isContentEditable || isRinged(null) || isRinged('::after') || isFramed }
}

function accounts(): Promise<SheafServer> {
  return createServer({
    data: '',
    memory: true,
    listen: { host: '127.0.0.1', port: 0 },
    openMode: false,
    log: silentLog,
    limits: defaultLimits,
    passwords: quickPasswords(),
  })
}

/** @param header as a browser sends it. */
function cookies(header: string, url: string): { name: string; value: string; url: string }[] {
  return header.split('; ').map(pair => {
    const [name = '', value = ''] = pair.split('=')
    return { name, value, url }
  })
}

interface Results {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}

// Coming back: what others changed meanwhile is said once, marked, and gone through place by place.

import type { Browser } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { launchChromium, noChromium } from '../helpers/chromium.ts'
import { createDocument, idNow } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'
import { Person } from './editor-page.ts'

const text = Array.from({ length: 60 }, (_, index) => `Paragraph ${index}.`).join('\n')
const longMs = 10 * 60_000
/** After so long unwatched a page leaves the server. */
const unwatchedMs = 5 * 60_000

describeUnless(noChromium, 'somebody who was away', () => {
  let browser: Browser
  let server: ServerProcess
  /** Ada's, which can be cut. */
  let network: TcpProxy
  let ada: Person
  let ben: Person

  beforeAll(async () => {
    browser = await launchChromium()
    server = await ServerProcess.start()
    network = await TcpProxy.start(server.port)
    ada = await Person.arrive({ name: 'Ada', color: 2, browser })
    ben = await Person.arrive({ name: 'Ben', color: 7, browser })
    return async () => {
      await browser.close()
      await network.close()
      await server.dispose()
    }
  })

  test('K27: is told after a new opening who changed how many places, goes from one to the next, and puts it away', async () => {
    await createDocument(server.url, 'reopened', { title: 'Plan', text })
    await Promise.all([ada.open(network.url, 'reopened'), ben.open(network.url, 'reopened')])
    await meets(ada, 'Ben')
    await ada.closeTab()
    await write(ben, 'Paragraph 3.', ' Ben was here.')
    await write(ben, 'Paragraph 50.', ' And here.')
    await ben.says(/^Saved$/)
    await ben.closeTab()
    await lookedLast(ada, 'reopened', longMs)
    await ada.open(network.url, 'reopened')
    await ada.page.getByText('While you were away, Ben changed 2 places.', { exact: true }).first().waitFor()
    expect(await marked(ada)).toEqual([' Ben was here.', ' And here.'])
    expect(await ada.page.locator('.sheaf-missed.p7').count()).toBe(2)
    await ada.page.getByRole('button', { name: 'Show me' }).click()
    await ada.reads('1 of 2')
    await ada.page.locator('.sheaf-strands .p7').first().waitFor()
    await ada.page.getByRole('button', { name: 'Next' }).click()
    await ada.reads('2 of 2')
    await inSight(ada, 'And here.')
    await ada.page.locator('.missed').getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => marked(ada)).toEqual([])
    expect(await ada.page.locator('.sheaf-strands, .missed').count()).toBe(0)
  })

  test('K27: has missed nothing after a moment', async () => {
    await createDocument(server.url, 'moment', { title: 'Plan', text })
    await ada.open(network.url, 'moment')
    await ada.says(/^Saved$|^$/)
    await ada.closeTab()
    await ben.open(network.url, 'moment')
    await write(ben, 'Paragraph 4.', ' At once.')
    await ben.says(/^Saved$/)
    await ada.open(network.url, 'moment')
    await ada.sees('At once.')
    await ada.says(/^Saved$/)
    expect(await ada.page.locator('.missed, .sheaf-missed').count()).toBe(0)
  })

  test('K27: is told after hours without a network, and never of their own words', async () => {
    await createDocument(server.url, 'offline-long', { title: 'Plan', text })
    await ada.page.clock.install()
    await Promise.all([ada.open(network.url, 'offline-long'), ben.open(server.url, 'offline-long')])
    await meets(ada, 'Ben')
    network.cut()
    await ada.context.setOffline(true)
    await ada.says(/^Offline/)
    await write(ada, 'Paragraph 10.', ' Mine.')
    await write(ben, 'Paragraph 10.', ' His.')
    await ben.says(/^Saved$/)
    await ada.page.clock.fastForward(longMs)
    network.mend()
    await ada.context.setOffline(false)
    await ada.sees('Mine.', 'His.')
    await ada.page.getByText('While you were away, Ben changed 1 place.', { exact: true }).first().waitFor()
    expect(await marked(ada)).toEqual([' His.'])
  })

  test('leaves the server while nobody looks at the tab, is back at once, and sends what was written unseen', async () => {
    await createDocument(server.url, 'hidden', { title: 'Plan', text })
    await ada.page.clock.install()
    await Promise.all([ada.open(network.url, 'hidden'), ben.open(server.url, 'hidden')])
    await meets(ada, 'Ben')
    await expect.poll(() => ben.avatars()).toEqual(['Ada'])
    await shorten(ada, unwatchedMs)
    await look(ada, 'hidden')
    await expect.poll(() => ben.avatars()).toEqual([])
    await ada.page.clock.fastForward(longMs)
    await write(ben, 'Paragraph 10.', ' Unseen.')
    await ben.says(/^Saved$/)
    expect(await ada.text()).not.toContain('Unseen')
    await look(ada, 'visible')
    await ada.sees('Unseen.')
    await ada.reads('While you were away, Ben changed 1 place.')
    await expect.poll(() => ben.avatars()).toEqual(['Ada'])
    await look(ada, 'hidden')
    await expect.poll(() => ben.avatars()).toEqual([])
    await write(ada, 'Paragraph 12.', ' At once.')
    await ben.sees('At once.')
  })

  /** As if another tab were in front of it. */
  async function look(person: Person, state: 'hidden' | 'visible'): Promise<void> {
    await person.page.evaluate(now => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => now })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  }

  /** Timers of this length end soon. A clock that leaps would wake the socket's watchdog first, which has heard nothing meanwhile. */
  async function shorten(person: Person, lengthMs: number): Promise<void> {
    await person.page.evaluate(length => {
      const wait = globalThis.setTimeout
      const hurried = (run: () => void, ms?: number) => wait(run, ms === length ? 100 : ms)
      globalThis.setTimeout = hurried as typeof setTimeout
    }, lengthMs)
  }

  /** Puts the caret behind a paragraph and types. */
  async function write(person: Person, paragraph: string, words: string): Promise<void> {
    await person.page.locator('.sheaf-text p', { hasText: paragraph }).click()
    await person.page.keyboard.press('End')
    await person.type(words)
  }

  function marked(person: Person): Promise<string[]> {
    return person.page.locator('.sheaf-missed').allTextContents()
  }

  /** Resolves when one knows the other by the name that the server has for them. */
  async function meets(person: Person, name: string): Promise<void> {
    await person.page.waitForFunction(
      other =>
        Object.entries(JSON.parse(localStorage.getItem('sheaf.met') ?? '{}')).some(
          ([id, met]) => !id.startsWith('guest-') && (met as { name: string }).name === other,
        ),
      name,
    )
  }

  async function lookedLast(person: Person, documentId: string, agoMs: number): Promise<void> {
    await person.page.goto(`${network.url}/`)
    await person.page.evaluate(
      ([id, ago]) => localStorage.setItem('sheaf.seen', JSON.stringify({ [id]: Date.now() - ago })),
      [idNow(documentId), agoMs] as const,
    )
  }

  async function inSight(person: Person, words: string): Promise<void> {
    await person.page.waitForFunction(wanted => {
      const found = [...document.querySelectorAll('.sheaf-missed')].find(mark => mark.textContent!.includes(wanted))
      const box = found?.getBoundingClientRect()
      return box !== undefined && box.top > 52 && box.bottom < innerHeight
    }, words)
  }
})

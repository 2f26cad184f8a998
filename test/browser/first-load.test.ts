// What Chromium loads before a document can be read and written in, counted as it travels: all of it from this server, none of it
// too much. What the page fetches once it stands (menus, the other page) is in nobody's way.

import { afterEach, beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

const maxDocumentBytes = 140_000
const maxHomeBytes = 40_000

describeUnless(noChromium, 'the first load', () => {
  let server: ServerProcess
  let ada: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    return () => server.dispose()
  })

  afterEach(() => ada.leave())

  test('JavaScript of the document page is at most 140 KB as it travels (docs/decisions/0008)', async () => {
    await createDocument(server.url, 'first-load', { title: 'First', text: 'Hello.' })
    ada = await Person.arrive({ name: 'Ada', initScript: noteWhenShown('.sheaf-text') })
    await ada.open(server.url, 'first-load')
    await ada.sees('Hello.')
    await expectScriptsWithin(maxDocumentBytes)
  })

  test('JavaScript of the home page is at most 40 KB as it travels: no editor, no Yjs', async () => {
    ada = await Person.arrive({ name: 'Ada', initScript: noteWhenShown('h1') })
    await ada.page.goto(server.url)
    await ada.reads('New document')
    await expectScriptsWithin(maxHomeBytes)
  })

  test('nothing moves when the text arrives, nor when its tools, the place and the menus do', async () => {
    await createDocument(server.url, 'still', { title: 'Still', text: 'A line that is read. '.repeat(60) })
    ada = await Person.arrive({ name: 'Ada', initScript: noteShifts })
    await ada.open(server.url, 'still')
    await ada.sees('A line that is read.')
    await ada.page.locator('.header-star').waitFor()
    await ada.page.locator('.document-foot').waitFor()
    await ada.page.getByRole('button', { name: 'More', exact: true }).and(ada.page.locator(':enabled')).waitFor()
    const shifts = await ada.page.evaluate(() => (globalThis as { shifts?: string[] }).shifts)
    expect(shifts).toEqual([])
  })

  test('everything comes from this server, and the console stays empty', async () => {
    await createDocument(server.url, 'quiet', { title: 'Quiet', text: 'Hello.' })
    ada = await Person.arrive({ name: 'Ada' })
    const foreign: string[] = []
    const complaints: string[] = []
    ada.page.on('request', request => {
      if (new URL(request.url()).origin !== server.url && !request.url().startsWith('data:'))
        foreign.push(request.url())
    })
    ada.page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    ada.page.on('pageerror', error => complaints.push(String(error)))
    await ada.open(server.url, 'quiet')
    await ada.sees('Hello.')
    await ada.clickBody()
    await ada.type('!')
    await ada.says(/^Saved$/)
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
  })

  async function expectScriptsWithin(maxBytes: number): Promise<void> {
    const sizes = await ada.page.evaluate(() => {
      const { shownMs } = globalThis as { shownMs?: number }
      return (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(entry => entry.name.endsWith('.js') && entry.startTime <= shownMs!)
        .map(entry => ({ url: entry.name, bytes: entry.encodedBodySize }))
    })
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(sizes.length).toBeGreaterThan(2)
    expect(total, sizes.map(({ url, bytes }) => `${bytes} ${url}`).join('\n')).toBeLessThanOrEqual(maxBytes)
  }
})

/** Notes what moves without anybody having done anything, and where to. */
const noteShifts = `
  globalThis.shifts = []
  new PerformanceObserver(list => {
    for (const { hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue
      for (const { node, previousRect: from, currentRect: to } of sources) {
        const name = node?.className ?? node?.nodeName
        shifts.push(name + ': ' + [from.x, from.y].map(Math.round) + ' to ' + [to.x, to.y].map(Math.round))
      }
    }
  }).observe({ type: 'layout-shift', buffered: true })
`

/** Notes when the page first shows an element. */
function noteWhenShown(selector: string): string {
  return `
    new MutationObserver((_changes, observer) => {
      if (document.querySelector(${JSON.stringify(selector)}) === null) return
      globalThis.shownMs = performance.now()
      observer.disconnect()
    }).observe(document, { subtree: true, childList: true })
  `
}

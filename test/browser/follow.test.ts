// Going to other people and following them, with the pointer and by key: by the place in the document, on windows of different widths.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

const lines = Array.from(
  { length: 120 },
  (_, i) => `line ${i} of a text that is long enough to wrap in a narrow window`,
)

describeUnless(noChromium, 'following', () => {
  let server: ServerProcess
  let ada: Person
  let ben: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    ada = await Person.arrive({ name: 'Ada Ruiz', color: 2, initScript: noteWhatIsSaid })
    ben = await Person.arrive({ name: 'Ben', color: 7, context: { viewport: { width: 700, height: 500 } } })
    await createDocument(server.url, 'follow', { title: 'Follow', text: lines.join('\n') })
    await Promise.all([ada.open(server.url, 'follow'), ben.open(server.url, 'follow')])
    await ben.clickBody()
    await ben.page.keyboard.press('Enter')
    await ben.type('## What it costs ')
    await ada.sees('What it costs')
    await ada.seesCaretOf('Ben')
  })

  afterAll(async () => {
    await Promise.all([ada.leave(), ben.leave()])
    await server.dispose()
  })

  const avatar = () => ada.page.getByRole('button', { name: 'Ben', exact: true })
  const banner = () => ada.page.locator('.following')

  /** Resolves when the caret of the other stands within the window. */
  async function adaSeesBen(): Promise<void> {
    await ada.page.waitForFunction(() => {
      const box = document.querySelector('.sheaf-caret:not([hidden])')?.getBoundingClientRect()
      return box !== undefined && box.top > 0 && box.bottom < innerHeight
    })
  }

  test('who joins is named for a moment and said, and so is who edits a section', async () => {
    // Who is seen right after Ada came was here before her, and did not join.
    await ada.page.waitForFunction(() => performance.now() > 5000)
    const cleo = await Person.arrive({ name: 'Cleo', color: 4 })
    onTestFinished(() => cleo.leave())
    await cleo.open(server.url, 'follow')
    await ada.page.locator('.arrival', { hasText: 'Cleo joined' }).waitFor()
    const said = () => ada.page.evaluate(() => (globalThis as { said?: string[] }).said)
    await expect.poll(said).toContain('Cleo joined')
    await expect.poll(said).toContain('Ben edits “What it costs”')
    expect(await said()).not.toContain('Ada Ruiz joined')
    // A heading is named when it has been written, not at every letter.
    expect((await said())?.filter(text => text.startsWith('Ben edits'))).toEqual(['Ben edits “What it costs”'])
    await ada.page.locator('.arrival').waitFor({ state: 'detached' })
    await cleo.leave()
    await expect.poll(said).toContain('Cleo left')
  })

  test('K22: the tooltip says where somebody is', async () => {
    await avatar().hover()
    await ada.reads('Ben, in “What it costs”')
  })

  test('K22: a click goes there, a second one follows wherever they go, Escape ends it', async () => {
    onTestFinished(() => ada.page.keyboard.press('Escape'))
    await avatar().click()
    await adaSeesBen()
    expect(await banner().count()).toBe(0)
    await avatar().click()
    await ada.reads('Following Ben — Esc to stop')
    await ben.page.keyboard.press('Control+Home')
    await expect.poll(() => ada.page.evaluate(() => scrollY)).toBeLessThan(300)
    await adaSeesBen()
    await ben.page.keyboard.press('Control+End')
    await expect.poll(() => ada.page.evaluate(() => scrollY)).toBeGreaterThan(300)
    await adaSeesBen()
    await ada.page.keyboard.press('Escape')
    await banner().waitFor({ state: 'detached' })
    const before = await ada.page.evaluate(() => scrollY)
    await ben.page.keyboard.press('Control+Home')
    await ada.page.getByRole('button', { name: 'Go to Ben' }).waitFor()
    expect(await ada.page.evaluate(() => scrollY)).toBe(before)
  })

  test('K22: the wheel ends it, too', async () => {
    await avatar().click()
    await adaSeesBen()
    await avatar().click()
    await ada.reads('Following Ben — Esc to stop')
    await ada.page.mouse.wheel(0, 50)
    await banner().waitFor({ state: 'detached' })
  })

  test('K22: by key the caret goes to the next person, and it is said where that is', async () => {
    await ben.page.keyboard.press('Control+End')
    await ada.page.getByRole('button', { name: 'Go to Ben' }).waitFor()
    await ada.page.keyboard.press('Control+Alt+p')
    await adaSeesBen()
    await ada.page.waitForFunction(
      () => document.querySelector('[aria-live=polite]')?.textContent === 'Beside Ben, in “What it costs”',
    )
    await ada.type('(ada)')
    await ben.sees('What it costs (ada)')
  })
})

/** Runs in the page: all that its voice says, in order. */
const noteWhatIsSaid = `
  globalThis.said = []
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => {
      const text = document.querySelector('[aria-live=polite].visually-hidden')?.textContent ?? ''
      if (text !== '' && globalThis.said.at(-1) !== text) globalThis.said.push(text)
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
`

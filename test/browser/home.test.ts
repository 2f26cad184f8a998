// The home page as a person uses it: folders, stars, a selection, the trash and the search, with the pointer and with keys alone.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'the home page', () => {
  let server: ServerProcess
  let ada: Person

  beforeEach(async () => {
    server = await ServerProcess.start()
    for (const [id, title, text] of [
      ['plan', 'The plan', 'Ship in May'],
      ['notes', 'Notes', 'The gutter first, then the lamps'],
      ['speech', 'Opening speech', 'A house with one large door'],
    ] as const) {
      await createDocument(server.url, id, { title, text })
    }
    ada = await Person.arrive({ name: 'Ada' })
    await ada.page.goto(server.url)
    await ada.page.getByText('Opening speech').waitFor()
  })
  afterEach(async () => {
    await ada.leave()
    await server.dispose()
  })

  const titles = (): Promise<string[]> => ada.page.locator('.documents a.document-name b').allTextContents()
  const sees = (expected: string[]): Promise<void> =>
    expect.poll(async () => (await titles()).sort()).toEqual([...expected].sort())

  test('a folder is made, a document is dragged into it, and Undo takes it out again', async () => {
    const { page } = ada
    await page.getByRole('button', { name: 'New folder' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Library')
    await page.keyboard.press('Enter')
    await page.getByText('An empty folder. Drop documents here, or make one.').waitFor()
    await page.getByRole('link', { name: 'Home' }).first().click()
    await page.getByText('The plan').waitFor()
    await page.locator('.document-row', { hasText: 'The plan' }).dragTo(page.getByRole('treeitem', { name: 'Library' }))
    await page.getByText('Moved to Library').waitFor()
    await page.getByRole('treeitem', { name: 'Library' }).click()
    await sees(['The plan'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await sees([])
    // A new document lies in the folder that is shown, and says so in its header.
    await page.getByRole('button', { name: 'New document' }).click()
    await page.locator('.document-place a', { hasText: 'Library' }).click()
    await sees(['Untitled'])
  })

  test('with keys alone: search, walk, select, move, throw away and take back', async () => {
    const { page } = ada
    await page.keyboard.press('/')
    await page.keyboard.type('gutt')
    await page.locator('mark', { hasText: 'gutter' }).waitFor()
    await sees(['Notes'])
    await page.keyboard.press('Escape')
    await page.keyboard.type('umbrella')
    await page.getByText('No document says “umbrella”. Titles, text and comments were searched.').waitFor()
    await page.keyboard.press('Escape')
    await sees(['The plan', 'Notes', 'Opening speech'])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await page.getByText('2 selected').waitFor()
    await page.keyboard.press('Delete')
    await page.getByText('2 documents moved to trash').waitFor()
    expect(await titles()).toHaveLength(1)
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await sees(['The plan', 'Notes', 'Opening speech'])
  })

  test('a star brings a document close, and the trash says how long it keeps one', async () => {
    const { page } = ada
    await page.getByRole('link', { name: 'Starred' }).first().click()
    await page.getByText('No stars yet. Star a document to keep it close.').waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Star “Notes”' }).click()
    await page.getByRole('link', { name: 'Starred' }).first().click()
    await sees(['Notes'])
    await page.getByRole('link', { name: 'Trash' }).first().click()
    await page.getByText('The trash is empty.').waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'More for “Notes”' }).click()
    await page.getByRole('menuitem', { name: 'Move to trash' }).click()
    await page.getByRole('link', { name: 'Trash' }).first().click()
    await page.getByText('Gone for good in 30 days').waitFor()
    await page.getByRole('button', { name: 'Restore “Notes”' }).click()
    await page.getByText('The trash is empty.').waitFor()
    await page.getByRole('link', { name: 'Starred' }).first().click()
    await sees(['Notes'])
  })

  test('on a tablet and on a phone “/” searches all the same, and the page has a heading', async () => {
    const { page } = ada
    for (const width of [800, 360]) {
      await page.setViewportSize({ width, height: 800 })
      await page.goto(server.url)
      await sees(['The plan', 'Notes', 'Opening speech'])
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.keyboard.press('/')
      await expect.poll(() => page.evaluate(() => document.activeElement?.matches('.search-field input'))).toBe(true)
      await page.keyboard.type('speech')
      await sees(['Opening speech'])
    }
  })
})

// Other languages as their speakers meet them: by the language of their browser and by choice, in a document too; and from right to left
// the whole shell stands the other way around, on a phone as well.

import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'in another language', () => {
  let server: ServerProcess

  beforeAll(async () => {
    server = await ServerProcess.start()
    await createDocument(server.url, 'words', { title: 'Words', text: 'A line.' })
    return () => server.dispose()
  })

  test('German comes to a German browser, with its menus and its keys; the choice of English is kept', async () => {
    const ada = await Person.arrive({ name: 'Ada', context: { locale: 'de-AT' } })
    const { page } = ada
    try {
      await page.goto(server.url)
      await ada.reads('Zuletzt bearbeitet')
      expect(await page.locator('html').getAttribute('lang')).toBe('de')
      await ada.open(server.url, 'words')
      await ada.clickBody()
      await ada.type('!')
      await ada.says(/^Gespeichert$/)
      await page.keyboard.press('Enter')
      await page.keyboard.type('/')
      await page.getByRole('option', { name: 'Aufzählung' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Mehr' }).click()
      await page
        .getByRole('menuitem', { name: /^Rückgängig/ })
        .getByText('Strg Z')
        .waitFor()
      await page.getByRole('menuitem', { name: 'Namen ändern' }).click()
      await page.getByLabel('Sprache').selectOption('en')
      await page.getByRole('button', { name: 'Namen speichern' }).click()
      await page.getByRole('button', { name: 'More', exact: true }).waitFor()
      await page.goto(server.url)
      await ada.reads('Last edited')
    } finally {
      await ada.leave()
    }
  })

  test('Arabic turns the shell around, and nothing is wider than a phone', async () => {
    const ada = await Person.arrive({ name: 'Ada', context: { locale: 'ar-EG', reducedMotion: 'reduce' } })
    const { page } = ada
    const centerOf = async (selector: string): Promise<number> => {
      const box = (await page.locator(selector).first().boundingBox())!
      return box.x + box.width / 2
    }
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    try {
      await page.goto(server.url)
      await ada.reads('آخر تعديل')
      expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
      expect(await centerOf('.sidebar')).toBeGreaterThan(800)
      expect(await centerOf('.document-row .row-more')).toBeLessThan(400)
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await overflow()).toBeLessThanOrEqual(0)
      await ada.open(server.url, 'words')
      expect(await centerOf('.header-home')).toBeGreaterThan(180)
      expect(await overflow()).toBeLessThanOrEqual(0)
      // The text itself stands as it is written.
      expect(
        await page
          .locator('.sheaf-text p')
          .first()
          .evaluate(line => getComputedStyle(line).direction),
      ).toBe('ltr')
    } finally {
      await ada.leave()
    }
  })
})

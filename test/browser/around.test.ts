// What stands around the text in Chromium: the palette, the list of shortcuts, counts, how the text is set, and what typing makes of quotes.

import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'

describeUnless(noChromium, 'around the text', () => {
  const alone = adaAlone()

  beforeAll(async () => {
    await createDocument(alone.server.url, 'plan', { title: 'Plan of the garden', text: 'Beans along the fence' })
    await createDocument(alone.server.url, 'letter', { title: 'Letter to the town hall', text: 'Dear Ms Okafor' })
  })

  async function openPlan(): Promise<void> {
    await alone.ada.open(alone.server.url, 'plan')
    await alone.ada.page.locator('.document-foot').waitFor()
    await alone.ada.clickBody()
  }

  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await alone.ada.page.keyboard.press(key)
  }
  const bodyText = () => alone.ada.page.locator('.sheaf-text').innerText()

  test('the palette finds commands and documents, and Mod-K with words selected makes a link', async () => {
    const { ada } = alone
    const { page } = ada
    await openPlan()
    await press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Commands and documents' })
    await palette.getByRole('option', { name: 'Letter to the town hall' }).waitFor()
    await ada.type('headi2')
    await expect.poll(() => palette.getByRole('option').first().innerText()).toContain('Heading 2')
    await press('Enter')
    await palette.waitFor({ state: 'detached' })
    await page.locator('h2.sheaf-heading', { hasText: 'Beans along the fence' }).waitFor()
    await press('Control+z')
    await press('Control+k')
    await ada.type('town')
    await expect.poll(() => palette.getByRole('option').first().innerText()).toContain('Letter to the town hall')
    await press('Enter')
    await ada.sees('Dear Ms Okafor')
    await page.goBack()
    await ada.sees('Beans along the fence')
    await page.locator('.sheaf-gutter').waitFor({ state: 'attached' })
    await ada.clickBody()
    await press('Shift+Home', 'Control+k')
    await page.getByRole('textbox', { name: 'Link address' }).waitFor()
    expect(await palette.count()).toBe(0)
    await press('Escape')
  })

  test('the list of shortcuts is made from the keys that work, and can be filtered', async () => {
    const { ada } = alone
    await openPlan()
    await press('Control+Shift+/')
    const sheet = ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.getByText('Move block up').waitFor()
    await ada.type('bold')
    await expect.poll(() => sheet.locator('dl > div').allInnerTexts()).toEqual(['Bold\nCtrl B'])
    await press('Escape')
    // Gone, not only shut.
    await ada.page.locator('dialog').waitFor({ state: 'detached' })
    await ada.page.locator('.document-foot').focus()
    await press('?')
    await sheet.waitFor()
    await press('Escape')
  })

  test('words and characters are counted, of the selection too, and Mod-S is answered', async () => {
    const { ada } = alone
    await openPlan()
    const foot = ada.page.locator('.document-foot')
    await expect.poll(() => foot.innerText()).toBe('4 words')
    await press('Control+Shift+ArrowLeft')
    await expect.poll(() => foot.innerText()).toBe('1 of 4 words')
    await foot.click()
    await expect.poll(() => foot.innerText()).toBe('5 of 21 characters')
    await foot.click()
    await press('Control+s')
    await ada.says(/^All changes saved$/)
  })

  test('width and letters are kept for this document on this device, and focus mode leaves the text', async () => {
    const { ada } = alone
    const { page } = ada
    await openPlan()
    const width = () => page.locator('.page').evaluate(element => Math.round(element.getBoundingClientRect().width))
    expect(await width()).toBe(656)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitemradio', { name: 'Wide' }).click()
    await expect.poll(width).toBe(832)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitemradio', { name: 'Sans' }).click()
    await openPlan()
    expect(await width()).toBe(832)
    const font = () => page.locator('.sheaf-text').evaluate(element => getComputedStyle(element).fontFamily)
    expect(await font()).toMatch(/^Inter/)
    await ada.open(alone.server.url, 'letter')
    expect(await width()).toBe(656)
    expect(await font()).toMatch(/^"Source Serif 4"/)
    await press('Control+.')
    await page.getByRole('button', { name: 'More' }).waitFor({ state: 'hidden' })
    expect(await page.locator('.document-header .status').isVisible()).toBe(true)
    await press('Control+.')
    await page.getByRole('button', { name: 'More' }).waitFor()
  })

  test('K11: typing makes quotes, dashes and arrows, not in code, and Backspace or Mod-Z gives back what was typed', async () => {
    const { ada } = alone
    // A first try may have turned it off.
    await ada.page.evaluate(() => localStorage.removeItem('sheaf.preferences'))
    await openPlan()
    await press('Control+a')
    await ada.type(`"It's 'here'" -- or... -> not`)
    expect(await bodyText()).toBe('“It’s ‘here’” — or… → not')
    await press('Control+a')
    await ada.type('a --')
    await press('Backspace')
    expect(await bodyText()).toBe('a --')
    await press('Control+a')
    await ada.type('a->')
    await press('Control+z')
    expect(await bodyText()).toBe('a->')
    await press('Control+a', 'Delete')
    await ada.type('---')
    expect(await ada.page.locator('.sheaf-divider').count()).toBe(1)
    await ada.type('``` ')
    await ada.type(`say "hi" -- it's`)
    await expect.poll(() => ada.page.locator('.sheaf-code code').innerText()).toBe(`say "hi" -- it's`)
    await press('Control+k')
    const palette = ada.page.getByRole('dialog', { name: 'Commands and documents' })
    await palette.waitFor()
    await ada.type('smart')
    await expect.poll(() => palette.getByRole('option').first().innerText()).toContain('Smart punctuation')
    await press('Enter')
    await palette.waitFor({ state: 'detached' })
    await press('Control+a', 'Control+a', 'Delete')
    await ada.type('"x" --')
    expect(await bodyText()).toBe('"x" --')
  })

  test('K12: what is written from right to left begins at the right, with its sign, its indent and its gutter', async () => {
    const { ada } = alone
    const { page } = ada
    await openPlan()
    await press('Control+a')
    await ada.type('- \u05e9\u05dc\u05d5\u05dd')
    const item = page.locator('.sheaf-bullet')
    expect(await item.evaluate(element => getComputedStyle(element).direction)).toBe('rtl')
    const sides = await item.evaluate(element => {
      const range = document.createRange()
      range.selectNodeContents(element)
      return { text: range.getBoundingClientRect().right, block: element.getBoundingClientRect().right }
    })
    expect(Math.round(sides.block - sides.text)).toBe(29)
    await item.hover()
    const grip = page.getByRole('button', { name: 'Block menu' })
    await grip.waitFor()
    expect((await grip.boundingBox())!.x).toBeGreaterThan(sides.block)
    await press('Control+a')
    await ada.type('back again')
  })

  test('on paper the addresses of links are notes at the end, and nothing of that is in the document', async () => {
    const { ada } = alone
    const { page } = ada
    await openPlan()
    await press('Control+a', 'Control+k')
    await page.getByRole('textbox', { name: 'Link address' }).waitFor()
    await ada.type('example.org/a')
    await press('Enter')
    await page.locator('.sheaf-text a[href="https://example.org/a"]').first().waitFor()
    onTestFinished(() => page.emulateMedia({ media: 'screen' }))
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    expect(await page.locator('.sheaf-print-notes > li').allInnerTexts()).toEqual(['https://example.org/a'])
    for (const selector of ['.document-header', '.document-foot', '.outline', '.sheaf-gutter']) {
      for (const part of await page.locator(selector).all()) expect(await part.isVisible(), selector).toBe(false)
    }
    await page.evaluate(() => dispatchEvent(new Event('afterprint')))
    expect(await page.locator('.sheaf-print-notes').count()).toBe(0)
  })
})

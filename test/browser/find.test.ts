// Find and replace in Chromium: the bar, what is highlighted, and what a second editor sees of it.

import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { Sheet } from './sheet.ts'

describeUnless(noChromium, 'find and replace', () => {
  const alone = adaAlone()
  let sheet: Sheet

  beforeAll(async () => {
    sheet = await Sheet.open(alone.ada, alone.server.url, 'find', 240)
    return () => sheet.close()
  })

  const bar = () => alone.ada.page.getByRole('search', { name: 'Find and replace' })
  const says = (words: string) => expect.poll(() => bar().getByRole('status').innerText()).toBe(words)
  /** The words of the match that one is at, and how many others are highlighted. */
  const highlighted = () =>
    alone.ada.page.evaluate(() => {
      const of = (name: string) => [...(CSS.highlights.get(name) ?? [])].map(range => String(range))
      return { current: of('sheaf-find-current'), others: of('sheaf-find').length }
    })

  test('K10: counts the matches in title and text, walks them with Enter and goes back with Escape', async () => {
    const { page } = alone.ada
    await page.locator('.sheaf-title').fill('A line of its own')
    await sheet.lay(['p here a Needle|', 'h1 another needle', 'code one more needle'], 'inside')
    await alone.ada.type(' ')
    await sheet.press('Control+f')
    await alone.ada.type('needle')
    await says('2 of 3')
    await sheet.press('Enter')
    await says('3 of 3')
    await expect.poll(highlighted).toEqual({ current: ['needle'], others: 2 })
    await sheet.press('Enter', 'Shift+Enter', 'Shift+Enter', 'Enter', 'Enter')
    await says('1 of 3')
    await sheet.press('Escape')
    await bar().waitFor({ state: 'detached' })
    await sheet.expectLines(['p here a Needle |', 'h1 another needle', 'code one more needle'])
    await expect.poll(highlighted).toEqual({ current: [], others: 0 })
    await sheet.press('Control+f')
    await bar().getByRole('textbox', { name: 'Find' }).fill('line')
    await says('60 of 238')
    await expect.poll(() => page.locator('.sheaf-find-edge').isVisible()).toBe(true)
    await bar().getByRole('button', { name: 'Match case' }).click()
    await bar().getByRole('textbox', { name: 'Find' }).fill('(L|l)ine 7\\b')
    await says('Nothing found')
    await bar().getByRole('button', { name: 'Regular expression' }).click()
    await says('1 of 1')
    await page.keyboard.press('Alt+Enter')
    await alone.ada.type('LINE 7')
    await sheet.other.shows(blocks => blocks.some(block => block.textContent === 'LINE 7'))
    await sheet.press('Control+z')
    await sheet.other.shows(blocks => blocks.every(block => block.textContent !== 'LINE 7'))
    await sheet.press('Control+f')
    await bar().getByRole('button', { name: 'Match case' }).click()
    await bar().getByRole('button', { name: 'Regular expression' }).click()
    await sheet.press('Escape')
  })

  test('what others write is found as they write it, and the match that one is at stays', async () => {
    await sheet.lay(['p a|', 'p one needle', 'p b'], 'inside')
    await sheet.press('Control+f')
    await bar().getByRole('textbox', { name: 'Find' }).fill('needle')
    await says('1 of 1')
    sheet.other.type(sheet.indexOf(0), 1, ' needle')
    await says('2 of 2')
    sheet.other.erase(sheet.indexOf(0), 1, 8)
    await says('1 of 1')
    await sheet.press('Escape')
    await sheet.expectLines(['p a|', 'p one needle', 'p b'])
  })

  test('K10: replaces one, and all at once: one step of undo, in which the title is too', async () => {
    const { page } = alone.ada
    await page.locator('.sheaf-title').fill('The old title')
    await sheet.lay(['p |an old word, an old hat', 'h1 old', 'p new'], 'inside')
    await sheet.press('Control+h')
    await bar().getByRole('textbox', { name: 'Find' }).fill('old')
    await says('2 of 4')
    await bar().getByRole('textbox', { name: 'Replace with' }).fill('older')
    await sheet.press('Enter')
    await says('3 of 4')
    await sheet.press('Control+Enter')
    await says('4 replaced')
    await sheet.press('Escape')
    await sheet.expectLines(['p |an olderer word, an older hat', 'h1 older', 'p new'])
    expect(await alone.ada.titleText()).toBe('The older title')
    await sheet.press('Control+z')
    await sheet.expectLines(['p |an older word, an old hat', 'h1 old', 'p new'])
    await expect.poll(() => alone.ada.titleText()).toBe('The old title')
    await sheet.press('Control+z')
    await sheet.expectLines(['p |an old word, an old hat', 'h1 old', 'p new'])
  })
})

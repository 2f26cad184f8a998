// The outline beside the text in Chromium: what it lists, which heading is the one that is read under, and where it goes.

import { schema } from '@sheaf/model'
import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { RemoteEditor } from '../helpers/remote-editor.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'

const { paragraph, heading } = schema.nodes

describeUnless(noChromium, 'the outline', () => {
  const alone = adaAlone()
  let other: RemoteEditor

  beforeAll(async () => {
    await createDocument(alone.server.url, 'outline', { title: 'Long' })
    other = await RemoteEditor.open(alone.server.url, 'outline')
    const text = schema.text('A sentence that is there so that the page is long enough to be scrolled. '.repeat(4))
    other.write(
      Array.from({ length: 300 }, (_, i) =>
        i % 30 === 0
          ? heading.create({ level: i % 60 === 0 ? 2 : 3 }, schema.text(`Part ${i / 30}`))
          : paragraph.create(null, text),
      ),
    )
    await other.document.saved()
    await alone.ada.open(alone.server.url, 'outline')
    await list().getByRole('link').first().waitFor()
    return () => other.close()
  })

  const list = () => alone.ada.page.getByRole('navigation', { name: 'Outline' })
  const current = () => list().locator('[aria-current]').innerText()
  const topOf = (name: string) =>
    alone.ada.page.locator('.sheaf-heading', { hasText: name }).evaluate(element => element.getBoundingClientRect().top)

  test('lists the headings by depth, and follows what others do to them', async () => {
    const parts = Array.from({ length: 10 }, (_, i) => `Part ${i}`)
    await expect.poll(() => list().getByRole('link').allInnerTexts()).toEqual(parts)
    const indents = await list()
      .getByRole('link')
      .evaluateAll(links => links.slice(0, 2).map(link => getComputedStyle(link).paddingInlineStart))
    expect(indents).toEqual(['14px', '28px'])
    other.type(30, 6, ' of ten')
    await expect.poll(() => list().getByRole('link').nth(1).innerText()).toBe('Part 1 of ten')
    other.retype(30, paragraph)
    await expect.poll(() => list().getByRole('link').count()).toBe(9)
  })

  test('goes to a heading far away, marks the one that is read under, and moves nothing else', async () => {
    await expect.poll(current).toBe('Part 0')
    await list().getByRole('link', { name: 'Part 7' }).click()
    await expect.poll(current).toBe('Part 7')
    await expect.poll(async () => Math.round((await topOf('Part 7')) / 10)).toBe(10)
    await alone.ada.page.mouse.wheel(0, -400)
    await expect.poll(current).toBe('Part 6')
    await alone.ada.page.keyboard.press('Control+End')
    await alone.ada.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await expect.poll(current).toBe('Part 9')
    const isApart = await alone.ada.page.evaluate(() => {
      const outline = document.querySelector('.outline')!.getBoundingClientRect()
      return outline.right <= document.querySelector('.sheaf-text')!.getBoundingClientRect().left - 52
    })
    expect(isApart).toBe(true)
  })

  test('is a sheet in a narrow window, opened from the header', async () => {
    const { page } = alone.ada
    await page.setViewportSize({ width: 360, height: 720 })
    await list().waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Outline' }).click()
    const sheet = page.getByRole('dialog', { name: 'Outline' })
    await sheet.getByRole('link', { name: 'Part 3' }).click()
    await sheet.waitFor({ state: 'detached' })
    await expect.poll(async () => Math.round((await topOf('Part 3')) / 10)).toBe(10)
    await page.getByRole('button', { name: 'Outline' }).click()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1280, height: 800 })
  })
})

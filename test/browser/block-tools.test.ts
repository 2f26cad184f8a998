// Whole blocks with the gutter, the block menu and their keys, in Chromium, looked at by a second editor.

import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { Sheet } from './sheet.ts'

describeUnless(noChromium, 'the tools of blocks', () => {
  const alone = adaAlone()
  let sheet: Sheet

  beforeAll(async () => {
    await alone.ada.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    sheet = await Sheet.open(alone.ada, alone.server.url, 'blocks', 24)
    await alone.ada.page.locator('.sheaf-gutter').waitFor({ state: 'attached' })
    return () => sheet.close()
  })

  /** The grip before a line of the case. */
  async function grip(line: number) {
    const { page } = alone.ada
    await page.mouse.move(640, 4)
    const { x, y } = await sheet.pointOf(line, 0)
    await page.mouse.move(x + 40, y, { steps: 2 })
    await page.getByRole('button', { name: 'Block menu' }).waitFor()
    return page.getByRole('button', { name: 'Block menu' })
  }

  async function choose(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await alone.ada.page.getByRole(/^(Heading|Task)/.test(name) ? 'menuitemradio' : 'menuitem', { name }).click()
    }
  }

  async function drag(line: number, to: { x: number; y: number }): Promise<void> {
    const { page } = alone.ada
    const box = (await (await grip(line)).boundingBox())!
    await page.mouse.move(box.x + 12, box.y + 13)
    await page.mouse.down()
    await page.mouse.move(box.x + 12, box.y + 22, { steps: 2 })
    await page.mouse.move(to.x, to.y, { steps: 4 })
    await page.locator('.sheaf-drag-card').waitFor()
  }

  test('K9: the menu of the grip duplicates, turns into something else, moves and deletes, each one step of undo', async () => {
    await sheet.lay(['p a|', 'bullet b', 'bullet1 c', 'p d'], 'inside')
    await (await grip(1)).click()
    await choose('Duplicate')
    await sheet.expectLines(['p a', 'bullet b', 'bullet1 c', 'bullet |b', 'bullet1 c', 'p d'])
    await sheet.press('Control+z')
    await sheet.expectLines(['p a|', 'bullet b', 'bullet1 c', 'p d'])
    await (await grip(1)).click()
    await choose('Turn into', 'Task list')
    await sheet.expectLines(['p a|', 'task b', 'bullet1 c', 'p d'])
    await (await grip(1)).click()
    await choose('Move up')
    await sheet.expectLines(['task b', 'bullet1 c', 'p a|', 'p d'])
    await (await grip(0)).click()
    await choose('Delete')
    await sheet.expectLines(['p a|', 'p d'])
    await sheet.press('Control+z', 'Control+z', 'Control+z')
    await sheet.expectLines(['p a|', 'bullet b', 'bullet1 c', 'p d'])
  })

  test('the plus opens the slash menu in a new line below', async () => {
    const { page } = alone.ada
    await sheet.lay(['p a|', 'p b'], 'inside')
    await grip(0)
    await page.getByRole('button', { name: 'Insert below' }).click()
    await page.getByRole('option', { name: 'Heading 1' }).click()
    await alone.ada.type('new')
    await sheet.expectLines(['p a', 'h1 new|', 'p b'])
  })

  test('K9: a dragged block goes with all that belongs to it, to the side it changes its indent, and Escape leaves it', async () => {
    const { page } = alone.ada
    await sheet.lay(['p a|', 'bullet b', 'bullet1 c', 'p d', 'p e'], 'inside')
    const d = await sheet.pointOf(3, 0)
    const a = await sheet.pointOf(0, 0)
    await drag(1, { x: d.x - 40, y: d.y + 9 })
    await page.locator('.sheaf-drop-line').waitFor()
    await page.mouse.up()
    await sheet.expectLines(['p a|', 'p d', 'bullet b', 'bullet1 c', 'p e'])
    await drag(1, { x: a.x + 40, y: a.y + 9 })
    await page.mouse.up()
    await sheet.expectLines(['p a|', 'p1 d', 'bullet b', 'bullet1 c', 'p e'])
    await drag(2, { x: a.x, y: a.y - 9 })
    await sheet.press('Escape')
    await page.mouse.up()
    await sheet.expectLines(['p a|', 'p1 d', 'bullet b', 'bullet1 c', 'p e'])
  })

  test('of several selected blocks one grip takes all', async () => {
    await sheet.lay(['p a', 'p ‹b', 'p c›', 'p d', 'p e'], 'inside')
    const d = await sheet.pointOf(3, 0)
    await drag(2, { x: d.x - 40, y: d.y + 9 })
    await alone.ada.page.mouse.up()
    await sheet.expectLines(['p a', 'p d', 'p ‹b', 'p c›', 'p e'])
  })

  test('needs no pointer: a key opens the menu at the caret, letters find a row, and keys move and duplicate', async () => {
    const { page } = alone.ada
    await sheet.lay(['p a', 'p b|', 'p c'], 'inside')
    await sheet.press('Control+/')
    await page.getByRole('menu', { name: 'Block menu' }).waitFor()
    await sheet.press('ArrowRight', 'h', 'h', 'Enter')
    await page.getByRole('menu', { name: 'Block menu' }).waitFor({ state: 'detached' })
    await sheet.expectLines(['p a', 'h2 b|', 'p c'])
    await sheet.press('Control+/', 'd', 'd', 'Enter')
    await sheet.expectLines(['p a', 'p |c'])
    await sheet.press('Control+z', 'Control+/', 'Escape')
    await alone.ada.type('!')
    await sheet.press('Control+Shift+ArrowUp')
    await sheet.expectLines(['h2 b!|', 'p a', 'p c'])
    await sheet.press('Control+d', 'Control+Shift+ArrowDown')
    await sheet.expectLines(['h2 b!', 'p a', 'h2 b!|', 'p c'])
  })

  test('K9: the link of a block leads to it, and marks it for a moment', async () => {
    const { page } = alone.ada
    await sheet.lay(['p a|', 'h1 a heading', 'p c'], 'inside')
    await grip(1)
    await page.getByRole('button', { name: 'Copy link to heading' }).click()
    await page.getByText('Link copied').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toBe(`${alone.server.url}/d/blocks#b=${sheet.other.blocks[sheet.indexOf(1)]!.attrs.id}`)
    await page.evaluate(() => scrollTo(0, 0))
    await page.goto('about:blank')
    await page.goto(link)
    const marked = page.locator('.sheaf-found-block')
    await marked.waitFor()
    expect(await marked.innerText()).toBe('a heading')
    await expect.poll(() => marked.evaluate(element => element.getBoundingClientRect().top)).toBeLessThan(400)
    await marked.waitFor({ state: 'detached' })
  })
})

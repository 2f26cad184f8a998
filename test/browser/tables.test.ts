// A table made, written in and rearranged with real keys and the real menu, seen by a second window.

import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'a table', () => {
  let server: ServerProcess
  let ada: Person
  let ben: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    ;[ada, ben] = await Promise.all([Person.arrive({ name: 'Ada' }), Person.arrive({ name: 'Ben', color: 2 })])
    return async () => {
      await Promise.all([ada.leave(), ben.leave()])
      await server.dispose()
    }
  })

  async function meetAt(documentId: string): Promise<void> {
    await createDocument(server.url, documentId, { title: 'A table' })
    await Promise.all([ada.open(server.url, documentId), ben.open(server.url, documentId)])
    await ada.clickBody()
  }

  async function insertTable(): Promise<void> {
    await ada.type('/table')
    await ada.page.getByRole('option', { name: 'Table' }).waitFor()
    await ada.page.keyboard.press('Enter')
    await ada.page.getByRole('button', { name: 'Table' }).waitFor()
  }

  async function typeCells(...texts: readonly string[]): Promise<void> {
    for (const [index, text] of texts.entries()) {
      if (index > 0) await ada.page.keyboard.press('Tab')
      await ada.type(text)
    }
  }

  async function choose(item: string): Promise<void> {
    await ada.page.keyboard.press('Alt+F10')
    await ada.page.getByRole('menu', { name: 'Table' }).waitFor()
    await ada.page
      .getByRole(/^Header/.test(item) ? 'menuitemcheckbox' : 'menuitem', { name: item, exact: true })
      .click()
  }

  /** What both windows show: the texts of the cells, row by row. */
  async function expectCells(...rows: readonly (readonly string[])[]): Promise<void> {
    for (const person of [ada, ben]) await expect.poll(() => cellsOf(person)).toEqual(rows)
  }

  test('comes from the slash menu, is filled with Tab, and grows by a row at its end', async () => {
    await meetAt('fill')
    await insertTable()
    await typeCells('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j')
    await expectCells(['a', 'b', 'c'], ['d', 'e', 'f'], ['g', 'h', 'i'], ['j', '', ''])
    expect(await ben.page.locator('th').allInnerTexts()).toEqual(['a', 'b', 'c'])
  })

  test('is rearranged with its menu and by keys, and undo gives each back', async () => {
    await meetAt('rearrange')
    await insertTable()
    await typeCells('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')
    const full = [
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
      ['g', 'h', 'i'],
    ]
    await choose('Insert row above')
    await expectCells(full[0]!, full[1]!, ['', '', ''], full[2]!)
    await ada.page.keyboard.press('Control+z')
    await expectCells(...full)
    await choose('Delete column')
    await expectCells(['a', 'b'], ['d', 'e'], ['g', 'h'])
    await ada.page.keyboard.press('Control+z')
    await expectCells(...full)
    await ada.page.keyboard.press('Alt+Shift+ArrowUp')
    await expectCells(full[0]!, full[2]!, full[1]!)
    await ada.page.keyboard.press('Control+z')
    await expectCells(...full)
    await ada.page.keyboard.press('Shift+ArrowLeft')
    await ada.page.keyboard.press('Shift+ArrowLeft')
    await choose('Merge cells')
    await expectCells(full[0]!, full[1]!, ['g', 'h\ni'])
    await choose('Split cell')
    await expectCells(...full)
    await choose('Header row')
    await expect.poll(() => ben.page.locator('th').count()).toBe(0)
    await choose('Delete table')
    for (const person of [ada, ben]) await person.page.locator('table').waitFor({ state: 'detached' })
    await ada.page.keyboard.press('Control+z')
    await expectCells(...full)
  })

  test('keeps what two people write in it at the same time', async () => {
    await meetAt('together')
    await insertTable()
    await typeCells('a', 'b', 'c', 'd')
    await expectCells(['a', 'b', 'c'], ['d', '', ''], ['', '', ''])
    await ben.page.locator('td').last().click()
    await Promise.all([ben.type('from Ben', { delayMs: 15 }), choose('Insert row above')])
    await expectCells(['a', 'b', 'c'], ['', '', ''], ['d', '', ''], ['', '', 'from Ben'])
    await ada.seesCaretOf('Ben')
  })

  test('is selected and widened with the pointer', async () => {
    await meetAt('pointer')
    await insertTable()
    await typeCells('a', 'b', 'c', 'd', 'e', 'f')
    const { mouse, keyboard } = ada.page
    const boxOf = async (index: number) => (await ada.page.locator('.sheaf-cell').nth(index).boundingBox())!
    const [first, last] = [await boxOf(0), await boxOf(4)]
    await mouse.move(first.x + 20, first.y + 10)
    await mouse.down()
    await mouse.move(last.x + 20, last.y + 10, { steps: 5 })
    await mouse.up()
    await expect.poll(() => ada.page.locator('.sheaf-cell-selected').count()).toBe(4)
    await ada.type('x')
    await expectCells(['x', '', 'c'], ['', '', 'f'], ['', '', ''])
    await keyboard.press('Control+z')
    await expectCells(['a', 'b', 'c'], ['d', 'e', 'f'], ['', '', ''])
    const edge = first.x + first.width - 1
    await expect
      .poll(async () => {
        // A pointer that is there before the table is drawn anew has to move to be seen.
        await mouse.move(edge, first.y + 10)
        await mouse.move(edge, first.y + 12)
        return ada.page.locator('.sheaf-column-handle').isVisible()
      })
      .toBe(true)
    await mouse.down()
    await mouse.move(edge + 60, first.y + 12, { steps: 3 })
    await mouse.up()
    const widths = () => ben.page.locator('col').evaluateAll(columns => columns.map(column => column.style.width))
    await expect.poll(async () => (await widths())[0]).toBe(`${Math.round(first.width) + 60}px`)
    await keyboard.press('Control+z')
    await expect.poll(widths).toEqual([])
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  })

  test('needs no pointer: the menu opens, chooses and closes by key, and Tab is left to code', async () => {
    await meetAt('keyboard')
    await insertTable()
    await typeCells('a', 'b')
    const menu = ada.page.getByRole('menu', { name: 'Table' })
    const focused = () => ada.page.evaluate(() => document.activeElement?.textContent ?? '')
    await press(ada, 'Alt+F10')
    await expect.poll(focused).toBe('Insert row above')
    for (const key of ['ArrowDown', 'ArrowUp', 'ArrowUp']) await press(ada, key)
    expect(await focused()).toBe('Delete table')
    await press(ada, 'Escape')
    await menu.waitFor({ state: 'hidden' })
    await ada.type('!')
    await press(ada, 'Alt+F10')
    await expect.poll(focused).toBe('Insert row above')
    for (const key of ['ArrowDown', 'Enter']) await press(ada, key)
    await menu.waitFor({ state: 'hidden' })
    await ada.type('new')
    await expectCells(['a', 'b!', ''], ['', 'new', ''], ['', '', ''], ['', '', ''])
    await press(ada, 'ArrowDown')
    await ada.type('``` x')
    await press(ada, 'Tab')
    await ada.type('y')
    await expectCells(['a', 'b!', ''], ['', 'new', ''], ['', 'x  y', ''], ['', '', ''])
    await press(ada, 'Escape')
    await press(ada, 'Tab')
    await expect
      .poll(() => ada.page.evaluate(() => document.activeElement?.classList.contains('sheaf-text')))
      .toBe(false)
  })

  test('that a document begins with gives the caret to the title, and all of it can be deleted', async () => {
    await meetAt('first')
    await insertTable()
    await typeCells('a', 'b', 'c', 'd')
    for (const key of ['ArrowUp', 'ArrowUp', 'End', '!']) await press(ada, key)
    await expect.poll(() => ada.titleText()).toContain('!')
    await ada.page.locator('td').first().click()
    for (const key of ['Control+a', 'Control+a', 'Control+a', 'Delete']) await press(ada, key)
    for (const person of [ada, ben]) await person.page.locator('table').waitFor({ state: 'detached' })
    await press(ada, 'Control+z')
    await expectCells(['a', 'b', 'c'], ['d', '', ''], ['', '', ''])
  })

  test('takes what is copied in it and in spreadsheets, and is a table when it is pasted as a whole', async () => {
    await meetAt('clipboard')
    await insertTable()
    await typeCells('a', 'b', 'c', 'd')
    const sheet =
      '<meta charset="utf-8"><style>td {}</style><table><colgroup><col></colgroup><tbody><tr><td style="x">1</td><td><b>2</b></td></tr><tr><td>3</td><td>4</td></tr></tbody></table>'
    await ada.page.locator('td').nth(1).click()
    await pasteHtml(ada, sheet)
    await expectCells(['a', 'b', 'c'], ['d', '1', '2'], ['', '3', '4'])
    expect(await ben.page.locator('td b, td strong').allInnerTexts()).toEqual(['2'])
    await ada.page.locator('td').nth(4).click()
    for (const key of ['Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Control+c']) await press(ada, key)
    await ada.page.locator('th').first().click()
    await press(ada, 'Control+v')
    await expectCells(['1', '2', 'c'], ['3', '4', '2'], ['', '3', '4'])
    await press(ada, 'Control+z')
    await expectCells(['a', 'b', 'c'], ['d', '1', '2'], ['', '3', '4'])
    await ada.page.locator('td').last().click()
    for (const key of ['End', 'ArrowDown']) await press(ada, key)
    await pasteHtml(ada, sheet)
    for (const person of [ada, ben]) await expect.poll(() => person.page.locator('table').count()).toBe(2)
    await ada.page.locator('table').first().locator('td').first().click()
    await pasteHtml(ada, `<p>one</p>${sheet}`)
    for (const person of [ada, ben]) {
      await expect.poll(() => person.page.locator('td').first().innerText()).toMatch(/one\s+1\s+2\s+3\s+4/)
      expect(await person.page.locator('table').count()).toBe(2)
    }
  })

  test('is walked through and left with the arrows, and left alone by Backspace', async () => {
    await meetAt('walk')
    await ada.type('above')
    await ada.page.keyboard.press('Enter')
    await insertTable()
    const { keyboard } = ada.page
    await typeCells('a', 'b', 'c', 'd')
    for (const key of ['ArrowUp', 'End', '1', 'ArrowRight', '2', 'ArrowUp', 'End', '3']) await press(ada, key)
    await expectCells(['a1', '2b', 'c'], ['d', '', ''], ['', '', ''])
    expect(await ada.text()).toContain('above3')
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'x']) await press(ada, key)
    await expect.poll(() => ada.page.locator('.sheaf-section > p').allInnerTexts()).toEqual(['above3', 'x'])
    await ada.page.locator('td').first().click()
    for (const key of ['Home', 'Backspace', 'Backspace', 'Delete', 'Delete', 'Enter', 'e']) await press(ada, key)
    await expectCells(['a1', '2b', 'c'], ['\ne', '', ''], ['', '', ''])
    await keyboard.press('Control+a')
    await keyboard.press('Control+a')
    expect(await ada.page.locator('.sheaf-cell-selected').count()).toBe(9)
    await keyboard.press('Backspace')
    await ada.page.locator('table').waitFor({ state: 'detached' })
    expect(await ada.text()).toContain('above3')
  })
})

async function press(person: Person, key: string): Promise<void> {
  await person.page.keyboard.press(key)
}

/** As the browser tells of it when something is pasted that another program has copied. */
async function pasteHtml(person: Person, html: string): Promise<void> {
  await person.page.locator('.sheaf-text').evaluate((text, source) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/html', source)
    text.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, html)
}

async function cellsOf(person: Person): Promise<string[][]> {
  return person.page
    .locator('tr')
    .evaluateAll(rows =>
      rows.map(row =>
        [...row.children].map(cell => (cell as HTMLElement).innerText.replace(/\n+/g, '\n').replace(/\n$/, '')),
      ),
    )
}

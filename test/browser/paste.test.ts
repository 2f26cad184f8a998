// Pasting what other programs copied, and copying for them, in real Chromium: the fixtures of test/fixtures/clipboard come as a paste
// brings them, without the cleaning that a page's own writing to the clipboard goes through.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { serializeMarkdown } from '@sheaf/model/formats'
import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { Person } from './editor-page.ts'
import { Sheet } from './sheet.ts'

const fixtures = fileURLToPath(new URL('../fixtures/clipboard/', import.meta.url))
const fixture = (name: string): string => readFileSync(`${fixtures}${name}`, 'utf8')
const markdown = fixture('markdown.txt')
const address = 'https://example.org/a?b=c'

describeUnless(noChromium, 'pasting', () => {
  const here = adaAlone()
  let sheet: Sheet

  beforeAll(async () => {
    sheet = await Sheet.open(here.ada, here.server.url, 'paste', 20)
    await here.ada.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: here.server.url })
    return () => sheet.close()
  })

  test.each(['word', 'google-docs', 'notion', 'excel', 'google-sheets', 'libreoffice', 'page'])(
    'K20: %s: its HTML becomes clean blocks, in the page and for everybody else',
    async program => {
      await sheet.lay(['p |'], 'inside')
      await paste({ 'text/html': fixture(`${program}.html`), 'text/plain': 'x' })
      const pasted = async (): Promise<string> =>
        serializeMarkdown((await sheet.shownBlocks()).map(json => sheet.nodeOf(json)))
      await expect.poll(pasted).toBe(fixture(`${program}.md`))
      await sheet.expectAgreement()
    },
  )

  test('code of VS Code is a block of code, and a word of it a word', async () => {
    const code = { 'text/html': fixture('vscode.html'), 'vscode-editor-data': '{"mode":"javascript"}' }
    await sheet.lay(['p a|b', 'p c'], 'inside')
    await paste({ ...code, 'text/plain': fixture('vscode.txt') })
    await sheet.expectShown(['p a', 'code function rows(n) {⏎  return n < 2⏎⏎}', 'p |b', 'p c'])
    await sheet.lay(['p a|b', 'p c'], 'inside')
    await paste({ ...code, 'text/plain': 'rows' })
    await sheet.expectLines(['p arows|b', 'p c'])
  })

  test('K20: Markdown is pasted as what it means; Mod-Z makes it plain, and once more takes it away', async () => {
    await sheet.lay(['p |', 'p c'], 'inside')
    await paste({ 'text/plain': '## Head\n\n- **one**\n- two' })
    await sheet.expectShown(['h2 Head', 'bullet one', 'bullet two|', 'p c'])
    await here.ada.reads('Pasted as formatted text')
    await sheet.press('Control+z')
    await sheet.expectLines(['p ## Head', 'p - **one**', 'p - two|', 'p c'])
    await here.ada.page.getByText('Pasted as formatted text').waitFor({ state: 'detached' })
    await sheet.press('Control+z')
    await sheet.expectLines(['p |', 'p c'])
  })

  test('the button says the same; after a further key it is gone, and Mod-Z undoes what was typed', async () => {
    await sheet.lay(['p |', 'p c'], 'inside')
    await paste({ 'text/plain': '- one\n- two' })
    await here.ada.page.getByRole('button', { name: 'Keep it plain' }).click()
    await sheet.expectLines(['p - one', 'p - two|', 'p c'])
    await sheet.lay(['p |', 'p c'], 'inside')
    await paste({ 'text/plain': '- one\n- two' })
    await here.ada.reads('Keep it plain')
    await sheet.press('x')
    await here.ada.page.getByText('Keep it plain').waitFor({ state: 'detached' })
    await sheet.press('Control+z')
    await sheet.expectLines(['bullet one', 'bullet two|', 'p c'])
  })

  test('K20: with Shift everything is plain text', async () => {
    await here.ada.page.evaluate(async text => {
      const html = new Blob(['<h2>Head</h2>'], { type: 'text/html' })
      const plain = new Blob([text], { type: 'text/plain' })
      await navigator.clipboard.write([new ClipboardItem({ 'text/html': html, 'text/plain': plain })])
    }, '# Head\n- one\n- two')
    await sheet.lay(['p |', 'p c'], 'inside')
    await sheet.press('Control+Shift+v')
    await sheet.expectLines(['p # Head', 'p - one', 'p - two|', 'p c'])
  })

  test('K20: an address over selected words is their link, and elsewhere a link of its own; in code it is text', async () => {
    await sheet.lay(['p a ‹word› b', 'p c'], 'inside')
    await paste({ 'text/plain': address })
    expect(await links()).toEqual([['word', address]])
    await sheet.press('Control+z')
    await sheet.expectLines(['p a ‹word› b', 'p c'])
    await sheet.lay(['p a|', 'p c'], 'inside')
    await paste({ 'text/plain': `${address}\n` })
    expect(await links()).toEqual([[address, address]])
    await sheet.lay(['code a|', 'p c'], 'inside')
    await paste({ 'text/plain': address })
    await sheet.expectLines([`code a${address}|`, 'p c'])
  })

  test('into the cells of a table: a spreadsheet spreads, a whole document is the blocks of its cell', async () => {
    await sheet.lay(['p |', 'p c'], 'inside')
    await paste({
      'text/html': '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>',
      'text/plain': '',
    })
    await here.ada.page.locator('.sheaf-cell').first().click()
    await paste({ 'text/html': fixture('libreoffice-calc.html'), 'text/plain': 'Item\tCount' })
    await sheet.expectAgreement()
    expect(await here.ada.page.locator('.sheaf-cell').allTextContents()).toEqual(
      expect.arrayContaining(['Item', 'Count', 'Beans', '12.5', 'Peas']),
    )
  })

  test('K21: what is copied is semantic HTML and readable text for others, and comes back the same here', async () => {
    await sheet.lay(['h2 ‹a', 'bullet b', 'bullet1 c', 'done d', 'callout e›', 'p '], 'inside')
    await sheet.press('Control+c')
    const copied = await here.ada.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read()
      return { html: await (await item!.getType('text/html')).text(), text: await navigator.clipboard.readText() }
    })
    expect(copied.html.replace(/\s*\n\s*/g, '')).toContain('<ul><li>b<ul><li>c</li></ul></li>')
    expect(copied.html).not.toMatch(/class=|data-pm-slice/)
    expect(copied.text).toBe('a\n\n- b\n  - c\n- [x] d\n\ne')
    await sheet.putCaret(5, 0)
    await sheet.press('Control+v')
    await sheet.expectLines([
      'h2 a',
      'bullet b',
      'bullet1 c',
      'done d',
      'callout e',
      'h2 a',
      'bullet b',
      'bullet1 c',
      'done d',
      'callout e|',
    ])
  })

  test('long Markdown is pasted, and taken back', async () => {
    await sheet.lay(['p |', 'p c'], 'inside')
    await paste({ 'text/plain': markdown.repeat(40) })
    await here.ada.reads('Pasted as formatted text')
    await sheet.expectAgreement()
    await sheet.press('Control+z', 'Control+z')
    await sheet.expectLines(['p |', 'p c'])
  })

  test('what was pasted before its tools were there lands where it was pasted, in order, and the caret stays where somebody writes on', async () => {
    const ben = await Person.arrive({
      name: 'Ben',
      browser: here.ada.context.browser()!,
      context: { serviceWorkers: 'block' },
    })
    let release = (): void => undefined
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    await ben.page.route('**/paste-tools-*.js', async route => {
      await held
      await route.continue()
    })
    const early = await Sheet.open(ben, here.server.url, 'early', 20)
    await early.lay(['p one two', 'p ‹three›', 'p four'], 'inside')
    await paste({ 'text/plain': 'five' }, ben)
    await early.putCaret(0, 4)
    await paste({ 'text/plain': 'A' }, ben)
    await paste({ 'text/plain': 'B' }, ben)
    await ben.type('typed ')
    await early.expectShown(['p one typed |two', 'p three', 'p four'])
    release()
    await early.expectLines(['p one ABtyped |two', 'p five', 'p four'])
    await early.close()
    await ben.leave()
  })

  /** As another program's clipboard comes: by type. */
  async function paste(data: Readonly<Record<string, string>>, who = here.ada): Promise<void> {
    await who.page.evaluate(given => {
      const clipboardData = new DataTransfer()
      for (const [type, text] of Object.entries(given)) clipboardData.setData(type, text)
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.querySelector('.sheaf-text')!.dispatchEvent(event)
    }, data)
    await who.says(/^Sav/)
  }

  async function links(): Promise<(string | null)[][]> {
    await here.ada.page.locator('.sheaf-text a').first().waitFor()
    return here.ada.page
      .locator('.sheaf-text a')
      .evaluateAll(found => found.map(link => [link.textContent, link.getAttribute('href')]))
  }
})

// Writing on a phone: 360 pixels wide, with a finger.

import { beforeAll, describe, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
const toolbar = '.sheaf-toolbar-docked'

describeUnless(noChromium, 'on a phone', () => {
  let server: ServerProcess
  let ada: Person
  let count = 0

  beforeAll(async () => {
    server = await ServerProcess.start()
    ada = await Person.arrive({ name: 'Ada', context: phone })
    return async () => {
      await ada.leave()
      await server.dispose()
    }
  })

  const open = async (text: string): Promise<string> => {
    const id = `phone-${++count}`
    await createDocument(server.url, id, { title: 'On the way', text })
    await ada.open(server.url, id)
    return id
  }
  const write = async (): Promise<void> => {
    await ada.page.locator('.sheaf-text > .sheaf-section > .sheaf-block').last().tap()
    await ada.page.locator(toolbar).waitFor()
  }
  const tool = (name: string) => ada.page.locator(toolbar).getByRole('button', { name, exact: true })
  const read = async (id: string): Promise<string> => {
    await ada.says(/^Saved$/)
    return (await fetch(`${server.url}/api/v1/documents/${id}/export?format=markdown`)).text()
  }
  /** The lower edge of an element, in the window. */
  const foot = (selector: string): Promise<number> =>
    ada.page.locator(selector).evaluate(element => Math.round(element.getBoundingClientRect().bottom))

  test('K26: the tools lie on the keyboard while one writes, and go with it', async () => {
    await open('First.')
    expect(await ada.page.locator(toolbar).isVisible()).toBe(false)
    await write()
    expect(await foot(toolbar)).toBe(740)
    // A browser whose keyboard covers the page says so here.
    await ada.page.evaluate(() => {
      Object.defineProperty(visualViewport, 'height', { value: 440, configurable: true })
      visualViewport!.dispatchEvent(new Event('resize'))
    })
    expect(await foot(toolbar)).toBe(440)
    await tool('Insert').tap()
    await ada.page.locator('.sheaf-listing:not([hidden])').waitFor()
    await expect.poll(() => foot('.sheaf-listing:not([hidden])')).toBe(440 - 48)
    await tool('Hide the keyboard').tap()
    await ada.page.locator(toolbar).waitFor({ state: 'hidden' })
    await ada.page.locator('.sheaf-listing:not([hidden])').waitFor({ state: 'detached' })
  })

  test('K26: they set what is written: bold, a task, a block from the list, and take it back', async () => {
    const id = await open('First.')
    await write()
    await ada.page.keyboard.press('End')
    await tool('Bold').tap()
    await ada.type('Loud')
    expect(await tool('Bold').getAttribute('aria-pressed')).toBe('true')
    await tool('Task list').tap()
    await tool('Insert').tap()
    await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row', { hasText: 'Quote' }).tap()
    await ada.type('said')
    await tool('Task list').tap()
    await ada.page.locator('.sheaf-task', { hasText: 'said' }).waitFor()
    await tool('Undo').tap()
    await ada.page.locator('.sheaf-quote', { hasText: 'said' }).waitFor()
    expect(await read(id)).toBe('# On the way\n\n- [ ] First.**Loud**\n\n> said\n')
  })

  test('K26: the bubble of a selection does not stand in the way of the system’s own menu', async () => {
    await open('First.')
    await write()
    await ada.page.keyboard.press('Control+a')
    await tool('Bold').tap()
    await expect.poll(() => tool('Bold').getAttribute('aria-pressed')).toBe('true')
    expect(await ada.page.locator('.sheaf-bubble[aria-label=Format]').isVisible()).toBe(false)
    await tool('Link').tap()
    await ada.page.getByLabel('Link address').fill('sheaf.example')
    await ada.page.keyboard.press('Enter')
    await ada.page.locator('.sheaf-text a[href="https://sheaf.example"]').waitFor()
  })

  test('K26: a long press opens the menu of the block, as a sheet at the foot', async () => {
    await open('First.\nSecond.')
    const box = (await ada.page.getByText('Second.').boundingBox())!
    const touch = await ada.context.newCDPSession(ada.page)
    const at = { x: box.x + 20, y: box.y + 10 }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] })
    await ada.page.getByRole('menuitem', { name: 'Duplicate' }).waitFor()
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    expect(await foot('.sheaf-block-menu')).toBe(740)
    await ada.page.getByRole('menuitem', { name: 'Move up' }).tap()
    await expect.poll(async () => (await ada.text()).replace(/\s+/g, ' ').trim()).toBe('Second. First.')
  })

  describe('a text with everything in it', () => {
    beforeAll(async () => {
      const markdown = [
        '# On the way',
        `A${'very'.repeat(30)}long word, https://sheaf.example/${'path/'.repeat(20)} and $x^2$.`,
        '- [ ] a task\n- a point\n  - inside',
        '> said',
        '```js\nconst line = "that goes on and on and on and on and on and on"\n```',
        '| Work | Cost | Who | When |\n| --- | --- | --- | --- |\n| Gutter and lamps | 8,400 | Ana and Bo | in spring |',
        'Note[^1].\n\n[^1]: Below.',
      ].join('\n\n')
      const answer = await fetch(`${server.url}/api/v1/imports?name=all.md`, { method: 'POST', body: markdown })
      const { documents } = (await answer.json()) as { documents: { id: string }[] }
      await ada.open(server.url, documents[0]!.id)
      await ada.page.locator('.sheaf-notes li').waitFor()
    })

    test('never goes beyond the side of the window', async () => {
      await write()
      const widths = await ada.page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth])
      expect(widths).toEqual([360, 360])
    })

    test('has nothing to press that is smaller than 44 pixels', async () => {
      await write()
      await tool('Insert').tap()
      await ada.page.locator('.sheaf-listing:not([hidden])').waitFor()
      const small = await ada.page.evaluate(() => {
        const pressed = 'button, input, [role=option], [role=menuitem], header a'
        return [...document.querySelectorAll<HTMLElement>(pressed)].flatMap(element => {
          const box = element.getBoundingClientRect()
          if (box.width === 0 || getComputedStyle(element).visibility === 'hidden') return []
          // What is drawn small may reach further.
          const around = getComputedStyle(element, '::before')
          const reach = around.position === 'absolute' ? Math.max(0, -2 * Number.parseFloat(around.top)) : 0
          const [width, height] = [box.width + (reach || 0), box.height + (reach || 0)]
          const name = element.getAttribute('aria-label') ?? element.textContent
          return width < 43.5 || height < 43.5 ? [`${name}: ${Math.round(width)} × ${Math.round(height)}`] : []
        })
      })
      expect(small).toEqual([])
    })
  })
})

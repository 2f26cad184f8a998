// Two people, two browsers, one paragraph: the main job of Sheaf, in real Chromium, through networks that can be cut.

import { afterEach, beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'two real browsers', () => {
  let server: ServerProcess
  /** Each has a network of their own, so that one can be offline. */
  let networks: readonly [TcpProxy, TcpProxy]
  let ada: Person
  let ben: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    networks = [await TcpProxy.start(server.port), await TcpProxy.start(server.port)]
    ada = await Person.arrive({ name: 'Ada', color: 2 })
    ben = await Person.arrive({ name: 'Ben', color: 7 })
    return async () => {
      await Promise.all([ada.leave(), ben.leave()])
      await Promise.all(networks.map(network => network.close()))
      await server.dispose()
    }
  })

  afterEach(async () => {
    await Promise.all([ada.closeTab(), ben.closeTab()])
    for (const network of networks) network.mend()
    await ada.context.setOffline(false)
  })

  async function openBoth(documentId: string, text = ''): Promise<void> {
    await createDocument(server.url, documentId, { title: 'Together', text })
    await Promise.all([ada.open(networks[0].url, documentId), ben.open(networks[1].url, documentId)])
    await Promise.all([ada.clickBody(), ben.clickBody()])
  }

  test('both type in the same paragraph at once, and both see both', async () => {
    await openBoth('paragraph', 'Once ')
    await Promise.all([
      ada.type('ada-one ada-two ada-three ', { delayMs: 15 }),
      ben.type('ben-one ben-two ben-three ', { delayMs: 15 }),
    ])
    await Promise.all([ada.says(/^Saved$/), ben.says(/^Saved$/)])
    const body = (await readDocument(server.url, 'paragraph')).getText('body').toString()
    await Promise.all([ada.sees(body), ben.sees(body)])
    // Letters of two people who type at one place may stand between each other, but none is missing and none is double.
    expect([...body].sort().join('')).toBe(
      [...'Once ada-one ada-two ada-three ben-one ben-two ben-three '].sort().join(''),
    )
    expect(await ada.text()).toBe(await ben.text())
  })

  test('caret and name of the other are visible, and go when the other goes', async () => {
    await openBoth('carets', 'A line to stand in.')
    await Promise.all([ada.type('!'), ben.type('?')])
    await Promise.all([ada.seesCaretOf('Ben'), ben.seesCaretOf('Ada')])
    expect((await ada.avatars()).join()).toContain('Ben')
    expect((await ben.avatars()).join()).toContain('Ada')
    await ben.page.goto('about:blank')
    await ada.page.waitForFunction(() => document.querySelectorAll('.sheaf-caret').length === 0)
    expect((await ada.avatars()).join()).not.toContain('Ben')
  })

  test('where the other stands and what they select is drawn, and the text is not touched for it', async () => {
    await openBoth('overlay', 'A line that is long enough to walk in, and to select words of.')
    await ada.seesCaretOf('Ben')
    await ada.page.evaluate(() => {
      const text = document.querySelector('.sheaf-text')!
      const seen: string[] = []
      Object.assign(globalThis, { seen })
      new MutationObserver(records =>
        seen.push(...records.map(({ type, target }) => `${type} ${target.nodeName}`)),
      ).observe(text, { subtree: true, childList: true, characterData: true, attributes: true })
      const selected = (): unknown[] => {
        const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection()!
        return [anchorNode, anchorOffset, focusNode, focusOffset]
      }
      const before = selected()
      // The event of what Ada did herself may come late.
      document.addEventListener('selectionchange', () => {
        if (selected().some((part, i) => part !== before[i])) seen.push('selectionchange')
      })
    })
    const placeOfBen = () =>
      ada.page.evaluate(() => document.querySelector<HTMLElement>('.sheaf-caret')?.getBoundingClientRect().x)
    const places = new Set<number | undefined>()
    for (let step = 0; step < 5; step++) {
      const before = await placeOfBen()
      await ben.page.keyboard.press('Control+ArrowLeft')
      await expect.poll(placeOfBen).not.toBe(before)
      places.add(await placeOfBen())
    }
    expect(places.size).toBe(5)
    await ben.page.keyboard.press('Control+Shift+ArrowRight')
    await ada.page.locator('.sheaf-selections > *').first().waitFor()
    expect(await ada.page.evaluate(() => (globalThis as { seen?: string[] }).seen)).toEqual([])
  })

  test('one goes offline, types, and comes back: both see everything', async () => {
    await openBoth('offline', 'Before. ')
    networks[0].cut()
    await ada.context.setOffline(true)
    await ada.says(/^Offline/)
    await ada.type('typed-offline ')
    await ada.says(/^Offline — 1?[0-9]+ changes kept on this device$/)
    await ben.type('typed-online ')
    await ben.says(/^Saved$/)
    expect(await ben.text()).not.toContain('typed-offline')
    networks[0].mend()
    await ada.context.setOffline(false)
    await Promise.all([ada.sees('typed-offline', 'typed-online'), ben.sees('typed-offline', 'typed-online')])
    await ada.says(/^Saved$/)
    expect(await ada.text()).toBe(await ben.text())
  })

  test('P1: the server is killed while both type: what was called Saved is there, then the rest comes from the outboxes', async () => {
    await openBoth('killed', 'Start. ')
    await Promise.all([ada.type('ada-saved '), ben.type('ben-saved ')])
    await Promise.all([ada.says(/^Saved$/), ben.says(/^Saved$/)])
    const typing = Promise.all([
      ada.type('ada-while-it-dies ada-more ', { delayMs: 30 }),
      ben.type('ben-while-it-dies ben-more ', { delayMs: 30 }),
    ])
    await ada.sees('ada-while')
    // Nobody gets back in before the disk was read.
    for (const network of networks) network.cut()
    await server.kill()
    await server.start()
    const saved = await Promise.all([ada.lastSaved(), ben.lastSaved()])
    const onDisk = [...(await readDocument(server.url, 'killed')).getText('body').toString()]
    for (const text of saved) {
      expect(text).toContain('saved')
      for (const letter of new Set(text))
        expect(count(onDisk, letter)).toBeGreaterThanOrEqual(count([...text!], letter))
    }
    for (const network of networks) network.mend()
    await typing
    await Promise.all([ada.says(/^Saved$/), ben.says(/^Saved$/)])
    const whole = (await readDocument(server.url, 'killed')).getText('body').toString()
    const all = 'Start. ada-saved ben-saved ada-while-it-dies ada-more ben-while-it-dies ben-more '
    expect([...whole].sort().join('')).toBe([...all].sort().join(''))
    await Promise.all([ada.sees(whole), ben.sees(whole)])
  })
})

function count(letters: readonly string[], letter: string): number {
  return letters.filter(other => other === letter).length
}

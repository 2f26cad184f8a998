// Naming things while one writes: emoji behind “:”, documents behind “@”, and what a mention says to whom.

import { describe, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'

describeUnless(noChromium, 'naming', () => {
  const alone = adaAlone()
  let count = 0
  let documentId = ''

  const open = async (): Promise<void> => {
    documentId = `naming-${++count}`
    await createDocument(alone.server.url, documentId, { title: 'Naming', text: '' })
    await alone.ada.open(alone.server.url, documentId)
    await alone.ada.clickBody()
  }
  const lines = async (): Promise<string> => {
    await alone.ada.says(/^Saved$/)
    const answer = await fetch(`${alone.server.url}/api/v1/documents/${documentId}/export?format=text`)
    return (await answer.text()).replace(/^Naming\s+/, '').trim()
  }

  describe('emoji', () => {
    test('K23: are made of their names, which Backspace gives back, and not in code', async () => {
      const { ada } = alone
      await open()
      await ada.type('Done :ta')
      await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row', { hasText: ':tada:' }).waitFor()
      await ada.type('da:')
      await ada.sees('Done 🎉')
      await ada.page.keyboard.press('Backspace')
      await ada.sees('Done :tada:')
      await ada.type(' at 10:30:00, `:tada:`')
      expect(await lines()).toBe('Done :tada: at 10:30:00, :tada:')
    })

    test('K23: are found by other words and taken with Enter; the list leaves with Escape, and words stay words', async () => {
      const { ada } = alone
      await open()
      await ada.type(':celeb')
      await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row').first().waitFor()
      await ada.page.keyboard.press('Enter')
      await ada.type(' :rock')
      await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row', { hasText: ':rocket:' }).waitFor()
      await ada.page.keyboard.press('Escape')
      await ada.page.keyboard.press('Enter')
      await ada.type('so: and :)')
      expect((await lines()).split('\n')).toEqual([expect.stringMatching(/^\p{Emoji}\S* :rock$/u), 'so: and :)'])
    })
  })

  describe('a mention', () => {
    test('K24: names a document by a few letters of its title, says what it is called now, and opens it', async () => {
      const { ada, server } = alone
      await createDocument(server.url, 'gutter', { title: 'The gutter of the north wall' })
      await open()
      await ada.type('See @gutt')
      await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row', { hasText: 'The gutter' }).waitFor()
      await ada.page.keyboard.press('Enter')
      await ada.type('first.')
      const mention = ada.page.getByRole('link', { name: 'The gutter of the north wall' })
      await mention.waitFor()
      expect(await lines()).toBe('See @The gutter of the north wall first.')
      const content = await fetch(`${server.url}/api/v1/documents/${documentId}/content`)
      expect(await content.text()).not.toContain('north wall')
      await fetch(`${server.url}/api/v1/documents/gutter`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: '{"title":"The south gutter"}',
      })
      await ada.open(server.url, documentId)
      await ada.page.getByRole('link', { name: 'The south gutter' }).click()
      await ada.page.waitForURL('**/d/gutter')
    })

    test('K24: of a document that this person may not see says nothing about it', async () => {
      const { ada, server } = alone
      await open()
      await ada.page.evaluate(url => {
        const data = new DataTransfer()
        data.setData('text/plain', `${url}/d/nobody-knows`)
        const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
        document.querySelector('.sheaf-text')!.dispatchEvent(event)
      }, server.url)
      await ada.page.locator('.sheaf-not-shown', { hasText: 'A document that isn’t shared with you' }).waitFor()
      expect(await lines()).toBe('@document')
    })

    test('K24: is not what follows a letter, nor what names nothing', async () => {
      const { ada } = alone
      await open()
      await ada.type('ada@example.org, @ noon, @nobody here')
      await ada.page.locator('.sheaf-listing:not([hidden])').waitFor({ state: 'detached' })
      expect(await lines()).toBe('ada@example.org, @ noon, @nobody here')
    })
  })

  test('K25: the slash menu offers notes, mentions and emoji, and notes are listed at the end', async () => {
    const { ada } = alone
    await open()
    const insert = async (item: string): Promise<void> => {
      await ada.type(`/${item}`)
      await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row').first().waitFor()
      await ada.page.keyboard.press('Enter')
    }
    await insert('emoji')
    await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row', { hasText: ':heart:' }).waitFor()
    await ada.type('sm')
    await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row', { hasText: ':smile:' }).waitFor()
    await ada.page.keyboard.press('Enter')
    await ada.type(' ')
    await insert('footnote')
    await ada.page.getByLabel('Text of the note').fill('see Gauss')
    await ada.page.keyboard.press('Enter')
    await ada.page.locator('.sheaf-footnote[data-number="1"]').waitFor()
    await ada.page.locator('.sheaf-notes li', { hasText: 'see Gauss' }).click()
    await ada.page.getByLabel('Text of the note').fill('see Euler')
    await ada.page.keyboard.press('Enter')
    await ada.page.locator('.sheaf-notes li', { hasText: 'see Euler' }).waitFor()
    await createDocument(alone.server.url, 'lamps', { title: 'The lamps' })
    await ada.type(' ')
    await insert('mention')
    await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row').first().waitFor()
    await ada.page.keyboard.press('Escape')
    await ada.says(/^Saved$/)
    const answer = await fetch(`${alone.server.url}/api/v1/documents/${documentId}/export?format=markdown`)
    expect(await answer.text()).toMatch(/^# Naming\n\n\p{Emoji}\S* \[\^1\].*\n\n\[\^1\]: see Euler/u)
  })
})

// Composition (an input method for Japanese, say) in real Chromium while somebody else edits the same block: nothing that the other
// does may disturb what is being composed, and afterwards everything is there.

import { afterEach, beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'composition', () => {
  let server: ServerProcess
  let ada: Person
  let ben: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    ada = await Person.arrive({ name: 'Ada', color: 2 })
    ben = await Person.arrive({ name: 'Ben', color: 7 })
    return async () => {
      await Promise.all([ada.leave(), ben.leave()])
      await server.dispose()
    }
  })

  afterEach(async () => {
    await Promise.all([ada.closeTab(), ben.closeTab()])
  })

  async function openBoth(documentId: string, text: string): Promise<void> {
    await createDocument(server.url, documentId, { title: 'Together', text })
    await Promise.all([ada.open(server.url, documentId), ben.open(server.url, documentId)])
    await Promise.all([ada.clickBody(), ben.clickBody()])
  }

  /** Presses at the input method of a person; what is shown while composing is replaced each time. */
  async function inputMethod(person: Person) {
    const session = await person.context.newCDPSession(person.page)
    return {
      compose: (text: string) =>
        session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length }),
      commit: (text: string) => session.send('Input.insertText', { text }),
    }
  }

  async function agree(documentId: string, text: string): Promise<void> {
    await Promise.all([ada.sees(text), ben.sees(text)])
    await Promise.all([ada.says(/^Saved$/), ben.says(/^Saved$/)])
    expect((await readDocument(server.url, documentId)).getText('body').toString()).toBe(text)
    expect(await ada.text()).toBe(await ben.text())
  }

  test('B21: what somebody else types into the block does not disturb the composition', async () => {
    await openBoth('same-block', 'Once upon')
    await ben.page.keyboard.press('Home')
    const ime = await inputMethod(ada)
    await ime.compose('に')
    await ben.type('>> ', { delayMs: 10 })
    await ime.compose('にほ')
    await ben.type('more ', { delayMs: 10 })
    await ime.compose('日本')
    await ben.type('and ', { delayMs: 10 })
    await ime.commit('日本')
    await agree('same-block', '>> more and Once upon日本')
    await ada.type('!')
    await agree('same-block', '>> more and Once upon日本!')
  })

  test('B21: what is composed in a block that somebody splits or deletes meanwhile is kept', async () => {
    await openBoth('split-block', 'Once upon')
    await ben.page.keyboard.press('Home')
    await ben.page.keyboard.press('ArrowRight')
    const ime = await inputMethod(ada)
    await ime.compose('か')
    await ben.page.keyboard.press('Enter')
    await ben.says(/^Saved$/)
    await ime.compose('かな')
    await ime.commit('仮名')
    // What waited for the end of the composition comes right behind it.
    for (const person of [ada, ben]) await expect.poll(() => person.text()).toBe('O\n\nnce upon仮名')
  })
})

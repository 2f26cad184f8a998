// What stands in a document besides text, as people meet it: pictures on their way and there, code with its colours.

import { beforeAll, describe, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { png } from '../helpers/pictures.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'blocks', () => {
  const alone = adaAlone()
  let count = 0
  let documentId = ''

  const open = async (text = ''): Promise<void> => {
    documentId = `blocks-${++count}`
    await createDocument(alone.server.url, documentId, { title: 'Blocks', text })
    await alone.ada.open(alone.server.url, documentId)
    await alone.ada.clickBody()
  }
  const read = async (): Promise<Block[]> => {
    const answer = await fetch(`${alone.server.url}/api/v1/documents/${documentId}/content`)
    const { doc } = (await answer.json()) as { doc: { content: Block[] } }
    return doc.content
  }
  const insert = async (item: string): Promise<void> => {
    await alone.ada.type(`/${item}`)
    await alone.ada.page.locator('.sheaf-menu-row').first().waitFor()
    await alone.ada.page.keyboard.press('Enter')
  }
  const pick = async (item: string, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> => {
    const [chooser] = await Promise.all([alone.ada.page.waitForEvent('filechooser'), insert(item)])
    await chooser.setFiles(file)
  }
  const picture = { name: 'front.png', mimeType: 'image/png', buffer: png(320, 160) }
  const held = '**/api/v1/documents/*/assets*'

  describe('an image', () => {
    let bo: Person

    beforeAll(async () => {
      bo = await Person.arrive({ name: 'Bo', color: 2 })
      return () => bo.leave()
    })

    test('K9: is a placeholder with a name for the others while it is on its way', async () => {
      const { ada, server } = alone
      await open('First.')
      await bo.open(server.url, documentId)
      let letGo: () => void = () => undefined
      const isHeld = new Promise<void>(resolve => {
        letGo = resolve
      })
      await ada.page.route(held, async route => {
        if (route.request().method() === 'POST') await isHeld
        await route.continue()
      })
      await ada.page.keyboard.press('Enter')
      await pick('image', picture)
      await bo.page.locator('.sheaf-upload', { hasText: 'Ada is uploading a file' }).waitFor()
      await ada.page.locator('.sheaf-image img[src^="blob:"]').waitFor()
      await ada.type('The front')
      expect(await ada.page.locator('.sheaf-image-bar').isVisible()).toBe(false)
      letGo()
      for (const person of [ada, bo]) {
        await person.page.locator('.sheaf-image img[src*="/assets/"][src$="#320x160"]').waitFor()
        expect(
          await person.page.locator('.sheaf-image img').evaluate(image => image.clientWidth / image.clientHeight),
        ).toBeCloseTo(2, 1)
        await person.page.locator('.sheaf-upload').waitFor({ state: 'hidden' })
      }
      await ada.page.unroute(held)
      await ada.says(/^Saved$/)
      expect((await read()).map(kindAndText)).toEqual(['paragraph First.', 'image The front'])
    })

    test('K9: is one step of undo, and has its address again when it comes back', async () => {
      const { ada } = alone
      await open('First.')
      await ada.page.keyboard.press('Enter')
      await pick('image', picture)
      await ada.page.locator('.sheaf-image img[src*="/assets/"]').waitFor()
      await ada.type('The front')
      await ada.page.keyboard.press('Control+z')
      await ada.page.keyboard.press('Control+z')
      await ada.page.locator('.sheaf-image').waitFor({ state: 'detached' })
      await ada.page.keyboard.press('Control+Shift+z')
      await ada.page.locator('.sheaf-image img[src*="/assets/"]').waitFor()
      await ada.says(/^Saved$/)
      expect((await read()).map(({ type }) => type)).toEqual(['paragraph', 'image'])
    })

    test('goes on its way again when the page that sent it was closed', async () => {
      const { ada, server } = alone
      await open('First.')
      await ada.page.route(held, route => (route.request().method() === 'POST' ? route.abort() : route.continue()))
      await ada.page.keyboard.press('Enter')
      await pick('image', picture)
      await ada.reads('Kept on this device, and sent when you are online again')
      await ada.says(/^Saved$/)
      await ada.closeTab()
      expect((await read()).at(-1)?.attrs.src).toMatch(/^upload:/)
      await ada.open(server.url, documentId)
      await ada.page.locator('.sheaf-image img[src*="/assets/"]').waitFor()
      await ada.says(/^Saved$|^$/)
      await expect.poll(async () => (await read()).at(-1)?.attrs.src).toMatch(/\/assets\/[0-9a-f]{64}#320x160$/)
    })

    test('that the server refuses says why, and can be removed', async () => {
      const { ada } = alone
      await open('First.')
      await ada.page.keyboard.press('Enter')
      const problem = { status: 413, contentType: 'application/problem+json', body: '{"code":"too-large"}' }
      await ada.page.route(held, route =>
        route.request().method() === 'POST' ? route.fulfill(problem) : route.continue(),
      )
      await pick('image', picture)
      await ada.reads(/At most 20 MB each/)
      await ada.page.unroute(held)
      await ada.page.getByRole('button', { name: 'Remove' }).click()
      await ada.page.locator('.sheaf-image').waitFor({ state: 'detached' })
      await ada.type('Second.')
      await ada.says(/^Saved$/)
      expect((await read()).map(kindAndText)).toEqual(['paragraph First.', 'paragraph Second.'])
    })

    test('that is pasted is uploaded; its width and its words for the blind are set with keys, each a step of undo', async () => {
      const { ada } = alone
      await open('')
      await ada.page.evaluate(
        bytes => {
          const data = new DataTransfer()
          data.items.add(new File([new Uint8Array(bytes)], 'p.png', { type: 'image/png' }))
          const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
          document.querySelector('.sheaf-text')!.dispatchEvent(event)
        },
        [...picture.buffer],
      )
      await ada.page.locator('.sheaf-image img[src*="/assets/"]').waitFor()
      await ada.page.getByRole('slider', { name: 'Resize image, end side' }).focus()
      await ada.page.keyboard.press('Shift+ArrowLeft')
      await ada.page.keyboard.press('Shift+ArrowLeft')
      await ada.page.getByLabel('Alt text').fill('A grey field')
      await ada.page.keyboard.press('Enter')
      await ada.says(/^Saved$/)
      expect((await read())[0]?.attrs).toMatchObject({ alt: 'A grey field', width: 656 - 128 })
      await ada.page.keyboard.press('Control+z')
      await ada.page.keyboard.press('Control+z')
      await ada.says(/^Saved$/)
      await expect.poll(async () => (await read())[0]?.attrs).toMatchObject({ alt: '', width: 656 - 64 })
    })

    test('a file that is no image is a card to download, by its name', async () => {
      const { ada } = alone
      await open('')
      await pick('file', { name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') })
      await ada.page.locator('.sheaf-file a[href*="/assets/"]').waitFor()
      const [download] = await Promise.all([
        ada.page.waitForEvent('download'),
        ada.page.getByRole('link', { name: 'Download' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('plan.pdf')
    })
  })

  describe('code', () => {
    test('K10: has the hues of its language, which is chosen from a list that is searched', async () => {
      const { ada } = alone
      await open('')
      await ada.type('```python ')
      await ada.type('def area(r):\nreturn "πr²"  # not yet')
      await ada.page.locator('.sheaf-syn-comment', { hasText: '# not yet' }).waitFor()
      expect(await ada.page.locator('.sheaf-syn-keyword').allTextContents()).toEqual(['def', 'return'])
      await ada.page.locator('.sheaf-code-language').click()
      await ada.type('ts')
      await ada.page.keyboard.press('Enter')
      await ada.page.locator('.sheaf-code-language', { hasText: 'TypeScript' }).waitFor()
      await ada.page.locator('.sheaf-syn-comment').waitFor({ state: 'detached' })
      await ada.says(/^Saved$/)
      expect((await read())[0]).toMatchObject({ attrs: { language: 'typescript' } })
    })

    test('Tab moves every selected line, Escape leaves', async () => {
      const { ada } = alone
      await open('')
      await ada.type('``` ')
      await ada.type('a\nb\nc')
      await ada.page.keyboard.press('Control+a')
      await ada.page.keyboard.press('Tab')
      await ada.page.keyboard.press('Tab')
      await ada.page.keyboard.press('Shift+Tab')
      await ada.page.keyboard.press('Escape')
      await ada.type('after')
      await ada.says(/^Saved$/)
      expect((await read()).map(kindAndText)).toEqual(['code_block   a\n  b\n  c', 'paragraph after'])
    })
  })

  describe('formulas and notes', () => {
    test('K11: are made by typing, drawn, and changed where they stand; what is wrong says so, and nothing in a source runs', async () => {
      const { ada } = alone
      await open('')
      await ada.type('As $e^{i\\pi}$ says,[^see Euler]')
      await ada.page.locator('span.sheaf-math math').waitFor()
      await ada.page.locator('.sheaf-footnote[data-number="1"]').waitFor()
      await ada.page.keyboard.press('Enter')
      await ada.type('$$ ')
      await ada.type('\\frac{1}{2')
      await ada.page.locator('.sheaf-math-drawing.sheaf-math-wrong').waitFor()
      await ada.type('} \\href{javascript:alert(1)}{x}')
      await ada.page.locator('.sheaf-math-drawing').waitFor()
      expect(await ada.page.locator('.sheaf-math-drawing a').count()).toBe(0)
      await ada.page.locator('span.sheaf-math').click()
      await ada.page.getByLabel('Formula, as TeX').fill('a < b')
      await ada.page.keyboard.press('Enter')
      await ada.page.locator('.sheaf-footnote').click()
      await ada.page.getByLabel('Text of the note').fill('see Gauss')
      await ada.page.keyboard.press('Enter')
      await ada.says(/^Saved$/)
      const [first] = await read()
      expect(first?.content?.map(({ attrs }) => attrs?.tex ?? attrs?.text).filter(Boolean)).toEqual([
        'a < b',
        'see Gauss',
      ])
    })
  })
})

interface Block {
  readonly type: string
  readonly attrs: Record<string, unknown>
  readonly content?: readonly { readonly text?: string; readonly attrs?: Record<string, unknown> }[]
}

function kindAndText({ type, content }: Block): string {
  return `${type} ${(content ?? []).map(({ text }) => text ?? '').join('')}`
}

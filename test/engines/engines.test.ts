// One pass in the browsers beside Chromium: writing, structure, paste, composition, and two windows in one document. In the
// long run: it takes a minute.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDocument, idNow, readDocument } from '../helpers/documents.ts'
import { describeUnless, longRunOnly } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { engines, type Window } from './engines.ts'

const patienceMs = 20_000

for (const engine of engines) {
  describeUnless(longRunOnly ?? engine.missing, engine.name, () => {
    let server: ServerProcess
    let ada: Window
    let ben: Window
    let close: () => Promise<void>

    beforeAll(async () => {
      server = await ServerProcess.start()
      const opened = await engine.open(2)
      ;[ada, ben] = opened.windows as [Window, Window]
      close = opened.close
    }, 90_000)

    afterAll(async () => {
      await close?.()
      await server.dispose()
    })

    async function openBoth(documentId: string, text: string): Promise<void> {
      await createDocument(server.url, documentId, { title: 'Together', text })
      for (const window of [ada, ben]) {
        await window.goto(`${server.url}/d/${idNow(documentId)}`)
        await until(async () => (await textOf(window)) === text)
        await window.run(`document.querySelector('.sheaf-text').focus()`)
        await window.press('Control+End')
      }
    }

    async function agree(documentId: string, text: string): Promise<void> {
      for (const window of [ada, ben]) {
        await until(
          async () => (await textOf(window)) === text,
          () => textOf(window),
        )
        await until(
          async () => (await statusOf(window)) === 'Saved',
          () => statusOf(window),
        )
      }
      expect((await readDocument(server.url, documentId)).getText('body').toString()).toBe(text.replaceAll('\n', ''))
    }

    test('what one types the other sees, and both are told that it is saved', async () => {
      await openBoth('typing', 'Once')
      await ada.type(' upon')
      await until(async () => (await textOf(ben)) === 'Once upon')
      await ben.press('Control+End')
      await ben.type(' a time')
      await agree('typing', 'Once upon a time')
    })

    test('Enter, Backspace, a Markdown shortcut, bold and undo', async () => {
      await openBoth('structure', 'One')
      await ada.press('Enter')
      await ada.type('# Two')
      await agree('structure', 'One\nTwo')
      expect(await ben.run<string>(`return document.querySelector('.sheaf-text h1').textContent`)).toBe('Two')
      await ada.press('Control+b')
      await ada.type('!')
      await until(() => ben.run<boolean>(`return document.querySelector('.sheaf-text strong')?.textContent === '!'`))
      await ada.press('Control+z')
      await until(() => ben.run<boolean>(`return document.querySelector('.sheaf-text strong') === null`))
      const left = await textOf(ada)
      expect(left).toMatch(/^One\nT?w?o?$/)
      await agree('structure', left)
      await ada.press('Home')
      await ada.press('Backspace')
      await ada.press('Backspace')
      await agree('structure', left.replace('\n', ''))
    })

    test('pasted HTML becomes blocks, and nothing in it runs', async () => {
      await openBoth('paste', 'Here:')
      const html = '<h2>Plan</h2><ul><li>first</li><li>second</li></ul><img src=x onerror="globalThis.hit = 1">'
      await ada.run(
        `const data = new DataTransfer(); data.setData('text/html', a); data.setData('text/plain', 'Plan');
         const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
         Object.defineProperty(event, 'clipboardData', { value: data });
         document.querySelector('.sheaf-text').dispatchEvent(event)`,
        html,
      )
      await until(
        async () => /Plan.*first\nsecond/s.test(await textOf(ben)),
        () => textOf(ben),
      )
      expect(await ada.run(`return globalThis.hit ?? null`)).toBeNull()
    })

    test('B21: what is composed stays while somebody else types into the same block', async () => {
      await openBoth('composing', 'sea')
      await ben.press('Home')
      await until(
        async () => (await caretOf(ben)) === 0,
        () => caretOf(ben),
      )
      await ada.run(compose, 'に', 'start')
      await ben.type('the ')
      await until(
        async () => (await textOf(ben)).startsWith('the '),
        () => textOf(ben),
      )
      await ada.run(compose, 'にほん', 'change')
      await ada.run(compose, 'にほん', 'end')
      await agree('composing', 'the seaにほん')
    })
  })
}

/** What an input method does to a page, as events and changes of the DOM: `a` is the text so far, `b` where in the composition it is. */
const compose = `
  const at = getSelection();
  const target = document.activeElement;
  if (b === 'start') {
    target.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true, data: '' }));
    const node = at.focusNode.nodeType === 3 ? at.focusNode : at.focusNode.lastChild ?? at.focusNode;
    globalThis.composed = { node, before: node.data };
  }
  const { node, before } = globalThis.composed;
  if (b !== 'end') {
    target.dispatchEvent(new CompositionEvent('compositionupdate', { bubbles: true, data: a }));
    node.data = before + a;
    at.collapse(node, node.data.length);
    target.dispatchEvent(new InputEvent('input', { bubbles: true, data: a, inputType: 'insertCompositionText', isComposing: true }));
  } else {
    target.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: a }));
    target.dispatchEvent(new InputEvent('input', { bubbles: true, data: a, inputType: 'insertCompositionText' }));
  }`

/** The blocks of the text, a line each. */
function textOf(window: Window): Promise<string> {
  return window.run<string>(
    `return [...document.querySelectorAll('.sheaf-text .sheaf-section > *')].map(block => block.textContent).join('\\n')`,
  )
}

/** Characters before the caret in its block. */
function caretOf(window: Window): Promise<number> {
  return window.run<number>(
    `const at = getSelection(); const range = document.createRange();
    range.setStart(document.querySelector('.sheaf-text .sheaf-section > *'), 0); range.setEnd(at.focusNode, at.focusOffset);
    return range.toString().length`,
  )
}

function statusOf(window: Window): Promise<string> {
  return window.run<string>(`return document.querySelector('.document-header .status')?.dataset.status ?? ''`)
}

async function until(holds: () => Promise<boolean>, found?: () => Promise<unknown>): Promise<void> {
  const endMs = performance.now() + patienceMs
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`It did not come to that. ${JSON.stringify(await found?.())}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

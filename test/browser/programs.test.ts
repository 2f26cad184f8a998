// A person types in Chromium while programs edit the same paragraph over HTTP, by every kind of edit: all of their words are there, in one piece,
// where they typed them, and neither caret nor view is moved.

import { type EditRequest, EditsApi } from '@sheaf/client/http'
import { expect, test } from 'vitest'
import { caseCount } from '../helpers/cases.ts'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument, idNow } from '../helpers/documents.ts'
import { seededRandom } from '../helpers/random.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'

const filler = Array.from({ length: 40 }, (_, i) => `Line ${i} of many that stand around it.`)
const paragraph = 'Alpha beta gamma HERE delta epsilon zeta.'

describeUnless(noChromium, 'a person beside programs', () => {
  const alone = adaAlone()

  test('contract 1: whatever programs edit around the words of a person, these stay, in one piece and in place', async () => {
    const { ada, server } = alone
    const { page } = ada
    await createDocument(server.url, 'beside', {
      title: 'Beside',
      text: [...filler.slice(0, 20), paragraph, ...filler.slice(20)].join('\n'),
    })
    const id = idNow('beside')
    const edits = new EditsApi({ url: server.url })
    const [{ block } = { block: null }] = await edits.find(id, 'HERE')
    await ada.open(server.url, 'beside')
    const own = page.locator('.sheaf-block', { hasText: 'HERE' })
    await own.scrollIntoViewIfNeeded()
    await own.click()
    await page.keyboard.press('Home')
    for (let i = 0; i < 'Alpha beta gamma HERE'.length; i++) await page.keyboard.press('ArrowRight')

    const random = seededRandom(7)
    const count = caseCount({ short: 40, long: 200 })
    const place = () => own.evaluate(element => ({ top: element.getBoundingClientRect().top, scrolled: scrollY }))
    const within = block as string
    const once = (edit: EditRequest, options = {}) => edits.edit(id, [edit], options)
    let run = 0
    const kinds: Record<string, () => Promise<unknown>> = {
      words: () => once({ op: 'replaceText', target: { quote: 'epsilon', within }, text: 'epsilon' }),
      otherWords: async () => {
        const text = (await edits.find(id, { quote: 'zeta', within })).length > 0 ? ['zeta', 'eta'] : ['eta', 'zeta']
        await once({ op: 'replaceText', target: { quote: text[0], within, suffix: '.' }, text: text[1] })
      },
      retype: () =>
        once({ op: 'setBlock', target: { block: within }, kind: random.pick(['h3', 'bullet', 'quote', 'paragraph']) }),
      bold: () => once({ op: 'format', target: { quote: 'beta', within }, add: [{ type: 'strong' }] }),
      below: () => once({ op: 'insert', target: { block: within, edge: 'after' }, markdown: '- from a program' }),
      above: () => once({ op: 'insert', target: { block: within, edge: 'before' }, text: 'Above it.' }),
      elsewhere: () =>
        once({ op: 'delete', target: { quote: `Line ${20 + (run % 15)} of many` } }).catch(() => undefined),
      whole: async () => {
        const { body, rev } = await edits.read(id)
        const next = body.includes('Gamma') ? body.replace('Gamma', 'gamma') : body.replace('gamma', 'Gamma')
        await edits.put(id, next, { base: rev })
      },
      takenBack: async () => {
        const runId = `r${++run}`
        await once({ op: 'insert', target: { quote: 'Alpha', within }, text: ' (meant)' }, { run: { id: runId } })
        await fetch(`${server.url}/api/v1/documents/${id}/revert`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ run: runId }),
        })
      },
      wordByWord: async () => {
        const writer = await edits.writer(id, { target: { block: within, edge: 'after' } })
        for (const part of ['It ', 'comes ', 'in **pie', 'ces**.']) await writer.write(part)
        await writer.close()
      },
    }
    const typed: string[] = []
    for (let i = 0; i < count; i++) {
      const name = random.pick(Object.keys(kinds))
      // In the middle of the window, where typing by itself scrolls nothing.
      await own.evaluate(element => element.scrollIntoView({ block: 'center', behavior: 'instant' }))
      const before = await place()
      const word = ` w${i}`
      await Promise.all([ada.type(word, { delayMs: random.below(12) }), kinds[name]!()])
      typed.push(word)
      await expect.poll(() => own.innerText(), { message: name }).toContain(`HERE${typed.join('')}`)
      // What is put in sight above a line moves either the one or the other; the page itself must not scroll then.
      await expect
        .poll(
          async () => {
            const after = await place()
            return Math.min(Math.abs(after.top - before.top), Math.abs(after.scrolled - before.scrolled))
          },
          { message: name },
        )
        .toBeLessThan(2)
    }
    await ada.says(/^Saved$/)
    const { body } = await edits.read(id, { as: 'text' })
    expect(body.split('\n').find(line => line.includes('HERE'))).toContain(`HERE${typed.join('')} delta epsilon`)
  })
})

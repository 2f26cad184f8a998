// Copy, cut, paste and drag with the browser's own clipboard: within a document, between two, and from outside.

import { beforeAll, describe, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { type Lines, readLines, type Spot } from '../helpers/lines.ts'
import { describeUnless, isLongRun } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { Sheet } from './sheet.ts'

const sizes = isLongRun ? [20, 240, 10_000] : [240]

interface Case {
  readonly what: string
  /** What is selected in it is copied or cut. */
  readonly from: Lines
  /** Line and offset of the caret that it is pasted at. */
  readonly at: Spot
  readonly copied: Lines
  readonly cut?: Lines
}

const cases: readonly Case[] = [
  { what: 'a word', from: ['p ‹ab›c', 'p de'], at: { block: 1, offset: 1 }, copied: ['p abc', 'p dab|e'] },
  {
    what: 'the end of one block and the start of another',
    from: ['h1 a‹b', 'bullet c›d', 'p xy'],
    at: { block: 2, offset: 1 },
    copied: ['h1 ab', 'bullet cd', 'p xb', 'bullet c|y'],
  },
  {
    what: 'whole blocks into an empty line',
    from: ['h1 ‹ab', 'done cd›', 'p '],
    at: { block: 2, offset: 0 },
    copied: ['h1 ab', 'done cd', 'h1 ab', 'done cd|'],
  },
  {
    what: 'blocks of many kinds',
    from: [
      'quote ‹a',
      'ordered1 b',
      'task c',
      'callout d',
      'closed e',
      'code f⏎g',
      'math h',
      'image i',
      'divider ',
      'embed j',
      'p k›',
      'p ',
    ],
    at: { block: 11, offset: 0 },
    copied: [
      'quote a',
      'ordered1 b',
      'task c',
      'callout d',
      'closed e',
      'code f⏎g',
      'math h',
      'image i',
      'divider ',
      'embed j',
      'p k',
      'quote a',
      'ordered1 b',
      'task c',
      'callout d',
      'closed e',
      'code f⏎g',
      'math h',
      'image i',
      'divider ',
      'embed j',
      'p k|',
    ],
  },
  {
    what: 'text with a line break',
    from: ['p ‹a↵b›', 'p x'],
    at: { block: 1, offset: 1 },
    copied: ['p a↵b', 'p xa↵b|'],
  },
  {
    what: 'code into text',
    from: ['code a‹b⏎c›d', 'p x'],
    at: { block: 1, offset: 1 },
    copied: ['code ab⏎cd', 'p xb↵c|'],
  },
  {
    what: 'text into code',
    from: ['p a‹b', 'p c›d', 'code x'],
    at: { block: 2, offset: 1 },
    copied: ['p ab', 'p cd', 'code xb⏎⏎c|'],
  },
]

describeUnless(noChromium, 'the clipboard', () => {
  const here = adaAlone()

  beforeAll(() => here.ada.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: here.server.url }))

  describe.each(sizes)('%i blocks', size => {
    let sheet: Sheet

    beforeAll(async () => {
      sheet = await Sheet.open(here.ada, here.server.url, `clipboard-${size}`, size)
      return () => sheet.close()
    })

    const spread = size < 200 ? 'inside' : 0

    test.each(cases)('K6: copies $what', async ({ from, at, copied }) => {
      await sheet.lay(from, spread)
      await sheet.press('Control+c')
      await sheet.putCaret(at.block, at.offset)
      await sheet.press('Control+v')
      await sheet.expectLines(copied)
    })

    test('K6: a copied block is the same block in everything but its id', async () => {
      await sheet.lay(['callout ‹a', 'image b', 'embed c', 'ordered2 d›', 'p '], spread)
      await sheet.press('Control+c')
      await sheet.putCaret(4, 0)
      await sheet.press('Control+v')
      await sheet.expectLines([
        'callout a',
        'image b',
        'embed c',
        'ordered2 d',
        'callout a',
        'image b',
        'embed c',
        'ordered2 d|',
      ])
      const blocks = await sheet.shownBlocks()
      expect(blocks.slice(4)).toEqual(blocks.slice(0, 4))
    })

    test('K4, K6: cut takes away what is selected over blocks, and paste brings it back', async () => {
      const before = ['p a‹b', 'h2 x', 'bullet c›d', 'p e']
      await sheet.lay(before, spread)
      await sheet.press('Control+x')
      await sheet.expectLines(['p a|d', 'p e'])
      await sheet.press('Control+v')
      await sheet.expectLines(['p ab', 'h2 x', 'bullet c|d', 'p e'])
    })

    test('K6: cut in one block', async () => {
      await sheet.lay(['p a‹b›c', 'p d'], spread)
      await sheet.press('Control+x')
      await sheet.expectLines(['p a|c', 'p d'])
    })

    test('K4, K7: paste replaces what is selected over blocks, and one undo gives it back, selected', async () => {
      const before = ['p a‹b', 'h2 x', 'bullet c›d', 'p e']
      await outside('text/plain', 'one\ntwo')
      await sheet.lay(before, spread)
      await sheet.press('Control+v')
      await sheet.expectLines(['p aone', 'p two|d', 'p e'])
      await sheet.press('Control+z')
      await sheet.expectLines(before)
      await sheet.press('Control+y')
      await sheet.expectLines(['p aone', 'p two|d', 'p e'])
    })

    test.each<[string, string, string, Lines, Lines]>([
      ['lines', 'text/plain', 'one\ntwo\r\n\n\nthree\n', ['p a|b', 'p c'], ['p aone', 'p two', 'p three|b', 'p c']],
      ['one line', 'text/plain', 'one', ['h1 a|b', 'p c'], ['h1 aone|b', 'p c']],
      ['lines into code', 'text/plain', 'if\n\n  x\r\n', ['code a|b', 'p c'], ['code aif⏎⏎  x⏎|b', 'p c']],
      [
        'a page',
        'text/html',
        '<h2>Head</h2><p>some <b>bold</b> <i>text</i></p><ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul><ol><li>first</li></ol><blockquote><p>said</p></blockquote><pre>code\n  more</pre><hr><p>end</p>',
        ['p |', 'p c'],
        [
          'h2 Head',
          'p some bold text',
          'bullet one',
          'bullet1 inner',
          'bullet two',
          'ordered first',
          'quote said',
          'code code⏎  more',
          'divider ',
          'p end|',
          'p c',
        ],
      ],
      ['words of a page', 'text/html', '<span>some <b>bold</b></span>', ['p a|b', 'p c'], ['p asome bold|b', 'p c']],
      ['a page into code', 'text/html', '<p>one</p><p>two</p>', ['code a|b', 'p c'], ['code aone⏎⏎two|b', 'p c']],
    ])('K6: %s from outside', async (_what, type, text, before, after) => {
      await outside(type, text)
      await sheet.lay(before, spread)
      await sheet.press('Control+v')
      await sheet.expectLines(after)
    })

    test('K6: what was copied reads as plain text elsewhere', async () => {
      await sheet.lay(['h1 ‹a', 'bullet b', 'bullet1 c', 'done d', 'code e⏎f›', 'p '], spread)
      await sheet.press('Control+c')
      expect(await here.ada.page.evaluate(() => navigator.clipboard.readText())).toBe(
        'a\n\n- b\n  - c\n- [x] d\n\ne\nf',
      )
    })

    test.each<[string, Lines, Spot, Lines]>([
      ['a word', ['p ‹ab›c', 'p de'], { block: 1, offset: 1 }, ['p c', 'p d‹ab›e']],
      ['over blocks', ['p a‹b', 'h1 x', 'p c›d', 'p ef'], { block: 3, offset: 2 }, ['p ad', 'p ef‹b', 'h1 x', 'p c›']],
      ['up', ['p ef', 'p x', 'h1 a‹b', 'p c›d'], { block: 0, offset: 2 }, ['p ef‹b', 'p c›', 'p x', 'h1 ad']],
      ['a block', ['h1 ‹ab›', 'p x', 'p '], { block: 2, offset: 0 }, ['h1 ', 'p x', 'h1 ‹ab›']],
    ])('K4, K7: drags %s', async (_what, before, to, after) => {
      await sheet.lay(before, spread)
      const from = await sheet.pointOf(
        before.findIndex(line => line.includes('‹')),
        readLines(before).selection!.from.offset,
      )
      const goal = await sheet.pointOf(to.block, to.offset)
      const { mouse } = here.ada.page
      await mouse.move(from.x + 2, from.y)
      await mouse.down()
      await mouse.move(from.x + 20, from.y + 10, { steps: 3 })
      await mouse.move(goal.x, goal.y, { steps: 3 })
      await mouse.up()
      await sheet.expectLines(after)
      await sheet.press('Control+z')
      await sheet.expectLines(before)
    })
  })

  test('K6: what is copied in one document is pasted into another', async () => {
    const one = await Sheet.open(here.ada, here.server.url, 'one', 20)
    await one.lay(['h2 a‹b', 'task c', 'code d⏎e›'], 'inside')
    await one.press('Control+c')
    await one.close()
    const two = await Sheet.open(here.ada, here.server.url, 'two', 20)
    await two.lay(['p x|', 'p y'], 'inside')
    await two.press('Control+v')
    await two.expectLines(['p xb', 'task c', 'code d⏎e|', 'p y'])
    await two.close()
  })

  describe.each(isLongRun ? [20, 1_000, 10_000] : [20, 1_000])('all of %i blocks', size => {
    test('K4, K6, K7: is copied, cut, pasted, deleted and typed over, and undo brings it back with the selection', {
      timeout: size > 1_000 ? 300_000 : 60_000,
    }, async () => {
      const sheet = await Sheet.open(here.ada, here.server.url, `all-${size}`, size)
      const lines = Array.from({ length: size }, (_, i) => `p line ${i}`)
      const selected = [`p ‹line 0`, ...lines.slice(1, -1), `${lines.at(-1)}›`]
      await sheet.select({ block: 3, offset: 1 })
      const before = (await sheet.look()).digest
      await sheet.press('Control+a')
      await sheet.expectShown(selected)
      await sheet.press('Delete')
      await sheet.expectLines(['p |'])
      await sheet.press('Control+z')
      await sheet.expectLines(selected)
      expect((await sheet.look()).digest).toBe(before)
      await sheet.press('x')
      await sheet.expectLines(['p x|'])
      await sheet.press('Control+z')
      await sheet.expectLines(selected)
      await sheet.press('Control+c')
      expect(await here.ada.page.evaluate(() => navigator.clipboard.readText())).toBe(
        lines.map(line => line.slice(2)).join('\n\n'),
      )
      await sheet.press('Control+x')
      await sheet.expectLines(['p |'])
      await sheet.press('Control+v')
      await sheet.expectLines([...lines.slice(0, -1), `${lines.at(-1)}|`])
      await sheet.close()
    })
  })

  /** Puts something into the clipboard as another program does. */
  async function outside(type: string, text: string): Promise<void> {
    await here.ada.page.evaluate(
      async ([kind, content]) => {
        const item: Record<string, Blob> = { [kind]: new Blob([content], { type: kind }) }
        if (kind === 'text/html') {
          const plain = new DOMParser().parseFromString(content, 'text/html').body
          const lines = [...plain.children].map(child => child.textContent)
          item['text/plain'] = new Blob([lines.join('\n\n')], { type: 'text/plain' })
        }
        await navigator.clipboard.write([new ClipboardItem(item)])
      },
      [type, text] as const,
    )
  }
})

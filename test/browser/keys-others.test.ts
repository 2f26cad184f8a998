// One person at the keys while somebody else edits the same place: the caret stays with its character, what is composed is kept,
// undo takes back one's own and gives back the selection, and what is in sight stays where it is.

import { schema } from '@sheaf/model'
import { beforeAll, describe, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import type { Lines } from '../helpers/lines.ts'
import type { RemoteEditor } from '../helpers/remote-editor.ts'
import { describeUnless, isLongRun } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { Sheet } from './sheet.ts'

const sizes = isLongRun ? [20, 240, 10_000] : [240]
const { heading } = schema.nodes

type Line = (line: number) => number

interface Case {
  readonly what: string
  readonly before: Lines
  /** What somebody else does. */
  readonly does: (other: RemoteEditor, line: Line) => void
  readonly after: Lines
}

/** The caret, or the selection, while somebody else edits. */
const carets: readonly Case[] = [
  {
    what: 'types in front of it',
    before: ['p a', 'p bc|d'],
    does: (other, line) => other.type(line(1), 1, 'xx'),
    after: ['p a', 'p bxxc|d'],
  },
  {
    what: 'types right at it',
    before: ['p a', 'p bc|d'],
    does: (other, line) => other.type(line(1), 2, 'xx'),
    after: ['p a', 'p bc|xxd'],
  },
  {
    what: 'types into an empty line that it stands in',
    before: ['p a', 'p |'],
    does: (other, line) => other.type(line(1), 0, 'xx'),
    after: ['p a', 'p |xx'],
  },
  {
    what: 'deletes what stood around it',
    before: ['p a', 'p bcd|ef'],
    does: (other, line) => other.erase(line(1), 1, 4),
    after: ['p a', 'p b|f'],
  },
  {
    what: 'splits its block in front of it',
    before: ['p a', 'p bc|d'],
    does: (other, line) => other.split(line(1), 1),
    after: ['p a', 'p b', 'p c|d'],
  },
  {
    what: 'splits its block behind it',
    before: ['p a', 'p bc|d'],
    does: (other, line) => other.split(line(1), 2),
    after: ['p a', 'p bc|', 'p d'],
  },
  {
    what: 'joins its block with the one above',
    before: ['p a', 'p b|c'],
    does: (other, line) => other.join(line(1)),
    after: ['p ab|c'],
  },
  {
    what: 'deletes its block',
    before: ['p ab', 'p c|d', 'p ef'],
    does: (other, line) => other.remove(line(1)),
    after: ['p ab|', 'p ef'],
  },
  {
    what: 'makes a heading of its block',
    before: ['p a', 'p b|c'],
    does: (other, line) => other.retype(line(1), heading, { level: 1 }),
    after: ['p a', 'h1 b|c'],
  },
  {
    what: 'puts a block above it',
    before: ['p a', 'p b|c'],
    does: (other, line) => other.insert(line(1), 'x'),
    after: ['p a', 'p x', 'p b|c'],
  },
  {
    what: 'types at both ends of what is selected',
    before: ['p a‹b', 'p c›d'],
    does: (other, line) => {
      other.type(line(0), 1, 'x')
      other.type(line(1), 1, 'y')
    },
    after: ['p ax‹b', 'p c›yd'],
  },
  {
    what: 'puts a block into what is selected',
    before: ['p a‹b', 'p c›d'],
    does: (other, line) => other.insert(line(1), 'x'),
    after: ['p a‹b', 'p x', 'p c›d'],
  },
]

/** A composition of か, whose end is 仮名, while somebody else edits. */
const compositions: readonly Case[] = [
  { what: 'does nothing', before: ['p a', 'p b|c'], does: () => undefined, after: ['p a', 'p b仮名|c'] },
  {
    what: 'types in the same block',
    before: ['p a', 'p bc|d'],
    does: (other, line) => {
      other.type(line(1), 0, 'x')
      other.type(line(1), 1, 'y')
    },
    after: ['p a', 'p xybc仮名|d'],
  },
  {
    what: 'splits the block in front of it',
    before: ['p a', 'p bc|d'],
    does: (other, line) => other.split(line(1), 1),
    after: ['p a', 'p b', 'p c仮名|d'],
  },
  {
    what: 'joins the block with the one above',
    before: ['p a', 'p b|c'],
    does: (other, line) => other.join(line(1)),
    after: ['p ab仮名|c'],
  },
  {
    what: 'deletes the block',
    before: ['p a', 'p b|c', 'p d'],
    does: (other, line) => other.remove(line(1)),
    after: ['p a', 'p 仮名|', 'p d'],
  },
  {
    what: 'makes a heading of the block',
    before: ['p a', 'p b|c'],
    does: (other, line) => other.retype(line(1), heading, { level: 2 }),
    after: ['p a', 'h2 b仮名|c'],
  },
  {
    what: 'edits the blocks around',
    before: ['p a', 'p b|c', 'p d'],
    does: (other, line) => {
      other.type(line(0), 1, 'x')
      other.insert(line(2), 'y')
    },
    after: ['p ax', 'p b仮名|c', 'p y', 'p d'],
  },
  {
    what: 'waits, and what is selected goes',
    before: ['p a', 'p b‹c›d'],
    does: () => undefined,
    after: ['p a', 'p b仮名|d'],
  },
  {
    what: 'waits, and blocks that are selected go',
    before: ['p a‹b', 'h1 x', 'p c›d'],
    does: () => undefined,
    after: ['p a仮名|d'],
  },
]

/** Somebody types `own`, another one edits, and the first undoes. */
const undos: readonly Case[] = [
  { what: 'does nothing', before: ['p a', 'p b|c'], does: () => undefined, after: ['p a', 'p b|c'] },
  {
    what: 'types in the same block',
    before: ['p a', 'p b|c'],
    does: (other, line) => {
      other.type(line(1), 0, 'x')
      other.type(line(1), 5, 'y')
    },
    after: ['p a', 'p xb|yc'],
  },
  {
    what: 'splits what was typed',
    before: ['p a', 'p b|c'],
    does: (other, line) => other.split(line(1), 2),
    after: ['p a', 'p b|', 'p c'],
  },
  {
    what: 'makes a heading of it',
    before: ['p a', 'p b|c'],
    does: (other, line) => other.retype(line(1), heading, { level: 1 }),
    after: ['p a', 'h1 b|c'],
  },
  {
    what: 'puts a block above',
    before: ['p a', 'p b|c'],
    does: (other, line) => other.insert(line(0), 'x'),
    after: ['p x', 'p a', 'p b|c'],
  },
  {
    what: 'types while a selection was typed over',
    before: ['p a', 'p b‹cd›e'],
    does: (other, line) => other.type(line(1), 0, 'x'),
    after: ['p a', 'p xb‹cd›e'],
  },
  {
    what: 'types while blocks were typed over',
    before: ['p a‹b', 'h1 x', 'p c›d'],
    does: (other, line) => other.type(line(0), 0, 'y'),
    after: ['p ya‹b', 'h1 x', 'p c›d'],
  },
]

describeUnless(noChromium, 'keys while others edit', () => {
  const here = adaAlone()

  describe.each(sizes)('%i blocks', size => {
    let sheet: Sheet
    const line: Line = index => sheet.indexOf(index)
    const spread = size < 200 ? 'inside' : 0

    beforeAll(async () => {
      sheet = await Sheet.open(here.ada, here.server.url, `others-${size}`, size)
      return () => sheet.close()
    })

    test.each(carets)(
      'B19: the caret stays with its character when somebody $what',
      async ({ before, does, after }) => {
        await sheet.lay(before, spread)
        does(sheet.other, line)
        await sheet.expectLines(after)
      },
    )

    test.each(compositions)('B21: a composition is kept when somebody $what', async ({ before, does, after }) => {
      await sheet.lay(before, spread)
      const method = await here.ada.context.newCDPSession(here.ada.page)
      const compose = (text: string) =>
        method.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
      await compose('k')
      await compose('か')
      does(sheet.other, line)
      await sheet.other.document.saved()
      await compose('かな')
      await here.ada.sees('かな')
      await method.send('Input.insertText', { text: '仮名' })
      await sheet.expectLines(after)
      await method.detach()
    })

    test.each(undos)('B20: undo takes back what one typed when somebody $what', async ({ before, does, after }) => {
      await sheet.lay(before, spread)
      await sheet.press('o', 'w', 'n')
      await here.ada.sees('own')
      await here.ada.says(/^Saved$/)
      await sheet.other.shows(blocks => blocks.some(block => block.textContent.includes('own')))
      does(sheet.other, line)
      await sheet.other.document.saved()
      await sheet.pageCatchesUp()
      await sheet.press('Control+z')
      await sheet.expectLines(after)
      await sheet.press('Control+y')
      await here.ada.sees('n')
      await sheet.expectAgreement()
      await sheet.press('Control+z')
      await sheet.expectLines(after)
    })
  })

  describe.each(sizes.filter(size => size > 200))('in the middle of %i blocks', size => {
    test('K8: what is in sight stays where it is, whatever others do above and below', async () => {
      const sheet = await Sheet.open(here.ada, here.server.url, `still-${size}`, size)
      const middle = Math.floor(size / 2) + 10
      await sheet.select({ block: middle, offset: 3 })
      const place = () =>
        here.ada.page.evaluate(async () => {
          await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
          const range = document.createRange()
          range.selectNode(document.getSelection()!.focusNode!)
          return range.getBoundingClientRect().top
        })
      const before = await place()
      const long = 'many words that need a line of their own '.repeat(12)
      const edits: readonly ((other: RemoteEditor) => void)[] = [
        other => other.insert(0, 'at the top'),
        other => other.insert(middle - 20, long),
        other => other.edit(tr => tr.insertText(long, other.positionOf(middle - 25) + 1)),
        other => other.remove(middle - 24),
        other => other.remove(2),
        other => other.retype(middle - 22, heading, { level: 1 }),
        other => other.insert(middle + 4, long),
        other => other.edit(tr => tr.delete(other.positionOf(4), other.positionOf(40))),
      ]
      for (const edit of edits) {
        edit(sheet.other)
        await sheet.pageCatchesUp()
        expect(Math.abs((await place()) - before), String(edit)).toBeLessThan(1)
      }
      expect((await sheet.selected())?.head.offset).toBe(3)
      await sheet.close()
    })
  })
})

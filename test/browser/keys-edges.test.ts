// Enter, Backspace and Delete where blocks meet, in every kind of block, inside of a section and over the edge of two: nobody sees
// sections, so no key may. Each case is laid out by somebody else, done with real keys, and must then be the same everywhere.

import { beforeAll, describe, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { type Lines, readLines } from '../helpers/lines.ts'
import { describeUnless, isLongRun } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { Sheet } from './sheet.ts'

/** From 160 blocks on there are several sections. */
const sizes = isLongRun ? [20, 240, 10_000] : [240]

type Case = readonly [what: string, keys: string, before: Lines, after: Lines]

const enter: readonly Case[] = [
  ['splits', 'Enter', ['p a', 'p b|c', 'p d'], ['p a', 'p b', 'p |c', 'p d']],
  ['opens a line at the end', 'Enter', ['p a|', 'p b'], ['p a', 'p |', 'p b']],
  ['makes room above at the start', 'Enter', ['p a', 'h1 |b'], ['p a', 'p ', 'h1 |b']],
  ['in an empty paragraph', 'Enter', ['p a', 'p |', 'p b'], ['p a', 'p ', 'p |', 'p b']],
  ['in an empty heading', 'Enter', ['p a', 'h2 |', 'p b'], ['p a', 'p ', 'h2 |', 'p b']],
  ['goes on in a list', 'Enter', ['bullet a|', 'bullet b'], ['bullet a', 'bullet |', 'bullet b']],
  ['after a done task', 'Enter', ['done a|', 'p b'], ['done a', 'task |', 'p b']],
  ['an empty inner item steps out', 'Enter', ['bullet a', 'bullet1 |', 'p b'], ['bullet a', 'bullet |', 'p b']],
  ['an empty item ends the list', 'Enter', ['ordered a', 'ordered |', 'p b'], ['ordered a', 'p |', 'p b']],
  ['an empty quote ends', 'Enter', ['quote a', 'quote |', 'p b'], ['quote a', 'p |', 'p b']],
  ['an empty callout ends', 'Enter', ['p a', 'callout |', 'p b'], ['p a', 'p |', 'p b']],
  ['in an open toggle', 'Enter', ['p a', 'toggle b|', 'p c'], ['p a', 'toggle b', 'p1 |', 'p c']],
  ['in a closed toggle', 'Enter', ['closed b|', 'p1 x', 'p c'], ['closed b', 'p1 x', 'toggle |', 'p c']],
  ['in code', 'Enter', ['p a', 'code  b|', 'p c'], ['p a', 'code  b⏎ |', 'p c']],
  ['leaves code on a second empty line', 'Enter', ['code b⏎⏎|', 'p c'], ['code b', 'p |', 'p c']],
  ['leaves a divider', 'Enter', ['p a', 'divider |', 'p b'], ['p a', 'divider ', 'p |', 'p b']],
  ['leaves an image', 'Enter', ['p a', 'image cap|', 'p b'], ['p a', 'image cap', 'p |', 'p b']],
  ['over a selection of blocks', 'Enter', ['p a‹b', 'p x', 'p c›d'], ['p a', 'p |d']],
  ['over a selection from a start', 'Enter', ['h1 ‹ab', 'p c›d'], ['p ', 'p |d']],
]

const backspace: readonly Case[] = [
  ['joins', 'Backspace', ['p a', 'p |b', 'p c'], ['p a|b', 'p c']],
  ['joins into a heading', 'Backspace', ['h1 a', 'p |b'], ['h1 a|b']],
  ['takes a kind away first', 'Backspace', ['p a', 'h2 |b'], ['p a', 'p |b']],
  ['an item becomes text where it stands', 'Backspace', ['bullet a', 'bullet1 |b'], ['bullet a', 'p1 |b']],
  ['then steps out', 'Backspace', ['bullet a', 'p1 |b', 'bullet c'], ['bullet a', 'p |b', 'bullet c']],
  ['an empty line goes', 'Backspace', ['p a', 'p |', 'p b'], ['p a|', 'p b']],
  ['an empty line above goes', 'Backspace', ['p a', 'p ', 'h1 |'], ['p a', 'p ', 'p |']],
  ['an empty line above text goes', 'Backspace', ['p a', 'p ', 'p |b'], ['p a', 'p |b']],
  ['an empty heading above text goes', 'Backspace', ['p a', 'h1 ', 'p |b'], ['p a', 'p |b']],
  ['a divider above goes', 'Backspace', ['p a', 'divider ', 'p |b'], ['p a', 'p |b']],
  ['a divider with the caret goes', 'Backspace', ['p a', 'divider |', 'p b'], ['p a|', 'p b']],
  ['an image goes, its caption stays', 'Backspace', ['p a', 'image |cap', 'p b'], ['p a', 'p |cap', 'p b']],
  ['text never runs into code', 'Backspace', ['code a', 'p |b'], ['code a|', 'p b']],
  ['code never runs into text', 'Backspace', ['p a', 'code |b'], ['p a|', 'code b']],
  ['empty code becomes text', 'Backspace', ['p a', 'code |', 'p b'], ['p a', 'p |', 'p b']],
  ['of an empty task', 'Backspace', ['task a', 'task |', 'p b'], ['task a', 'p |', 'p b']],
  ['of an empty toggle', 'Backspace', ['p a', 'toggle |', 'p b'], ['p a', 'p |', 'p b']],
  ['inside a block', 'Backspace', ['p a', 'p bc|', 'p d'], ['p a', 'p b|', 'p d']],
  ['the only letter', 'Backspace', ['p a', 'p b|', 'p c'], ['p a', 'p |', 'p c']],
  ['a selection in a block', 'Backspace', ['p a', 'p b‹c›d', 'p e'], ['p a', 'p b|d', 'p e']],
  ['a selection over two blocks', 'Backspace', ['p a‹b', 'p c›d', 'p e'], ['p a|d', 'p e']],
  ['a selection over three kinds', 'Backspace', ['h1 a‹b', 'bullet x', 'quote c›d'], ['h1 a|d']],
  ['from a start: the rest stays what it is', 'Backspace', ['h1 ‹ab', 'p x', 'bullet c›d'], ['bullet |d']],
  ['whole blocks leave one', 'Backspace', ['p a', 'h1 ‹b', 'p c›', 'p d'], ['p a', 'h1 |', 'p d']],
  ['down to the next start', 'Backspace', ['p a', 'h1 ‹b', 'p ›c'], ['p a', 'p |c']],
  ['a selected divider goes', 'Backspace', ['p a', 'divider ‹', 'p b›', 'p c'], ['p a', 'p |', 'p c']],
  ['a selection that ends in code', 'Backspace', ['p a‹b', 'p x', 'code c›d'], ['p a|', 'code d']],
  ['a selection out of code', 'Backspace', ['code a‹b', 'p x', 'p c›d'], ['code a|', 'p d']],
  ['a selection from code to code', 'Backspace', ['code a‹b', 'p x', 'code c›d'], ['code a|d']],
  ['a word', 'Control+Backspace', ['p a', 'p bc de|', 'p f'], ['p a', 'p bc |', 'p f']],
  ['a word at the start joins', 'Control+Backspace', ['p ab', 'p |cd'], ['p ab|cd']],
]

const deletion: readonly Case[] = [
  ['joins', 'Delete', ['p a|', 'p b', 'p c'], ['p a|b', 'p c']],
  ['takes the kind of the joined away', 'Delete', ['p a|', 'h1 b'], ['p a|b']],
  ['an empty line below goes', 'Delete', ['p a|', 'p ', 'p b'], ['p a|', 'p b']],
  ['an empty line gives way', 'Delete', ['p a', 'p |', 'h1 b'], ['p a', 'h1 |b']],
  ['a divider below goes', 'Delete', ['p a|', 'divider ', 'p b'], ['p a|', 'p b']],
  ['text never runs into code', 'Delete', ['p a|', 'code b'], ['p a|', 'code b']],
  ['empty code below goes', 'Delete', ['p a|', 'code ', 'p b'], ['p a|', 'p b']],
  ['inside a block', 'Delete', ['p a', 'p |bc', 'p d'], ['p a', 'p |c', 'p d']],
  ['a selection over blocks', 'Delete', ['p a‹b', 'bullet x', 'p c›d'], ['p a|d']],
  ['a word at the end joins', 'Control+Delete', ['p ab|', 'p cd'], ['p ab|cd']],
]

const others: readonly Case[] = [
  ['typing replaces a selection', 'x', ['p a‹b', 'p c›d', 'p e'], ['p ax|d', 'p e']],
  ['typing over whole blocks', 'x', ['h1 ‹ab', 'p cd›', 'p e'], ['h1 x|', 'p e']],
  ['typing over text and code', 'x', ['p a‹b', 'code c›d'], ['p ax|', 'code d']],
  ['a line break', 'Shift+Enter', ['p a', 'p b|c', 'p d'], ['p a', 'p b↵|c', 'p d']],
  ['Tab', 'Tab', ['bullet a', 'bullet |b', 'bullet1 c'], ['bullet a', 'bullet1 |b', 'bullet2 c']],
  ['Shift-Tab', 'Shift+Tab', ['bullet a', 'bullet1 |b', 'bullet2 c'], ['bullet a', 'bullet |b', 'bullet1 c']],
]

const all = [...enter, ...backspace, ...deletion, ...others]

/** In documents that consist of nothing else. */
const alone: readonly Case[] = [
  ['the first block stays', 'Backspace', ['p |a', 'p b'], ['p |a', 'p b']],
  ['an empty first block stays', 'Backspace', ['p |', 'p b'], ['p |', 'p b']],
  ['an empty first heading becomes text', 'Backspace', ['h1 |', 'p b'], ['p |', 'p b']],
  ['the only divider becomes text', 'Backspace', ['divider |'], ['p |']],
  ['the last block stays', 'Delete', ['p a', 'p b|'], ['p a', 'p b|']],
  ['an empty last block stays', 'Delete', ['p a', 'p |'], ['p a', 'p |']],
  ['the first empty block gives way', 'Delete', ['p |', 'h1 b'], ['h1 |b']],
  ['Enter in an empty document', 'Enter', ['p |'], ['p ', 'p |']],
  ['Enter at the very start', 'Enter', ['p |a'], ['p ', 'p |a']],
  ['Enter at the very end', 'Enter', ['h1 a', 'h1 b|'], ['h1 a', 'h1 b', 'p |']],
  ['everything goes and a paragraph stays', 'Backspace', ['h1 ‹a', 'bullet1 b', 'code c›'], ['p |']],
  ['everything but the end', 'Delete', ['h1 ‹a', 'bullet b', 'quote c›d'], ['quote |d']],
  ['down from a closing block', 'ArrowDown', ['p a', 'code b|'], ['p a', 'code b', 'p |']],
]

describeUnless(noChromium, 'keys at the edges of blocks', () => {
  const here = adaAlone()

  describe.each(sizes)('%i blocks', size => {
    let sheet: Sheet

    beforeAll(async () => {
      sheet = await Sheet.open(here.ada, here.server.url, `edges-${size}`, size)
      return () => sheet.close()
    })

    test.each(all.map(([what, key, before, after]) => [key, what, before, after] as const))(
      'K1, K2, K3, K4: %s: %s',
      async (key, _what, before, after) => {
        for (const spread of size < 200 ? (['inside'] as const) : edgesOf(key, before, size)) {
          await sheet.lay(before, spread)
          await sheet.press(key)
          await sheet.expectLines(after)
        }
      },
    )
  })

  describe('in a document of these blocks only', () => {
    let sheet: Sheet

    beforeAll(async () => {
      sheet = await Sheet.open(here.ada, here.server.url, 'alone', 20)
      return () => sheet.close()
    })

    test.each(alone.map(([what, key, before, after]) => [key, what, before, after] as const))(
      'K2, K3, K4: %s: %s',
      async (key, _what, before, after) => {
        await sheet.lay(before, 'alone')
        await sheet.press(key)
        await sheet.expectLines(after)
      },
    )
  })
})

/** Behind which lines the edge of the sections lies: the one that the key meets; in the long form each in turn, at 240 blocks. */
function edgesOf(key: string, lines: Lines, size: number): number[] {
  if (isLongRun && size === 240) return [...lines.slice(1).keys()]
  const caret = readLines(lines).selection!.from.block
  const isForward = key.endsWith('Delete') || caret === 0
  return [isForward ? caret : caret - 1]
}

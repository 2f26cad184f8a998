// The caret by keyboard: over blocks of every kind and over the edges of sections, which the browser lays out only when they come
// into sight, as if they were one text.

import { beforeAll, describe, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import type { Lines } from '../helpers/lines.ts'
import { describeUnless, isLongRun } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { Sheet } from './sheet.ts'

const sizes = isLongRun ? [20, 240, 10_000] : [240]

/** Keys that are pressed one after the other, parted by spaces. */
type Case = readonly [keys: string, before: Lines, after: Lines]

const moves: readonly Case[] = [
  ['ArrowRight', ['p mm|', 'p mm'], ['p mm', 'p |mm']],
  ['ArrowLeft', ['p mm', 'p |mm'], ['p mm|', 'p mm']],
  ['ArrowDown', ['p mm|mm', 'p mmmm'], ['p mmmm', 'p mm|mm']],
  ['ArrowUp', ['p mmmm', 'p mm|mm'], ['p mm|mm', 'p mmmm']],
  ['ArrowRight', ['p mm|', 'p ', 'p mm'], ['p mm', 'p |', 'p mm']],
  ['ArrowRight ArrowRight', ['p mm|', 'p ', 'p mm'], ['p mm', 'p ', 'p |mm']],
  ['Control+ArrowRight', ['p mm |mm', 'p mm'], ['p mm mm|', 'p mm']],
  ['Control+ArrowLeft', ['p mm', 'p mm |mm'], ['p mm', 'p |mm mm']],
  ['Control+ArrowDown', ['p m|m', 'p mm', 'p mm'], ['p mm', 'p m|m', 'p mm']],
  ['Control+ArrowUp', ['p mm', 'p m|m'], ['p m|m', 'p mm']],
  ['Home', ['p mm', 'p mm|mm'], ['p mm', 'p |mmmm']],
  ['End', ['p m|m', 'p mm'], ['p mm|', 'p mm']],
  ['ArrowDown End ArrowUp Home', ['p m|m', 'p mmm'], ['p |mm', 'p mmm']],
  // The goal column outlives what is too short for it.
  ['ArrowDown ArrowDown', ['p mmmm|mm', 'p ', 'p mmmmmm'], ['p mmmmmm', 'p ', 'p mmmm|mm']],
  ['ArrowUp ArrowUp', ['p mmmmmm', 'p m', 'p mmmm|mm'], ['p mmmm|mm', 'p m', 'p mmmmmm']],
]

const extensions: readonly Case[] = [
  ['Shift+ArrowRight', ['p mm|', 'p mm'], ['p mm‹', 'p ›mm']],
  ['Shift+ArrowLeft', ['p mm', 'p |mm'], ['p mm‹', 'p ›mm']],
  ['Shift+ArrowDown', ['p mm|mm', 'p mmmm'], ['p mm‹mm', 'p mm›mm']],
  ['Shift+ArrowUp', ['p mmmm', 'p mm|mm'], ['p mm‹mm', 'p mm›mm']],
  ['Shift+ArrowDown Shift+ArrowDown', ['p mm|mm', 'p ', 'p mmmm'], ['p mm‹mm', 'p ', 'p mm›mm']],
  ['Shift+ArrowDown Shift+ArrowUp', ['p mm|mm', 'p mmmm'], ['p mm|mm', 'p mmmm']],
  ['Shift+End Shift+ArrowDown', ['p m|m', 'p mm'], ['p m‹m', 'p mm›']],
  ['Shift+Home', ['p mm', 'p mm|mm'], ['p mm', 'p ‹mm›mm']],
  ['Control+Shift+ArrowRight', ['p mm |mm', 'p mm'], ['p mm ‹mm›', 'p mm']],
  ['Shift+ArrowDown ArrowRight', ['p m|m', 'p mm'], ['p mm', 'p m|m']],
  ['Shift+ArrowDown ArrowLeft', ['p m|m', 'p mm'], ['p m|m', 'p mm']],
]

/** Kinds that draw something of their own beside the text. */
const kinds: readonly Case[] = [
  ...['task', 'toggle', 'callout', 'quote', 'bullet', 'ordered', 'code', 'h1', 'image', 'embed', 'divider'].flatMap(
    kind =>
      [
        ['ArrowRight', ['p mm|', `${kind} `, 'p mm'], ['p mm', `${kind} |`, 'p mm']],
        ['ArrowRight ArrowRight', ['p mm|', `${kind} `, 'p mm'], ['p mm', `${kind} `, 'p |mm']],
        ['ArrowLeft ArrowLeft', ['p mm', `${kind} `, 'p |mm'], ['p mm|', `${kind} `, 'p mm']],
        ['ArrowDown ArrowDown', ['p |mm', `${kind} `, 'p mm'], ['p mm', `${kind} `, 'p |mm']],
        ['ArrowUp ArrowUp', ['p mm', `${kind} `, 'p |mm'], ['p |mm', `${kind} `, 'p mm']],
        ['ArrowRight', ['p mm|', `${kind} mm`, 'p mm'], ['p mm', `${kind} |mm`, 'p mm']],
        ['ArrowLeft', ['p mm', `${kind} |mm`, 'p mm'], ['p mm|', `${kind} mm`, 'p mm']],
      ] as Case[],
  ),
  // What is folded away is not there.
  ['ArrowDown', ['closed |mm', 'p1 hidden', 'p '], ['closed mm', 'p1 hidden', 'p |']],
  ['ArrowRight', ['closed mm|', 'p1 hidden', 'p mm'], ['closed mm', 'p1 hidden', 'p |mm']],
  ['ArrowLeft', ['closed mm', 'p1 hidden', 'p |mm'], ['closed mm|', 'p1 hidden', 'p mm']],
]

describeUnless(noChromium, 'the caret by keyboard', () => {
  const here = adaAlone()

  describe.each(sizes)('%i blocks', size => {
    let sheet: Sheet
    const spreads = (lines: Lines) =>
      size < 200 ? (['inside'] as const) : [...lines.slice(1).keys()].slice(0, isLongRun ? 2 : 1)

    beforeAll(async () => {
      sheet = await Sheet.open(here.ada, here.server.url, `caret-${size}`, size)
      return () => sheet.close()
    })

    test.each([...moves, ...extensions])('K5: %s in %j', async (keys, before, after) => {
      for (const spread of spreads(before)) {
        await sheet.lay(before, spread)
        await sheet.press(...keys.split(' '))
        await sheet.expectShown(after)
      }
    })
  })
  describe('over blocks of other kinds', () => {
    let sheet: Sheet

    beforeAll(async () => {
      sheet = await Sheet.open(here.ada, here.server.url, 'kinds', 20)
      return () => sheet.close()
    })

    test.each(kinds)('K5: %s in %j', async (keys, before, after) => {
      await sheet.lay(before, 'inside')
      await sheet.press(...keys.split(' '))
      await sheet.expectShown(after)
    })
  })

  describe.each(sizes.filter(size => size > 200))('in all of %i blocks', size => {
    let sheet: Sheet

    beforeAll(async () => {
      sheet = await Sheet.open(here.ada, here.server.url, `far-${size}`, size)
      return () => sheet.close()
    })

    test('K5: Control-End and Control-Home go to the ends, and their places are in sight', async () => {
      await sheet.select({ block: 3, offset: 2 })
      await sheet.press('Control+End')
      await sheet.expectCaret({ block: size - 1, offset: `line ${size - 1}`.length })
      await sheet.press('Control+Home')
      await sheet.expectCaret({ block: 0, offset: 0 })
      await sheet.press('Control+Shift+End')
      expect(await sheet.selected()).toEqual({
        anchor: { block: 0, offset: 0 },
        head: { block: size - 1, offset: `line ${size - 1}`.length },
      })
    })

    test('K5: PageDown and PageUp go by what is in sight, and the caret stays in sight', async () => {
      await sheet.select({ block: 0, offset: 4 })
      const places = [0]
      for (const key of [...Array<string>(8).fill('PageDown'), ...Array<string>(8).fill('PageUp')]) {
        const last = places.at(-1)!
        await sheet.press(key)
        await expect.poll(async () => (await sheet.selected())?.head.block, { interval: 15 }).not.toBe(last)
        places.push((await sheet.caretInSight()).block)
      }
      const pages = places.slice(1).map((place, i) => place - places[i]!)
      for (const page of pages.slice(0, 8)) expect(page, places.join(' ')).toBeGreaterThan(5)
      for (const page of pages.slice(8)) expect(page, places.join(' ')).toBeLessThan(-5)
      expect(places.at(-1)).toBeLessThan(5)
    })

    test('K1, K5: arrows held down walk over the edges of sections one block at a time', async () => {
      const { sections } = await sheet.look()
      const start = sections[0]! - 10
      await sheet.select({ block: start, offset: 5 })
      for (let i = 1; i <= 20; i++) await sheet.press('ArrowDown')
      await sheet.expectCaret({ block: start + 20, offset: 5 })
      for (let i = 1; i <= 20; i++) await sheet.press('ArrowUp')
      await sheet.expectCaret({ block: start, offset: 5 })
    })
  })
})

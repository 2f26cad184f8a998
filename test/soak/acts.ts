// What people do in a document in the course of a day: with the keyboard, the mouse, the clipboard, and from every menu. An act takes part
// of a second; none of them waits for anybody else.

import type { Locator, Page } from 'playwright-core'
import type { Random } from '../helpers/random.ts'

export interface Act {
  readonly name: string
  /** How often, against the others. */
  readonly weight: number
  readonly run: (page: Page, random: Random) => Promise<void>
}

const syllables = ['ka', 'lo', 'mi', 'ren', 'tu', 'sha', 'ves', 'on', 'ir', 'bel', 'é', '漢', 'ن', '👍🏽']
const shortcuts = ['# ', '## ', '- ', '1. ', '[ ] ', '> ', '``` ', '--- ', '**so** ', '`x` ']
const paragraphs = '.sheaf-text .sheaf-section > *'

export const acts: readonly Act[] = [
  act('write', 30, async (page, random) => {
    await page.keyboard.type(phrase(random, 1 + random.below(12)), { delay: random.below(20) })
  }),
  act('go somewhere', 14, async (page, random) => {
    const block = await someBlock(page, random)
    await block?.click({ timeout: 1_000, position: { x: 30 + random.below(200), y: 10 } })
  }),
  act('move the caret', 8, async (page, random) => {
    const keys = [
      'ArrowUp',
      'ArrowDown',
      'ArrowLeft',
      'Home',
      'End',
      'Control+ArrowRight',
      'PageDown',
      'PageUp',
      'Control+End',
    ]
    await press(page, random.pick(keys), 1 + random.below(4))
  }),
  act('break', 8, page => press(page, 'Enter', 1)),
  act('break softly', 1, page => press(page, 'Shift+Enter', 1)),
  act('delete', 8, (page, random) =>
    press(page, random.pick(['Backspace', 'Delete', 'Control+Backspace']), 1 + random.below(6)),
  ),
  act('indent', 3, (page, random) => press(page, random.pick(['Tab', 'Tab', 'Shift+Tab']), 1)),
  act('begin a block', 5, async (page, random) => {
    await press(page, 'End', 1)
    await press(page, 'Enter', 1)
    await page.keyboard.type(random.pick(shortcuts) + phrase(random, 3))
  }),
  act('select and format', 6, async (page, random) => {
    await press(page, random.pick(['Shift+Control+ArrowLeft', 'Shift+Home', 'Shift+ArrowDown']), 1 + random.below(3))
    await press(page, random.pick(['Control+b', 'Control+i', 'Control+u', 'Control+e', 'Control+Shift+s']), 1)
    await press(page, 'ArrowRight', 1)
  }),
  act('link', 1, async (page, random) => {
    await press(page, 'Shift+Control+ArrowLeft', 1)
    await press(page, 'Control+k', 1)
    await page.keyboard.type(`https://example.org/${random.below(99)}`)
    await press(page, 'Enter', 1)
    await leaveMenus(page)
  }),
  act('slash menu', 6, async (page, random) => {
    await press(page, 'End', 1)
    await press(page, 'Enter', 1)
    await page.keyboard.type('/')
    await page.waitForTimeout(150)
    await press(page, 'ArrowDown', random.below(14))
    await press(page, 'Enter', 1)
    await leaveMenus(page)
    await page.keyboard.type(phrase(random, 2))
  }),
  act('block menu', 5, async (page, random) => {
    await press(page, 'Control+/', 1)
    await page.waitForTimeout(150)
    await press(page, random.pick(['ArrowDown', 'ArrowUp']), random.below(6))
    await press(page, random.pick(['Enter', 'Enter', 'ArrowRight']), 1)
    await press(page, 'ArrowDown', random.below(4))
    await press(page, random.pick(['Enter', 'Escape']), 1)
    await leaveMenus(page)
  }),
  act('move a block', 5, (page, random) =>
    press(page, `Control+Shift+${random.pick(['ArrowUp', 'ArrowDown'])}`, 1 + random.below(3)),
  ),
  act('duplicate', 2, page => press(page, 'Control+d', 1)),
  act('table menu', 4, async (page, random) => {
    const cell = page.locator('.sheaf-text td, .sheaf-text th')
    const count = await cell.count()
    if (count === 0) return
    await cell
      .nth(random.below(count))
      .click({ timeout: 1_000 })
      .catch(() => undefined)
    await page.keyboard.type(phrase(random, 1))
    await press(page, random.pick(['Tab', 'Shift+Tab', 'ArrowDown', 'Shift+ArrowRight']), 1)
    await press(page, 'Alt+F10', 1)
    await page.waitForTimeout(100)
    await press(page, 'ArrowDown', random.below(12))
    await press(page, random.pick(['Enter', 'Enter', 'Escape']), 1)
    await leaveMenus(page)
  }),
  act('undo', 7, (page, random) => press(page, 'Control+z', 1 + random.below(4))),
  act('redo', 4, (page, random) => press(page, 'Control+Shift+z', 1 + random.below(3))),
  act('copy and paste', 4, async (page, random) => {
    await press(page, 'Shift+ArrowUp', 1 + random.below(4))
    await press(page, random.pick(['Control+c', 'Control+c', 'Control+x']), 1)
    await press(page, random.pick(['End', 'Control+End', 'ArrowDown']), 1)
    await press(page, 'Control+v', 1)
  }),
  act('find', 2, async (page, random) => {
    await press(page, 'Control+f', 1)
    await page.waitForTimeout(150)
    await page.keyboard.type(random.pick(syllables))
    await press(page, 'Enter', random.below(3))
    await leaveMenus(page)
  }),
  act('palette', 2, async (page, random) => {
    await press(page, 'ArrowRight', 1)
    await press(page, 'Control+k', 1)
    await page.waitForTimeout(150)
    await press(page, 'ArrowDown', random.below(3))
    await leaveMenus(page)
  }),
  act('bold everything', 0.3, async page => {
    await press(page, 'Control+a', 1)
    await press(page, 'Control+b', 1)
    await press(page, 'ArrowRight', 1)
  }),
  act('save', 1, page => press(page, 'Control+s', 1)),
  act('rename', 1, async (page, random) => {
    await page
      .locator('.sheaf-title')
      .click({ timeout: 1_000 })
      .catch(() => undefined)
    await page.keyboard.type(phrase(random, 1))
    await press(page, 'Enter', 1)
  }),
  act('offline for a while', 1, async (page, random) => {
    await page.context().setOffline(true)
    for (let i = 0; i < 4; i++) {
      await page.keyboard.type(phrase(random, 2))
      await press(page, random.pick(['Enter', 'Control+z', 'Backspace', 'Control+Shift+ArrowUp']), 1)
      await page.waitForTimeout(300)
    }
    await page.context().setOffline(false)
  }),
]

/** Takes away whole blocks, so that the document stays of a size. */
export async function thinOut(page: Page, blocks: number): Promise<void> {
  const all = page.locator(paragraphs)
  if ((await all.count()) <= blocks) return
  await all
    .first()
    .click({ timeout: 1_000, position: { x: 5, y: 5 } })
    .catch(() => undefined)
  await press(page, 'Shift+ArrowDown', 40)
  await press(page, 'Delete', 1)
}

function act(name: string, weight: number, run: Act['run']): Act {
  return { name, weight, run }
}

/** By weight. */
export function pickAct(random: Random): Act {
  let at = random.next() * acts.reduce((sum, { weight }) => sum + weight, 0)
  for (const found of acts) {
    at -= found.weight
    if (at < 0) return found
  }
  return acts[0]!
}

function phrase(random: Random, words: number): string {
  const word = () => Array.from({ length: 1 + random.below(4) }, () => random.pick(syllables)).join('')
  return Array.from({ length: words }, () => `${word()} `).join('')
}

async function press(page: Page, key: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await page.keyboard.press(key)
}

async function someBlock(page: Page, random: Random): Promise<Locator | null> {
  const blocks = page.locator(paragraphs)
  const count = await blocks.count()
  return count === 0 ? null : blocks.nth(random.below(count))
}

/** Whatever is open closes, and the text has the focus again. */
async function leaveMenus(page: Page): Promise<void> {
  await press(page, 'Escape', 2)
  const isWriting = await page.evaluate(() => document.activeElement?.closest('.sheaf-text, .sheaf-title') != null)
  if (!isWriting) await page.evaluate(() => document.querySelector<HTMLElement>('.sheaf-text')?.focus())
}

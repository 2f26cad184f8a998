// The colours of both themes as they are read: each pair of words and ground that the pages use, computed from the tokens.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('../../packages/editor/src/tokens.css', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));/g)].map(
    ([, name = '', light, dark, both]) => [name, { light: light ?? both!, dark: dark ?? both! }] as const,
  ),
)

const grounds = ['paper', 'paper-2', 'paper-3', 'overlay']
const presence = Array.from({ length: 12 }, (_, index) => `p${index + 1}`)

/** Words on a ground need 4.5 : 1. */
const words: readonly (readonly [string, string])[] = [
  ...['ink', 'ink-2', 'ink-3', 'accent'].flatMap(ink => grounds.map(ground => [ink, ground] as const)),
  ...['ink', 'ink-3', 'accent'].map(ink => [ink, 'accent-soft'] as const),
  ...['wheat', 'poppy', 'leaf'].flatMap(tone => [
    [tone, 'paper'] as const,
    [tone, 'overlay'] as const,
    [tone, `${tone}-soft`] as const,
    ['ink', `${tone}-soft`] as const,
  ]),
  ['ink', 'wheat-mark'],
  ['on-primary', 'primary'],
  ['on-primary', 'primary-hover'],
  ...['keyword', 'string', 'number', 'comment', 'name'].map(name => [`syn-${name}`, 'paper-2'] as const),
  ...presence.map(name => ['on-p', name] as const),
]

/** Edges of controls, large words, the carets of others and the mark of the focus need 3 : 1. */
const shapes: readonly (readonly [string, string])[] = [
  ['ink-off', 'paper'],
  ['ink-off', 'overlay'],
  ...['paper', 'paper-2', 'overlay'].map(ground => ['line-2', ground] as const),
  ...grounds.map(ground => ['accent', ground] as const),
  ['primary', 'paper'],
  ['wheat-line', 'paper'],
  ...presence.map(name => [name, 'paper'] as const),
]

describe.each(['light', 'dark'] as const)('in the %s theme', theme => {
  test('all words can be read', () => {
    expect(below(words, 4.5)).toEqual([])
  })

  test('all controls, carets and marks can be seen', () => {
    expect(below(shapes, 3)).toEqual([])
  })

  /** Pairs with less contrast than they need. */
  function below(pairs: readonly (readonly [string, string])[], least: number): string[] {
    return pairs
      .map(([front, back]) => ({ pair: `${front} on ${back}`, ratio: contrast(color(front), color(back)) }))
      .filter(({ ratio }) => ratio < least)
      .map(({ pair, ratio }) => `${pair}: ${ratio.toFixed(2)}`)
  }

  function color(name: string): string {
    const token = tokens.get(name)
    if (token === undefined) throw new TypeError(`There is no colour --${name}.`)
    return token[theme]
  }
})

/** WCAG 2: 1 to 21. */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

/** @param hex #rrggbb */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

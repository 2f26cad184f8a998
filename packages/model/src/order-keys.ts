// Order keys: strings between which there is always another one, compared by code unit. Rows and columns of a table stand in the order
// of their keys. A random end keeps two people who insert at one place at once from making the same key.

import { randomId } from './random.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * So many rising keys between two others.
 * @param before '' is before every key
 * @param after null is behind every key
 */
export function keysBetween(before: string, after: string | null, count: number): string[] {
  if (count === 0) return []
  // From the middle outwards, so that the keys of a long import stay short.
  const half = count >> 1
  const middle = keyBetween(before, after)
  return [...keysBetween(before, middle, half), middle, ...keysBetween(middle, after, count - half - 1)]
}

function keyBetween(before: string, after: string | null): string {
  const middle = middleOf(before, after)
  const key = middle + randomId(1) + alphabet[1 + Math.floor(Math.random() * (alphabet.length - 1))]!
  // The random end would lead beyond a key that begins with the middle.
  return after === null || key < after ? key : middle
}

/**
 * The shortest key about half-way. Keys that others made may leave no room (two are equal, one ends in the lowest digit): what is
 * returned then is at least behind the first.
 */
function middleOf(before: string, after: string | null): string {
  let key = ''
  let isBelow = after === null
  for (let i = 0; isBelow || i < after!.length; i++) {
    const low = i < before.length ? digitOf(before, i) : 0
    const high = isBelow ? alphabet.length : digitOf(after!, i)
    if (high - low > 1) {
      const middle = key + alphabet[(low + high) >> 1]!
      if (middle > before && (after === null || middle < after)) return middle
      break
    }
    key += alphabet[low]!
    if (low < high) isBelow = true
  }
  return `${before}V`
}

function digitOf(key: string, index: number): number {
  return Math.max(0, alphabet.indexOf(key[index]!))
}

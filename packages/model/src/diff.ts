// What changed between two sequences of tokens, so that writing touches nothing else. A token is a number: a code point, or a
// private number outside of Unicode for an atom or a marker. Words are compared in the middle, characters inside a word.

export interface Hunk {
  /** Tokens before it that both have in common, since the hunk before. */
  readonly keep: number
  readonly remove: number
  /** Half-open range of the new tokens that stand there instead. */
  readonly from: number
  readonly to: number
}

/** More differences than this between two middles, and the whole middle is replaced. */
const maxEdits = 400

/**
 * The difference of two token sequences.
 * @param prefixLimit tokens at the start that can be equal at most: where the user began to edit. Typing one more `l` in `hello`
 *   is told from typing it one place earlier by nothing else.
 * @param endsOnly nothing between the common start and the common end is compared
 */
export function diffTokens(
  before: readonly number[],
  after: readonly number[],
  { prefixLimit = Number.POSITIVE_INFINITY, endsOnly = false }: { prefixLimit?: number; endsOnly?: boolean } = {},
): Hunk[] {
  const shorter = Math.min(before.length, after.length)
  const limit = Math.min(shorter, prefixLimit)
  let prefix = 0
  while (prefix < limit && before[prefix] === after[prefix]) prefix++
  let suffix = 0
  while (suffix < shorter - prefix && before[before.length - 1 - suffix] === after[after.length - 1 - suffix]) suffix++
  const endBefore = before.length - suffix
  const endAfter = after.length - suffix
  if (prefix === endBefore && prefix === endAfter) return []
  if (endsOnly || prefix === endBefore || prefix === endAfter) {
    return [{ keep: prefix, remove: endBefore - prefix, from: prefix, to: endAfter }]
  }
  return diffWords(before, after, prefix, endBefore, endAfter)
}

/** The longest increasing subsequence of distinct numbers, as indexes into them. */
export function longestIncreasing(values: readonly number[]): number[] {
  const tails: number[] = []
  const previous = new Array<number>(values.length)
  for (let i = 0; i < values.length; i++) {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (values[tails[middle]!]! < values[i]!) low = middle + 1
      else high = middle
    }
    previous[i] = low === 0 ? -1 : tails[low - 1]!
    tails[low] = i
  }
  const run: number[] = []
  for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i]!) run.push(i)
  return run.reverse()
}

interface Word {
  readonly start: number
  readonly end: number
}

function diffWords(
  before: readonly number[],
  after: readonly number[],
  prefix: number,
  endBefore: number,
  endAfter: number,
): Hunk[] {
  const oldWords = splitWords(before, prefix, endBefore)
  const newWords = splitWords(after, prefix, endAfter)
  const same = (a: number, b: number): boolean => {
    const x = oldWords[a]!
    const y = newWords[b]!
    if (x.end - x.start !== y.end - y.start) return false
    for (let i = 0; i < x.end - x.start; i++) if (before[x.start + i] !== after[y.start + i]) return false
    return true
  }
  const runs = commonRuns(oldWords.length, newWords.length, same)
  const hunks: Hunk[] = []
  let atOld = prefix
  let atNew = prefix
  // Common tokens since the last hunk; the prefix is the first of them.
  let kept = prefix
  for (const run of [...runs, { a: oldWords.length, b: newWords.length, length: 0 }]) {
    const oldTo = run.a < oldWords.length ? oldWords[run.a]!.start : endBefore
    const newTo = run.b < newWords.length ? newWords[run.b]!.start : endAfter
    if (atOld < oldTo || atNew < newTo) {
      // Inside what differs, characters that both begin or end with are kept: a word that was corrected, not replaced.
      let head = 0
      const shorter = Math.min(oldTo - atOld, newTo - atNew)
      while (head < shorter && before[atOld + head] === after[atNew + head]) head++
      let tail = 0
      while (tail < shorter - head && before[oldTo - 1 - tail] === after[newTo - 1 - tail]) tail++
      if (oldTo - atOld > head + tail || newTo - atNew > head + tail) {
        hunks.push({ keep: kept + head, remove: oldTo - atOld - head - tail, from: atNew + head, to: newTo - tail })
        kept = tail
      } else kept += head + tail
    }
    const last = run.length === 0 ? null : oldWords[run.a + run.length - 1]!
    if (last !== null) {
      kept += last.end - oldTo
      atOld = last.end
      atNew = newWords[run.b + run.length - 1]!.end
    }
  }
  return hunks
}

function splitWords(tokens: readonly number[], from: number, to: number): Word[] {
  const words: Word[] = []
  let start = from
  while (start < to) {
    let end = start + 1
    if (isWordToken(tokens[start]!)) while (end < to && isWordToken(tokens[end]!)) end++
    words.push({ start, end })
    start = end
  }
  return words
}

function isWordToken(token: number): boolean {
  if (token < 0x80)
    return (token >= 0x30 && token <= 0x39) || (token >= 0x41 && token <= 0x5a) || (token >= 0x61 && token <= 0x7a)
  return token <= 0x10ffff && /[\p{L}\p{M}\p{N}]/u.test(String.fromCodePoint(token))
}

interface Run {
  readonly a: number
  readonly b: number
  readonly length: number
}

/** Common runs of two sequences, in order (Myers, O(ND)); none where they differ too much. */
function commonRuns(n: number, m: number, same: (a: number, b: number) => boolean): Run[] {
  const bound = Math.min(n + m, maxEdits)
  const frontier = new Int32Array(2 * bound + 3)
  const history: Int32Array[] = []
  for (let d = 0; d <= bound; d++) {
    history.push(frontier.slice())
    for (let k = -d; k <= d; k += 2) {
      const at = k + bound + 1
      let a = k === -d || (k !== d && frontier[at - 1]! < frontier[at + 1]!) ? frontier[at + 1]! : frontier[at - 1]! + 1
      let b = a - k
      while (a < n && b < m && same(a, b)) {
        a++
        b++
      }
      frontier[at] = a
      if (a >= n && b >= m) return traceBack(history, n, m, bound)
    }
  }
  return []
}

function traceBack(history: readonly Int32Array[], n: number, m: number, bound: number): Run[] {
  const runs: Run[] = []
  let a = n
  let b = m
  for (let d = history.length - 1; d >= 0; d--) {
    const frontier = history[d]!
    const k = a - b
    const at = k + bound + 1
    const isDown = k === -d || (k !== d && frontier[at - 1]! < frontier[at + 1]!)
    const startA = d === 0 ? 0 : isDown ? frontier[at + 1]! : frontier[at - 1]! + 1
    const startB = d === 0 ? 0 : startA - k
    if (a > startA) runs.push({ a: startA, b: startB, length: a - startA })
    if (d === 0) break
    a = isDown ? startA : startA - 1
    b = isDown ? startB - 1 : startB
  }
  return runs.reverse()
}

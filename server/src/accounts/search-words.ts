// Text as search sees it: in lower case, without accents, cut into words. Scripts that put no space between words are cut into pairs of
// characters, which find a word wherever it stands, whatever a dictionary thinks of the sentence. Pure.

/** A word, and where it stands in the text that was folded. */
export interface Word {
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Longer ones are no words (a key, an image in base64). */
const maxWordLength = 40

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const runs =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{N}\p{M}])+/gu

/** Two texts that fold to the same are the same to whoever searches. */
export function fold(text: string): string {
  return isAscii(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKD')
        .toLowerCase()
        .replace(/\p{M}+/gu, '')
        .replace(/ß/g, 'ss')
}

/** The words of a text, folded, with their places in the text as it is. */
export function* wordsOf(text: string): Generator<Word> {
  for (const { 0: run, index } of text.matchAll(runs)) {
    if (!unspaced.test(run)) {
      if (run.length <= maxWordLength) yield { text: fold(run), from: index, to: index + run.length }
      continue
    }
    const characters = [...run]
    let at = index
    for (const [place, character] of characters.entries()) {
      const next = characters[place + 1]
      const pair = next === undefined ? character : character + next
      // The last character of a run is told by the pair before it, unless it is alone.
      if (next !== undefined || characters.length === 1) yield { text: fold(pair), from: at, to: at + pair.length }
      at += character.length
    }
  }
}

/** True when a word is within `most` (1 or 2) insertions, deletions, replacements or swaps of neighbours. */
export function isNear(a: string, b: string, most: number): boolean {
  if (Math.abs(a.length - b.length) > most) return false
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      next.push(cost)
      least = Math.min(least, cost)
    }
    if (least > most) return false
    before = row
    row = next
  }
  return row[b.length]! <= most
}

/** How many mistakes a word of this length may have. */
export function mistakes(word: string): number {
  return word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}

// How well the letters of a query fit a name: in order, runs and beginnings of words count more.

export interface Fit {
  readonly score: number
  /** Indexes of the letters of the name that the query found. */
  readonly letters: readonly number[]
}

/** The letters of a query, as {@link fuzzyFit} wants them. */
export function wantedLetters(query: string): string {
  return query.toLowerCase().replace(/\s+/g, '')
}

/** Null if the letters of `wanted` do not stand in `text` in this order. Both in lower case. */
export function fuzzyFit(text: string, wanted: string): Fit | null {
  const letters: number[] = []
  let total = 0
  let at = -1
  for (const letter of wanted) {
    const next = text.indexOf(letter, at + 1)
    if (next < 0) return null
    const beginsWord = next === 0 || text[next - 1] === ' '
    if (letters.length > 0 && next === at + 1) total += 3
    else if (beginsWord) total += next === 0 ? 4 : 3
    else total += 0.3
    letters.push(next)
    at = next
  }
  // A query that is scattered over a long name is no match anybody meant.
  if (total / wanted.length < 1) return null
  return { score: total / wanted.length + wanted.length / text.length, letters }
}

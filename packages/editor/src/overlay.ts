// Another language over English. It comes with the first words that need it.

/**
 * Puts the words of another language in the place of those there are, group by group; what it leaves out stays as it is.
 * @returns the words.
 */
export function overlay<T extends object>(words: T, catalog: object): T {
  for (const [key, value] of Object.entries(catalog)) {
    const own: unknown = Reflect.get(words, key)
    const isGroup = typeof own === 'object' && own !== null && !Array.isArray(own)
    Reflect.set(words, key, isGroup ? overlay(own, value) : value)
  }
  return words
}

/** Words of another language: what is left out is said in English. */
export type Translated<T> = {
  readonly [K in keyof T]?: T[K] extends (...args: never[]) => unknown
    ? T[K]
    : T[K] extends readonly (infer E)[]
      ? readonly E[]
      : T[K] extends object
        ? Translated<T[K]>
        : string
}

// The text of the documents that are measured: so many paragraphs of 80 characters, no two the same, and if wanted a bold word in each.

export interface BenchBlock {
  /** Parts of the text; the bold ones are `isStrong`. */
  readonly parts: readonly { readonly text: string; readonly isStrong: boolean }[]
}

const words = 'The quick brown fox jumps over the lazy dog and runs away from the field.'

export function benchBlocks(count: number, options: { isBold: boolean }): BenchBlock[] {
  return Array.from({ length: count }, (_, index) => {
    const text = `${String(index).padStart(6, '0')} ${words}`
    if (!options.isBold) return { parts: [{ text, isStrong: false }] }
    return {
      parts: [
        { text: text.slice(0, 17), isStrong: false },
        { text: text.slice(17, 22), isStrong: true },
        { text: text.slice(22), isStrong: false },
      ],
    }
  })
}

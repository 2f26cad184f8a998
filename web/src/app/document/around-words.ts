// The words of what stands around the text. They come with it; another language brings them in `words.around`.

import { words } from '../words.ts'

const english = {
  outline: 'Outline',
  noHeadings: 'No headings yet',
  isHere: (name: string) => `${name} is here`,
}

export type AroundWords = typeof english

export const aroundWords: AroundWords = { ...english, ...(words.around as Partial<AroundWords>) }

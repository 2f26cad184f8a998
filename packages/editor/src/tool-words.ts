// The words of the tools around the text. They come with the tools; another language brings them in `words.tools`.

import { plural } from './plural.ts'
import { words } from './words.ts'

const english = {
  insertBelow: 'Insert below',
  blockMenu: 'Block menu',
  turnInto: 'Turn into',
  duplicate: 'Duplicate',
  copyLink: 'Copy link to block',
  copyHeadingLink: 'Copy link to heading',
  moveUp: 'Move up',
  moveDown: 'Move down',
  delete: 'Delete',

  findAndReplace: 'Find and replace',
  find: 'Find',
  replaceWith: 'Replace with',
  replace: 'Replace',
  replaceAll: 'Replace all',
  showReplace: 'Show replace',
  previousMatch: 'Previous match',
  nextMatch: 'Next match',
  closeFind: 'Close find',
  matchCase: 'Match case',
  wholeWords: 'Whole words',
  pattern: 'Regular expression',
  noMatch: 'Nothing found',
  noPattern: 'Not an expression yet',
  matchOf: (index: number, count: number) => plural(count, { other: `${index} of #` }),
  replaced: (count: number) => plural(count, { one: '1 replaced', other: '# replaced' }),
}

export type ToolWords = typeof english

export const toolWords: ToolWords = { ...english, ...(words.tools as Partial<ToolWords>) }

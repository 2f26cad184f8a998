// The words of the tools around the text. They come with the tools; another language brings them in `words.tools`.

import { overlay } from './overlay.ts'
import { plural } from './plural.ts'
import { words } from './words.ts'

const english = {
  insertBelow: 'Insert below',
  blockMenu: 'Block menu',
  turnInto: 'Turn into',
  toolbar: 'Tools',
  insert: 'Insert',
  hideKeyboard: 'Hide the keyboard',
  duplicate: 'Duplicate',
  copyLink: 'Copy link to block',
  copyHeadingLink: 'Copy link to heading',
  moveUp: 'Move up',
  moveDown: 'Move down',
  delete: 'Delete',

  /** By the ids of commands. */
  commands: {
    undo: 'Undo',
    redo: 'Redo',
    bold: 'Bold',
    italic: 'Italic',
    underline: 'Underline',
    strikethrough: 'Strikethrough',
    code: 'Code',
    highlight: 'Highlight',
    link: 'Link',
    paragraph: 'Text',
    heading1: 'Heading 1',
    heading2: 'Heading 2',
    heading3: 'Heading 3',
    heading4: 'Heading 4',
    numberedList: 'Numbered list',
    bulletedList: 'Bulleted list',
    taskList: 'Task list',
    codeBlock: 'Code block',
    toggleState: 'Check a task, open a toggle',
    indent: 'Indent',
    outdent: 'Outdent',
    blockMenu: 'Block menu',
    moveUp: 'Move block up',
    moveDown: 'Move block down',
    duplicate: 'Duplicate block',
    delete: 'Delete block',
    find: 'Find',
    replace: 'Find and replace',
    findNext: 'Next match',
    findPrevious: 'Previous match',
  },

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

export const toolWords: ToolWords = overlay(english, words.tools)

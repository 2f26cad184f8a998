// The words of the editor, in one place. English is here; another language is put over it before the first editor is made.

import { phrase } from './plural.ts'

export const words = {
  untitled: 'Untitled',
  title: 'Title',
  text: 'Text',
  write: 'Write, or press / for blocks',
  close: 'Close',
  newer: 'Some of this document needs a newer Sheaf. It is kept as it is.',
  done: 'Done',
  fold: 'Fold',
  tones: { note: 'Note', tip: 'Tip', careful: 'Careful', stop: 'Stop', plain: 'Plain' } as Record<string, string>,
  changeTone: (tone: string) => `Callout: ${tone}. Change tone`,

  blocks: 'Blocks',
  recentBlocks: 'Recent',
  blockGroups: { text: 'Text', lists: 'Lists', insert: 'Insert' },
  paragraph: 'Text',
  heading: (level: number) => `Heading ${level}`,
  bulletedList: 'Bulleted list',
  numberedList: 'Numbered list',
  taskList: 'Task list',
  toggle: 'Toggle',
  quote: 'Quote',
  callout: 'Callout',
  codeBlock: 'Code block',
  table: 'Table',
  divider: 'Divider',
  image: 'Image',
  file: 'File',
  formula: 'Formula',
  chooseKey: '↑↓ choose',
  insertKey: '↵ insert',
  closeKey: 'Esc close',

  format: 'Format',
  bold: 'Bold',
  italic: 'Italic',
  underline: 'Underline',
  strikethrough: 'Strikethrough',
  code: 'Code',
  link: 'Link',
  linkAddress: 'Link address',
  typeLink: 'Paste or type a link',

  row: 'Row',
  column: 'Column',
  cells: 'Cells',
  insertRowAbove: 'Insert row above',
  insertRowBelow: 'Insert row below',
  moveRowUp: 'Move row up',
  moveRowDown: 'Move row down',
  deleteRow: 'Delete row',
  insertColumnBefore: 'Insert column before',
  insertColumnAfter: 'Insert column after',
  moveColumnBefore: 'Move column left',
  moveColumnAfter: 'Move column right',
  deleteColumn: 'Delete column',
  mergeCells: 'Merge cells',
  splitCell: 'Split cell',
  headerRow: 'Header row',
  headerColumn: 'Header column',
  deleteTable: 'Delete table',

  /** What another language says in the place of the words in tool-words.ts, which come later. */
  tools: {} as object,
}

export type EditorWords = typeof words

/**
 * Puts the words of another language in the place of those there are; what it leaves out stays English. Before the first editor is made.
 * @param tag of the language (BCP 47), for numbers and plurals.
 */
export function setWords(catalog: Partial<EditorWords>, tag: string): void {
  Object.assign(words, catalog)
  phrase.tag = tag
}

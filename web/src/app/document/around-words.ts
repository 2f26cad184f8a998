// The words of what stands around the text. They come with it; another language brings them in `words.around`.

import { overlay } from '@sheaf/editor/overlay'
import { counted, countedBy, words } from '../words.ts'

const english = {
  outline: 'Outline',
  noHeadings: 'No headings yet',
  isHere: (name: string) => `${name} is here`,

  missed: counted({
    one: 'While you were away, 1 place was changed.',
    other: 'While you were away, # places were changed.',
  }),
  missedBy: countedBy({
    one: 'While you were away, % changed 1 place.',
    other: 'While you were away, % changed # places.',
  }),
  /** By several: their names as a list. */
  missedByMany: countedBy({
    one: 'While you were away, % changed 1 place.',
    other: 'While you were away, % changed # places.',
  }),
  showMissed: 'Show me',
  nextMissed: 'Next',
  placeOf: (index: number, count: number) => `${index} of ${count}`,
  joinedMany: countedBy({ one: '% and 1 other joined', other: '% and # others joined' }),

  characters: counted({ one: '1 character', other: '# characters' }),
  selectedOf: (selected: string, all: string) => `${selected} of ${all}`,
  showCharacters: 'Show characters',
  showWords: 'Show words',

  palette: 'Commands and documents',
  paletteHint: 'Type a command or the name of a document',
  nothingLike: (query: string) => `Nothing is called “${query}”.`,
  documents: 'Documents',
  commands: 'Commands',
  chooseKey: '↑↓ choose',
  openKey: '↵ open',
  closeKey: 'Esc close',

  shortcuts: 'Keyboard shortcuts',
  filter: 'Filter',
  groups: { document: 'Document', text: 'Text', blocks: 'Blocks' },

  find: 'Find',
  save: 'All changes saved?',
  focusMode: 'Focus mode',
  print: 'Print',
  newDocument: 'New document',
  home: 'Home',
  width: 'Width',
  widths: { text: 'Text width', wide: 'Wide', full: 'Full width' },
  font: 'Letters',
  fonts: { serif: 'Serif', sans: 'Sans', mono: 'Mono' },
  smartPunctuation: 'Smart punctuation',
  spellcheck: 'Check spelling',
  toolbar: 'Toolbar',
  on: 'On',
  off: 'Off',
}

export type AroundWords = typeof english

export const aroundWords: AroundWords = overlay(english, words.around)

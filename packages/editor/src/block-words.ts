// The words inside blocks. They come with what dresses blocks; another language brings them in `words.inBlocks`.

import { overlay } from './overlay.ts'
import { words as everywhere } from './words.ts'

const english = {
  image: 'Image',
  caption: 'Write a caption',
  altText: 'Alt text',
  altHint: 'Describe the image',
  alignImage: 'Align',
  openImage: 'Open in a new tab',
  download: 'Download',
  remove: 'Remove',
  retry: 'Try again',
  resizeStart: 'Resize image, start side',
  resizeEnd: 'Resize image, end side',
  uploading: (percent: number) => `Uploading… ${percent} %`,
  waiting: 'Kept on this device, and sent when you are online again',
  uploadFailed: 'This file was not uploaded.',
  onItsWay: (name: string) => `${name} is uploading a file`,
  somebody: 'Somebody',
  noImage: 'This image can’t be shown.',
  elsewhere: (host: string) => `An image on ${host}`,
  file: 'File',

  formulaSource: 'Formula, as TeX',
  emptyFormula: 'An empty formula',

  note: (number: string) => `Note ${number}`,
  noteText: 'Text of the note',
  noteHint: 'Write a note',
  notes: 'Notes',

  footnote: 'Footnote',
  mention: 'Mention',
  emoji: 'Emoji',
  suggestions: 'Suggestions',
  people: 'People',
  documents: 'Documents',
  aDocument: 'A document',
  notShown: 'A document that isn’t shared with you',

  linkCard: 'Link',
  editLink: 'Edit link',
  removeLink: 'Remove link',
  copyLink: 'Copy link',

  plainText: 'Plain text',
  language: 'Language',
  findLanguage: 'Find a language',
  noLanguage: 'No such language',
  copyCode: 'Copy code',
  copied: 'Copied',
  wrap: 'Wrap lines',
}

export type BlockWords = typeof english

export const words: BlockWords = overlay(english, everywhere.inBlocks)

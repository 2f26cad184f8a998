// The sentences of the interface, in one place. Sentence case, verbs on buttons, no exclamation marks. English is here; a catalog of
// app/languages is put over it before the first page is drawn.

import { type Forms, plural } from '@sheaf/editor/plural'

export const words = {
  untitled: 'Untitled',
  home: 'Home',
  trash: 'Trash',
  recent: 'Recent',
  moveToTrash: 'Move to trash',
  movedToTrash: 'Moved to trash',
  undo: 'Undo',
  tryAgain: 'Try again',
  downloadCopy: 'Download a copy',
  openAnew: 'Open anew',
  reload: 'Reload',
  changeName: 'Change name',
  cancel: 'Cancel',
  saveName: 'Save name',
  copyLink: 'Copy link',
  linkCopied: 'Link copied',
  pastedFormatted: 'Pasted as formatted text',
  keepPlain: 'Keep it plain',
  uploadTooLarge: 'The file is too large, or the document holds too many. At most 20 MB each.',
  uploadNowhere: 'The document is not there any more.',
  uploadForbidden: 'You may not add files to this document.',
  uploadRefused: 'The server did not take this file.',
  theme: 'Theme',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  notMade: 'The server can’t be reached. No document was made.',
  notDone: 'The server can’t be reached. Nothing was changed.',
  youAre: (name: string) => `You are ${name}`,
  stillOpening: 'Still opening…',
  opening: 'Opening',
  somebody: 'Somebody',
  notKept: 'The server can’t be reached, and this document isn’t kept on this device.',
  details: 'details',
  more: 'More',
  redo: 'Redo',
  close: 'Close',
  body: 'Text',
  readOnlyCopy: 'View only',
  otherEditor: 'Opened by another editor',
  nothingThere: 'There is nothing here, or it isn’t shared with you.',
  goHome: 'Go to Home',
  notLoaded: 'The editor could not be loaded. Check the network and try again.',
  upgrade: 'Sheaf was updated. Reload when it suits you; nothing is lost.',
  damaged: 'This document can’t be opened right now.',
  damagedMore: 'Its bytes on the server are damaged. They are kept for repair, and nothing was thrown away.',
  cannotOpen: 'This document can’t be opened right now.',
  restartingHere: 'The server is restarting. Keep writing, and keep this tab open.',
  restarting: 'The server is restarting. Keep writing; it is kept on this device.',
  joined: (name: string) => `${name} joined`,
  left: (name: string) => `${name} left`,
  people: 'People in this document',
  nameIn: (name: string, section: string) => `${name}, in “${section}”`,
  edits: (name: string, section: string) => `${name} edits “${section}”`,
  besides: (name: string, section: string) => (section === '' ? `Beside ${name}` : `Beside ${name}, in “${section}”`),
  following: (name: string) => `Following ${name} — Esc to stop`,
  wordCount: counted({ one: '1 word', other: '# words' }),
  goTo: (name: string) => `Go to ${name}`,
  open: 'Open',
  caretColor: 'Colour of your caret',
  colors: ['Poppy', 'Teal', 'Plum', 'Moss', 'Iris', 'Ochre', 'Rose', 'Sky', 'Rust', 'Fern', 'Heather', 'Walnut'],
  /** A guest is a bird of some colour. */
  guestTints: [
    'Amber',
    'Blue',
    'Copper',
    'Green',
    'Grey',
    'Ivory',
    'Ochre',
    'Purple',
    'Red',
    'Rusty',
    'Silver',
    'White',
  ],
  guestBirds: ['Crane', 'Finch', 'Heron', 'Ibis', 'Jay', 'Kite', 'Lark', 'Martin', 'Oriole', 'Plover', 'Swift', 'Wren'],
  guestName: (tint: string, bird: string) => `${tint} ${bird}`,
  today: 'Today',
  yesterday: 'Yesterday',
  thisWeek: 'This week',
  lastWeek: 'Last week',
  language: 'Language',

  name: 'Name',

  // The status line and its banners (look.md, “The status line”): promises about somebody's text.
  saved: 'Saved',
  saving: 'Saving…',
  allSaved: 'All changes saved',
  cannotSave: 'Can’t save',
  offline: 'Offline',
  offlineKept: counted({
    one: 'Offline — 1 change kept on this device',
    other: 'Offline — # changes kept on this device',
  }),
  offlineKeptShort: counted({ other: 'Offline — # kept' }),
  offlineInTab: counted({ one: 'Offline — 1 change only in this tab', other: 'Offline — # changes only in this tab' }),
  offlineInTabShort: counted({ other: 'Offline — # in this tab' }),
  offlineSpoken: 'Offline, your changes are kept',
  sending: counted({ one: 'Back online — sending 1 change', other: 'Back online — sending # changes' }),
  sendingShort: 'Back online — sending',
  full: 'This document is full.',
  fullMore: 'Move a part into a new one.',
  accessChanged: 'Your access changed to “can view”.',
  notAccepted: counted({ one: 'Your last edit was not accepted.', other: 'Your last # edits were not accepted.' }),
  takesNothing: 'This document takes no changes from here.',
  notSaved: counted({ one: 'Your last edit is not saved.', other: 'Your last # edits are not saved.' }),
  diskFull: 'The server’s disk is full.',
  diskFails: 'The server’s disk takes no writes right now.',
  waitsHere: 'What you write now waits on this device.',
  kept: counted({ one: 'It is kept on this device.', other: 'They are kept on this device.' }),
  inTab: counted({
    one: 'It is only in this tab: keep it open.',
    other: 'They are only in this tab: keep it open.',
  }),
  keptUntilRoom: counted({
    one: 'It is kept on this device and will be sent when there is room.',
    other: 'They are kept on this device and will be sent when there is room.',
  }),
  inTabUntilRoom: counted({
    one: 'It is only in this tab: keep it open, and it will be sent when there is room.',
    other: 'They are only in this tab: keep it open, and they will be sent when there is room.',
  }),
  keptUntilMended: counted({
    one: 'It is kept on this device and will be sent when it does.',
    other: 'They are kept on this device and will be sent when it does.',
  }),
  inTabUntilMended: counted({
    one: 'It is only in this tab: keep it open, and it will be sent when it does.',
    other: 'They are only in this tab: keep it open, and they will be sent when it does.',
  }),
  onlyInTab: counted({ one: '1 change is only in this tab.', other: '# changes are only in this tab.' }),
  keepTab: 'Keep this tab until you are online again.',

  /** What another language says in the place of the words in document/around-words.ts, which come later. */
  around: {} as object,
  /** The same for home/words.ts, home/template-words.ts, document/ending-words.ts, account/account-words.ts and admin/admin-words.ts. */
  homePage: {} as object,
  templates: {} as object,
  ending: {} as object,
  account: {} as object,
  admin: {} as object,
}

export type Words = typeof words

export interface Counted {
  (count: number): string
  readonly forms: Forms
}

export interface CountedBy {
  (name: string, count: number): string
  readonly forms: Forms
}

/** A sentence with a name and a number in it; `%` is the name. */
export function countedBy(forms: Forms): CountedBy {
  return Object.assign((name: string, count: number) => plural(count, forms).replace('%', () => name), { forms })
}

/** A sentence with a number in it; `#` is the number. */
export function counted(forms: Forms): Counted {
  return Object.assign((count: number) => plural(count, forms), { forms })
}

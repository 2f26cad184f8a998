// The sentences of the interface, in one place. Sentence case, verbs on buttons, no exclamation marks. English is here; a catalog of
// app/languages is put over it before the first page is drawn.

import { type Forms, phrase, plural } from '@sheaf/editor/plural'

export const words = {
  untitled: 'Untitled',
  home: 'Home',
  trash: 'Trash',
  search: 'Search',
  newDocument: 'New document',
  recent: 'Recent',
  moveToTrash: 'Move to trash',
  movedToTrash: 'Moved to trash',
  restore: 'Restore',
  restored: 'Restored',
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
  theme: 'Theme',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  emptyHome: 'Nothing here yet. Start a document.',
  emptyTrash: 'The trash is empty.',
  nothingFound: (query: string) => `No document says “${query}”. Titles were searched.`,
  unreachable: 'The server can’t be reached. These documents are kept on this device.',
  unreachableEmpty: 'The server can’t be reached, and no document is kept on this device yet.',
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
  inThisDocument: 'In this document',
  body: 'Text',
  readOnlyCopy: 'View only',
  otherEditor: 'Opened by another editor',
  otherEditorMore:
    'This document was made by another program that speaks Yjs. Sheaf keeps it and shows who is in it; its text opens where it was made.',
  nothingThere: 'There is nothing here, or it isn’t shared with you.',
  inTrash: 'This document is in the trash.',
  goHome: 'Go to Home',
  notLoaded: 'The editor could not be loaded. Check the network and try again.',
  upgrade: 'Sheaf was updated. Reload when it suits you; nothing is lost.',
  upgradeRequired: 'This document needs a newer Sheaf.',
  upgradeRequiredMore: 'Reload to get it. What you typed is kept on this device.',
  timeline: 'This document was taken back to an earlier state on the server.',
  timelineMore: 'The copy on this device belongs to the time before. Keep it as a file, then open the document anew.',
  damaged: 'This document can’t be opened right now.',
  damagedMore: 'Its bytes on the server are damaged. They are kept for repair, and nothing was thrown away.',
  cannotOpen: 'This document can’t be opened right now.',
  restartingHere: 'The server is restarting. Keep writing, and keep this tab open.',
  restarting: 'The server is restarting. Keep writing; it is kept on this device.',
  joined: (name: string) => `${name} joined`,
  left: (name: string) => `${name} left`,
  people: 'People in this document',
  wordCount: counted({ one: '1 word', other: '# words' }),
  waiting: counted({ one: '1 change waits to be sent', other: '# changes wait to be sent' }),
  waitingKeepFile: counted({
    one: '1 change waits to be sent. Keep it as a file.',
    other: '# changes wait to be sent. Keep them as a file.',
  }),
  downloadThenAnew: 'Download a copy, then open anew',
  goTo: (name: string) => `Go to ${name}`,
  newShort: 'New',
  menu: 'Menu',
  pages: 'Pages',
  searchTitles: 'Search documents by title',
  open: 'Open',
  moreFor: (title: string) => `More for “${title}”`,
  loading: 'Loading',
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
}

export type Words = typeof words

/** Puts the words of another language in the place of these. Before the first page is drawn. @param tag BCP 47 */
export function speak(catalog: Words, tag: string): void {
  Object.assign(words, catalog)
  phrase.tag = tag
}

/** A sentence with a number in it; `#` is the number. */
export function counted(forms: Forms): (count: number) => string {
  return count => plural(count, forms)
}

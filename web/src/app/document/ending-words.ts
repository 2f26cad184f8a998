// The words of documents that cannot be shown. They come with those pages; another language brings them in `words.ending`.

import { overlay } from '@sheaf/editor/overlay'
import { counted, words } from '../words.ts'

const english = {
  inTrash: 'This document is in the trash.',
  accessTaken: 'Your access to this document was taken away.',
  upgradeRequired: 'This document needs a newer Sheaf.',
  upgradeRequiredMore: 'Reload to get it. What you typed is kept on this device.',
  timeline: 'This document was taken back to an earlier state on the server.',
  timelineMore: 'The copy on this device belongs to the time before. Keep it as a file, then open the document anew.',
  waitingKeepFile: counted({
    one: '1 change waits to be sent. Keep it as a file.',
    other: '# changes wait to be sent. Keep them as a file.',
  }),
  downloadThenAnew: 'Download a copy, then open anew',
  otherEditorMore:
    'This document was made by another program that speaks Yjs. Sheaf keeps it and shows who is in it; its text opens where it was made.',
  inThisDocument: 'In this document',
}

export type EndingWords = typeof english

export const endingWords: EndingWords = overlay(english, words.ending)

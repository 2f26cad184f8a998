// A copy of the document as a file, for when the server does not take it or for whoever wants one.

import { plainText, readTitle } from '@sheaf/model'
import type { DocumentSession } from './session.ts'

/** The document as plain text, in a file. */
export function downloadText(session: DocumentSession): void {
  const { ydoc, documentId } = session.document
  const title = readTitle(ydoc)
  const blob = new Blob([`${title}\n\n${plainText(ydoc)}\n`], { type: 'text/plain;charset=utf-8' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `${title.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim() || documentId}.txt`
  link.click()
  // The download reads the bytes after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

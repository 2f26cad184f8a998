// The address of a document, on the clipboard.

import { words } from '../words.ts'
import { showToast } from './toast.tsx'

export async function copyLink(documentId: string): Promise<void> {
  await navigator.clipboard.writeText(`${location.origin}/d/${documentId}`)
  showToast({ text: words.linkCopied })
}

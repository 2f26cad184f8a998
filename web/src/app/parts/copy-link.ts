// The address of a document, or of a block in it, on the clipboard.

import { words } from '../words.ts'
import { showToast } from './toast.tsx'

export async function copyLink(documentId: string, blockId?: string): Promise<void> {
  const block = blockId === undefined ? '' : `#b=${blockId}`
  await navigator.clipboard.writeText(`${location.origin}/d/${documentId}${block}`)
  showToast({ text: words.linkCopied })
}

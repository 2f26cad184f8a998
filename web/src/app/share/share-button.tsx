// “Share”, for who may see with whom a document is shared. The dialog's code comes when it is wanted.

import type { VNode } from 'preact'
import { accountWords } from '../account/account-words.ts'
import type { DocumentSession } from '../document/session.ts'
import { openDialog } from '../parts/open-dialog.ts'
import { showToast } from '../parts/toast.tsx'
import { words } from '../words.ts'

export function ShareButton({ session }: { session: DocumentSession }): VNode | null {
  const { role } = session.status.value
  if (role !== 'owner' && role !== 'editor') return null
  const open = (): void => {
    void import('./share-dialog.tsx').then(
      ({ ShareDialog }) => {
        const { documentId } = session.document
        openDialog.value = () => (
          <ShareDialog documentId={documentId} title={session.title.value.trim() || words.untitled} />
        )
      },
      () => showToast({ text: words.notLoaded }),
    )
  }
  return (
    <button type="button" class="button primary" aria-haspopup="dialog" onClick={open}>
      {accountWords.share}
    </button>
  )
}

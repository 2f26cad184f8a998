// The dialogs of the home page come when they are wanted.

import { openDialog } from '../parts/open-dialog.ts'
import type { NameDialogProps } from './name-dialog.tsx'

export async function openNameDialog(props: NameDialogProps): Promise<void> {
  const { NameDialog } = await import('./name-dialog.tsx')
  openDialog.value = () => NameDialog(props)
}

/** Who may open what lies in a folder. */
export async function openFolderSharing(folder: { id: string; name: string }): Promise<void> {
  const { FolderDialog } = await import('../share/folder-dialog.tsx')
  openDialog.value = () => FolderDialog({ folderId: folder.id, name: folder.name })
}

/** Asks for a folder. @param moved documents, or the folder that goes. */
export async function openMoveDialog<T>(
  moved: readonly T[],
  onChoose: (moved: readonly T[], folder: string | null) => unknown,
  outside?: string,
): Promise<void> {
  const { MoveDialog } = await import('./move-dialog.tsx')
  openDialog.value = () =>
    MoveDialog({ onChoose: folder => void onChoose(moved, folder), ...(outside !== undefined && { outside }) })
}

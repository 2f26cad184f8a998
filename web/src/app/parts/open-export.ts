// The export dialog comes when it is wanted.

import { openDialog } from './open-dialog.ts'

/** @param address of an export, without its format. */
export async function openExportDialog(title: string, address: string): Promise<void> {
  const { ExportDialog } = await import('./export-dialog.tsx')
  openDialog.value = () => ExportDialog({ title, address })
}

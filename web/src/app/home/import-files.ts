// Bringing files: one after the other, with progress, and a report of what was changed or left out.

import { signal } from '@preact/signals'
import { SheafError } from '@sheaf/protocol'
import { type ImportReport, importFile } from '../api.ts'
import { openDialog } from '../parts/open-dialog.ts'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { words } from './words.ts'

/** How far an import is; undefined while there is none. */
export const progress = signal<{ readonly done: number; readonly of: number } | undefined>(undefined)

const endings = '.md,.markdown,.html,.htm,.txt,.docx,.zip'

/** Asks for files. */
export function pickFiles(folder: string | null): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.accept = endings
  input.addEventListener('change', () => void importFiles([...(input.files ?? [])], folder))
  input.click()
}

export async function importFiles(files: readonly File[], folder: string | null): Promise<void> {
  if (files.length === 0 || progress.peek() !== undefined) return
  const documents: ImportReport['documents'][number][] = []
  const skipped: ImportReport['skipped'][number][] = []
  for (const [done, file] of files.entries()) {
    progress.value = { done, of: files.length }
    try {
      const report = await importFile(file.name, file, folder)
      documents.push(...report.documents)
      skipped.push(...report.skipped)
    } catch (error) {
      if (!(error instanceof SheafError)) throw error
      skipped.push({ name: file.name, reason: error.code === 'going-away' ? words.notDone : error.message })
    }
  }
  progress.value = undefined
  tell({ documents, skipped })
}

function tell(report: ImportReport): void {
  const { documents, skipped } = report
  if (skipped.length > 0 || documents.some(({ notes }) => notes.length > 0)) return void showReport(report)
  const [only] = documents
  const open = (): void => navigate(`/d/${only!.id}`)
  showToast({
    text: words.imported(documents.length),
    ...(documents.length === 1 && { action: { name: words.open, run: open } }),
  })
}

async function showReport(report: ImportReport): Promise<void> {
  const { ImportReportDialog } = await import('./import-report.tsx')
  openDialog.value = () => ImportReportDialog({ report })
}

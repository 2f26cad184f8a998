// What an import changed or left out, file by file.

import type { VNode } from 'preact'
import type { ImportReport } from '../api.ts'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { openDialog } from '../parts/open-dialog.ts'
import { words } from './words.ts'

export function ImportReportDialog({ report }: { report: ImportReport }): VNode {
  const dialog = useModal()
  const close = (): void => {
    openDialog.value = null
  }
  const changed = report.documents.filter(({ notes }) => notes.length > 0)
  return (
    <dialog ref={dialog} class="dialog wide" aria-labelledby="report-title" onClose={close}>
      <div class="dialog-head">
        <h2 id="report-title">{words.imported(report.documents.length)}</h2>
        <button type="button" class="button square" aria-label={words.close} onClick={close}>
          <Icon name="x" size={18} />
        </button>
      </div>
      {changed.length > 0 && (
        <ul class="report">
          {changed.map(({ id, title, notes }) => (
            <li key={id}>
              <a href={`/d/${id}`} onClick={close}>
                {title.trim() === '' ? words.untitled : title}
              </a>
              {notes.map(({ what, count }) => (
                <small key={what}>{words.importNotes[what](count)}</small>
              ))}
            </li>
          ))}
        </ul>
      )}
      {report.skipped.length > 0 && (
        <>
          <h3 class="label">{words.notImported}</h3>
          <ul class="report">
            {report.skipped.map(({ name, reason }) => (
              <li key={name}>
                <b>{name}</b>
                <small>{reason}</small>
              </li>
            ))}
          </ul>
        </>
      )}
      <div class="dialog-foot">
        <button type="button" class="button primary" onClick={close}>
          {words.done}
        </button>
      </div>
    </dialog>
  )
}

// The dialog that gives a document, or a folder of them, as files.

import type { VNode } from 'preact'
import { words } from '../home/words.ts'
import { Icon } from './icon.tsx'
import { useModal } from './modal.ts'
import { openDialog } from './open-dialog.ts'

const formats = ['markdown', 'html', 'docx', 'text', 'json'] as const

/** @param address of the export, without its format. */
export function ExportDialog({ title, address }: { title: string; address: string }): VNode {
  const dialog = useModal()
  const close = (): void => {
    openDialog.value = null
  }
  const query = (format: string): string => `${address}${address.includes('?') ? '&' : '?'}format=${format}`
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="export-title" onClose={close}>
      <div class="dialog-head">
        <h2 id="export-title">{title}</h2>
        <button type="button" class="button square" aria-label={words.cancel} onClick={close}>
          <Icon name="x" size={18} />
        </button>
      </div>
      {formats.map(format => (
        <a key={format} class="menu-row" href={query(format)} download onClick={() => setTimeout(close)}>
          <Icon name="download" />
          <span>{words.exportFormats[format].name}</span>
          <span class="hint">{words.exportFormats[format].about}</span>
        </a>
      ))}
    </dialog>
  )
}

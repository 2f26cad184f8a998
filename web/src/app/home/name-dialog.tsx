// The dialog that asks for the name of a folder.

import type { VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { openDialog } from '../parts/open-dialog.ts'
import { words } from '../words.ts'

export interface NameDialogProps {
  readonly title: string
  readonly value: string
  readonly button: string
  readonly onSave: (name: string) => void
}

const maxLength = 100

export function NameDialog({ title, value, button, onSave }: NameDialogProps): VNode {
  const dialog = useModal()
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => input.current?.select(), [])
  const close = (): void => {
    openDialog.value = null
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const name = input.current!.value.trim()
    if (name === '') return
    close()
    onSave(name)
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="name-title" onClose={close}>
      <form onSubmit={submit}>
        <div class="dialog-head">
          <h2 id="name-title">{title}</h2>
          <button type="button" class="button square" aria-label={words.cancel} onClick={close}>
            <Icon name="x" size={18} />
          </button>
        </div>
        <label class="label" for="folder-name">
          {words.name}
        </label>
        <div class="field big">
          <input ref={input} id="folder-name" defaultValue={value} maxLength={maxLength} required autocomplete="off" />
        </div>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            {words.cancel}
          </button>
          <button type="submit" class="button primary">
            {button}
          </button>
        </div>
      </form>
    </dialog>
  )
}

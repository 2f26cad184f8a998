// The sign of a callout, to press: a list of tones. What it looks like is a matter of the style sheet, which has it from the start.

import { calloutTones } from '@sheaf/model'
import { structuralMeta } from './binding.ts'
import type { Dress, Shell } from './dress.ts'
import type { MenuIcon } from './menu-icons.ts'
import { own, showAttributes } from './parts.ts'
import { openPicker } from './picker.ts'
import { words } from './words.ts'

const icons: Readonly<Record<string, MenuIcon>> = {
  note: 'info',
  tip: 'lightbulb',
  careful: 'triangle-alert',
  stop: 'circle-alert',
  plain: 'sticky-note',
}

export function dressCallout(shell: Shell): Dress {
  const button = own('button', 'sheaf-callout-button')
  button.type = 'button'
  button.setAttribute('aria-haspopup', 'listbox')
  button.addEventListener('mousedown', event => event.preventDefault())
  button.addEventListener('click', () => chooseTone(shell, button))
  shell.dom.prepend(button)
  const show = (): void => {
    showAttributes(shell)
    const tone = shell.node.attrs.tone as string
    button.setAttribute('aria-label', words.changeTone(words.tones[tone] ?? tone))
  }
  show()
  return { update: show }
}

function chooseTone(shell: Shell, button: HTMLButtonElement): void {
  const layer = shell.view.dom.closest<HTMLElement>('.sheaf-editor')
  if (layer === null || !shell.view.editable) return
  openPicker({
    layer,
    anchor: button,
    label: words.callout,
    items: calloutTones.map(tone => ({ name: words.tones[tone] ?? tone, value: tone, icon: icons[tone] ?? 'info' })),
    chosen: shell.node.attrs.tone,
    onTake: tone => {
      const pos = shell.getPos()
      const node = pos === undefined ? null : shell.view.state.doc.nodeAt(pos)
      if (pos === undefined || node === null) return
      const { tr } = shell.view.state
      shell.view.dispatch(tr.setNodeMarkup(pos, null, { ...node.attrs, tone }).setMeta(structuralMeta, true))
    },
    onClose: () => shell.view.focus(),
  })
}

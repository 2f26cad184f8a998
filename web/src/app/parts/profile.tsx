// Who you are: the avatar, the rows of the profile menu, and the dialog that changes name and colour.

import { signal } from '@preact/signals'
import { presenceColors } from '@sheaf/protocol'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { changeIdentity, identity, initials, maxNameLength } from '../identity.ts'
import { chooseTheme, type Theme, theme } from '../theme.ts'
import { words } from '../words.ts'
import { Icon } from './icon.tsx'
import { MenuRow } from './menu.tsx'

const dialogOpen = signal(false)
const colorNames = [
  'Poppy',
  'Teal',
  'Plum',
  'Moss',
  'Iris',
  'Ochre',
  'Rose',
  'Sky',
  'Rust',
  'Fern',
  'Heather',
  'Walnut',
]

export function askForName(): void {
  dialogOpen.value = true
}

export function Avatar({
  name,
  color,
  size = '',
}: {
  name: string
  color: number
  size?: '' | 'small' | 'large'
}): VNode {
  return (
    <span class={`avatar ${size} p${color}`} aria-hidden="true">
      {initials(name)}
    </span>
  )
}

/** The rows that every profile or more menu ends with. */
export function ProfileRows(): VNode {
  const icons = { auto: 'sun-moon', light: 'sun', dark: 'moon' } as const
  return (
    <>
      <div class="menu-label">{words.youAre(identity.value.name)}</div>
      <MenuRow icon="pencil" onChoose={askForName}>
        {words.changeName}
      </MenuRow>
      <hr />
      <div class="menu-label">{words.theme}</div>
      {(['auto', 'light', 'dark'] as const satisfies readonly Theme[]).map(name => (
        <MenuRow key={name} icon={icons[name]} checked={theme.value === name} onChoose={() => chooseTheme(name)}>
          {words.themes[name]}
        </MenuRow>
      ))}
    </>
  )
}

export function ProfileDialog(): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null)
  const open = dialogOpen.value
  useEffect(() => {
    if (open) dialog.current?.showModal()
  }, [open])
  if (!open) return null
  const close = (): void => {
    dialogOpen.value = false
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    changeIdentity({ name: String(form.get('name')), color: Number(form.get('color')) })
    close()
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="profile-title" onClose={close}>
      <form onSubmit={submit}>
        <div class="dialog-head">
          <h2 id="profile-title">{words.changeName}</h2>
          <button type="button" class="button square" aria-label={words.cancel} onClick={close}>
            <Icon name="x" size={18} />
          </button>
        </div>
        <label class="label" for="profile-name">
          Name
        </label>
        <div class="field big">
          <input
            id="profile-name"
            name="name"
            defaultValue={identity.value.name}
            maxLength={maxNameLength}
            required
            autofocus
            autocomplete="nickname"
          />
        </div>
        <fieldset class="plain">
          <legend class="label">Colour of your caret</legend>
          <div class="swatches">
            {Array.from({ length: presenceColors }, (_, index) => (
              <label key={index} class={`swatch p${index + 1}`} data-tip={colorNames[index]}>
                <input
                  type="radio"
                  name="color"
                  value={index + 1}
                  defaultChecked={identity.value.color === index + 1}
                  aria-label={colorNames[index]}
                />
                <Icon name="check" size={16} />
              </label>
            ))}
          </div>
        </fieldset>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            {words.cancel}
          </button>
          <button type="submit" class="button primary">
            {words.saveName}
          </button>
        </div>
      </form>
    </dialog>
  )
}

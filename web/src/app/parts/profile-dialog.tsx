// The dialog that changes your name and the colour of your caret.

import { presenceColors } from '@sheaf/protocol'
import type { VNode } from 'preact'
import { changeProfile } from '../account/me.ts'
import { changeIdentity, identity, maxNameLength } from '../identity.ts'
import { keepLanguage, language } from '../language.ts'
import { type Tag, tags } from '../languages/tags.ts'
import { words } from '../words.ts'
import { Icon } from './icon.tsx'
import { useModal } from './modal.ts'
import { openDialog } from './open-dialog.ts'

/** As their speakers call them. */
const languageNames: Readonly<Record<Tag, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  ja: '日本語',
  'zh-Hans': '简体中文',
  ar: 'العربية',
}

export function ProfileDialog(): VNode {
  const dialog = useModal()
  const close = (): void => {
    openDialog.value = null
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const profile = { name: String(form.get('name')), color: Number(form.get('color')) }
    changeIdentity(profile)
    const chosen = String(form.get('language') ?? language)
    // The server writes mails in it, and it is spoken on other devices too.
    void changeProfile({ ...profile, language: chosen })
    close()
    if (chosen !== language && keepLanguage(chosen)) location.reload()
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
          {words.name}
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
          <legend class="label">{words.caretColor}</legend>
          <div class="swatches">
            {Array.from({ length: presenceColors }, (_, index) => (
              <label key={index} class={`swatch p${index + 1}`} data-tip={words.colors[index]}>
                <input
                  type="radio"
                  name="color"
                  value={index + 1}
                  defaultChecked={identity.value.color === index + 1}
                  aria-label={words.colors[index]}
                />
                <Icon name="check" size={16} />
              </label>
            ))}
          </div>
        </fieldset>
        <label class="label" for="profile-language">
          {words.language}
        </label>
        <div class="field big">
          <select id="profile-language" name="language" defaultValue={language}>
            {tags.map(tag => (
              <option key={tag} value={tag} lang={tag} selected={tag === language}>
                {languageNames[tag]}
              </option>
            ))}
          </select>
        </div>
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

// Who you are: the avatar, and the rows of the profile menu.

import type { VNode } from 'preact'
import { accountWords } from '../account/account-words.ts'
import { me } from '../account/closed.ts'
import { preferTheme, signOut } from '../account/me.ts'
import { identity, initials } from '../identity.ts'
import { navigate } from '../router.ts'
import { type Theme, theme } from '../theme.ts'
import { words } from '../words.ts'
import { MenuRow } from './menu.tsx'
import { openDialog } from './open-dialog.ts'
import { showToast } from './toast.tsx'

/** The code of the dialog that changes name and colour comes when it is wanted. */
export function askForName(): void {
  void import('./profile-dialog.tsx').then(
    module => {
      openDialog.value = module.ProfileDialog
    },
    () => showToast({ text: words.notLoaded }),
  )
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
  return <span class={`avatar ${size} p${color}`} data-initials={initials(name)} aria-hidden="true" />
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
      {me.value?.user !== undefined && (
        <>
          {me.value.user.isOwner && (
            <MenuRow icon="users" onChoose={() => navigate('/admin')}>
              {accountWords.administration}
            </MenuRow>
          )}
          <MenuRow icon="monitor-down" onChoose={() => navigate('/devices')}>
            {accountWords.devices}
          </MenuRow>
          <MenuRow icon="log-out" onChoose={() => void signOut()}>
            {accountWords.signOut}
          </MenuRow>
        </>
      )}
      <hr />
      <div class="menu-label">{words.theme}</div>
      {(['auto', 'light', 'dark'] as const satisfies readonly Theme[]).map(name => (
        <MenuRow key={name} icon={icons[name]} checked={theme.value === name} onChoose={() => preferTheme(name)}>
          {words.themes[name]}
        </MenuRow>
      ))}
    </>
  )
}

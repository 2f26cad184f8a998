// Who may open what lies in a folder: people with their roles, and everybody with an account. A folder has no link, and nobody owns one;
// owners of the server share it.

import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { accountWords as says } from '../account/account-words.ts'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { openDialog } from '../parts/open-dialog.ts'
import { showToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { AddPerson, InheritedRows, PersonRow, RoleSelect } from './share-people.tsx'
import {
  changeFolderReach,
  type FolderSharing,
  type GivenRole,
  giveFolderRole,
  listPeople,
  type Person,
  type Reach,
  readFolderSharing,
  takeFolderRole,
} from './sharing-api.ts'
import '../../css/share.css'

/** `commenter` comes with comments. */
const given: readonly GivenRole[] = ['viewer', 'editor']
const reaches: readonly Reach[] = ['restricted', 'members']

export function FolderDialog({ folderId, name }: { folderId: string; name: string }): VNode {
  const dialog = useModal()
  const [sharing, setSharing] = useState<FolderSharing | null>(null)
  const [everybody, setEverybody] = useState<readonly Person[]>([])
  const show = (found: FolderSharing | null): void => {
    if (found === null) showToast({ text: words.notDone })
    else setSharing(found)
  }
  useEffect(() => {
    void readFolderSharing(folderId).then(show)
    void listPeople().then(setEverybody)
  }, [folderId])
  const close = (): void => {
    openDialog.value = null
  }
  const { people = [], inherited = [], reach = 'restricted', reachRole = 'viewer' } = sharing ?? {}
  return (
    <dialog ref={dialog} class="dialog share" aria-labelledby="share-title" onClose={close}>
      <div class="dialog-head">
        <h2 id="share-title">{says.shareTitle(name)}</h2>
        <button type="button" class="button square" aria-label={words.close} onClick={close}>
          <Icon name="x" size={18} />
        </button>
      </div>
      <p class="share-note">{says.folderMore}</p>
      <AddPerson
        people={everybody.filter(({ id }) => !people.some(person => person.id === id))}
        roles={given}
        onAdd={(id, role) => void giveFolderRole(folderId, id, role).then(show)}
      />
      <h3 class="share-label">{says.peopleWithAccess}</h3>
      <ul class="share-people">
        {people.map(person => (
          <PersonRow
            key={person.id}
            person={person}
            roles={given}
            onChange={role =>
              void (
                role === 'none' ? takeFolderRole(folderId, person.id) : giveFolderRole(folderId, person.id, role)
              ).then(show)
            }
          />
        ))}
        <InheritedRows own={people} inherited={inherited} />
      </ul>
      <h3 class="share-label">{says.whoReaches}</h3>
      <div class="share-link">
        <span class={`share-link-icon${reach === 'restricted' ? '' : ' open'}`}>
          <Icon name={reach === 'restricted' ? 'lock' : 'users'} size={16} />
        </span>
        <p>
          <select
            class="share-select wide"
            aria-label={says.whoReaches}
            value={reach}
            onChange={event =>
              void changeFolderReach(folderId, { reach: event.currentTarget.value as Reach }).then(show)
            }
          >
            {reaches.map(reach => (
              <option key={reach} value={reach}>
                {says.reaches[reach]}
              </option>
            ))}
          </select>
        </p>
        {reach === 'members' && (
          <RoleSelect
            label={says.whatReaches}
            role={reachRole}
            roles={given}
            onChange={role => role !== 'none' && void changeFolderReach(folderId, { role }).then(show)}
            isNew
          />
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" class="button primary big" onClick={close}>
          {says.done}
        </button>
      </div>
    </dialog>
  )
}

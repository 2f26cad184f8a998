// Who may open a document: people with their roles, who asks to be let in, and the link. Every change is made at once; the dialog shows
// what the server answers, and nothing that it only hopes for.

import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { accountWords as says } from '../account/account-words.ts'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { openDialog } from '../parts/open-dialog.ts'
import { Avatar } from '../parts/profile.tsx'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { words } from '../words.ts'
import { LinkSettings } from './link-settings.tsx'
import { AddPerson, InheritedRows, PersonRow } from './share-people.tsx'
import {
  decline,
  type GivenRole,
  giveRole,
  listPeople,
  newLink,
  type Person,
  readSharing,
  type Sharing,
  takeRole,
} from './sharing-api.ts'
import '../../css/share.css'

/** `commenter` comes with comments. */
const given: readonly GivenRole[] = ['viewer', 'editor', 'owner']

export function ShareDialog({ documentId, title }: { documentId: string; title: string }): VNode {
  const dialog = useModal()
  const [sharing, setSharing] = useState<Sharing | null>(null)
  const [people, setPeople] = useState<readonly Person[]>([])
  useEffect(() => {
    void readSharing(documentId).then(show)
    void listPeople().then(setPeople)
  }, [documentId])
  const show = (found: Sharing | null): void => {
    if (found === null) showToast({ text: words.notDone })
    else setSharing(found)
  }
  const close = (): void => {
    openDialog.value = null
  }
  const isOwner = sharing?.role === 'owner'
  const seeAs = (): void => {
    close()
    const role = sharing === null || sharing.reach === 'restricted' ? 'viewer' : sharing.reachRole
    navigate(`/d/${documentId}?as=${role}`)
  }
  return (
    <dialog ref={dialog} class="dialog share" aria-labelledby="share-title" onClose={close}>
      <div class="dialog-head">
        <h2 id="share-title">{says.shareTitle(title)}</h2>
        <button type="button" class="button square" aria-label={words.close} onClick={close}>
          <Icon name="x" size={18} />
        </button>
      </div>
      {isOwner && (
        <AddPerson
          people={people.filter(({ id }) => !sharing.people.some(person => person.id === id))}
          roles={given}
          onAdd={(id, role) => void giveRole(documentId, id, role).then(show)}
        />
      )}
      {sharing?.requests.map(({ person, message }) => (
        <div key={person.id} class="share-request">
          <Avatar name={person.name} color={person.color} size="large" />
          <p>
            {says.wantsAccess(person.name)}
            {message !== '' && <span class="share-login">“{message}”</span>}
          </p>
          <button type="button" class="button" onClick={() => void decline(documentId, person.id).then(show)}>
            {says.decline}
          </button>
          <button
            type="button"
            class="button line"
            onClick={() => void giveRole(documentId, person.id, 'editor').then(show)}
          >
            {says.letIn}
          </button>
        </div>
      ))}
      <h3 class="share-label">{says.peopleWithAccess}</h3>
      <ul class="share-people">
        {sharing?.people.map(person => (
          <PersonRow
            key={person.id}
            person={person}
            roles={isOwner ? given : []}
            onChange={role =>
              void (role === 'none' ? takeRole(documentId, person.id) : giveRole(documentId, person.id, role)).then(
                show,
              )
            }
          />
        ))}
        {sharing !== null && <InheritedRows own={sharing.people} inherited={sharing.inherited} />}
      </ul>
      {sharing !== null && isOwner && <LinkSettings documentId={documentId} sharing={sharing} onChange={show} />}
      {sharing !== null && !isOwner && <p class="share-note">{says.sharedByOwner}</p>}
      <div class="dialog-foot">
        {isOwner && (
          <button type="button" class="button share-see" onClick={seeAs}>
            <Icon name="eye" size={16} />
            {says.seeAs[sharing.reach]}
          </button>
        )}
        <CopyLink documentId={documentId} isSecret={isOwner && sharing.reach === 'anyone'} />
        <button type="button" class="button primary big" onClick={close}>
          {says.done}
        </button>
      </div>
    </dialog>
  )
}

/** The server keeps no secret that it could show again: each copy of the link has one of its own, and all of them open it. */
function CopyLink({ documentId, isSecret }: { documentId: string; isSecret: boolean }): VNode {
  const made = useRef<string | null>(null)
  const copy = async (): Promise<void> => {
    if (isSecret) made.current ??= (await newLink(documentId))?.url ?? null
    const url = isSecret ? made.current : `${location.origin}/d/${documentId}`
    if (url === null) return showToast({ text: words.notDone })
    await navigator.clipboard.writeText(url)
    showToast({ text: words.linkCopied })
  }
  return (
    <button type="button" class="button line big" onClick={() => void copy()}>
      <Icon name="copy" size={16} />
      {words.copyLink}
    </button>
  )
}

// Who may open a document: people with their roles, who asks to be let in, and the link. Every change is made at once; the dialog shows
// what the server answers, and nothing that it only hopes for.

import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { accountWords as says } from '../account/account-words.ts'
import { me } from '../account/closed.ts'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { openDialog } from '../parts/open-dialog.ts'
import { Avatar } from '../parts/profile.tsx'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { words } from '../words.ts'
import { LinkSettings } from './link-settings.tsx'
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
          <li key={person.id}>
            <Avatar name={person.name} color={person.color} size="large" />
            <p>
              {person.name} {person.id === me.value?.user?.id && <span class="share-you">{says.you}</span>}
              <span class="share-login">{person.login}</span>
            </p>
            {isOwner ? (
              <RoleSelect
                label={says.roleOf(person.name)}
                role={person.role}
                onChange={role =>
                  void (role === 'none' ? takeRole(documentId, person.id) : giveRole(documentId, person.id, role)).then(
                    show,
                  )
                }
              />
            ) : (
              <span class="share-role">{says.roles[person.role]}</span>
            )}
          </li>
        ))}
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

function AddPerson({
  people,
  onAdd,
}: {
  people: readonly Person[]
  onAdd: (userId: string, role: GivenRole) => void
}): VNode {
  const [text, setText] = useState('')
  const [role, setRole] = useState<GivenRole>('editor')
  const part = text.trim().toLowerCase()
  const found = part === '' ? [] : people.filter(({ name, login }) => `${name} ${login}`.toLowerCase().includes(part))
  const add = (person: Person | undefined): void => {
    if (person === undefined) return
    onAdd(person.id, role)
    setText('')
  }
  return (
    <form
      class="share-add"
      onSubmit={event => {
        event.preventDefault()
        add(found[0])
      }}
    >
      <div class="field big">
        <input
          aria-label={says.addPerson}
          placeholder={says.addPerson}
          value={text}
          autofocus
          autocomplete="off"
          onInput={event => setText(event.currentTarget.value)}
        />
        <RoleSelect label={says.whatNewMay} role={role} onChange={next => next !== 'none' && setRole(next)} isNew />
      </div>
      {part !== '' && (
        <ul class="share-found">
          {found.slice(0, 5).map(person => (
            <li key={person.id}>
              <button type="button" class="menu-row" onClick={() => add(person)}>
                <Avatar name={person.name} color={person.color} />
                <span>{person.name}</span>
                <span class="hint">{person.login}</span>
              </button>
            </li>
          ))}
          {found.length === 0 && <li class="share-note">{says.nobodyFound}</li>}
        </ul>
      )}
    </form>
  )
}

function RoleSelect(props: {
  label: string
  role: GivenRole
  onChange: (role: GivenRole | 'none') => void
  /** There is nothing to take away yet. */
  isNew?: boolean
}): VNode {
  const roles = given.includes(props.role) ? given : [...given, props.role]
  return (
    <select
      class="share-select"
      aria-label={props.label}
      value={props.role}
      onChange={event => props.onChange(event.currentTarget.value as GivenRole | 'none')}
    >
      {roles.map(role => (
        <option key={role} value={role}>
          {says.roles[role]}
        </option>
      ))}
      {props.isNew !== true && <option value="none">{says.remove}</option>}
    </select>
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

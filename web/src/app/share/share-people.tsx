// Rows of people in the dialogs of sharing: who has which role, what comes from a folder, and who is to be added.

import { Fragment, type VNode } from 'preact'
import { useState } from 'preact/hooks'
import { accountWords as says } from '../account/account-words.ts'
import { me } from '../account/closed.ts'
import { Icon } from '../parts/icon.tsx'
import { Avatar } from '../parts/profile.tsx'
import type { FolderGift, GivenRole, Person } from './sharing-api.ts'

type WithRole = Person & { readonly role: GivenRole }

const ranks: readonly GivenRole[] = ['viewer', 'commenter', 'editor', 'owner']

/** @param roles that can be given instead; none where nothing can be changed. @param note where the role comes from. */
export function PersonRow({
  person,
  roles,
  note,
  onChange,
}: {
  person: WithRole
  roles: readonly GivenRole[]
  note?: string
  onChange?: (role: GivenRole | 'none') => void
}): VNode {
  return (
    <li>
      <Avatar name={person.name} color={person.color} size="large" />
      <p>
        {person.name} {person.id === me.value?.user?.id && <span class="share-you">{says.you}</span>}
        <span class="share-login">{note ?? person.login}</span>
      </p>
      {onChange !== undefined && roles.length > 0 ? (
        <RoleSelect label={says.roleOf(person.name)} role={person.role} roles={roles} onChange={onChange} />
      ) : (
        <span class="share-role">{says.roles[person.role]}</span>
      )}
    </li>
  )
}

/** Who may more than was given here, through a folder; it is changed where it was given. */
export function InheritedRows({
  own,
  inherited,
}: {
  own: readonly WithRole[]
  inherited: readonly FolderGift[]
}): VNode {
  const isMore = ({ id, role }: WithRole): boolean => {
    const here = own.find(person => person.id === id)
    return here === undefined || ranks.indexOf(role) > ranks.indexOf(here.role)
  }
  return (
    <>
      {inherited.map(({ folder, people, reach, reachRole }) => (
        <Fragment key={folder.id}>
          {people.filter(isMore).map(person => (
            <PersonRow key={person.id} person={person} roles={[]} note={says.throughFolder(folder.name)} />
          ))}
          {reach === 'members' && (
            <li>
              <span class="share-link-icon open">
                <Icon name="users" size={16} />
              </span>
              <p>
                {says.reaches.members}
                <span class="share-login">{says.throughFolder(folder.name)}</span>
              </p>
              <span class="share-role">{says.roles[reachRole]}</span>
            </li>
          )}
        </Fragment>
      ))}
    </>
  )
}

export function AddPerson({
  people,
  roles,
  onAdd,
}: {
  people: readonly Person[]
  roles: readonly GivenRole[]
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
        <RoleSelect
          label={says.whatNewMay}
          role={role}
          roles={roles}
          onChange={next => next !== 'none' && setRole(next)}
          isNew
        />
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

export function RoleSelect(props: {
  label: string
  role: GivenRole
  roles: readonly GivenRole[]
  onChange: (role: GivenRole | 'none') => void
  /** There is nothing to take away yet. */
  isNew?: boolean
}): VNode {
  const roles = props.roles.includes(props.role) ? props.roles : [...props.roles, props.role]
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

// How far a document reaches beyond the people who were named, and what its link asks for.

import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { accountWords as says } from '../account/account-words.ts'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words.ts'
import { changeReach, type GivenRole, type Reach, type ReachChange, type Sharing } from './sharing-api.ts'

const reaches: readonly Reach[] = ['restricted', 'members', 'anyone']
const roles: readonly GivenRole[] = ['viewer', 'editor']

export function LinkSettings({
  documentId,
  sharing,
  onChange,
}: {
  documentId: string
  sharing: Sharing
  onChange: (sharing: Sharing | null) => void
}): VNode {
  const { reach, reachRole, hasPassword, untilAt } = sharing
  const [isChanging, setChanging] = useState(false)
  const change = (fields: ReachChange): void => void changeReach(documentId, fields).then(onChange)
  return (
    <section>
      <h3 class="share-label">{says.link}</h3>
      <div class="share-link">
        <span class={`share-link-icon${reach === 'restricted' ? '' : ' open'}`}>
          <Icon name={reach === 'restricted' ? 'lock' : reach === 'members' ? 'users' : 'link-2'} size={16} />
        </span>
        <p>
          <select
            class="share-select wide"
            aria-label={says.whoReaches}
            value={reach}
            onChange={event => change({ reach: event.currentTarget.value as Reach })}
          >
            {reaches.map(name => (
              <option key={name} value={name}>
                {says.reaches[name]}
              </option>
            ))}
          </select>
          <span class="share-login">{says.reachesMore[reach]}</span>
        </p>
        {reach !== 'restricted' && (
          <select
            class="share-select"
            aria-label={says.whatReaches}
            value={reachRole}
            onChange={event => change({ role: event.currentTarget.value as GivenRole })}
          >
            {roles.map(role => (
              <option key={role} value={role}>
                {says.roles[role]}
              </option>
            ))}
          </select>
        )}
      </div>
      {reach === 'anyone' && (
        <div class="share-terms">
          <span>
            {says.password} <b>{hasPassword ? says.passwordSet : says.passwordNone}</b>
          </span>
          <span>
            {says.ends} <b>{untilAt === undefined ? says.never : new Date(untilAt).toLocaleDateString()}</b>
          </span>
          <button type="button" class="button" aria-expanded={isChanging} onClick={() => setChanging(!isChanging)}>
            {says.change}
          </button>
        </div>
      )}
      {reach === 'anyone' && isChanging && (
        <form
          class="share-change"
          onSubmit={event => {
            event.preventDefault()
            const fields = new FormData(event.currentTarget as HTMLFormElement)
            const [password, day] = [String(fields.get('password')), String(fields.get('day'))]
            change({
              ...(password !== '' && { password }),
              untilAt: day === '' ? null : new Date(`${day}T23:59:59`).toISOString(),
            })
            setChanging(false)
          }}
        >
          <label class="label" for="share-password">
            {says.linkPassword}
          </label>
          <div class="field">
            <input id="share-password" name="password" type="text" autocomplete="off" minLength={4} maxLength={256} />
            {hasPassword && (
              <button type="button" class="button" onClick={() => change({ password: null })}>
                {says.removePassword}
              </button>
            )}
          </div>
          <label class="label" for="share-day">
            {says.ends}
          </label>
          <div class="field">
            <input id="share-day" name="day" type="date" defaultValue={untilAt?.slice(0, 10) ?? ''} />
          </div>
          <div class="share-change-foot">
            <button type="button" class="button" onClick={() => setChanging(false)}>
              {words.cancel}
            </button>
            <button type="submit" class="button line">
              {says.change}
            </button>
          </div>
        </form>
      )}
    </section>
  )
}

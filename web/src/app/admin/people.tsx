// The people of a server: who has an account, who was invited, and the links by which somebody comes in.

import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { me } from '../account/closed.ts'
import { Icon } from '../parts/icon.tsx'
import { MenuButton, MenuRow } from '../parts/menu.tsx'
import { Avatar } from '../parts/profile.tsx'
import { showToast } from '../parts/toast.tsx'
import { type Account, invite, listAccounts, listInvitations, makeReset, setDisabled, takeBack } from './admin-api.ts'
import { adminWords as says } from './admin-words.ts'
import { dayOf, timeOf, useLoaded } from './loaded.ts'

async function copy(url: string): Promise<void> {
  await navigator.clipboard.writeText(url)
  showToast({ text: says.linkCopied })
}

export function People(): VNode {
  const [accounts, reloadAccounts] = useLoaded(listAccounts)
  const [invitations, reloadInvitations] = useLoaded(listInvitations)
  const [made, setMade] = useState<{ readonly text: string; readonly url: string } | undefined>()
  const failed = (error: Error): void => showToast({ text: error.message || says.notReached })
  const onInvite = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const fields = new FormData(form)
    void invite(String(fields.get('note')).trim(), fields.has('owner')).then(({ url }) => {
      form.reset()
      setMade({ text: says.inviteMade, url })
      reloadInvitations()
    }, failed)
  }
  const reset = ({ id, name }: Account): void => {
    void makeReset(id).then(({ url }) => setMade({ text: says.resetMade(name), url }), failed)
  }
  return (
    <>
      <form class="admin-invite" onSubmit={onInvite}>
        <div class="field">
          <input
            name="note"
            aria-label={says.inviteNote}
            placeholder={says.inviteNote}
            maxLength={200}
            autocomplete="off"
          />
        </div>
        <label>
          <input type="checkbox" name="owner" /> {says.inviteOwner}
        </label>
        <button type="submit" class="button primary">
          {says.invite}
        </button>
      </form>
      <div role="status">
        {made !== undefined && (
          <p class="admin-made">
            {made.text}
            <span class="field">
              <input readOnly value={made.url} aria-label={made.text} onFocus={event => event.currentTarget.select()} />
              <button type="button" class="button" onClick={() => void copy(made.url)}>
                {says.copy}
              </button>
            </span>
          </p>
        )}
      </div>
      {invitations !== undefined && invitations.items.length > 0 && (
        <section>
          <h2>{says.invitesOpen}</h2>
          <ul class="admin-rows">
            {invitations.items.map(({ id, note, owner, untilAt }) => (
              <li key={id}>
                <span>{note || says.noNote}</span>
                <span>{owner ? says.owner : ''}</span>
                <span>{says.invitedUntil(dayOf(untilAt))}</span>
                <button type="button" class="button" onClick={() => void takeBack(id).then(reloadInvitations, failed)}>
                  {says.takeBack}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ul class="admin-rows">
        {accounts?.items.map(account => (
          <li key={account.id}>
            <Avatar name={account.name} color={account.color} size="large" />
            <span class="admin-person">
              {account.name}
              <span class="admin-detail">{account.login}</span>
            </span>
            <span>{account.isDisabled ? says.disabled : account.isOwner ? says.owner : ''}</span>
            <span>{says.since(timeOf(account.createdAt))}</span>
            {account.id !== me.value?.user?.id && (
              <MenuButton
                name={says.moreFor(account.name)}
                class="button square"
                button={<Icon name="ellipsis" size={18} />}
              >
                <MenuRow onChoose={() => reset(account)}>{says.resetPassword}</MenuRow>
                <MenuRow
                  danger={!account.isDisabled}
                  onChoose={() => void setDisabled(account.id, !account.isDisabled).then(reloadAccounts, failed)}
                >
                  {account.isDisabled ? says.enable : says.disable}
                </MenuRow>
              </MenuButton>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

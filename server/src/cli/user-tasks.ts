// What `sheaf user` does, by whoever has the store open: the server, or the command.

import { randomBytes } from 'node:crypto'
import type { AuditAct, AuditFields } from '../accounts/audit.ts'
import type { Authority } from '../accounts/authority.ts'
import type { User } from '../accounts/users.ts'

export type UserTask =
  | {
      readonly do: 'add'
      readonly login: string
      readonly name: string
      readonly isOwner: boolean
      readonly password?: string
    }
  | { readonly do: 'list' }
  | { readonly do: 'disable' | 'enable'; readonly login: string }
  | { readonly do: 'password'; readonly login: string; readonly password?: string }

export interface UserReport {
  readonly users: readonly UserEntry[]
  /** With it the person sets a password, once within a day; absent where a password was given. */
  readonly secret?: string
}

export interface UserEntry {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly isOwner: boolean
  readonly isDisabled: boolean
}

/** @throws SheafError `not-found` for a name that nobody has, `already-exists`, `invalid-field`, `precondition-failed`. */
export async function runUserTask(authority: Authority, task: UserTask): Promise<UserReport> {
  const { users, invitations, sessions, audit } = authority
  const note = (act: AuditAct, userId: string, fields?: AuditFields) =>
    audit.note({ act, principal: 'command', address: '', userId, ...(fields !== undefined && { fields }) })
  switch (task.do) {
    case 'list':
      return { users: (await users.list()).map(toEntry) }
    case 'add': {
      const { login, name, isOwner } = task
      // Nobody knows this one; it is there until the person has chosen theirs.
      const password = task.password ?? randomBytes(24).toString('base64url')
      const fields = { login, name, password }
      const user = isOwner ? await invitations.makeOwner(fields) : await users.create(fields)
      await note('user-added', user.userId, { owner: isOwner })
      if (task.password !== undefined) return { users: [toEntry(user)] }
      return { users: [toEntry(user)], secret: await invitations.beginReset(user.userId) }
    }
    case 'password': {
      const user = await authority.requireLogin(task.login)
      await note(task.password === undefined ? 'reset-link-made' : 'password-changed', user.userId)
      if (task.password === undefined) {
        return { users: [toEntry(user)], secret: await invitations.beginReset(user.userId) }
      }
      await users.changePassword(user.userId, task.password)
      await sessions.endAll(user.userId)
      return { users: [toEntry(user)] }
    }
    case 'disable':
    case 'enable': {
      const { userId } = await authority.requireLogin(task.login)
      const user = task.do === 'disable' ? await authority.disable(userId) : await users.setDisabled(userId, false)
      await note('user-changed', userId, { disabled: task.do === 'disable' })
      return { users: [toEntry(user)] }
    }
  }
}

function toEntry({ userId, login, name, isOwner, disabledMs }: User): UserEntry {
  return { id: userId, login, name, isOwner, isDisabled: disabledMs !== undefined }
}

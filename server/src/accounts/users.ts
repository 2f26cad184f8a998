// The people who have an account. An account's id is given once and never again: rows of the log bear it for ever. A person signs
// in by a mail address or a user name; the hash of their password is in the same record, and never leaves this file.

import { presenceColors, randomId, SheafError } from '@sheaf/protocol'
import { maxPasswordLength, minPasswordLength, type Passwords } from '../auth/passwords.ts'
import type { Clock } from '../clock.ts'
import type { RecordChange, Records } from '../store/records.ts'

export interface Profile {
  readonly name: string
  /** 1..12 */
  readonly color: number
  /** BCP 47; absent: what the browser asks for. */
  readonly language?: string
  readonly theme?: 'auto' | 'light' | 'dark'
}

export interface User extends Profile {
  readonly userId: string
  /** Mail address or user name, as it was written. */
  readonly login: string
  /** Owns the server: invites, disables, and has the documents that nobody has. */
  readonly isOwner: boolean
  readonly createdMs: number
  /** Present: they cannot sign in, and have no rights. */
  readonly disabledMs?: number
}

export interface NewUser {
  readonly name: string
  readonly login: string
  /** Absent: they come by an OpenID provider, until they set one by a link. */
  readonly password?: string
  readonly isOwner?: boolean
}

/** What is written with an account that is made, all or none; may throw. */
export type AlsoOfNew = (change: RecordChange, userId: string) => Promise<void> | void

interface Account extends User {
  readonly passwordHash?: string
}

export interface UsersOptions {
  readonly records: Records
  readonly passwords: Passwords
  readonly clock: Clock
  /** Told after each change of what an account may. */
  readonly onChange: (userId: string) => void
}

export const maxNameLength = 80
const maxLoginLength = 185
/** Letters, digits and what mail addresses have; no spaces, nothing invisible. */
const loginPattern = /^[\p{L}\p{N}._%+'-]{1,64}(?:@[\p{L}\p{N}.-]{1,120})?$/u

export class Users {
  readonly #options: UsersOptions

  constructor(options: UsersOptions) {
    this.#options = options
  }

  /**
   * Resolves when it is on disk. @param also written with it, all or none; may throw.
   * @throws SheafError `invalid-field`, `already-exists`.
   */
  async create(fields: NewUser, also: AlsoOfNew = () => undefined): Promise<User> {
    const { records, passwords, clock } = this.#options
    const name = checkedName(fields.name)
    const login = checkedLogin(fields.login)
    const passwordHash =
      fields.password === undefined ? undefined : await passwords.hash(checkedPassword(fields.password))
    const account: Account = {
      userId: randomId(16),
      name,
      login,
      color: 1 + Math.floor(Math.random() * presenceColors),
      isOwner: fields.isOwner ?? false,
      createdMs: clock.nowMs(),
      ...(passwordHash !== undefined && { passwordHash }),
    }
    await records.change(async change => {
      await also(change, account.userId)
      if ((await change.get('account-name', loginKey(login))) !== undefined) {
        throw new SheafError('already-exists', 'There is an account of this name already.')
      }
      change.put('account', account.userId, account)
      change.put('account-name', loginKey(login), { userId: account.userId })
    })
    return userOf(account)
  }

  /** @returns undefined for nobody, and for a record that is damaged. */
  async find(userId: string): Promise<User | undefined> {
    const account = await this.#options.records.get<Account>('account', userId)
    return account && userOf(account)
  }

  async findByLogin(login: string): Promise<User | undefined> {
    const account = await this.#accountOf(login)
    return account && userOf(account)
  }

  /** By the time of their making. */
  async list(): Promise<User[]> {
    const accounts = await this.#options.records.list<Account>('account')
    return accounts.map(({ value }) => userOf(value)).sort((a, b) => a.createdMs - b.createdMs)
  }

  /** @returns undefined for a wrong name, a wrong password and a disabled account; all three take the same time. */
  async authenticate(login: string, password: string): Promise<User | undefined> {
    const account = await this.#accountOf(login)
    const isUsable = account !== undefined && account.disabledMs === undefined
    const given = password.slice(0, maxPasswordLength)
    const isRight = await this.#options.passwords.verify(given, isUsable ? account.passwordHash : undefined)
    return isRight && isUsable ? userOf(account) : undefined
  }

  async changeProfile(userId: string, fields: Partial<Profile>): Promise<User> {
    const name = fields.name === undefined ? {} : { name: checkedName(fields.name) }
    return this.#change(userId, account => ({ ...account, ...fields, ...name }))
  }

  /** @param also written with it, all or none. */
  async changePassword(
    userId: string,
    password: string,
    also?: (change: RecordChange) => Promise<void> | void,
  ): Promise<void> {
    const passwordHash = await this.#options.passwords.hash(checkedPassword(password))
    await this.#change(userId, account => ({ ...account, passwordHash }), also)
  }

  /** @throws SheafError `precondition-failed` for the last owner, who would lock everybody out. */
  async setDisabled(userId: string, isDisabled: boolean): Promise<User> {
    const { clock } = this.#options
    return this.#change(userId, async ({ disabledMs, ...account }, change) => {
      if (!isDisabled) return account
      if (account.isOwner && (await this.#ownersBeside(userId, change)) === 0) {
        throw new SheafError('precondition-failed', 'This is the only owner; make somebody else one first.')
      }
      return { ...account, disabledMs: disabledMs ?? clock.nowMs() }
    })
  }

  async #accountOf(login: string): Promise<Account | undefined> {
    const { records } = this.#options
    const key = loginKey(login)
    const isPossible = loginPattern.test(key)
    const known = isPossible ? await records.get<{ userId: string }>('account-name', key) : undefined
    // Somebody is looked for in any case, so that both ways cost the same.
    return records.get<Account>('account', known?.userId ?? 'nobody')
  }

  async #change(
    userId: string,
    f: (account: Account, change: RecordChange) => Promise<Account> | Account,
    also?: (change: RecordChange) => Promise<void> | void,
  ): Promise<User> {
    const { records, onChange } = this.#options
    const changed = await records.change(async change => {
      const account = await change.get<Account>('account', userId)
      if (account === undefined) throw new SheafError('not-found', 'There is no such account.')
      await also?.(change)
      const next = await f(account, change)
      change.put('account', userId, next)
      return next
    })
    onChange(userId)
    return userOf(changed)
  }

  async #ownersBeside(userId: string, change: RecordChange): Promise<number> {
    const accounts = await change.list<Account>('account')
    return accounts.filter(({ value }) => value.isOwner && value.disabledMs === undefined && value.userId !== userId)
      .length
  }
}

/** What is shown of a person to others who may see that there is one. */
export function userOf({ passwordHash: _, ...user }: Account): User {
  return user
}

/** Names that differ in case, or in how a character is composed, are one name. */
export function loginKey(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase()
}

function checkedName(name: string): string {
  const plain = name.trim().replace(/\s+/g, ' ')
  if (plain !== '' && plain.length <= maxNameLength && !/\p{C}/u.test(plain)) return plain
  throw wrong('/name', `A name has 1 to ${maxNameLength} characters`)
}

function checkedLogin(login: string): string {
  const plain = login.normalize('NFKC').trim()
  if (plain.length <= maxLoginLength && loginPattern.test(plain)) return plain
  throw wrong('/login', 'A mail address, or a name of letters, digits and . _ -')
}

function checkedPassword(password: string): string {
  if (password.length >= minPasswordLength && password.length <= maxPasswordLength) return password
  throw wrong('/password', `A password has ${minPasswordLength} to ${maxPasswordLength} characters`)
}

function wrong(field: string, what: string): SheafError {
  return new SheafError('invalid-field', `${field}: ${what}.`, { details: { field } })
}

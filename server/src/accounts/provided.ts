// Accounts of an OpenID provider, and whose they are here: matched by issuer and subject, which are never given to somebody else. A mail
// address matches nobody, unless the provider has verified it and the server was told to go by it.

import { createHash } from 'node:crypto'
import { SheafError } from '@sheaf/protocol'
import type { OidcSettings, ProvidedPerson } from '../auth/oidc.ts'
import type { Clock } from '../clock.ts'
import type { RecordChange, Records } from '../store/records.ts'
import type { Invitations } from './invitations.ts'
import { maxNameLength, type NewUser, type User, type Users } from './users.ts'

interface Provided {
  readonly userId: string
  readonly issuer: string
  readonly subject: string
  readonly sinceMs: number
}

export interface ProvidedAccountsOptions {
  readonly records: Records
  readonly clock: Clock
  readonly users: Users
  readonly invitations: Invitations
}

export class ProvidedAccounts {
  readonly #options: ProvidedAccountsOptions

  constructor(options: ProvidedAccountsOptions) {
    this.#options = options
  }

  /**
   * Whose account it is. Who has none gets one where they bring an invitation, or where the settings say so; resolves when it is on disk.
   * @throws SheafError `forbidden` for who may not come in, with `reason` in its details; without one, for an invitation that has ended;
   * `already-exists` where another account has the mail address.
   */
  async enter(
    person: ProvidedPerson,
    options: { settings: Pick<OidcSettings, 'signUp' | 'matchMail'>; invite?: string },
  ): Promise<{ user: User; isNew: boolean }> {
    const { signUp, matchMail } = options.settings
    const known = (await this.#find(person)) ?? (matchMail ? await this.#match(person) : undefined)
    if (known !== undefined) return { user: usable(known), isNew: false }
    if (options.invite === undefined && !signUp) throw unknown()
    try {
      return { user: await this.#make(person, options.invite), isNew: true }
    } catch (cause) {
      // They came in two windows at the same time.
      const made = await this.#find(person)
      if (made === undefined) throw cause
      return { user: usable(made), isNew: false }
    }
  }

  async #find(person: ProvidedPerson): Promise<User | undefined> {
    const { records, users } = this.#options
    const provided = await records.get<Provided>('provided', keyOf(person))
    return provided && users.find(provided.userId)
  }

  async #match(person: ProvidedPerson): Promise<User | undefined> {
    const { records, users } = this.#options
    const user = person.mail === undefined ? undefined : await users.findByLogin(person.mail)
    if (user !== undefined) await records.change(change => this.#put(change, person, user.userId))
    return user
  }

  #make(person: ProvidedPerson, invite: string | undefined): Promise<User> {
    const { users, invitations } = this.#options
    const fields = fieldsOf(person)
    const also = async (change: RecordChange, userId: string) => {
      if ((await change.get('provided', keyOf(person))) !== undefined) throw new SheafError('already-exists')
      this.#put(change, person, userId)
    }
    return invite === undefined ? users.create(fields, also) : invitations.accept(invite, fields, also)
  }

  #put(change: RecordChange, person: ProvidedPerson, userId: string): void {
    const { issuer, subject } = person
    const provided: Provided = { userId, issuer, subject, sinceMs: this.#options.clock.nowMs() }
    change.put('provided', keyOf(person), provided)
  }
}

function usable(user: User): User {
  if (user.disabledMs !== undefined) throw unknown()
  return user
}

/** Of one length, whatever a provider takes for a subject. */
function keyOf({ issuer, subject }: ProvidedPerson): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('base64url')
}

/** A mail address that nobody has verified is no login: it could be somebody else's. */
function fieldsOf(person: ProvidedPerson): NewUser {
  const { mail, userName, name } = person
  const own =
    userName
      ?.replace(/@.*$/s, '')
      .replace(/[^\p{L}\p{N}._-]/gu, '')
      .slice(0, 50) ?? ''
  const login =
    mail ??
    `${own === '' ? 'member' : own}-${keyOf(person)
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 6)}`
  // A character has two units at most.
  const shortened = (text: string) => [...text.replace(/\p{C}/gu, '').trim()].slice(0, maxNameLength / 2).join('')
  return { login, name: shortened(name ?? userName ?? '') || shortened(login) }
}

function unknown(): SheafError {
  return new SheafError('forbidden', 'There is no account for you here.', { details: { reason: 'no-account' } })
}

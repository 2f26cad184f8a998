// The three links that make or mend an account: set-up (the first owner, once), invitations, and resets of a password. Each holds a secret
// in its fragment, works once and for a time, and is kept as a hash. Set-up is kept in memory only: a restart makes another one.

import { SheafError } from '@sheaf/protocol'
import { hashSecret, isSecret, isSecretOf, newSecret } from '../auth/secrets.ts'
import type { Clock } from '../clock.ts'
import type { RecordChange, Records } from '../store/records.ts'
import type { AlsoOfNew, NewUser, User, Users } from './users.ts'

/** What this place is called, and that it has an owner. */
export interface Site {
  readonly name: string
  readonly madeMs: number
}

export interface Invitation {
  /** Names it in lists; opens nothing. */
  readonly inviteId: string
  readonly invitedBy: string
  readonly isOwner: boolean
  readonly createdMs: number
  readonly untilMs: number
  /** Whom it is for, in the words of who made it. */
  readonly note: string
}

interface Reset {
  readonly userId: string
  readonly untilMs: number
}

export interface InvitationsOptions {
  readonly records: Records
  readonly clock: Clock
  readonly users: Users
  /** Told when the server has its first owner. */
  readonly onOwned: () => void
}

const minuteMs = 60_000
const setUpMs = 30 * minuteMs
const inviteMs = 7 * 24 * 60 * minuteMs
const resetMs = 24 * 60 * minuteMs

/** The one key of the site's record. */
const siteKey = 'site'

export class Invitations {
  readonly #options: InvitationsOptions
  #setUp: { readonly hash: string; readonly untilMs: number } | undefined
  /** Undefined before {@link open}. */
  #site: Site | undefined

  constructor(options: InvitationsOptions) {
    this.#options = options
  }

  /** Undefined while there is no owner. */
  get site(): Site | undefined {
    return this.#site
  }

  /** Reads whether there is an owner. */
  async open(): Promise<void> {
    this.#site = await this.#options.records.get<Site>('setting', siteKey)
    if (this.#site !== undefined) return
    // A record that is damaged must not open the door again.
    const [owner] = (await this.#options.users.list()).filter(({ isOwner }) => isOwner)
    if (owner !== undefined) this.#site = { name: 'Sheaf', madeMs: owner.createdMs }
  }

  /** @returns the secret of the set-up link, which replaces an earlier one; undefined when there is an owner. */
  beginSetUp(): string | undefined {
    if (this.#site !== undefined) return undefined
    const secret = newSecret()
    this.#setUp = { hash: hashSecret(secret), untilMs: this.#options.clock.monotonicMs() + setUpMs }
    return secret
  }

  /** Whether the secret would set this server up now. */
  isSetUp(secret: string): boolean {
    const setUp = this.#setUp
    if (setUp === undefined || this.#site !== undefined) return false
    return this.#options.clock.monotonicMs() < setUp.untilMs && isSecretOf(secret, setUp.hash)
  }

  /** Makes the first owner. @throws SheafError `forbidden` for a secret that is wrong, used or too old. */
  async setUp(secret: string, fields: NewUser & { readonly site: string }): Promise<User> {
    const check = () => {
      if (!this.isSetUp(secret)) throw ended()
    }
    check()
    return this.#makeFirst(fields, check)
  }

  /** Makes an owner from the command line, which holds the directory and asks for no link. */
  makeOwner(fields: NewUser): Promise<User> {
    if (this.#site !== undefined) return this.#options.users.create({ ...fields, isOwner: true })
    return this.#makeFirst({ ...fields, site: 'Sheaf' }, () => undefined)
  }

  /** Changes what the place is called. */
  async rename(name: string): Promise<void> {
    const site = { name, madeMs: this.#site?.madeMs ?? this.#options.clock.nowMs() }
    await this.#options.records.change(change => change.put('setting', siteKey, site))
    this.#site = site
  }

  async invite(
    fields: Pick<Invitation, 'invitedBy' | 'isOwner' | 'note'>,
  ): Promise<{ secret: string; invitation: Invitation }> {
    const { records, clock } = this.#options
    const secret = newSecret()
    const createdMs = clock.nowMs()
    const invitation = {
      ...fields,
      inviteId: hashSecret(hashSecret(secret)).slice(0, 16),
      createdMs,
      untilMs: createdMs + inviteMs,
    }
    await records.change(change => change.put('invite', hashSecret(secret), invitation))
    return { secret, invitation }
  }

  /** Those that can still be used. */
  async invitations(): Promise<Invitation[]> {
    const { records, clock } = this.#options
    const all = await records.list<Invitation>('invite')
    return all.map(({ value }) => value).filter(({ untilMs }) => untilMs > clock.nowMs())
  }

  /** @throws SheafError `forbidden` for one that is wrong, used, taken back or too old. */
  async look(secret: string): Promise<Invitation> {
    const invitation = isSecret(secret)
      ? await this.#options.records.get<Invitation>('invite', hashSecret(secret))
      : undefined
    if (invitation === undefined || invitation.untilMs <= this.#options.clock.nowMs()) throw ended()
    return invitation
  }

  /** Takes one back. @throws SheafError `not-found`. */
  async withdraw(inviteId: string): Promise<void> {
    await this.#options.records.change(async change => {
      const all = await change.list<Invitation>('invite')
      const found = all.find(({ value }) => value.inviteId === inviteId)
      if (found === undefined) throw new SheafError('not-found', 'There is no such invitation.')
      change.delete('invite', found.key)
    })
  }

  /** @throws SheafError `forbidden` as {@link look}; `already-exists` for a name that is taken, and the invitation stays. */
  async accept(secret: string, fields: NewUser, also?: AlsoOfNew): Promise<User> {
    const { isOwner } = await this.look(secret)
    return this.#options.users.create({ ...fields, isOwner }, async (change, userId) => {
      await spend(change, 'invite', hashSecret(secret))
      await also?.(change, userId)
    })
  }

  /** @returns the secret of a link with which the user sets another password, once within a day. */
  async beginReset(userId: string): Promise<string> {
    const { records, clock, users } = this.#options
    if ((await users.find(userId)) === undefined) throw new SheafError('not-found', 'There is no such account.')
    const secret = newSecret()
    const reset: Reset = { userId, untilMs: clock.nowMs() + resetMs }
    await records.change(async change => {
      for (const { key, value } of await change.list<Reset>('reset')) {
        if (value.userId === userId || value.untilMs <= clock.nowMs()) change.delete('reset', key)
      }
      change.put('reset', hashSecret(secret), reset)
    })
    return secret
  }

  /** @throws SheafError `forbidden` for a secret that is wrong, used or too old. @returns whose password it is. */
  async reset(secret: string, password: string): Promise<User> {
    const { records, clock, users } = this.#options
    const reset = isSecret(secret) ? await records.get<Reset>('reset', hashSecret(secret)) : undefined
    const user = reset === undefined ? undefined : await users.find(reset.userId)
    if (reset === undefined || reset.untilMs <= clock.nowMs() || user === undefined) throw ended()
    await users.changePassword(user.userId, password, change => spend(change, 'reset', hashSecret(secret)))
    return user
  }

  async #makeFirst(fields: NewUser & { readonly site: string }, check: () => void): Promise<User> {
    const site = { name: fields.site, madeMs: this.#options.clock.nowMs() }
    const user = await this.#options.users.create({ ...fields, isOwner: true }, async change => {
      check()
      if ((await change.get('setting', siteKey)) !== undefined) throw ended()
      change.put('setting', siteKey, site)
    })
    this.#site = site
    this.#setUp = undefined
    this.#options.onOwned()
    return user
  }
}

/** Of two who come with one secret at the same time, one finds it. */
async function spend(change: RecordChange, collection: 'invite' | 'reset', key: string): Promise<void> {
  if ((await change.get(collection, key)) === undefined) throw ended()
  change.delete(collection, key)
}

function ended(): SheafError {
  return new SheafError('forbidden', 'This link has ended. Ask whoever sent it for a new one.')
}

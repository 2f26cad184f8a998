// Who asks, and what they may: the one place that every request and every socket comes to. It puts accounts, sessions, invitations and
// sharing together, and tells whoever listens what has changed, so that what is open is judged again at once.
//
// A server is `open` while it was started so and has no owner: then everybody who reaches it may edit, each a guest. From its first
// owner on it has accounts, and nobody gets in without one or a link.

import { type Role, SheafError } from '@sheaf/protocol'
import { Passwords } from '../auth/passwords.ts'
import { lowerRole } from '../auth/roles.ts'
import { roleWithin } from '../auth/scopes.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Records } from '../store/records.ts'
import { Audit } from './audit.ts'
import { Invitations } from './invitations.ts'
import { ProvidedAccounts } from './provided.ts'
import { Sessions, type SignedIn } from './sessions.ts'
import { Sharing, type Standing } from './sharing.ts'
import { type Token, Tokens } from './tokens.ts'
import { type User, Users } from './users.ts'

/** Somebody who asks. */
export interface Identity {
  readonly kind: 'anonymous' | 'guest' | 'user'
  /** Who they are in the log, for ever; empty for nobody. */
  readonly principal: string
  readonly user?: User
  readonly signedIn?: SignedIn
  /** With which a program acts for the user; it has no session then. */
  readonly token?: Token
}

/** What has another right than before; absent parts: whatever they are. */
export interface RightsChange {
  /** A document, or what documents inherit from. */
  readonly target?: string
  readonly userId?: string
  readonly sessionIds?: readonly string[]
}

export interface AuthorityOptions {
  readonly records: Records
  readonly clock: Clock
  readonly log: Log
  /** Started open: it is, as long as it has no owner. */
  readonly openMode: boolean
  readonly passwords?: Passwords
  /** {@link Sharing}. Default: documents inherit from nothing. */
  readonly parentsOf?: (documentId: string) => Promise<readonly string[]>
}

const anonymous: Identity = { kind: 'anonymous', principal: '' }

export class Authority {
  readonly users: Users
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly sharing: Sharing
  readonly invitations: Invitations
  readonly provided: ProvidedAccounts
  readonly audit: Audit
  readonly #openMode: boolean
  readonly #listeners = new Set<(change: RightsChange) => void>()
  #epoch = 0

  private constructor({ records, clock, log, openMode, passwords = new Passwords(), parentsOf }: AuthorityOptions) {
    this.#openMode = openMode
    this.audit = new Audit({ records, clock, log })
    this.users = new Users({ records, passwords, clock, onChange: userId => this.changed({ userId }) })
    this.sessions = new Sessions({ records, clock, onChange: sessionIds => this.changed({ sessionIds }) })
    this.tokens = new Tokens({ records, clock, onChange: userId => this.changed({ userId }) })
    this.invitations = new Invitations({ records, clock, users: this.users, onOwned: () => this.changed({}) })
    this.provided = new ProvidedAccounts({ records, clock, users: this.users, invitations: this.invitations })
    this.sharing = new Sharing({
      records,
      passwords,
      clock,
      parentsOf: parentsOf ?? (async () => []),
      onChange: target => this.changed({ target }),
    })
  }

  static async open(options: AuthorityOptions): Promise<Authority> {
    const authority = new Authority(options)
    await authority.invitations.open()
    return authority
  }

  get isOpen(): boolean {
    return this.#openMode && this.invitations.site === undefined
  }

  /** Rises with every change of a right. */
  get epoch(): number {
    return this.#epoch
  }

  /** @param token of a session; anything else is nobody. */
  async identify(token: string | undefined): Promise<Identity> {
    const signedIn = await this.sessions.find(token)
    if (signedIn === undefined) return anonymous
    const { userId, sessionId } = signedIn
    if (userId === undefined) return { kind: 'guest', principal: `guest:${sessionId}`, signedIn }
    const user = await this.users.find(userId)
    if (user === undefined || user.disabledMs !== undefined) return anonymous
    return { kind: 'user', principal: `user:${userId}`, user, signedIn }
  }

  /** @param text of a token; anything else is nobody. */
  async identifyToken(text: string): Promise<Identity> {
    return this.#byToken(await this.tokens.find(text))
  }

  /** The same party, as it stands now: what a session, a token or an account has become. */
  async again({ signedIn, token }: Identity): Promise<Identity> {
    if (token !== undefined) return this.#byToken(await this.tokens.again(token))
    if (signedIn === undefined) return anonymous
    const [now, user] = await Promise.all([
      this.sessions.again(signedIn),
      signedIn.userId === undefined ? undefined : this.users.find(signedIn.userId),
    ])
    if (now === undefined) return anonymous
    if (signedIn.userId === undefined) return { kind: 'guest', principal: `guest:${now.sessionId}`, signedIn: now }
    if (user === undefined || user.disabledMs !== undefined) return anonymous
    return { kind: 'user', principal: `user:${user.userId}`, user, signedIn: now }
  }

  /** What somebody may do to a document now, and until when that is known. */
  async standingOf(identity: Identity, documentId: string): Promise<Standing> {
    const { signedIn, user, token } = identity
    if (token !== undefined && user !== undefined) return this.#standingOfToken(token, user, documentId)
    if (signedIn === undefined) return { role: 'none' }
    const standing = await this.sharing.standingOf({ signedIn, ...(user !== undefined && { user }) }, documentId)
    const endMs = this.sessions.endMs(signedIn)
    return { role: standing.role, untilMs: Math.min(endMs, standing.untilMs ?? endMs) }
  }

  async roleOf(identity: Identity, documentId: string): Promise<Role> {
    return (await this.standingOf(identity, documentId)).role
  }

  /** Sets another password from a link; every session of the account ends. */
  async reset(secret: string, password: string): Promise<User> {
    const user = await this.invitations.reset(secret, password)
    await this.sessions.endAll(user.userId)
    return user
  }

  /** @throws SheafError `not-found`, `precondition-failed` for the last owner. */
  async disable(userId: string): Promise<User> {
    const user = await this.users.setDisabled(userId, true)
    await this.sessions.endAll(userId)
    return user
  }

  /** @throws SheafError `not-found`. */
  async requireLogin(login: string): Promise<User> {
    const user = await this.users.findByLogin(login)
    if (user === undefined) throw new SheafError('not-found', `There is no account “${login}”.`)
    return user
  }

  /** Told of every change of a right, after it is on disk. @returns stops telling. */
  onChange(listener: (change: RightsChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Says that rights have changed; an empty change: anybody's. */
  changed(change: RightsChange): void {
    this.#epoch += 1
    for (const listener of [...this.#listeners]) listener(change)
  }

  async #byToken(token: Token | undefined): Promise<Identity> {
    const user = token && (await this.users.find(token.userId))
    if (token === undefined || user === undefined || user.disabledMs !== undefined) return anonymous
    return { kind: 'user', principal: `user:${user.userId}`, user, token }
  }

  async #standingOfToken(token: Token, user: User, documentId: string): Promise<Standing> {
    const { scopes, documents, untilMs } = token
    if (documents?.includes(documentId) === false) return { role: 'none' }
    const standing = await this.sharing.standingOf({ user }, documentId)
    const endMs = Math.min(untilMs ?? Number.POSITIVE_INFINITY, standing.untilMs ?? Number.POSITIVE_INFINITY)
    return { role: lowerRole(standing.role, roleWithin(scopes)), ...(Number.isFinite(endMs) && { untilMs: endMs }) }
  }
}

// Who may what with a document: people with a role, and how far it reaches beside them. One record for each document (or folder, under
// a key of its own), so that a change of it is all or none; a record that is damaged gives nobody a right but the owners of the
// server, who have every document that has no record.
//
// Reach: `restricted` (the people only), `members` (whoever has an account), `anyone` (whoever has shown the secret of its link). A
// link can have several secrets: only their hashes are kept, so copying it again makes another one.

import { type Role, randomId, SheafError } from '@sheaf/protocol'
import type { Passwords } from '../auth/passwords.ts'
import { higherRole } from '../auth/roles.ts'
import { hashSecret, isSecret, newSecret } from '../auth/secrets.ts'
import type { Clock } from '../clock.ts'
import type { RecordChange, RecordReader, Records } from '../store/records.ts'
import type { OpenedLink, SignedIn } from './sessions.ts'
import type { User } from './users.ts'

export type Reach = 'restricted' | 'members' | 'anyone'
/** What can be given to a person, and what a link can give. */
export type GivenRole = Exclude<Role, 'none' | 'suggester'>
export type ReachRole = Exclude<GivenRole, 'owner'>

export interface Link {
  readonly linkId: string
  /** Rises with each change of what is asked for before it opens. */
  readonly generation: number
  readonly secretHashes: readonly string[]
  readonly passwordHash?: string
  /** Wall time from which on it opens nothing. */
  readonly untilMs?: number
}

export interface Share {
  readonly people: Readonly<Record<string, GivenRole>>
  readonly reach: Reach
  readonly reachRole: ReachRole
  readonly link?: Link
}

/** Somebody with an account would like to have a role. */
export interface AccessRequest {
  readonly userId: string
  readonly role: ReachRole
  readonly message: string
  readonly madeMs: number
}

/** Who asks: anybody, a guest with a session, or a user with one. */
export interface Party {
  readonly signedIn?: SignedIn
  readonly user?: User
}

export interface Standing {
  readonly role: Role
  /** Wall time from which on it has to be asked again; absent: until something changes. */
  readonly untilMs?: number
}

export interface ReachChange {
  readonly reach?: Reach
  readonly reachRole?: ReachRole
  /** Null takes it away. */
  readonly password?: string | null
  readonly untilMs?: number | null
}

export interface SharingOptions {
  readonly records: Records
  readonly passwords: Passwords
  readonly clock: Clock
  /** Targets that a document inherits from (`folder:<id>`), nearest first. */
  readonly parentsOf: (documentId: string) => Promise<readonly string[]>
  /** Told after each change, with the document or folder. */
  readonly onChange: (target: string) => void
}

const nobody: Standing = { role: 'none' }
const unshared: Share = { people: {}, reach: 'restricted', reachRole: 'viewer' }

const maxPeople = 1_000
const maxSecrets = 1_000
const maxRequests = 100
export const maxMessageLength = 500

/** What stands for a folder where documents stand for themselves; no document id has a colon. */
export function folderTarget(folderId: string): string {
  return `folder:${folderId}`
}

export class Sharing {
  readonly #options: SharingOptions

  constructor(options: SharingOptions) {
    this.#options = options
  }

  /** What the party may do to a document, whether there is one or not. */
  async standingOf(party: Party, documentId: string): Promise<Standing> {
    const { records, parentsOf } = this.#options
    const share = await records.get<Share>('grant', documentId)
    let standing = this.#standingIn(share, party, documentId)
    if (standing.role === 'owner') return standing
    for (const target of await parentsOf(documentId)) {
      const inherited = this.#standingIn(await records.get<Share>('grant', target), party, target)
      if (higherRole(standing.role, inherited.role) !== standing.role) standing = inherited
    }
    // What was never given to anybody belongs to the owners of the server.
    if (share === undefined && party.user?.isOwner === true) return { role: 'owner' }
    return standing
  }

  /** Who has which role by name. */
  async find(target: string): Promise<Share> {
    return (await this.#options.records.get<Share>('grant', target)) ?? unshared
  }

  /** Whether a person has a role by name, on a document or on what it inherits from. */
  async isGiven(documentId: string, userId: string): Promise<boolean> {
    for (const target of [documentId, ...(await this.#options.parentsOf(documentId))]) {
      if (Object.hasOwn((await this.find(target)).people, userId)) return true
    }
    return false
  }

  /** What anyone with a link can open now. */
  async openLinks(): Promise<{ target: string; share: Share }[]> {
    const { records, clock } = this.#options
    const all = await records.list<Share>('grant')
    return all.flatMap(({ key, value }) =>
      value.reach !== 'anyone' || hasEnded(value.link, clock.nowMs()) ? [] : [{ target: key, share: value }],
    )
  }

  /** Makes a user the owner of a document that is about to be made. @throws SheafError `already-exists`. */
  async claim(documentId: string, userId: string, exists: () => Promise<boolean>): Promise<void> {
    await this.#options.records.change(async change => {
      const share = await change.get<Share>('grant', documentId)
      // A making that failed half way is made good by whoever began it.
      const isOwn = share === undefined || (share.people[userId] === 'owner' && Object.keys(share.people).length === 1)
      if (!isOwn || (await exists())) throw new SheafError('already-exists')
      change.put('grant', documentId, { ...unshared, people: { [userId]: 'owner' } } satisfies Share)
    })
    this.#options.onChange(documentId)
  }

  /**
   * Gives a person a role, or takes theirs away (`none`).
   * @throws SheafError `precondition-failed` where nobody would be left who owns it.
   */
  async give(target: string, userId: string, role: GivenRole | 'none'): Promise<Share> {
    return this.#change(target, (share, change) => {
      const { [userId]: before, ...others } = share.people
      const people = role === 'none' ? others : { ...others, [userId]: role }
      if (before === 'owner' && !Object.values(people).includes('owner')) {
        throw new SheafError('precondition-failed', 'Somebody has to own it; make another person the owner first.')
      }
      if (Object.keys(people).length > maxPeople) {
        throw new SheafError('too-large', `At most ${maxPeople} people have a role of their own.`)
      }
      if (role !== 'none') change.delete('request', `${target}/${userId}`)
      return { ...share, people }
    })
  }

  /** Changes how far it reaches. What asks for more than before shuts those out who have come by the link. */
  async changeReach(target: string, fields: ReachChange): Promise<Share> {
    const { passwords } = this.#options
    const passwordHash = fields.password ? await passwords.hash(fields.password) : undefined
    return this.#change(target, share => {
      const { link: old, ...rest } = share
      const reach = fields.reach ?? share.reach
      const changed: Share = { ...rest, reach, reachRole: fields.reachRole ?? share.reachRole }
      if (reach !== 'anyone') return changed
      const known = old ?? { linkId: randomId(16), generation: 1, secretHashes: [] }
      const { passwordHash: oldHash, untilMs: oldUntilMs, ...link } = known
      const newHash = fields.password === undefined ? oldHash : passwordHash
      const untilMs = fields.untilMs === undefined ? oldUntilMs : (fields.untilMs ?? undefined)
      const asksAnew = newHash !== oldHash && newHash !== undefined
      return {
        ...changed,
        link: {
          ...link,
          generation: link.generation + (asksAnew ? 1 : 0),
          ...(newHash !== undefined && { passwordHash: newHash }),
          ...(untilMs !== undefined && { untilMs }),
        },
      }
    })
  }

  /** @returns a new secret of the link. @throws SheafError `precondition-failed` where there is no link. */
  async newLinkSecret(target: string): Promise<string> {
    const secret = newSecret()
    await this.#change(target, share => {
      const { link } = share
      if (link === undefined) throw new SheafError('precondition-failed', 'It has no link that anyone could use.')
      if (link.secretHashes.length >= maxSecrets) {
        throw new SheafError('too-large', 'The link was copied too often; end it, and begin another one.')
      }
      return { ...share, link: { ...link, secretHashes: [...link.secretHashes, hashSecret(secret)] } }
    })
    return secret
  }

  /**
   * What is to be noted in a session that shows this secret.
   * @throws SheafError `not-found` for a link that has ended or never was; `unauthorized` where the password is missing or wrong.
   */
  async openLink(target: string, secret: string, password: string | undefined): Promise<OpenedLink> {
    const { records, passwords, clock } = this.#options
    const share = await records.get<Share>('grant', target)
    const link = share?.reach === 'anyone' ? share.link : undefined
    const isKnown = isSecret(secret) && link?.secretHashes.includes(hashSecret(secret)) === true
    if (!isKnown || hasEnded(link, clock.nowMs())) throw new SheafError('not-found', 'This link has ended.')
    if (link.passwordHash !== undefined) {
      const what = { details: { reason: 'password' } }
      if (password === undefined) throw new SheafError('unauthorized', 'This document has a password.', what)
      if (!(await passwords.verify(password, link.passwordHash))) {
        throw new SheafError('unauthorized', 'That is not the password.', what)
      }
    }
    return { linkId: link.linkId, generation: link.generation }
  }

  /** Notes that a user would like to have access; nothing tells them whether there is such a document. */
  async request(target: string, request: Omit<AccessRequest, 'madeMs'>, exists: () => Promise<boolean>): Promise<void> {
    const { records, clock } = this.#options
    const madeMs = clock.nowMs()
    await records.change(async change => {
      const others = await change.list('request', { prefix: `${target}/`, limit: maxRequests })
      const isKept = (await exists()) && others.length < maxRequests
      // Written in any case, so that the time does not tell.
      change.put('request', `${isKept ? target : ''}/${request.userId}`, { ...request, madeMs })
    })
  }

  async requests(target: string): Promise<AccessRequest[]> {
    const kept = await this.#options.records.list<AccessRequest>('request', { prefix: `${target}/` })
    return kept.map(({ value }) => value)
  }

  async decline(target: string, userId: string): Promise<void> {
    await this.#options.records.change(change => change.delete('request', `${target}/${userId}`))
  }

  /** A document is gone for good. */
  async forget(documentId: string): Promise<void> {
    await this.#options.records.change(async change => {
      for (const { key } of await change.list('request', { prefix: `${documentId}/` })) change.delete('request', key)
      change.delete('grant', documentId)
    })
    this.#options.onChange(documentId)
  }

  #standingIn(share: Share | undefined, { user, signedIn }: Party, target: string): Standing {
    if (share === undefined) return nobody
    const own = user === undefined ? undefined : share.people[user.userId]
    let role: Role = own ?? 'none'
    if (user !== undefined && share.reach === 'members') role = higherRole(role, share.reachRole)
    const { link } = share
    const opened = signedIn?.links[target]
    const isOpened =
      share.reach === 'anyone' &&
      link !== undefined &&
      opened?.linkId === link.linkId &&
      opened.generation === link.generation &&
      !hasEnded(link, this.#options.clock.nowMs())
    if (!isOpened || higherRole(role, share.reachRole) === role) return { role }
    return { role: share.reachRole, ...(link.untilMs !== undefined && { untilMs: link.untilMs }) }
  }

  async #change(
    target: string,
    f: (share: Share, change: RecordChange & RecordReader) => Promise<Share> | Share,
  ): Promise<Share> {
    const { records, onChange } = this.#options
    const changed = await records.change(async change => {
      const share = await f((await change.get<Share>('grant', target)) ?? unshared, change)
      change.put('grant', target, share)
      return share
    })
    onChange(target)
    return changed
  }
}

function hasEnded(link: Link | undefined, nowMs: number): link is undefined {
  return link === undefined || (link.untilMs !== undefined && link.untilMs <= nowMs)
}

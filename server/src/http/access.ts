// Who is asking, and what they may do: the one question that every route and every socket asks. While the server is open everybody
// is a guest who may edit; with accounts it is the authority that knows. What is forbidden and what is absent look the same.

import { RequestError, type Role, SheafError } from '@sheaf/protocol'
import type { Authority, Identity } from '../accounts/authority.ts'
import type { Standing } from '../accounts/sharing.ts'
import { mayDo } from '../auth/roles.ts'
import { holdsScope } from '../auth/scopes.ts'
import type { Log } from '../log.ts'
import { principalOf } from './device.ts'
import { type Right, scopeOf } from './rights.ts'

/** What the head of a request says of who asks. */
export interface Credentials {
  /** Of the session cookie. */
  readonly session: string | undefined
  /** The secret of the device that asks, where it has one. */
  readonly device: string | undefined
  /** The `Authorization` header; where it bears a token, the cookie says nothing. */
  readonly authorization?: string | undefined
}

/** What these list are the documents that who asks may see. */
const listings: ReadonlySet<string> = new Set(['GET /documents', 'GET /search', 'GET /exports'])

export class Access {
  readonly authority: Authority
  readonly #log: Log

  constructor(options: { authority: Authority; log: Log }) {
    this.authority = options.authority
    this.#log = options.log
  }

  get isOpen(): boolean {
    return this.authority.isOpen
  }

  /**
   * @throws SheafError `auth-unavailable` when it cannot be found out: an outage is not a denial; `unauthorized` for a token that is
   * none (any more): whoever sends one is never taken for somebody else.
   */
  async identify({ session, device, authorization }: Credentials): Promise<Identity> {
    if (this.isOpen) return { kind: 'guest', principal: principalOf(device) }
    // Another scheme is a proxy's, not ours.
    const [, text] = /^Bearer(?: +(.*))?$/i.exec(authorization ?? '') ?? []
    if (text === undefined) return this.#known(() => this.authority.identify(session))
    const identity = await this.#known(() => this.authority.identifyToken(text.trim()))
    if (identity.kind !== 'anonymous') return identity
    throw new SheafError('unauthorized', 'This token is none, has expired, or was revoked.')
  }

  /**
   * Whether a route is within a token's scopes and documents; true for who comes without a token.
   * @throws RequestError `insufficient-scope`; SheafError `forbidden` for what no token may do.
   */
  checkScope({ token }: Identity, route: string, documentId: string | undefined): void {
    if (token === undefined) return
    const scope = scopeOf(route)
    if (scope === 'any') return
    if (scope === 'none')
      throw new SheafError('forbidden', 'No token may do this; it takes a person who has signed in.')
    if (!holdsScope(token.scopes, scope)) {
      throw new RequestError('insufficient-scope', `The token needs the scope ${scope}.`, { scope })
    }
    const { documents } = token
    if (documents === undefined || listings.has(route)) return
    if (documentId === undefined || !route.includes(' /documents/:id')) {
      throw new RequestError('insufficient-scope', 'The token is for certain documents only.')
    }
    if (!documents.includes(documentId)) throw new SheafError('not-found')
  }

  /**
   * Resolves with what the asker may do to the document, or to the server where the right is not about one.
   * @throws SheafError `unauthorized` for nobody, `not-found` for who has no role at all, `forbidden` for one that does not
   * reach, `auth-unavailable` as {@link identify}.
   */
  async authorize(identity: Identity, right: Right, documentId: string | undefined, isLocal = false): Promise<Role> {
    if (right === 'anybody') return 'none'
    if (right === 'local' && isLocal) return 'none'
    if (this.isOpen) {
      if (right === 'admin') throw new SheafError('forbidden', 'This server has no owner yet.')
      return 'editor'
    }
    const { kind, user } = identity
    if (kind === 'anonymous') throw new SheafError('unauthorized', 'Sign in first.')
    if (right === 'session') return 'none'
    if (right === 'member' || right === 'admin' || right === 'folders' || right === 'local') {
      if (user === undefined) throw new SheafError('forbidden', 'This needs an account.')
      if (right !== 'member' && !user.isOwner)
        throw new SheafError('forbidden', 'This is for the owners of the server.')
      return 'none'
    }
    const { role } = await this.standingOf(identity, documentId ?? '')
    if (role === 'none') throw new SheafError('not-found')
    if (!mayDo(role, right)) throw new SheafError('forbidden', 'Your role in this document does not reach that far.')
    return role
  }

  /** @throws SheafError `auth-unavailable`. */
  async standingOf(identity: Identity, documentId: string): Promise<Standing> {
    if (this.isOpen) return { role: 'editor' }
    return this.#known(() => this.authority.standingOf(identity, documentId))
  }

  /**
   * Makes the asker the owner of a document that is about to be made; on an open server it is nobody's.
   * @throws SheafError `already-exists`.
   */
  async claim({ user }: Identity, documentId: string, exists: () => Promise<boolean>): Promise<void> {
    if (user !== undefined) await this.authority.sharing.claim(documentId, user.userId, exists)
  }

  async #known<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (cause) {
      this.#log.warn('Rights could not be looked up', { cause })
      throw new SheafError('auth-unavailable', undefined, { cause })
    }
  }
}

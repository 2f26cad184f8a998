// The rights of sockets that are open. A socket's grant is an object that its session reads again for every message; whatever changes
// a right is told here, and judged for the sockets that it concerns at once. A right that ends by itself is judged when it does.
// When nothing can be found out nobody loses what they have, and it is tried again.

import { encodeMessage, type Role, SheafError } from '@sheaf/protocol'
import type { Authority, Identity, RightsChange } from '../accounts/authority.ts'
import type { SignedIn } from '../accounts/sessions.ts'
import { lowerRole } from '../auth/roles.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Grant, Member, Session, ShownAs } from '../room/ports.ts'

/** How often rights that end by themselves are looked at, and what could not be judged is tried again. */
const sweepMs = 500

/** A use that could not be noted is noted so much later. */
const useAgainMs = 60_000

export interface Asked {
  readonly identity: Identity
  readonly documentId: string
  readonly extension: boolean
  /** No more than this is wanted. Default: whatever may be had. */
  readonly atMost?: Role
}

export class LiveGrants {
  readonly #authority: Authority
  readonly #clock: Clock
  readonly #log: Log
  readonly #grants = new Set<LiveGrant>()
  readonly #stops: readonly (() => void)[]

  constructor(options: { authority: Authority; clock: Clock; log: Log }) {
    this.#authority = options.authority
    this.#clock = options.clock
    this.#log = options.log
    this.#stops = [
      options.authority.onChange(change => this.#changed(change)),
      options.clock.every(sweepMs, () => this.#sweep()),
    ]
  }

  /** How many are followed. */
  get size(): number {
    return this.#grants.size
  }

  /**
   * Follows a right from before it is asked for, so that no change falls between. The caller ends it.
   * @param role what is known already: that of an open server.
   */
  begin(asked: Asked, role: Role): LiveGrant {
    const grant = new LiveGrant(asked, role, () => this.#grants.delete(grant))
    this.#grants.add(grant)
    return grant
  }

  /** Judges one grant. @throws SheafError `auth-unavailable`, when nothing is known. */
  async judge(grant: LiveGrant): Promise<void> {
    const { documentId } = grant
    if (this.#authority.isOpen) return
    try {
      const identity = await this.#authority.again(grant.identity)
      const standing = await this.#authority.standingOf(identity, documentId)
      grant.become(identity, standing.role, standing.untilMs)
    } catch (cause) {
      throw new SheafError('auth-unavailable', undefined, { cause })
    }
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }

  #changed({ target, userId, sessionIds }: RightsChange): void {
    for (const grant of this.#grants) {
      const { signedIn, user } = grant.identity
      const isOther =
        (target !== undefined && !target.includes(':') && target !== grant.documentId) ||
        (userId !== undefined && userId !== user?.userId && userId !== signedIn?.userId) ||
        (sessionIds !== undefined && !sessionIds.includes(signedIn?.sessionId ?? ''))
      if (!isOther) void this.#judgeAgain(grant)
    }
  }

  #sweep(): void {
    const nowMs = this.#clock.nowMs()
    for (const grant of this.#grants) {
      const { signedIn } = grant.identity
      const isUsed = signedIn !== undefined && nowMs >= grant.useMs && this.#authority.sessions.isStale(signedIn)
      if (isUsed) void this.#use(grant, signedIn)
      else if (grant.isDue(nowMs)) void this.#judgeAgain(grant)
    }
  }

  /** Who has a document open is there, whether they ask for anything or not. */
  async #use(grant: LiveGrant, signedIn: SignedIn): Promise<void> {
    grant.useMs = this.#clock.nowMs() + useAgainMs
    // The disk that does not take it tells so elsewhere; the session goes on as it is.
    await this.#authority.sessions.use(signedIn).catch(() => undefined)
    await this.#judgeAgain(grant)
  }

  /** One at a time for each grant, so that an older answer never comes behind a newer one. */
  async #judgeAgain(grant: LiveGrant): Promise<void> {
    if (grant.isJudging) {
      grant.isStale = true
      return
    }
    grant.isJudging = true
    try {
      do {
        grant.isStale = false
        await this.judge(grant)
      } while (grant.isStale)
      grant.isUnknown = false
    } catch (cause) {
      if (!grant.isUnknown) this.#log.warn('A right could not be looked up again; it stays as it is', { cause })
      grant.isUnknown = true
    } finally {
      grant.isJudging = false
    }
  }
}

export class LiveGrant implements Grant {
  readonly documentId: string
  readonly extension: boolean
  readonly principal: string
  readonly #atMost: Role
  identity: Identity
  role: Role
  isJudging = false
  isStale = false
  /** True while the last judgement could not be made. */
  isUnknown = false
  /** From when on it counts again as a use of its session. */
  useMs = 0
  #untilMs = Number.POSITIVE_INFINITY
  #isNobody = false
  #session: Member | undefined
  readonly #onEnd: () => void

  constructor({ identity, documentId, extension, atMost = 'owner' }: Asked, role: Role, onEnd: () => void) {
    this.identity = identity
    this.documentId = documentId
    this.extension = extension
    this.principal = identity.principal
    this.#atMost = atMost
    this.role = lowerRole(role, atMost)
    this.#onEnd = onEnd
  }

  /** What others are told of who is behind it, whatever the client says. */
  get shownAs(): ShownAs | undefined {
    const { kind, user, principal } = this.identity
    if (user !== undefined) return { id: principal, name: user.name }
    return kind === 'guest' && this.identity.signedIn !== undefined ? { id: principal, isGuest: true } : undefined
  }

  isDue(nowMs: number): boolean {
    return this.isUnknown || nowMs >= this.#untilMs
  }

  /**
   * From here on the session is told of changes. @param told the role that it was greeted with.
   * @returns the session for the socket; when that leaves, the grant ends.
   */
  attach(session: Member, told: Role): Session {
    this.#session = session
    if (this.role !== told) this.#tell()
    return {
      id: session.id,
      receive: frame => session.receive(frame),
      leave: () => {
        this.end()
        session.leave()
      },
    }
  }

  become(identity: Identity, role: Role, untilMs = Number.POSITIVE_INFINITY): void {
    const before = this.role
    // Whoever is nobody now is still who they were in the log.
    if (identity.principal === this.principal) this.identity = identity
    this.role = identity.principal === this.principal ? lowerRole(role, this.#atMost) : 'none'
    this.#untilMs = untilMs
    this.#isNobody = identity.kind === 'anonymous'
    if (this.role !== before) this.#tell()
  }

  /** It is followed no longer. */
  end(): void {
    this.#onEnd()
  }

  #tell(): void {
    if (this.role === 'none') {
      this.#session?.close(this.#isNobody ? 'unauthorized' : 'forbidden')
      return this.end()
    }
    const notice = { kind: 'role-changed', role: this.role } as const
    this.#session?.notify(encodeMessage({ type: 'notice', notice }))
  }
}

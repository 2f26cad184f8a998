// Who has signed in where, and guests who came by a link. A session is a cookie with a random secret, of which the server keeps the hash:
// 30 days at most, and 7 days after it was last used. What a link opens is noted in the session that brought its secret.
//
// The cookie says `<owner>.<session id>.<secret>`; the owner is a user id, or `guest`.

import { randomId, SheafError } from '@sheaf/protocol'
import { hashSecret, isSecret, isSecretOf, newSecret } from '../auth/secrets.ts'
import type { Clock } from '../clock.ts'
import type { Records } from '../store/records.ts'

/** A link that this session has shown the secret of, and under which settings. */
export interface OpenedLink {
  readonly linkId: string
  /** Of the link; another password makes another one. */
  readonly generation: number
}

export interface SignedIn {
  readonly sessionId: string
  /** Absent for a guest. */
  readonly userId?: string
  readonly createdMs: number
  /** When it was last used, to the hour. */
  readonly seenMs: number
  /** What the browser says that it is. */
  readonly agent: string
  /** By document. */
  readonly links: Readonly<Record<string, OpenedLink>>
}

interface Kept extends SignedIn {
  readonly secretHash: string
}

export interface SessionsOptions {
  readonly records: Records
  readonly clock: Clock
  /** Told when sessions have ended, or have another right. */
  readonly onChange: (sessionIds: readonly string[]) => void
}

const dayMs = 24 * 60 * 60_000
export const sessionMs = 30 * dayMs
const idleMs = 7 * dayMs
/** How exactly the last use is kept: each is a write. */
const seenStepMs = 60 * 60_000
const maxAgentLength = 200
/** The oldest go first. */
const maxSessionsOfUser = 100
const maxLinks = 200

const guestOwner = 'guest'
const idPattern = /^[A-Za-z0-9]{1,32}$/

export class Sessions {
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /**
   * Begins a session; resolves when it is on disk. @param from another one of the same browser, which ends; its links come along.
   * @returns the value of the cookie, which nobody can be told again.
   */
  async begin(options: {
    userId?: string
    agent: string
    from?: SignedIn
  }): Promise<{ token: string; signedIn: SignedIn }> {
    const { records, clock } = this.#options
    const { userId, agent, from } = options
    const secret = newSecret()
    const nowMs = clock.nowMs()
    const kept: Kept = {
      sessionId: randomId(16),
      ...(userId !== undefined && { userId }),
      createdMs: nowMs,
      seenMs: nowMs,
      agent: agent.replace(/\p{C}/gu, '').slice(0, maxAgentLength),
      links: from?.links ?? {},
      secretHash: hashSecret(secret),
    }
    const ended: string[] = []
    await records.change(async change => {
      const others = userId === undefined ? [] : await change.list<Kept>('session', { prefix: `${userId}/` })
      const dead = others.filter(({ value }) => this.#endMs(value) <= nowMs)
      const alive = others
        .filter(({ value }) => this.#endMs(value) > nowMs)
        .sort((a, b) => a.value.seenMs - b.value.seenMs)
      for (const { key, value } of [...dead, ...alive.slice(0, Math.max(0, alive.length + 1 - maxSessionsOfUser))]) {
        change.delete('session', key)
        ended.push(value.sessionId)
      }
      if (from !== undefined) {
        change.delete('session', keyOf(from))
        ended.push(from.sessionId)
      }
      change.put('session', keyOf(kept), kept)
    })
    if (ended.length > 0) this.#options.onChange(ended)
    return { token: `${keyOf(kept).replace('/', '.')}.${secret}`, signedIn: plain(kept) }
  }

  /** @returns undefined for a token that is none, has expired, or was revoked. */
  async find(token: string | undefined): Promise<SignedIn | undefined> {
    const [owner = '', sessionId = '', secret = '', more] = (token ?? '').split('.')
    if (more !== undefined || !idPattern.test(owner) || !idPattern.test(sessionId) || !isSecret(secret))
      return undefined
    const { records, clock } = this.#options
    const key = `${owner}/${sessionId}`
    const kept = await records.get<Kept>('session', key)
    if (kept === undefined || !isSecretOf(secret, kept.secretHash)) return undefined
    const nowMs = clock.nowMs()
    if (this.#endMs(kept) <= nowMs) return undefined
    // A clock that was set back must not make a session last longer.
    if (nowMs - kept.seenMs >= seenStepMs)
      await this.#write(key, now => ({ ...now, seenMs: Math.max(now.seenMs, nowMs) }))
    return plain(kept)
  }

  /** True when a use of it now is worth a write. */
  isStale({ seenMs }: Pick<SignedIn, 'seenMs'>): boolean {
    return this.#options.clock.nowMs() - seenMs >= seenStepMs
  }

  /** Counts as a use what goes on without a request: a socket that is open. One that has ended stays so. */
  async use(signedIn: SignedIn): Promise<void> {
    const { records, clock } = this.#options
    await records.change(async change => {
      const kept = await change.get<Kept>('session', keyOf(signedIn))
      if (kept === undefined || this.#endMs(kept) <= clock.nowMs() || !this.isStale(kept)) return
      change.put('session', keyOf(kept), { ...kept, seenMs: clock.nowMs() })
    })
  }

  /** The same session as it is now; undefined when it has ended. */
  async again(signedIn: SignedIn): Promise<SignedIn | undefined> {
    const kept = await this.#options.records.get<Kept>('session', keyOf(signedIn))
    return kept === undefined || this.#endMs(kept) <= this.#options.clock.nowMs() ? undefined : plain(kept)
  }

  /** When it ends, if it is not used again. */
  endMs(signedIn: SignedIn): number {
    return this.#endMs(signedIn)
  }

  async listOf(userId: string): Promise<SignedIn[]> {
    const nowMs = this.#options.clock.nowMs()
    const kept = await this.#options.records.list<Kept>('session', { prefix: `${userId}/` })
    return kept
      .map(({ value }) => plain(value))
      .filter(signedIn => this.#endMs(signedIn) > nowMs)
      .sort((a, b) => b.seenMs - a.seenMs)
  }

  /** @throws SheafError `not-found` when the user has no such session. */
  async end(signedIn: Pick<SignedIn, 'sessionId' | 'userId'>): Promise<void> {
    const { records, onChange } = this.#options
    await records.change(async change => {
      if ((await change.get('session', keyOf(signedIn))) === undefined) {
        throw new SheafError('not-found', 'There is no such session.')
      }
      change.delete('session', keyOf(signedIn))
    })
    onChange([signedIn.sessionId])
  }

  /** Ends all sessions of a user. @param but the one that stays. */
  async endAll(userId: string, but?: string): Promise<void> {
    const { records, onChange } = this.#options
    const ended = await records.change(async change => {
      const all = await change.list<Kept>('session', { prefix: `${userId}/` })
      const going = all.filter(({ value }) => value.sessionId !== but)
      for (const { key } of going) change.delete('session', key)
      return going.map(({ value }) => value.sessionId)
    })
    if (ended.length > 0) onChange(ended)
  }

  /** Notes that the session has shown the secret of a link. */
  async open(signedIn: SignedIn, documentId: string, link: OpenedLink): Promise<void> {
    await this.#write(keyOf(signedIn), kept => {
      const { [documentId]: _, ...others } = kept.links
      const recent = Object.entries(others).slice(-(maxLinks - 1))
      return { ...kept, links: Object.fromEntries([...recent, [documentId, link]]) }
    })
    this.#options.onChange([signedIn.sessionId])
  }

  #endMs({ createdMs, seenMs }: Pick<SignedIn, 'createdMs' | 'seenMs'>): number {
    return Math.min(createdMs + sessionMs, seenMs + idleMs)
  }

  async #write(key: string, f: (kept: Kept) => Kept): Promise<void> {
    await this.#options.records.change(async change => {
      const kept = await change.get<Kept>('session', key)
      if (kept !== undefined) change.put('session', key, f(kept))
    })
  }
}

function keyOf({ userId, sessionId }: Pick<SignedIn, 'sessionId' | 'userId'>): string {
  return `${userId ?? guestOwner}/${sessionId}`
}

function plain({ secretHash: _, ...signedIn }: Kept): SignedIn {
  return signedIn
}

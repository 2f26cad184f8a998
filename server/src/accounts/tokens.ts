// Tokens with which programs act for somebody: `Authorization: Bearer sheaf_pat_<token id>_<secret>`. A token is shown once; the
// server keeps the hash of its secret. It may do what its owner may, within its scopes and the documents that it is for.

import { randomId, SheafError } from '@sheaf/protocol'
import type { Scope } from '../auth/scopes.ts'
import { hashSecret, isSecret, isSecretOf, newSecret } from '../auth/secrets.ts'
import type { Clock } from '../clock.ts'
import type { Records } from '../store/records.ts'

export interface Token {
  readonly tokenId: string
  /** For whom it acts. */
  readonly userId: string
  /** What it is for, in its owner's words. */
  readonly note: string
  readonly scopes: readonly Scope[]
  /** The documents that it is for; absent: all of its owner's. */
  readonly documents?: readonly string[]
  readonly createdMs: number
  /** From then on it is none; absent: until it is revoked. */
  readonly untilMs?: number
  /** When it was last used, to the hour; absent: never. */
  readonly usedMs?: number
}

interface Kept extends Token {
  readonly secretHash: string
}

export interface TokensOptions {
  readonly records: Records
  readonly clock: Clock
  /** Told when tokens of a user have ended. */
  readonly onChange: (userId: string) => void
}

export type NewToken = Pick<Token, 'userId' | 'note' | 'scopes' | 'documents' | 'untilMs'>

/** How exactly the last use is kept: each is a write. */
const usedStepMs = 60 * 60_000
const maxTokensOfUser = 100
const pattern = /^sheaf_pat_([A-Za-z0-9]{16})_([\w-]{27})$/

export class Tokens {
  readonly #options: TokensOptions

  constructor(options: TokensOptions) {
    this.#options = options
  }

  /**
   * Resolves when it is on disk. @returns the text of the token, which nobody can be told again.
   * @throws SheafError `too-large` when the user has as many as there may be.
   */
  async create({ userId, note, scopes, documents, untilMs }: NewToken): Promise<{ text: string; token: Token }> {
    const { records, clock } = this.#options
    const secret = newSecret()
    const kept: Kept = {
      tokenId: randomId(16),
      userId,
      note,
      scopes,
      ...(documents !== undefined && { documents }),
      createdMs: clock.nowMs(),
      ...(untilMs !== undefined && { untilMs }),
      secretHash: hashSecret(secret),
    }
    await records.change(async change => {
      const all = await change.list<Kept>('token')
      const own = all.filter(({ value }) => value.userId === userId)
      const dead = own.filter(({ value }) => this.#hasEnded(value))
      for (const { key } of dead) change.delete('token', key)
      if (own.length - dead.length >= maxTokensOfUser) {
        throw new SheafError('too-large', `At most ${maxTokensOfUser} tokens; revoke one first.`)
      }
      change.put('token', kept.tokenId, kept)
    })
    return { text: `sheaf_pat_${kept.tokenId}_${secret}`, token: plain(kept) }
  }

  /** @returns undefined for a text that is no token, or one that has expired or was revoked. */
  async find(text: string): Promise<Token | undefined> {
    const [, tokenId, secret] = pattern.exec(text) ?? []
    if (tokenId === undefined || secret === undefined || !isSecret(secret)) return undefined
    const { records, clock } = this.#options
    const kept = await records.get<Kept>('token', tokenId)
    if (kept === undefined || !isSecretOf(secret, kept.secretHash) || this.#hasEnded(kept)) return undefined
    const nowMs = clock.nowMs()
    if (nowMs - (kept.usedMs ?? 0) >= usedStepMs) await this.#noteUse(tokenId, nowMs)
    return plain(kept)
  }

  /** The same token as it is now; undefined when it has ended. */
  async again({ tokenId }: Token): Promise<Token | undefined> {
    const kept = await this.#options.records.get<Kept>('token', tokenId)
    return kept === undefined || this.#hasEnded(kept) ? undefined : plain(kept)
  }

  /** The newest first. */
  async listOf(userId: string): Promise<Token[]> {
    const all = await this.#options.records.list<Kept>('token')
    return all
      .map(({ value }) => value)
      .filter(kept => kept.userId === userId && !this.#hasEnded(kept))
      .sort((a, b) => b.createdMs - a.createdMs)
      .map(plain)
  }

  /** It is none from now on, in open sockets too. @throws SheafError `not-found` when the user has no such token. */
  async revoke(userId: string, tokenId: string): Promise<void> {
    await this.#options.records.change(async change => {
      const kept = await change.get<Kept>('token', tokenId)
      if (kept?.userId !== userId) throw new SheafError('not-found', 'There is no such token.')
      change.delete('token', tokenId)
    })
    this.#options.onChange(userId)
  }

  #hasEnded({ untilMs }: Token): boolean {
    return untilMs !== undefined && untilMs <= this.#options.clock.nowMs()
  }

  async #noteUse(tokenId: string, usedMs: number): Promise<void> {
    await this.#options.records.change(async change => {
      const kept = await change.get<Kept>('token', tokenId)
      if (kept !== undefined) change.put('token', tokenId, { ...kept, usedMs })
    })
  }
}

function plain({ secretHash: _, ...token }: Kept): Token {
  return token
}

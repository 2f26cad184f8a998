// What `sheaf token` does, by whoever has the store open: the server, or the command.

import type { Authority } from '../accounts/authority.ts'
import type { Token } from '../accounts/tokens.ts'
import type { Scope } from '../auth/scopes.ts'

export type TokenTask =
  | {
      readonly do: 'create'
      readonly login: string
      readonly note: string
      readonly scopes: readonly Scope[]
      readonly documents?: readonly string[]
      readonly untilMs?: number
    }
  | { readonly do: 'list'; readonly login: string }
  | { readonly do: 'revoke'; readonly login: string; readonly tokenId: string }

export interface TokenReport {
  readonly tokens: readonly Token[]
  /** Of the one that was made. Nobody can be told it again. */
  readonly text?: string
}

/** @throws SheafError `not-found` for a name or a token that nobody has; `too-large`. */
export async function runTokenTask(authority: Authority, task: TokenTask): Promise<TokenReport> {
  const { tokens, audit } = authority
  const { userId } = await authority.requireLogin(task.login)
  switch (task.do) {
    case 'create': {
      const { do: _, login: __, ...fields } = task
      const { text, token } = await tokens.create({ userId, ...fields })
      await audit.note({ act: 'token-made', principal: 'command', address: '', userId })
      return { tokens: [token], text }
    }
    case 'list':
      return { tokens: await tokens.listOf(userId) }
    case 'revoke':
      await tokens.revoke(userId, task.tokenId)
      await audit.note({ act: 'token-revoked', principal: 'command', address: '', userId })
      return { tokens: [] }
  }
}

// What a token may be used for. A token acts for its owner and never reaches further; its scopes, and the documents that it is for,
// narrow that down.

import type { Role } from '@sheaf/protocol'

/** `docs:manage` holds `docs:write`, which holds `docs:read`. */
export const scopes = ['docs:read', 'docs:write', 'docs:manage', 'search', 'export'] as const

export type Scope = (typeof scopes)[number]

const ladder: readonly Scope[] = ['docs:read', 'docs:write', 'docs:manage']
const caps: readonly Role[] = ['viewer', 'editor', 'owner']

export function holdsScope(held: readonly Scope[], needed: Scope): boolean {
  if (held.includes(needed)) return true
  const step = ladder.indexOf(needed)
  return step >= 0 && ladder.slice(step).some(scope => held.includes(scope))
}

/** The highest role on a document that scopes leave to a token. */
export function roleWithin(held: readonly Scope[]): Role {
  const step = ladder.findLastIndex(scope => held.includes(scope))
  return caps[step] ?? 'none'
}

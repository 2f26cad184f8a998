// What each role may do to a document. Roles are ranks: each may what those below it may. `suggester` is reserved, and may what a
// commenter may.

import type { Role } from '@sheaf/protocol'

/** What somebody wants to do to a document. */
export type DocumentAction = 'read' | 'comment' | 'edit' | 'manage'

const ranks: Readonly<Record<Role, number>> = { none: 0, viewer: 1, commenter: 2, suggester: 3, editor: 4, owner: 5 }

const needed: Readonly<Record<DocumentAction, Role>> = {
  read: 'viewer',
  comment: 'commenter',
  edit: 'editor',
  /** Who may see it and how; the trash. */
  manage: 'owner',
}

export function mayDo(role: Role, action: DocumentAction): boolean {
  return ranks[role] >= ranks[needed[action]]
}

export function higherRole(a: Role, b: Role): Role {
  return ranks[a] >= ranks[b] ? a : b
}

export function lowerRole(a: Role, b: Role): Role {
  return ranks[a] <= ranks[b] ? a : b
}

// Who is asking, and what they may do. The one question every handler asks; in open mode everybody is a guest who may edit.

import { type Role, SheafError } from '@sheaf/protocol'

export interface Principal {
  readonly kind: 'guest'
  /** Empty until there are accounts. */
  readonly id: string
  readonly role: Role
}

/** @throws SheafError `unauthorized` when nobody may come in without an account, and there are no accounts yet. */
export function authorize(openMode: boolean): Principal {
  if (openMode) return { kind: 'guest', id: '', role: 'editor' }
  throw new SheafError(
    'unauthorized',
    'This server has no accounts yet, so nobody can be let in; start it with --open.',
  )
}

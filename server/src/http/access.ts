// Who is asking, and what they may do. The one question every handler asks; in open mode everybody is a guest who may edit.

import { type Role, SheafError } from '@sheaf/protocol'
import { principalOf } from './device.ts'

export interface Principal {
  readonly kind: 'guest'
  readonly id: string
  /** The account; absent for guests. */
  readonly user?: string
  readonly role: Role
}

/**
 * @param device the secret of the device that asks, where it has one.
 * @throws SheafError `unauthorized` when nobody may come in without an account, and there are no accounts yet.
 */
export function authorize(openMode: boolean, device: string | undefined): Principal {
  if (openMode) return { kind: 'guest', id: principalOf(device), role: 'editor' }
  throw new SheafError(
    'unauthorized',
    'This server has no accounts yet, so nobody can be let in; start it with --open.',
  )
}

// Who the server says that I am, and what stands before the page that was asked for.

import { signal } from '@preact/signals'
import type { Theme } from '../theme.ts'

export interface Me {
  readonly kind: 'anonymous' | 'guest' | 'user'
  readonly mode: 'open' | 'accounts'
  /** What the place is called. */
  readonly site?: string
  /** With whose accounts people sign in, too. */
  readonly provider?: { readonly name: string }
  /** The server sends links for new passwords. */
  readonly mail?: boolean
  readonly principal?: string
  readonly user?: {
    readonly id: string
    readonly name: string
    readonly login: string
    readonly color: number
    readonly isOwner: boolean
    readonly language?: string
    readonly theme?: Theme
  }
}

/** Null until the server has said it, and where it can't be reached. */
export const me = signal<Me | null>(null)

/** Somebody has to sign in, the link has a password, or it has ended. */
export const closed = signal<'signin' | 'password' | 'ended' | null>(null)

// What stands before the page that was asked for: somebody has to sign in, the link has a password, or it has ended.

import { signal } from '@preact/signals'

export const closed = signal<'signin' | 'password' | 'ended' | null>(null)

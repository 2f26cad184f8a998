// The one dialog that is open, if any.

import { signal } from '@preact/signals'
import type { FunctionComponent } from 'preact'

export const openDialog = signal<FunctionComponent | null>(null)
